"""Bodies and their seats: who sits, who stands in, what is vacant and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.errors import Problem, Refused
from prep.language import day, say
from prep.models import Body, Person, RoleTerm, Seat, SeatTerm
from prep.terms import State


@dataclass(frozen=True, slots=True)
class SeatStanding:
    """One seat on one day."""

    seat: Seat
    holder: Person | None
    deputies: tuple[Person, ...]
    # The day after the last holder's last day; None while filled, or if nobody ever held it.
    vacant_since: date | None

    @property
    def is_vacant(self) -> bool:
        return self.holder is None

    @property
    def state(self) -> State:
        """A vacancy is a fault; a seat without a deputy is a warning."""
        if self.is_vacant:
            return State.FAULT
        return State.OK if self.deputies else State.WARNING


@dataclass(frozen=True, slots=True)
class BodyStanding:
    """A body on one day, its seats in order."""

    body: Body
    seats: tuple[SeatStanding, ...]

    @property
    def vacancies(self) -> tuple[SeatStanding, ...]:
        return tuple(one for one in self.seats if one.is_vacant)


def bodies_standing(session: Session, *, on: date, municipality: str | None = None) -> list[BodyStanding]:
    """All bodies with who sits in them on a day; those of one municipality when its code is given.

    Cost: four queries, whatever the number of bodies.
    """
    query = (
        select(Body)
        .order_by(Body.id)
        .options(
            selectinload(Body.municipality),
            selectinload(Body.seats).selectinload(Seat.constituency),
            selectinload(Body.seats)
            .selectinload(Seat.terms)
            .selectinload(SeatTerm.person)
            .selectinload(Person.contact_points),
        )
    )
    if municipality is not None:
        query = query.where(Body.municipality_code == municipality)
    return [
        BodyStanding(body, tuple(seat_standing(seat, on=on) for seat in body.seats))
        for body in session.scalars(query)
    ]


def seat_standing(seat: Seat, *, on: date) -> SeatStanding:
    """Who holds a seat on a day and who stands in, in order."""
    holder, deputies = in_office(seat.terms, on=on)
    ended = [term.ends for term in seat.terms if term.rank == 0 and term.ends and term.ends < on]
    since = max(ended) + timedelta(days=1) if holder is None and ended else None
    return SeatStanding(seat, holder, deputies, since)


def in_office(
    terms: Sequence[SeatTerm] | Sequence[RoleTerm], *, on: date
) -> tuple[Person | None, tuple[Person, ...]]:
    """The holder on a day, if there is one, and the deputies in their order."""
    current = sorted((term for term in terms if term.covers(on)), key=lambda term: term.rank)
    holder = next((term.person for term in current if term.rank == 0), None)
    return holder, tuple(term.person for term in current if term.rank > 0)


def give_seat(
    session: Session, target: Seat, person: Person, *, starts: date, rank: int = 0, decision: str = ""
) -> SeatTerm:
    """Give a seat to a person from a day on; whoever held it at this rank leaves the day before.

    Raises
    ------
    Refused
        If a term of this rank begins later or on the same day, or the person is already in the seat.
    """
    give_way(target.terms, person, starts=starts, rank=rank, place=target.name_fi)
    term = SeatTerm(seat=target, person=person, rank=rank, starts=starts, decision=decision)
    session.add(term)
    return term


def give_way(
    terms: Sequence[SeatTerm] | Sequence[RoleTerm], person: Person, *, starts: date, rank: int, place: str
) -> None:
    """End the open term of a rank the day before another begins."""
    for term in terms:
        if term.covers(starts) and term.person is person and term.rank != rank:
            raise Refused(
                Problem(
                    place=place,
                    value=person.name,
                    rule=say("Nobody is their own deputy."),
                    remedy=say("Choose another person, or end the other term first."),
                )
            )
        if term.rank != rank or (term.ends is not None and term.ends < starts):
            continue
        if term.starts >= starts:
            raise Refused(
                Problem(
                    place=place,
                    value=day(starts),
                    rule=say("A term that begins on {begins} is already recorded.", begins=term.starts),
                    remedy=say("Begin after it, or end or remove it first."),
                )
            )
        term.ends = starts - timedelta(days=1)
