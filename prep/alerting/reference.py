"""What an alert chain means, in plain Python: the specification of the simulator, and the story of one run.

A priority queue over actors, smallest time first: whoever was reached earliest is finished first, because
nobody reached later can reach anyone earlier. The kernel gives the same times, bit by bit, some hundred
times as fast.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from prep.alerting.chain import CallList, Group, Item, Network
from prep.alerting.chance import draw, entity_key, run_key, threshold, unit
from prep.alerting.compiled import attempt_keys, available, resource_chances
from prep.alerting.scenarios import Scenario
from prep.terms import Channel, HourClass, ListMode


class Outcome(StrEnum):
    """What became of one attempt."""

    REACHED = "reached"
    REFUSED = "refused"  # answered "I cannot come"
    DELIVERED = "delivered"  # noticed, on a channel that answers nothing
    SILENT = "silent"
    BLOCKED = "blocked"  # a resource on the way is down
    NOT_NEEDED = "not_needed"  # the slot had answered this caller before


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the story: who tried whom, when, how, and when the answer came (None if none did)."""

    at_s: float
    caller: str
    target: str
    slot: str
    channel: Channel
    outcome: Outcome
    answered_s: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: when each actor was reached or noticed a delivery (inf: never), what was down, and the
    story.
    """

    hour: HourClass
    reached: dict[str, float]
    noticed: dict[str, float]
    down: tuple[str, ...]
    unavailable: tuple[str, ...]
    story: tuple[Event, ...]


def simulate_run(network: Network, scenario: Scenario, *, seed: int, run: int) -> Run:
    """Run ``run`` of ``seed``, the same as in any simulation of that seed, told step by step.

    Cost: about half a millisecond for a county of 124 actors.
    """
    key = run_key(seed, run)
    hour = hour_of(key, scenario)
    up = _draw_world(network, scenario, key, hour)
    lists = {one.caller: one for one in network.lists}
    reached = {actor.key: inf for actor in network.actors}
    noticed = dict(reached)
    reached.update(dict.fromkeys(network.sources, 0.0))
    queue = [(0.0, source) for source in dict.fromkeys(network.sources)]
    story: list[Event] = []
    finished: set[str] = set()
    while queue:
        time, caller = heapq.heappop(queue)
        if caller in finished:
            continue
        finished.add(caller)
        if caller not in lists or not up["relay", caller]:
            continue
        start = time + network.actor(caller).start_delay_s
        for event in _run_list(lists[caller], start, key, hour, up):
            story.append(event)
            if event.answered_s is None or event.outcome is Outcome.REFUSED:
                continue
            times = noticed if event.outcome is Outcome.DELIVERED else reached
            if event.answered_s < times[event.target]:
                times[event.target] = event.answered_s
                if times is reached:
                    heapq.heappush(queue, (event.answered_s, event.target))
    return Run(
        hour=hour,
        reached=reached,
        noticed=noticed,
        down=tuple(one.key for one in network.resources if not up["resource", one.key]),
        unavailable=tuple(one.key for one in network.actors if not up["available", one.key]),
        story=tuple(sorted(story, key=lambda event: event.at_s)),
    )


def _run_list(
    one: CallList, start: float, run: int, hour: HourClass, up: dict[tuple[str, str], bool]
) -> Iterator[Event]:
    """Go through a caller's list from ``start``; each rule of the model is one line here."""
    clock = start
    acknowledged: dict[str, float] = {}
    ready: dict[str, float] = {}
    serial = one.mode is ListMode.SERIAL
    for item, key in zip(one.items, attempt_keys(one.caller, one.items), strict=True):
        # An attempt waits for the line and for the gap after the slot's attempt before.
        begin = max(clock, ready.get(item.slot, start))
        known = acknowledged.get(item.slot, inf)
        if known <= begin:
            # A serial caller waited until the answer; otherwise it would know the future.
            clock = max(clock, known) if serial else clock
            yield _event(one, item, begin, Outcome.NOT_NEEDED)
            continue
        whether, when = draw(run, key)
        delay = item.delay.quantile(unit(when))
        through = all(up["resource", resource] for resource in item.resources)
        right = item.point is None or up["point", item.point]
        works = whether < threshold(item.works.at(hour))
        answered = through and right and works and up["available", item.target]
        accepted = answered and up["comes", item.target]
        moment = begin + delay
        if accepted and item.two_way:
            acknowledged[item.slot] = min(known, moment)
        # The line is held until the answer and the talk, until ringing ends, or until the message is sent.
        held = begin + item.send_s
        if item.synchronous:
            held = moment + item.talk_s if answered else begin + item.ring_s
            held = held if through else begin + item.fail_s
        # A refusal frees the slot at once, a call that cannot get through too; silence only after the gap.
        pause = item.gap_s
        if not through and item.synchronous:
            pause = item.fail_s
        elif answered and not accepted and item.two_way:
            pause = min(item.gap_s, delay)
        clock = held if serial else clock
        ready[item.slot] = begin + pause
        yield _event(one, item, begin, _outcome(item, through, answered, accepted), moment)


def _outcome(item: Item, through: bool, answered: bool, accepted: bool) -> Outcome:
    if not through:
        return Outcome.BLOCKED
    if not answered or not (accepted or item.two_way):
        return Outcome.SILENT
    if not accepted:
        return Outcome.REFUSED
    return Outcome.REACHED if item.two_way else Outcome.DELIVERED


def _event(one: CallList, item: Item, begin: float, outcome: Outcome, moment: float | None = None) -> Event:
    answers = outcome in (Outcome.REACHED, Outcome.REFUSED, Outcome.DELIVERED)
    return Event(
        begin, one.caller, item.target, item.slot, item.channel, outcome, moment if answers else None
    )


def hour_of(run: int, scenario: Scenario) -> HourClass:
    """The hour class of a run: fixed, or drawn from the scenario's mix."""
    whether, _ = draw(run, entity_key("hour"))
    total = 0.0
    for hour, weight in scenario.mix:
        total += weight
        if whether < threshold(total):
            return hour
    return scenario.mix[-1][0]


def _draw_world(
    network: Network, scenario: Scenario, run: int, hour: HourClass
) -> dict[tuple[str, str], bool]:
    """The hidden facts of one run, by (fact, key)."""
    up: dict[tuple[str, str], bool] = {}

    def settle(fact: str, key: str, share: float) -> bool:
        up[fact, key] = draw(run, entity_key(fact, key))[0] < threshold(share)
        return up[fact, key]

    waiting = list(network.resources)
    while waiting:  # parents before those they feed
        resource = waiting.pop(0)
        if resource.parent is not None and ("resource", resource.parent) not in up:
            waiting.append(resource)
            continue
        well, fed_by_none = resource_chances(resource, scenario)
        parent_up = resource.parent is None or up["resource", resource.parent]
        settle("resource", resource.key, well if parent_up else fed_by_none)
    for point in network.points:
        settle("point", point.key, 1 - point.stale_p)
    for actor in network.actors:
        settle("available", actor.key, available(actor, hour, scenario))
        settle("comes", actor.key, 1 - actor.refusal_p)
        settle("relay", actor.key, actor.relay_p)
    return up


def group_time(group: Group, run: Run) -> float:
    """When the group had its quorum and its required seats; inf if never."""

    def seat_time(holders: tuple[str, ...]) -> float:
        times = [run.reached[holder] for holder in holders]
        if group.counts_deliveries:
            times += [run.noticed[holder] for holder in holders]
        return min(times, default=inf)

    times = {seat.key: seat_time(seat.holders) for seat in group.seats}
    needed = [sorted(times.values())[group.quorum - 1]]
    needed += [times[key] for key in group.required]
    needed += [min(times[key] for key in chosen) for chosen in group.one_of]
    return max(needed)
