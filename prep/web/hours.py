"""The hours of premises as pages show them: a bar for a day, the same in words, and how it is now."""

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from prep.evacuation.availability import Stretch, Usable, usable, week
from prep.evacuation.calendar_records import calendar_of
from prep.language import HELSINKI
from prep.models import Site
from prep.terms import State, Usability
from prep.web.svg.hours import hour_bar
from prep.web.writing import short_weekday

STATE_OF = {
    Usability.FREE: State.OK,
    Usability.ON_NOTICE: State.WARNING,
    Usability.TAKEN: State.FAULT,
    Usability.UNKNOWN: State.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    """One day as the week shows it: a bar of its hours, and the same in words."""

    day: date
    name: str
    bar: Markup
    stretches: tuple[tuple[str, Stretch], ...]


def days_of(site: Site, first: date, *, days: int = 7) -> list[DayOfWeek]:
    """Some days of premises as the pages show them."""
    return [
        DayOfWeek(
            day,
            short_weekday(day),
            hour_bar([(STATE_OF[one.usable.kind], one.hours) for one in some]),
            tuple((_hours(one), one) for one in some),
        )
        for day, some in week(calendar_of(site), first, days=days)
    ]


def usable_now(site: Site, at: datetime) -> tuple[State, Usable]:
    """Whether premises can be had in the hour of a moment."""
    found = usable(calendar_of(site), at.replace(minute=0, second=0, microsecond=0))
    return STATE_OF[found.kind], found


def _hours(one: Stretch) -> str:
    """From which to which hour on the wall: 8–16."""
    first, last = one.first.astimezone(HELSINKI), one.last.astimezone(HELSINKI)
    return f"{first.hour}–{last.hour or 24}"
