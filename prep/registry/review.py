"""What has to be confirmed: every value that somebody answers for, with its age, and confirming it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from prep.auth.permissions import Viewer
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.freshness import known_for_days, state_of
from prep.language import say
from prep.models import Base, ContactPoint, KeyHolder, Person, Role, RoleTerm, Seat, SeatTerm, Site
from prep.registry.appointments import terms_of
from prep.registry.ownership import Answering, Owner, owners
from prep.registry.people import confirm_point
from prep.terms import FreshnessKind, Language, SiteStatus, State

# What is asked for: the number of a key holder is confirmed with the premises.
Asked: TypeAlias = ContactPoint | RoleTerm | SeatTerm | Site
# What somebody knows of themselves.
Own: TypeAlias = ContactPoint | RoleTerm | SeatTerm

LONGEST_OBJECTION = 300
# What it takes to confirm a value.
NEEDED: Mapping[FreshnessKind, Permission] = {
    FreshnessKind.CONTACT: Permission.CONTACT_EDIT,
    FreshnessKind.ROLE: Permission.CONTACT_EDIT,
    FreshnessKind.SEAT: Permission.BODY_EDIT,
    FreshnessKind.SITE: Permission.SITE_EDIT,
}
_MODELS: dict[FreshnessKind, type[Asked]] = {
    FreshnessKind.CONTACT: ContactPoint,
    FreshnessKind.ROLE: RoleTerm,
    FreshnessKind.SEAT: SeatTerm,
    FreshnessKind.SITE: Site,
}
_KINDS = {model: kind for kind, model in _MODELS.items()}
_WHO_CONFIRMED = {"confirmed_on", "confirmed_by", "evidence", "version"}
_STAMP = 16
# What is said to be wrong first, then what nobody knows, then what is getting old.
_WORST = (State.FAULT, State.UNKNOWN, State.WARNING, State.OK)


@dataclass(frozen=True, slots=True)
class Item:
    """One value on a day. ``municipality`` is whose it is; None: the county's or shared."""

    row: Asked
    kind: FreshnessKind
    municipality: str | None
    state: State
    # None: nobody ever confirmed it, or somebody says that it is wrong.
    age_days: int | None

    @property
    def key(self) -> str:
        """A name of the value that an address or a form can carry."""
        return f"{self.kind}-{self.row.id}"

    @property
    def stamp(self) -> str:
        """Another one as soon as the value is another: only what was seen is confirmed."""
        rows: list[Base] = [self.row]
        if isinstance(self.row, Site):
            rows += [*self.row.key_holders, *self.row.uses]
        held = [[getattr(row, name) for name in _told(row)] for row in rows]
        return hashlib.sha256(repr(held).encode()).hexdigest()[:_STAMP]

    @property
    def is_due(self) -> bool:
        """Whether somebody has to confirm it."""
        return self.state is not State.OK

    @property
    def person(self) -> Person | None:
        """Whom it is about; None for premises."""
        return None if isinstance(self.row, Site) else self.row.person

    @property
    def rank(self) -> tuple[int, int]:
        """By which values are put in order, the worst first."""
        return _WORST.index(self.state), -(self.age_days or 0)


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What whoever asks may confirm and has to be: ``mine`` is what falls to them, ``everything`` all of it."""

    mine: tuple[Item, ...]
    everything: tuple[Item, ...]
    owners: Mapping[str | None, Owner]
    # Whether what no municipality keeps is theirs to confirm.
    is_planner: bool


def to_confirm(session: Session, viewer: Viewer, *, on: date, language: Language) -> ToConfirm:
    """What is due on a day among what whoever asks may confirm.

    A municipality's own people answer for all of it; to the county's planners falls what nobody else answers for.
    """
    answering = owners(session, on=on, language=language)
    due = tuple(item for item in items(session, on=on) if item.is_due and may_confirm(item.row, viewer))
    mine = tuple(
        item
        for item in due
        if not viewer.may(NEEDED[item.kind]) or answering[item.municipality].answering is Answering.COUNTY
    )
    return ToConfirm(mine, due, answering, is_planner=any(viewer.may(needed) for needed in NEEDED.values()))


def may_confirm(row: Asked, viewer: Viewer) -> bool:
    """Whether whoever asks may confirm a value."""
    return viewer.may(NEEDED[_KINDS[type(row)]], municipality=municipality_of(row))


def items(session: Session, *, on: date) -> list[Item]:
    """Every value that is asked for on a day, the worst first.

    Numbers of those who have left are not, nor are terms that do not hold on the day.

    Cost: some twelve queries, however much there is.
    """
    rows: list[Asked] = [*_points(session, on), *_role_terms(session, on), *_seat_terms(session, on)]
    rows += _premises(session)
    return sorted((item_of(row, on=on) for row in rows), key=lambda item: item.rank)


def items_of(session: Session, person: Person, *, on: date) -> list[Item]:
    """What is known of somebody: numbers in calling order, then the posts held on the day."""
    rows: list[Asked] = list(person.contact_points)
    rows += [term for term in terms_of(session, person) if term.covers(on)]
    return [item_of(row, on=on) for row in rows]


def item_of(row: Asked, *, on: date) -> Item:
    """A value with its state and age on a day."""
    return Item(
        row=row,
        kind=_KINDS[type(row)],
        municipality=municipality_of(row),
        state=state_of(row, on=on),
        age_days=known_for_days(row, on=on),
    )


def find(session: Session, key: str) -> Asked | None:
    """The value of a key; None where there is none."""
    kind, _, number = key.partition("-")
    if kind not in set(FreshnessKind) or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    found = session.get(_MODELS[FreshnessKind(kind)], int(number))
    return found if isinstance(found, Asked) else None


def municipality_of(row: Asked) -> str | None:
    """Whose value it is: the municipality's that keeps it, None for the county's and shared ones."""
    match row:
        case ContactPoint():
            return row.person.municipality_code
        case RoleTerm():
            return row.role.municipality_code
        case SeatTerm():
            return row.seat.body.municipality_code
        case Site():
            return row.municipality_code


def confirm(session: Session, rows: Iterable[Asked], *, on: date, by: str) -> None:
    """Note that values are right as they stand. Premises are confirmed with those who open them."""
    for row in rows:
        if isinstance(row, ContactPoint):
            confirm_point(row, on=on, by=by)
            continue
        row.confirmed_on, row.confirmed_by = on, by
        if isinstance(row, Site):
            for holder in row.key_holders:
                holder.confirmed_on, holder.confirmed_by = on, by
        else:
            row.objection = ""
    session.flush()


def object_to(session: Session, row: Own, words: str) -> None:
    """Note that somebody says that a value is wrong; nobody has confirmed it any more.

    Raises
    ------
    Refused
        If they do not say what is wrong, or at greater length than is kept.
    """
    kept = " ".join(words.split())
    if not 0 < len(kept) <= LONGEST_OBJECTION or not kept.isprintable():
        raise Refused(
            Problem(
                place=say("What is wrong"),
                value=kept[:40] or None,
                rule=say("It is told in 1 to {most} letters.", most=LONGEST_OBJECTION),
                remedy=say("Write in a few words what is wrong, or what would be right."),
            )
        )
    row.objection, row.confirmed_on, row.confirmed_by = kept, None, None
    session.flush()


def _told(row: Base) -> list[str]:
    """The columns of a row, but for those which only say who confirmed it."""
    return sorted({attribute.key for attribute in row.__mapper__.column_attrs} - _WHO_CONFIRMED)


def _points(session: Session, on: date) -> Iterable[ContactPoint]:
    return session.scalars(
        select(ContactPoint)
        .join(Person)
        .where(Person.erased_at.is_(None), or_(Person.left_on.is_(None), Person.left_on > on))
        .options(joinedload(ContactPoint.person))
        .order_by(ContactPoint.person_id, ContactPoint.position)
    ).unique()


def _role_terms(session: Session, on: date) -> list[RoleTerm]:
    terms = session.scalars(
        select(RoleTerm)
        .options(joinedload(RoleTerm.role).joinedload(Role.municipality), joinedload(RoleTerm.person))
        .order_by(RoleTerm.role_id, RoleTerm.rank)
    )
    return [term for term in terms.unique() if term.covers(on)]


def _seat_terms(session: Session, on: date) -> list[SeatTerm]:
    terms = session.scalars(
        select(SeatTerm)
        .join(Seat)
        .options(joinedload(SeatTerm.seat).joinedload(Seat.body), joinedload(SeatTerm.person))
        .order_by(Seat.body_id, Seat.position, SeatTerm.rank)
    )
    return [term for term in terms.unique() if term.covers(on)]


def _premises(session: Session) -> Iterable[Site]:
    return session.scalars(
        select(Site)
        .options(
            joinedload(Site.municipality),
            selectinload(Site.key_holders).joinedload(KeyHolder.person),
            selectinload(Site.uses),
        )
        .where(Site.status != SiteStatus.WITHDRAWN)
        .order_by(Site.municipality_code, Site.name)
    ).unique()
