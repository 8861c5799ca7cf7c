"""Hours of the calendar: classes, holidays, both changes of the clocks, and what a heat map says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from prep.alerting.chain import ByHour
from prep.alerting.duty import DutyCalendar, Shift, Span
from prep.alerting.hours import (
    Week,
    alarm_at,
    away_p,
    feast_moments,
    heat_maps,
    hour_class,
    hours_of_week,
    hours_of_year,
    public_holidays,
    weeks_of,
)
from prep.alerting.scenarios import PRESETS
from prep.language import HELSINKI
from prep.terms import HourClass, ListMode
from tests.alerting.networks import attempt, chain, with_actor


def helsinki(*parts):
    return datetime(*parts, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (helsinki(2026, 11, 23, 8), HourClass.OFFICE),  # a Monday
        (helsinki(2026, 11, 23, 15, 59), HourClass.OFFICE),
        (helsinki(2026, 11, 23, 16), HourClass.EVENING),
        (helsinki(2026, 11, 23, 7, 59), HourClass.EVENING),
        (helsinki(2026, 11, 23, 23), HourClass.NIGHT),
        (helsinki(2026, 11, 23, 5, 59), HourClass.NIGHT),
        (helsinki(2026, 11, 22, 12), HourClass.HOLIDAY),  # a Sunday
        (helsinki(2026, 12, 24, 10), HourClass.HOLIDAY),  # Christmas Eve, a Thursday
        (helsinki(2026, 6, 19, 10), HourClass.HOLIDAY),  # Midsummer Eve
        (helsinki(2026, 5, 14, 10), HourClass.HOLIDAY),  # Ascension Day, a Thursday
        (helsinki(2026, 1, 1, 4), HourClass.NIGHT),
    ],
)
def test_an_hour_has_its_class(moment, expected):
    assert hour_class(moment) is expected
    assert hour_class(moment.astimezone(UTC)) is expected


def test_the_feasts_of_2026_are_those_of_the_almanac():
    # University of Helsinki Almanac Office, 2026; Midsummer Eve and Christmas Eve are days off in practice.
    months_and_days = [
        (1, 1), (1, 6), (4, 3), (4, 5), (4, 6), (5, 1), (5, 14), (5, 24), (6, 19), (6, 20), (10, 31),
        (12, 6), (12, 24), (12, 25), (12, 26),
    ]  # fmt: skip
    assert sorted(public_holidays(2026)) == [date(2026, *one) for one in months_and_days]


def test_people_are_away_on_holiday_nights_in_july_and_at_christmas():
    assert away_p(helsinki(2026, 11, 24, 4)) == 0.0
    assert away_p(helsinki(2026, 12, 6, 4)) == 0.10
    assert away_p(helsinki(2026, 12, 6, 12)) == 0.0
    assert away_p(helsinki(2026, 7, 14, 12)) == away_p(helsinki(2026, 12, 31, 12)) == 0.15


def test_the_preset_of_a_holiday_night_is_that_of_the_calendar():
    found = alarm_at(helsinki(2026, 12, 6, 4))
    assert (found.mix, found.away_p) == (PRESETS["holiday"].mix, PRESETS["holiday"].away_p)


def test_a_week_has_168_hours_but_for_those_in_which_the_clocks_are_changed():
    assert len(hours_of_week(date(2026, 11, 25))) == 168
    spring, autumn = hours_of_week(date(2026, 3, 29)), hours_of_week(date(2026, 10, 25))
    assert (len(spring), len(autumn)) == (167, 169)
    # 3 o'clock is left out in March and comes twice in October.
    assert [at.hour for at in spring if at.date() == date(2026, 3, 29)][:5] == [0, 1, 2, 4, 5]
    assert [at.hour for at in autumn if at.date() == date(2026, 10, 25)][:6] == [0, 1, 2, 3, 3, 4]
    for week in (spring, autumn):
        moments = [at.astimezone(UTC) for at in week]
        assert moments == [moments[0] + timedelta(hours=n) for n in range(len(week))]


def test_a_year_has_all_its_hours():
    assert (len(hours_of_year(2026)), len(hours_of_year(2028))) == (8760, 8784)


def test_the_weeks_that_are_looked_at():
    weeks = weeks_of(2026)
    assert weeks[Week.JULY] == date(2026, 7, 13)
    assert weeks[Week.CHRISTMAS] == date(2026, 12, 21)
    assert not set(public_holidays(2026)) & {weeks[Week.ORDINARY] + timedelta(days=n) for n in range(7)}
    assert len(feast_moments(2026)) == 2 * 15


def night_sleeper():
    return chain(replace(attempt("a"), works=ByHour(0.9, 0.6, 0.2, 0.6)))


def test_the_worst_hour_is_named_and_equal_hours_have_equal_shares():
    (found,) = heat_maps(night_sleeper(), hours_of_week(date(2026, 9, 9)), runs=500)
    assert len(found.cells) == 168
    by_class = {hour: {cell.quorum for cell in found.cells if cell.hour is hour} for hour in HourClass}
    assert all(len(shares) == 1 for shares in by_class.values())
    assert found.worst.hour is HourClass.NIGHT
    assert (found.worst.local.weekday(), found.worst.local.hour) == (0, 0)
    assert found.best.hour is HourClass.OFFICE
    assert str(found.sentence("Board")).startswith("Board: worst on 7.9.2026 0.00: 2")
    assert [len(cells) for _, cells in found.days()] == [24] * 7


def test_absences_and_turns_of_duty_decide_hour_by_hour():
    noon = helsinki(2026, 10, 25, 12)
    network = with_actor(
        chain(attempt("a"), mode=ListMode.SERIAL), "a", absences=(Span(noon, noon + timedelta(hours=2)),)
    )
    (found,) = heat_maps(network, hours_of_week(date(2026, 10, 25)), runs=100)
    assert [cell.local.hour for cell in found.cells if cell.quorum.count == 0] == [12, 13]
    # A turn of duty over the night in which 3 o'clock comes twice is nine hours long.
    turn = Span(helsinki(2026, 10, 24, 23), helsinki(2026, 10, 25, 7))
    duties = (DutyCalendar("d", "d", (Shift(turn, "a"),)),)
    network = chain(replace(attempt("a"), duty="d"), duties=duties)
    (found,) = heat_maps(network, hours_of_week(date(2026, 10, 25)), runs=100)
    assert sum(cell.quorum.count == 100 for cell in found.cells) == 9
