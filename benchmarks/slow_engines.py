"""The same chains by the means that one would reach for first: SimPy processes, and shortest paths by
networkx.
"""

import random
from collections.abc import Generator, Iterator
from math import inf
from typing import Any

import networkx as nx
import simpy

from prep.alerting.chain import CallList, Item, Network
from prep.terms import HourClass, ListMode


class World:
    """The hidden facts of one run, drawn from an ordinary generator."""

    def __init__(self, network: Network, hour: HourClass, chance: random.Random) -> None:
        self.hour, self.chance = hour, chance
        self.up: dict[str, bool] = {}
        for resource in network.resources:
            q = resource.failure_p
            if resource.parent is not None and not self.up[resource.parent]:
                q = resource.failure_p_if_parent_down or q
            self.up[resource.key] = chance.random() >= q
        on_duty = {one.key for one in network.actors if one.on_duty}
        heard = {
            one.key: chance.random() < ((one.actor in on_duty and one.heard_on_duty) or one.heard).at(hour)
            for one in network.handsets
        }
        self.right = {
            point.key: chance.random() >= point.stale_p and heard.get(point.handset, True)
            for point in network.points
        }
        self.available = {
            one.key: chance.random() < ((one.on_duty and one.available_on_duty) or one.available).at(hour)
            for one in network.actors
        }
        self.comes = {one.key: chance.random() >= one.refusal_p for one in network.actors}
        self.relays = {one.key: chance.random() < one.relay_p for one in network.actors}

    def through(self, item: Item) -> bool:
        return all(self.up[key] for key in item.resources)

    def answered(self, item: Item) -> bool:
        return (
            self.through(item)
            and self.available[item.target]
            and (item.point is None or self.right[item.point])
            and self.chance.random() < item.works.at(self.hour)
        )


class SimPyChain:
    """One run as SimPy processes: one for each list, one for each answer on its way."""

    def __init__(self, network: Network, hour: HourClass, chance: random.Random) -> None:
        self.world = World(network, hour, chance)
        self.env = simpy.Environment()
        self.reached = {actor.key: self.env.event() for actor in network.actors}
        self.time = {actor.key: inf for actor in network.actors}
        delays = {actor.key: actor.start_delay_s for actor in network.actors}
        for one in network.lists:
            self.env.process(self.begin(one, delays[one.caller]))
        for source in network.sources:
            self.reach(source)

    def run(self) -> dict[str, float]:
        self.env.run()
        return self.time

    def reach(self, key: str) -> None:
        if not self.reached[key].triggered:
            self.time[key] = self.env.now
            self.reached[key].succeed()

    def begin(self, one: CallList, delay_s: float) -> Generator[Any, Any, None]:
        yield self.reached[one.caller]
        if not self.world.relays[one.caller]:
            return
        yield self.env.timeout(delay_s)
        acknowledged = {item.slot: self.env.event() for item in one.items}
        if one.mode is ListMode.SERIAL:
            yield from self.work(one.items, acknowledged, serial=True)
        else:
            for slot in acknowledged:
                items = tuple(item for item in one.items if item.slot == slot)
                self.env.process(self.work(items, acknowledged, serial=False))

    def work(
        self, items: tuple[Item, ...], acknowledged: dict[str, simpy.Event], *, serial: bool
    ) -> Generator[Any, Any, None]:
        ready: dict[str, float] = {}
        for item in items:
            answer = acknowledged[item.slot]
            wait_s = ready.get(item.slot, 0.0) - self.env.now
            if wait_s > 0 and not answer.triggered:
                yield answer | self.env.timeout(wait_s)
            if answer.triggered:
                continue
            held_s, pause_s = self.attempt(item, answer)
            ready[item.slot] = self.env.now + pause_s
            if serial:
                yield self.env.timeout(held_s)

    def attempt(self, item: Item, answer: simpy.Event) -> tuple[float, float]:
        """Make an attempt; how long the line is held, and how long the slot waits."""
        world, delay_s = self.world, item.delay.quantile(self.world.chance.random())
        if not world.through(item):
            return (item.fail_s, item.fail_s) if item.synchronous else (item.send_s, item.gap_s)
        if not world.answered(item):
            return (item.ring_s if item.synchronous else item.send_s), item.gap_s
        held_s = delay_s + item.talk_s if item.synchronous else item.send_s
        if not world.comes[item.target]:
            return held_s, min(item.gap_s, delay_s)
        if item.two_way:
            self.env.process(self.arrive(item, delay_s, answer))
        return held_s, item.gap_s

    def arrive(self, item: Item, delay_s: float, answer: simpy.Event) -> Generator[Any, Any, None]:
        yield self.env.timeout(delay_s)
        self.reach(item.target)
        if not answer.triggered:
            answer.succeed()


def shortest_paths(network: Network, hour: HourClass, chance: random.Random) -> dict[str, float]:
    """One run as shortest paths: a simpler model, in which no caller waits and no deputy is spared."""
    world = World(network, hour, chance)
    delays = {actor.key: actor.start_delay_s for actor in network.actors}
    graph = nx.DiGraph()
    for one in network.lists:
        if not world.relays[one.caller]:
            continue
        for item, begins_s in zip(one.items, _starts(one), strict=True):
            if item.two_way and world.answered(item) and world.comes[item.target]:
                weight = delays[one.caller] + begins_s + item.delay.quantile(chance.random())
                known = graph.get_edge_data(one.caller, item.target, {"weight": inf})["weight"]
                graph.add_edge(one.caller, item.target, weight=min(weight, known))
    graph.add_nodes_from(network.sources)
    return dict(nx.multi_source_dijkstra_path_length(graph, set(network.sources)))


def _starts(one: CallList) -> Iterator[float]:
    clock_s: dict[str, float] = {}
    for item in one.items:
        line = "" if one.mode is ListMode.SERIAL else item.slot
        yield clock_s.get(line, 0.0)
        clock_s[line] = clock_s.get(line, 0.0) + item.gap_s
