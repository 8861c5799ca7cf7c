"""Calendars that people follow in their own calendar program: the address is the key, shown once, revocable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from prep import clock
from prep.auth.accounts import in_force
from prep.auth.bearer import digest, new_token
from prep.errors import NotFound, Problem
from prep.language import say
from prep.models import Account, Body, CalendarFeed, ContactPoint, Meeting, Person, Seat, SeatTerm
from prep.registry.meetings import local
from prep.terms import ActorKind, ContactKind

PATH = "/kalenteri"
# What was is kept in a calendar so long; what is to come has no end.
_BACK = timedelta(days=365)
# How often it is written down that a calendar was read: programs ask every few minutes.
_READ_NOTED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed that was just made; the key is known now and never again."""

    token: str
    row: CalendarFeed

    @property
    def path(self) -> str:
        """Where it is read, below the address of the pages."""
        return f"{PATH}/{self.token}.ics"


def own_person(session: Session, account: Account, *, on: date) -> Person | None:
    """Who somebody with an account is in the register: the holder of the post on which a role of the account rests,
    else the one person who has the sign-in name as an e-mail address; None where it cannot be told.
    """
    held = {
        grant.role_term.person_id: grant.role_term.person
        for grant in in_force(account.grants, on=on)
        if grant.role_term is not None
    }
    if not held:
        points = session.scalars(
            select(ContactPoint)
            .where(ContactPoint.kind == ContactKind.EMAIL, ContactPoint.value == account.login)
            .options(joinedload(ContactPoint.person))
        )
        held = {point.person_id: point.person for point in points}
    found = list(held.values())
    if len(found) != 1 or found[0].kind is not ActorKind.PERSON or found[0].erased_at is not None:
        return None
    return found[0]


def make(session: Session, person: Person) -> NewFeed:
    """A feed of somebody's meetings. Older ones stay good: each is in a program of its own."""
    token = new_token()
    row = CalendarFeed(person=person, token_hash=digest(token), created_at=clock.now())
    session.add(row)
    session.flush()
    return NewFeed(token, row)


def feeds_of(session: Session, person: Person) -> Sequence[CalendarFeed]:
    """The feeds of somebody that are good."""
    return session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id)
    ).all()


def revoke(session: Session, row: CalendarFeed) -> None:
    """Make a feed useless from the next reading on."""
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        session.flush()


def look_up(session: Session, token: str) -> CalendarFeed:
    """The feed of a key. It only reads.

    Raises
    ------
    NotFound
        If there is none, it was revoked, or the person is no longer in the register: the same words for all.
    """
    row = session.scalar(
        select(CalendarFeed)
        .where(CalendarFeed.token_hash == digest(token), CalendarFeed.revoked_at.is_(None))
        .options(joinedload(CalendarFeed.person))
    )
    if row is None or row.person.erased_at is not None:
        raise NotFound(
            Problem(
                place=say("The calendar"),
                value=None,
                rule=say("There is none at this address."),
                remedy=say("Make a new address under “Own account”."),
            )
        )
    return row


def is_read_anew(row: CalendarFeed) -> bool:
    """Whether it has to be written down that a feed is read now."""
    return row.last_read_at is None or clock.now() - row.last_read_at > _READ_NOTED


def meetings_for(session: Session, person: Person, *, on: date) -> list[Meeting]:
    """The meetings of a year back and of all time to come of the bodies in which somebody sits, or stands in, on the
    day of the meeting; cancelled ones too, so that calendars take them out.
    """
    terms = session.scalars(
        select(SeatTerm).where(SeatTerm.person_id == person.id).options(joinedload(SeatTerm.seat))
    ).all()
    if not terms:
        return []
    found = session.scalars(
        select(Meeting)
        .where(Meeting.body_id.in_(select(Seat.body_id).where(Seat.id.in_(term.seat_id for term in terms))))
        .options(joinedload(Meeting.body).joinedload(Body.municipality))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [
        meeting
        for meeting in found
        if (day := local(meeting.starts_at).date()) >= on - _BACK
        and any(term.seat.body_id == meeting.body_id and term.covers(day) for term in terms)
    ]
