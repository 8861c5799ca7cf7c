"""Whom a chain can name: desks, roles, seats and persons, and the bodies that are to be reached."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from prep.alerting.records import person_key, seat_key
from prep.chain_versions import reference_of
from prep.chains.form import ChainEntry
from prep.language import Message, say
from prep.models import Body, DutyShift, Person, Role, RoleTerm, Seat, SeatTerm
from prep.registry.names import name_of
from prep.terms import Language

_WORDS = re.compile(r"(desk|person|role|seat):(.+)")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class References:
    """The rows behind the references, and the bodies by their keys."""

    rows: Mapping[str, Person | Role | Seat]
    bodies: Mapping[str, Body]

    def name(self, reference: str, language: Language, *, apart_from: str = "") -> str:
        """Whom a reference means, in words; the reference itself where there is nobody any more.

        A seat is told with its body, but for seats of the body whose key is ``apart_from``.
        """
        found = self.rows.get(reference)
        match found:
            case None:
                return reference
            case Person():
                return found.name
            case Role():
                return name_of(found, language)
            case Seat():
                alone = name_of(found, language)
                return alone if found.body.key == apart_from else f"{name_of(found.body, language)}: {alone}"

    def missing(self, entry: ChainEntry) -> list[str]:
        """Whom the chain names and there is not, each once."""
        return [one for one in dict.fromkeys(entry.references) if one not in self.rows]


def everybody(session: Session) -> References:
    """All whom a chain of this county can name."""
    rows: dict[str, Person | Role | Seat] = {}
    for person in session.scalars(select(Person).where(Person.erased_at.is_(None))):
        rows[reference_of(person, None, None)] = person
    for role in session.scalars(select(Role)):
        rows[reference_of(None, role, None)] = role
    for seat in session.scalars(select(Seat).options(selectinload(Seat.body))):
        rows[reference_of(None, None, seat)] = seat
    return References(rows, {body.key: body for body in session.scalars(select(Body))})


def named_in(session: Session, entries: Iterable[ChainEntry]) -> References:
    """Those whom some chains name, with all that a simulation needs to know of them, in a fixed number of queries."""
    entries = list(entries)
    asked: dict[str, set[str]] = {"desk": set(), "person": set(), "role": set(), "seat": set()}
    for reference in {one for entry in entries for one in entry.references}:
        if found := _WORDS.fullmatch(reference):
            asked[found[1]].add(found[2])
    bodies = {entry.body for entry in entries}
    ways = (selectinload(Person.contact_points), selectinload(Person.absences))
    of_seat = selectinload(Seat.terms).selectinload(SeatTerm.person).options(*ways)
    query = (
        select(Body)
        .where(Body.key.in_(bodies | {one.partition("/")[0] for one in asked["seat"]}))
        .options(selectinload(Body.seats).options(of_seat), selectinload(Body.municipality))
    )
    found_bodies = {body.key: body for body in session.scalars(query)}
    rows: dict[str, Person | Role | Seat] = {
        reference_of(None, None, seat): seat for body in found_bodies.values() for seat in body.seats
    }
    people = select(Person).where(
        Person.erased_at.is_(None),
        or_(
            Person.key.in_(asked["desk"]),
            Person.id.in_([int(one) for one in asked["person"] if _NUMBER.fullmatch(one)]),
        ),
    )
    for person in session.scalars(people.options(*ways)):
        rows[reference_of(person, None, None)] = person
    for role in session.scalars(_roles(asked["role"], ways)) if asked["role"] else ():
        rows[reference_of(None, role, None)] = role
    return References(rows, {key: body for key, body in found_bodies.items() if key in bodies})


def slot_of(row: Person | Role | Seat) -> str:
    """The key of the slot that a line for somebody fills in a network."""
    match row:
        case Seat():
            return seat_key(row)
        case Role():
            return f"role/{row.id}"
        case _:
            return person_key(row)


def nobody(reference: str, known: Iterable[str]) -> tuple[Message, Message]:
    """The rule that a reference to nobody breaks, and whom it may mean."""
    return (
        say("There is nobody of this name: a desk, a role or a seat is meant."),
        nearest(reference, known),
    )


def nearest(wanted: str, known: Iterable[str]) -> Message:
    """What a word that is not known may mean."""
    from rapidfuzz.process import extract

    found = [match for match, _, _ in extract(wanted, list(known), limit=3)]
    return say("Perhaps one of these is meant: {nearest}.", nearest=found)


def _roles(words: Iterable[str], ways: tuple[Any, ...]) -> Any:
    keys = {one.partition("@")[0] for one in words}
    return (
        select(Role)
        .where(Role.key.in_(keys))
        .options(
            selectinload(Role.terms).selectinload(RoleTerm.person).options(*ways),
            selectinload(Role.duty_shifts).selectinload(DutyShift.person).options(*ways),
        )
    )
