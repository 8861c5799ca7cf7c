"""What a list of contacts would change: values that are shown first, and applied afterwards."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from prep.auth.permissions import Viewer
from prep.auth.roles import Permission
from prep.exchange.findings import Finding
from prep.exchange.importing import Change
from prep.exchange.mapping import ColumnMapping
from prep.registry.appointments import Decision
from prep.registry.people import PersonDetails
from prep.terms import ContactKind


class Outcome(StrEnum):
    """What becomes of somebody on a list, or of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Rights:
    """What whoever imports may do in a municipality, or (None) on what is the county's."""

    may_see: Callable[[str | None], bool]
    may_edit: Callable[[str | None], bool]
    may_see_bodies: Callable[[str | None], bool]
    may_fill_bodies: Callable[[str | None], bool]


def rights_of(viewer: Viewer) -> Rights:
    """The rights of somebody who is signed in."""

    def may(permission: Permission) -> Callable[[str | None], bool]:
        return lambda code: viewer.may(permission, municipality=code)

    return Rights(
        may(Permission.CONTACT_READ),
        may(Permission.CONTACT_EDIT),
        may(Permission.BODY_READ),
        may(Permission.BODY_EDIT),
    )


# Whoever works on the machine itself.
EVERYTHING = Rights(*[lambda _: True] * 4)


@dataclass(frozen=True, slots=True)
class PointStep:
    """A number or address that is added, or takes the place of another (its id in ``replaces``)."""

    kind: ContactKind
    value: str
    purpose: str
    replaces: int | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class AwayStep:
    """Days on which somebody is away: new ones, or the correction of those on record."""

    starts: date
    ends: date | None
    absence_id: int | None = None
    before: tuple[date, date | None] | None = None


@dataclass(frozen=True, slots=True)
class TermStep:
    """A term that is given (no ``term_id``) or corrected."""

    row: int
    # "seat" or "role", and its id.
    post: tuple[str, int]
    post_name: str
    starts: date
    ends: date | None
    rank: int
    decision: Decision
    term_id: int | None = None
    changes: tuple[Change, ...] = ()
    # Whose open term ends the day before, and on which day that is.
    makes_way: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody on the list: the rows, what is known afterwards, and every step that leads there."""

    rows: tuple[int, ...]
    person_id: int | None
    version: int
    details: PersonDetails
    changes: tuple[Change, ...] = ()
    points: tuple[PointStep, ...] = ()
    away: AwayStep | None = None
    terms: tuple[TermStep, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """New, changed or unchanged."""
        if self.person_id is None:
            return Outcome.NEW
        return (
            Outcome.CHANGED if self.changes or self.points or self.away or self.terms else Outcome.UNCHANGED
        )


@dataclass(frozen=True, slots=True)
class GonePerson:
    """Somebody who stands in the registry and not on the list."""

    person_id: int
    municipality: str | None
    name: str


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """What a list would change, and everything that is to be said about it.

    Every row below the headings is one of somebody's ``rows``, or in ``refused``.
    """

    file: str
    sheet: str | None
    on: date
    mapping: ColumnMapping
    people: tuple[PlannedPerson, ...]
    # Numbers of the rows that do not land, with the name that stands there; each has a finding.
    refused: Mapping[int, str]
    gone: tuple[GonePerson, ...]
    findings: tuple[Finding, ...]
    # How far the audit trail had come: what has been changed since is not planned for.
    as_of: int

    def of(self, outcome: Outcome) -> tuple[PlannedPerson, ...]:
        """Those of whom this becomes."""
        return tuple(one for one in self.people if one.outcome is outcome)

    @property
    def changes_something(self) -> bool:
        """Whether applying it would change the registry."""
        return any(one.outcome is not Outcome.UNCHANGED for one in self.people)

    @property
    def appointments(self) -> int:
        """How many terms are given or corrected."""
        return sum(len(one.terms) for one in self.people)

    @property
    def digest(self) -> str:
        """The same for the same changes: what was looked at is what is applied."""
        steps = [asdict(one) for one in self.people if one.outcome is not Outcome.UNCHANGED]
        written = json.dumps([str(self.on), steps], sort_keys=True, default=_plain)
        return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)
