"""Days that are asked for in the address of a page, or written in a form."""

from datetime import date

from flask import request

from prep import clock
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.web.choices import address_refused

AS_ON = "paiva"
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
