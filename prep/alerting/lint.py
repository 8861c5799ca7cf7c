"""What is wrong with a chain, before anything is computed: faults that forbid a simulation, and warnings.

A probability outside [0, 1], a negative time or an empty key never gets this far: the values of ``chain``
refuse them when they are made, with the same kind of ``Problem``.
"""

from collections import Counter
from collections.abc import Iterator

import networkx as nx

from prep.alerting.chain import Group, Network, members
from prep.alerting.finding import Finding, Rule, fault, name, warning
from prep.alerting.membership import memberships
from prep.alerting.steps import steps
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import ActorKind, HourClass, State


def lint(network: Network) -> tuple[Finding, ...]:
    """All that is wrong with a network, faults first; empty if nothing is.

    Cost: a few milliseconds for a county.
    """
    naming = [*_duplicates(network), *_unknown(network)]
    if naming:  # the rules below follow the keys
        return tuple(naming)
    found = [
        *_cycles(network),
        *_groups(network),
        *_reach(network),
        *_lists(network),
        *steps(network),
        *memberships(network),
    ]
    order = list(Rule)
    found.sort(key=lambda one: (one.severity is not State.FAULT, order.index(one.rule), one.subject))
    return tuple(found)


def faults(network: Network) -> list[Problem]:
    """What forbids a simulation of the network."""
    return [finding.problem for finding in lint(network) if finding.severity is State.FAULT]


def check(network: Network) -> None:
    """Raise Refused with every fault; warnings pass."""
    if found := faults(network):
        raise Refused(found)


def _duplicates(network: Network) -> Iterator[Finding]:
    kinds: tuple[tuple[Message, list[str]], ...] = (
        (say("Resources"), [one.key for one in network.resources]),
        (say("Actors"), [one.key for one in network.actors]),
        (say("Contact points"), [one.key for one in network.points]),
        (say("Handsets"), [one.key for one in network.handsets]),
        (say("Duty calendars"), [one.key for one in network.duties]),
        (say("Call lists"), [one.caller for one in network.lists if not one.follows_up]),
        (say("Follow-up lists"), [one.caller for one in network.lists if one.follows_up]),
        (say("Groups"), [one.key for one in network.groups]),
        *((say("Seats of {group}", group=one.name), [s.key for s in one.seats]) for one in network.groups),
    )
    for place, keys in kinds:
        for key in sorted(key for key, count in Counter(keys).items() if count > 1):
            yield fault(
                Rule.DUPLICATE_KEY,
                key,
                Problem(
                    place=place,
                    value=key,
                    rule=say("Every key stands for one thing only; a caller has one list."),
                    remedy=say("Give each its own key, or join the two lists into one."),
                ),
            )


def _unknown(network: Network) -> Iterator[Finding]:
    parts = (network.actors, network.resources, network.points, network.handsets, network.duties)
    actors, resources, points, handsets, duties = ({one.key for one in part} for part in parts)
    used: list[tuple[Message, str]] = [(say("Sources of the alarm"), key) for key in network.sources]
    used += [(say("Contact points"), point.actor) for point in network.points]
    used += [(say("Handsets"), handset.actor) for handset in network.handsets]
    used += [(say("Duty calendars"), actor) for duty in network.duties for actor in sorted(duty.actors)]
    for one in network.lists:
        place = say("Call list of {caller}", caller=name(network, one.caller))
        used += [(place, one.caller), *((place, item.target) for item in one.items)]
    used += [
        (say("Seat {seat} of {group}", seat=seat.name, group=group.name), holder)
        for group in network.groups
        for seat in group.seats
        for holder in seat.holders
    ]
    strays = [(place, key) for place, key in used if key not in actors]
    for one in network.lists:
        place = say("Call list of {caller}", caller=name(network, one.caller))
        strays += [(place, key) for item in one.items for key in item.resources if key not in resources]
        strays += [(place, item.point) for item in one.items if item.point and item.point not in points]
        strays += [(place, item.duty) for item in one.items if item.duty and item.duty not in duties]
        slots = {item.slot for item in one.items}
        conditions = (item.condition.slot for item in one.items if item.condition)
        strays += [(place, slot) for slot in conditions if slot not in slots]
    strays += [
        (say("Contact points"), one.handset)
        for one in network.points
        if one.handset and one.handset not in handsets
    ]
    strays += [
        (say("Resources"), one.parent)
        for one in network.resources
        if one.parent and one.parent not in resources
    ]
    for group in network.groups:
        seats = {seat.key for seat in group.seats}
        named = group.required.union(*group.one_of)
        strays += [(say("Seats of {group}", group=group.name), key) for key in sorted(named - seats)]
    for place, key in dict.fromkeys(strays):
        yield fault(
            Rule.UNKNOWN_KEY,
            key,
            Problem(
                place=place,
                value=key,
                rule=say("What is named here must exist."),
                remedy=say("Add it, or take its name away."),
            ),
        )


def _cycles(network: Network) -> Iterator[Finding]:
    calls = nx.DiGraph((one.caller, item.target) for one in network.lists for item in one.calls)
    yield from (
        fault(
            Rule.SELF_CALL,
            caller,
            Problem(
                place=say("Call list of {caller}", caller=name(network, caller)),
                value=name(network, caller),
                rule=say("Nobody calls themselves."),
                remedy=say("Take the attempt off the list."),
            ),
        )
        for caller in sorted(nx.nodes_with_selfloops(calls))
    )
    calls.remove_edges_from(list(nx.selfloop_edges(calls)))
    # A follow-up may call those again through whom the alarm should have come.
    onward = nx.DiGraph(
        (one.caller, item.target)
        for one in network.lists
        if not one.follows_up
        for item in one.calls
        if item.target != one.caller
    )
    for ring in _rings(onward):
        path = " → ".join(name(network, key) for key in (*ring, ring[0]))
        yield fault(
            Rule.CYCLE,
            ring[0],
            Problem(
                place=say("Who calls whom"),
                value=path,
                rule=say("An alarm never comes back to one who has passed it on."),
                remedy=say("Take one of these calls off its list."),
            ),
        )
    feeds = nx.DiGraph((one.parent, one.key) for one in network.resources if one.parent is not None)
    for ring in _rings(feeds):
        yield fault(
            Rule.RESOURCE_CYCLE,
            ring[0],
            Problem(
                place=say("Resources"),
                value=" → ".join((*ring, ring[0])),
                rule=say("What feeds a resource never depends on it."),
                remedy=say("Take one of the parents away."),
            ),
        )


def _rings(graph: "nx.DiGraph[str]") -> Iterator[list[str]]:
    """One ring for each strongly connected part, beginning with its smallest key."""
    for part in nx.strongly_connected_components(graph):
        if len(part) > 1 or graph.has_edge(next(iter(part)), next(iter(part))):
            first = min(part)
            edges = nx.find_cycle(graph.subgraph(part), first)
            ring = [edge[0] for edge in edges]
            at = ring.index(min(ring))
            yield ring[at:] + ring[:at]


def _groups(network: Network) -> Iterator[Finding]:
    called = {item.target for _, item in network.calls} | set(network.sources)
    for group in network.groups:
        if not group.seats:
            yield fault(
                Rule.EMPTY_GROUP,
                group.key,
                Problem(
                    place=group.name,
                    value=None,
                    rule=say("A group has at least one seat."),
                    remedy=say("Add its seats, or take the group away."),
                ),
            )
        elif group.quorum > len(group.seats):
            yield fault(
                Rule.QUORUM_ABOVE_SEATS,
                group.key,
                Problem(
                    place=group.name,
                    value=say("quorum {quorum}, seats {seats}", quorum=group.quorum, seats=len(group.seats)),
                    rule=say("A quorum is never greater than the number of seats."),
                    remedy=say("Lower the quorum, or add seats."),
                ),
            )
        yield from _seats(network, group)
        for key in members(group):
            if key not in called:
                yield warning(
                    Rule.NOBODY_CALLS,
                    key,
                    Problem(
                        place=group.name,
                        value=name(network, key),
                        rule=say("Every member and deputy is on someone's call list."),
                        remedy=say("Put them on a list, by a channel for which they have a number."),
                    ),
                )


def _seats(network: Network, group: Group) -> Iterator[Finding]:
    for seat in group.seats:
        if not seat.holders:
            yield warning(
                Rule.VACANT_SEAT,
                seat.key,
                Problem(
                    place=group.name,
                    value=seat.name,
                    rule=say("A vacant seat is never reached."),
                    remedy=say("Appoint a holder."),
                ),
            )
        elif len(set(seat.holders)) == 1 and network.actor(seat.holders[0]).kind is ActorKind.PERSON:
            yield warning(
                Rule.NO_DEPUTY,
                seat.key,
                Problem(
                    place=group.name,
                    value=seat.name,
                    rule=say("A seat without a deputy depends on one person."),
                    remedy=say("Name a deputy and add them to the call list after the holder."),
                ),
            )


def _reach(network: Network) -> Iterator[Finding]:
    if network.lists and not network.sources:
        yield fault(
            Rule.NO_SOURCE,
            "",
            Problem(
                place=say("Sources of the alarm"),
                value=None,
                rule=say("An alarm begins somewhere."),
                remedy=say("Name who learns of it first, for instance the emergency response centre."),
            ),
        )
        return
    calls: nx.DiGraph[str] = nx.DiGraph(
        (caller, item.target) for caller, item in network.calls if item.two_way
    )
    calls.add_nodes_from(network.sources)
    alerted = set(network.sources).union(*(nx.descendants(calls, source) for source in network.sources))
    for one in network.lists:
        if one.caller not in alerted:
            yield warning(
                Rule.UNREACHABLE_LIST,
                one.caller,
                Problem(
                    place=say("Call list of {caller}", caller=name(network, one.caller)),
                    value=None,
                    rule=say("Nobody alerts this caller, so the list is never begun."),
                    remedy=say("Put the caller on the list of someone who is alerted."),
                ),
            )


def _lists(network: Network) -> Iterator[Finding]:
    owner = {point.key: point.actor for point in network.points}
    followed = {one.caller for one in network.lists if one.follows_up}
    for one in network.lists:
        place = say("Call list of {caller}", caller=name(network, one.caller))
        if not one.items and one.caller not in followed:
            yield warning(
                Rule.EMPTY_LIST,
                one.caller,
                Problem(
                    place=place,
                    value=None,
                    rule=say("A call list holds at least one attempt."),
                    remedy=say("Add those to be called, or take the list away."),
                ),
            )
        for item in one.items:
            if item.point is not None and owner[item.point] != item.target:
                yield fault(
                    Rule.FOREIGN_POINT,
                    item.point,
                    Problem(
                        place=place,
                        value=name(network, item.target),
                        rule=say("An attempt uses a number of the person whom it shall reach."),
                        remedy=say("Choose one of this person's own numbers."),
                    ),
                )
            if not item.pause and max(item.works.at(hour) for hour in HourClass) == 0:
                yield warning(
                    Rule.NEVER_ANSWERS,
                    item.target,
                    Problem(
                        place=place,
                        value=name(network, item.target),
                        rule=say("An attempt that can never work only costs time."),
                        remedy=say("Take it off the list, or correct its probability."),
                    ),
                )
