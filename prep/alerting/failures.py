"""How a group fails: which single part, had it not failed, would have saved the failing runs.

For each examined failing run and each part, the run is played again with the same draws and only that part
made perfect: an actor always available, willing, answering and relaying, with right numbers; a resource up; a
vacant seat filled. The share of failing runs that the part alone saves is its weight, and the part with the
greatest weight is the weakest link. This is the potential of an improvement, not a correlation: nothing else
differs between the two runs, so hours and shared causes cannot confound it.
"""

from collections.abc import Iterable

import numpy as np

from prep.alerting.batches import Runs, draw_runs, walk_runs
from prep.alerting.chain import Group, Network, members
from prep.alerting.chance import threshold
from prep.alerting.compiled import Chances, Compiled, Flags, Ints, chances, compile_network
from prep.alerting.result import Failures, Part, PartKind, Reason, Saving, Share
from prep.alerting.scenarios import Scenario
from prep.alerting.standing import resource_chances
from prep.alerting.subnetwork import relevant_actors, subnetwork

EXAMINED = 1000  # failing runs; the weights are then known to within three percentage points
SURE, NEVER = np.uint64(threshold(1.0)), np.uint64(0)


def examine(
    network: Network,
    scenario: Scenario,
    group: str,
    *,
    seed: int,
    deadline_s: float,
    failing: Ints,
    seats_missing: tuple[tuple[str, int], ...],
    explain: bool = True,
) -> Failures:
    """Explain the failing runs of a group (their numbers); the first thousand of them are examined."""
    numbers = np.sort(failing)[:EXAMINED] if explain else failing[:0]
    if len(numbers) == 0:
        return Failures(len(failing), 0, seats_missing, (), (), 0)
    replay = Replay(network, scenario, group, seed=seed, deadline_s=deadline_s, numbers=numbers)
    weights = [(part, saved) for part, saved in replay.parts() if saved.any()]
    weights.sort(key=lambda one: (-int(one[1].sum()), one[0].kind, one[0].key))
    savings = tuple(
        Saving(
            part, Share(int(saved.sum()), len(numbers)), replay.reason(part) if rank < 3 else Reason.SEVERAL
        )
        for rank, (part, saved) in enumerate(weights)
    )
    unexplained = np.ones(len(numbers), np.bool_)
    causes: list[tuple[Part, int]] = []
    for part, saved in weights:
        causes.append((part, int((saved & unexplained).sum())))
        unexplained &= ~saved
    return Failures(
        failing=len(failing),
        examined=len(numbers),
        seats_missing=seats_missing,
        savings=savings,
        main_cause=tuple((part, count) for part, count in causes if count),
        several=int(unexplained.sum()),
    )


class Replay:
    """Runs of one group, ready to be played again with the same draws and something made perfect, or taken out."""

    def __init__(
        self,
        network: Network,
        scenario: Scenario,
        group: str,
        *,
        seed: int,
        deadline_s: float,
        numbers: Ints,
    ) -> None:
        self.scenario = scenario
        self.compiled: Compiled = compile_network(subnetwork(network, [group]))
        self.group: Group = self.compiled.network.groups[0]
        self.chances: Chances = chances(self.compiled, scenario)
        self.runs: Runs = draw_runs(scenario, seed=seed, numbers=numbers)
        self.deadline_s = np.array([deadline_s])

    def parts(self) -> Iterable[tuple[Part, Flags]]:
        """Every part that could be made perfect, and which runs it saves."""
        network = self.compiled.network
        relevant = relevant_actors(network, members(self.group))
        for actor in network.actors:
            if actor.key in relevant:
                yield Part(PartKind.ACTOR, actor.key), self.saved(*self.actor(actor.key))
        for resource in network.resources:
            up, up_if_parent_down = resource_chances(resource, self.scenario)
            # What the scenario holds down is the question, not the answer.
            if 0 < up < 1 or (0 < up_if_parent_down < 1):
                states = [self.compiled.state_at["resource", resource.key]]
                yield Part(PartKind.RESOURCE, resource.key), self.saved(states, [])
        yield from self._vacant_seats()

    def saved(self, states: list[int], items: list[int], *, threshold: np.uint64 = SURE) -> Flags:
        """Which runs reach the group in time if these states are up and these attempts work; or never (``NEVER``)."""
        changed = self.chances.copy()
        changed.state[:, states] = changed.state_if_parent_down[:, states] = threshold
        changed.item[:, items] = threshold
        times = walk_runs(self.compiled, changed, self.runs, deadlines_s=self.deadline_s, threads=1)
        return np.asarray(times.group_s[0] <= self.deadline_s[0], np.bool_)

    def reason(self, part: Part) -> Reason:
        """Which of an actor's weaknesses saves most on its own; ``SEVERAL`` if none saves half as much as
        all.
        """
        if part.kind is PartKind.RESOURCE:
            return Reason.DOWN
        if part.kind is PartKind.SEAT:
            return Reason.VACANT
        states, items = self.actor(part.key)
        points = [state for state in states if state in self._points(items)]
        single = {
            Reason.UNANSWERED: ([], items),
            Reason.UNAVAILABLE: (self._state("available", part.key), []),
            Reason.STALE: (points, []),
            Reason.NO_RELAY: (self._state("relay", part.key), []),
            Reason.REFUSED: (self._state("comes", part.key), []),
        }
        saved = {reason: int(self.saved(*change).sum()) for reason, change in single.items()}
        best = max(saved, key=lambda reason: saved[reason])
        return best if 2 * saved[best] >= int(self.saved(states, items).sum()) else Reason.SEVERAL

    def actor(self, key: str) -> tuple[list[int], list[int]]:
        """The uncertain states of an actor, numbers and telephones among them, and the attempts on it."""
        items = [
            number
            for number, (_, item) in enumerate(self.compiled.items)
            if item.target == key and item.alerts
        ]
        own = [state for fact in ("available", "comes", "relay") for state in self._state(fact, key)]
        return own + sorted(self._points(items)), items

    def _state(self, fact: str, key: str) -> list[int]:
        """The state of a fact about an actor, if there is any doubt about it."""
        at = self.compiled.state_at.get((fact, key))
        return [] if at is None else [at]

    def _points(self, items: list[int]) -> set[int]:
        keys = {self.compiled.items[number][1].point for number in items}
        used = [one for one in self.compiled.network.points if one.key in keys]
        facts = [("point", one.key) for one in used]
        facts += [("handset", one.handset) for one in used if one.handset is not None]
        return {self.compiled.state_at[fact] for fact in facts}

    def _vacant_seats(self) -> Iterable[tuple[Part, Flags]]:
        vacant = [number for number, seat in enumerate(self.group.seats) if not seat.holders]
        if not vacant:
            return
        times = walk_runs(
            self.compiled, self.chances, self.runs, deadlines_s=self.deadline_s, threads=1, seats=True
        )
        in_time = times.seat_s <= self.deadline_s[0]
        for number in vacant:
            filled = in_time.copy()
            filled[number] = True
            yield Part(PartKind.SEAT, self.group.seats[number].key), self._complete(filled)

    def _complete(self, in_time: Flags) -> Flags:
        """Which runs have quorum and required seats, given which seats are in time, shape (seats, runs)."""
        number = {seat.key: n for n, seat in enumerate(self.group.seats)}
        enough = in_time.sum(axis=0) >= self.group.quorum
        for key in self.group.required:
            enough &= in_time[number[key]]
        for chosen in self.group.one_of:
            enough &= in_time[[number[key] for key in sorted(chosen)]].any(axis=0)
        return np.asarray(enough, np.bool_)
