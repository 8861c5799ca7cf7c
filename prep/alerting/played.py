"""Changed networks played in the same runs as the one that they come from: only what a change touches, again.

A group's sub-network has the very same times as the whole (``subnetwork``). So a group whose sub-network a change
leaves as it was keeps its outcome; the others are played in their sub-networks alone. Where a change only adds
attempts behind all others, whoever was reached stays reached, and only the failing runs are played again (not under
an outage that lasts for a part of the time). Both give the outcome of the whole network in all runs, bit by bit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from prep.alerting.batches import Runs, walk_runs
from prep.alerting.chain import CallList, Group, Network, members
from prep.alerting.compiled import Flags, chances, compile_network
from prep.alerting.order import attempt_keys
from prep.alerting.scenarios import Scenario
from prep.alerting.subnetwork import parts_of, relevant_actors, subnetwork
from prep.terms import ListMode

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A network and which of its groups are reached in time in which runs, shape (groups, runs).

    ``parts`` are the sub-networks of the groups, ``relevant`` through whom each may be reached.
    """

    network: Network
    reached: Flags
    parts: tuple[Network, ...]
    relevant: tuple[frozenset[str], ...]

    @property
    def worst(self) -> float:
        return float(self.reached.mean(axis=1).min())

    @property
    def together(self) -> float:
        return float(self.reached.all(axis=0).mean())

    @property
    def mean(self) -> float:
        return float(self.reached.mean())


class Player:
    """Plays networks with the same runs; ``groups`` are the keys of those that are looked at, None: all.

    What has been played once is remembered for as long as the player lives: in sets of changes the same
    sub-network comes again and again.
    """

    def __init__(
        self,
        scenario: Scenario,
        drawn: Runs,
        *,
        groups: Sequence[str] | None = None,
        deadline_s: float | None = None,
    ) -> None:
        self.scenario, self.drawn, self.deadline_s = scenario, drawn, deadline_s
        self.groups = groups
        # Under an outage for a part of the time a list depends on when it begins: sooner may be too soon.
        self._sooner_is_better = not (scenario.windows or scenario.kind_windows)
        # By the hash of the sub-network of one group, which takes as long as a tenth of playing it.
        self._known: dict[int, tuple[Network, Flags]] = {}

    def play(self, network: Network, *, threads: int | None = 1) -> Played:
        """The network in all runs."""
        keys = self._keys(network)
        parts = tuple(parts_of(network, keys))
        reached = self._walk(subnetwork(network, keys), self.drawn, threads=threads)
        return Played(network, reached, parts, tuple(map(_relevant, parts)))

    def again(self, before: Played, network: Network) -> Played:
        """A changed network in the runs of the one before; its groups have the same keys in the same order."""
        keys = self._keys(network)
        parts, reached = list(before.parts), before.reached.copy()
        touched = _touched(before, network, keys)
        for at, part in zip(touched, parts_of(network, [keys[at] for at in touched]), strict=True):
            parts[at] = before.parts[at] if part == before.parts[at] else part
        anew = []
        for at in touched:
            part, old = parts[at], before.parts[at]
            known = None if part is old else self._known.get(key := hash(part))
            if part is old:
                continue
            if known is not None and known[0] == part:
                reached[at] = known[1]
            elif self._sooner_is_better and only_adds(old, part):
                reached[at] = self._where_missed(part, reached[at])
                self._known[key] = part, reached[at]
            else:
                anew.append((at, key))
        if anew:  # together: what they share is played once
            rows = self._walk(subnetwork(network, [keys[at] for at, _ in anew]), self.drawn)
            for (at, key), row in zip(anew, rows, strict=True):
                reached[at] = row
                self._known[key] = parts[at], row
        relevant = tuple(
            was if part is old else _relevant(part)
            for part, old, was in zip(parts, before.parts, before.relevant, strict=True)
        )
        return Played(network, reached, tuple(parts), relevant)

    def changed_part(self, before: Played, network: Network) -> Network:
        """The sub-network of all groups that a change touches: all in which it can have put a fault."""
        keys = self._keys(network)
        return subnetwork(network, [keys[at] for at in _touched(before, network, keys)])

    def _keys(self, network: Network) -> list[str]:
        return [one.key for one in network.groups] if self.groups is None else list(self.groups)

    def _limits_s(self, network: Network) -> list[float]:
        return [one.deadline_s if self.deadline_s is None else self.deadline_s for one in network.groups]

    def _walk(self, part: Network, drawn: Runs, *, threads: int | None = 1) -> Flags:
        """Which groups of a network are reached in time, shape (groups, runs)."""
        compiled = compile_network(part)
        limits = np.array(self._limits_s(part), np.float64)
        times = walk_runs(
            compiled, chances(compiled, self.scenario), drawn, deadlines_s=limits, threads=threads
        )
        return np.asarray(times.group_s <= limits[:, None], np.bool_)

    def _where_missed(self, part: Network, reached: Flags) -> Flags:
        """The outcome of a part that only adds: nothing is lost where the group was reached."""
        found = reached.copy()
        if not reached.all():
            found[~reached] = self._walk(part, self.drawn.where(~reached))[0]
        return found


def only_adds(before: Network, after: Network) -> bool:
    """Whether a network only has attempts more, behind all that could wait for them, and people more on seats.

    Then every time in it is as early as before or earlier, unless something is down for a part of the time: else a
    list does not depend on when it begins, and what is added comes after everything that was there. A follow-up
    waits for the end of a list, so with one the answer is no.
    """
    if any(one.follows_up for one in (*before.lists, *after.lists)):
        return False
    if (before.sources, before.duties) != (after.sources, after.duties):
        return False
    for name in ("resources", "actors", "points", "handsets"):
        if not set(getattr(before, name)) <= set(getattr(after, name)):
            return False
    later = {one.caller: one for one in after.lists}
    return all(
        one.caller in later and _list_adds(one, later[one.caller]) for one in before.lists
    ) and _groups_add(before.groups, after.groups)


def _list_adds(before: CallList, after: CallList) -> bool:
    if before is after:
        return True
    if replace(before, items=()) != replace(after, items=()):
        return False
    kept = len(before.items)
    if after.items[:kept] == before.items:
        return True
    if before.mode is ListMode.SERIAL or any(one.condition for one in (*before.items, *after.items)):
        return False
    # The slots of a system go on side by side: behind the attempts on the same slot is late enough.
    return all(
        now[: len(then)] == then
        for then, now in ((_of_slot(before, slot), _of_slot(after, slot)) for slot in _slots(before))
    )


def _of_slot(one: CallList, slot: str) -> list[tuple[int, object]]:
    """The attempts on a slot, with the names by which they draw."""
    keyed = zip(attempt_keys(one), one.items, strict=True)
    return [(key, item) for key, item in keyed if item.slot == slot]


def _slots(one: CallList) -> set[str]:
    return {item.slot for item in one.items}


def _groups_add(before: Iterable[Group], after: Iterable[Group]) -> bool:
    for one, other in zip(before, after, strict=True):
        if replace(one, seats=()) != replace(other, seats=()):
            return False
        wider = {seat.key: set(seat.holders) for seat in other.seats}
        if [seat.key for seat in one.seats] != list(wider):
            return False
        if not all(set(seat.holders) <= wider[seat.key] for seat in one.seats):
            return False
    return True


def _relevant(part: Network) -> frozenset[str]:
    return frozenset(relevant_actors(part, (key for group in part.groups for key in members(group))))


def _touched(before: Played, network: Network, keys: Sequence[str]) -> list[int]:
    """The groups that a change may concern; every other one has the sub-network that it had.

    A changed list concerns a group if its caller or one of its targets was one through whom the group may be
    reached: a way that is new leads, from its last changed list on, through those.
    """
    old = before.network
    same = ("resources", "sources", "duties")
    if any(getattr(old, name) != getattr(network, name) for name in same):
        return list(range(len(keys)))
    concerned = {one.actor for one in _others(old.points, network.points)}
    concerned |= {one.actor for one in _others(old.handsets, network.handsets)}
    concerned |= {one.key for one in _others(old.actors, network.actors)}
    for one in _others(old.lists, network.lists):
        concerned |= {one.caller, *(item.target for item in one.items)}
    return [
        at
        for at, key in enumerate(keys)
        if concerned & before.relevant[at] or old.group(key) != network.group(key)
    ]


def _others(before: Sequence[_Part], after: Sequence[_Part]) -> list[_Part]:
    """What is not the very same thing in both; equal things count as others, which costs time and nothing else."""
    old, new = ({id(one) for one in parts} for parts in (before, after))
    return [*(one for one in before if id(one) not in new), *(one for one in after if id(one) not in old)]
