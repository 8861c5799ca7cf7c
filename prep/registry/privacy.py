"""What is on record of a person: given out to the person, and taken out of the register when its time is over."""

from datetime import date
from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Session

from prep import audit, clock, trail
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import (
    Attendance,
    AuditEntry,
    Base,
    CalendarFeed,
    ChainItem,
    ChainList,
    KeyHolder,
    OutboxMessage,
    Person,
    ReviewLink,
)
from prep.registry.appointments import Term, post_name, post_of, terms_of

# What stands for a name when it is gone; the history keeps that somebody held the post.
ERASED_NAME = "–"


def data_of(session: Session, person: Person) -> dict[str, Any]:
    """Everything on record of a person, with what is in the trail about them, as plain values.

    For the person's own use (GDPR, article 15): it names nobody else.
    """
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.seq.in_(trail.concerning(session, person.id)))
        .order_by(AuditEntry.seq)
    )
    return {
        "person": _row(person),
        "contact_points": [_row(one) for one in person.contact_points],
        "absences": [_row(one) for one in person.absences],
        "posts": [{"post": post_name(post_of(term)), **_row(term)} for term in terms_of(session, person)],
        "keys": [{"premises": one.site.name, **_row(one)} for one in _keys(session, person)],
        "meetings": [
            {"body": one.meeting.body.name_fi, "day": one.meeting.starts_at.isoformat()}
            for one in session.scalars(select(Attendance).where(Attendance.person_id == person.id))
        ],
        "changes": [
            {
                "at": one.at.isoformat(),
                "action": one.action,
                "table": one.table_name,
                "changes": trail.recorded(one),
            }
            for one in entries
        ],
    }


def erase(session: Session, person: Person, *, on: date) -> None:
    """Take everything that names a person out of the register and out of the trail's values.

    Past posts stay, held by nobody who can be named; the chain of the trail stays whole. Backups made before are not
    reached.

    Raises
    ------
    Refused
        While the person holds a post, opens premises or is called by a chain by name, or where no reason is given.
    """
    _require_free(session, person, on=on)
    for holder in _keys(session, person):
        session.delete(holder)
    for kind in (CalendarFeed, ReviewLink):
        for row in session.scalars(select(kind).where(kind.person_id == person.id)):
            session.delete(row)
    for term in terms_of(session, person):
        term.objection = ""
        if term.confirmed_by == person.name:
            term.confirmed_by = ERASED_NAME
    addresses = [one.value for one in person.contact_points]
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.recipient.in_(addresses))):
        session.delete(message)
    person.contact_points.clear()
    person.absences.clear()
    person.name, person.title, person.organisation, person.speaks = ERASED_NAME, "", "", []
    person.municipality_code, person.erased_at = None, clock.now()
    person.left_on = person.left_on or on
    session.flush()
    # What was written down just now holds the old values, too.
    trail.redact(session, trail.concerning(session, person.id), rule=f"person {person.id}")


def past_retention(session: Session, *, on: date, months: int) -> list[Person]:
    """Those who left so many months ago or more, and hold nothing: their time on record is over."""
    found = session.scalars(
        select(Person).where(Person.left_on.is_not(None), Person.erased_at.is_(None)).order_by(Person.id)
    )
    return [
        one
        for one in found
        if one.left_on is not None
        and _months_between(one.left_on, on) >= months
        and not _current(session, one, on=on)
        and not _keys(session, one)
    ]


def note_seen(session: Session, person: Person, numbers: int) -> None:
    """Note that somebody has looked at a person's numbers; for counties that want it."""
    audit.note(session, "seen", person, {"numbers": numbers})


def _require_free(session: Session, person: Person, *, on: date) -> None:
    if current := _current(session, person, on=on):
        raise _refused(
            person,
            say("The person holds posts: {posts}.", posts=[post_name(post_of(term)) for term in current]),
            say("End them first: “The person leaves”."),
        )
    if keys := [one for one in _keys(session, person) if len(one.site.key_holders) == 1]:
        raise _refused(
            person,
            say("Nobody else opens {premises}.", premises=[one.site.name for one in keys]),
            say("Name another key holder first."),
        )
    named = session.scalars(
        select(ChainList.id)
        .outerjoin(ChainItem, ChainItem.list_id == ChainList.id)
        .where(or_(ChainList.caller_person_id == person.id, ChainItem.target_person_id == person.id))
    ).first()
    if named is not None:
        raise _refused(
            person,
            say("An alert chain calls the person by name."),
            say("Change the chain first: let it call a post."),
        )


def _current(session: Session, person: Person, *, on: date) -> list[Term]:
    return [term for term in terms_of(session, person) if term.ends is None or term.ends >= on]


def _keys(session: Session, person: Person) -> list[KeyHolder]:
    return list(session.scalars(select(KeyHolder).where(KeyHolder.person_id == person.id)))


def _row(row: Base) -> dict[str, Any]:
    """A row as plain values, without what is secret or only joins it to others."""
    return {
        column.key: audit.plain(getattr(row, column.key))
        for column in inspect(type(row)).column_attrs
        if not column.columns[0].info.get("secret") and not column.columns[0].foreign_keys
    }


def _months_between(first: date, last: date) -> int:
    """Whole months from a day to a later one.

    >>> _months_between(date(2026, 1, 31), date(2026, 2, 28)), _months_between(date(2026, 1, 15), date(2028, 1, 15))
    (0, 24)
    """
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole - (last.day < first.day)


def _refused(person: Person, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=person.name, value=None, rule=rule, remedy=remedy))
