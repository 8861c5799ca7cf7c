"""Which changes together help most under a budget: the worst group first, or all groups at once.

Serial lists are not monotone, so the best set need not be made of the best single changes. Sets are grown in a beam
(the best few of each size are widened by every promising change), all with the same chance. The best of all sizes
then race on fresh runs: each round doubles the runs and keeps those that may still be the best. The winner is played
on runs that chose nothing, and what each change adds is told from those.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from prep.alerting.batches import draw_runs, in_threads
from prep.alerting.candidates import candidates, found_again
from prep.alerting.chain import Group, Network
from prep.alerting.compiled import Flags
from prep.alerting.failures import examine
from prep.alerting.fixes import Change
from prep.alerting.lint import check, faults
from prep.alerting.list_changes import Candidate, FixKind
from prep.alerting.played import Played, Player
from prep.alerting.result import PartKind, Share
from prep.alerting.scenarios import Scenario
from prep.errors import Problem, Refused
from prep.language import say

SCREENING_RUNS = 2000
EXAMINED = 300  # failing runs of each group, to find out whom to help
PROMISING, PROMISING_OF_A_GROUP = 14, 2
BEAM = 4
FINALISTS = 8
# The seeds of the race and of the figures that are told are this far from that of the search.
_SECOND, _FRESH = 0x2ACE, 0x5E7
# What a change costs where nothing else is said: one each, and checking a number a quarter.
COSTS: Mapping[FixKind, float] = MappingProxyType({FixKind.VERIFY_NUMBER: 0.25})

_Any = TypeVar("_Any")


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
    screen = Player(scenario, draw_runs(scenario, seed=seed, numbers=np.arange(SCREENING_RUNS)))
    start = screen.play(network)
    pool = _pool(start, screen, aim, seed=seed, threads=threads)
    sets = _grow(start, pool, screen, aim, budget=budget, costs=costs, threads=threads)
    best = _race(network, sets, scenario, aim, runs=runs, seed=seed + _SECOND, threads=threads)
    fresh = Player(scenario, draw_runs(scenario, seed=seed + _FRESH, numbers=np.arange(runs)))
    played = before = fresh.play(network, threads=threads)
    steps = []
    for change in best:
        played = fresh.again(played, apply_changes(played.network, [change]))
        steps.append(Step(change, costs.get(change.kind, 1.0), _standing(played)))
    return Package(_standing(before), tuple(steps), played.network)


def standings(
    networks: Sequence[Network], scenario: Scenario, *, runs: int, seed: int
) -> tuple[Standing, ...]:
    """How surely each group of the networks is reached, all played with the same chance.

    The networks after the first are changes of it.
    """
    player = Player(scenario, draw_runs(scenario, seed=seed, numbers=np.arange(runs)))
    first = player.play(networks[0])
    return tuple(_standing(one) for one in (first, *(player.again(first, one) for one in networks[1:])))


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
        found = found_again(before, change.kind, change.subject, change.detail)
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
    played: Played
    cost: float


def _score(played: Played, aim: Aim) -> tuple[float, float]:
    """What is aimed at first, then how many groups are reached on average."""
    return (played.worst if aim is Aim.WORST else played.together), played.mean


def _standing(played: Played) -> Standing:
    runs = played.reached.shape[1]
    rows = zip(played.network.groups, played.reached, strict=True)
    return Standing(
        tuple((group.key, Share(int(row.sum()), runs)) for group, row in rows),
        Share(int(played.reached.all(axis=0).sum()), runs),
    )


def _pool(start: Played, screen: Player, aim: Aim, *, seed: int, threads: int | None) -> list[Change]:
    """The single changes that help: the most promising of all, and the best for each group.

    Of each group, because once its worst group has been helped a set goes on with the next.
    """
    network = start.network
    offered: dict[tuple[str, str, str], Candidate] = {}
    at_once = list(zip(network.groups, start.reached, strict=True))
    for found in in_threads(lambda one: _offered(start, screen, *one, seed=seed), at_once, threads):
        for one in found:
            offered.setdefault(one.identity, one)
    every = list(offered.values())
    played = in_threads(lambda one: screen.again(start, one.network), every, threads)
    ranked = sorted(
        (row for row in zip(every, played, strict=True) if _score(row[1], aim) > _score(start, aim)),
        key=lambda row: _score(row[1], aim),
        reverse=True,
    )

    def is_sound(one: Candidate) -> bool:
        return not faults(screen.changed_part(start, one.network))

    chosen = _first((one for one, _ in ranked), PROMISING, is_sound)
    for at, reached in enumerate(start.reached):
        gains = [(int(then.reached[at].sum()) - int(reached.sum()), one) for one, then in ranked]
        gains.sort(key=lambda row: row[0], reverse=True)
        chosen += _first((one for gain, one in gains if gain > 0), PROMISING_OF_A_GROUP, is_sound)
    unique = {one.identity: one for one in chosen}
    return [Change(one.kind, one.subject, one.detail, one.sentence) for one in unique.values()]


def _first(found: Iterable[_Any], count: int, is_sound: Callable[[_Any], bool]) -> list[_Any]:
    """The first of them that make no fault, such as two callers who would wait for each other."""
    return list(islice(filter(is_sound, found), count))


def _offered(start: Played, screen: Player, group: Group, reached: Flags, *, seed: int) -> list[Candidate]:
    """The changes worth trying for a group, by who fails it most."""
    failures = examine(
        start.network,
        screen.scenario,
        group.key,
        seed=seed,
        deadline_s=group.deadline_s,
        failing=np.sort(screen.drawn.number[~reached])[:EXAMINED],
        seats_missing=(),
    )
    weakest = [one.part.key for one in failures.savings if one.part.kind is PartKind.ACTOR]
    return list(candidates(start.network, group.key, weakest=weakest[:3]))


def _grow(
    start: Played,
    pool: Sequence[Change],
    screen: Player,
    aim: Aim,
    *,
    budget: float,
    costs: Mapping[FixKind, float],
    threads: int | None,
) -> list[_Set]:
    """Sets of changes within the budget, the best of all sizes."""
    beam = [_Set((), start, 0.0)]
    found: list[_Set] = []

    def widened(task: tuple[_Set, Change]) -> _Set | None:
        one, change = task
        try:
            network = apply_changes(one.played.network, [change])
        except Refused:  # one makes the other pointless: a seat is filled only once
            return None
        cost = one.cost + costs.get(change.kind, 1.0)
        return _Set((*one.changes, change), screen.again(one.played, network), cost)

    def is_sound(one: _Set) -> bool:
        return not faults(screen.changed_part(start, one.played.network))

    while beam:
        wider: dict[frozenset[tuple[str, str, str]], tuple[_Set, Change]] = {}
        for one in beam:
            for change in pool:
                fits = one.cost + costs.get(change.kind, 1.0) <= budget + 1e-9
                if fits and change not in one.changes:
                    wider.setdefault(frozenset(map(_identity, (*one.changes, change))), (one, change))
        sets = [one for one in in_threads(widened, list(wider.values()), threads) if one is not None]
        sets.sort(key=lambda one: _score(one.played, aim), reverse=True)
        beam = _first(sets, BEAM, is_sound)
        found += beam
    found.sort(key=lambda one: _score(one.played, aim), reverse=True)
    return [one for one in found[:FINALISTS] if _score(one.played, aim) > _score(start, aim)]


def _race(
    network: Network,
    sets: Sequence[_Set],
    scenario: Scenario,
    aim: Aim,
    *,
    runs: int,
    seed: int,
    threads: int | None,
) -> tuple[Change, ...]:
    """The changes of the set that is best on fresh runs; none if none is better than nothing.

    Half of the sets are left after each round, and each round plays twice the runs of the one before.
    """
    if not sets:
        return ()
    left = [((), network), *((one.changes, one.played.network) for one in sets)]
    count = min(runs, max(1, runs >> (len(left) - 1).bit_length() - 1))
    while True:
        player = Player(scenario, draw_runs(scenario, seed=seed, numbers=np.arange(count)))
        base = player.play(network)
        played = in_threads(lambda one: _score(player.again(base, one[1]), aim), left, threads)  # noqa: B023
        order = sorted(range(len(left)), key=lambda at: played[at], reverse=True)
        if count >= runs or len(left) == 1:
            return left[order[0]][0]
        left = [left[at] for at in sorted(order[: max(2, len(left) // 2)])]
        count = min(2 * count, runs)


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
