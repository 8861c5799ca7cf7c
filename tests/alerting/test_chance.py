"""Chance by key."""

import numpy as np

from prep.alerting.batches import draw_runs
from prep.alerting.chance import GOLDEN, MASK_64, draw, entity_key, mix, run_key, threshold, unit
from prep.alerting.reference import hour_of
from prep.alerting.scenarios import Scenario
from prep.terms import HourClass
from tests.alerting.networks import MIXED_HOURS


def test_mix_gives_the_published_sequence_of_splitmix64():
    # The first outputs of SplitMix64 with seed 1234567 (Vigna's splitmix64.c, as listed on Rosetta Code).
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert [mix((1234567 + step * GOLDEN) & MASK_64) for step in range(1, 5)] == expected


def test_a_name_made_of_parts_differs_from_the_same_letters_parted_otherwise():
    assert len({entity_key("ab", "c"), entity_key("a", "bc"), entity_key("abc")}) == 3


def test_the_thresholds_of_never_and_always_leave_no_doubt():
    assert threshold(0.0) == 0
    assert threshold(1.0) == 2**32  # every draw lies below


def test_a_draw_is_uniform_in_both_halves():
    # Mean of 20 000 uniforms: standard deviation 0.289 / sqrt(20 000) = 0.002; five of them are 0.0102.
    pairs = [draw(run_key(1, run), entity_key("available", "aino")) for run in range(20_000)]
    for half in zip(*pairs, strict=True):
        assert abs(sum(map(unit, half)) / len(half) - 0.5) < 0.0102


def test_seeds_runs_and_names_each_change_the_draw():
    name = entity_key("available", "aino")
    draws = {draw(run_key(seed, run), name) for seed in range(20) for run in range(20)}
    assert len(draws) == 400


def test_arrays_of_runs_have_the_keys_and_hours_of_single_runs():
    scenario = Scenario("own", "own", hours=MIXED_HOURS)
    runs = draw_runs(scenario, seed=7, numbers=np.arange(500))
    assert sorted(runs.number) == list(range(500))
    assert all(int(key) == run_key(7, int(run)) for run, key in zip(runs.number, runs.key, strict=True))
    for hour, first, last in runs.hours:
        assert {hour_of(int(key), scenario) for key in runs.key[first:last]} == {hour}
    assert [hour for hour, _, _ in runs.hours] == [HourClass.OFFICE, HourClass.EVENING, HourClass.NIGHT]
