"""What must fail together to silence a group: minimal cut sets, within a group and across all of them.

Failure is taken without chance and without time: a set of parts cuts a group if, with them out, no attempt that is
possible at all leads to enough seats. Sixty-four sets are tried at once, a bit each in one machine word (NumPy
does the words side by side), so all sets of three parts of a municipal group take milliseconds.

Outages for a part of the time are left out, as if they did not happen: the sets that are found silence the groups with
them too; while these outages last, fewer parts may be enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep.alerting.chain import Group, Network, members
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import Scenario
from prep.alerting.subnetwork import subnetwork
from prep.alerting.ways import Model
from prep.errors import Problem, Refused
from prep.language import say

MOST_SETS = 400_000_000  # sets of parts that are tried for one answer
_AT_ONCE = 1 << 22
ALL_KINDS = frozenset(PartKind) - {PartKind.SEAT}

_Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Cut:
    """Parts whose failure together silences the groups; no part of it is superfluous.

    ``alike`` gives, for a part, those whose failure has the same effect (a person's only number, the person).
    """

    parts: tuple[Part, ...]
    groups: tuple[str, ...]
    alike: Mapping[Part, tuple[Part, ...]]


def minimal_cuts(
    network: Network,
    scenario: Scenario,
    *,
    order: int = 3,
    kinds: frozenset[PartKind] = ALL_KINDS,
    groups: Sequence[str] | None = None,
) -> dict[str, tuple[Cut, ...]]:
    """All minimal cut sets of up to ``order`` parts, by group; small ones first.

    A group that cannot be reached anyway has none. What the scenario holds down is taken as down throughout.

    Raises
    ------
    Refused
        If the sets are too many to be tried.

    Cost: grows with the number of parts of the group to the power of ``order``.
    """
    wanted = [one.key for one in network.groups] if groups is None else list(groups)
    return {key: _cuts_of(subnetwork(network, [key]), scenario, order=order, kinds=kinds) for key in wanted}


def silent_already(network: Network, scenario: Scenario) -> tuple[str, ...]:
    """The groups to which nothing leads although all their parts are in order: no set is needed to silence them."""
    model = Model(network, scenario)
    everything = _Reach(model, {}, np.zeros(1, np.uint64))
    return tuple(one.key for one in network.groups if not everything.group(one)[0] & 1)


def joint_cuts(
    network: Network, scenario: Scenario, *, order: int = 2, kinds: frozenset[PartKind] = ALL_KINDS
) -> tuple[Cut, ...]:
    """Sets of parts that silence two groups or more, no smaller set the same ones; most groups first.

    "If these two telephones fail, three municipalities are silent."
    """
    bits = _Bits(network, scenario, kinds)
    found: list[Cut] = []
    silenced: dict[frozenset[Part], frozenset[str]] = {frozenset(): frozenset()}
    # Before the first is tried: the smaller sets alone may take minutes.
    for size in range(1, order + 1):
        _refuse_too_many(len(bits.parts), size)
    for size in range(1, order + 1):
        for some in _batches(range(len(bits.parts)), size):
            cut = bits.cut(some)
            # Whole columns at once: most sets silence nothing.
            for column in np.flatnonzero(cut.any(axis=0)):
                parts = tuple(bits.parts[at] for at in some[column])
                groups = frozenset(bits.groups[at].key for at in np.flatnonzero(cut[:, column]))
                smaller = frozenset().union(
                    *(silenced.get(frozenset(parts) - {one}, frozenset()) for one in parts)
                )
                silenced[frozenset(parts)] = groups
                if groups > smaller and len(groups) > 1:
                    found.append(Cut(parts, tuple(sorted(groups)), bits.alike_of(parts)))
    found.sort(key=lambda cut: (-len(cut.groups), len(cut.parts), [(one.kind, one.key) for one in cut.parts]))
    return tuple(found)


def _cuts_of(
    network: Network, scenario: Scenario, *, order: int, kinds: frozenset[PartKind]
) -> tuple[Cut, ...]:
    bits = _Bits(network, scenario, kinds)
    found: list[tuple[int, ...]] = []
    left = list(range(len(bits.parts)))
    for size in range(1, order + 1):
        _refuse_too_many(len(left), size)
        known = [frozenset(cut) for cut in found if len(cut) > 1]
        for some in _batches(left, size):
            for column in np.flatnonzero(bits.cut(some)[0]):
                cut = tuple(int(at) for at in some[column])
                if not any(smaller <= frozenset(cut) for smaller in known):
                    found.append(cut)
        if size == 1:
            # What cuts alone is superfluous in every larger set.
            left = [at for at in left if (at,) not in found]
    group = network.groups[0].key
    cuts = [tuple(bits.parts[at] for at in cut) for cut in found]
    return tuple(Cut(parts, (group,), bits.alike_of(parts)) for parts in cuts)


class _Bits:
    """A network whose parts may be out in 64 ways per word; like parts are tried as one."""

    def __init__(self, network: Network, scenario: Scenario, kinds: frozenset[PartKind]) -> None:
        self.model = Model(network, scenario)
        self.network = network
        everything = _Reach(self.model, {}, np.zeros(1, np.uint64))
        self.groups = [one for one in network.groups if everything.group(one)[0] & 1]
        relevant = _relevant(self.model, self.groups)
        parts = [one for one in self.model.parts() if one.kind in kinds and one in relevant]
        self.parts, self.alike = _unlike(parts, network)

    def cut(self, sets: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which groups each set of parts (rows: their places) silences, shape (groups, sets)."""
        count = len(sets)
        words = -(-count // 64)
        out: dict[int, _Words] = {}
        place = np.arange(count)
        for column in range(sets.shape[1]):
            order = np.argsort(sets[:, column], kind="stable")
            parts, starts = np.unique(sets[order, column], return_index=True)
            for part, rows in zip(parts, np.split(order, starts[1:]), strict=True):
                row = out.setdefault(int(part), np.zeros(words, np.uint64))
                np.bitwise_or.at(row, place[rows] // 64, np.uint64(1) << (place[rows] % 64).astype(np.uint64))
        failed = {self.parts[part]: row for part, row in out.items()}
        reach = _Reach(self.model, failed, np.zeros(words, np.uint64))
        reached = [
            np.unpackbits(reach.group(one).view(np.uint8), bitorder="little")[:count] for one in self.groups
        ]
        silent: NDArray[np.bool_] = np.array(reached, np.uint8).reshape(len(self.groups), count) == 0
        return silent

    def alike_of(self, parts: Iterable[Part]) -> dict[Part, tuple[Part, ...]]:
        return {part: self.alike[part] for part in parts if part in self.alike}


class _Reach:
    """What is reached, a bit for each set of failed parts."""

    def __init__(self, model: Model, failed: Mapping[Part, _Words], none: _Words) -> None:
        self.model, self.failed = model, failed
        self.nothing, self.everything = none, ~none
        self.known: dict[tuple[str, str], _Words] = {}

    def well(self, kind: PartKind, key: str) -> _Words:
        out = self.failed.get(Part(kind, key))
        return self.everything if out is None else ~out

    def up(self, key: str) -> _Words:
        if ("up", key) not in self.known:
            fact = ("resource", key)
            here = self.well(PartKind.RESOURCE, key) if self.model.possible(fact) else self.nothing
            parent = self.model.parent[key]
            if parent is not None and not self.model.possible(("fed", key)):
                here = here & self.up(parent)
            self.known["up", key] = here
        return self.known["up", key]

    def reached(self, key: str) -> _Words:
        for unit in self.model.units_before(key):
            if ("reached", unit[0]) not in self.known:
                self._reach(unit)
        return self.known["reached", key]

    def _reach(self, unit: Sequence[str]) -> None:
        for key in unit:
            self.known["reached", key] = self.nothing
        changed = True
        while changed:
            changed = False
            for key in unit:
                alive = self.well(PartKind.ACTOR, key)
                arrival = self.everything if key in self.model.network.sources else self.arrival(key, True)
                now = alive & arrival
                changed |= len(unit) > 1 and not np.array_equal(now, self.known["reached", key])
                self.known["reached", key] = now

    def arrival(self, key: str, two_way: bool) -> _Words:
        found = self.nothing
        model = self.model
        if not (model.possible(("available", key)) and model.possible(("comes", key))):
            return found
        for way in model.ways[key]:
            if way.two_way is not two_way or not model.possible(way.link):
                continue
            if not model.possible(("relay", way.caller)):
                continue
            through = self.known["reached", way.caller] & self.well(PartKind.CHANNEL, way.channel.value)
            for resource in way.resources:
                through = through & self.up(resource)
            if way.point is not None:
                if not model.possible(("point", way.point)):
                    continue
                through = through & self.well(PartKind.POINT, way.point)
                handset = model.handset_of[way.point]
                if handset is not None:
                    if not model.possible(("handset", handset)):
                        continue
                    through = through & self.well(PartKind.HANDSET, handset)
            found = found | through
        return found

    def seat(self, group: Group, holders: tuple[str, ...]) -> _Words:
        found = self.nothing
        for holder in dict.fromkeys(holders):
            found = found | self.reached(holder)
            if group.counts_deliveries:
                for way in self.model.ways[holder]:
                    self.reached(way.caller)
                found = found | (self.well(PartKind.ACTOR, holder) & self.arrival(holder, False))
        return found

    def group(self, group: Group) -> _Words:
        seats = {seat.key: self.seat(group, seat.holders) for seat in group.seats}
        at_least: list[Any] = [self.everything] + [self.nothing] * group.quorum
        for seat in seats.values():
            for count in range(group.quorum, 0, -1):
                at_least[count] = at_least[count] | (at_least[count - 1] & seat)
        found: _Words = at_least[group.quorum]
        for key in group.required:
            found = found & seats[key]
        for chosen in group.one_of:
            some = self.nothing
            for key in chosen:
                some = some | seats[key]
            found = found & some
        return found


def _relevant(model: Model, groups: Iterable[Group]) -> set[Part]:
    """Every part on a way through which one of the groups may be reached."""
    holders = dict.fromkeys(key for group in groups for key in members(group))
    actors = {key for holder in holders for unit in model.units_before(holder) for key in unit}
    for holder in holders:
        for way in model.ways[holder]:
            actors |= {key for unit in model.units_before(way.caller) for key in unit}
    found = {Part(PartKind.ACTOR, key) for key in actors}
    for way in (way for key in actors for way in model.ways[key]):
        found.add(Part(PartKind.CHANNEL, way.channel.value))
        for resource in way.resources:
            above: str | None = resource
            while above is not None:
                found.add(Part(PartKind.RESOURCE, above))
                above = model.parent[above]
        if way.point is not None:
            found.add(Part(PartKind.POINT, way.point))
            found.add(Part(PartKind.HANDSET, model.handset_of[way.point] or ""))
    return found


def _unlike(parts: list[Part], network: Network) -> tuple[list[Part], dict[Part, tuple[Part, ...]]]:
    """The parts, without those that are only another name for an actor: the only way to whom they are."""
    tried: dict[str, list[tuple[str | None, str | None]]] = {}
    handset = {point.key: point.handset for point in network.points}
    for _, item in network.calls:
        tried.setdefault(item.target, []).append((item.point, handset.get(item.point or "")))
    known = set(parts)
    alike: dict[Part, tuple[Part, ...]] = {}
    for actor, ways in tried.items():
        person = Part(PartKind.ACTOR, actor)
        if person not in known or actor in network.sources:
            continue
        points, handsets = {point for point, _ in ways}, {phone for _, phone in ways}
        same = [Part(PartKind.POINT, str(*points))] if len(points) == 1 and None not in points else []
        same += (
            [Part(PartKind.HANDSET, str(*handsets))] if len(handsets) == 1 and None not in handsets else []
        )
        if same := [one for one in same if one in known]:
            alike[person] = tuple(same)
    gone = set(chain.from_iterable(alike.values()))
    return [part for part in parts if part not in gone], alike


def _batches(places: Sequence[int], size: int) -> Iterable[NDArray[np.int64]]:
    """All sets of so many places, some millions at a time."""
    rows = np.fromiter(chain.from_iterable(combinations(places, size)), np.int64).reshape(-1, size)
    for first in range(0, len(rows), _AT_ONCE):
        yield rows[first : first + _AT_ONCE]


def _refuse_too_many(parts: int, size: int) -> None:
    count = 1
    for n in range(size):
        count = count * (parts - n) // (n + 1)
    if count > MOST_SETS:
        raise Refused(
            Problem(
                place=say("Sets of parts that fail together"),
                value=say("{sets} sets of {n} parts", sets=count, n=size),
                rule=say("At most {most} sets are tried.", most=MOST_SETS),
                remedy=say("Ask for smaller sets, for fewer kinds of parts, or for one group."),
            )
        )
