"""Calendars that people follow: whose meetings, for how long, and no longer than until they are revoked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.auth import accounts
from prep.db import write_session
from prep.errors import NotFound
from prep.exchange.calendars import calendar_file
from prep.models import AuditEntry, Body, Meeting, Person, Role
from prep.regions.packs import load_pack
from prep.registry.appointments import appoint
from prep.registry.calendar_feeds import feeds_of, look_up, make, meetings_for, own_person, revoke
from prep.registry.install import install
from prep.registry.meeting_details import MeetingDetails, add_meeting, change_meeting
from prep.registry.people import add_point
from prep.terms import AccountRole, ContactKind, Language, MeetingStatus
from tests.perho import SINCE, fill_group

ON = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        fill_group(session)
        yield session


def eero(session: Session) -> Person:
    return session.scalars(select(Person).where(Person.name == "Eero Sijainen")).one()


def meeting(session: Session, days: int, key: str = "management-group-584") -> Meeting:
    body = session.scalars(select(Body).where(Body.key == key)).one()
    begins = NOW + timedelta(days=days)
    details = MeetingDetails(begins, begins + timedelta(hours=2), "Kunnantalo; sali, 2", "Talvi\\kevät, 1")
    return add_meeting(session, body, details, at=NOW)


def test_a_calendar_holds_the_meetings_of_the_own_bodies_while_one_sits_there(session: Session) -> None:
    own, past, old = meeting(session, 10), meeting(session, -100), meeting(session, -366)
    meeting(session, 5, "management-group-272")
    assert meetings_for(session, eero(session), on=ON) == [past, own]
    assert old.body_id == own.body_id
    # Eero stands in for the manager; when that ends, what is later is no longer his.
    term = next(term for seat in own.body.seats for term in seat.terms if term.person is eero(session))
    term.ends = ON
    session.flush()
    assert meetings_for(session, eero(session), on=ON) == [past]
    stranger = Person(name="Vieras", county_id=own.body.county_id)
    session.add(stranger)
    session.flush()
    assert meetings_for(session, stranger, on=ON) == []


def test_the_file_says_when_where_and_what_and_a_cancelled_meeting_goes(session: Session) -> None:
    one = meeting(session, 10)
    read = Calendar.from_ical(calendar_file([one], name="Kokoukset", at=NOW, language=Language.FI))
    (event,) = read.walk("VEVENT")
    before = (event["uid"], event["sequence"])
    assert event.decoded("dtstart") == one.starts_at
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=2)
    assert str(event["summary"]) == "Perho: häiriötilanteiden johtoryhmä: Talvi\\kevät, 1"
    assert str(event["location"]) == "Kunnantalo; sali, 2"
    assert event["status"] == "CONFIRMED"
    details = MeetingDetails(one.starts_at, status=MeetingStatus.CANCELLED)
    change_meeting(session, one, details, at=NOW)
    (event,) = Calendar.from_ical(calendar_file([one], name="Kokoukset", at=NOW, language=Language.SV)).walk(
        "VEVENT"
    )
    assert (event["uid"], event["status"]) == (before[0], "CANCELLED")
    assert event["sequence"] > before[1]
    assert "dtend" not in event


def test_nobody_who_comes_stands_in_the_file(session: Session) -> None:
    text = calendar_file([meeting(session, 1)], name="x", at=NOW, language=Language.FI).decode()
    assert "Aino" not in text
    assert "Eero" not in text
    assert "ATTENDEE" not in text
    # Lines as the standard wants them.
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_key_is_kept_nowhere_and_opens_nothing_once_revoked(session: Session) -> None:
    first, second = make(session, eero(session)), make(session, eero(session))
    assert first.token != second.token
    assert look_up(session, first.token).person is eero(session)
    written = " ".join(session.scalars(select(AuditEntry.values)).all())  # type: ignore[arg-type]
    assert first.token not in written
    assert first.row.token_hash not in written
    revoke(session, first.row)
    assert feeds_of(session, eero(session)) == [second.row]
    for token in (first.token, "", "x", "\ud800"):
        with pytest.raises(NotFound, match="There is none at this address"):
            look_up(session, token)
    eero(session).erased_at = NOW
    with pytest.raises(NotFound, match="There is none at this address"):
        look_up(session, second.token)


def test_who_an_account_is_in_the_register(session: Session) -> None:
    account = accounts.add(session, "eero@perho.example", "Eero")
    assert own_person(session, account, on=ON) is None
    add_point(session, eero(session), ContactKind.EMAIL, "eero@perho.example")
    assert own_person(session, account, on=ON) is eero(session)
    other = Person(name="Toinen", county_id=eero(session).county_id)
    session.add(other)
    session.flush()
    add_point(session, other, ContactKind.EMAIL, "eero@perho.example")
    # Two have the address: it cannot be told.
    assert own_person(session, account, on=ON) is None
    role = session.scalars(select(Role).where(Role.municipality_code == "584")).all()[0]
    term = appoint(session, role, other, starts=SINCE)
    accounts.give(
        session,
        account,
        AccountRole.MUNICIPAL_CONTACT,
        starts=SINCE,
        municipality="584",
        role_term=term,
    )
    session.refresh(account)
    assert own_person(session, account, on=ON) is other
