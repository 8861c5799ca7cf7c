"""Which role may do what: the one place where this is written. ``docs/accounts.md`` shows it as a table."""

from dataclasses import dataclass
from enum import StrEnum

from prep.terms import AccountRole


class Permission(StrEnum):
    """What somebody may be allowed to do."""

    OVERVIEW_READ = "overview.read"
    MUNICIPALITY_READ = "municipality.read"
    SITE_READ = "site.read"
    SITE_EDIT = "site.edit"
    CONTACT_READ = "contact.read"
    CONTACT_PHONE = "contact.phone"
    CONTACT_EDIT = "contact.edit"
    BODY_READ = "body.read"
    BODY_EDIT = "body.edit"
    PLAN_READ = "plan.read"
    PLAN_EDIT = "plan.edit"
    CROSS_BORDER_READ = "cross_border.read"
    CHAIN_READ = "chain.read"
    CHAIN_EDIT = "chain.edit"
    CHAIN_SIMULATE = "chain.simulate"
    DRILL_READ = "drill.read"
    DRILL_START = "drill.start"
    CARD_READ = "card.read"
    CARD_PRINT = "card.print"
    CARD_EDIT = "card.edit"
    EXERCISE_READ = "exercise.read"
    EXERCISE_EDIT = "exercise.edit"
    READINESS_READ = "readiness.read"
    READINESS_EDIT = "readiness.edit"
    REGION_READ = "region.read"
    EXPORT = "export"
    AUDIT_READ = "audit.read"
    AUDIT_VALUES = "audit.values"
    ACCOUNT_MANAGE = "account.manage"
    SETTINGS_READ = "settings.read"
    SETTINGS_EDIT = "settings.edit"
    BACKUP_MAKE = "backup.make"


class Scope(StrEnum):
    """Where a role can be given."""

    COUNTY = "county"
    MUNICIPALITY = "municipality"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role gives: in its own county or municipality, and on what all municipalities share."""

    scope: Scope
    own: frozenset[Permission]
    # For a role in one municipality: what belongs to no single one, such as the readiness board.
    shared: frozenset[Permission] = frozenset()


_P = Permission
# Telephone numbers and the script of an exercise are not among them: see the roles.
_READ = frozenset(
    {
        _P.OVERVIEW_READ,
        _P.MUNICIPALITY_READ,
        _P.SITE_READ,
        _P.CONTACT_READ,
        _P.BODY_READ,
        _P.PLAN_READ,
        _P.CHAIN_READ,
        _P.DRILL_READ,
        _P.CARD_READ,
        _P.READINESS_READ,
    }
)
_SHARED = frozenset({_P.BODY_READ, _P.CROSS_BORDER_READ, _P.REGION_READ})
# The technical upkeep, which needs no look at the contents.
_UPKEEP = frozenset({_P.ACCOUNT_MANAGE, _P.SETTINGS_READ, _P.SETTINGS_EDIT, _P.BACKUP_MAKE})

RIGHTS: dict[AccountRole, Rights] = {
    AccountRole.COUNTY_PLANNER: Rights(Scope.COUNTY, own=frozenset(_P) - _UPKEEP),
    AccountRole.MUNICIPAL_CONTACT: Rights(
        Scope.MUNICIPALITY,
        own=_READ
        | {
            _P.SITE_EDIT,
            _P.CONTACT_PHONE,
            _P.CONTACT_EDIT,
            _P.BODY_EDIT,
            _P.CARD_PRINT,
            _P.READINESS_EDIT,
            _P.EXPORT,
        },
        shared=_SHARED,
    ),
    AccountRole.EXERCISE_DIRECTOR: Rights(
        Scope.COUNTY,
        own=frozenset(
            {
                _P.OVERVIEW_READ,
                _P.BODY_READ,
                _P.CHAIN_READ,
                _P.REGION_READ,
                _P.DRILL_READ,
                _P.DRILL_START,
                _P.CARD_READ,
                _P.CARD_PRINT,
                _P.CARD_EDIT,
                _P.EXERCISE_READ,
                _P.EXERCISE_EDIT,
            }
        ),
    ),
    # Duty officers are exercised themselves: they do not read the script.
    AccountRole.DUTY_OFFICER: Rights(
        Scope.COUNTY, own=_READ | _SHARED | {_P.CONTACT_PHONE, _P.DRILL_START, _P.CARD_PRINT}
    ),
    AccountRole.VIEWER: Rights(Scope.EITHER, own=_READ - {_P.DRILL_READ}, shared=_SHARED),
    # The trail without its values: who did what, not what a number was before.
    AccountRole.ADMINISTRATOR: Rights(Scope.COUNTY, own=_UPKEEP | {_P.AUDIT_READ, _P.REGION_READ}),
}
