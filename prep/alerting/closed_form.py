"""How surely a simple chain reaches its group by a time, worked out on paper: no chance, and nothing of the simulator.

A chain is simple here if one source, which is certain to begin, tries the members itself, and either everybody in
parallel, or on one line where every delay is fixed. Common causes (networks, their power) are mixed outside: every
combination of them is gone through. Within one, seats in parallel are independent of each other, and a quorum is a
Poisson-binomial sum; a serial line is followed through every outcome of every attempt.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, product
from math import inf, prod

from prep.alerting.chain import CallList, Group, Item, Network
from prep.alerting.scenarios import Scenario
from prep.alerting.standing import windows_of
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import HourClass, ListMode

MOST_CAUSES = 12
MOST_STATES = 20_000

_World = Mapping[str, bool]
# When the line is free; when each slot may be tried again; who answered when; who turned out to be available.
_Course = tuple[
    float, frozenset[tuple[str, float]], frozenset[tuple[str, float]], frozenset[tuple[str, bool]]
]


def reached_by(network: Network, scenario: Scenario, group: str, *, time_s: float) -> float:
    """P(the group has its quorum by ``time_s``), exactly.

    Raises
    ------
    Refused
        If the chain is not simple enough; the reason is named.
    """
    wanted = network.group(group)
    one = _the_list(network, scenario, wanted)
    begins_s = network.actor(one.caller).start_delay_s
    used = {key for item in one.items for key in item.resources}
    found = 0.0
    for hour, weight in scenario.mix:
        for world, p in _worlds(network, scenario, used):
            if one.mode is ListMode.PARALLEL:
                share = _parallel(network, scenario, one, wanted, hour, world, time_s - begins_s)
            else:
                share = _serial(network, scenario, one, wanted, hour, world, time_s - begins_s)
            found += weight * p * share
    return found


def _parallel(
    network: Network,
    scenario: Scenario,
    one: CallList,
    group: Group,
    hour: HourClass,
    world: _World,
    within_s: float,
) -> float:
    """Seats are independent once the common causes are known: their shares, then the quorum."""
    begins: dict[str, list[tuple[Item, float]]] = {}
    ready: dict[str, float] = {}
    for item in one.items:
        begin = ready.get(item.slot, 0.0)
        through = all(world[key] for key in item.resources)
        ready[item.slot] = begin + (item.gap_s if through or not item.synchronous else item.fail_s)
        if through and item.two_way:
            begins.setdefault(item.target, []).append((item, begin))
    by_seat = []
    for seat in group.seats:
        late = 1.0
        for holder in seat.holders:
            available = _available(network, scenario, holder, hour)
            silent = 1 - available * (1 - _silent(network, begins.get(holder, []), hour, within_s))
            late *= silent
        by_seat.append(1 - late)
    return _quorum(group, by_seat)


def _silent(
    network: Network, attempts: Sequence[tuple[Item, float]], hour: HourClass, within_s: float
) -> float:
    """P(no attempt on an available target is answered in time), numbers and telephones mixed in."""
    stale = {point.key: (point.stale_p, point.handset) for point in network.points}
    heard = {handset.key: handset.heard.at(hour) for handset in network.handsets}
    points = sorted({item.point for item, _ in attempts if item.point is not None})
    phones = sorted({phone for point in points if (phone := stale[point][1]) is not None})
    total = 0.0
    for states in product((True, False), repeat=len(points) + len(phones)):
        right = dict(zip((*points, *phones), states, strict=True))
        p = prod((1 - stale[one][0]) if right[one] else stale[one][0] for one in points)
        p *= prod(heard[one] if right[one] else 1 - heard[one] for one in phones)
        if p == 0:
            continue
        missed = 1.0
        for item, begin in attempts:
            phone = stale[item.point][1] if item.point is not None else None
            well = (item.point is None or right[item.point]) and (phone is None or right[phone])
            if well:
                missed *= 1 - item.works.at(hour) * item.delay.share_within(within_s - begin)
        total += p * missed
    return total


def _serial(
    network: Network,
    scenario: Scenario,
    one: CallList,
    group: Group,
    hour: HourClass,
    world: _World,
    within_s: float,
) -> float:
    """Follow the line through every outcome: what it depends on is when it is free, and who has answered."""
    states: dict[_Course, float] = {(0.0, frozenset(), frozenset(), frozenset()): 1.0}
    for item in one.items:
        after: dict[_Course, float] = {}
        for (clock, ready, reached, known), p in states.items():
            free, answers, there = dict(ready), dict(reached), dict(known)
            begin = max(clock, free.get(item.slot, 0.0))
            own = answers.get(f"slot {item.slot}", inf)
            if own <= begin:
                key = (max(clock, own), ready, reached, known)
                after[key] = after.get(key, 0.0) + p
                continue
            through = all(world[one_] for one_ in item.resources)
            hidden = (
                [(there[item.target], 1.0)]
                if item.target in there
                else [
                    (True, _available(network, scenario, item.target, hour)),
                    (False, 1 - _available(network, scenario, item.target, hour)),
                ]
            )
            for here, share in hidden:
                works = item.works.at(hour) if here and through else 0.0
                for answered, chance in ((True, works), (False, 1 - works)):
                    if share * chance == 0:
                        continue
                    key = _step(item, begin, through, answered, free, answers, {**there, item.target: here})
                    after[key] = after.get(key, 0.0) + p * share * chance
        states = after
        if len(states) > MOST_STATES:
            raise _not_simple(say("Its line has too many courses to follow all of them."))
    return sum(p for (_, _, reached, _), p in states.items() if _has_quorum(group, dict(reached), within_s))


def _step(
    item: Item,
    begin: float,
    through: bool,
    answered: bool,
    free: Mapping[str, float],
    answers: Mapping[str, float],
    there: Mapping[str, bool],
) -> _Course:
    moment = begin + item.delay.median_s
    held = begin + item.send_s
    pause = item.gap_s
    if item.synchronous:
        held = begin + (item.fail_s if not through else item.ring_s)
        held = moment + item.talk_s if answered else held
        pause = pause if through else item.fail_s
    answers = dict(answers)
    if answered and item.two_way:
        for key in (f"slot {item.slot}", item.target):
            answers[key] = min(answers.get(key, inf), moment)
    free = {**free, item.slot: begin + pause}
    return held, frozenset(free.items()), frozenset(answers.items()), frozenset(there.items())


def _has_quorum(group: Group, reached: Mapping[str, float], within_s: float) -> bool:
    filled = {
        seat.key
        for seat in group.seats
        if min((reached.get(key, inf) for key in seat.holders), default=inf) <= within_s
    }
    enough = len(filled) >= group.quorum and group.required <= filled
    return enough and all(chosen & filled for chosen in group.one_of)


def _quorum(group: Group, shares: Sequence[float]) -> float:
    """The Poisson-binomial law of independent seats; required sets by going through their seats."""
    named = [seat.key for seat in group.seats]
    fixed = sorted(group.required.union(*group.one_of))
    total = 0.0
    for states in product((True, False), repeat=len(fixed)):
        state = dict(zip(fixed, states, strict=True))
        if not all(state[key] for key in group.required):
            continue
        if not all(any(state[key] for key in chosen) for chosen in group.one_of):
            continue
        p = prod(
            share if state[key] else 1 - share
            for key, share in zip(named, shares, strict=True)
            if key in state
        )
        count = [1.0]
        for key, share in zip(named, shares, strict=True):
            if key not in state:
                count = [
                    (count[n] if n < len(count) else 0.0) * (1 - share) + (count[n - 1] if n else 0.0) * share
                    for n in range(len(count) + 1)
                ]
        total += p * sum(count[max(group.quorum - sum(states), 0) :])
    return total


def _worlds(network: Network, scenario: Scenario, used: set[str]) -> Iterator[tuple[_World, float]]:
    """Every combination of what the attempts have in common, with its probability; parents come first."""
    by_key = {one.key: one for one in network.resources}
    needed: list[str] = []
    for key in sorted(used):
        line: list[str] = []
        above: str | None = key
        while above is not None:
            line.append(above)
            above = by_key[above].parent
        needed += [one for one in reversed(line) if one not in needed]
    if len(needed) > MOST_CAUSES:
        raise _not_simple(say("It passes more than {n} networks.", n=MOST_CAUSES))
    for states in product((True, False), repeat=len(needed)):
        world, p = dict(zip(needed, states, strict=True)), 1.0
        for key in needed:
            one = by_key[key]
            q = dict(scenario.failure_p).get(key, dict(scenario.kind_failure_p).get(one.kind, one.failure_p))
            if one.parent is not None and not world[one.parent]:
                q = max(q, one.failure_p_if_parent_down or 0.0)
            if key in scenario.down or one.kind in scenario.down_kinds:
                q = 1.0
            p *= 1 - q if world[key] else q
        if p > 0:
            yield world, p


def _available(network: Network, scenario: Scenario, key: str, hour: HourClass) -> float:
    actor = network.actor(key)
    return actor.available.at(hour) * (1 - (scenario.away_p if actor.kind.value == "person" else 0.0))


def _the_list(network: Network, scenario: Scenario, group: Group) -> CallList:
    """The only list of a simple chain."""
    if len(network.lists) != 1 or list(network.sources) != [network.lists[0].caller]:
        raise _not_simple(say("More than one caller takes part."))
    one = network.lists[0]
    if windows_of(network.resources, scenario):
        raise _not_simple(say("Something is out of order for a part of the time."))
    if network.actor(one.caller).relay_p < 1:
        raise _not_simple(say("Its source does not always begin."))
    if scenario.at is not None or network.duties or any(actor.on_duty for actor in network.actors):
        raise _not_simple(say("Turns of duty or a moment decide about it."))
    if any(network.actor(item.target).refusal_p > 0 for item in one.items):
        raise _not_simple(say("Somebody may answer and not come."))
    if any(item.condition or item.hours or not item.alerts for item in one.items) or group.counts_deliveries:
        raise _not_simple(say("It has conditions, pauses, call-backs or counts deliveries."))
    holders = [key for seat in group.seats for key in seat.holders]
    if one.mode is ListMode.PARALLEL:
        if len(set(holders)) != len(holders):
            raise _not_simple(say("Somebody holds two seats."))
        slots = [(item.target, item.slot) for item in one.items]
        shared = {
            target: {slot for _, slot in rows} for target, rows in groupby(sorted(slots), lambda s: s[0])
        }
        if any(len(found) > 1 for found in shared.values()):
            raise _not_simple(say("Somebody is tried in two steps."))
    elif any(item.delay.sigma > 0 or item.point is not None for item in one.items):
        raise _not_simple(say("On one line only fixed delays and sure numbers can be followed."))
    return one


def _not_simple(why: Message) -> Refused:
    return Refused(
        Problem(
            place=say("Closed form of an alert chain"),
            value=None,
            rule=why,
            remedy=say("Simulate it."),
        )
    )
