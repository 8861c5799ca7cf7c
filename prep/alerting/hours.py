"""Every hour of a week, of July, of Christmas and of the holidays: how surely each group is reached, as a heat map.

An hour of the calendar becomes a class of hour, a share of people who are away, and a moment by which absences
and duty turns are read. All is in Europe/Helsinki, changes to and from summer time included: a week has 167 or
169 hours then. When the classes begin and how many are away in July and at Christmas is assumed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import groupby

import numpy as np

from prep.alerting.batches import draw_runs, walk_runs
from prep.alerting.chain import Network
from prep.alerting.compiled import Compiled, chances, compile_network
from prep.alerting.defaults import AWAY_AT_CHRISTMAS, AWAY_IN_JULY, AWAY_ON_HOLIDAY_NIGHTS
from prep.alerting.lint import check
from prep.alerting.result import Share
from prep.alerting.scenarios import Scenario, combine
from prep.alerting.subnetwork import subnetwork
from prep.language import HELSINKI, Message, say
from prep.terms import HourClass

OFFICE_HOURS = range(8, 16)
NIGHT_BEGINS, NIGHT_ENDS = 23, 6
_CHRISTMAS = ((12, 23), (1, 1))  # first and last day
RUNS = 4000


class Week(StrEnum):
    """Which weeks of a year are looked at."""

    ORDINARY = "ordinary"
    JULY = "july"
    CHRISTMAS = "christmas"


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour: when it begins, its class, and how surely the group is reached if the alarm comes then."""

    at: datetime
    hour: HourClass
    quorum: Share

    @property
    def local(self) -> datetime:
        return self.at.astimezone(HELSINKI)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The hours of one group, in order of time."""

    group: str
    cells: tuple[Cell, ...]

    @property
    def worst(self) -> Cell:
        """The worst hour; of several the first."""
        return min(self.cells, key=lambda cell: (cell.quorum.p, cell.at))

    @property
    def best(self) -> Cell:
        """The best hour; of several the first."""
        return max(self.cells, key=lambda cell: (cell.quorum.p, -cell.at.timestamp()))

    def days(self) -> tuple[tuple[date, tuple[Cell, ...]], ...]:
        """The cells day by day; a day has 23 or 25 when the clocks are changed."""
        by_day = groupby(self.cells, key=lambda cell: cell.local.date())
        return tuple((day, tuple(cells)) for day, cells in by_day)

    def sentence(self, name: str) -> Message:
        """The worst hour in words."""
        return say(
            "{group}: worst on {moment}: {share}",
            group=name,
            moment=self.worst.at,
            share=self.worst.quorum.sentence(),
        )


@cache
def public_holidays(year: int) -> Mapping[date, str]:
    """The public holidays of Finland, the eves of Midsummer and Christmas with them, by their Finnish names."""
    import holidays

    return dict(holidays.country_holidays("FI", years=year, language="fi"))


def hour_class(at: datetime) -> HourClass:
    """The class of the hour in which a moment lies.

    >>> hour_class(datetime(2026, 12, 24, 10, tzinfo=HELSINKI)).value  # Christmas Eve
    'holiday'
    """
    local = at.astimezone(HELSINKI)
    if local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS:
        return HourClass.NIGHT
    if local.weekday() >= 5 or local.date() in public_holidays(local.year):
        return HourClass.HOLIDAY
    return HourClass.OFFICE if local.hour in OFFICE_HOURS else HourClass.EVENING


def away_p(at: datetime) -> float:
    """The share of otherwise available persons, not on duty, who are away at a moment."""
    local = at.astimezone(HELSINKI)
    shares = [0.0]
    if hour_class(at) is HourClass.NIGHT and local.date() in public_holidays(local.year):
        shares.append(AWAY_ON_HOLIDAY_NIGHTS)
    if local.month == 7:
        shares.append(AWAY_IN_JULY)
    if (local.month, local.day) >= _CHRISTMAS[0] or (local.month, local.day) <= _CHRISTMAS[1]:
        shares.append(AWAY_AT_CHRISTMAS)
    return max(shares)


def alarm_at(at: datetime, outages: Scenario | None = None) -> Scenario:
    """The scenario of an alarm at a moment, with what is out of order then."""
    scenario = Scenario(
        key=at.astimezone(HELSINKI).isoformat(timespec="minutes"),
        name=say("Alarm on {moment}", moment=at),
        hours=((hour_class(at), 1.0),),
        away_p=away_p(at),
        at=at,
    )
    return scenario if outages is None else combine(scenario, outages)


def hours_of_week(day: date) -> tuple[datetime, ...]:
    """Every hour of the week of a day, Monday first: 168, or 167 and 169 when the clocks are changed."""
    monday = day - timedelta(days=day.weekday())
    return _hours(monday, monday + timedelta(days=7))


def hours_of_year(year: int) -> tuple[datetime, ...]:
    """Every hour of a year."""
    return _hours(date(year, 1, 1), date(year + 1, 1, 1))


def weeks_of(year: int) -> Mapping[Week, date]:
    """The Mondays of the weeks that are looked at: one without a holiday, the middle of July, Christmas Eve's."""
    feasts = public_holidays(year)
    mondays = [date(year, 1, 4) + timedelta(days=7 * n - date(year, 1, 4).weekday()) for n in range(52)]
    ordinary = next(
        monday
        for monday in mondays
        if monday.month >= 9 and not any(monday + timedelta(days=n) in feasts for n in range(7))
    )
    july, eve = date(year, 7, 15), date(year, 12, 24)
    return {
        Week.ORDINARY: ordinary,
        Week.JULY: july - timedelta(days=july.weekday()),
        Week.CHRISTMAS: eve - timedelta(days=eve.weekday()),
    }


def feast_moments(year: int) -> tuple[datetime, ...]:
    """Four in the morning and noon of every public holiday."""
    return tuple(
        datetime.combine(day, time(hour), HELSINKI)
        for day in sorted(public_holidays(year))
        for hour in (4, 12)
    )


def heat_maps(
    network: Network,
    moments: Sequence[datetime],
    *,
    outages: Scenario | None = None,
    runs: int = RUNS,
    seed: int = 1,
    threads: int | None = None,
    groups: Sequence[str] | None = None,
    deadline_s: float | None = None,
) -> tuple[HeatMap, ...]:
    """How surely each group is reached at each of the moments, all with the same chance.

    Raises
    ------
    Refused
        If ``lint`` finds a fault.

    Cost: a simulation for each hour that differs from all before it: half a dozen for an ordinary week.
    """
    check(network)
    compiled = compile_network(network if groups is None else subnetwork(network, groups))
    limits = [one.deadline_s if deadline_s is None else deadline_s for one in compiled.network.groups]
    found: dict[bytes, tuple[Share, ...]] = {}
    shares = []
    for at in moments:
        scenario = alarm_at(at, outages)
        key = _likeness(compiled, scenario)
        if key not in found:
            found[key] = _shares(compiled, scenario, limits, runs=runs, seed=seed, threads=threads)
        shares.append(found[key])
    return tuple(
        HeatMap(
            group.key,
            tuple(Cell(at, hour_class(at), row[place]) for at, row in zip(moments, shares, strict=True)),
        )
        for place, group in enumerate(compiled.network.groups)
    )


def _shares(
    compiled: Compiled, scenario: Scenario, limits: list[float], *, runs: int, seed: int, threads: int | None
) -> tuple[Share, ...]:
    drawn = draw_runs(scenario, seed=seed, numbers=np.arange(runs))
    deadlines_s = np.array(limits)
    times = walk_runs(compiled, chances(compiled, scenario), drawn, deadlines_s=deadlines_s, threads=threads)
    reached = (times.group_s <= deadlines_s[:, None]).sum(axis=1)
    return tuple(Share(int(count), runs) for count in reached)


def _likeness(compiled: Compiled, scenario: Scenario) -> bytes:
    """Two moments with the same thresholds have the same answer."""
    return b"".join(part.tobytes() for part in chances(compiled, scenario).of(scenario.mix[0][0]))


def _hours(first: date, after: date) -> tuple[datetime, ...]:
    begins, ends = (datetime.combine(day, time(), HELSINKI).astimezone(UTC) for day in (first, after))
    count = int((ends - begins) / timedelta(hours=1))
    return tuple((begins + timedelta(hours=n)).astimezone(HELSINKI) for n in range(count))
