"""How old a value may be before somebody has to confirm it again: as the county sets it, else as shipped."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import instance_state

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import ContactPoint, FreshnessInterval, KeyHolder, RoleTerm, SeatTerm, Site
from prep.terms import FreshnessKind, State

Kept: TypeAlias = ContactPoint | KeyHolder | RoleTerm | SeatTerm | Site

# Twice a year for numbers, once a year for the rest: proposals, to be set by the county.
SHIPPED_DAYS: Mapping[FreshnessKind, int] = MappingProxyType(
    {
        FreshnessKind.CONTACT: 180,
        FreshnessKind.ROLE: 365,
        FreshnessKind.SEAT: 365,
        FreshnessKind.SITE: 365,
    }
)
# A council term; what nobody looks at for longer is not kept at all.
LONGEST_DAYS = 1461
_KINDS: Mapping[type[Kept], FreshnessKind] = {
    ContactPoint: FreshnessKind.CONTACT,
    KeyHolder: FreshnessKind.CONTACT,
    RoleTerm: FreshnessKind.ROLE,
    SeatTerm: FreshnessKind.SEAT,
    Site: FreshnessKind.SITE,
}
_READ = "freshness_days"


def intervals(session: Session) -> Mapping[FreshnessKind, int]:
    """The days within which each kind of value is confirmed again; read once in a session."""
    found: Mapping[FreshnessKind, int] | None = session.info.get(_READ)
    if found is None:
        own = {row.kind: row.days for row in session.scalars(select(FreshnessInterval))}
        found = session.info[_READ] = MappingProxyType({**SHIPPED_DAYS, **own})
    return found


def interval_days(row: Kept) -> int:
    """The days within which a value is confirmed again.

    Raises
    ------
    ValueError
        If the row has left its session, so that the county cannot be asked.
    """
    kind = _KINDS[type(row)]
    session = object_session(row)
    if session is not None:
        return intervals(session)[kind]
    if instance_state(row).detached:
        raise ValueError("the row has left its session")
    return SHIPPED_DAYS[kind]


def set_interval(session: Session, kind: FreshnessKind, days: int) -> None:
    """Set the days within which a kind of value is confirmed again.

    Raises
    ------
    Refused
        If it is less than a day or more than a council term.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(
            Problem(
                place=INTERVAL_NAMES[kind],
                value=str(days),
                rule=say("It is a number of days from 1 to {most}.", most=LONGEST_DAYS),
                remedy=say("Write a number within these."),
            )
        )
    row = session.get(FreshnessInterval, kind)
    if row is None:
        session.add(FreshnessInterval(kind=kind, days=days))
    else:
        row.days = days
    session.flush()
    session.info.pop(_READ, None)


def known_on(row: Kept) -> date | None:
    """The day on which a value was last known to be right; None: nobody ever said so, or somebody says it is not.

    A term was right on the day of the decision on which it rests.
    """
    days = [row.confirmed_on]
    if isinstance(row, RoleTerm | SeatTerm):
        days.append(row.decided_on)
    if not isinstance(row, KeyHolder | Site) and row.objection:
        return None
    return max((day for day in days if day is not None), default=None)


def known_for_days(row: Kept, *, on: date) -> int | None:
    """The age of a value in days, from the day on which it was last known to be right; None when it never was."""
    known = known_on(row)
    return None if known is None else (on - known).days


def state_of(row: Kept, *, on: date) -> State:
    """Whether a value was confirmed recently enough; a fault where somebody says that it is wrong."""
    if not isinstance(row, KeyHolder | Site) and row.objection:
        return State.FAULT
    return freshness(known_on(row), on=on, interval_days=interval_days(row))


def freshness(confirmed_on: date | None, *, on: date, interval_days: int) -> State:
    """The state of a value last confirmed on a day: unknown is never fine.

    Up to the interval it is in order, up to twice the interval it has to be confirmed, after that it is a fault.

    >>> freshness(date(2026, 5, 26), on=date(2026, 11, 22), interval_days=180).value
    'ok'
    >>> freshness(date(2026, 5, 25), on=date(2026, 11, 22), interval_days=180).value
    'warning'
    >>> freshness(None, on=date(2026, 11, 22), interval_days=180).value
    'unknown'
    """
    if confirmed_on is None:
        return State.UNKNOWN
    age_days = (on - confirmed_on).days
    if age_days <= interval_days:
        return State.OK
    return State.WARNING if age_days <= 2 * interval_days else State.FAULT


INTERVAL_NAMES: Mapping[FreshnessKind, Message] = MappingProxyType(
    {
        FreshnessKind.CONTACT: say("Numbers and addresses"),
        FreshnessKind.ROLE: say("Named roles"),
        FreshnessKind.SEAT: say("Seats in bodies"),
        FreshnessKind.SITE: say("Evacuation premises"),
    }
)
