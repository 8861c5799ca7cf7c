"""How often a group fails that hardly ever does: importance sampling, where counting would say "0 of 10 000".

Runs are drawn in which what matters fails more often, and each counts with its likelihood ratio. What matters is
known without trying: the solver gives the likeliest sets of facts that silence the group, and each set is a law of
its own, in which these facts fail nearly always and all others as often as they do. Another law is learned from the
failing runs of a pilot, late ones included (the cross-entropy of Rubinstein and Kroese 2004).

Runs come from a mixture of these laws and the plain one, and are weighed against the whole mixture (Hesterberg
1995, Technometrics 37:185–194): no weight exceeds 1 / (share of the plain law), so a mode of failure that the
others miss costs precision, and never gives a wrong figure of any size without a sign of it.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from prep.alerting.batches import Runs, mixed, walk_runs
from prep.alerting.chain import Network
from prep.alerting.chance import GOLDEN, entity_key, seed_key
from prep.alerting.compiled import (
    HOURS,
    Chances,
    Compiled,
    Fact,
    Flags,
    Floats,
    Ints,
    Keys,
    chances,
    compile_network,
)
from prep.alerting.exact import exact, likely_failures
from prep.alerting.lint import check
from prep.alerting.result import Z_95
from prep.alerting.scenarios import Scenario
from prep.alerting.standing import windows_of
from prep.alerting.subnetwork import subnetwork
from prep.language import Message, say
from prep.terms import HourClass

RUNS = 20_000
PILOT = 8_000
_PLAIN, _LEARNED = 0.2, 0.3  # shares of the mixture; the rest is that of the likely failures
_WAYS = 24  # likely failures that have a law of their own
_MOST = 0.95  # no fact is made to fail more surely than this
_WHOLE = float(1 << 32)
_APART = 0xA11  # the seed of the final runs is this far from the pilot's


@dataclass(frozen=True, slots=True)
class RareFailure:
    """The probability of missing the deadline, with its 95 % interval; ``failing`` of ``runs`` tilted runs did.

    ``effective_runs`` is how many failures the weighted ones are worth; below about thirty the interval is a
    rough one. ``never_p`` is the probability that the alarm does not get through at all, exactly: a lower bound.
    """

    group: str
    p: float
    low: float
    high: float
    failing: int
    runs: int
    effective_runs: float
    never_p: float

    def sentence(self) -> Message:
        """The probability as one in so many alarms, never as zero."""
        if self.failing == 0 or self.p <= 0:
            return say("fails in less than one of {n} alarms", n=max(int(1 / max(self.high, 1e-300)), 1))
        return say(
            "fails in one of {n} alarms (95 % interval {low} to {high})",
            n=_one_in(self.p),
            low=_one_in(self.high),
            high=_one_in(self.low) if self.low > 0 else say("any number"),
        )


def rare_failure(
    network: Network,
    scenario: Scenario,
    group: str,
    *,
    runs: int = RUNS,
    seed: int = 1,
    deadline_s: float | None = None,
    threads: int | None = None,
) -> RareFailure:
    """How often the group misses its deadline, to be asked where counting finds next to no failures.

    The same seed gives the same figures. With several hour classes each is weighed by its share.

    Raises
    ------
    Refused
        If ``lint`` finds a fault.

    Cost: the exact solution of the group and some ten thousand runs: 0.1 to 0.5 s.
    """
    check(network)
    part = subnetwork(network, [group])
    limit_s = part.groups[0].deadline_s if deadline_s is None else deadline_s
    p, spread, failing, total, squares, never = 0.0, 0.0, 0, 0, 0.0, 0.0
    for number, (hour, weight) in enumerate(scenario.mix):
        then = replace(scenario, hours=((hour, 1.0),))
        solved = exact(part, then, group)
        tilted = _Tilted(part, then, hour, limit_s, threads)
        ways = tilted.ways(likely_failures(part, then, group, count=4 * _WAYS)[:_WAYS])
        pilot = tilted.play(ways, seed=seed + 7919 * number, runs=PILOT)
        laws = [*ways, (_LEARNED, tilted.learned(pilot))]
        found = tilted.play(laws, seed=seed + _APART + 7919 * number, runs=runs)
        values = np.where(found.failed, found.weight, 0.0)
        p += weight * float(values.mean())
        spread += weight**2 * float(values.var(ddof=1)) / runs
        failing, total = failing + int(found.failed.sum()), total + runs
        squares += float((values**2).sum())
        never += weight * (1 - solved.p)
    half = Z_95 * sqrt(spread)
    total_weight = p * runs
    return RareFailure(
        group=group,
        p=p,
        low=max(p - half, 0.0),
        # None seen: the rule of three, for weights that are at most 1 / plain.
        high=min(p + half, 1.0) if failing else min(3.7 / _PLAIN / runs, 1.0),
        failing=failing,
        runs=total,
        effective_runs=total_weight**2 / squares if squares else 0.0,
        never_p=max(never, 0.0),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Played:
    """Runs of a mixture: their keys, the law that each was drawn from, whether they failed, their weights."""

    key: Keys
    law: Ints
    laws: tuple[Chances, ...]
    failed: Flags
    weight: Floats


class _Tilted:
    """One group at one hour, ready to be played with other chances of failing."""

    def __init__(
        self, network: Network, scenario: Scenario, hour: HourClass, deadline_s: float, threads: int | None
    ) -> None:
        self.compiled: Compiled = compile_network(network)
        self.chances: Chances = chances(self.compiled, scenario)
        self.unsettled = self._fed_in_turns(scenario)
        self.hour, self.row = hour, HOURS.index(hour)
        self.deadline_s, self.threads = np.array([deadline_s]), threads

    def ways(self, failures: list[tuple[float, frozenset[Fact]]]) -> list[tuple[float, Chances]]:
        """A law for each likely failure, with its weight: by its probability, but none is left out."""
        total = sum(share for share, _ in failures)
        return [
            ((share / total + 1 / len(failures)) / 2, self._failing(facts)) for share, facts in failures
        ] or [(1.0, self.chances)]

    def _fed_in_turns(self, scenario: Scenario) -> set[int]:
        """Resources below one that is down for a part of the time: their draw may be asked twice, against two chances.

        They keep their chances, as the weights know one outcome of each draw.
        """
        parents = self.compiled.structure.state_parent
        found = {
            self.compiled.state_at["resource", key]
            for key in windows_of(self.compiled.network.resources, scenario)
        }
        below: set[int] = set()
        for at, parent in enumerate(parents):  # parents come first
            if int(parent) in found | below:
                below.add(at)
        return below

    def _failing(self, facts: frozenset[Fact]) -> Chances:
        tilted = self.chances.copy()
        for fact in sorted(facts):
            self._tilt(tilted, fact)
        return tilted

    def _tilt(self, tilted: Chances, fact: Fact) -> None:
        """Make a fact fail nearly always; a link fails when all its attempts do."""
        kind, key = fact
        if kind == "link":
            attempts = self._attempts(key)
            each = _MOST ** (1 / max(len(attempts), 1))
            for at in attempts:
                if 0 < self.chances.item[self.row, at] < _WHOLE:
                    tilted.item[self.row, at] = min(
                        self.chances.item[self.row, at], round((1 - each) * _WHOLE)
                    )
            return
        at = self.compiled.state_at.get(("resource" if kind == "fed" else kind, key), -1)
        if at in self.unsettled:
            return
        tables = [tilted.state_if_parent_down] if kind == "fed" else [tilted.state]
        if kind == "resource":
            tables.append(tilted.state_if_parent_down)
        for table in tables:
            if at >= 0 and 0 < table[self.row, at] < _WHOLE:
                table[self.row, at] = min(table[self.row, at], round((1 - _MOST) * _WHOLE))

    def _attempts(self, link: str) -> list[int]:
        caller, target, point, two_way, channel, *resources = link.split("\x1f")
        return [
            at
            for at, (who, item) in enumerate(self.compiled.items)
            if who == caller
            and item.alerts
            and (item.target, item.point or "", str(item.two_way), item.channel.value)
            == (target, point, two_way, channel)
            and sorted(set(item.resources)) == resources
        ]

    def play(self, weighed: list[tuple[float, Chances]], *, seed: int, runs: int) -> _Played:
        """Draw runs from the plain law and the others, and weigh each against the whole mixture."""
        keys = mixed(
            np.uint64(seed_key(seed)) + (np.arange(runs, dtype=np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
        )
        whether = (mixed(keys + np.uint64(entity_key("mixture"))) >> np.uint64(32)).astype(
            np.float64
        ) / _WHOLE
        total = sum(weight for weight, _ in weighed)
        shares = [_PLAIN, *((1 - _PLAIN) * weight / total for weight, _ in weighed)]
        tilts = [law for _, law in weighed]
        component = np.searchsorted(np.cumsum(shares)[:-1], whether, side="right")
        laws = [self.chances, *tilts]
        failed = np.zeros(runs, np.bool_)
        for number, law in enumerate(laws):
            chosen = np.flatnonzero(component == number)
            if len(chosen) == 0:
                continue
            drawn = Runs(chosen, keys[chosen], ((self.hour, 0, len(chosen)),))
            times = walk_runs(self.compiled, law, drawn, deadlines_s=self.deadline_s, threads=self.threads)
            failed[chosen] = times.group_s[0] > self.deadline_s[0]
        return _Played(keys, component, tuple(laws), failed, self._weights(keys, component, laws, shares))

    def _weights(
        self,
        keys: Keys,
        component: Ints,
        laws: list[Chances],
        shares: list[float],
    ) -> Floats:
        """P(run) under the plain law over P(run) under the mixture; only what is tilted counts."""
        ratio = np.zeros((len(laws), len(keys)))  # logarithms of tilted over plain
        structure, row = self.compiled.structure, self.row
        touched = [
            at
            for at in range(1, len(structure.state_key))
            if any(
                law.state[row, at] != self.chances.state[row, at]
                or law.state_if_parent_down[row, at] != self.chances.state_if_parent_down[row, at]
                for law in laws[1:]
            )
        ]
        needed = set(touched)
        for at in touched:
            while (at := int(structure.state_parent[at])) >= 0:
                needed.add(at)
        up: dict[int, Flags] = {}
        for at in sorted(needed):
            drawn = mixed(keys + structure.state_key[at]) >> np.uint64(32)
            parent = int(structure.state_parent[at])
            fed = np.ones(len(keys), np.bool_) if parent < 0 else up[parent]
            limits = [np.where(fed, law.state[row, at], law.state_if_parent_down[row, at]) for law in laws]
            self._add(ratio, drawn, component, limits, at, up)
        for at in range(len(structure.item_key)):
            limits = [np.full(len(keys), law.item[row, at], np.uint64) for law in laws]
            if all(law.item[row, at] == self.chances.item[row, at] for law in laws[1:]):
                continue
            drawn = mixed(keys + structure.item_key[at]) >> np.uint64(32)
            self._add(ratio, drawn, component, limits, -1, up)
        weights: Floats = 1 / (np.array(shares)[:, None] * np.exp(ratio)).sum(axis=0)
        return weights

    def _add(
        self,
        ratio: Floats,
        drawn: Keys,
        component: Ints,
        limits: list[Keys],
        at: int,
        up: dict[int, Flags],
    ) -> None:
        own = np.choose(component, limits)
        well = drawn < own
        if at >= 0:
            up[at] = well
        plain = limits[0].astype(np.float64) / _WHOLE
        plain_p = np.where(well, plain, 1 - plain)
        for number, limit in enumerate(limits[1:], start=1):
            law = limit.astype(np.float64) / _WHOLE
            law_p = np.where(well, law, 1 - law)
            with np.errstate(divide="ignore"):
                ratio[number] += np.log(law_p) - np.log(plain_p)

    def learned(self, pilot: _Played) -> Chances:
        """The chances of each fact among the failing runs of the pilot, where these are many enough to tell."""
        tilted = self.chances.copy()
        weights = pilot.weight[pilot.failed]
        if len(weights) < 50 or weights.sum() <= 0:
            return tilted
        keys, structure, row = pilot.key[pilot.failed], self.compiled.structure, self.row
        share = weights / weights.sum()
        worth = 1 / float((share**2).sum())
        if worth < 30:
            return tilted
        laws = pilot.law[pilot.failed]
        tables = (
            (
                tilted.state,
                [law.state for law in pilot.laws],
                structure.state_key,
                structure.state_parent < 0,
            ),
            (
                tilted.item,
                [law.item for law in pilot.laws],
                structure.item_key,
                np.ones(len(structure.item_key)),
            ),
        )
        for table, drawn_from, entities, alone in tables:
            for at in np.flatnonzero(alone):
                plain = 1 - int(table[row, at]) / _WHOLE
                if not 0 < plain < 1:
                    continue
                limits = np.array([law[row, at] for law in drawn_from], np.uint64)[laws]
                down = (mixed(keys + entities[at]) >> np.uint64(32)) >= limits
                fails = float((share * down).sum())
                if fails > plain + 3 * sqrt(plain * (1 - plain) / worth):
                    table[row, at] = round((1 - min(fails, _MOST)) * _WHOLE)

        return tilted


def _one_in(p: float) -> int:
    n = 1 / p
    if n < 100:
        return max(round(n), 1)
    digits = len(str(int(n))) - 2
    return int(round(n / 10**digits) * 10**digits)
