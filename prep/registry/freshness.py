"""How old a value may be before it has to be confirmed again."""

from datetime import date

from prep.terms import State

# Twice a year for numbers, once a year for premises: proposals, to be set by the county.
CONTACT_INTERVAL_DAYS = 180
SITE_INTERVAL_DAYS = 365


def freshness(confirmed_on: date | None, *, on: date, interval_days: int) -> State:
    """The state of a value last confirmed on a day: unknown is never fine.

    Up to the interval it is in order, up to twice the interval it has to be confirmed, after that it is a fault.

    >>> freshness(date(2026, 5, 26), on=date(2026, 11, 22), interval_days=180).value
    'ok'
    >>> freshness(date(2026, 5, 25), on=date(2026, 11, 22), interval_days=180).value
    'warning'
    >>> freshness(None, on=date(2026, 11, 22), interval_days=180).value
    'unknown'
    """
    if confirmed_on is None:
        return State.UNKNOWN
    age_days = (on - confirmed_on).days
    if age_days <= interval_days:
        return State.OK
    return State.WARNING if age_days <= 2 * interval_days else State.FAULT
