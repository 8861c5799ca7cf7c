"""Which single change would help most: candidates, each played with the same chance as the chain as it
stands.

Candidates are screened with common random numbers, so that only the change differs; the best ones are then
verified on a fresh seed, because the winner of a comparison is flattered by the numbers that chose it. A
serial list is not monotone (a better channel can delay whoever comes later), so nothing is assumed: all is
simulated.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from prep.alerting.batches import draw_runs, in_threads
from prep.alerting.candidates import candidates
from prep.alerting.chain import Network
from prep.alerting.compiled import Flags
from prep.alerting.failures import examine
from prep.alerting.lint import check, faults
from prep.alerting.list_changes import Candidate, FixKind
from prep.alerting.paired import Difference
from prep.alerting.played import Player
from prep.alerting.result import PartKind, Share
from prep.alerting.scenarios import Scenario
from prep.language import Message

SCREENING_RUNS = 4000
SHOWN = 5
_FRESH = 0x5EED  # the verifying seed is this far from the screening one


@dataclass(frozen=True, slots=True)
class Fix:
    """A change and what it does: both shares from the same fresh runs, the gain with its 95 % interval."""

    kind: FixKind
    subject: str
    sentence: Message
    before: Share
    after: Share
    gain: float
    gain_low: float
    gain_high: float
    network: Network
    detail: str = ""

    @property
    def change(self) -> "Change":
        return Change(self.kind, self.subject, self.detail, self.sentence)


@dataclass(frozen=True, slots=True)
class Change:
    """A change by what identifies it, so that it can be stored and made again on the chain as it stands then."""

    kind: FixKind
    subject: str
    detail: str
    sentence: Message


def best_fix(
    network: Network,
    scenario: Scenario,
    group: str,
    *,
    runs: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    deadline_s: float | None = None,
) -> Fix | None:
    """The single change that helps the group most; None if none helps for certain.

    "For certain" means that the 95 % interval of the gain, on fresh runs, lies above zero.
    """
    found = fixes(
        network, scenario, group, runs=runs, seed=seed, threads=threads, deadline_s=deadline_s, shown=3
    )
    return found[0] if found and found[0].gain_low > 0 else None


def fixes(
    network: Network,
    scenario: Scenario,
    group: str,
    *,
    runs: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    deadline_s: float | None = None,
    shown: int = SHOWN,
) -> tuple[Fix, ...]:
    """The changes that help the group most, best first; those that do not help are left out.

    Raises
    ------
    Refused
        If ``lint`` finds a fault.

    Cost: about 0.1 s for a group of a county.
    """
    check(network)
    limit_s = network.group(group).deadline_s if deadline_s is None else deadline_s
    screening = draw_runs(scenario, seed=seed, numbers=np.arange(min(runs, SCREENING_RUNS)))
    screen = Player(scenario, screening, groups=[group], deadline_s=limit_s)
    start = screen.play(network)
    failures = examine(
        network,
        scenario,
        group,
        seed=seed,
        deadline_s=limit_s,
        failing=screening.number[~start.reached[0]],
        seats_missing=(),
    )
    weakest = [saving.part.key for saving in failures.savings if saving.part.kind is PartKind.ACTOR]
    offered = list(candidates(network, group, weakest=weakest))

    now = int(start.reached.sum())
    gains = in_threads(
        lambda one: int(screen.again(start, one.network).reached.sum()) - now, offered, threads
    )
    order = sorted(range(len(offered)), key=lambda at: (-gains[at], at))
    helping = (offered[at] for at in order if gains[at] > 0)
    # Some changes would make two callers wait for each other.
    sound = (one for one in helping if not faults(screen.changed_part(start, one.network)))
    promising = list(islice(sound, shown))
    if not promising:
        return ()
    fresh = Player(
        scenario,
        draw_runs(scenario, seed=seed + _FRESH, numbers=np.arange(runs)),
        groups=[group],
        deadline_s=limit_s,
    )
    before = fresh.play(network)
    verified = in_threads(
        lambda one: _compare(one, before.reached[0], fresh.again(before, one.network).reached[0]),
        promising,
        threads,
    )
    return tuple(sorted((fix for fix in verified if fix.gain > 0), key=lambda fix: -fix.gain))


def _compare(candidate: Candidate, now: Flags, then: Flags) -> Fix:
    """The gain from paired runs: only the runs whose outcome changes count."""
    difference = Difference.of(now, then)
    return Fix(
        kind=candidate.kind,
        subject=candidate.subject,
        sentence=candidate.sentence,
        before=Share(int(now.sum()), len(now)),
        after=Share(int(then.sum()), len(now)),
        gain=difference.p,
        gain_low=difference.low,
        gain_high=difference.high,
        network=candidate.network,
        detail=candidate.detail,
    )
