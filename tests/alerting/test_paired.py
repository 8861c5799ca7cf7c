"""Two scenarios from the same runs: only what changes counts, and nobody's luck changes."""

import numpy as np
import pytest

from benchmarks.county import county
from prep.alerting.paired import Difference, compare
from prep.alerting.scenarios import Scenario, parse
from prep.alerting.simulate import simulate
from prep.terms import HourClass


def test_the_interval_is_that_of_the_runs_that_change() -> None:
    found = Difference(better=300, worse=100, runs=10_000)
    # By hand: 1.96 * sqrt(400 - 200**2 / 10000) / 10000 = 1.96 * 19.8997 / 10000.
    assert (found.low, found.high) == pytest.approx((0.02 - 0.0039003, 0.02 + 0.0039003), abs=1e-6)
    assert Difference(0, 0, 10).high == 0.0


def test_it_is_counted_from_pairs() -> None:
    first, second = np.array([True, True, False, False, False]), np.array([True, False, True, True, False])
    assert Difference.of(first, second) == Difference(better=2, worse=1, runs=5)


def test_the_difference_is_that_of_the_two_answers_group_by_group() -> None:
    network = county(1)
    # The runs of a mix lie in another order than those of one hour.
    mix = Scenario("mix", "mix", hours=((HourClass.NIGHT, 0.5), (HourClass.OFFICE, 0.5)))
    for other in (parse("night+mobile_down"), mix):
        first, second = (
            simulate(network, one, runs=3000, seed=5, explain=False) for one in (parse("night"), other)
        )
        found = compare(network, parse("night"), other, runs=3000, seed=5)
        for one, then in zip(first.groups, second.groups, strict=True):
            assert found.groups[one.group].p == pytest.approx(then.quorum.p - one.quorum.p, abs=1e-12)
        assert first.together is not None
        assert second.together is not None
        assert found.together.p == pytest.approx(second.together.share.p - first.together.share.p, abs=1e-12)


def test_what_only_gets_worse_is_never_better_in_any_run_of_a_parallel_list() -> None:
    network = county(1)
    found = compare(network, parse("night"), parse("night"), runs=1000)
    assert all((one.better, one.worse) == (0, 0) for one in found.groups.values())


def test_the_number_of_threads_changes_nothing() -> None:
    network = county(1)
    first, second = parse("night"), parse("office+power_cut")
    assert compare(network, first, second, runs=5000, threads=1) == compare(
        network, first, second, runs=5000, threads=3
    )
