"""Outages for a part of the time in what is told: the exact answer, cuts, rare failures, stories, digests."""

import json
from dataclasses import replace
from math import inf

import pytest
from hypothesis import given

from prep.alerting.chain import Resource
from prep.alerting.closed_form import reached_by
from prep.alerting.digest import digest, scenario_digest
from prep.alerting.exact import exact
from prep.alerting.explanation import left_out_of_bound, left_out_of_cuts
from prep.alerting.rare import rare_failure
from prep.alerting.result import Result
from prep.alerting.scenarios import PRESETS, Scenario
from prep.alerting.simulate import simulate
from prep.alerting.story import tell
from prep.alerting.windows import Window
from prep.errors import Refused
from prep.terms import Channel, HourClass, ResourceKind
from tests.alerting.networks import chain, networks
from tests.alerting.test_windows import NET, down, over, quick, scenarios

# What knows no time.


@pytest.mark.slow
@quick
@given(networks(loops=False), scenarios())
def test_the_exact_answer_without_the_outages_is_an_upper_bound(network, scenario):
    found = simulate(network, scenario, runs=1000, deadline_s=1e7, horizon_s=1e7, explain=False)
    for one in found.groups:
        solved = exact(network, scenario, one.group)
        assert one.quorum.p <= solved.p + 5 * (solved.p * (1 - solved.p) / 1000) ** 0.5 + 1e-9
        assert solved.p == exact(network, replace(scenario, windows=(), kind_windows=()), one.group).p


def test_what_is_left_out_is_said_beside_the_exact_answer_and_the_cuts():
    network = chain(over("a"), resources=(NET,))
    scenario = Scenario(
        "x",
        "x",
        windows=(("net", Window(0, 60)), ("elsewhere", Window(0, 60))),
        kind_windows=((ResourceKind.MOBILE_CORE, Window(90)), (ResourceKind.INTERNET, Window(0, 60))),
    )
    assert exact(network, scenario, "group").p == 1.0
    assert exact(network, scenario, "group").left_out == ("net",)
    told = str(left_out_of_bound(network, scenario))
    assert "Mobile network from 0 to 1 min" in told
    assert "mobile network from 1,5 min on" in told
    assert "an upper bound for this reason too" in told
    assert "fewer failures may be enough" in str(left_out_of_cuts(network, scenario))
    for nothing in (PRESETS["night"], PRESETS["mobile_down"], down((0, 60), key="elsewhere")):
        assert left_out_of_bound(network, nothing) is left_out_of_cuts(network, nothing) is None
        assert exact(network, nothing, "group").left_out == ()


def test_the_closed_form_refuses_what_changes_in_time():
    with pytest.raises(Refused, match="out of order for a part of the time"):
        reached_by(chain(over("a"), resources=(NET,)), down((0, 60)), "group", time_s=60.0)


def test_a_failure_that_is_rare_for_a_part_of_the_time_is_weighed_rightly():
    # Power is away from 30 min on, and takes the network along with 0.5: both seats' second attempts then fail.
    power = Resource("power", ResourceKind.POWER_AREA, "Power", 0.0)
    fed = Resource("net", ResourceKind.OPERATOR_AREA, "Operator", 0.01, "power", 0.5)
    first, second = (
        over("a", 0.99, gap_s=1800, channel=Channel.SMS),
        over("a", 0.99, gap_s=1800, channel=Channel.APP),
    )
    network = chain(first, second, resources=(power, fed))
    scenario = down((1800, inf), key="power", hours=((HourClass.OFFICE, 1.0),))
    # It fails if the network is down all along; or if the first fails and the second meets the outage, or fails too.
    expected = 0.01 + 0.01 * (0.49 + 0.5 * 0.01)
    found = rare_failure(network, scenario, "group", deadline_s=7200.0, seed=3)
    assert found.p == pytest.approx(expected, rel=0.05)
    assert abs(found.p - expected) <= 4 / 1.96 * (found.high - found.low) / 2
    assert found.never_p < found.p


def test_what_a_window_holds_down_is_never_the_answer_and_what_fails_by_chance_is():
    shaky = replace(NET, failure_p=0.5)
    found = simulate(chain(over("a"), resources=(shaky,)), down((3600, 7200)), runs=500)
    assert found.groups[0].failures.weakest.part.key == "net"
    held = simulate(chain(over("a"), resources=(NET,)), down((0, 7200)), runs=500)
    assert held.groups[0].failures.weakest is None


# Stories, and the identity of a scenario.


def test_a_story_tells_what_goes_out_of_order_and_what_works_again():
    calls = over("a", slot="s"), over("a", slot="s", fail_s=10)
    told = tell(chain(*calls, resources=(NET,)), down((30, 1800)), seed=1, run=0)
    lines = [(line.clock, str(line.sentence)) for line in told.lines]
    assert lines[0] == ("00:00", "Source tries a: phone call; the connection fails before the answer.")
    assert lines[1] == ("00:30", "From now on out of order: Mobile network.")
    assert ("30:00", "In order again: Mobile network.") in lines
    assert told.trace["down"] == []
    assert told.trace["turns"] == [
        {"at_s": 30.0, "down": ["net"], "up": []},
        {"at_s": 1800.0, "down": [], "up": ["net"]},
    ]
    assert [one["outcome"] for one in told.trace["events"]] == ["cut_off", "blocked"]


def test_an_outage_that_changes_nothing_in_a_run_is_not_told():
    broken = replace(NET, failure_p=1.0)
    told = tell(chain(over("a"), resources=(broken,)), down((30, 1800)), seed=1, run=0)
    assert told.trace["down"] == ["net"]
    assert told.trace["turns"] == []


def test_the_digest_of_a_scenario_holds_its_windows_and_not_its_name():
    digests = {
        scenario_digest(one)
        for one in (down((0, 60)), down((0, 61)), down((0, inf)), down((0, 60), key="other"), down())
    }
    assert len(digests) == 5
    assert scenario_digest(replace(down((0, 60)), key="y", name="y")) in digests
    network = chain(over("a"), resources=(NET,))
    assert simulate(network, down((0, 60)), runs=10).conditions == scenario_digest(down((0, 60)))
    assert digest(network) == simulate(network, down((0, 60)), runs=10).network


def test_a_result_that_was_stored_before_conditions_were_is_read():
    result = simulate(chain(over("a"), resources=(NET,)), down((0, 60)), runs=10)
    content = json.loads(result.to_json())
    del content["conditions"]
    assert Result.from_json(json.dumps(content)) == replace(result, conditions="")
