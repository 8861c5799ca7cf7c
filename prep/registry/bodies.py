"""Bodies and their seats: who sits, who stands in, what is vacant and since when."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.errors import NotFound, Problem
from prep.language import say
from prep.models import Body, Constituency, Person, Seat, SeatTerm
from prep.registry.appointments import office
from prep.terms import State


@dataclass(frozen=True, slots=True)
class SeatStanding:
    """One seat on one day."""

    seat: Seat
    holder: Person | None
    deputies: tuple[Person, ...]
    # Who sits that day: the holder, or the first deputy who is not away; None where nobody does.
    acting: Person | None
    # The day after the last holder's last day; None while filled, or if nobody ever held it.
    vacant_since: date | None

    # Those of them who are away that day.
    away: tuple[Person, ...]

    @property
    def is_vacant(self) -> bool:
        return self.holder is None

    @property
    def state(self) -> State:
        """A vacancy is a fault, unless the seat may stay empty; a seat without a deputy is a warning."""
        if self.is_vacant:
            return State.OK if self.seat.is_optional else State.FAULT
        return State.OK if self.deputies else State.WARNING


@dataclass(frozen=True, slots=True)
class BodyStanding:
    """A body on one day, its seats in order."""

    body: Body
    seats: tuple[SeatStanding, ...]

    @property
    def vacancies(self) -> tuple[SeatStanding, ...]:
        """The seats that have to be filled and are not."""
        return tuple(one for one in self.seats if one.is_vacant and not one.seat.is_optional)


def bodies_standing(session: Session, *, on: date, municipality: str | None = None) -> list[BodyStanding]:
    """All bodies with who sits in them on a day; those of one municipality when its code is given.

    Cost: some ten queries, whatever the number of bodies.
    """
    query = (
        select(Body)
        .order_by(Body.id)
        .options(
            selectinload(Body.municipality),
            selectinload(Body.meeting_rules),
            selectinload(Body.seats).options(
                selectinload(Seat.constituency).selectinload(Constituency.municipalities),
                selectinload(Seat.municipality),
            ),
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
    held = office(seat.terms, on=on)
    ended = [term.ends for term in seat.terms if term.rank == 0 and term.ends and term.ends < on]
    since = max(ended) + timedelta(days=1) if held.holder is None and ended else None
    return SeatStanding(seat, held.holder, held.deputies, held.acting, since, held.away)


def body_of_key(session: Session, key: str) -> Body:
    """The body of a key.

    Raises
    ------
    NotFound
        If there is none.
    """
    body = session.scalars(select(Body).where(Body.key == key)).first()
    if body is None:
        raise NotFound(
            Problem(
                place=say("Body"),
                value=key,
                rule=say("There is no body of this key."),
                remedy=say("“prep bodies list --json” tells the keys."),
            )
        )
    return body


def members_of(session: Session, key: str, *, on: date) -> set[int]:
    """The numbers of those who sit or stand in in a body on a day.

    Raises
    ------
    NotFound
        If there is no body of this key.
    """
    body = body_of_key(session, key)
    return {term.person_id for seat in body.seats for term in seat.terms if term.covers(on)}
