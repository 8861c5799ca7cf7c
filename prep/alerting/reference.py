"""What an alert chain means, in plain Python: the specification of the simulator, and the story of one run.

A priority queue over actors, smallest time first: whoever was reached earliest is finished first, because
nobody reached later can reach anyone earlier. The kernel gives the same times, bit by bit, some hundred
times as fast.
"""

import heapq
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import inf

from prep.alerting.chain import CallList, Group, Item, Network
from prep.alerting.chance import draw, entity_key, run_key, threshold, unit
from prep.alerting.order import attempt_keys
from prep.alerting.scenarios import Scenario
from prep.alerting.standing import Standing, resource_chances, stretches_of
from prep.terms import Channel, HourClass, If, ListMode


class Outcome(StrEnum):
    """What became of one attempt."""

    REACHED = "reached"
    REFUSED = "refused"  # answered "I cannot come"
    DELIVERED = "delivered"  # noticed, on a channel that answers nothing
    SILENT = "silent"
    BLOCKED = "blocked"  # a resource on the way is down
    CUT_OFF = "cut_off"  # it would have been answered, and a resource on the way was down then
    NOT_NEEDED = "not_needed"  # the slot had answered this caller before
    CONDITION = "condition"  # its condition did not hold
    REPORTED = "reported"  # a call-back was taken
    NOBODY = "nobody"  # a wait for a step behind which nobody stands


# Which resources work, from a moment on.
_Resources = list[tuple[float, dict[str, bool]]]
_ANSWERS = frozenset({Outcome.REACHED, Outcome.REFUSED, Outcome.DELIVERED, Outcome.REPORTED})


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
class Turn:
    """A moment at which resources go out of order or work again."""

    at_s: float
    down: tuple[str, ...]
    up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: when each actor was reached or noticed a delivery (inf: never), what was down at the alarm, what
    changed later, and the story.
    """

    hour: HourClass
    reached: dict[str, float]
    noticed: dict[str, float]
    down: tuple[str, ...]
    turns: tuple[Turn, ...]
    unavailable: tuple[str, ...]
    unheard: tuple[str, ...]
    story: tuple[Event, ...]


def simulate_run(network: Network, scenario: Scenario, *, seed: int, run: int) -> Run:
    """Run ``run`` of ``seed``, the same as in any simulation of that seed, told step by step.

    Cost: about half a millisecond for a county of 124 actors.
    """
    key = run_key(seed, run)
    hour = hour_of(key, scenario)
    standing = Standing.of(network, scenario)
    up = _draw_world(network, standing, key, hour)
    works = _draw_resources(network, standing, key)
    lists = {(one.caller, one.follows_up): one for one in network.lists}
    reached = {actor.key: inf for actor in network.actors}
    noticed, called_back = dict(reached), dict(reached)
    reached.update(dict.fromkeys(network.sources, 0.0))
    # At the same time a first list goes before a follow-up, which may be called back.
    queue = [(0.0, False, source) for source in dict.fromkeys(network.sources)]
    heapq.heapify(queue)
    story: list[Event] = []
    finished: set[tuple[str, bool]] = set()
    while queue:
        time, follows, caller = heapq.heappop(queue)
        if (caller, follows) in finished or not up["relay", caller]:
            continue
        finished.add((caller, follows))
        start = time if follows else time + network.actor(caller).start_delay_s
        one = lists.get((caller, follows), CallList(caller, ListMode.PARALLEL, ()))
        if follows and called_back[caller] <= start:
            continue
        events, end = _run_list(one, start, key, hour, up, works, standing)
        if (caller, True) in lists and not follows:
            after = end if one.mode is ListMode.SERIAL else 0.0
            begins = start + max(after, lists[caller, True].follow_up_s or 0.0)
            heapq.heappush(queue, (begins, True, caller))
        for event in events:
            story.append(event)
            if event.answered_s is None or event.outcome is Outcome.REFUSED:
                continue
            times = noticed if event.outcome is Outcome.DELIVERED else reached
            if event.outcome is Outcome.REPORTED:
                times = called_back
            if event.answered_s < times[event.target]:
                times[event.target] = event.answered_s
                if times is reached:
                    heapq.heappush(queue, (event.answered_s, False, event.target))
    return Run(
        hour=hour,
        reached=reached,
        noticed=noticed,
        down=_turn(network, None, works[0]).down,
        turns=tuple(
            turn
            for before, after in pairwise(works)
            if (turn := _turn(network, before, after)).down or turn.up
        ),
        unavailable=tuple(one.key for one in network.actors if not up["available", one.key]),
        unheard=tuple(one.key for one in network.handsets if not up["handset", one.key]),
        story=tuple(sorted(story, key=lambda event: event.at_s)),
    )


def _run_list(
    one: CallList,
    start: float,
    run: int,
    hour: HourClass,
    up: dict[tuple[str, str], bool],
    works: _Resources,
    standing: Standing,
) -> tuple[list[Event], float]:
    """Go through a caller's list; each rule of the model is one line here.

    Times are since the start of the list; the events, and what is down when, stand in the time of the alarm. Where
    nothing changes in time, nothing in a list depends on when it starts. Also returned: when the line is free for
    good.
    """
    clock = 0.0
    acknowledged: dict[str, float] = {}
    ready: dict[str, float] = {}
    events: list[Event] = []
    serial = one.mode is ListMode.SERIAL
    for item, key in zip(one.items, attempt_keys(one), strict=True):
        if not standing.is_made(one, item, hour):
            continue
        # An attempt waits for the line and for the gap after the slot's attempt before.
        begin = max(clock, ready.get(item.slot, 0.0))
        holds = True
        if item.condition is not None:
            # A conditional one waits until the other slot has answered, or until its wait is over.
            answer = acknowledged.get(item.condition.slot, inf)
            begin = max(begin, min(answer, ready.get(item.condition.slot, 0.0)))
            holds = (answer <= begin) == (item.condition.kind is If.ANSWERED)
        known = acknowledged.get(item.slot, inf)
        if known <= begin or not holds:
            # A serial caller waited until then; otherwise it would know the future.
            moved = max(clock, known) if known <= begin else begin
            clock = moved if serial else clock
            outcome = Outcome.NOT_NEEDED if known <= begin else Outcome.CONDITION
            events.append(_event(one, item, start + begin, outcome))
            continue
        whether, when = draw(run, key)
        delay = item.delay.quantile(unit(when))
        moment = begin + delay
        through = _is_open(works, item, start + begin)
        right = item.point is None or (up["point", item.point] and up["heard", item.point])
        succeeds = whether < threshold(standing.works(item, hour))
        answering = through and right and succeeds and up["available", item.target]
        # Whoever would answer is not heard if the connection does not last until then.
        answered = answering and _holds(works, item, start + begin, start + moment)
        accepted = answered and up["comes", item.target]
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
        outcome = _outcome(item, through, answered, accepted)
        if answering and not answered and not item.pause:
            outcome = Outcome.CUT_OFF
        events.append(_event(one, item, start + begin, outcome, start + moment))
    return events, clock


def _outcome(item: Item, through: bool, answered: bool, accepted: bool) -> Outcome:
    if item.pause:
        return Outcome.NOBODY
    if not through:
        return Outcome.BLOCKED
    if not answered or not (accepted or item.two_way):
        return Outcome.SILENT
    if not accepted:
        return Outcome.REFUSED
    if item.calls_back:
        return Outcome.REPORTED if item.two_way else Outcome.SILENT
    return Outcome.REACHED if item.two_way else Outcome.DELIVERED


def _event(one: CallList, item: Item, begin: float, outcome: Outcome, moment: float | None = None) -> Event:
    return Event(
        begin,
        one.caller,
        item.target,
        item.slot,
        item.channel,
        outcome,
        moment if outcome in _ANSWERS else None,
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
    network: Network, standing: Standing, run: int, hour: HourClass
) -> dict[tuple[str, str], bool]:
    """The hidden facts of one run about people, numbers and telephones, by (fact, key)."""
    up: dict[tuple[str, str], bool] = {}

    def settle(fact: str, key: str, share: float) -> bool:
        up[fact, key] = draw(run, entity_key(fact, key))[0] < threshold(share)
        return up[fact, key]

    for handset in network.handsets:
        settle("handset", handset.key, standing.heard(handset, hour))
    for point in network.points:
        settle("point", point.key, 1 - point.stale_p)
        up["heard", point.key] = point.handset is None or up["handset", point.handset]
    for actor in network.actors:
        settle("available", actor.key, standing.available(actor, hour))
        settle("comes", actor.key, 1 - actor.refusal_p)
        settle("relay", actor.key, actor.relay_p)
    return up


def _draw_resources(network: Network, standing: Standing, run: int) -> _Resources:
    """Which resources work in each stretch of time, by its beginning.

    What is drawn for a resource is drawn once. It fails with its own probability while its parent works, and with
    that for a failed parent while it does not, by the same draw; in a window it is down.
    """
    found = []
    for stretch in stretches_of(network.resources, standing.scenario):
        up: dict[str, bool] = {}
        waiting = list(network.resources)
        while waiting:  # parents before those they feed
            resource = waiting.pop(0)
            if resource.parent is not None and resource.parent not in up:
                waiting.append(resource)
                continue
            well, fed_by_none = resource_chances(resource, standing.scenario)
            share = well if resource.parent is None or up[resource.parent] else fed_by_none
            drawn = draw(run, entity_key("resource", resource.key))[0] < threshold(share)
            up[resource.key] = drawn and resource.key not in stretch.down
        found.append((stretch.starts_s, up))
    return found


def _is_open(works: _Resources, item: Item, at_s: float) -> bool:
    """Whether everything on the way of an attempt works at a moment; where it changes then, what begins counts."""
    up = [up for starts_s, up in works if starts_s <= at_s][-1]
    return all(up[resource] for resource in item.resources)


def _holds(works: _Resources, item: Item, begin_s: float, moment_s: float) -> bool:
    """Whether an answer can come back: on a call the way is open all along, to a message it is open then.

    Nothing comes back on a channel without answers, and so nothing is needed.
    """
    if item.synchronous:
        later = [starts_s for starts_s, _ in works if begin_s < starts_s <= moment_s]
        return all(_is_open(works, item, starts_s) for starts_s in later)
    return not item.two_way or _is_open(works, item, moment_s)


def _turn(
    network: Network, before: tuple[float, dict[str, bool]] | None, after: tuple[float, dict[str, bool]]
) -> Turn:
    starts_s, up = after
    was = dict.fromkeys(up, True) if before is None else before[1]
    keys = [one.key for one in network.resources]
    return Turn(
        starts_s,
        down=tuple(key for key in keys if was[key] and not up[key]),
        up=tuple(key for key in keys if up[key] and not was[key]),
    )


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
