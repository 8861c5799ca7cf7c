"""The order in which lists are worked through, the names by which attempts draw, the numbers of slots and ways."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from prep.alerting.chain import CallList, Item, Network
from prep.alerting.chance import entity_key

# A caller, and whether it is the list of the follow-up.
_Node = tuple[str, bool]


def attempt_keys(one: CallList) -> list[int]:
    """The key of each attempt: caller, target, channel and which of their repetitions it is."""
    seen: dict[tuple[str, str], int] = {}
    keys = []
    for item in one.items:
        pair = (item.target, item.channel.value)
        seen[pair] = seen.get(pair, 0) + 1
        kind = "follow-up" if one.follows_up else "attempt"
        keys.append(entity_key(kind, one.caller, *pair, str(seen[pair])))
    return keys


def in_units(network: Network) -> list[list[CallList]]:
    """The lists, callers before those they call; those that may reach each other together, by caller."""
    by_node = {(one.caller, one.follows_up): one for one in network.lists}
    before: dict[_Node, list[_Node]] = {node: [] for node in by_node}
    lists_of: dict[str, list[_Node]] = {}
    for node in by_node:
        lists_of.setdefault(node[0], []).append(node)
    for node, one in by_node.items():
        if one.follows_up and (one.caller, False) in by_node:
            before[node].append((one.caller, False))
        for item in one.items:
            if item.alerts:
                for later in lists_of.get(item.target, ()):
                    before[later].append(node)
            elif item.calls_back and (item.target, True) in by_node:
                before[item.target, True].append(node)
    try:
        return [[by_node[node]] for node in TopologicalSorter(before).static_order()]
    except CycleError:
        return [[by_node[node] for node in unit] for unit in _components(before)]


def slot_numbers(items: tuple[Item, ...]) -> dict[str, int]:
    """The number of each slot of a list, in the order of their first attempts."""
    return {slot: number for number, slot in enumerate(dict.fromkeys(item.slot for item in items))}


def way_numbers(items: tuple[Item, ...]) -> tuple[list[int], set[int]]:
    """The way of each attempt, and which attempts are the first by theirs."""
    numbers: dict[tuple[Any, ...], int] = {}
    found, firsts = [], set()
    for at, item in enumerate(items):
        way = (item.target, item.point, item.resources)
        if way not in numbers:
            numbers[way] = len(numbers)
            firsts.add(at)
        found.append(numbers[way])
    return found, firsts


def _components(before: Mapping[_Node, list[_Node]]) -> list[list[_Node]]:
    """The strongly connected parts in topological order, each sorted."""
    import networkx as nx

    graph: nx.DiGraph[_Node] = nx.DiGraph()
    graph.add_nodes_from(before)
    graph.add_edges_from((early, late) for late, earlier in before.items() for early in earlier)
    condensed = nx.condensation(graph)
    return [sorted(condensed.nodes[part]["members"]) for part in nx.topological_sort(condensed)]
