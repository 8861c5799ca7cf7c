"""The same chains in plain NumPy: every attempt a few array operations over all runs at once."""

import numpy as np
from numpy.typing import NDArray

from prep.alerting.chain import CallList, Network
from prep.alerting.order import in_units
from prep.terms import HourClass, ListMode

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class NumPyChain:
    """All runs of a network at one hour; chains with conditions or follow-ups are not for it."""

    def __init__(self, network: Network, hour: HourClass, runs: int, seed: int = 1) -> None:
        self.network, self.hour, self.runs = network, hour, runs
        self.chance = np.random.default_rng(seed)
        self.up: dict[str, Flags] = {}
        for one in network.resources:
            q = np.full(runs, one.failure_p)
            if one.parent is not None:
                q = np.where(self.up[one.parent], q, one.failure_p_if_parent_down)
            self.up[one.key] = self.chance.random(runs) >= q
        heard = {one.key: self.draw(one.heard.at(hour)) for one in network.handsets}
        self.right = {
            point.key: self.draw(1 - point.stale_p) & heard.get(point.handset or "", np.ones(runs, np.bool_))
            for point in network.points
        }
        self.available = {one.key: self.draw(one.available.at(hour)) for one in network.actors}
        self.relays = {one.key: self.draw(one.relay_p) for one in network.actors}
        self.times = {one.key: np.full(runs, np.inf) for one in network.actors}

    def draw(self, p: float) -> Flags:
        return self.chance.random(self.runs) < p

    def run(self) -> dict[str, Floats]:
        for source in self.network.sources:
            self.times[source][:] = 0.0
        delays = {actor.key: actor.start_delay_s for actor in self.network.actors}
        for unit in in_units(self.network):
            for one in unit:
                start = np.where(self.relays[one.caller], self.times[one.caller] + delays[one.caller], np.inf)
                self.work(one, start)
        return self.times

    def work(self, one: CallList, start: Floats) -> None:
        serial = one.mode is ListMode.SERIAL
        clock = np.zeros(self.runs)
        known = {item.slot: np.full(self.runs, np.inf) for item in one.items}
        ready = {item.slot: np.zeros(self.runs) for item in one.items}
        for item in one.items:
            begin = np.maximum(clock, ready[item.slot])
            waited = known[item.slot] <= begin
            through = np.ones(self.runs, np.bool_)
            for key in item.resources:
                through &= self.up[key]
            answered = through & self.available[item.target] & self.draw(item.works.at(self.hour))
            if item.point is not None:
                answered &= self.right[item.point]
            delay = np.exp(self.chance.standard_normal(self.runs) * item.delay.sigma) * item.delay.median_s
            arrives = np.where(answered & ~waited, begin + delay, np.inf)
            if item.two_way:
                np.minimum(self.times[item.target], start + arrives, out=self.times[item.target])
            if item.synchronous:
                held = np.where(answered, begin + delay + item.talk_s, begin + item.ring_s)
                held = np.where(through, held, begin + item.fail_s)
                pause = np.where(through, item.gap_s, item.fail_s)
            else:
                held, pause = begin + item.send_s, np.full(self.runs, item.gap_s)
            if serial:
                clock = np.where(waited, np.maximum(clock, known[item.slot]), held)
            ready[item.slot] = np.where(waited, ready[item.slot], begin + pause)
            if item.two_way:
                known[item.slot] = np.minimum(known[item.slot], arrives)
