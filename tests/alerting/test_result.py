"""Shares with intervals, and results that can be stored."""

import json

import pytest

from benchmarks.county import county
from prep.alerting.result import Curve, Result, Share
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.errors import Refused
from prep.language import in_language
from prep.terms import Language


# Wilson's interval by hand for the three arms of Homier et al. 2018: centre (k + z²/2) / (n + z²),
# half-width z·sqrt(k·(n − k)/n + z²/4) / (n + z²), z = 1.96.
@pytest.mark.parametrize(
    ("count", "low", "high"), [(18, 0.277, 0.556), (11, 0.146, 0.394), (7, 0.079, 0.294)]
)
def test_the_interval_is_wilsons(count, low, high):
    share = Share(count, 44)
    assert (round(share.low, 3), round(share.high, 3)) == (low, high)


def test_none_of_ten_thousand_is_below_four_in_ten_thousand():
    # z² / (n + z²) = 3.8415 / 10 003.84
    assert Share(0, 10_000).low == 0.0
    assert Share(0, 10_000).high == pytest.approx(0.000384, abs=1e-6)
    assert str(Share(0, 10_000).sentence()).replace("\xa0", " ") == "below 0,04 % (10 000 runs)"


def test_all_of_ten_thousand_is_not_certainty():
    assert Share(10_000, 10_000).high == 1.0
    assert str(Share(10_000, 10_000).sentence()).replace("\xa0", " ") == "above 99,96 % (10 000 runs)"


def test_a_share_is_shown_with_interval_and_runs():
    text = str(Share(71_000, 100_000).sentence()).replace("\xa0", " ")
    assert text == "71,0 % (95 % interval 70,7–71,3 %, 100 000 runs)"


def test_a_share_is_said_in_finnish_and_swedish():
    sentence = Share(0, 10_000).sentence()
    assert "alle 0,04" in in_language(sentence, Language.FI)
    assert "under 0,04" in in_language(sentence, Language.SV)


@pytest.mark.parametrize(("count", "runs"), [(-1, 10), (11, 10), (0, 0)])
def test_a_share_of_nothing_is_a_mistake_of_the_program(count, runs):
    with pytest.raises(ValueError, match="is no share"):
        Share(count, runs)


def test_a_curve_is_read_at_the_last_time_before():
    curve = Curve((0.0, 60.0, 120.0), (0, 3, 7), 10)
    assert [curve.share_by(at).count for at in (-1.0, 0.0, 59.9, 60.0, 1e9)] == [0, 0, 0, 3, 7]


def test_a_stored_result_is_read_back_equal_and_holds_no_names():
    network = county(2)
    result = simulate(network, PRESETS["night"], runs=500)
    text = result.to_json()
    assert Result.from_json(text) == result
    assert Result.from_json(text).to_json() == text
    assert not any(actor.name in text for actor in network.actors)
    assert not any(group.name in text for group in network.groups)
    stored = json.loads(text)
    assert (stored["seed"], stored["runs"], stored["scenario"], stored["engine"]) == (1, 500, "night", "2")
    assert len(stored["network"]) == 64


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"engine": "1"}', '{"groups": 3}'])
def test_a_text_that_is_no_result_is_refused(text):
    with pytest.raises(Refused, match="can be read only as it was written"):
        Result.from_json(text)


def test_a_group_that_was_not_asked_for_is_not_found():
    result = simulate(county(1), PRESETS["night"], runs=10, groups=["m0"])
    with pytest.raises(KeyError):
        result.group("board")
