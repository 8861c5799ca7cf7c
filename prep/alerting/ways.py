"""The facts of a network under a scenario, and the ways by which each actor may be reached: what is solved exactly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import networkx as nx

from prep.alerting.chain import Actor, Item, Network
from prep.alerting.diagrams import Fact
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import Scenario
from prep.terms import ActorKind, Channel, HourClass

# Facts that hold unless it is asked what happens without the part.
WORK = {"alive": "actor", "channel": "channel"}


@dataclass(frozen=True, slots=True)
class Way:
    """All attempts of one caller on one target that pass the same resources to the same number."""

    link: Fact
    caller: str
    target: str
    resources: tuple[str, ...]
    point: str | None
    two_way: bool
    channel: Channel


class Model:
    """The facts of a network under a scenario with their probabilities, and the ways to each actor."""

    def __init__(self, network: Network, scenario: Scenario) -> None:
        self.network = network
        self.hours = [hour for hour, _ in scenario.mix]
        self.p: dict[Fact, dict[HourClass, float]] = {}
        self.parent = {one.key: one.parent for one in network.resources}
        self.handset_of = {one.key: one.handset for one in network.points}
        by_key, by_kind = dict(scenario.failure_p), dict(scenario.kind_failure_p)
        for resource in network.resources:
            down = resource.key in scenario.down or resource.kind in scenario.down_kinds
            q = by_key.get(resource.key, by_kind.get(resource.kind, resource.failure_p))
            q = 1.0 if down else q
            q_fed = max(q, resource.failure_p_if_parent_down or 0.0)
            self._always("resource", resource.key, 1 - q)
            # Independent of the fact above, so that both together survive a failed parent with 1 − q_fed.
            self._always("fed", resource.key, (1 - q_fed) / (1 - q) if q < 1 else 0.0)
        for point in network.points:
            self._always("point", point.key, 1 - point.stale_p)
        self._find_duties(scenario)
        for handset in network.handsets:
            on_duty = handset.heard_on_duty is not None and handset.actor in self.on_duty
            heard = handset.heard_on_duty if on_duty and handset.heard_on_duty else handset.heard
            self.p["handset", handset.key] = {hour: heard.at(hour) for hour in self.hours}
        for actor in network.actors:
            self.p["available", actor.key] = {
                hour: self._available(actor, hour, scenario) for hour in self.hours
            }
            self._always("comes", actor.key, 1 - actor.refusal_p)
            self._always("relay", actor.key, actor.relay_p)
        self.ways: dict[str, list[Way]] = {actor.key: [] for actor in network.actors}
        self._find_ways()
        # Whoever starts the alarm waits for nobody.
        self._callers = {
            key: {way.caller for way in found if way.two_way and key not in network.sources}
            for key, found in self.ways.items()
        }
        self._before: dict[str, list[list[str]]] = {}
        self.unit_of = {key: unit for unit in _units(self._callers) for key in unit}

    def _find_duties(self, scenario: Scenario) -> None:
        """Who is on duty and whose turn it is: by the calendars at the moment, else whoever has the first turn."""
        at = scenario.at
        self.turn = {one.key: one.on_duty(at) if at is not None else one.usual for one in self.network.duties}
        in_calendars = {actor for one in self.network.duties for actor in one.actors}
        self.on_duty = {one.key for one in self.network.actors if one.on_duty} - in_calendars
        self.on_duty |= {actor for actor in self.turn.values() if actor is not None}

    def _available(self, actor: Actor, hour: HourClass, scenario: Scenario) -> float:
        if scenario.at is not None and any(span.covers(scenario.at) for span in actor.absences):
            return 0.0
        if actor.key in self.on_duty:
            return (actor.available_on_duty or actor.available).at(hour)
        away = scenario.away_p if actor.kind is ActorKind.PERSON else 0.0
        return actor.available.at(hour) * (1 - away)

    def _always(self, kind: str, key: str, p: float) -> None:
        self.p[kind, key] = dict.fromkeys(self.hours, p)

    def _find_ways(self) -> None:
        silent: dict[Way, dict[HourClass, float]] = {}
        for caller, item in self.network.calls:
            resources = tuple(sorted(set(item.resources)))
            parts = (caller, item.target, item.point or "", str(item.two_way), item.channel.value)
            name = "\x1f".join((*parts, *resources))
            way = Way(("link", name), caller, item.target, resources, item.point, item.two_way, item.channel)
            unanswered = silent.setdefault(way, dict.fromkeys(self.hours, 1.0))
            for hour in self.hours:
                unanswered[hour] *= 1 - self._works(item, hour)
        for way, unanswered in silent.items():
            self.p[way.link] = {hour: 1 - share for hour, share in unanswered.items()}
            self.ways[way.target].append(way)

    def _works(self, item: Item, hour: HourClass) -> float:
        if (item.hours and hour not in item.hours) or (
            item.duty is not None and self.turn.get(item.duty) != item.target
        ):
            return 0.0
        on_duty = item.works_on_duty if item.target in self.on_duty else None
        return (on_duty or item.works).at(hour)

    def units_before(self, key: str) -> list[list[str]]:
        """The actor with those whom it can reach and be reached by, and all units through which it is reached,
        callers first.
        """
        if key not in self._before:
            found: list[list[str]] = []
            done: set[str] = set()
            waiting = [(self.unit_of[key], False)]
            while waiting:
                unit, opened = waiting.pop()
                if opened:
                    found.append(unit)
                elif unit[0] not in done:
                    done.add(unit[0])
                    waiting.append((unit, True))
                    callers = {caller for one in unit for caller in self._callers[one]}
                    waiting += [(self.unit_of[caller], False) for caller in sorted(callers.difference(unit))]
            self._before[key] = found
        return self._before[key]

    def possible(self, fact: Fact) -> bool:
        return any(p > 0 for p in self.p[fact].values())

    def certain(self, fact: Fact) -> bool | None:
        """True or False if the fact is so at every hour of the scenario, None if it depends on chance."""
        if fact[0] in WORK:
            return True
        chances = set(self.p[fact].values())
        return chances == {1.0} if chances in ({0.0}, {1.0}) else None

    def parts(self) -> Iterator[Part]:
        for actor in self.network.actors:
            yield Part(PartKind.ACTOR, actor.key)
        for resource in self.network.resources:
            yield Part(PartKind.RESOURCE, resource.key)
        for point in self.network.points:
            yield Part(PartKind.POINT, point.key)
        for handset in self.network.handsets:
            yield Part(PartKind.HANDSET, handset.key)
        for channel in sorted({way.channel for ways in self.ways.values() for way in ways}):
            yield Part(PartKind.CHANNEL, channel.value)


def _units(callers: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The actors, those together who can reach each other."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(callers)
    graph.add_edges_from((caller, key) for key, found in callers.items() for caller in found)
    return map(sorted, nx.strongly_connected_components(graph))
