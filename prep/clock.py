"""The only reader of the time.

``PREP_NOW`` (an ISO moment, such as ``2026-11-22T04:00+02:00``) sets the clock for rehearsals and tests.
"""

import os
from datetime import UTC, date, datetime

from prep.language import HELSINKI


def now() -> datetime:
    """The moment, aware and in UTC."""
    set_to = os.environ.get("PREP_NOW")
    if not set_to:
        return datetime.now(UTC)
    moment = datetime.fromisoformat(set_to)
    return (moment if moment.tzinfo else moment.replace(tzinfo=HELSINKI)).astimezone(UTC)


def today() -> date:
    """The day in Helsinki."""
    return now().astimezone(HELSINKI).date()
