"""The simulator in machine code: many runs side by side, one instruction for eight of them.

Numba compiles this module when it is first called, into the folder that ``warm.warm`` names; so it is
imported only after that, and never by ``import prep.alerting``. The meaning is ``reference``'s; a test
compares the two bit by bit. Inner loops run over lanes (runs), without branches: each choice is a selection
of a value.

Traps, each of them met: Numba's cache does not notice a changed constant of another module, so the bends of
the delay law come in as an argument; loops over fewer than 64 lanes are not vectorised; a fused
multiply-add would change the last bit, so fast mathematics stays off.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

from prep.alerting.compiled import Bytes, Chances, Floats, Ints, Keys, Structure

LANES = 128


class Scratch(NamedTuple):
    """What one list needs while it is gone through; rows by slot, way or item, columns by lane."""

    clock: Floats
    acknowledged: Floats
    ready: Floats
    through: Bytes
    able: Bytes
    delay: Floats
    outcome: Bytes
    ends: Floats
    apart: Floats
    kept: Floats
    zero: Floats


_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_LOW, _CERTAIN = np.uint64(0xFFFFFFFF), np.uint64(0x100000000)
_HALF_STEP, _STEP = 0.5, 2.0**-32

_F = TypeVar("_F", bound=Callable[..., object])
_njit: Any = njit  # two of the options below are unknown to its type stubs


def _outer(function: _F) -> _F:
    """Compile what Python calls."""
    return cast(_F, _njit(nogil=True, cache=True, no_cfunc_wrapper=True)(function))


def _inner(function: _F) -> _F:
    """Compile what only machine code calls; leaving out the wrappers saves half of the compile time."""
    return cast(_F, _njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))


def _inlined(function: _F) -> _F:
    return cast(_F, _njit(nogil=True, inline="always")(function))


@_outer
def walk(
    network: Structure,
    chances: Chances,
    bends: Floats,
    runs: Keys,
    deadlines_s: Floats,
    group_times: Floats,
    counts: Ints,
    seat_times: Floats,
    actor_times: Floats,
) -> None:
    """Walk through all ``runs`` (their keys) of one hour class and write what was reached when.

    Shapes: ``chances`` (entities,); ``deadlines_s`` (groups,). Written: ``group_times`` (groups, runs), the
    time of quorum and required seats, inf if never; ``seat_times`` (seats, runs) and ``actor_times``
    (actors, runs), each only if it has rows. Added to: ``counts`` (4, most of seats, places and groups), whose
    rows are seats reached by the group's deadline, seats missing among the runs that miss the group, groups with
    all seats by the deadline, and the places behind the seats (holder, deputies, deliveries) reached by it.
    """
    up = np.ones((network.state_key.shape[0], LANES), np.uint8)
    key = np.zeros(LANES, np.uint64)
    times = np.empty((network.rows, LANES))
    work = Scratch(
        np.empty(LANES),
        np.empty((network.slots, LANES)),
        np.empty((network.slots, LANES)),
        np.empty((network.ways, LANES), np.uint8),
        np.empty((network.ways, LANES), np.uint8),
        np.empty(LANES),
        np.empty(LANES, np.uint8),
        np.zeros((network.follow_ups, LANES)),
        np.empty((network.looped_items, LANES)),
        np.empty((4, LANES)),
        np.zeros(LANES),
    )
    seats = np.empty((network.seat_required.shape[0], LANES))
    nearest = np.empty((network.greatest_quorum, LANES))
    clock = np.empty(LANES)
    for first in range(0, runs.shape[0], LANES):
        count = min(LANES, runs.shape[0] - first)
        for lane in range(count):
            key[lane] = runs[first + lane]
        _draw_states(network, chances, key, up)
        _run_lists(network, chances, bends, key, up, times, work)
        _time_seats(network, times, seats)
        for group in range(network.group_quorum.shape[0]):
            _time_group(network, group, times, seats, nearest, clock, deadlines_s[group], count, counts)
            for lane in range(count):
                group_times[group, first + lane] = clock[lane]
        _copy(seats, first, count, seat_times)
        _copy(times, first, count, actor_times)


@_inner
def _draw_states(network: Structure, chances: Chances, key: Keys, up: Bytes) -> None:
    """Draw every hidden state of every lane; state 0 stays up."""
    for state in range(1, network.state_key.shape[0]):
        own, parent = network.state_key[state], network.state_parent[state]
        chance = chances.state[state]
        row = up[state]
        if parent < 0 and chance >= _CERTAIN:
            for lane in range(LANES):
                row[lane] = 1
        elif parent < 0:
            for lane in range(LANES):
                row[lane] = (_mixed(key[lane] + own) >> _S32) < chance
        else:
            fed, less = up[parent], chances.state_if_parent_down[state]
            for lane in range(LANES):
                row[lane] = (_mixed(key[lane] + own) >> _S32) < (chance if fed[lane] else less)


@_inner
def _run_lists(
    network: Structure,
    chances: Chances,
    bends: Floats,
    key: Keys,
    up: Bytes,
    times: Floats,
    work: Scratch,
) -> None:
    """Run every caller's list, callers before those they call; looped units smallest time first."""
    start = np.empty(LANES)
    for row in range(network.rows):
        _fill(times[row], np.inf)
    for source in range(network.source.shape[0]):
        _fill(times[network.source[source]], 0.0)
    for row in range(work.ends.shape[0]):
        _fill(work.ends[row], 0.0)
    for unit in range(network.unit_looped.shape[0]):
        first, last = network.unit_start[unit], network.unit_start[unit + 1]
        if network.unit_looped[unit]:
            _run_loop(network, chances, bends, key, up, times, first, last, work)
            continue
        caller, relays = times[network.list_caller[first]], up[network.list_relay[first]]
        wait, follows = network.list_delay_s[first], network.list_follows[first]
        for lane in range(LANES):
            start[lane] = caller[lane] + wait if relays[lane] else np.inf
        if follows >= 0:
            after, least = work.ends[follows], network.list_follow_s[first]
            back = times[network.list_back[first]]
            for lane in range(LANES):
                begins = start[lane] + max(after[lane], least)
                start[lane] = np.inf if back[lane] <= begins else begins
        if chances.plain[first]:
            _run_plain_list(
                network,
                chances,
                bends,
                key,
                up,
                times,
                first,
                start,
                work.clock,
                work.acknowledged,
                work.ready,
            )
        else:
            _run_list(network, chances, bends, key, up, times, first, start, -1, work)


@_inner
def _run_plain_list(
    network: Structure,
    chances: Chances,
    bends: Floats,
    key: Keys,
    up: Bytes,
    times: Floats,
    one: int,
    start: Floats,
    clock: Floats,
    acknowledged: Floats,
    ready: Floats,
) -> None:
    """``_run_list`` for a list all of whose attempts are made without conditions: nearly every list.

    It stands apart because it is measured: one more choice in this loop costs a fifth of the speed.
    """
    delay, outcome, path = np.empty(LANES), np.empty(LANES, np.uint8), np.empty(LANES, np.uint8)
    _fill(clock, 0.0)
    for slot in range(network.list_slots[one]):
        _fill(acknowledged[slot], np.inf)
        _fill(ready[slot], 0.0)
    for item in range(network.list_start[one], network.list_start[one + 1]):
        for lane in range(LANES):
            path[lane] = 1
        for need in range(network.need_start[item], network.need_start[item + 1]):
            needed = up[network.need[need]]
            for lane in range(LANES):
                path[lane] &= needed[lane]
        _draw_attempt(network, item, bends, chances.item[item], key, delay, outcome)
        available, right = up[network.item_available[item]], up[network.item_point[item]]
        heard, comes = up[network.item_handset[item]], up[network.item_comes[item]]
        for lane in range(LANES):
            answered = outcome[lane] & path[lane] & available[lane] & right[lane] & heard[lane]
            outcome[lane] = path[lane] + answered + (answered & comes[lane])
        slot = network.item_slot[item]
        _attempt(
            network,
            item,
            network.list_serial[one],
            delay,
            outcome,
            clock,
            acknowledged[slot],
            ready[slot],
            start,
            times[network.item_row[item]],
        )


@_inner
def _run_list(
    network: Structure,
    chances: Chances,
    bends: Floats,
    key: Keys,
    up: Bytes,
    times: Floats,
    one: int,
    start: Floats,
    base: int,
    work: Scratch,
) -> None:
    """Go through one list in every lane, in time since its start.

    With a ``base`` (the first item of the unit) each arrival is kept by itself, else it counts at once.
    Nothing in a list depends on when it starts, so that it may be worked out before that is known.
    """
    _fill(work.clock, 0.0)
    for slot in range(network.list_slots[one]):
        _fill(work.acknowledged[slot], np.inf)
        _fill(work.ready[slot], 0.0)
    serial = network.list_serial[one]
    for item in range(network.list_start[one], network.list_start[one + 1]):
        through, able = work.through[network.item_way[item]], work.able[network.item_way[item]]
        if network.item_new_way[item]:
            _open_way(network, item, up, through, able)
        slot = network.item_slot[item]
        arrival = work.apart[item - base] if base >= 0 else times[network.item_row[item]]
        if base >= 0:
            _fill(arrival, np.inf)
        if not chances.made[item]:
            continue
        _draw_attempt(network, item, bends, chances.item[item], key, work.delay, work.outcome)
        comes, outcome = up[network.item_comes[item]], work.outcome
        for lane in range(LANES):
            answered = outcome[lane] & able[lane]
            outcome[lane] = through[lane] + answered + (answered & comes[lane])
        if network.item_condition[item] >= 0:
            other = network.item_condition[item]
            _attempt_if(
                network, item, serial, work, start, work.acknowledged[other], work.ready[other], arrival
            )
        else:
            _attempt(
                network,
                item,
                serial,
                work.delay,
                outcome,
                work.clock,
                work.acknowledged[slot],
                work.ready[slot],
                start,
                arrival,
            )
    if network.list_end[one] >= 0 and serial:
        end = work.ends[network.list_end[one]]
        for lane in range(LANES):
            end[lane] = work.clock[lane]


@_inner
def _open_way(network: Structure, item: int, up: Bytes, through: Bytes, able: Bytes) -> None:
    """Whether an attempt gets through to the target's line, and whether the target could answer there."""
    for lane in range(LANES):
        through[lane] = 1
    for need in range(network.need_start[item], network.need_start[item + 1]):
        needed = up[network.need[need]]
        for lane in range(LANES):
            through[lane] &= needed[lane]
    available, right = up[network.item_available[item]], up[network.item_point[item]]
    heard = up[network.item_handset[item]]
    for lane in range(LANES):
        able[lane] = through[lane] & available[lane] & right[lane] & heard[lane]


@_inner
def _run_loop(
    network: Structure,
    chances: Chances,
    bends: Floats,
    key: Keys,
    up: Bytes,
    times: Floats,
    first: int,
    last: int,
    work: Scratch,
) -> None:
    """Run the lists of a unit that may reach each other: smallest time first, in each lane by itself."""
    base = network.list_start[first]
    for one in range(first, last):
        _run_list(network, chances, bends, key, up, times, one, work.zero, base, work)
    done = np.empty(last - first, np.bool_)
    for lane in range(LANES):
        done[:] = False
        for _ in range(first, last):
            nearest, least = -1, np.inf
            for one in range(first, last):
                if done[one - first]:
                    continue
                at = _start_of(network, one, lane, up, times, work, False)
                # At the same time a first list goes before a follow-up, which may be called back.
                sooner = at < least or (
                    at == least
                    and nearest >= 0
                    and network.list_follows[nearest] >= 0
                    and network.list_follows[one] < 0
                )
                if sooner:
                    nearest, least = one, at
            if nearest < 0:
                break
            done[nearest - first] = True
            start = _start_of(network, nearest, lane, up, times, work, True)
            if start == np.inf:
                continue
            for item in range(network.list_start[nearest], network.list_start[nearest + 1]):
                row = network.item_row[item]
                times[row, lane] = min(times[row, lane], start + work.apart[item - base, lane])


@_inner
def _start_of(
    network: Structure, one: int, lane: int, up: Bytes, times: Floats, work: Scratch, begun: bool
) -> float:
    """When a list starts; before it has ``begun``, when its caller is reached, by which it waits its turn."""
    caller = times[network.list_caller[one], lane]
    start = caller + network.list_delay_s[one] if up[network.list_relay[one], lane] else np.inf
    follows = network.list_follows[one]
    if follows < 0:
        return start if begun else (caller if start < np.inf else np.inf)
    start = start + max(work.ends[follows, lane], network.list_follow_s[one])
    return np.inf if begun and times[network.list_back[one], lane] <= start else start


@_inner
def _draw_attempt(
    network: Structure,
    item: int,
    bends: Floats,
    chance: np.uint64,
    key: Keys,
    delay: Floats,
    works: Bytes,
) -> None:
    """Draw whether the attempt works and its delay, the sum of hinges of ``delay.Delay.quantile``."""
    own, base, s = network.item_key[item], network.item_base_s[item], network.item_slopes[item]
    # All written out: as a loop over the bends this is not vectorised over the lanes.
    s0, s1, s2, s3, s4, s5, s6 = s[0], s[1], s[2], s[3], s[4], s[5], s[6]
    s7, s8, s9, s10, s11, s12 = s[7], s[8], s[9], s[10], s[11], s[12]
    b1, b2, b3, b4, b5, b6 = bends[0], bends[1], bends[2], bends[3], bends[4], bends[5]
    b7, b8, b9, b10, b11, b12 = bends[6], bends[7], bends[8], bends[9], bends[10], bends[11]
    for lane in range(LANES):
        drawn = _mixed(key[lane] + own)
        share = (np.float64(np.int64(drawn & _LOW)) + _HALF_STEP) * _STEP
        time = base + s0 * share
        time = time + s1 * max(share, b1)
        time = time + s2 * max(share, b2)
        time = time + s3 * max(share, b3)
        time = time + s4 * max(share, b4)
        time = time + s5 * max(share, b5)
        time = time + s6 * max(share, b6)
        time = time + s7 * max(share, b7)
        time = time + s8 * max(share, b8)
        time = time + s9 * max(share, b9)
        time = time + s10 * max(share, b10)
        time = time + s11 * max(share, b11)
        delay[lane] = time + s12 * max(share, b12)
        works[lane] = (drawn >> _S32) < chance


@_inner
def _attempt(
    network: Structure,
    item: int,
    serial: bool,
    delay: Floats,
    outcome: Bytes,
    clock: Floats,
    acknowledged: Floats,
    ready: Floats,
    start: Floats,
    arrival: Floats,
) -> None:
    """Make one attempt in every lane; the rules stand in ``reference``, here in the same order.

    ``outcome`` is 0 for blocked, 1 for silent, 2 for refused, 3 for accepted. All times but ``start`` and
    ``arrival`` are since the start of the list.
    """
    gap, send = network.item_gap_s[item], network.item_send_s[item]
    # Choices that hold for all lanes are numbers, not conditions: with conditions the loop is not vectorised.
    if network.item_synchronous[item]:
        until_answer, after, silent = 1.0, network.item_talk_s[item], network.item_ring_s[item]
        blocked = blocked_gap = network.item_fail_s[item]
    else:
        until_answer, after, silent, blocked, blocked_gap = 0.0, send, send, send, gap
    unheard = 0.0 if network.item_two_way[item] else np.inf
    for lane in range(LANES):
        begin = max(clock[lane], ready[lane])
        known = acknowledged[lane]
        waited = known <= begin
        through, answered, accepted = outcome[lane] > 0, outcome[lane] > 1, outcome[lane] > 2
        arrives = begin + delay[lane] if accepted else np.inf
        arrives = np.inf if waited else arrives
        held = begin + delay[lane] * until_answer + after if answered else begin + silent
        held = held if through else begin + blocked
        pause = gap if accepted else (min(gap, delay[lane] + unheard) if answered else gap)
        pause = pause if through else blocked_gap
        arrival[lane] = min(arrival[lane], start[lane] + arrives)
        held = max(clock[lane], known) if waited else held
        clock[lane] = held if serial else clock[lane]
        ready[lane] = ready[lane] if waited else begin + pause
        acknowledged[lane] = min(known, arrives + unheard)


@_inner
def _attempt_if(
    network: Structure,
    item: int,
    serial: bool,
    work: Scratch,
    start: Floats,
    other_acknowledged: Floats,
    other_ready: Floats,
    arrival: Floats,
) -> None:
    """Make one conditional attempt: wait until the other slot is settled, and then make it or not.

    It is made as any other on a line that is free once the condition holds; where it does not hold, only the
    clock moves. What is kept by lane is put back there.
    """
    slot = network.item_slot[item]
    acknowledged, ready, clock = work.acknowledged[slot], work.ready[slot], work.clock
    kept_clock, kept_ready, kept_known, found = work.kept[0], work.kept[1], work.kept[2], work.kept[3]
    if_answered = network.item_if_answered[item]
    for lane in range(LANES):
        settled = min(other_acknowledged[lane], other_ready[lane])
        begin = max(clock[lane], ready[lane], settled)
        kept_clock[lane], kept_ready[lane], kept_known[lane] = clock[lane], ready[lane], acknowledged[lane]
        found[lane] = np.inf
        ready[lane] = begin
    _attempt(network, item, serial, work.delay, work.outcome, clock, acknowledged, ready, work.zero, found)
    for lane in range(LANES):
        settled = min(other_acknowledged[lane], other_ready[lane])
        begin = max(kept_clock[lane], kept_ready[lane], settled)
        waited = kept_known[lane] <= begin
        holds = (other_acknowledged[lane] <= begin) == if_answered
        made = holds and not waited
        arrival[lane] = min(arrival[lane], start[lane] + found[lane] if made else np.inf)
        ready[lane] = ready[lane] if made else kept_ready[lane]
        acknowledged[lane] = acknowledged[lane] if made else kept_known[lane]
        skipped = max(kept_clock[lane], kept_known[lane]) if waited else begin
        skipped = skipped if serial else kept_clock[lane]
        clock[lane] = clock[lane] if made else skipped


@_inner
def _time_seats(network: Structure, times: Floats, seats: Floats) -> None:
    """The time of each seat: the earliest of its holder and deputies, deliveries included if they count."""
    for seat in range(network.seat_required.shape[0]):
        earliest = seats[seat]
        _fill(earliest, np.inf)
        for place in range(network.seat_start[seat], network.seat_start[seat + 1]):
            row = times[network.seat_row[place]]
            for lane in range(LANES):
                earliest[lane] = min(earliest[lane], row[lane])


@_inner
def _time_group(
    network: Structure,
    group: int,
    times: Floats,
    seats: Floats,
    nearest: Floats,
    time: Floats,
    deadline_s: float,
    count: int,
    counts: Ints,
) -> None:
    """Write when the group has its quorum and its required seats; count what the deadline cuts off."""
    quorum = network.group_quorum[group]
    first, last = network.group_start[group], network.group_start[group + 1]
    for rank in range(quorum):
        _fill(nearest[rank], np.inf)
    for seat in range(first, last):
        _insert(nearest, quorum, seats[seat], time)
    for lane in range(LANES):
        time[lane] = nearest[quorum - 1, lane]
    for seat in range(first, last):
        if network.seat_required[seat]:
            row = seats[seat]
            for lane in range(LANES):
                time[lane] = max(time[lane], row[lane])
    for chosen in range(network.one_of_start[group], network.one_of_start[group + 1]):
        row = nearest[0]
        _fill(row, np.inf)
        for place in range(network.one_of_set_start[chosen], network.one_of_set_start[chosen + 1]):
            other = seats[network.one_of_seat[place]]
            for lane in range(LANES):
                row[lane] = min(row[lane], other[lane])
        for lane in range(LANES):
            time[lane] = max(time[lane], row[lane])
    _count(network, group, times, seats, nearest[0], time, deadline_s, count, counts)


@_inner
def _count(
    network: Structure,
    group: int,
    times: Floats,
    seats: Floats,
    complete: Floats,
    time: Floats,
    deadline_s: float,
    count: int,
    counts: Ints,
) -> None:
    """Count by the deadline: seats reached, seats missing where the group is missed, all reached."""
    first, last = network.group_start[group], network.group_start[group + 1]
    _fill(complete, 0.0)
    for seat in range(first, last):
        row = seats[seat]
        hits, misses = 0, 0
        for lane in range(count):
            hits += row[lane] <= deadline_s
            misses += (row[lane] > deadline_s) & (time[lane] > deadline_s)
            complete[lane] = max(complete[lane], row[lane])
        counts[0, seat] += hits
        counts[1, seat] += misses
        for place in range(network.seat_start[seat], network.seat_start[seat + 1]):
            held = times[network.seat_row[place]]
            hits = 0
            for lane in range(count):
                hits += held[lane] <= deadline_s
            counts[3, place] += hits
    whole = 0
    for lane in range(count):
        whole += complete[lane] <= deadline_s
    counts[2, group] += whole


@_inner
def _insert(nearest: Floats, quorum: int, row: Floats, carried: Floats) -> None:
    """Keep the ``quorum`` smallest times in ascending order."""
    for lane in range(LANES):
        carried[lane] = row[lane]
    for rank in range(quorum):
        kept = nearest[rank]
        for lane in range(LANES):
            smaller = min(kept[lane], carried[lane])
            carried[lane] = max(kept[lane], carried[lane])
            kept[lane] = smaller


@_inlined
def _mixed(number: np.uint64) -> np.uint64:
    """``chance.mix`` in machine code."""
    number = (number ^ (number >> _S30)) * _M1
    number = (number ^ (number >> _S27)) * _M2
    return number ^ (number >> _S31)


@_inner
def _fill(row: Floats, value: float) -> None:
    for lane in range(LANES):
        row[lane] = value


@_inner
def _copy(rows: Floats, first: int, count: int, out: Floats) -> None:
    """Copy the lanes in use to their runs; ``out`` without rows is not wanted."""
    for row in range(out.shape[0]):
        for lane in range(count):
            out[row, first + lane] = rows[row, lane]
