"""Which changes together help most under a budget: the worst group first, or all groups at once.

Serial lists are not monotone, so the best set need not be made of the best single changes. Sets are grown in a beam
(the best few of each size are widened by every promising change), all with the same chance; the best three are then
played on fresh runs, and what each change adds is told from those.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from prep.alerting.batches import Runs, draw_runs, in_threads, walk_runs
from prep.alerting.candidates import candidates
from prep.alerting.chain import Network
from prep.alerting.compiled import Flags, chances, compile_network
from prep.alerting.failures import examine
from prep.alerting.fixes import Change
from prep.alerting.lint import check, faults
from prep.alerting.list_changes import Candidate, FixKind
from prep.alerting.result import PartKind, Share
from prep.alerting.scenarios import Scenario
from prep.errors import Problem, Refused
from prep.language import say

SCREENING_RUNS = 2000
PROMISING = 14
BEAM = 4
_FRESH = 0x5E7
# What a change costs where nothing else is said: one each, and checking a number a quarter.
COSTS: Mapping[FixKind, float] = MappingProxyType({FixKind.VERIFY_NUMBER: 0.25})


class Aim(StrEnum):
    """What is to become as sure as possible."""

    WORST = "worst"  # the group that is reached least surely
    ALL = "all"  # all groups at once


@dataclass(frozen=True, slots=True)
class Standing:
    """How surely each group, the worst of them, and all at once are reached."""

    groups: tuple[tuple[str, Share], ...]
    all_groups: Share

    @property
    def worst(self) -> tuple[str, Share]:
        return min(self.groups, key=lambda one: (one[1].p, one[0]))


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a set, made after those before it; how everything stands with it."""

    change: Change
    cost: float
    after: Standing


@dataclass(frozen=True, slots=True)
class Package:
    """The best set of changes within a budget; ``before`` and the steps come from the same fresh runs."""

    before: Standing
    steps: tuple[Step, ...]
    network: Network

    @property
    def after(self) -> Standing:
        return self.steps[-1].after if self.steps else self.before

    @property
    def cost(self) -> float:
        return sum(step.cost for step in self.steps)


def best_package(
    network: Network,
    scenario: Scenario,
    *,
    budget: float,
    aim: Aim = Aim.WORST,
    costs: Mapping[FixKind, float] = COSTS,
    runs: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
) -> Package:
    """The changes that together help most for at most ``budget``; without steps if none helps.

    Raises
    ------
    Refused
        If ``lint`` finds a fault, or the budget or a cost is not positive.

    Cost: some hundred simulations of 2 000 runs: 5 to 15 s for a county.
    """
    check(network)
    _refuse_nonsense(budget, costs)
    screen = _Player(scenario, draw_runs(scenario, seed=seed, numbers=np.arange(SCREENING_RUNS)), aim)
    pool = _pool(network, scenario, screen, seed=seed, threads=threads)
    sets = _grow(network, pool, screen, budget=budget, costs=costs, threads=threads)
    fresh = _Player(scenario, draw_runs(scenario, seed=seed + _FRESH, numbers=np.arange(runs)), aim)
    start = fresh.score(network)
    best = max(
        (one for one in sets if fresh.score(one.network) > start),
        key=lambda one: fresh.score(one.network),
        default=_Set((), network, 0.0),
    )
    steps, changed = [], network
    for change in best.changes:
        changed = apply_changes(changed, [change])
        cost = costs.get(change.kind, 1.0)
        steps.append(Step(change, cost, fresh.standing(changed)))
    return Package(fresh.standing(network), tuple(steps), changed)


def standings(
    networks: Iterable[Network], scenario: Scenario, *, runs: int, seed: int
) -> tuple[Standing, ...]:
    """How surely each group of the networks is reached, all played with the same chance."""
    player = _Player(scenario, draw_runs(scenario, seed=seed, numbers=np.arange(runs)), Aim.WORST)
    return tuple(player.standing(one) for one in networks)


def apply_changes(network: Network, changes: Iterable[Change]) -> Network:
    """The network with stored changes made again, one after the other.

    Raises
    ------
    Refused
        If a change does not fit any more, because the chain is another by now.
    """
    for made in make_again(network, changes):
        network = made.network
    return network


def make_again(network: Network, changes: Iterable[Change]) -> tuple[Candidate, ...]:
    """Stored changes made again, one after the other: each in words, with the network after it.

    Raises
    ------
    Refused
        If a change does not fit any more, because the chain is another by now.
    """
    made: list[Candidate] = []
    for change in changes:
        before = made[-1].network if made else network
        found = next((one for one in _every(before, change) if one.identity == _identity(change)), None)
        if found is None:
            raise Refused(
                Problem(
                    place=say("Draft of a chain"),
                    value=change.sentence,
                    rule=say(
                        "A draft is made for a chain as it stood; this change does not fit it any more."
                    ),
                    remedy=say("Look for changes again."),
                )
            )
        made.append(found)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Set:
    changes: tuple[Change, ...]
    network: Network
    cost: float


class _Player:
    """Plays whole networks with the same runs."""

    def __init__(self, scenario: Scenario, drawn: Runs, aim: Aim) -> None:
        self.scenario, self.drawn, self.aim = scenario, drawn, aim

    def reached(self, network: Network) -> Flags:
        """Which groups are reached in time in which runs, shape (groups, runs)."""
        compiled = compile_network(network)
        limits = np.array([one.deadline_s for one in network.groups])
        times = walk_runs(
            compiled, chances(compiled, self.scenario), self.drawn, deadlines_s=limits, threads=1
        )
        return np.asarray(times.group_s <= limits[:, None], np.bool_)

    def score(self, network: Network) -> tuple[float, float]:
        """What is aimed at first, then the other."""
        reached = self.reached(network)
        worst, together = float(reached.mean(axis=1).min()), float(reached.all(axis=0).mean())
        mean = float(reached.mean())
        return (worst, mean) if self.aim is Aim.WORST else (together, mean)

    def standing(self, network: Network) -> Standing:
        reached = self.reached(network)
        runs = reached.shape[1]
        return Standing(
            tuple(
                (group.key, Share(int(row.sum()), runs))
                for group, row in zip(network.groups, reached, strict=True)
            ),
            Share(int(reached.all(axis=0).sum()), runs),
        )


def _pool(
    network: Network, scenario: Scenario, screen: _Player, *, seed: int, threads: int | None
) -> list[Change]:
    """The single changes that help, over all groups; the most promising of them."""
    reached = screen.reached(network)
    offered: dict[tuple[str, str, str], Candidate] = {}
    for group, row in zip(network.groups, reached, strict=True):
        failures = examine(
            network,
            scenario,
            group.key,
            seed=seed,
            deadline_s=group.deadline_s,
            failing=screen.drawn.number[~row],
            seats_missing=(),
        )
        weakest = [one.part.key for one in failures.savings if one.part.kind is PartKind.ACTOR]
        for one in candidates(network, group.key, weakest=weakest[:3]):
            offered.setdefault(one.identity, one)
    sound = [one for one in offered.values() if not faults(one.network)]
    start = screen.score(network)
    scores = in_threads(lambda one: screen.score(one.network), sound, threads)
    better = [(score, one) for score, one in zip(scores, sound, strict=True) if score > start]
    better.sort(key=lambda row: row[0], reverse=True)
    return [Change(one.kind, one.subject, one.detail, one.sentence) for _, one in better[:PROMISING]]


def _grow(
    network: Network,
    pool: Sequence[Change],
    screen: _Player,
    *,
    budget: float,
    costs: Mapping[FixKind, float],
    threads: int | None,
) -> list[_Set]:
    """Sets of changes within the budget, the three best of all sizes."""
    beam = [_Set((), network, 0.0)]
    found: list[tuple[tuple[float, float], _Set]] = []
    while beam:
        wider: dict[frozenset[tuple[str, str, str]], _Set] = {}
        for one in beam:
            for change in pool:
                cost = one.cost + costs.get(change.kind, 1.0)
                key = frozenset(map(_identity, (*one.changes, change)))
                if cost > budget + 1e-9 or change in one.changes or key in wider:
                    continue
                try:
                    wider[key] = _Set((*one.changes, change), apply_changes(one.network, [change]), cost)
                except Refused:  # one makes the other pointless: a seat is filled only once
                    continue
        sets = [one for one in wider.values() if not faults(one.network)]
        scores = in_threads(lambda one: screen.score(one.network), sets, threads)
        ranked = sorted(zip(scores, sets, strict=True), key=lambda row: row[0], reverse=True)
        found += ranked[:BEAM]
        beam = [one for _, one in ranked[:BEAM]]
    found.sort(key=lambda row: row[0], reverse=True)
    return [one for _, one in found[:3]]


def _every(network: Network, change: Change) -> Iterable[Candidate]:
    """All candidates of all groups that could be this change."""
    for group in network.groups:
        yield from candidates(network, group.key, weakest=_subjects(network, change), offered=None)


def _subjects(network: Network, change: Change) -> list[str]:
    known = {actor.key for actor in network.actors}
    owners = [point.actor for point in network.points if point.key == change.subject]
    return [change.subject] if change.subject in known else owners


def _identity(change: Change) -> tuple[str, str, str]:
    return change.kind.value, change.subject, change.detail


def _refuse_nonsense(budget: float, costs: Mapping[FixKind, float]) -> None:
    for place, value in (
        (say("Budget"), budget),
        *((say("Cost of a change"), one) for one in costs.values()),
    ):
        if not 0 < value < float("inf"):
            raise Refused(
                Problem(
                    place=place,
                    value=str(value),
                    rule=say("Budget and costs are positive numbers."),
                    remedy=say("Give the number of changes that you can make, such as 3."),
                )
            )
