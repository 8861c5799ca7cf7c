"""The part of a network that decides about some groups: smaller, and with the very same times."""

from collections.abc import Iterable
from dataclasses import replace

from prep.alerting.chain import CallList, Network, members
from prep.terms import ListMode


def subnetwork(network: Network, groups: Iterable[str]) -> Network:
    """The groups, all through whom they may be reached, and what those callers' lists need.

    Every time in it equals the time in the whole network, bit by bit, in every run: a serial list keeps all
    its attempts up to the last one that matters, a parallel list the slots that share a target with one
    that matters (so that repetitions keep their number, and with it their draw).
    """
    wanted = tuple(network.group(key) for key in groups)
    relevant = relevant_actors(network, (key for group in wanted for key in members(group)))
    lists = [_needed(one, relevant) for one in network.lists if one.caller in relevant]
    items = [item for one in lists for item in one.items]
    kept = relevant | {item.target for item in items} | set(network.sources)
    points = {item.point for item in items}
    parents = {resource.key: resource.parent for resource in network.resources}
    resources = {key for item in items for key in item.resources}
    for key in list(resources):
        above = parents.get(key)
        while above is not None and above not in resources:
            resources.add(above)
            above = parents.get(above)
    return replace(
        network,
        resources=tuple(one for one in network.resources if one.key in resources),
        actors=tuple(one for one in network.actors if one.key in kept),
        points=tuple(one for one in network.points if one.key in points),
        lists=tuple(one for one in lists if one.items),
        groups=wanted,
    )


def relevant_actors(network: Network, targets: Iterable[str]) -> set[str]:
    """The targets and everyone through whom they may be reached, directly or not."""
    callers_of: dict[str, set[str]] = {}
    for one in network.lists:
        for item in one.items:
            callers_of.setdefault(item.target, set()).add(one.caller)
    found = set(targets)
    waiting = list(found)
    while waiting:
        for caller in callers_of.get(waiting.pop(), set()) - found:
            found.add(caller)
            waiting.append(caller)
    return found


def _needed(one: CallList, relevant: set[str]) -> CallList:
    if one.mode is ListMode.SERIAL:
        last = max((n for n, item in enumerate(one.items) if item.target in relevant), default=-1)
        return replace(one, items=one.items[: last + 1])
    targets: set[str] = relevant
    while True:
        slots = {item.slot for item in one.items if item.target in targets}
        wider = targets | {item.target for item in one.items if item.slot in slots}
        if wider == targets:
            return replace(one, items=tuple(item for item in one.items if item.slot in slots))
        targets = wider
