"""Whether premises can be had on a day at an hour: free, only with notice, taken, or not known.

Hours are those of the clock in Finland; on the days when it is changed a day has 23 or 25 of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prep.evacuation.recurrence import instant, turns
from prep.language import HELSINKI, Message, say
from prep.terms import BookingKind, SiteStatus, Usability

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=366)
# How far ahead one looks for the hour from which premises are free.
_SEARCH = timedelta(days=60)
_SLACK = timedelta(days=2)
_ORDER = (Usability.TAKEN, Usability.UNKNOWN, Usability.ON_NOTICE, Usability.FREE)


@dataclass(frozen=True, slots=True)
class Span:
    """One turn of a booking; it ends before ``ends``."""

    booking: "Booking"
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Booking:
    """When premises cannot be had, or only with notice: once, or by a rule that `recurrence.read_rule` gave.

    ``starts`` is on the wall of ``zone``; ``notice_h`` are the hours from the call until the premises are free.
    """

    kind: BookingKind
    starts: datetime
    minutes: int
    title: str = ""
    rule: str = ""
    excluded: frozenset[date] = frozenset()
    zone: str = HELSINKI.key
    notice_h: float | None = None

    def __post_init__(self) -> None:
        if self.starts.tzinfo is not None:
            raise ValueError("a booking begins on the wall")
        if not timedelta() < timedelta(minutes=self.minutes) <= LONGEST:
            raise ValueError(f"a booking lasts {self.minutes} minutes")
        if (self.kind is BookingKind.ON_NOTICE) != (self.notice_h is not None):
            raise ValueError("only what is to be had with notice has hours of notice, and it always has")

    def spans(self, first: datetime, last: datetime) -> Iterator[Span]:
        """Its turns that touch the time from one moment to before another."""
        zone, lasts = ZoneInfo(self.zone), timedelta(minutes=self.minutes)
        begin, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (first, last))
        for turn in turns(self.rule, starts=self.starts, first=begin - lasts - _SLACK, last=end + _SLACK):
            found = Span(self, instant(turn, zone), instant(turn + lasts, zone))
            if turn.date() not in self.excluded and found.starts < last and first < found.ends:
                yield found


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of when premises can be had.

    ``is_kept``: what the bookings do not mention is free, until the end of ``known_until`` (None: without end).
    Where it is not kept, what they do not mention is not known.
    """

    status: SiteStatus
    bookings: tuple[Booking, ...] = ()
    is_kept: bool = False
    known_until: date | None = None


@dataclass(frozen=True, slots=True)
class Usable:
    """Whether premises can be had in an hour, what stands in the way, and from when they are free."""

    kind: Usability
    sentence: Message
    # Hours from the call until they are free; None where nobody says, or where they are free already.
    notice_h: float | None = None
    # The moment from which nothing takes them any more; None where none is known.
    free_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours of a day one after another with the same answer; ``hours`` are numbered on the wall."""

    first: datetime
    last: datetime
    hours: int
    usable: Usable


def hour_of(day: date, hour: int) -> datetime:
    """The moment at which an hour of a day begins; of an hour that comes twice the first.

    >>> hour_of(date(2026, 10, 25), 3).isoformat(), hour_of(date(2026, 10, 25), 4).isoformat()
    ('2026-10-25T00:00:00+00:00', '2026-10-25T02:00:00+00:00')
    """
    return instant(datetime.combine(day, time(hour)), HELSINKI)


def usable(calendar: Calendar, at: datetime) -> Usable:
    """Whether premises can be had for the whole hour that begins at a moment."""
    # In UTC, where an hour later is an hour later.
    at = at.astimezone(UTC)
    found = [span for one in calendar.bookings for span in one.spans(at, at + HOUR)]
    answer = _judged(calendar, found, at)
    if answer.kind is not Usability.TAKEN or calendar.status in _NEVER:
        return answer
    free = _free_from(calendar, at)
    return answer if free is None else _until(answer, free)


def week(calendar: Calendar, first: date, *, days: int = 7) -> list[tuple[date, list[Stretch]]]:
    """Day by day the hours one after another that have the same answer."""
    begins = [hour_of(first + timedelta(days=n), 0) for n in range(days + 1)]
    spans = [span for one in calendar.bookings for span in one.spans(begins[0], begins[-1])]
    return [
        (first + timedelta(days=n), _stretches(calendar, spans, begins[n], begins[n + 1]))
        for n in range(days)
    ]


def worst_of(kinds: Iterable[Usability]) -> Usability:
    """What holds of a whole: taken, else not known, else with notice, else free."""
    found = set(kinds)
    return next((kind for kind in _ORDER if kind in found), Usability.UNKNOWN)


_NEVER = {
    SiteStatus.OUT: say("out of use"),
    SiteStatus.IN_USE: say("in other use for the present"),
    SiteStatus.WITHDRAWN: say("withdrawn from the list"),
}


def _judged(calendar: Calendar, spans: Sequence[Span], at: datetime) -> Usable:
    if calendar.status in _NEVER:
        return Usable(Usability.TAKEN, _NEVER[calendar.status])
    here = [span for span in spans if span.starts < at + HOUR and at < span.ends]
    taken = [span for span in here if span.booking.kind is BookingKind.TAKEN]
    if taken:
        titles = _titles(taken)
        sentence = say("taken: {what}", what=titles) if titles else say("taken")
        return Usable(Usability.TAKEN, sentence)
    if calendar.status is SiteStatus.UNKNOWN:
        return Usable(Usability.UNKNOWN, say("not known: nobody has said whether the premises can be had"))
    if calendar.status is SiteStatus.OFFERED:
        return Usable(Usability.UNKNOWN, say("not known: offered, and nothing is agreed yet"))
    if not calendar.is_kept:
        return Usable(Usability.UNKNOWN, say("not known: no calendar is kept"))
    if calendar.known_until is not None and at.astimezone(HELSINKI).date() > calendar.known_until:
        return Usable(
            Usability.UNKNOWN, say("not known: the calendar reaches to {day}", day=calendar.known_until)
        )
    notice = [span.booking.notice_h for span in here if span.booking.notice_h is not None]
    if notice:
        hours, titles = max(notice), _titles(here)
        sentence = (
            say("{n} h after the call: {what}", n=hours, what=titles)
            if titles
            else say("{n} h after the call", n=hours)
        )
        return Usable(Usability.ON_NOTICE, sentence, notice_h=hours)
    if calendar.status is SiteStatus.CONDITIONAL:
        return Usable(Usability.ON_NOTICE, say("on conditions"))
    return Usable(Usability.FREE, say("free"))


def _titles(spans: Iterable[Span]) -> list[str]:
    return list(dict.fromkeys(span.booking.title for span in spans if span.booking.title))


def _free_from(calendar: Calendar, at: datetime) -> datetime | None:
    taking = [one for one in calendar.bookings if one.kind is BookingKind.TAKEN]
    spans = sorted(
        (span for one in taking for span in one.spans(at, at + _SEARCH)), key=lambda span: span.starts
    )
    free = at
    for span in spans:
        # The first takes some of the hour, perhaps not its beginning.
        if span.starts > max(free, at + HOUR - timedelta(minutes=1)):
            break
        free = max(free, span.ends)
    return free if free < at + _SEARCH else None


def _until(answer: Usable, free: datetime) -> Usable:
    sentence = say("{taken}, until {moment}", taken=answer.sentence, moment=free)
    return Usable(answer.kind, sentence, free_from=free)


def _stretches(calendar: Calendar, spans: Sequence[Span], begins: datetime, ends: datetime) -> list[Stretch]:
    found: list[Stretch] = []
    at = begins
    while at < ends:
        answer = _judged(calendar, spans, at)
        if found and found[-1].usable == answer:
            found[-1] = Stretch(found[-1].first, at + HOUR, found[-1].hours + 1, answer)
        else:
            found.append(Stretch(at, at + HOUR, 1, answer))
        at += HOUR
    return found
