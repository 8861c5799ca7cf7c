"""Whether a record has been confirmed often enough."""

from datetime import date

from prep.terms import State


def freshness(confirmed_on: date | None, *, on: date, interval_days: int) -> State:
    """In order within the interval, ageing within twice of it, then a fault; unknown when never confirmed.

    >>> freshness(date(2025, 1, 1), on=date(2026, 1, 1), interval_days=365).value
    'ok'
    """
    if confirmed_on is None:
        return State.UNKNOWN
    age_days = (on - confirmed_on).days
    if age_days <= interval_days:
        return State.OK
    return State.WARNING if age_days <= 2 * interval_days else State.FAULT
