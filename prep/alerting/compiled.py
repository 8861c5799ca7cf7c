"""A network as arrays, laid out once: what the kernel walks through, and the chances of one scenario.

``compile_network`` gives the structure (who calls whom, in topological order of the callers); ``chances``
gives the thresholds of every draw under a scenario, one row per hour class. Entities keep the key of their
name, never their place in an array, so the same person draws the same in every network.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prep.alerting.chain import CallList, Item, Network, Resource, members
from prep.alerting.chance import entity_key, threshold
from prep.alerting.order import attempt_keys, in_units, slot_numbers, way_numbers
from prep.alerting.scenarios import Scenario
from prep.alerting.standing import Standing, resource_chances, stretches_of
from prep.terms import HourClass, If, ListMode

HOURS = tuple(HourClass)

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
# ("resource" | "point" | "handset" | "available" | "comes" | "relay", key)
Fact = tuple[str, str]


class Structure(NamedTuple):
    """The arrays of a network. Names ending in ``_start`` are offsets: row i is ``[start[i], start[i + 1])``.

    States are hidden yes-or-no facts of a run: state 0 is always up, then resources (parents first), contact
    points, handsets, then what is uncertain of each actor: available, comes, relays. Attempts of a list with
    the same target by the same way share a ``way``, which is worked out at the first of them. Lists stand in
    units, callers before those they call; in a looped unit they may reach each other.
    """

    rows: int  # of times: one for each actor, one that counts nowhere, then noticed deliveries and call-backs
    slots: int  # the most that any one list has
    ways: int  # the most that any one list has
    follow_ups: int
    looped_items: int  # the most that any looped unit has
    greatest_quorum: int
    state_key: Keys
    state_parent: Ints
    unit_start: Ints
    unit_looped: Flags
    list_caller: Ints
    list_serial: Flags
    list_relay: Ints
    list_delay_s: Floats
    list_start: Ints
    list_slots: Ints
    list_end: Ints  # where the moment at which the list is through is kept for the follow-up; -1: nowhere
    list_follows: Ints  # for a follow-up that place, else -1
    list_follow_s: Floats
    list_back: Ints  # for a follow-up the row of call-backs to its caller
    item_key: Keys
    item_row: Ints
    item_slot: Ints
    item_way: Ints
    item_new_way: Flags
    item_available: Ints
    item_point: Ints
    item_handset: Ints
    item_comes: Ints
    item_condition: Ints  # the slot that must be settled first; -1: none
    item_if_answered: Flags
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
    """Thresholds of 32 bits for one scenario, shape (hour classes, entities): the draw must lie below.

    The last two are alike at all hours: when each stretch of time begins, shape (stretches,), and what is held down
    in it, shape (stretches, state 0 and the resources). Without outages for a part of the time there is one stretch.
    """

    state: Keys
    state_if_parent_down: Keys
    item: Keys
    made: Flags  # whether an attempt is made at all
    plain: Flags  # of each list: whether all its attempts are made, and without conditions
    stretch_s: Floats
    held_down: Flags

    def of(self, hour: HourClass) -> "Chances":
        """The row of one hour class, shape (entities,)."""
        at = HOURS.index(hour)
        return Chances(
            self.state[at],
            self.state_if_parent_down[at],
            self.item[at],
            self.made[at],
            self.plain[at],
            self.stretch_s,
            self.held_down,
        )

    def copy(self) -> "Chances":
        return Chances(
            self.state.copy(),
            self.state_if_parent_down.copy(),
            self.item.copy(),
            self.made.copy(),
            self.plain.copy(),
            self.stretch_s.copy(),
            self.held_down.copy(),
        )

    @property
    def changes(self) -> bool:
        """Whether anything is down for a part of the time only."""
        return len(self.stretch_s) > 1


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A network, its arrays, and where each entity lies in them."""

    network: Network
    structure: Structure
    actor_at: Mapping[str, int]
    state_at: Mapping[Fact, int]
    lists: tuple[CallList, ...]  # in the order of the arrays
    items: tuple[tuple[str, Item], ...]  # (caller, item) in the order of the arrays


def compile_network(network: Network) -> Compiled:
    """Lay a network out. It must have passed ``lint``: an unknown key is a programmer's error here."""
    actor_at = {actor.key: number for number, actor in enumerate(network.actors)}
    states = _States(network)
    units = in_units(network)
    lists = [one for unit in units for one in unit]
    items = tuple((one.caller, item) for one in lists for item in one.items)
    rows = _Rows(network)
    structure = Structure(
        **_shape(network, lists, rows),
        looped_items=max((sum(len(one.items) for one in unit) for unit in units if len(unit) > 1), default=0),
        state_key=np.array(states.keys, np.uint64),
        state_parent=_ints(states.parents),
        unit_start=_offsets(units),
        unit_looped=_flags(len(unit) > 1 for unit in units),
        **_list_arrays(network, lists, actor_at, states, rows),
        **_item_arrays(lists, items, states, rows),
        source=_ints(actor_at[key] for key in network.sources),
        **_group_arrays(network, rows),
    )
    return Compiled(network, structure, actor_at, states.at, tuple(lists), items)


def chances(compiled: Compiled, scenario: Scenario) -> Chances:
    """The thresholds of every draw under a scenario, shape (hour classes, entities)."""
    network = compiled.network
    standing = Standing.of(network, scenario)
    state = np.zeros((len(HOURS), len(compiled.structure.state_key)), np.uint64)
    state[:, 0] = threshold(1.0)
    fed = np.zeros_like(state)
    at = compiled.state_at
    for resource in network.resources:
        up, up_if_parent_down = resource_chances(resource, scenario)
        place = at["resource", resource.key]
        state[:, place], fed[:, place] = threshold(up), threshold(up_if_parent_down)
    for point in network.points:
        state[:, at["point", point.key]] = threshold(1 - point.stale_p)
    for handset in network.handsets:
        state[:, at["handset", handset.key]] = [threshold(standing.heard(handset, hour)) for hour in HOURS]
    for actor in network.actors:
        for fact, share in (("comes", 1 - actor.refusal_p), ("relay", actor.relay_p)):
            if (fact, actor.key) in at:
                state[:, at[fact, actor.key]] = threshold(share)
        state[:, at["available", actor.key]] = [threshold(standing.available(actor, hour)) for hour in HOURS]
    item = np.array(
        [[threshold(standing.works(one, hour)) for _, one in compiled.items] for hour in HOURS], np.uint64
    )
    made = np.array(
        [
            [standing.is_made(one, item, hour) for one in compiled.lists for item in one.items]
            for hour in HOURS
        ],
        np.bool_,
    )
    return Chances(state, fed, item, made, _plain(compiled.structure, made), *_stretches(compiled, scenario))


def _stretches(compiled: Compiled, scenario: Scenario) -> tuple[Floats, Flags]:
    network = compiled.network
    found = stretches_of(network.resources, scenario)
    held_down = np.zeros((len(found), len(network.resources) + 1), np.bool_)
    for number, stretch in enumerate(found):
        held_down[number, [compiled.state_at["resource", key] for key in stretch.down]] = True
    return _floats(one.starts_s for one in found), held_down


def _plain(structure: Structure, made: Flags) -> Flags:
    simple = made & (structure.item_condition < 0)
    rows = list(pairwise(structure.list_start))
    kept = (structure.list_end < 0) & (structure.list_follows < 0)
    return np.array(
        [np.array([row[a:b].all() for a, b in rows], np.bool_) & kept for row in simple], np.bool_
    )


class _States:
    """The numbering of hidden states, with their keys and parents."""

    def __init__(self, network: Network) -> None:
        self.keys: list[int] = [0]
        self.parents: list[int] = [-1]
        self.at: dict[Fact, int] = {}
        for resource in _parents_first(network.resources):
            parent = -1 if resource.parent is None else self.at["resource", resource.parent]
            self._add("resource", resource.key, parent)
        for point in network.points:
            self._add("point", point.key)
        self.handset_of: dict[str | None, int] = {None: 0}
        for handset in network.handsets:
            self._add("handset", handset.key)
        for point in network.points:
            self.handset_of[point.key] = 0 if point.handset is None else self.at["handset", point.handset]
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


class _Rows:
    """The rows of times: actors, one that counts nowhere, deliveries that count, call-backs awaited."""

    def __init__(self, network: Network) -> None:
        self.actor = {one.key: number for number, one in enumerate(network.actors)}
        self.nowhere = len(self.actor)
        counted = [key for group in network.groups if group.counts_deliveries for key in members(group)]
        self.noticed = {key: self.nowhere + 1 + at for at, key in enumerate(dict.fromkeys(counted))}
        awaited = [one.caller for one in network.lists if one.follows_up]
        first = self.nowhere + 1 + len(self.noticed)
        self.back = {key: first + at for at, key in enumerate(awaited)}
        self.count = first + len(self.back)

    def of(self, item: Item) -> int:
        """Where the arrival of an attempt is kept."""
        if item.pause:
            return self.nowhere
        if item.calls_back:
            return self.back.get(item.target, self.nowhere) if item.two_way else self.nowhere
        return self.actor[item.target] if item.two_way else self.noticed.get(item.target, self.nowhere)


def _shape(network: Network, lists: list[CallList], rows: _Rows) -> dict[str, Any]:
    return {
        "rows": rows.count,
        "slots": max((len({item.slot for item in one.items}) for one in lists), default=0) + 1,
        "ways": max((len(way_numbers(one.items)[1]) for one in lists), default=0) + 1,
        "follow_ups": len(rows.back),
        "greatest_quorum": max((group.quorum for group in network.groups), default=1),
    }


def _list_arrays(
    network: Network, lists: list[CallList], actor_at: Mapping[str, int], states: _States, rows: _Rows
) -> dict[str, Any]:
    place = {caller: at for at, caller in enumerate(rows.back)}
    return {
        "list_caller": _ints(actor_at[one.caller] for one in lists),
        "list_serial": _flags(one.mode is ListMode.SERIAL for one in lists),
        "list_relay": _ints(states.at["relay", one.caller] for one in lists),
        "list_delay_s": _floats(network.actor(one.caller).start_delay_s for one in lists),
        "list_start": _offsets([one.items for one in lists]),
        "list_slots": _ints(len({item.slot for item in one.items}) for one in lists),
        "list_end": _ints(-1 if one.follows_up else place.get(one.caller, -1) for one in lists),
        "list_follows": _ints(place[one.caller] if one.follows_up else -1 for one in lists),
        "list_follow_s": _floats(one.follow_up_s or 0.0 for one in lists),
        "list_back": _ints(rows.back.get(one.caller, rows.nowhere) for one in lists),
    }


def _item_arrays(
    lists: list[CallList], items: tuple[tuple[str, Item], ...], states: _States, rows: _Rows
) -> dict[str, Any]:
    slots = [slot_numbers(one.items) for one in lists]
    ways = [way_numbers(one.items) for one in lists]
    conditions = [
        -1 if item.condition is None else numbers[item.condition.slot]
        for one, numbers in zip(lists, slots, strict=True)
        for item in one.items
    ]
    needs = [[states.at["resource", key] for key in dict.fromkeys(item.resources)] for _, item in items]
    return {
        "item_key": np.array([key for one in lists for key in attempt_keys(one)], np.uint64),
        "item_row": _ints(rows.of(item) for _, item in items),
        "item_slot": _ints(
            numbers[item.slot] for one, numbers in zip(lists, slots, strict=True) for item in one.items
        ),
        "item_way": _ints(way for numbers, _ in ways for way in numbers),
        "item_new_way": _flags(at in firsts for numbers, firsts in ways for at in range(len(numbers))),
        "item_available": _ints(states.at["available", item.target] for _, item in items),
        "item_point": _ints(0 if item.point is None else states.at["point", item.point] for _, item in items),
        "item_handset": _ints(states.handset_of[item.point] for _, item in items),
        "item_comes": _ints(states.at.get(("comes", item.target), 0) for _, item in items),
        "item_condition": _ints(conditions),
        "item_if_answered": _flags(
            item.condition is not None and item.condition.kind is If.ANSWERED for _, item in items
        ),
        "item_synchronous": _flags(item.synchronous for _, item in items),
        "item_two_way": _flags(item.two_way for _, item in items),
        "item_gap_s": _floats(item.gap_s for _, item in items),
        "item_ring_s": _floats(item.ring_s for _, item in items),
        "item_talk_s": _floats(item.talk_s for _, item in items),
        "item_send_s": _floats(item.send_s for _, item in items),
        "item_fail_s": _floats(item.fail_s for _, item in items),
        "item_base_s": _floats(item.delay.base_s for _, item in items),
        "item_slopes": np.array([item.delay.slopes for _, item in items], np.float64).reshape(len(items), 13),
        "need_start": _offsets(needs),
        "need": _ints(key for row in needs for key in row),
    }


def _group_arrays(network: Network, rows: _Rows) -> dict[str, Any]:
    seat_rows = [
        [rows.actor[key] for key in seat.holders]
        + [rows.noticed[key] for key in seat.holders if group.counts_deliveries]
        for group in network.groups
        for seat in group.seats
    ]
    pairs = [(group.key, seat.key) for group in network.groups for seat in group.seats]
    number = {pair: at for at, pair in enumerate(pairs)}
    sets = [
        [sorted(number[group.key, seat] for seat in chosen) for chosen in group.one_of]
        for group in network.groups
    ]
    return {
        "seat_start": _offsets(seat_rows),
        "seat_row": _ints(row for rows_of_seat in seat_rows for row in rows_of_seat),
        "seat_required": _flags(
            seat.key in group.required for group in network.groups for seat in group.seats
        ),
        "group_start": _offsets([group.seats for group in network.groups]),
        "group_quorum": _ints(group.quorum for group in network.groups),
        "one_of_start": _offsets(sets),
        "one_of_set_start": _offsets([chosen for row in sets for chosen in row]),
        "one_of_seat": _ints(seat for row in sets for chosen in row for seat in chosen),
    }


def _parents_first(resources: tuple[Resource, ...]) -> list[Resource]:
    by_key = {resource.key: resource for resource in resources}
    order = TopologicalSorter({one.key: [one.parent] if one.parent else [] for one in resources})
    return [by_key[key] for key in order.static_order()]


def _offsets(rows: Iterable[Any]) -> Ints:
    return np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), np.float64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.array(list(values), np.bool_)
