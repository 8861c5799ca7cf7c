"""The only reader of the time.

``PREP_NOW`` (an ISO moment, such as ``2026-11-22T04:00+02:00``) sets the clock for rehearsals and tests.
"""

import os
from datetime import UTC, date, datetime

from prep.errors import Problem, Refused
from prep.language import HELSINKI, say

# Far enough from both ends of the calendar that days can be counted from it.
_YEARS = range(2000, 2101)


def now() -> datetime:
    """The moment, aware and in UTC.

    Raises
    ------
    Refused
        If ``PREP_NOW`` is not a moment.
    """
    set_to = os.environ.get("PREP_NOW")
    if not set_to:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(set_to)
    except ValueError as error:
        raise _not_a_moment(set_to) from error
    if moment.year not in _YEARS:
        raise _not_a_moment(set_to)
    return (moment if moment.tzinfo else moment.replace(tzinfo=HELSINKI)).astimezone(UTC)


def today() -> date:
    """The day in Helsinki."""
    return now().astimezone(HELSINKI).date()


def _not_a_moment(value: str) -> Refused:
    return Refused(
        Problem(
            place="PREP_NOW",
            value=value,
            rule=say(
                "The value is a day and a time between the years {first} and {last}.",
                first=str(_YEARS[0]),
                last=str(_YEARS[-1]),
            ),
            remedy=say("Write it as {example}, or leave it empty.", example="2026-11-22T04:00"),
        )
    )
