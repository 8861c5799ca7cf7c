"""The delay law."""

from math import log
from statistics import NormalDist

import pytest

from prep.alerting.delay import Delay
from prep.errors import Refused


@pytest.mark.parametrize("sigma", [0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.1, 1.3])
def test_the_law_is_nowhere_further_than_0_006_from_the_log_normal(sigma):
    delay = Delay(60.0, sigma)
    shares = [step / 2000 for step in range(1, 2000)]
    distances = [abs(NormalDist().cdf(log(delay.quantile(share) / 60.0) / sigma) - share) for share in shares]
    assert max(distances) < 0.006


def test_the_median_is_the_median():
    assert Delay(1200, 1.1).quantile(0.5) == pytest.approx(1200, rel=0.005)


def test_a_text_message_is_answered_after_36_minutes_on_average():
    # E3 (Timler et al. 2015) measured 36.4 minutes; the law lacks the slowest half percent.
    law = Delay(1200, 1.1)
    mean_s = sum(law.quantile((step + 0.5) / 10_000) for step in range(10_000)) / 10_000
    assert 33 < mean_s / 60 < 38


def test_without_spread_every_answer_takes_the_same_time():
    law = Delay(90, 0)
    assert {law.quantile(share) for share in (0.0, 0.3, 0.77, 1.0)} == {90.0}
    assert (law.share_within(89.9), law.share_within(90.0)) == (0.0, 1.0)


def test_share_within_is_the_inverse_of_the_quantile():
    law = Delay(480, 1.1)
    for share in (0.0, 0.01, 0.3, 0.5, 0.9, 0.999):
        assert law.share_within(law.quantile(share)) == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("median_s", [-1.0, float("nan"), float("inf")])
def test_a_median_that_is_no_time_is_refused(median_s):
    with pytest.raises(Refused, match="A time is zero seconds or more"):
        Delay(median_s, 0.6)


@pytest.mark.parametrize("sigma", [-0.1, 2.1, float("nan")])
def test_a_spread_out_of_range_is_refused(sigma):
    with pytest.raises(Refused, match="spread of a delay lies between 0 and 2"):
        Delay(60, sigma)
