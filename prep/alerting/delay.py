"""How long an answer takes: a log-normal delay, as a piecewise-linear law over the unit interval.

The piecewise-linear law **is** the law of the model: simulator, reference, exact tests and benchmarks all use
it. It passes through the log-normal's quantiles at twelve fixed shares; its distribution function is nowhere
further than 0.006 from the log-normal's for sigma up to 1.3 (a test measures it). It is written as a sum of
hinges, because a sum runs over many runs side by side in one processor instruction, and a table does not.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import exp, isfinite
from statistics import NormalDist

from prep.errors import Problem, Refused
from prep.language import say

# Where the law bends. Found by random search for the smallest greatest distance to log-normal laws with sigma
# between 0.4 and 1.3.
BENDS = (
    0.04466, 0.11880, 0.26304, 0.38706, 0.49880, 0.59948, 0.68970, 0.76913, 0.83769,
    0.89435, 0.93931, 0.97225,
)  # fmt: skip
SHORTEST_SHARE = 0.00488  # the law's ends lie at these shares of the log-normal
LONGEST_SHARE = 0.99512
GREATEST_SIGMA = 2.0


@dataclass(frozen=True, slots=True)
class Delay:
    """Time from the attempt to the answer: ``median_s`` seconds, ``sigma`` the spread of its logarithm.

    ``sigma`` 0 is a fixed time. The longest possible delay is the 99.5 % quantile of the log-normal.

    >>> round(Delay(60, 0.6).quantile(0.5), 1)
    60.0
    >>> Delay(90, 0).quantile(0.93)
    90.0
    """

    median_s: float
    sigma: float
    base_s: float = field(init=False, repr=False, compare=False)
    slopes: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (isfinite(self.median_s) and self.median_s >= 0):
            raise Refused(
                Problem(
                    place=say("Median of a delay"),
                    value=str(self.median_s),
                    rule=say("A time is zero seconds or more."),
                    remedy=say("Give the time in seconds."),
                )
            )
        if not (isfinite(self.sigma) and 0 <= self.sigma <= GREATEST_SIGMA):
            raise Refused(
                Problem(
                    place=say("Spread of a delay"),
                    value=str(self.sigma),
                    rule=say("The spread of a delay lies between 0 and {greatest}.", greatest=GREATEST_SIGMA),
                    remedy=say("Give 0 for a fixed time, about 0.6 for a call, about 1.1 for a text."),
                )
            )
        base, slopes = _hinges(self.median_s, self.sigma)
        object.__setattr__(self, "base_s", base)
        object.__setattr__(self, "slopes", slopes)

    def quantile(self, share: float) -> float:
        """The delay that ``share`` of the answers do not exceed: the sum of hinges, in this order."""
        delay = self.base_s + self.slopes[0] * share
        for bend, slope in zip(BENDS, self.slopes[1:], strict=True):
            delay = delay + slope * max(share, bend)
        return delay

    def share_within(self, time_s: float) -> float:
        """The share of answers that take at most ``time_s``: the inverse of ``quantile``."""
        corners = (0.0, *BENDS, 1.0)
        times = [self.quantile(share) for share in corners]
        if time_s < times[0]:
            return 0.0
        for left, right, earlier, later in zip(corners, corners[1:], times, times[1:], strict=False):
            if time_s < later:
                return left + (right - left) * (time_s - earlier) / (later - earlier)
        return 1.0


@lru_cache(maxsize=4096)
def _hinges(median_s: float, sigma: float) -> tuple[float, tuple[float, ...]]:
    """The base, the first slope, and the change of slope at each bend.

    A hinge c · max(share − bend, 0) is c · max(share, bend) less the constant c · bend, which is in the base:
    one operation less for each bend and attempt.
    """
    normal = NormalDist()
    times = [
        median_s * exp(sigma * normal.inv_cdf(share)) for share in (SHORTEST_SHARE, *BENDS, LONGEST_SHARE)
    ]
    corners = (0.0, *BENDS, 1.0)
    steep = [
        (later - earlier) / (right - left)
        for left, right, earlier, later in zip(corners, corners[1:], times, times[1:], strict=False)
    ]
    changes = [after - before for before, after in pairwise(steep)]
    base = times[0] - sum(change * bend for change, bend in zip(changes, BENDS, strict=True))
    return base, (steep[0], *changes)
