"""The rules of seats and groups: who deputises whom, whether a quorum can be met, who is needed twice."""

from collections.abc import Iterator

import networkx as nx

from prep.alerting.chain import Group, Network, Seat, members
from prep.alerting.finding import Finding, Rule, name, warning
from prep.errors import Problem
from prep.language import Message, say
from prep.terms import ActorKind


def memberships(network: Network) -> Iterator[Finding]:
    """What is wrong with the groups as they are filled, each told once."""
    alerted = _alerted(network)
    for group in network.groups:
        yield from _deputies(network, group)
        yield from _quorum(network, group, alerted)
    yield from _circles(network)
    yield from _needed_twice(network)
    yield from _dead_ends(network)
    yield from _unverified(network)
    yield from _overrides(network)


def _deputies(network: Network, group: Group) -> Iterator[Finding]:
    for seat in group.seats:
        twice = sorted({key for key in seat.holders if seat.holders.count(key) > 1})
        if twice:
            yield _found(
                Rule.DEPUTY_IS_HOLDER,
                seat.key,
                group.name,
                f"{seat.name}: {', '.join(name(network, key) for key in twice)}",
                say("Nobody is their own deputy."),
                say("Name another person as the deputy."),
            )
        for expired in seat.expired:
            yield _found(
                Rule.EXPIRED_TERM,
                seat.key,
                group.name,
                f"{seat.name}: {name(network, expired)}",
                say("A term has ended, and nobody was appointed after it."),
                say("Appoint a successor, or extend the term."),
            )


def _quorum(network: Network, group: Group, alerted: set[str]) -> Iterator[Finding]:
    """A quorum that cannot be met even if everything goes well; not told twice where a rule above tells it."""
    can = {seat.key for seat in group.seats if alerted.intersection(seat.holders)}
    names = {seat.key: seat.name for seat in group.seats}
    required = sorted(names[key] for key in group.required - can)
    sets = [chosen for chosen in group.one_of if not chosen & can]
    lacking = required + [" / ".join(sorted(names[key] for key in chosen)) for chosen in sets]
    if not group.seats or group.quorum > len(group.seats) or not network.lists:
        return
    if len(can) < group.quorum or lacking:
        yield _found(
            Rule.QUORUM_OUT_OF_REACH,
            group.key,
            group.name,
            ", ".join(lacking)
            or say("quorum {quorum}, within reach {seats}", quorum=group.quorum, seats=len(can)),
            say("The alarm can come through to enough seats, and to every required one."),
            say("Fill the vacant seats and put their holders on a call list."),
        )


def _circles(network: Network) -> Iterator[Finding]:
    """People who deputise each other: who stands in for one cannot stand in for the other at the same time."""
    for group in network.groups:
        stands_in: nx.DiGraph[str] = nx.DiGraph(
            (seat.holders[0], deputy)
            for seat in group.seats
            for deputy in seat.holders[1:2]
            if deputy != seat.holders[0]
        )
        holders = {seat.holders[0] for seat in group.seats if seat.holders}
        for circle in nx.strongly_connected_components(stands_in):
            if len(circle) > 1 and circle <= holders:
                yield _found(
                    Rule.CIRCULAR_DEPUTIES,
                    min(circle),
                    group.name,
                    ", ".join(sorted(name(network, key) for key in circle)),
                    say("Those who deputise each other leave both seats empty when one of them is away."),
                    say("Name a deputy from outside the circle."),
                )


def _needed_twice(network: Network) -> Iterator[Finding]:
    """Persons without whom two groups have no quorum, so that both need them at once."""
    groups: dict[str, list[Group]] = {}
    for group in network.groups:
        for key in {key for seat in group.seats for key in seat.holders[:1]}:
            if network.actor(key).kind is ActorKind.PERSON and _is_needed(group, key):
                groups.setdefault(key, []).append(group)
    for key, found in sorted(groups.items()):
        if len(found) > 1:
            yield _found(
                Rule.SHARED_MEMBER,
                key,
                say("Groups"),
                f"{name(network, key)}: {', '.join(one.name for one in found)}",
                say("Groups that are called at once do not need the same person."),
                say("Name a deputy in all but one of them."),
            )


def _is_needed(group: Group, person: str) -> bool:
    """Whether the group has no quorum when nobody but this person is missing."""

    def filled(seat: Seat) -> bool:
        return bool(set(seat.holders) - {person})

    left = {seat.key for seat in group.seats if filled(seat)}
    return len(left) < group.quorum or bool(group.required - left) or any(not s & left for s in group.one_of)


def _dead_ends(network: Network) -> Iterator[Finding]:
    """Those who are alerted, belong to no group and call nobody: there the chain ends in nobody."""
    wanted = {key for group in network.groups for key in members(group)}
    calling = {one.caller for one in network.lists if one.items}
    called = dict.fromkeys(item.target for _, item in network.calls)
    for key in called:
        if key not in wanted and key not in calling:
            yield _found(
                Rule.DEAD_END,
                key,
                say("Who calls whom"),
                name(network, key),
                say("Whoever is alerted belongs to a group or passes the alarm on."),
                say("Give them a call list, or take them off the lists."),
            )


def _unverified(network: Network) -> Iterator[Finding]:
    used = {item.point for _, item in network.calls}
    for point in network.points:
        if point.key in used and not point.is_verified:
            yield _found(
                Rule.UNVERIFIED_NUMBER,
                point.key,
                say("Contact points"),
                name(network, point.actor),
                say("A number on a call list has been confirmed by somebody."),
                say("Call it once, or ask its owner."),
            )


def _overrides(network: Network) -> Iterator[Finding]:
    for duty in network.duties:
        for shift in duty.shifts:
            if shift.override and shift.actor is None:
                yield _found(
                    Rule.UNSTAFFED_OVERRIDE,
                    duty.key,
                    duty.name,
                    say("{starts} – {ends}", starts=shift.span.starts, ends=shift.span.ends),
                    say("An exception in a duty calendar names who is on duty instead."),
                    say("Name somebody, or take the exception away."),
                )


def _alerted(network: Network) -> set[str]:
    """Everybody whom the alarm can come to, if all goes well; deliveries included where they count."""
    calls: nx.DiGraph[str] = nx.DiGraph()
    calls.add_nodes_from(network.sources)
    calls.add_edges_from((caller, item.target) for caller, item in network.calls if item.two_way)
    found = set(network.sources)
    for source in network.sources:
        found |= nx.descendants(calls, source)
    if any(group.counts_deliveries for group in network.groups):
        found |= {item.target for caller, item in network.calls if caller in found}
    return found


def _found(
    rule: Rule, subject: str, place: Message | str, value: Message | str, broken: Message, remedy: Message
) -> Finding:
    return warning(rule, subject, Problem(place=place, value=value, rule=broken, remedy=remedy))
