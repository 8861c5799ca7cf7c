"""Days that are asked for in the address of a page, or written in a form."""

from datetime import date, datetime

from flask import request

from prep import clock
from prep.errors import Problem, Refused
from prep.evacuation.availability import hour_of
from prep.language import Message, say
from prep.web.choices import address_refused

AS_ON, AT_HOUR = "paiva", "klo"
_NOON = 12
# The first and the last days of all have no day beside them.
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)


def day_asked(name: str) -> date | None:
    """The day that the address asks for under a name, None if it asks for none.

    Raises
    ------
    Refused
        If it is no day.
    """
    given = request.args.get(name)
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
        if not _FIRST <= day <= _LAST:
            raise ValueError(given)
    except ValueError as error:
        raise address_refused(name, given, say("It is a day, such as 2026-11-22.")) from error
    return day


def as_on() -> date:
    """The day as on which the page is to be shown: today, unless the address asks for another.

    Raises
    ------
    Refused
        If it asks for what is no day.
    """
    return day_asked(AS_ON) or clock.today()


def hour_asked() -> datetime | None:
    """The beginning of the hour that the address asks about, by a day, an hour or both; None if by neither.

    A day without an hour is asked about at noon, an hour without a day today.

    Raises
    ------
    Refused
        If it is no day or no hour.
    """
    given = request.args.get(AT_HOUR, "")
    day = day_asked(AS_ON)
    if given and not (given.isascii() and given.isdecimal() and int(given[:3]) < 24):
        raise address_refused(AT_HOUR, given, say("It is an hour from 0 to 23."))
    if not given and day is None:
        return None
    return hour_of(day or clock.today(), int(given) if given else _NOON)


def day_typed(place: Message, value: str) -> date:
    """The day in a field.

    Raises
    ------
    Refused
        If it is none.
    """
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refused(
            Problem(
                place=place,
                value=value[:40] or None,
                rule=say("It is a day, such as 2026-11-22."),
                remedy=say("Choose the day from the calendar, or write it so."),
            )
        ) from error
