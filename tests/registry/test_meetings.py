"""Meetings: invitations, quorum and minutes; held against what is agreed; nothing unknown is in order."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from prep import attachments
from prep.db import write_session
from prep.errors import Conflict, Refused
from prep.models import Body, Meeting, MeetingRule, Person
from prep.regions.kinds import Period
from prep.regions.packs import load_pack
from prep.registry.bodies import BodyStanding, seat_standing
from prep.registry.body_check import BodyRule
from prep.registry.install import install
from prep.registry.meeting_checks import meeting_checks
from prep.registry.meeting_details import (
    MeetingDetails,
    add_meeting,
    change_meeting,
    note_attendance,
    remove_meeting,
)
from prep.registry.meetings import meetings_of, meetings_standing, next_meeting, period_of, rules_standing
from prep.terms import Language, MeetingStatus, State
from tests.perho import fill_group

ON = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)
PDF = b"%PDF-1.4\n"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        fill_group(session)
        group(session).meeting_rules = [MeetingRule(position=1, min=2, period=Period.YEAR)]
        session.flush()
        yield session


def group(session: Session) -> Body:
    return session.scalars(select(Body).where(Body.key == "management-group-584")).one()


def planned(session: Session, days: int, **more: object) -> Meeting:
    """A meeting so many days from now."""
    details = MeetingDetails(NOW + timedelta(days=days), **more)  # type: ignore[arg-type]
    return add_meeting(session, group(session), details, at=NOW)


def held(session: Session, days_ago: int) -> Meeting:
    """A meeting at which everybody sat, with minutes."""
    meeting = planned(session, -days_ago)
    note_attendance(session, meeting, everybody(session), at=NOW)
    attachments.add_minutes(session, meeting, name="m.pdf", content=PDF, by="Aino")
    return meeting


def everybody(session: Session) -> list[tuple[int | None, int]]:
    return [(seat.id, seat.terms[0].person_id) for seat in group(session).seats]


def state(session: Session, meeting: Meeting, on: date = ON) -> tuple[State, str]:
    one = next(one for one in meetings_of(session, group(session), on=on) if one.meeting is meeting)
    return one.state, str(one.words)


def rules(session: Session) -> list[tuple[State, str]]:
    body = group(session)
    return [
        (one.state, str(one.words)) for one in rules_standing(body, meetings_of(session, body, on=ON), on=ON)
    ]


def checks(session: Session) -> dict[BodyRule, tuple[State, str]]:
    body = group(session)
    standing = BodyStanding(body, tuple(seat_standing(seat, on=ON) for seat in body.seats))
    several = meetings_of(session, body, on=ON)
    found = meeting_checks(standing, several, on=ON, language=Language.FI)
    return {one.rule: (one.state, str(one.sentence)) for one in found}


@pytest.mark.parametrize(
    ("invite_in_days", "invited_days_ago", "expected"),
    [
        (None, None, (State.UNKNOWN, "last day of the invitation not set")),
        (20, None, (State.OK, "invite by 12.12.2026")),
        (7, None, (State.WARNING, "invite by 29.11.2026")),
        (0, None, (State.WARNING, "invite by 22.11.2026")),
        (-1, None, (State.FAULT, "invitation late since 21.11.2026")),
        (-1, 0, (State.OK, "invited 22.11.2026")),
    ],
)
def test_an_invitation_is_due_late_or_sent(
    session: Session, invite_in_days: int | None, invited_days_ago: int | None, expected: tuple[State, str]
) -> None:
    meeting = planned(
        session,
        30,
        invite_by=None if invite_in_days is None else ON + timedelta(days=invite_in_days),
        invited_on=None if invited_days_ago is None else ON - timedelta(days=invited_days_ago),
    )
    assert state(session, meeting) == expected


def test_a_meeting_whose_day_has_passed_is_not_taken_for_held(session: Session) -> None:
    meeting = planned(session, 0)
    assert state(session, meeting)[0] is State.UNKNOWN
    assert state(session, meeting, ON + timedelta(days=1)) == (State.UNKNOWN, "held? not noted")
    planned_only = [
        (one.held, one.planned)
        for one in rules_standing(
            group(session), meetings_of(session, group(session), on=ON + timedelta(days=1)), on=ON
        )
    ]
    assert planned_only == [(0, 0)]


def test_a_seat_counts_once_and_a_guest_not_at_all(session: Session) -> None:
    meeting = planned(session, -1)
    manager = next(seat for seat in group(session).seats if seat.key == "manager")
    holder, deputy = (term.person_id for term in manager.terms)
    stranger = Person(name="Vieras", county_id=group(session).county_id)
    session.add(stranger)
    session.flush()
    note_attendance(
        session, meeting, [(manager.id, holder), (manager.id, deputy), (None, stranger.id)], at=NOW
    )
    (one,) = meetings_of(session, group(session), on=ON)
    assert one.quorum is not None
    # Nothing is stated, so it takes all five seats.
    assert (one.quorum.present, one.quorum.needed, one.quorum.is_reached) == (1, 5, False)
    assert state(session, meeting) == (State.FAULT, "held without a quorum")
    group(session).quorum = 1
    session.flush()
    assert state(session, meeting) == (State.WARNING, "held; no minutes")
    education = next(seat for seat in group(session).seats if seat.key == "education")
    education.is_required = True
    assert state(session, meeting) == (State.FAULT, "held without a quorum")


def test_a_meeting_with_everybody_and_minutes_is_in_order(session: Session) -> None:
    assert state(session, held(session, 3)) == (State.OK, "held")


def test_the_agreed_frequency_is_met_by_what_was_held_and_is_planned(session: Session) -> None:
    assert rules(session) == [(State.UNKNOWN, "no meeting is on record")]
    held(session, 30)
    assert rules(session) == [(State.WARNING, "held: 1, planned: 0, to be planned by 31.12.2026: 1")]
    meeting = planned(session, 10)
    assert rules(session) == [(State.OK, "held: 1, planned: 1")]
    change_meeting(
        session, meeting, MeetingDetails(meeting.starts_at, status=MeetingStatus.CANCELLED), at=NOW
    )
    assert rules(session)[0][0] is State.WARNING
    # In the next year it does not count.
    planned(session, 60)
    assert rules(session)[0][0] is State.WARNING


def test_the_year_before_is_a_fault_only_where_the_record_reaches_back_behind_it(session: Session) -> None:
    held(session, 10)
    held(session, 20)
    held(session, 400)
    assert rules(session)[0][0] is State.OK
    held(session, 720)
    found = rules(session)[0]
    assert found == (State.FAULT, "held 1.1.2025–31.12.2025: 1, agreed: 2")


def test_in_each_area_cannot_be_told_from_one_list(session: Session) -> None:
    group(session).meeting_rules[0].is_per_area = True
    held(session, 10)
    assert rules(session) == [(State.UNKNOWN, "held: 1; in which areas is not on record")]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 5, 31), date(2021, 6, 1), date(2025, 5, 31)),
        (date(2025, 6, 1), date(2025, 6, 1), date(2029, 5, 31)),
        (date(2028, 2, 29), date(2025, 6, 1), date(2029, 5, 31)),
        (date(2029, 1, 1), date(2025, 6, 1), date(2029, 5, 31)),
    ],
)
def test_a_council_term_begins_in_june_after_the_election(day: date, first: date, last: date) -> None:
    assert period_of(Period.COUNCIL_TERM, day) == (first, last)


def test_what_is_not_in_order_is_told_of_the_next_and_the_last_meeting(session: Session) -> None:
    assert checks(session)[BodyRule.TOO_FEW_MEETINGS][0] is State.UNKNOWN
    planned(session, 20, invite_by=ON - timedelta(days=1))
    planned(session, -40)
    found = checks(session)
    assert found[BodyRule.INVITATION] == (
        State.FAULT,
        "Perho: häiriötilanteiden johtoryhmä, meeting 12.12.2026: invitation late since 21.11.2026",
    )
    assert found[BodyRule.NOT_NOTED][0] is State.WARNING
    meeting = held(session, 35)
    found = checks(session)
    assert BodyRule.NOT_NOTED not in found
    assert BodyRule.NO_MINUTES not in found
    attachments.remove(session, attachments.minutes_of(session, meeting)[0])
    assert checks(session)[BodyRule.NO_MINUTES][0] is State.WARNING
    note_attendance(session, meeting, everybody(session)[:1], at=NOW)
    assert BodyRule.HELD_WITHOUT_QUORUM in checks(session)


def test_attendance_is_replaced_and_tells_whoever_had_it_open(session: Session) -> None:
    meeting = held(session, 1)
    seen = meeting.version
    note_attendance(session, meeting, everybody(session)[:2], at=NOW)
    assert len(meeting.attendances) == 2
    with pytest.raises(Conflict):
        meeting.require_version(seen)


def test_a_note_of_who_came_that_cannot_be_is_refused_and_changes_nothing(session: Session) -> None:
    coming, past = planned(session, 1), planned(session, -1)
    one = everybody(session)[0]
    with pytest.raises(Refused, match="Attendance: The meeting has not begun"):
        note_attendance(session, coming, [one], at=NOW)
    with pytest.raises(Refused, match="seats of the body or as guests"):
        note_attendance(session, past, [(999_999, one[1])], at=NOW)
    with pytest.raises(Refused, match="seats of the body or as guests"):
        note_attendance(session, past, [(None, 999_999)], at=NOW)
    with pytest.raises(Refused, match="Somebody is in one place at a meeting"):
        note_attendance(session, past, [one, (None, one[1])], at=NOW)
    change_meeting(session, past, MeetingDetails(past.starts_at, status=MeetingStatus.CANCELLED), at=NOW)
    with pytest.raises(Refused, match="marked as cancelled"):
        note_attendance(session, past, [one], at=NOW)
    assert past.attendances == []


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"ends_at": NOW - timedelta(minutes=1)}, "The end: “2026-11-22 10:45” A meeting ends after"),
        ({"ends_at": NOW + timedelta(days=8)}, "within 7 days"),
        (
            {"invite_by": ON + timedelta(days=1)},
            "The last day of the invitation: “2026-11-23” It is not after",
        ),
        ({"subject": "x" * 201}, "The subject: .* at most 200 letters"),
        ({"place": "a\u202eb"}, "The meeting’s place"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(details: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        MeetingDetails(NOW, **details)  # type: ignore[arg-type]


def test_what_is_to_come_was_neither_held_nor_invited_to_tomorrow(session: Session) -> None:
    with pytest.raises(Refused, match="has not begun has not been held"):
        planned(session, 1, status=MeetingStatus.HELD)
    with pytest.raises(Refused, match="so not one to come"):
        planned(session, 9, invited_on=ON + timedelta(days=1))
    assert next_meeting(meetings_of(session, group(session), on=ON)) is None


def test_a_meeting_with_something_on_record_is_neither_removed_nor_taken_for_planned(
    session: Session,
) -> None:
    meeting = held(session, 5)
    with pytest.raises(Refused, match="Those who came or its minutes are on record"):
        remove_meeting(session, meeting)
    with pytest.raises(Refused, match="It is noted who came, so it was held"):
        change_meeting(session, meeting, MeetingDetails(meeting.starts_at), at=NOW)
    empty = planned(session, 5)
    remove_meeting(session, empty)
    assert [one.meeting for one in meetings_of(session, group(session), on=ON)] == [meeting]


def test_all_meetings_of_a_county_are_read_with_few_queries(session: Session) -> None:
    for days in range(1, 12):
        held(session, days)
    session.expire_all()
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    (several,) = meetings_standing(session, on=ON).values()
    assert {one.state for one in several} == {State.OK}
    assert len(several) == 11
    assert len(asked) <= 6
