"""Whether a group is reached at all, solved exactly without chance and without time; and what it hangs on.

The question "could the alarm get through, whenever?" is a Boolean function of independent facts: resources
up, actors available and willing, callers relaying, numbers right, attempts answered. A binary decision
diagram gives its probability and, from the same diagram, the derivative for every fact (Birnbaum's
importance). Shares no code with the simulator: the two are compared by a property test.

It is an **upper bound** of the timed answer. Here every attempt on every list is made; in time, a deadline
cuts attempts off, and a deputy is not called when the holder has answered (who may then not relay). Without
a deadline and with one target per slot the two agree.

Outages for a part of the time are left out, as if they did not happen: a way that is open at some moment with them is
open without them, so that the answer stays an upper bound. What silences a group here silences it with them too.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prep.alerting.chain import Group, Network, Seat
from prep.alerting.diagrams import Fact, Nodes, new_diagram, variable_of
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import Scenario
from prep.alerting.standing import windows_of
from prep.alerting.ways import WORK, Model

# A telephone is told as its owner's number, and a channel is no part of the county.
_SINGLE = frozenset({PartKind.ACTOR, PartKind.RESOURCE, PartKind.POINT})


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one fact weighs: ``birnbaum`` is P(group | fact true) − P(group | fact false).

    ``gain`` is what the group would gain if the fact were always true. Facts are named by kind and key;
    "fed" is "survives although its parent is down", "link" is all attempts of one caller on one target on
    one way.
    """

    fact: Fact
    p: float
    birnbaum: float
    gain: float


@dataclass(frozen=True, slots=True)
class Exact:
    """The probability that a group is ever reached, and the weight of every fact, heaviest gain first.

    ``left_out`` are the keys of the resources whose outages for a part of the time the answer leaves out.
    """

    group: str
    p: float
    sensitivities: tuple[Sensitivity, ...]
    nodes: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A part whose failure alone silences groups, or seats of them, for certain; a cut set of order 1."""

    part: Part
    groups: tuple[str, ...]
    seats: tuple[tuple[str, str], ...]  # (group, seat)


@dataclass(frozen=True, slots=True)
class Lost:
    """Groups, and seats by group and key, that nothing can reach any more."""

    groups: frozenset[str]
    seats: frozenset[tuple[str, str]]


def exact(network: Network, scenario: Scenario, group: str) -> Exact:
    """Solve one group exactly. The network must have passed ``lint``.

    Cost: grows with the diagram: 15 ms for a municipal group, 0.3 s for a board of 22 seats with deputies.
    """
    model = Model(network, scenario)
    wanted = network.group(group)
    logic = _Diagrams(model, new_diagram())
    seats = logic.declare_in_order(wanted)
    nodes = Nodes(logic.group(wanted, seats))
    p, found = 0.0, {fact: [0.0, 0.0, 0.0] for fact in nodes.facts}
    for hour, weight in scenario.mix:
        chance, slopes = nodes.evaluate({fact: model.p[fact][hour] for fact in nodes.facts})
        p += weight * chance
        for fact, slope in slopes.items():
            true_p = model.p[fact][hour]
            for at, value in enumerate((true_p, slope, (1 - true_p) * slope)):
                found[fact][at] += weight * value
    sensitivities = sorted(
        (Sensitivity(fact, *values) for fact, values in found.items()), key=lambda one: (-one.gain, one.fact)
    )
    left_out = windows_of(network.resources, scenario)
    return Exact(group, p, tuple(sensitivities), len(nodes.order), tuple(left_out))


def likely_failures(
    network: Network, scenario: Scenario, group: str, *, count: int
) -> list[tuple[float, frozenset[Fact]]]:
    """The likeliest sets of facts whose failure silences a group at the one hour of the scenario."""
    model = Model(network, scenario)
    wanted = network.group(group)
    logic = _Diagrams(model, new_diagram())
    nodes = Nodes(logic.group(wanted, logic.declare_in_order(wanted)))
    hour = model.hours[0]
    return nodes.failures({fact: model.p[fact][hour] for fact in nodes.facts}, count=count)


def single_points(network: Network, scenario: Scenario) -> tuple[SinglePoint, ...]:
    """Every part that alone silences a group or a seat which could otherwise be reached, worst first.

    A seat with one holder hangs on that holder, of course; so do both on whoever alone calls them. What the
    scenario holds down is taken as down throughout.
    """
    model = Model(network, scenario)
    losses = _losses(model, (part for part in model.parts() if part.kind in _SINGLE))
    found = [
        SinglePoint(part, tuple(sorted(lost.groups)), tuple(sorted(lost.seats)))
        for part, lost in losses
        if lost.groups or lost.seats
    ]
    found.sort(key=lambda one: (-len(one.groups), -len(one.seats), one.part.kind, one.part.key))
    return tuple(found)


def lost_without(network: Network, scenario: Scenario, parts: Iterable[Part]) -> dict[Part, Lost]:
    """What could be reached, and cannot once a part has failed, however well all else goes; for each of the parts."""
    return dict(_losses(Model(network, scenario), parts))


def _losses(model: Model, parts: Iterable[Part]) -> Iterator[tuple[Part, Lost]]:
    before = _reachable(model, None)
    for part in parts:
        after = _reachable(model, part)
        yield part, Lost(before.groups - after.groups, before.seats - after.seats)


@dataclass(frozen=True, slots=True)
class _Reachable:
    groups: frozenset[str]
    seats: frozenset[tuple[str, str]]


def _reachable(model: Model, failed: Part | None) -> _Reachable:
    """What can be reached if all that is possible goes well, except for the failed part."""
    logic = _Possibilities(model, failed)
    groups = frozenset(group.key for group in model.network.groups if logic.group(group))
    seats = frozenset(
        (group.key, seat.key)
        for group in model.network.groups
        for seat in group.seats
        if logic.seat(group, seat.holders)
    )
    return _Reachable(groups, seats)


class _Logic(ABC):
    """The one statement of "reached" over any algebra with and, or, and facts; each part worked out once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.known: dict[Fact, Any] = {}

    @abstractmethod
    def fact(self, fact: Fact) -> Any:
        """A fact in this algebra."""

    @abstractmethod
    def constant(self, value: bool) -> Any:
        """Truth or falsehood in this algebra."""

    def up(self, key: str) -> Any:
        chain = [key]
        while ("up", chain[-1]) not in self.known:
            parent = self.model.parent[chain[-1]]
            if parent is None:
                break
            chain.append(parent)
        for one in reversed(chain):
            if ("up", one) not in self.known:
                own, parent = self.fact(("resource", one)), self.model.parent[one]
                fed = own if parent is None else own & (self.known["up", parent] | self.fact(("fed", one)))
                self.known["up", one] = fed
        return self.known["up", key]

    def reached(self, key: str) -> Any:
        """Reached at all; who can reach each other is worked out together, until nothing changes any more."""
        if ("reached", key) not in self.known:
            for unit in self.model.units_before(key):
                if ("reached", unit[0]) not in self.known:
                    self._reach(unit)
        return self.known["reached", key]

    def _reach(self, unit: list[str]) -> None:
        for key in unit:
            self.known["reached", key] = self.constant(False)
        sources = self.model.network.sources
        while True:
            before = [self.known["reached", key] for key in unit]
            for key in unit:
                alive = self.fact(("alive", key))
                self.known["reached", key] = (
                    alive if key in sources else alive & self._arrival(key, two_way=True)
                )
            if len(unit) == 1 or before == [self.known["reached", key] for key in unit]:
                return

    def noticed(self, key: str) -> Any:
        return self._once(
            ("noticed", key), lambda: self.fact(("alive", key)) & self._arrival(key, two_way=False)
        )

    def seat(self, group: Group, holders: tuple[str, ...]) -> Any:
        found = self.constant(False)
        for holder in dict.fromkeys(holders):
            found = found | self.reached(holder)
            if group.counts_deliveries:
                found = found | self.noticed(holder)
        return found

    def group(self, group: Group, order: Sequence[Seat] | None = None) -> Any:
        seats = {seat.key: self.seat(group, seat.holders) for seat in order or group.seats}
        # at_least[k]: k of the seats looked at so far
        at_least = [self.constant(True)] + [self.constant(False)] * group.quorum
        for seat in seats.values():
            for count in range(group.quorum, 0, -1):
                at_least[count] = at_least[count] | (at_least[count - 1] & seat)
        found = at_least[group.quorum]
        for key in sorted(group.required):
            found = found & seats[key]
        for chosen in group.one_of:
            some = self.constant(False)
            for key in sorted(chosen):
                some = some | seats[key]
            found = found & some
        return found

    def _arrival(self, key: str, *, two_way: bool) -> Any:
        """Somebody who has begun a list gets through: all attempts are made, in no order."""
        found = self.constant(False)
        for way in self.model.ways[key]:
            if way.two_way is not two_way:
                continue
            through = self.reached(way.caller) & self.fact(("relay", way.caller)) & self.fact(way.link)
            for resource in way.resources:
                through = through & self.up(resource)
            if way.point is not None:
                through = through & self.fact(("point", way.point))
                handset = self.model.handset_of[way.point]
                if handset is not None:
                    through = through & self.fact(("handset", handset))
            through = through & self.fact(("channel", way.channel.value))
            found = found | through
        return found & self.fact(("available", key)) & self.fact(("comes", key))

    def _once(self, fact: Fact, find: Any) -> Any:
        if fact not in self.known:
            self.known[fact] = find()
        return self.known[fact]


class _Possibilities(_Logic):
    """Plain truth: a fact holds if it is possible, unless its part has failed."""

    def __init__(self, model: Model, failed: Part | None) -> None:
        super().__init__(model)
        self.failed = None if failed is None else (failed.kind.value, failed.key)

    def fact(self, fact: Fact) -> bool:
        kind, key = fact
        if kind in WORK:
            return self.failed != (WORK[kind], key)
        return fact != self.failed and self.model.possible(fact)

    def constant(self, value: bool) -> bool:
        return value


class _Diagrams(_Logic):
    """Decision diagrams: a fact is a variable, unless it is certain or impossible at every hour."""

    def __init__(self, model: Model, diagram: Any) -> None:
        super().__init__(model)
        self.diagram = diagram

    def declare_in_order(self, group: Group) -> list[Seat]:
        """Order the variables, which decides about the size of the diagram, and the seats alike.

        First the facts on which most seats depend, then seat by seat what is left; neighbours are the seats
        that share facts. A board of 22 seats with deputies, four callers and six areas then takes 0.3 s;
        with the reordering on the way that CUDD offers, 14 seats did not finish in 100 s.
        """
        used = {seat.key: _Supports(self.model).seat(group, seat.holders).facts for seat in group.seats}
        count = Counter(fact for facts in used.values() for fact in facts)
        common = {fact for fact, seats in count.items() if 2 * seats > len(group.seats)}
        shared = {fact for fact, seats in count.items() if seats > 1} - common
        seats = sorted(group.seats, key=lambda seat: sorted(used[seat.key].keys() & shared))
        order = dict.fromkeys(fact for seat in seats for fact in used[seat.key] if fact in common)
        for seat in seats:
            facts = used[seat.key]
            order.update(dict.fromkeys(fact for fact in facts if fact in shared))
            order.update(dict.fromkeys(facts))
        self.diagram.declare(*(variable_of(fact) for fact in order))
        return seats

    def fact(self, fact: Fact) -> Any:
        certain = self.model.certain(fact)
        return self.diagram.var(variable_of(fact)) if certain is None else self.constant(certain)

    def constant(self, value: bool) -> Any:
        return self.diagram.true if value else self.diagram.false


@dataclass(frozen=True, slots=True)
class _Support:
    """The facts that a truth depends on, in the order in which they are met."""

    facts: Mapping[Fact, None]

    def __and__(self, other: "_Support") -> "_Support":
        return _Support({**self.facts, **other.facts})

    __or__ = __and__


class _Supports(_Logic):
    """Which facts matter at all."""

    def fact(self, fact: Fact) -> _Support:
        return _Support({fact: None} if self.model.certain(fact) is None else {})

    def constant(self, value: bool) -> _Support:
        return _Support({})
