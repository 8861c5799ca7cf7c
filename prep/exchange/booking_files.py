"""Bookings of premises read from an iCalendar file (RFC 5545): every event lands or is reported with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from prep.errors import Problem, Refused
from prep.evacuation.booking_records import BookingFacts, checked
from prep.evacuation.recurrence import read_rule
from prep.language import HELSINKI, Message, say
from prep.terms import BookingKind

MAX_BYTES = 2 << 20
MOST_EVENTS = 400
# What office programs call the time of Finland is Kiev's in the table, and the same.
_OFFICE_ZONES = {**WINDOWS_TO_OLSON, "FLE Standard Time": HELSINKI.key, "UTC": "UTC"}
_LONGEST_TITLE, _LONGEST_UID = 200, 300


@dataclass(frozen=True, slots=True)
class NotRead:
    """An event that does not land: which, and why."""

    event: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class BookingFile:
    """What a calendar file holds: what takes the premises, what does not, what could not be read."""

    bookings: tuple[BookingFacts, ...]
    # Cancelled, or marked as taking no time.
    without_effect: int
    not_read: tuple[NotRead, ...]


def read_bookings(content: bytes, *, with_titles: bool) -> BookingFile:
    """The events of a calendar file. Their names can be those of people: they are taken only ``with_titles``.

    Raises
    ------
    Refused
        If it is no calendar file, holds no event, or too many.
    """
    try:
        events = [one for made in Calendar.from_ical(content, multiple=True) for one in made.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(
            say("It is a calendar file (.ics, iCalendar)."), say("Export the calendar anew, and choose that.")
        ) from error
    if not events:
        raise _refused(say("It holds no event."), say("Export the calendar that has the bookings."))
    if len(events) > MOST_EVENTS:
        raise _refused(
            say("It has at most {n} events; this has {found}.", n=MOST_EVENTS, found=len(events)),
            say("Export a shorter time."),
        )
    found: list[BookingFacts] = []
    failed: list[NotRead] = []
    moved: dict[str, list[date]] = {}
    without = 0
    for number, event in enumerate(events, start=1):
        name = _name(event, number, with_titles=with_titles)
        try:
            _whole(event)
            if "RECURRENCE-ID" in event:
                moved.setdefault(str(event["UID"]), []).append(_wall(event["RECURRENCE-ID"])[0].date())
            if _has_no_effect(event):
                without += 1
                continue
            found.extend(_bookings(event, with_titles=with_titles))
        except Refused as error:
            failed.append(NotRead(name, error.problems[0]))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
            failed.append(NotRead(name, _unread(name)))
    # A turn that was moved or called off has an event of its own.
    bookings = tuple(
        replace(one, excluded=(*one.excluded, *moved.get(one.uid, ()))) if one.rule else one for one in found
    )
    return BookingFile(bookings, without, tuple(failed))


def _bookings(event: Any, *, with_titles: bool) -> Iterator[BookingFacts]:
    starts, zone, is_day = _wall(event["DTSTART"])
    minutes = _minutes(event, starts, zone, is_day=is_day)
    if "RDATE" in event:
        raise Refused(
            Problem(
                place=say("RDATE"),
                value=None,
                rule=say("What comes again is told by a rule (RRULE), or by an event for each turn."),
                remedy=say("Add the turns by hand."),
            )
        )
    facts = BookingFacts(
        BookingKind.TAKEN,
        starts,
        minutes,
        title=" ".join(str(event.get("SUMMARY", "")).split())[:_LONGEST_TITLE] if with_titles else "",
        rule=_rule(event),
        excluded=tuple(_excluded(event)),
        zone=zone,
        uid=str(event.get("UID", ""))[:_LONGEST_UID],
    )
    checked(facts)
    if facts.rule:
        read_rule(facts.rule, starts=starts, zone=ZoneInfo(zone))
    yield facts


def _whole(event: Any) -> None:
    """What icalendar could not read it keeps aside: such an event does not land."""
    if event.errors:
        raise ValueError(event.errors)


def _has_no_effect(event: Any) -> bool:
    return (
        str(event.get("STATUS", "")).upper() == "CANCELLED"
        or str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    )


def _wall(written: Any) -> tuple[datetime, str, bool]:
    """When something is on the wall, of which zone, and whether it is a whole day."""
    value = written.dt
    if not isinstance(value, datetime):
        return datetime.combine(value, time()), HELSINKI.key, True
    if value.tzinfo is None and "TZID" not in written.params:
        return value, HELSINKI.key, False
    return value.replace(tzinfo=None), _zone(written, value), False


def _zone(written: Any, value: datetime) -> str:
    """The name of a zone: its own, or that which office programs give it."""
    key = str(getattr(value.tzinfo, "key", "") or written.params.get("TZID", "") or value.tzname())
    try:
        return ZoneInfo(_OFFICE_ZONES.get(key, key)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(
            Problem(
                place=say("The time zone"),
                value=key[:60],
                rule=say("It is one of the tz database, such as {example}.", example=HELSINKI.key),
                remedy=say("Export the calendar in the time of Finland, or add the event by hand."),
            )
        ) from error


def _minutes(event: Any, starts: datetime, zone: str, *, is_day: bool) -> int:
    if "DTEND" in event:
        ends, end_zone, _ = _wall(event["DTEND"])
        if end_zone != zone:
            there = ends.replace(tzinfo=ZoneInfo(end_zone)).astimezone(ZoneInfo(zone))
            ends = there.replace(tzinfo=None)
        lasts = ends - starts
    elif "DURATION" in event:
        lasts = event["DURATION"].dt
    else:
        # RFC 5545, 3.6.1: a day without an end is that day; a moment without one takes no time.
        lasts = timedelta(days=1) if is_day else timedelta()
    return int(lasts / timedelta(minutes=1))


def _rule(event: Any) -> str:
    rule = event.get("RRULE")
    if isinstance(rule, list):
        raise ValueError("several rules")
    return "" if rule is None else str(rule.to_ical().decode())


def _excluded(event: Any) -> Iterator[date]:
    found = event.get("EXDATE", [])
    for some in found if isinstance(found, list) else [found]:
        for one in some.dts:
            yield _wall(one)[0].date()


def _name(event: Any, number: int, *, with_titles: bool) -> str:
    title = " ".join(str(event.get("SUMMARY", "")).split())[:60] if with_titles else ""
    return f"{number}. {title}".rstrip()


def _unread(name: str) -> Problem:
    return Problem(
        place=say("Event {name}", name=name),
        value=None,
        rule=say("It has a beginning, and an end or a duration, as RFC 5545 writes them."),
        remedy=say("Add it by hand."),
    )


def _refused(rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("The calendar file"), value=None, rule=rule, remedy=remedy))
