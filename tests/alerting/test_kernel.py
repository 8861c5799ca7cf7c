"""The kernel against the reference, bit by bit; and that nothing but seed, run and names matters."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.county import county
from prep.alerting.batches import draw_runs, walk_runs
from prep.alerting.chain import CallList
from prep.alerting.compiled import chances, compile_network
from prep.alerting.reference import group_time, simulate_run
from prep.alerting.scenarios import PRESETS, Scenario, parse
from prep.alerting.simulate import simulate
from prep.alerting.subnetwork import subnetwork
from prep.terms import Channel, ResourceKind
from tests.alerting.networks import MIXED_HOURS, MOMENTS, attempt, networks

MIXED = Scenario("mixed", "mixed", hours=MIXED_HOURS, away_p=0.3)
SCENARIOS = st.sampled_from(
    [
        MIXED,
        PRESETS["night"],
        parse("holiday+power_cut"),
        Scenario("r2", "r2", failure_p=(("r2", 0.5),)),
        *(replace(MIXED, at=moment) for moment in MOMENTS),
    ]
)
quick = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def walked(network, scenario, *, runs=200, seed=1, threads=1, batch=2048):
    """Times by run number: groups, seats, actors."""
    compiled = compile_network(network)
    drawn = draw_runs(scenario, seed=seed, numbers=np.arange(runs))
    times = walk_runs(
        compiled,
        chances(compiled, scenario),
        drawn,
        deadlines_s=np.array([one.deadline_s for one in network.groups]),
        threads=threads,
        batch=batch,
        seats=True,
        actors=True,
    )
    back = np.argsort(drawn.number)
    actors = {key: times.actor_s[at][back] for key, at in compiled.actor_at.items()}
    return times.group_s[:, back], times.seat_s[:, back], actors


@quick
@given(networks(), SCENARIOS, st.integers(0, 2**63))
def test_kernel_and_reference_agree_bit_by_bit(network, scenario, seed):
    groups, _, actors = walked(network, scenario, runs=12, seed=seed)
    for number in range(12):
        run = simulate_run(network, scenario, seed=seed, run=number)
        assert run.reached == {key: times[number] for key, times in actors.items()}
        assert [group_time(one, run) for one in network.groups] == list(groups[:, number])


def test_kernel_and_reference_agree_on_a_county():
    network = county()
    groups, _, actors = walked(network, MIXED, runs=40)
    for number in range(40):
        run = simulate_run(network, MIXED, seed=1, run=number)
        assert run.reached == {key: times[number] for key, times in actors.items()}
        assert [group_time(one, run) for one in network.groups] == list(groups[:, number])


@pytest.mark.parametrize(("threads", "batch"), [(1, 128), (2, 128), (4, 256), (2, 4096), (1, 77)])
def test_threads_and_batches_change_no_bit(threads, batch):
    network = county(2)
    whole = walked(network, MIXED, runs=1000)
    parts = walked(network, MIXED, runs=1000, threads=threads, batch=batch)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])


def test_a_result_is_the_same_for_any_number_of_threads():
    network = county(2)
    results = [simulate(network, PRESETS["night"], runs=3000, threads=threads) for threads in (1, 2, 4)]
    assert results[0] == results[1] == results[2]
    assert results[0].to_json() == results[2].to_json()


def test_a_run_of_many_is_the_run_alone():
    network = county(2)
    compiled = compile_network(network)
    many = walked(network, MIXED, runs=300)[0]
    alone = walk_runs(
        compiled,
        chances(compiled, MIXED),
        draw_runs(MIXED, seed=1, numbers=np.array([271])),
        deadlines_s=np.full(len(network.groups), 1800.0),
    )
    assert np.array_equal(alone.group_s[:, 0], many[:, 271])


@quick
@given(networks(), SCENARIOS)
def test_a_part_of_the_network_gives_the_times_of_the_whole(network, scenario):
    whole, _, _ = walked(network, scenario, runs=150)
    for at, group in enumerate(network.groups):
        part, _, _ = walked(subnetwork(network, [group.key]), scenario, runs=150)
        assert np.array_equal(part[0], whole[at])


def test_a_part_of_a_county_is_small_and_gives_the_times_of_the_whole():
    network = county()
    part = subnetwork(network, ["m3"])
    assert sum(len(one.items) for one in part.lists) < 0.4 * sum(len(one.items) for one in network.lists)
    asked = simulate(network, PRESETS["night"], runs=2000, groups=["m3"])
    assert asked.groups == (simulate(network, PRESETS["night"], runs=2000).group("m3"),)


def test_editing_one_attempt_leaves_all_other_draws():
    network = county(2)
    before = walked(network, MIXED, runs=500)[2]
    edited = tuple(
        replace(one, items=tuple(_slower(item) for item in one.items)) if one.caller == "m1/0" else one
        for one in network.lists
    )
    after = walked(replace(network, lists=edited), MIXED, runs=500)[2]
    changed = {key for key in before if not np.array_equal(before[key], after[key])}
    # Only those whom m1/0 calls, and whom they call in turn.
    assert changed
    assert all(key.startswith("m1/") for key in changed)


def _slower(item):
    return replace(item, delay=attempt("x", delay_s=500.0).delay) if item.channel is Channel.CALL else item


def test_the_order_of_actors_lists_and_groups_changes_nothing():
    network = county(2)
    turned = replace(
        network,
        actors=network.actors[::-1],
        lists=network.lists[::-1],
        groups=network.groups[::-1],
        resources=network.resources[::-1],
        points=network.points[::-1],
    )
    straight, backwards = (simulate(one, MIXED, runs=1000) for one in (network, turned))
    assert straight.network == backwards.network
    for group in network.groups:
        assert straight.group(group.key) == backwards.group(group.key)


def test_names_change_neither_figures_nor_digest():
    network = county(1)
    renamed = replace(network, actors=tuple(replace(one, name="N.N.") for one in network.actors))
    assert simulate(network, MIXED, runs=500) == simulate(renamed, MIXED, runs=500)


def test_an_empty_network_has_no_groups_to_reach():
    from prep.alerting.chain import Network

    result = simulate(Network(), PRESETS["office"], runs=10)
    assert result.groups == ()
    assert result.all_groups is None


def test_a_list_without_items_harms_nothing():
    network = county(1)
    idle = CallList("b0a", network.lists[0].mode, ())
    more = replace(network, lists=(*network.lists, idle))
    assert simulate(network, MIXED, runs=500).groups == simulate(more, MIXED, runs=500).groups


def test_a_resource_kind_that_is_down_takes_down_only_its_kind():
    run = simulate_run(
        county(1), Scenario("x", "x", down_kinds=frozenset({ResourceKind.INTERNET})), seed=1, run=3
    )
    assert "internet" in run.down
    assert "mobile_core" not in run.down
