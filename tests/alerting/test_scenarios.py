"""Scenarios: presets, their names, and how an hour and an outage combine."""

import pytest

from prep.alerting.chain import Actor, ByHour, Network, Resource
from prep.alerting.scenarios import PRESETS, Scenario, combine, parse
from prep.alerting.standing import Standing, resource_chances
from prep.errors import Refused
from prep.terms import ActorKind, HourClass, ResourceKind

AREA = Resource("area", ResourceKind.OPERATOR_AREA, "area", 0.01, "power", 0.7)


def test_the_presets_are_the_documented_ones():
    assert set(PRESETS) == {
        "office",
        "evening",
        "night",
        "holiday",
        "holiday_day",
        "mobile_down",
        "emergency_centre_down",
        "power_cut",
    }
    assert all(key == one.key for key, one in PRESETS.items())


def test_an_hour_and_outages_combine_in_any_order():
    first, second = parse("night+mobile_down+power_cut"), parse("power_cut+mobile_down+night")
    assert first.key == "night+mobile_down+power_cut"
    assert first.mix == second.mix == ((HourClass.NIGHT, 1.0),)
    assert (
        first.down_kinds
        == second.down_kinds
        == {
            ResourceKind.MOBILE_CORE,
            ResourceKind.OPERATOR_AREA,
            ResourceKind.POWER_AREA,
        }
    )
    assert str(first.name) == "Weekday at 04:00 and Mobile network down and Power cut"


def test_an_outage_without_an_hour_is_in_office_hours():
    assert PRESETS["mobile_down"].mix == ((HourClass.OFFICE, 1.0),)


def test_two_hours_at_once_are_refused():
    with pytest.raises(Refused, match="An alarm comes at one hour only"):
        parse("night+office")


def test_an_unknown_scenario_is_refused_with_those_that_there_are():
    with pytest.raises(Refused, match=r"nigth.*No such scenario is known.*emergency_centre_down, evening"):
        parse("nigth+mobile_down")


def test_own_scenarios_are_known_by_their_key():
    own = Scenario("kokkola", "Power cut in Kokkola", down=frozenset({"power/kokkola"}))
    assert parse("night+kokkola", {"kokkola": own}).down == {"power/kokkola"}


@pytest.mark.parametrize(
    "hours",
    [
        ((HourClass.NIGHT, 0.5),),
        ((HourClass.NIGHT, 1.5), (HourClass.OFFICE, -0.5)),
        ((HourClass.NIGHT, 0.5), (HourClass.NIGHT, 0.5)),
    ],
)
def test_shares_of_hours_that_do_not_sum_to_one_are_refused(hours):
    with pytest.raises(Refused, match="are not negative and sum to 1"):
        Scenario("x", "x", hours=hours)


def test_a_probability_out_of_range_is_refused():
    with pytest.raises(Refused, match="A probability lies between 0 and 1"):
        Scenario("x", "x", failure_p=(("area", 1.2),))
    with pytest.raises(Refused, match="A probability lies between 0 and 1"):
        Scenario("x", "x", away_p=-0.1)


def test_on_a_holiday_night_persons_are_away_but_not_those_on_duty_nor_desks():
    night = ByHour.always(0.7)
    person, officer = Actor("a", "a", available=night), Actor("b", "b", available=night, on_duty=True)
    desk = Actor("c", "c", ActorKind.DUTY_DESK, available=night)
    standing = Standing.of(Network(actors=(person, officer, desk)), PRESETS["holiday"])
    found = [standing.available(one, HourClass.NIGHT) for one in (person, officer, desk)]
    assert found == pytest.approx([0.63, 0.7, 0.7])


def test_what_is_down_is_down_whatever_feeds_it_and_what_is_overridden_never_gets_surer_by_a_failed_parent():
    assert resource_chances(AREA, PRESETS["mobile_down"]) == (0.0, 0.0)
    assert resource_chances(AREA, PRESETS["night"]) == pytest.approx((0.99, 0.3))
    worse = Scenario("x", "x", failure_p=(("area", 0.9),))
    assert resource_chances(AREA, worse) == pytest.approx((0.1, 0.1))


def test_combining_keeps_the_overrides_of_both():
    one = combine(Scenario("x", "x", failure_p=(("a", 0.1),)), Scenario("y", "y", failure_p=(("b", 0.2),)))
    assert one.failure_p == (("a", 0.1), ("b", 0.2))
