"""Meetings of a body: which come, which were, whether each could decide, and whether there are as many as agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from prep.language import HELSINKI, Message, say
from prep.models import Attachment, Attendance, Body, Meeting, MeetingRule, Seat
from prep.regions.kinds import Period
from prep.terms import MeetingStatus, State

# An invitation that has to go within so many days is told of.
INVITE_SOON_DAYS = 7
_TERM_YEARS = 4


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether a meeting could decide: seats present of those that it takes, and required seats that were empty.

    The seats, and how many it takes, are those that the body has today.
    """

    present: int
    needed: int
    missing: tuple[Seat, ...]

    @property
    def is_reached(self) -> bool:
        """Whether it could."""
        return self.present >= self.needed and not self.missing


@dataclass(frozen=True, slots=True)
class MeetingStanding:
    """One meeting on a day. ``quorum`` is None where it cannot be told; ``files``: how many are kept."""

    meeting: Meeting
    quorum: Quorum | None
    files: int
    on: date

    @property
    def day(self) -> date:
        """The day on which it begins, in Finland."""
        return self.meeting.starts_at.astimezone(HELSINKI).date()

    @property
    def is_held(self) -> bool:
        return self.meeting.status is MeetingStatus.HELD

    @property
    def is_to_come(self) -> bool:
        """Whether it is still planned and its day has not passed."""
        return self.meeting.status is MeetingStatus.PLANNED and self.day >= self.on

    @property
    def state(self) -> State:
        """How it stands; what nobody has noted is not known, never in order."""
        return self.standing[0]

    @property
    def words(self) -> Message:
        """How it stands, in words."""
        return self.standing[1]

    @property
    def standing(self) -> tuple[State, Message]:
        """State and words."""
        match self.meeting.status:
            case MeetingStatus.CANCELLED:
                return State.OK, say("cancelled")
            case MeetingStatus.PLANNED:
                return self._invitation() if self.is_to_come else (State.UNKNOWN, say("held? not noted"))
            case MeetingStatus.HELD:
                return self._held()

    def _invitation(self) -> tuple[State, Message]:
        meeting = self.meeting
        if meeting.invited_on is not None:
            return State.OK, say("invited {day}", day=meeting.invited_on)
        if meeting.invite_by is None:
            return State.UNKNOWN, say("last day of the invitation not set")
        if meeting.invite_by < self.on:
            return State.FAULT, say("invitation late since {day}", day=meeting.invite_by)
        if meeting.invite_by <= self.on + timedelta(days=INVITE_SOON_DAYS):
            return State.WARNING, say("invite by {day}", day=meeting.invite_by)
        return State.OK, say("invite by {day}", day=meeting.invite_by)

    def _held(self) -> tuple[State, Message]:
        if not self.meeting.attendances:
            return State.UNKNOWN, say("held; attendance not noted")
        if self.quorum is None:
            return State.UNKNOWN, say("held; the body has no seats to count")
        if not self.quorum.is_reached:
            return State.FAULT, say("held without a quorum")
        if not self.files:
            return State.WARNING, say("held; no minutes")
        return State.OK, say("held")


@dataclass(frozen=True, slots=True)
class RuleStanding:
    """An agreed frequency, and the meetings from ``starts`` to ``ends`` (the last day): held, planned still to come."""

    rule: MeetingRule
    starts: date
    ends: date
    held: int
    planned: int
    state: State
    words: Message


def meetings_standing(session: Session, *, on: date) -> Mapping[int, list[MeetingStanding]]:
    """The meetings of every body, by the body's number, in order of time.

    Cost: four queries, whatever the number of bodies.
    """
    found: dict[int, list[MeetingStanding]] = {}
    for one in _standing(session, select(Meeting), on=on):
        found.setdefault(one.meeting.body_id, []).append(one)
    return found


def meetings_of(session: Session, body: Body, *, on: date) -> list[MeetingStanding]:
    """The meetings of one body, in order of time."""
    return _standing(session, select(Meeting).where(Meeting.body_id == body.id), on=on)


def meeting_standing(session: Session, meeting: Meeting, *, on: date) -> MeetingStanding:
    """One meeting."""
    return _standing(session, select(Meeting).where(Meeting.id == meeting.id), on=on)[0]


def invitations_due(session: Session, *, on: date) -> list[MeetingStanding]:
    """The meetings to come whose invitation is late, has to go soon, or has no last day set; in order of time."""
    planned = select(Meeting).where(Meeting.status == MeetingStatus.PLANNED)
    return [one for one in _standing(session, planned, on=on) if one.is_to_come and one.state is not State.OK]


def next_meeting(several: Sequence[MeetingStanding]) -> MeetingStanding | None:
    """The first that is still to come."""
    return next((one for one in several if one.is_to_come), None)


def quorum_of(meeting: Meeting) -> Quorum | None:
    """Whether a meeting could decide; None where nobody has noted who came, or the body has no seats.

    A seat counts once, whoever sat in it; a guest fills none.
    """
    seats = meeting.body.seats
    if not meeting.attendances or not seats:
        return None
    taken = {one.seat_id for one in meeting.attendances if one.seat_id is not None}
    needed = meeting.body.quorum or len([seat for seat in seats if not seat.is_optional])
    missing = tuple(seat for seat in seats if seat.is_required and seat.id not in taken)
    return Quorum(len(taken), needed, missing)


def rules_standing(body: Body, several: Sequence[MeetingStanding], *, on: date) -> list[RuleStanding]:
    """The agreed frequencies of a body, each with the meetings of the period that the day is in."""
    return [_rule_standing(rule, several, on) for rule in body.meeting_rules]


def period_of(period: Period, day: date) -> tuple[date, date]:
    """The first and last day of the calendar year or council term that a day is in.

    A council term is four years and begins on the first of June of the year of election: Local Government Act
    (410/2015), section 15. The term of 2021 began on the first of August; it is counted from June.

    >>> period_of(Period.COUNCIL_TERM, date(2026, 11, 22))
    (datetime.date(2025, 6, 1), datetime.date(2029, 5, 31))
    >>> period_of(Period.COUNCIL_TERM, date(2025, 5, 31))[0].year
    2021
    >>> period_of(Period.YEAR, date(2026, 11, 22))
    (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    """
    if period is Period.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    year = day.year - (day.year - 1) % _TERM_YEARS
    if day < date(year, 6, 1):
        year -= _TERM_YEARS
    return date(year, 6, 1), date(year + _TERM_YEARS, 5, 31)


def local(at: datetime) -> datetime:
    """A moment as the clocks of Finland show it."""
    return at.astimezone(HELSINKI)


def _rule_standing(rule: MeetingRule, several: Sequence[MeetingStanding], on: date) -> RuleStanding:
    starts, ends = period_of(rule.period, on)
    within = [one for one in several if starts <= one.day <= ends]
    held = sum(one.is_held for one in within)
    planned = sum(one.is_to_come for one in within)
    state, words = _judged(rule, several, starts=starts, ends=ends, held=held, planned=planned)
    return RuleStanding(rule, starts, ends, held, planned, state, words)


def _judged(
    rule: MeetingRule,
    several: Sequence[MeetingStanding],
    *,
    starts: date,
    ends: date,
    held: int,
    planned: int,
) -> tuple[State, Message]:
    """What the figures say. The period before is judged only where the record reaches back behind it."""
    if not several:
        return State.UNKNOWN, say("no meeting is on record")
    if rule.is_per_area:
        return State.UNKNOWN, say("held: {held}; in which areas is not on record", held=held)
    facts = {"held": held, "planned": planned}
    before = period_of(rule.period, starts - timedelta(days=1))
    of_before = sum(one.is_held and before[0] <= one.day <= before[1] for one in several)
    if several[0].day < before[0] and of_before < rule.min:
        return State.FAULT, say(
            "held {starts}–{ends}: {n}, agreed: {least}",
            starts=before[0],
            ends=before[1],
            n=of_before,
            least=rule.min,
        )
    if held >= rule.min:
        return State.OK, say("held: {held}, planned: {planned}", **facts)
    if held + planned >= rule.min:
        return State.OK, say("held: {held}, planned: {planned}", **facts)
    missing = rule.min - held - planned
    return State.WARNING, say(
        "held: {held}, planned: {planned}, to be planned by {ends}: {n}", **facts, ends=ends, n=missing
    )


def _standing(session: Session, query: object, *, on: date) -> list[MeetingStanding]:
    meetings = session.scalars(
        query.order_by(Meeting.starts_at, Meeting.id).options(  # type: ignore[attr-defined]
            joinedload(Meeting.body).selectinload(Body.seats),
            selectinload(Meeting.attendances).joinedload(Attendance.person),
        )
    ).all()
    counted = select(Attachment.meeting_id, func.count()).group_by(Attachment.meeting_id)
    files = dict(session.execute(counted.where(Attachment.meeting_id.is_not(None))).all())
    return [MeetingStanding(one, quorum_of(one), files.get(one.id, 0), on) for one in meetings]
