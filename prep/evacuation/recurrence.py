"""When something comes again: rules of RFC 5545 (RRULE), read strictly and counted out on the clock on the wall."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar.prop import vRecur

from prep.errors import Problem, Refused
from prep.language import say

LONGEST_RULE = 300
# What a rule may say; what is finer than a day stands in the hours beside it.
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_PARTS = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"),
    *("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"),
}
# Nobody plans further; a rule that counts its turns is counted out to here at most.
_AHEAD = timedelta(days=366 * 30)
_STEPS = {"DAILY": 1, "WEEKLY": 7}
_LONGEST_INTERVAL = 400
# The calendar repeats after 400 years, weekdays and all.
_CYCLES = 19
_UNTIL = re.compile(r"UNTIL=([0-9TZ]+)")


def read_rule(text: str, *, starts: datetime, zone: tzinfo) -> str:
    """A rule as it is kept: its parts in order, its end as a moment on the wall in ``zone``, no count of turns.

    ``starts`` is the first turn, on the wall in ``zone``.

    >>> from prep.language import HELSINKI
    >>> read_rule("freq=weekly;count=3;byday=mo", starts=datetime(2026, 8, 10, 8), zone=HELSINKI)
    'FREQ=WEEKLY;UNTIL=20260824T080000;BYDAY=MO'

    Raises
    ------
    Refused
        If it is no rule, finer than a day, or never comes.
    """
    plain = " ".join(text.upper().removeprefix("RRULE:").split())
    if len(plain) > LONGEST_RULE:
        raise _refused(text)
    try:
        parts = vRecur.from_ical(plain)
        if not set(parts) <= _PARTS or not set(parts.get("FREQ", [])) <= _FREQUENCIES or "FREQ" not in parts:
            raise _refused(text)
        counted = parts.pop("COUNT", None)
        furthest = starts + _AHEAD
        until = min(_on_the_wall(parts["UNTIL"][0], zone), furthest) if "UNTIL" in parts else furthest
        parts["UNTIL"] = [until]
        turns_counted = int(counted[0]) if counted else 1
        if turns_counted < 1 or not 1 <= int(parts.get("INTERVAL", [1])[0]) <= _LONGEST_INTERVAL:
            raise _refused(text)
        does_come = until >= starts and _comes(parts, starts, until)
        if counted and does_come:
            parts["UNTIL"] = list(islice(_set(parts, starts), turns_counted))[-1:]
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise _refused(text) from error
    if not does_come:
        raise Refused(
            Problem(
                place=say("The rule of repetition"),
                value=text[:60],
                rule=say("It comes at least once between its first and its last day."),
                remedy=say("Look at the days, and at the last day of the rule."),
            )
        )
    if not counted and until == furthest:
        parts.pop("UNTIL")
    return str(parts.to_ical().decode())


def turns(rule: str, *, starts: datetime, first: datetime, last: datetime) -> Iterator[datetime]:
    """The turns of a rule from ``first`` to ``last``, all on the wall; ``rule`` is one that `read_rule` gave.

    Cost: in proportion to the turns between; for a monthly or yearly rule also to those since it began.
    """
    if not rule:
        if first <= starts <= last:
            yield starts
        return
    parts = vRecur.from_ical(rule)
    until = parts["UNTIL"][0] if "UNTIL" in parts else None
    # A rule without turns would be looked for to the end of the calendar.
    parts["UNTIL"] = [min(last, until) if until else last]
    begin = starts
    step = _STEPS.get(str(parts["FREQ"][0]))
    if step and first > starts:
        step *= int(parts.get("INTERVAL", [1])[0])
        begin += timedelta(days=step * max(0, (first - starts).days // step - 1))
    for turn in _set(parts, begin):
        if turn > last:
            return
        if turn >= first:
            yield turn


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """The moment of a time on the wall. Of an hour that comes twice the first; of one that is left out, as before it.

    >>> from prep.language import HELSINKI
    >>> instant(datetime(2026, 3, 29, 3, 30), HELSINKI).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _set(parts: Any, starts: datetime) -> Any:
    return rrulestr(_UNTIL.sub(lambda found: f"UNTIL={found[1].rstrip('Z')}", _text(parts)), dtstart=starts)


def _comes(parts: Any, starts: datetime, until: datetime) -> bool:
    """Whether a rule has a turn. One that has none is looked for to the end of the calendar: asked close to it."""
    late = dict(parts) | {"UNTIL": [_late(until)]}
    return next(iter(_set(vRecur(late), _late(starts))), None) is not None


def _late(wall: datetime) -> datetime:
    return wall.replace(year=wall.year + 400 * _CYCLES)


def _text(parts: Any) -> str:
    return str(parts.to_ical().decode())


def _on_the_wall(value: date | datetime, zone: tzinfo) -> datetime:
    """The end of a rule: a day counts to its end."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(23, 59, 59))
    return value if value.tzinfo is None else value.astimezone(zone).replace(tzinfo=None)


def _refused(text: str) -> Refused:
    return Refused(
        Problem(
            place=say("The rule of repetition"),
            value=text[:60] or None,
            rule=say("It is a rule of RFC 5545 that repeats by days, weeks, months or years."),
            remedy=say("Write it as {example}.", example="FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270531"),
        )
    )
