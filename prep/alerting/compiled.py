"""A network as arrays, laid out once: what the kernel walks through, and the chances of one scenario.

``compile_network`` gives the structure (who calls whom, in topological order of the callers); ``chances``
gives the thresholds of every draw under a scenario, one row per hour class. Entities keep the key of their
name, never their place in an array, so the same person draws the same in every network.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from graphlib import TopologicalSorter
from types import NoneType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prep.alerting.chain import Actor, Item, Network, Resource, members
from prep.alerting.chance import entity_key, threshold
from prep.alerting.scenarios import Scenario
from prep.terms import ActorKind, HourClass, ListMode

HOURS = tuple(HourClass)

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


class Structure(NamedTuple):
    """The arrays of a network. Names ending in ``_start`` are offsets: row i is ``[start[i], start[i + 1])``.

    States are hidden yes-or-no facts of a run: state 0 is always up, then resources (parents first), contact
    points, then what is uncertain of each actor: available, comes, relays.
    """

    rows: int  # of times: one for each actor, one for deliveries that count nowhere, then those that count
    slots: int  # the most that any one list has
    greatest_quorum: int
    state_key: Keys
    state_parent: Ints
    list_caller: Ints
    list_serial: Flags
    list_relay: Ints
    list_delay_s: Floats
    list_start: Ints
    list_slots: Ints
    item_key: Keys
    item_row: Ints
    item_slot: Ints
    item_available: Ints
    item_point: Ints
    item_comes: Ints
    item_synchronous: Flags
    item_two_way: Flags
    item_gap_s: Floats
    item_ring_s: Floats
    item_talk_s: Floats
    item_send_s: Floats
    item_fail_s: Floats
    item_base_s: Floats
    item_slopes: Floats
    need_start: Ints
    need: Ints
    source: Ints
    seat_start: Ints
    seat_row: Ints
    seat_required: Flags
    group_start: Ints
    group_quorum: Ints
    one_of_start: Ints
    one_of_set_start: Ints
    one_of_seat: Ints


class Chances(NamedTuple):
    """Thresholds of 32 bits for one scenario, shape (hour classes, entities): the draw must lie below."""

    state: Keys
    state_if_parent_down: Keys
    item: Keys

    def of(self, hour: HourClass) -> "Chances":
        """The row of one hour class, shape (entities,)."""
        at = HOURS.index(hour)
        return Chances(self.state[at], self.state_if_parent_down[at], self.item[at])

    def copy(self) -> "Chances":
        return Chances(self.state.copy(), self.state_if_parent_down.copy(), self.item.copy())


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A network, its arrays, and where each entity lies in them."""

    network: Network
    structure: Structure
    actor_at: Mapping[str, int]
    state_at: Mapping[tuple[str, str], int]  # ("resource" | "point" | "available" | "comes" | "relay", key)
    items: tuple[tuple[str, Item], ...]  # (caller, item) in the order of the arrays


def compile_network(network: Network) -> Compiled:
    """Lay a network out. It must have passed ``lint``: a cycle or an unknown key is a programmer's error
    here.
    """
    actor_at = {actor.key: number for number, actor in enumerate(network.actors)}
    states = _States(network)
    lists = _in_order(network)
    items = tuple((one.caller, item) for one in lists for item in one.items)
    needs = [[states.at["resource", key] for key in item.resources] for _, item in items]
    noticed = _delivery_rows(network)
    seat_rows = [
        [actor_at[key] for key in seat.holders]
        + [noticed[key] for key in seat.holders if group.counts_deliveries]
        for group in network.groups
        for seat in group.seats
    ]
    seat_number = _seat_numbers(network)
    sets = [
        [sorted(seat_number[group.key, seat] for seat in chosen) for chosen in group.one_of]
        for group in network.groups
    ]
    slots = [number for one in lists for number in _slot_numbers(one.items)]
    structure = Structure(
        rows=len(network.actors) + 1 + len(noticed),
        slots=max(slots, default=0) + 1,
        greatest_quorum=max((group.quorum for group in network.groups), default=1),
        state_key=np.array(states.keys, np.uint64),
        state_parent=_ints(states.parents),
        list_caller=_ints(actor_at[one.caller] for one in lists),
        list_serial=_flags(one.mode is ListMode.SERIAL for one in lists),
        list_relay=_ints(states.at["relay", one.caller] for one in lists),
        list_delay_s=_floats(network.actor(one.caller).start_delay_s for one in lists),
        list_start=_offsets([one.items for one in lists]),
        list_slots=_ints(len({item.slot for item in one.items}) for one in lists),
        item_key=np.array([key for one in lists for key in attempt_keys(one.caller, one.items)], np.uint64),
        item_row=_ints(
            actor_at[item.target] if item.two_way else noticed.get(item.target, len(network.actors))
            for _, item in items
        ),
        item_slot=_ints(slots),
        item_available=_ints(states.at["available", item.target] for _, item in items),
        item_point=_ints(0 if item.point is None else states.at["point", item.point] for _, item in items),
        item_comes=_ints(states.at.get(("comes", item.target), 0) for _, item in items),
        item_synchronous=_flags(item.synchronous for _, item in items),
        item_two_way=_flags(item.two_way for _, item in items),
        item_gap_s=_floats(item.gap_s for _, item in items),
        item_ring_s=_floats(item.ring_s for _, item in items),
        item_talk_s=_floats(item.talk_s for _, item in items),
        item_send_s=_floats(item.send_s for _, item in items),
        item_fail_s=_floats(item.fail_s for _, item in items),
        item_base_s=_floats(item.delay.base_s for _, item in items),
        item_slopes=np.array([item.delay.slopes for _, item in items], np.float64).reshape(len(items), 13),
        need_start=_offsets(needs),
        need=_ints(key for row in needs for key in row),
        source=_ints(actor_at[key] for key in network.sources),
        seat_start=_offsets(seat_rows),
        seat_row=_ints(row for rows in seat_rows for row in rows),
        seat_required=_flags(seat.key in group.required for group in network.groups for seat in group.seats),
        group_start=_offsets([group.seats for group in network.groups]),
        group_quorum=_ints(group.quorum for group in network.groups),
        one_of_start=_offsets(sets),
        one_of_set_start=_offsets([chosen for row in sets for chosen in row]),
        one_of_seat=_ints(seat for row in sets for chosen in row for seat in chosen),
    )
    return Compiled(network, structure, actor_at, states.at, items)


def chances(compiled: Compiled, scenario: Scenario) -> Chances:
    """The thresholds of every draw under a scenario, shape (hour classes, entities)."""
    network = compiled.network
    state = np.zeros((len(HOURS), len(compiled.structure.state_key)), np.uint64)
    state[:, 0] = threshold(1.0)
    fed = np.zeros_like(state)
    for resource in network.resources:
        up, up_if_parent_down = resource_chances(resource, scenario)
        at = compiled.state_at["resource", resource.key]
        state[:, at], fed[:, at] = threshold(up), threshold(up_if_parent_down)
    for point in network.points:
        state[:, compiled.state_at["point", point.key]] = threshold(1 - point.stale_p)
    for actor in network.actors:
        for fact, share in (("comes", 1 - actor.refusal_p), ("relay", actor.relay_p)):
            if (fact, actor.key) in compiled.state_at:
                state[:, compiled.state_at[fact, actor.key]] = threshold(share)
        at = compiled.state_at["available", actor.key]
        state[:, at] = [threshold(available(actor, hour, scenario)) for hour in HOURS]
    item = np.array(
        [[threshold(one.works.at(hour)) for _, one in compiled.items] for hour in HOURS], np.uint64
    )
    return Chances(state, fed, item)


def available(actor: Actor, hour: HourClass, scenario: Scenario) -> float:
    """The availability of an actor in a scenario: persons not on duty may be away."""
    here = actor.available.at(hour)
    if actor.kind is ActorKind.PERSON and not actor.on_duty:
        return here * (1 - scenario.away_p)
    return here


def resource_chances(resource: Resource, scenario: Scenario) -> tuple[float, float]:
    """The probabilities that a resource is up: with its parent up, and with its parent down."""
    if resource.key in scenario.down or resource.kind in scenario.down_kinds:
        return 0.0, 0.0
    failure_p = dict(scenario.failure_p).get(resource.key, resource.failure_p)
    return 1 - failure_p, 1 - max(failure_p, resource.failure_p_if_parent_down or 0.0)


def attempt_keys(caller: str, items: Iterable[Item]) -> list[int]:
    """The key of each attempt: caller, target, channel and which of their repetitions it is."""
    seen: dict[tuple[str, str], int] = {}
    keys = []
    for item in items:
        pair = (item.target, item.channel.value)
        seen[pair] = seen.get(pair, 0) + 1
        keys.append(entity_key("attempt", caller, *pair, str(seen[pair])))
    return keys


def digest(network: Network) -> str:
    """SHA-256 of the network without its names: the same digest gives the same figures.

    The order of lists, actors and groups does not matter; the order of the items in a list does.
    """
    parts = {
        name: sorted((_plain(one) for one in getattr(network, name)), key=json.dumps)
        for name in ("resources", "actors", "points", "lists", "groups", "sources")
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class _States:
    """The numbering of hidden states, with their keys and parents."""

    def __init__(self, network: Network) -> None:
        self.keys: list[int] = [0]
        self.parents: list[int] = [-1]
        self.at: dict[tuple[str, str], int] = {}
        for resource in _parents_first(network.resources):
            parent = -1 if resource.parent is None else self.at["resource", resource.parent]
            self._add("resource", resource.key, parent)
        for point in network.points:
            self._add("point", point.key)
        callers = {one.caller for one in network.lists}
        for actor in network.actors:
            self._add("available", actor.key)
            if actor.refusal_p > 0:
                self._add("comes", actor.key)
            if actor.key in callers:
                self._add("relay", actor.key)

    def _add(self, fact: str, key: str, parent: int = -1) -> None:
        self.at[fact, key] = len(self.keys)
        self.keys.append(entity_key(fact, key))
        self.parents.append(parent)


def _parents_first(resources: tuple[Resource, ...]) -> list[Resource]:
    by_key = {resource.key: resource for resource in resources}
    order = TopologicalSorter({one.key: [one.parent] if one.parent else [] for one in resources})
    return [by_key[key] for key in order.static_order()]


def _in_order(network: Network) -> list[Any]:
    """The lists, callers before those they call; graphlib's CycleError if that cannot be."""
    by_caller = {one.caller: one for one in network.lists}
    callers_of: dict[str, list[str]] = {caller: [] for caller in by_caller}
    for one in network.lists:
        for item in one.items:
            callers_of.setdefault(item.target, []).append(one.caller)
    order = TopologicalSorter(callers_of).static_order()
    return [by_caller[key] for key in order if key in by_caller]


def _slot_numbers(items: tuple[Item, ...]) -> list[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(item.slot, len(numbers)) for item in items]


def _delivery_rows(network: Network) -> dict[str, int]:
    """The row of times for the deliveries to each member of a group that counts them."""
    counted = [key for group in network.groups if group.counts_deliveries for key in members(group)]
    return {key: len(network.actors) + 1 + number for number, key in enumerate(dict.fromkeys(counted))}


def _seat_numbers(network: Network) -> dict[tuple[str, str], int]:
    pairs = [(group.key, seat.key) for group in network.groups for seat in group.seats]
    return {pair: number for number, pair in enumerate(pairs)}


def _offsets(rows: Iterable[Any]) -> Ints:
    return np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), np.float64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.array(list(values), np.bool_)


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _JSON:
        return value
    if kind is tuple:
        return [_plain(part) for part in value]
    if issubclass(kind, frozenset):
        return sorted(value)
    if issubclass(kind, Enum):
        return value.value
    return {name: _plain(getattr(value, name)) for name in _counted_fields(kind)}


_JSON = frozenset({str, float, int, bool, NoneType})


@cache
def _counted_fields(kind: Any) -> tuple[str, ...]:
    """The fields of a value that change figures: all that are given, but for the name."""
    return tuple(part.name for part in fields(kind) if part.init and part.name != "name")
