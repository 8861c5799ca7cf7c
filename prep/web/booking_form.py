"""The form for what takes premises, once or again and again: its fields, and what they say."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from prep.errors import Problem, Refused, no_such_choice
from prep.evacuation.booking_records import MOST_EXCLUDED, BookingFacts
from prep.evacuation.calendar_records import starts_of
from prep.language import HELSINKI, Message, say
from prep.models import SiteBooking
from prep.terms import BookingKind
from prep.web.days import day_typed
from prep.web.forms import Gathering

FIELDS = ("kind", "notice_h", "title", "repeats", "days", "starts", "ends", "from", "to", "except", "rule")
ONCE, WEEKLY, YEARLY, RULE = "once", "weekly", "yearly", "rule"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLACES = {
    "What for": "title",
    "How it takes the premises": "kind",
    "Hours from the call": "notice_h",
    "How it repeats": "repeats",
    "On these weekdays": "days",
    "First day": "starts",
    "Last day": "ends",
    "Begins at": "from",
    "Ends at": "to",
    "Not on these days": "except",
    "The rule of repetition": "rule",
    "The calendar": "starts",
}
_WEEKLY = re.compile(r"FREQ=WEEKLY(?:;UNTIL=(\d{8})T235959)?;BYDAY=([A-Z,]+)")
_ONE = r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))"
_SPAN = re.compile(rf"{_ONE}(?:\s*(?:–|—|-|\.\.)\s*{_ONE})?")
_WHOLE_DAY = 1440
_NO_DAYS: tuple[date, ...] = ()
_LONGEST_FIELD = 2000


def values_of(row: SiteBooking) -> dict[str, str]:
    """What stands in the fields for a booking."""
    starts, lasts = starts_of(row), timedelta(minutes=row.minutes)
    ends = starts + lasts
    is_whole = starts.time() == time() and row.minutes % _WHOLE_DAY == 0
    last_day = (ends - timedelta(days=1)).date() if is_whole else ends.date()
    weekly = _WEEKLY.fullmatch(row.rule)
    values = dict.fromkeys(FIELDS, "") | {
        "kind": row.kind.value,
        "notice_h": "" if row.notice_h is None else f"{row.notice_h:g}".replace(".", ","),
        "title": row.title,
        "starts": starts.date().isoformat(),
        "from": "" if is_whole else f"{starts:%H:%M}",
        "to": "" if is_whole else f"{ends:%H:%M}",
        "except": ", ".join(_spans_of(row.excluded)),
    }
    if weekly and row.minutes <= _WHOLE_DAY:
        until = weekly[1]
        ended = f"{until[:4]}-{until[4:6]}-{until[6:]}" if until else ""
        return values | {"repeats": WEEKLY, "days": weekly[2].replace(",", " "), "ends": ended}
    if row.rule in {"", "FREQ=YEARLY"}:
        return values | {"repeats": YEARLY if row.rule else ONCE, "ends": last_day.isoformat()}
    return values | {"repeats": RULE, "rule": row.rule, "ends": last_day.isoformat()}


def facts_typed(values: Mapping[str, str], *, zone: str = HELSINKI.key, uid: str = "") -> BookingFacts:
    """What the fields say.

    Raises
    ------
    Refused
        With everything that is wrong in them.
    """
    gathering = Gathering()
    problems, tried = gathering.problems, gathering.tried
    kind = next((one for one in BookingKind if one == values["kind"]), None)
    repeats = values["repeats"] if values["repeats"] in {ONCE, WEEKLY, YEARLY, RULE} else None
    if kind is None:
        problems.append(no_such_choice(say("How it takes the premises"), values["kind"]))
    if repeats is None:
        problems.append(no_such_choice(say("How it repeats"), values["repeats"]))
    first = tried(lambda: day_typed(say("First day"), values["starts"]), date(2026, 1, 1))
    last = tried(lambda: day_typed(say("Last day"), values["ends"]) if values["ends"] else None, None)
    begin = tried(lambda: _time(say("Begins at"), values["from"]), None)
    end = tried(lambda: _time(say("Ends at"), values["to"]), None)
    excluded: tuple[date, ...] = tried(lambda: _days(values["except"]), _NO_DAYS)
    notice = tried(lambda: _hours(values["notice_h"]), None)
    if (begin is None) != (end is None) and not problems:
        problems.append(
            _problem(
                say("Begins at") if begin is None else say("Ends at"),
                None,
                say("Both hours are written, or none for whole days."),
                say("Write the missing one."),
            )
        )
    rule = tried(lambda: _rule(repeats or ONCE, values, last), "")
    if problems or kind is None:
        raise Refused(problems)
    starts = datetime.combine(first, begin or time())
    minutes = _minutes(starts, None if repeats == WEEKLY else last, end)
    return BookingFacts(kind, starts, minutes, values["title"], rule, excluded, zone, notice, uid)


def _minutes(starts: datetime, last: date | None, end: time | None) -> int:
    """How long one turn lasts: to an hour of its last day, or to the end of that day."""
    last = last or starts.date()
    if end is None:
        return int((datetime.combine(last, time()) - starts).total_seconds() // 60) + _WHOLE_DAY
    lasts = int((datetime.combine(last, end) - starts).total_seconds() // 60)
    # From 22 to 6 is a night.
    return lasts + _WHOLE_DAY if lasts <= 0 and last == starts.date() else lasts


def _rule(repeats: str, values: Mapping[str, str], last: date | None) -> str:
    if repeats == YEARLY:
        return "FREQ=YEARLY"
    if repeats == RULE:
        if not values["rule"].strip():
            raise _refused(
                say("The rule of repetition"),
                None,
                say("It is needed where the repetition is told by a rule."),
                say("Write it, or choose another way of repeating."),
            )
        return values["rule"]
    if repeats == ONCE:
        return ""
    days = values["days"].split()
    if not days or not set(days) <= set(DAYS):
        raise _refused(
            say("On these weekdays"),
            None,
            say("What comes every week comes on a weekday at least."),
            say("Tick the weekdays."),
        )
    until = f"UNTIL={last:%Y%m%d};" if last else ""
    return f"FREQ=WEEKLY;{until}BYDAY={','.join(one for one in DAYS if one in days)}"


def _time(place: Message, value: str) -> time | None:
    if not value.strip():
        return None
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::\d{2})?", value.strip())
    if found is None or not (int(found[1]) < 24 and int(found[2]) < 60):
        raise _refused(place, value[:20], say("It is a time such as 8:00."), say("Write it so."))
    return time(int(found[1]), int(found[2]))


def _hours(value: str) -> float | None:
    plain = value.strip().replace(",", ".")
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,4}(\.\d{1,2})?", plain):
        raise _refused(
            say("Hours from the call"),
            value[:20],
            say("It is a number of hours, such as 4."),
            say("Write it so."),
        )
    return float(plain)


def _days(text: str) -> tuple[date, ...]:
    """Days and spans of days, with commas between: ``12.10.2026–16.10.2026, 2026-12-06``."""
    found: list[date] = []
    for part in filter(None, (one.strip() for one in text[:_LONGEST_FIELD].split(","))):
        said = _SPAN.fullmatch(part)
        try:
            if said is None:
                raise ValueError(part)
            first = _day(said.groups()[:6])
            last = _day(said.groups()[6:]) if any(said.groups()[6:]) else first
            if not first <= last <= first + timedelta(days=MOST_EXCLUDED):
                raise ValueError(part)
        except ValueError as error:
            raise _refused(
                say("Not on these days"),
                part[:40],
                say("It is a day or a span of days, with commas between several."),
                say("Write it as {example}.", example="12.10.2026–16.10.2026, 6.12.2026"),
            ) from error
        found += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(found)


def _day(parts: tuple[str | None, ...]) -> date:
    year, month, day, other_day, other_month, other_year = parts
    return date(int(year or other_year or 0), int(month or other_month or 0), int(day or other_day or 0))


def _spans_of(days: list[str]) -> list[str]:
    """Days as they are written in the field, those after one another as a span."""
    spans: list[list[date]] = []
    for day in sorted(date.fromisoformat(one) for one in days):
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    written = "{0.day}.{0.month}.{0.year}".format
    return [written(one[0]) if len(one) == 1 else f"{written(one[0])}–{written(one[-1])}" for one in spans]


def _problem(place: Message, value: str | None, rule: Message, remedy: Message) -> Problem:
    return Problem(place=place, value=value, rule=rule, remedy=remedy)


def _refused(place: Message, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(_problem(place, value, rule, remedy))
