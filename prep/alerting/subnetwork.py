"""The part of a network that decides about some groups: smaller, and with the very same times."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from prep.alerting.chain import CallList, Item, Network, members
from prep.terms import ListMode


def subnetwork(network: Network, groups: Iterable[str]) -> Network:
    """The groups, all through whom they may be reached, and what those callers' lists need.

    Every time in it equals the time in the whole network, bit by bit, in every run: a serial list keeps all
    its attempts up to the last one that matters, a parallel list the slots that share a target with one
    that matters (so that repetitions keep their number, and with it their draw).
    """
    return _part(network, groups, _callers_of(network))


def parts_of(network: Network, groups: Iterable[str]) -> list[Network]:
    """The sub-network of each of the groups."""
    callers_of = _callers_of(network)
    return [_part(network, [key], callers_of) for key in groups]


def _part(network: Network, groups: Iterable[str], callers_of: Mapping[str, set[str]]) -> Network:
    wanted = tuple(network.group(key) for key in groups)
    relevant = _found_through(callers_of, (key for group in wanted for key in members(group)))
    followed = {one.caller for one in network.lists if one.follows_up and one.caller in relevant}
    lists = [_needed(one, relevant, followed) for one in network.lists if one.caller in relevant]
    items = [item for one in lists for item in one.items]
    kept = relevant | {item.target for item in items} | set(network.sources)
    used = {item.point for item in items}
    points = tuple(one for one in network.points if one.key in used)
    handsets = {one.handset for one in points}
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
        points=points,
        handsets=tuple(one for one in network.handsets if one.key in handsets),
        lists=tuple(one for one in lists if one.items),
        groups=wanted,
    )


def relevant_actors(network: Network, targets: Iterable[str]) -> set[str]:
    """The targets and everyone through whom they may be reached, directly or not.

    Whoever calls back to a caller with a follow-up decides whether that is begun, and so belongs to them.
    """
    return _found_through(_callers_of(network), targets)


def _callers_of(network: Network) -> dict[str, set[str]]:
    """Who may reach each actor, or is told by it to begin a follow-up."""
    callers_of: dict[str, set[str]] = {}
    followed = {one.caller for one in network.lists if one.follows_up}
    for one in network.lists:
        for item in one.items:
            if item.alerts or (item.calls_back and item.target in followed):
                callers_of.setdefault(item.target, set()).add(one.caller)
    return callers_of


def _found_through(callers_of: Mapping[str, set[str]], targets: Iterable[str]) -> set[str]:
    found = set(targets)
    waiting = list(found)
    while waiting:
        for caller in callers_of.get(waiting.pop(), set()) - found:
            found.add(caller)
            waiting.append(caller)
    return found


def _needed(one: CallList, relevant: set[str], followed: set[str]) -> CallList:
    def matters(item: Item) -> bool:
        return item.target in (relevant if item.alerts else followed) and not item.pause

    if one.mode is ListMode.SERIAL:
        if one.caller in followed and not one.follows_up:
            return one  # the follow-up waits for the end of all of it
        last = max((n for n, item in enumerate(one.items) if matters(item)), default=-1)
        return replace(one, items=one.items[: last + 1])
    slots = {item.slot for item in one.items if matters(item)}
    while True:
        kept = [item for item in one.items if item.slot in slots]
        targets = {item.target for item in kept if not item.pause}
        wider = slots | {item.slot for item in one.items if item.target in targets and not item.pause}
        wider |= {item.condition.slot for item in kept if item.condition is not None}
        if wider == slots:
            return replace(one, items=tuple(kept))
        slots = wider
