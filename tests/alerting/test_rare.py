"""Rare failures: against probabilities that are known exactly, down to one in a hundred million."""

from dataclasses import replace

import pytest

from prep.alerting.chain import Group, Resource, Seat
from prep.alerting.rare import rare_failure
from prep.alerting.scenarios import PRESETS, Scenario
from prep.alerting.simulate import simulate
from prep.terms import HourClass, ResourceKind
from tests.alerting.networks import attempt, chain

OFFICE = PRESETS["office"]


def seat(deputies, misses, q=0.0, **more):
    """A seat with so many deputies, each of whom is missed with a probability, over one network."""
    keys = [f"h{n}" for n in range(deputies)]
    calls = (attempt(key, 1 - misses, slot="s", resources=("net",), **more) for key in keys)
    network = chain(*calls, resources=(Resource("net", ResourceKind.MOBILE_CORE, "net", q),))
    group = Group("g", "g", (Seat("s", "s", tuple(keys)),), 1, deadline_s=3600)
    return replace(network, groups=(group,))


@pytest.mark.parametrize(
    ("network", "p"),
    [
        (seat(5, 0.1), 1e-5),
        (seat(8, 0.1), 1e-8),
        (seat(5, 0.1, 1e-5), 1e-5 + (1 - 1e-5) * 1e-5),
        (seat(3, 0.01, 1e-4), 1e-4 + (1 - 1e-4) * 1e-6),
    ],
)
def test_a_known_probability_lies_in_the_interval(network, p):
    found = rare_failure(network, OFFICE, "g")
    # The seeds are fixed: within four standard errors.
    assert abs(found.p - p) <= 4 / 1.96 * (found.high - found.low) / 2
    assert found.never_p == pytest.approx(p, rel=1e-6)
    # Within an eighth, from twenty thousand runs that by counting would see nothing.
    assert found.p == pytest.approx(p, rel=0.125)
    assert found.failing > 1000


def test_a_failure_by_lateness_is_learned_from_the_failing_runs():
    # Answers never fail, but each comes late with probability 0.5 only if the first two calls were missed.
    network = seat(4, 0.1, gap_s=1000, delay_s=900)
    late = rare_failure(network, OFFICE, "g", deadline_s=2100.0)
    # By 2100 s: attempts at 0 and 1000 s answer at 900 and 1900 s, the third at 2900 s.
    assert late.low <= 0.01 <= late.high
    assert late.never_p == pytest.approx(1e-4, rel=1e-6)


def test_hours_are_weighed_by_their_shares():
    mixed = Scenario("mixed", "mixed", hours=((HourClass.OFFICE, 0.5), (HourClass.NIGHT, 0.5)))
    network = seat(4, 0.1)
    changed = tuple(replace(item, works=replace(item.works, night=1.0)) for item in network.lists[0].items)
    network = replace(network, lists=(replace(network.lists[0], items=changed),))
    found = rare_failure(network, mixed, "g")
    assert found.low <= 0.5e-4 <= found.high


def test_the_interval_covers_the_truth_in_nineteen_of_twenty():
    network = seat(4, 0.1, 3e-5)
    p = 3e-5 + (1 - 3e-5) * 1e-4
    hits = sum(
        one.low <= p <= one.high
        for one in (rare_failure(network, OFFICE, "g", seed=seed, runs=3000) for seed in range(100))
    )
    # Binomial with 100 and 0.95: below 88 once in 500 tries.
    assert hits >= 88


def test_the_same_seed_gives_the_same_figures_on_any_number_of_threads():
    one, two = (rare_failure(seat(4, 0.1), OFFICE, "g", threads=threads) for threads in (1, 3))
    assert one == two


def test_where_counting_sees_failures_both_agree():
    network = seat(2, 0.2, 0.05)
    counted = simulate(network, OFFICE, runs=50_000, explain=False).groups[0].quorum
    found = rare_failure(network, OFFICE, "g")
    assert found.low < 1 - counted.low
    assert 1 - counted.high < found.high


def test_it_is_told_as_one_in_so_many_and_never_as_zero():
    assert str(rare_failure(seat(5, 0.1), OFFICE, "g").sentence()).startswith("fails in one of 1")
    sure = rare_failure(seat(1, 0.0), OFFICE, "g")
    assert sure.p == 0.0
    assert str(sure.sentence()).startswith("fails in less than one of 1")
