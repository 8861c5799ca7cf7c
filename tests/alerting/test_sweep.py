"""One job over threads, processes and a cluster on loopback: the same figures to the last digit."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.county import county
from prep.alerting.hours import alarm_at, heat_maps, hours_of_week
from prep.alerting.scenarios import PRESETS, parse
from prep.alerting.simulate import simulate
from prep.alerting.sweep import sweep
from prep.errors import Refused

CACHE = Path(__file__).parents[2] / "instance" / "compiled"
SCENARIOS = [*PRESETS.values(), parse("night+mobile_down")]


def test_every_scenario_and_group_is_that_of_a_simulation():
    network = county(2)
    rows = sweep(network, SCENARIOS, runs=500)
    assert len(rows) == len(SCENARIOS) * len(network.groups)
    for scenario in SCENARIOS:
        result = simulate(network, scenario, runs=500, explain=False)
        assert [row.quorum for row in rows if row.scenario == scenario.key] == [
            one.quorum for one in result.groups
        ]


def test_hours_that_do_not_differ_are_played_once_and_told_each():
    network, week = county(1), hours_of_week(date(2026, 11, 25))
    pieces = []
    rows = sweep(
        network,
        [alarm_at(at) for at in week],
        groups=["m0"],
        runs=200,
        told=lambda row: pieces.append(row) or row,
    )
    assert len(rows) == 168
    # Four classes of hour and nobody away: four scenarios in one piece.
    assert [len(piece) for piece in pieces] == [4]
    (expected,) = heat_maps(network, week, groups=["m0"], runs=200)
    assert [row.quorum for row in rows] == [cell.quorum for cell in expected.cells]


@pytest.mark.slow
def test_processes_change_no_digit():
    network = county(1)
    alone = sweep(network, SCENARIOS * 3, runs=300)
    assert sweep(network, SCENARIOS * 3, runs=300, processes=2, cache=CACHE) == alone


@pytest.mark.slow
def test_a_cluster_on_loopback_changes_no_digit():
    distributed = pytest.importorskip("distributed")
    network = county(1)
    alone = sweep(network, SCENARIOS, runs=300)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, processes=True
    ) as cluster:
        found = sweep(network, SCENARIOS, runs=300, scheduler=cluster.scheduler_address, cache=CACHE)
    assert found == alone


def test_a_scheduler_that_is_not_there_is_refused():
    pytest.importorskip("distributed")
    with pytest.raises(Refused, match="There is no scheduler at this address"):
        sweep(county(1), SCENARIOS[:1], runs=100, scheduler="nonsense://x")
