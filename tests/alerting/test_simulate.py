"""The simulator's answers against closed forms."""

from dataclasses import replace
from math import comb, inf

import numpy as np
import pytest

from prep.alerting.chain import Actor, CallList, Group, Network, Resource, Seat
from prep.alerting.delay import Delay
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import percentile, simulate, simulate_until
from prep.errors import Refused
from prep.terms import ListMode, ResourceKind
from tests.alerting.networks import attempt, chain, group

OFFICE = PRESETS["office"]
RUNS = 20_000
# Five standard deviations: one false alarm in 1.7 million, and the seeds are fixed.
FIVE = 5.0


def near(share, expected):
    spread = FIVE * (expected * (1 - expected) / share.runs) ** 0.5
    return abs(share.p - expected) <= spread + 1e-12


def reach(network, **more):
    return simulate(network, OFFICE, runs=RUNS, **{"explain": False, **more}).groups[0]


def test_one_attempt_succeeds_with_its_probability_and_its_delay():
    law = Delay(1200, 1.1)
    network = chain(replace(attempt("a", 0.7), delay=law))
    for deadline_s in (300.0, 1200.0, 3000.0):
        assert near(reach(network, deadline_s=deadline_s).quorum, 0.7 * law.share_within(deadline_s))


def test_repeated_attempts_come_at_the_gap_with_p_q_to_the_k_minus_1():
    network = chain(*(attempt("a", 0.3, delay_s=10.0, gap_s=100.0) for _ in range(4)))
    for attempts in range(1, 5):
        by_then_s = (attempts - 1) * 100 + 10
        assert near(reach(network, deadline_s=by_then_s).quorum, 1 - 0.7**attempts)
        just_before = reach(network, deadline_s=by_then_s - 1).quorum
        assert near(just_before, 1 - 0.7 ** (attempts - 1))


def test_a_quorum_of_independent_seats_is_binomial():
    network = chain(*(attempt(key, 0.6) for key in "abcde"))
    for quorum in range(1, 6):
        one = replace(network, groups=(group(*"abcde", quorum=quorum),))
        expected = sum(comb(5, k) * 0.6**k * 0.4 ** (5 - k) for k in range(quorum, 6))
        found = reach(one)
        assert near(found.quorum, expected)
        assert near(found.all_seats, 0.6**5)
        assert found.expected_seats == pytest.approx(3.0, abs=0.05)
        assert all(near(seat.by_deadline, 0.6) for seat in found.seats)


def test_a_common_cause_is_mixed_outside_and_never_averaged_inside():
    network = chain(
        *(attempt(key, 0.9, resources=("net",)) for key in "abc"),
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "net", 0.2),),
    )
    all_three = replace(network, groups=(group(*"abc", quorum=3),))
    expected = 0.8 * 0.9**3  # 0.5832; averaged inside it would be 0.72^3 = 0.373
    assert near(reach(all_three).quorum, expected)


def test_a_serial_line_reaches_the_nth_after_the_calls_before():
    # Answered calls take 60 + 30 s, unanswered ones ring 200 s. The fourth is reached by 500 s if at most one
    # of the three before rang out (2·90 + 200 + 60 = 440; 90 + 2·200 + 60 = 550).
    items = [attempt(key, 0.5, ring_s=200.0) for key in "abc"]
    network = replace(chain(*items, attempt("d"), mode=ListMode.SERIAL), groups=(group("d", quorum=1),))
    assert near(reach(network, deadline_s=500.0).quorum, (1 + 3) / 8)


def test_a_broadcast_reaches_by_the_deadline_those_whom_a_serial_line_does_not():
    items = [attempt(key) for key in "abcdefghij"]
    everyone = (group(*"abcdefghij", quorum=10),)
    serial, parallel = (
        reach(replace(chain(*items, mode=mode), groups=everyone), deadline_s=300.0)
        for mode in (ListMode.SERIAL, ListMode.PARALLEL)
    )
    assert (serial.quorum.count, parallel.quorum.count) == (0, RUNS)
    # Calls are answered at 60, 150, 240 and (too late) 330 s.
    assert serial.expected_seats == 3
    assert parallel.median.value_s == 60


def test_all_groups_at_once_is_counted_in_the_same_runs():
    network = chain(attempt("a", 0.5), attempt("b", 0.5))
    network = replace(network, groups=(group("a", quorum=1, key="g1"), group("a", "b", quorum=2, key="g2")))
    result = simulate(network, OFFICE, runs=RUNS)
    assert near(result.all_groups, 0.25)
    assert near(result.group("g1").quorum, 0.5)


def test_a_percentile_that_is_not_reached_has_no_time():
    found = reach(chain(attempt("a", 0.7)))
    assert found.median.value_s == 60
    assert found.p90.value_s is None
    assert found.curve.reached[-1] == found.curve.share_by(inf).count < 0.72 * RUNS


def test_what_is_reached_after_the_horizon_is_not_reached():
    found = reach(chain(attempt("a", delay_s=7200.0)), deadline_s=10_000.0, horizon_s=3600.0)
    assert found.quorum.count == 0
    assert found.seats[0].by_deadline.count == 0
    assert found.curve.at_s[-1] == 3600.0


def test_the_deadline_itself_is_in_time():
    network = chain(attempt("a"))
    assert reach(network, deadline_s=60.0).quorum.count == RUNS
    assert reach(network, deadline_s=59.9).quorum.count == 0


def test_the_curve_counts_what_the_quorum_counts_at_the_deadline():
    network = chain(replace(attempt("a", 0.8), delay=Delay(900, 1.0)))
    found = reach(network, deadline_s=777.0)
    assert found.curve.share_by(777.0) == found.quorum
    assert list(found.curve.reached) == sorted(found.curve.reached)


def test_the_rank_interval_of_a_median_is_that_of_the_order_statistics():
    # 100 ordered values 1..100: ranks 50 and 50 ± 9.8, so the 40th and the 61st value.
    found = percentile(np.arange(1.0, 101.0), 0.5)
    assert (found.value_s, found.low_s, found.high_s) == (50.0, 40.0, 61.0)


def test_a_percentile_of_few_runs_has_an_open_interval():
    # 2.7 ± 1.02: ranks 1 and 5 of three.
    found = percentile(np.array([1.0, 2.0, inf]), 0.9)
    assert (found.value_s, found.low_s, found.high_s) == (None, 1.0, None)


def test_failing_runs_and_missing_seats_are_counted():
    network = chain(attempt("a"), attempt("b", 0.0))
    network = replace(network, groups=(group("a", "b", quorum=2),))
    failures = simulate(network, OFFICE, runs=500).groups[0].failures
    assert failures.failing == 500
    assert failures.seats_missing == (("seat a", 0), ("seat b", 500))


def test_the_interval_covers_the_truth_as_often_as_it_says():
    # 400 seeds of 200 runs; coverage 95 % ± five standard deviations of 1.1 points.
    network = chain(attempt("a", 0.3))
    covered = 0
    for seed in range(400):
        share = simulate(network, OFFICE, runs=200, seed=seed, threads=1, explain=False).groups[0].quorum
        covered += share.low <= 0.3 <= share.high
    assert 0.895 <= covered / 400 <= 1.0


def test_the_worst_preset_hour_is_the_holiday_night():
    from benchmarks.county import county

    network = county(2)
    shares = {
        key: simulate(network, PRESETS[key], runs=4000, explain=False).group("m0").quorum.p
        for key in ("office", "evening", "night", "holiday")
    }
    assert shares["office"] > shares["evening"] > shares["night"] > shares["holiday"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"runs": 0}, "from 1 to 10 000 000 runs"),
        ({"seed": -1}, "A seed is zero or a positive whole number"),
        ({"deadline_s": -5.0}, "A time is zero seconds or more"),
        ({"horizon_s": inf}, "A time is zero seconds or more"),
        ({"groups": ["other"]}, "The chain has no such group. Use one of these: group"),
    ],
)
def test_nonsense_is_refused(changes, message):
    with pytest.raises(Refused) as refusal:
        simulate(chain(attempt("a")), OFFICE, **changes)
    assert message in str(refusal.value).replace("\xa0", " ")


def test_more_times_than_memory_holds_are_refused_before_they_are_taken():
    network = chain(attempt("a"))
    many = tuple(replace(network.groups[0], key=f"g{number}") for number in range(20))
    with pytest.raises(Refused) as refusal:
        simulate(replace(network, groups=many), OFFICE, runs=10_000_000)
    assert "With 20 groups at most 5 000 000 runs fit" in str(refusal.value).replace("\xa0", " ")


def test_a_network_with_a_fault_is_refused_and_the_ring_named():
    network = Network(
        actors=(Actor("a", "Aino"), Actor("b", "Eero")),
        lists=(
            CallList("a", ListMode.SERIAL, (attempt("b"),)),
            CallList("b", ListMode.SERIAL, (attempt("a"),)),
        ),
        groups=(Group("g", "g", (Seat("s", "s", ("a",)),), 1),),
        sources=("a",),
    )
    with pytest.raises(Refused, match="Aino → Eero → Aino"):
        simulate(network, OFFICE)


def two_groups():
    """Aino with probability 0.8 and Eero with 0.5, each a group of one."""
    network = chain(attempt("aino", 0.8), attempt("eero", 0.5))
    groups = tuple(group(key, quorum=1, key=key) for key in ("aino", "eero"))
    return replace(network, groups=groups)


def test_all_groups_at_once_are_counted_in_the_same_runs():
    together = simulate(two_groups(), PRESETS["office"], runs=20_000).together
    # 0.2 · 0.5 none, 0.8 · 0.5 + 0.2 · 0.5 one, 0.8 · 0.5 both.
    assert [count / 20_000 for count in together.counts] == pytest.approx([0.1, 0.5, 0.4], abs=0.02)
    assert together.share == together.at_least(2)
    assert together.at_least(0).p == 1.0
    assert together.expected == pytest.approx(1.3, abs=0.02)
    # Both are called at once and answer after 60 s; in more than half of the runs one never does.
    assert (together.median.value_s, together.curve.share_by(60).p) == (None, together.share.p)


def test_every_member_and_deputy_has_a_share_of_their_own():
    network = chain(attempt("aino", 0.8, slot="s"), attempt("eero", 0.5, slot="s"))
    seats = (Seat("s", "Chair", ("aino", "eero")), Seat("t", "Second chair", ("eero",)))
    network = replace(network, groups=(Group("g", "g", seats, 1),))
    people = {
        one.actor: one.by_deadline.p
        for one in simulate(network, PRESETS["office"], runs=20_000).groups[0].people
    }
    # Eero is called only where Aino has not answered after 90 s.
    assert people == pytest.approx({"aino": 0.8, "eero": 0.2 * 0.5}, abs=0.02)


def test_runs_are_doubled_until_the_interval_is_narrow_and_no_further_than_allowed():
    found = simulate_until(two_groups(), PRESETS["office"], half_width=0.01)
    # 1.96 · √(0.25 / n) ≤ 0.01 needs 9 604 runs: the next power of two thousand is 16 000.
    assert found.runs == 16_000
    assert found == simulate(two_groups(), PRESETS["office"], runs=16_000)
    assert simulate_until(two_groups(), PRESETS["office"], half_width=0.0001, most_runs=3000).runs == 3000
