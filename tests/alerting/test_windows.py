"""Outages for a part of the time: every rule and tie by hand, and the kernel against the reference bit by bit."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.county import county
from prep.alerting.chain import CallList, Network, Resource
from prep.alerting.reference import Outcome, group_time, simulate_run
from prep.alerting.scenarios import PRESETS, Scenario, combine
from prep.alerting.subnetwork import subnetwork
from prep.alerting.windows import Window, merged, stretches
from prep.errors import Refused
from prep.terms import Channel, ListMode, ResourceKind
from tests.alerting.networks import MIXED_HOURS, MOMENTS, attempt, chain, group, networks, with_actor
from tests.alerting.test_kernel import walked

NET = Resource("net", ResourceKind.MOBILE_CORE, "Mobile network")
quick = settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def down(*spans: tuple[float, float], key: str = "net", **more) -> Scenario:
    return Scenario("down", "down", windows=tuple((key, Window(*span)) for span in spans), **more)


def over(target: str, p: float = 1.0, **more):
    """An attempt over the network."""
    return attempt(target, p, resources=("net",), **more)


def run(network: Network, scenario: Scenario):
    """Run 0 by the reference, after the kernel has said the same."""
    network = network if network.resources else replace(network, resources=(NET,))
    found = simulate_run(network, scenario, seed=1, run=0)
    assert found.reached == {key: row[0] for key, row in walked(network, scenario, runs=1)[2].items()}
    assert [group_time(one, found) for one in network.groups] == list(
        walked(network, scenario, runs=1)[0][:, 0]
    )
    return found


def outcomes(found) -> list[tuple[float, str, Outcome]]:
    return [(event.at_s, event.target, event.outcome) for event in found.story]


# An attempt at a bound.


def test_an_attempt_at_the_moment_of_the_beginning_meets_the_outage():
    assert run(chain(over("a")), down((0, 100))).story[0].outcome is Outcome.BLOCKED
    # The source's start delay of 60 s puts the attempt on the bound.
    late = with_actor(chain(over("a", delay_s=0)), "source", start_delay_s=60)
    assert run(late, down((60, 61))).reached["a"] == inf


def test_an_attempt_at_the_moment_of_the_end_gets_through():
    late = with_actor(chain(over("a", delay_s=5)), "source", start_delay_s=60)
    assert run(late, down((0, 60))).reached["a"] == 65.0
    assert run(late, down((0, 60.001))).reached["a"] == inf


def test_a_call_that_cannot_get_through_is_tried_again_until_the_network_is_back():
    # Tried at 0, 30 and 60 (given up after 30 s): the network is back at 60.
    calls = tuple(over("a", slot="a", fail_s=30) for _ in range(3))
    for mode in ListMode:
        found = run(chain(*calls, mode=mode), down((0, 60)))
        assert [event.outcome for event in found.story] == [Outcome.BLOCKED, Outcome.BLOCKED, Outcome.REACHED]
        assert found.reached["a"] == 120.0


# An outage that comes while somebody waits for the answer.


@pytest.mark.parametrize("channel", [Channel.CALL, Channel.RADIO, Channel.ROBOT_CALL])
def test_a_call_needs_its_network_until_the_answer(channel):
    call = chain(over("a", delay_s=60, channel=channel))
    assert run(call, down((61, 70))).reached["a"] == 60.0
    for span in ((60, 70), (30, 40), (30, inf)):
        found = run(call, down(span))
        assert outcomes(found) == [(0.0, "a", Outcome.CUT_OFF)]
        assert found.reached["a"] == inf


def test_a_call_that_is_cut_off_holds_the_line_and_the_slot_as_one_that_nobody_answers():
    calls = (
        over("a", slot="s", ring_s=50, gap_s=200),
        over("b", slot="t"),
        over("c", slot="s"),
    )
    found = run(chain(*calls, mode=ListMode.SERIAL), down((30, 40)))
    # a is cut off at 30; b is called when a would have rung out; c when the slot of a may be tried again.
    assert outcomes(found) == [
        (0.0, "a", Outcome.CUT_OFF),
        (50.0, "b", Outcome.REACHED),
        (200.0, "c", Outcome.REACHED),
    ]


def test_whoever_would_not_have_answered_is_silent_and_not_cut_off():
    assert run(chain(over("a", 0.0)), down((30, 40))).story[0].outcome is Outcome.SILENT


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.APP, Channel.EMAIL])
def test_a_message_needs_its_network_when_it_is_sent_and_when_it_is_answered(channel):
    message = chain(over("a", delay_s=600, channel=channel))
    # In between it may be down.
    assert run(message, down((1, 600))).reached["a"] == 600.0
    assert run(message, down((600.5, 700))).reached["a"] == 600.0
    for span in ((0, 1), (600, 601), (300, inf)):
        assert run(message, down(span)).reached["a"] == inf


def test_a_message_whose_answer_is_lost_leaves_its_slot_to_the_deputy_after_the_gap():
    calls = over("a", slot="s", delay_s=600, channel=Channel.APP, gap_s=900), over("b", slot="s")
    found = run(chain(*calls), down((500, 700)))
    assert outcomes(found) == [(0.0, "a", Outcome.CUT_OFF), (900.0, "b", Outcome.REACHED)]


def test_a_message_that_is_sent_into_an_outage_is_lost_and_its_sender_does_not_learn_of_it():
    calls = over("a", slot="s", channel=Channel.SMS, gap_s=900), over("b", slot="s")
    found = run(chain(*calls), down((0, 60)))
    assert outcomes(found) == [(0.0, "a", Outcome.BLOCKED), (900.0, "b", Outcome.REACHED)]


def test_what_carries_no_answer_needs_its_network_only_when_it_is_sent():
    page = chain(over("a", delay_s=600, channel=Channel.PAGER), groups=(group("a", quorum=1),))
    counted = replace(page, groups=(replace(page.groups[0], counts_deliveries=True),))
    assert run(counted, down((1, inf))).noticed["a"] == 600.0
    assert run(counted, down((0, 1))).noticed["a"] == inf


def test_a_refusal_that_is_cut_off_is_not_heard():
    network = with_actor(chain(over("a", slot="s"), over("b", slot="s")), "a", refusal_p=1.0)
    assert run(network, down((300, 400))).reached["b"] == 120.0  # refused at 60
    assert run(network, down((30, 40))).reached["b"] == 150.0  # silence: after the gap of 90


def test_a_call_back_that_is_cut_off_has_not_come():
    reports = replace(attempt("source", resources=("net",)), calls_back=True)
    network = chain(
        attempt("a"),
        lists=(
            CallList("source", ListMode.PARALLEL, (attempt("a"),)),
            CallList("source", ListMode.PARALLEL, (attempt("b"),), 300.0),
            CallList("a", ListMode.PARALLEL, (reports,)),
        ),
    )
    network = replace(
        network, actors=(*network.actors, replace(network.actor("a"), key="b", name="b")), resources=(NET,)
    )
    assert run(network, down((1000, 1100))).reached["b"] == inf  # reported at 120
    assert run(network, down((120, 130))).reached["b"] == 360.0


# What feeds what.


def test_what_is_fed_fails_during_the_outage_by_the_draw_that_it_has_anyway():
    power = Resource("power", ResourceKind.POWER_AREA, "Power")
    for share, reached in ((1.0, inf), (0.0, 60.0)):
        fed = Resource("net", ResourceKind.OPERATOR_AREA, "Operator", 0.0, "power", share)
        network = chain(over("a"), over("b"), resources=(power, fed))
        found = run(network, down((0, 60), key="power"))
        assert found.reached["a"] == reached
        assert found.down == (("power", "net") if share else ("power",))
        assert [(one.at_s, one.down, one.up) for one in found.turns] == [(60.0, (), found.down)]


def test_batteries_that_run_out_take_their_network_along_from_then_on():
    power = Resource("power", ResourceKind.POWER_AREA, "Power")
    fed = Resource("net", ResourceKind.OPERATOR_AREA, "Operator", 0.0, "power", 1.0)
    calls = tuple(over(key, 1.0 if key == "b" else 0.0, slot="s", gap_s=1000) for key in ("a", "b"))
    network = chain(*calls, resources=(power, fed))
    assert run(network, down((1800, inf), key="power")).reached["b"] == 1060.0
    found = run(network, down((900, inf), key="power"))
    assert found.reached["b"] == inf
    assert found.down == ()
    assert [(one.at_s, one.down, one.up) for one in found.turns] == [(900.0, ("power", "net"), ())]


def test_a_whole_kind_and_a_single_part_add_up():
    scenario = Scenario(
        "x",
        "x",
        windows=(("net", Window(0, 60)),),
        kind_windows=((ResourceKind.MOBILE_CORE, Window(30, 120)),),
    )
    late = with_actor(chain(over("a", delay_s=0)), "source", start_delay_s=119)
    assert run(late, scenario).reached["a"] == inf
    assert run(with_actor(late, "source", start_delay_s=120), scenario).reached["a"] == 120.0


# The values.


@pytest.mark.parametrize(
    ("span", "rule"),
    [
        ((60.0, 60.0), "ends later than it begins"),
        ((60.0, 30.0), "ends later than it begins"),
        ((-1.0, 30.0), "within the 240 minutes"),
        ((0.0, 14_401.0), "within the 240 minutes"),
        ((14_400.0, inf), "within the 240 minutes"),
        ((float("nan"), 30.0), "within the 240 minutes"),
        ((0.0, float("nan")), "within the 240 minutes"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(span, rule):
    with pytest.raises(Refused, match=rule):
        Window(*span)


def test_windows_that_overlap_or_touch_are_one_and_their_order_does_not_matter():
    found = merged([("a", Window(60, 90)), ("b", Window(0, 5)), ("a", Window(0, 60)), ("a", Window(80, 85))])
    assert found == (("a", Window(0, 90)), ("b", Window(0, 5)))
    assert down((60, 90), (0, 60)) == down((0, 90))
    assert combine(down((0, 60)), down((30, 90))).windows == (("net", Window(0, 90)),)


def test_an_outage_for_all_the_time_is_one_without_a_window():
    assert down((0, inf)) == Scenario("down", "down", down=frozenset({"net"}))
    assert combine(PRESETS["mobile_down"], down((0, 60))).down_kinds == PRESETS["mobile_down"].down_kinds
    kind = Scenario("k", "k", kind_windows=((ResourceKind.INTERNET, Window(0)),))
    assert kind.down_kinds == {ResourceKind.INTERNET}


def test_without_windows_time_is_one_stretch():
    assert [(one.starts_s, one.down) for one in stretches({})] == [(0.0, frozenset())]


# The kernel against the reference.


@st.composite
def scenarios(draw):
    bounds = st.sampled_from([0.0, 10.0, 45.0, 60.0, 90.0, 135.0, 300.0, 390.0, 1200.0])

    @st.composite
    def windows(draw):
        first, second = sorted((draw(bounds), draw(bounds | st.just(inf))))
        return Window(first, second if first < second else inf)

    keys = st.sampled_from(["r0", "r1", "r2"])
    kinds = st.sampled_from([ResourceKind.POWER_AREA, ResourceKind.MOBILE_CORE])
    return Scenario(
        "windows",
        "windows",
        hours=MIXED_HOURS,
        away_p=0.3,
        at=draw(st.sampled_from([None, MOMENTS[1]])),
        failure_p=draw(st.sampled_from([(), (("r1", 0.5),)])),
        windows=tuple(draw(st.lists(st.tuples(keys, windows()), max_size=3))),
        kind_windows=tuple(draw(st.lists(st.tuples(kinds, windows()), max_size=2))),
    )


@quick
@given(networks(), scenarios(), st.integers(0, 2**63))
def test_kernel_and_reference_agree_bit_by_bit(network, scenario, seed):
    groups, _, actors = walked(network, scenario, runs=12, seed=seed)
    for number in range(12):
        found = simulate_run(network, scenario, seed=seed, run=number)
        assert found.reached == {key: times[number] for key, times in actors.items()}
        assert [group_time(one, found) for one in network.groups] == list(groups[:, number])


@quick
@given(networks(), scenarios())
def test_a_part_of_the_network_gives_the_times_of_the_whole(network, scenario):
    whole, _, _ = walked(network, scenario, runs=150)
    for at, one in enumerate(network.groups):
        part, _, _ = walked(subnetwork(network, [one.key]), scenario, runs=150)
        assert np.array_equal(part[0], whole[at])


@quick
@given(networks(), st.sampled_from(MIXED_HOURS))
def test_a_window_after_all_has_happened_changes_no_bit(network, hour):
    """The variant for windows and the ordinary kernel are two roads to the same times."""
    plain = Scenario("x", "x", hours=((hour[0], 1.0),))
    late = replace(plain, windows=(("r0", Window(14_399, 14_400)),))
    before, after = walked(network, plain), walked(network, late)
    for key, times in before[2].items():
        assert np.array_equal(
            np.where(times < 14_000, times, inf), np.where(after[2][key] < 14_000, after[2][key], inf)
        )


@pytest.mark.parametrize(("threads", "batch"), [(2, 128), (4, 256), (2, 4096), (1, 77)])
def test_threads_and_batches_change_no_bit(threads, batch):
    network = county(2)
    scenario = Scenario(
        "x", "x", hours=MIXED_HOURS, kind_windows=((ResourceKind.MOBILE_CORE, Window(600, 1200)),)
    )
    whole = walked(network, scenario, runs=1000)
    parts = walked(network, scenario, runs=1000, threads=threads, batch=batch)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])
    assert not np.array_equal(whole[0], walked(network, replace(scenario, kind_windows=()), runs=1000)[0])
