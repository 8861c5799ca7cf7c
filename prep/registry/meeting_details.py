"""Changing what is on record of meetings: planned, moved, cancelled, held, who came."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Attachment, Attendance, Body, Meeting, Person
from prep.registry.meetings import local
from prep.terms import ActorKind, MeetingStatus

_LONGEST = timedelta(days=7)
_YEARS = range(2000, 2101)
_LONGEST_SUBJECT = 200
_LONGEST_PLACE = 300


@dataclass(frozen=True, slots=True)
class MeetingDetails:
    """What can be said of a meeting.

    Raises
    ------
    Refused
        If it ends before it begins or lasts longer than a week, is invited to after it has begun, or something is
        too long.
    """

    starts_at: datetime
    ends_at: datetime | None = None
    place: str = ""
    subject: str = ""
    status: MeetingStatus = MeetingStatus.PLANNED
    invite_by: date | None = None
    invited_on: date | None = None

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise Refused(problems)

    def _problems(self) -> Iterator[Problem]:
        day = local(self.starts_at).date()
        if day.year not in _YEARS:
            yield _problem(
                say("The beginning"),
                day,
                say("The year lies between {first} and {last}.", first=str(_YEARS[0]), last=str(_YEARS[-1])),
            )
        if self.ends_at is not None and not timedelta() <= self.ends_at - self.starts_at <= _LONGEST:
            yield _problem(
                say("The end"),
                self.ends_at,
                say("A meeting ends after it has begun, within {n} days.", n=_LONGEST.days),
            )
        for place, value in (
            (say("The last day of the invitation"), self.invite_by),
            (say("The day of the invitation"), self.invited_on),
        ):
            if value is not None and value > day:
                yield _problem(place, value, say("It is not after the meeting, {day}.", day=day))
        for place, words, longest in (
            (say("The meeting’s place"), self.place, _LONGEST_PLACE),
            (say("The subject"), self.subject, _LONGEST_SUBJECT),
        ):
            kept = _one_line(words)
            if len(kept) > longest or not kept.isprintable():
                yield _problem(place, kept[:40], say("It has at most {n} letters.", n=longest))


def details_of(meeting: Meeting) -> MeetingDetails:
    """What is said of a meeting, as values."""
    return MeetingDetails(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        subject=meeting.subject,
        status=meeting.status,
        invite_by=meeting.invite_by,
        invited_on=meeting.invited_on,
    )


def add_meeting(session: Session, body: Body, details: MeetingDetails, *, at: datetime) -> Meeting:
    """A meeting more.

    Raises
    ------
    Refused
        If it is said to be held or invited to in the future.
    """
    meeting = Meeting(body=body)
    _write(meeting, details, at=at)
    session.add(meeting)
    session.flush()
    return meeting


def change_meeting(session: Session, meeting: Meeting, details: MeetingDetails, *, at: datetime) -> None:
    """Change what is on record of a meeting; cancelling it is such a change.

    Raises
    ------
    Refused
        As `add_meeting`, or if those who came are noted and it is said not to have been held.
    """
    if meeting.attendances and details.status is not MeetingStatus.HELD:
        raise Refused(
            _problem(
                say("The state of the meeting"),
                None,
                say("It is noted who came, so it was held."),
                say("Take them out first, if nobody came."),
            )
        )
    _write(meeting, details, at=at)
    session.flush()


def remove_meeting(session: Session, meeting: Meeting) -> None:
    """Take a meeting out that was recorded by mistake; one that does not take place is cancelled.

    Raises
    ------
    Refused
        If those who came, or minutes, are on record.
    """
    files = session.scalar(select(func.count(Attachment.id)).where(Attachment.meeting_id == meeting.id))
    if meeting.attendances or files:
        raise Refused(
            _problem(
                say("The meeting"),
                None,
                say("Those who came or its minutes are on record."),
                say("Take these out first, or mark the meeting as cancelled."),
            )
        )
    session.delete(meeting)
    session.flush()


def note_attendance(
    session: Session, meeting: Meeting, present: Iterable[tuple[int | None, int]], *, at: datetime
) -> None:
    """Note who came, all of them: pairs of seat (None: a guest) and person. It was held then.

    Raises
    ------
    Refused
        If the meeting has not begun, was cancelled, somebody is named in two places, or a seat or person is none of
        the county's.
    """
    place = say("Attendance")
    pairs = list(dict.fromkeys(present))
    if meeting.starts_at > at:
        raise Refused(_problem(place, None, say("The meeting has not begun."), say("Note it afterwards.")))
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refused(
            _problem(
                place,
                None,
                say("The meeting is marked as cancelled."),
                say("If it was held after all, change its state first."),
            )
        )
    seats = {seat.id for seat in meeting.body.seats}
    people = {person: session.get(Person, person) for _, person in pairs}
    unknown = [one for one in people.values() if one is None or one.kind is not ActorKind.PERSON]
    if unknown or any(seat is not None and seat not in seats for seat, _ in pairs):
        raise Refused(
            _problem(
                place,
                None,
                say("People of the register come, in seats of the body or as guests."),
                say("Open the page anew, and choose from it."),
            )
        )
    if len(people) < len(pairs):
        twice = [one.name for one in people.values() if one is not None and _is_twice(one, pairs)]
        raise Refused(
            _problem(
                place,
                ", ".join(twice),
                say("Somebody is in one place at a meeting."),
                say("Choose one seat, or none, for each."),
            )
        )
    _keep(meeting, {person: seat for seat, person in pairs})
    if pairs:
        meeting.status = MeetingStatus.HELD
    # So that whoever had the page open before is told that it has changed.
    flag_modified(meeting, "status")
    session.flush()


def _keep(meeting: Meeting, present: Mapping[int, int | None]) -> None:
    stored = {one.person_id: one for one in meeting.attendances}
    for person, row in stored.items():
        if person not in present:
            meeting.attendances.remove(row)
        else:
            row.seat_id = present[person]
    for person, seat in present.items():
        if person not in stored:
            meeting.attendances.append(Attendance(person_id=person, seat_id=seat))


def _is_twice(person: Person, pairs: Iterable[tuple[int | None, int]]) -> bool:
    return sum(number == person.id for _, number in pairs) > 1


def _write(meeting: Meeting, details: MeetingDetails, *, at: datetime) -> None:
    problems = []
    if details.status is MeetingStatus.HELD and details.starts_at > at:
        problems.append(
            _problem(
                say("The state of the meeting"),
                details.starts_at,
                say("A meeting that has not begun has not been held."),
                say("Leave it planned, or correct the beginning."),
            )
        )
    if details.invited_on is not None and details.invited_on > local(at).date():
        problems.append(
            _problem(
                say("The day of the invitation"),
                details.invited_on,
                say("It is the day on which the invitation went out, so not one to come."),
            )
        )
    if problems:
        raise Refused(problems)
    meeting.starts_at, meeting.ends_at = details.starts_at, details.ends_at
    meeting.place, meeting.subject = _one_line(details.place), _one_line(details.subject)
    meeting.status = details.status
    meeting.invite_by, meeting.invited_on = details.invite_by, details.invited_on


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _problem(
    place: Message, value: date | datetime | str | None, rule: Message, remedy: Message | None = None
) -> Problem:
    if isinstance(value, date):
        value = f"{local(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value.isoformat()
    return Problem(place=place, value=value, rule=rule, remedy=remedy or say("Correct it."))
