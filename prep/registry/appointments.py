"""Who holds a seat or a named role, from which day to which: appointing, ending, standing in.

A post is a seat of a body or a named role; a term is a person in it. Rank 0 holds the post, ranks 1, 2, … stand in, in
this order. At one rank one person at a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.auth.permissions import Viewer
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.language import Message, day, say
from prep.models import Person, Role, RoleTerm, Seat, SeatTerm
from prep.registry.people import is_away, person_seen

Post: TypeAlias = Seat | Role
Term: TypeAlias = SeatTerm | RoleTerm

MOST_DEPUTIES = 9
LONGEST_ORGAN = 200
LONGEST_SECTION = 40


@dataclass(frozen=True, slots=True)
class Decision:
    """By which organ, when, and in which section of its minutes; empty where it is not known.

    Raises
    ------
    Refused
        If the name of the organ or the section is too long.
    """

    by: str = ""
    on: date | None = None
    section: str = ""

    def __post_init__(self) -> None:
        for place, value, longest in (
            (say("The organ that decided"), self.by, LONGEST_ORGAN),
            (say("The section of the minutes"), self.section, LONGEST_SECTION),
        ):
            if len(value) > longest:
                raise _refused(
                    place, value, say("It has at most {n} letters.", n=longest), say("Shorten it.")
                )


@dataclass(frozen=True, slots=True)
class Office:
    """Who is in a post on a day. ``acting`` is the first of them who is not away; None where all are, or none is."""

    holder: Person | None
    deputies: tuple[Person, ...]
    acting: Person | None
    away: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody in a post for a time, as the rules look at it. People are the same if they are equal."""

    person: object
    starts: date
    ends: date | None
    rank: int

    def overlaps(self, other: "Held") -> bool:
        """Whether there is a day on which both hold."""
        return self.starts <= (other.ends or date.max) and other.starts <= (self.ends or date.max)


def office(terms: Sequence[Term], *, on: date) -> Office:
    """Who is in a post on a day, and who of them acts."""
    current = sorted((term for term in terms if term.covers(on)), key=lambda term: term.rank)
    holder = next((term.person for term in current if term.rank == 0), None)
    deputies = tuple(term.person for term in current if term.rank > 0)
    away = tuple(term.person for term in current if is_away(term.person, on=on))
    present = (term.person for term in current if term.person not in away)
    return Office(holder, deputies, next(present, None), away)


def appoint(
    session: Session,
    post: Post,
    person: Person,
    *,
    starts: date,
    ends: date | None = None,
    rank: int = 0,
    decision: Decision | None = None,
) -> Term:
    """Give a post to a person from a day on; whoever held it openly at this rank leaves the day before.

    Raises
    ------
    Refused
        If the days overlap with another term at this rank, the person is in the post already, has left, or there
        are too many deputies.
    """
    term = give(post, person, starts=starts, ends=ends, rank=rank, decision=decision)
    session.add(term)
    session.flush()
    return term


def give(
    post: Post,
    person: Person,
    *,
    starts: date,
    ends: date | None = None,
    rank: int = 0,
    decision: Decision | None = None,
) -> Term:
    """As `appoint`, without writing to the database yet: for many at once.

    Raises
    ------
    Refused
        As `appoint`.
    """
    wanted = Held(person, starts, ends, rank)
    for term in post.terms:
        if makes_way(_held(term), wanted):
            term.ends = starts - timedelta(days=1)
    require_possible(
        post_name(post),
        wanted,
        [_held(term) for term in post.terms],
        name=person.name,
        left_on=person.left_on,
    )
    decision = decision or Decision()
    kept = {
        "person": person,
        "starts": starts,
        "ends": ends,
        "rank": rank,
        "decided_by": decision.by,
        "decided_on": decision.on,
        "decision_section": decision.section,
    }
    return SeatTerm(seat=post, **kept) if isinstance(post, Seat) else RoleTerm(role=post, **kept)


def makes_way(held: Held, wanted: Held) -> bool:
    """Whether an open term ends the day before another begins at its rank."""
    return held.rank == wanted.rank and held.ends is None and held.starts < wanted.starts


def require_possible(
    place: str, wanted: Held, others: Iterable[Held], *, name: str, left_on: date | None
) -> None:
    """Go on only if somebody can hold a post for a time beside all others who hold it.

    Parameters
    ----------
    place
        What the post is called.
    name, left_on
        Of the person who is to hold it.

    Raises
    ------
    Refused
        If the days overlap with another term at this rank, the person is in the post already, has left, or there
        are too many deputies.
    """
    _require_days(place, wanted.starts, wanted.ends)
    if left_on is not None and (wanted.ends is None or wanted.ends >= left_on):
        raise _refused(
            place,
            name,
            say("The person has left; the first day without any post is {day}.", day=left_on),
            say("Choose another person, or correct that day."),
        )
    if not 0 <= wanted.rank <= MOST_DEPUTIES:
        raise _refused(
            place,
            str(wanted.rank),
            say("A post has one holder and at most {n} deputies.", n=MOST_DEPUTIES),
            say("Choose one of these places."),
        )
    _require_free(place, wanted, others, name=name)


def change_term(
    session: Session, term: Term, *, starts: date, ends: date | None, rank: int, decision: Decision
) -> None:
    """Correct what is on record of a term.

    Raises
    ------
    Refused
        As `appoint`.
    """
    place = post_name(post_of(term))
    _require_days(place, starts, ends)
    others = [_held(one) for one in post_of(term).terms if one is not term]
    _require_free(place, Held(term.person, starts, ends, rank), others, name=term.person.name)
    correct_term(term, starts=starts, ends=ends, rank=rank, decision=decision)
    session.flush()


def correct_term(term: Term, *, starts: date, ends: date | None, rank: int, decision: Decision) -> None:
    """As `change_term`, neither checked nor written yet: for several that change places with each other."""
    term.starts, term.ends, term.rank = starts, ends, rank
    term.decided_by, term.decided_on, term.decision_section = decision.by, decision.on, decision.section
    term.objection = ""


def require_in_order(post: Post) -> None:
    """Go on only if the terms of a post fit beside each other.

    Raises
    ------
    Refused
        If two of them do not.
    """
    terms: list[Term] = list(post.terms)
    for number, term in enumerate(terms):
        others = [_held(one) for one in terms[:number]]
        _require_free(post_name(post), _held(term), others, name=term.person.name)


def end_term(session: Session, term: Term, *, last_day: date) -> None:
    """End a term; the post is vacant, or its deputies stand in, from the day after.

    Raises
    ------
    Refused
        If the day is before the term began.
    """
    _require_days(post_name(post_of(term)), term.starts, last_day)
    term.ends = last_day
    session.flush()


def remove_term(session: Session, term: Term) -> None:
    """Take away a term that was recorded by mistake; one that has been is ended instead."""
    post_of(term).terms.remove(term)  # type: ignore[arg-type]
    session.delete(term)
    session.flush()


def terms_of(session: Session, person: Person) -> list[Term]:
    """Every term of a person, past, present and to come, by its first day."""
    return _terms(session, person)


def every_term(session: Session, *, on: date | None = None) -> list[Term]:
    """Every term of everybody, or those that cover a day, by their first days."""
    return [term for term in _terms(session, None) if on is None or term.covers(on)]


def post_of(term: Term) -> Post:
    """The seat or role of a term."""
    return term.seat if isinstance(term, SeatTerm) else term.role


def municipality_of_post(post: Post) -> str | None:
    """The code of the municipality whose a post is; None for the county's."""
    return post.body.municipality_code if isinstance(post, Seat) else post.municipality_code


def right_to_fill(post: Post) -> Permission:
    """What filling a post takes, in the municipality whose it is."""
    return Permission.BODY_EDIT if isinstance(post, Seat) else Permission.CONTACT_EDIT


def candidate(session: Session, number: int, *, viewer: Viewer) -> Person:
    """Somebody of the register who can be given a post by whoever asks.

    Raises
    ------
    Refused
        If there is nobody of this number, or whoever asks may not see them: the same words for both.
    """
    found = person_seen(session, number, viewer=viewer)
    if found is None:
        raise _refused(
            say("The person"),
            None,
            say("Somebody of the register is appointed."),
            say("Choose from the list; whoever is not there is added under “Contacts” first."),
        )
    return found


def post_name(post: Post) -> str:
    """A post as errors name it: where it is, and what it is called."""
    if isinstance(post, Seat):
        return f"{post.body.name_fi}: {post.name_fi}"
    return f"{post.municipality.name_fi}: {post.name_fi}" if post.municipality else post.name_fi


def next_rank(terms: Iterable[Term], *, on: date) -> int:
    """The place after the last deputy; 0 where nobody holds the post."""
    taken = {term.rank for term in terms if term.covers(on)}
    return next(rank for rank in range(len(taken) + 1) if rank not in taken)


def _terms(session: Session, person: Person | None) -> list[Term]:
    of_roles = select(RoleTerm).options(
        selectinload(RoleTerm.person),
        selectinload(RoleTerm.role).options(selectinload(Role.terms), selectinload(Role.municipality)),
    )
    of_seats = select(SeatTerm).options(
        selectinload(SeatTerm.person),
        selectinload(SeatTerm.seat).options(selectinload(Seat.terms), selectinload(Seat.body)),
    )
    if person is not None:
        of_roles = of_roles.where(RoleTerm.person_id == person.id)
        of_seats = of_seats.where(SeatTerm.person_id == person.id)
    found: list[Term] = [*session.scalars(of_roles), *session.scalars(of_seats)]
    return sorted(found, key=lambda term: (term.starts, isinstance(term, SeatTerm), term.id))


def _held(term: Term) -> Held:
    return Held(term.person, term.starts, term.ends, term.rank)


def _require_days(place: str, starts: date, ends: date | None) -> None:
    if ends is not None and ends < starts:
        raise _refused(
            place,
            day(ends),
            say("A term does not end before its first day, {day}.", day=starts),
            say("Change one of the two days."),
        )


def _require_free(place: str, wanted: Held, others: Iterable[Held], *, name: str) -> None:
    for held in others:
        if not wanted.overlaps(held):
            continue
        if held.person == wanted.person:
            raise _refused(
                place,
                name,
                say("Nobody is their own deputy.")
                if held.rank != wanted.rank
                else say("The person is in the post already, from {day} on.", day=held.starts),
                say("Choose another person, or end the other term first."),
            )
        if held.rank == wanted.rank:
            raise _refused(
                place,
                day(wanted.starts),
                say("A term that begins on {begins} is already recorded.", begins=held.starts),
                say("Begin after it, or end or remove it first."),
            )


def _refused(place: Message | str, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))
