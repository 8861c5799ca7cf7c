"""The simulator in machine code: many runs side by side, one instruction for eight of them.

Numba compiles this module when it is first called, into the folder that ``warm.warm`` names; so it is
imported only after that, and never by ``import prep.alerting``. The meaning is ``reference``'s; a test
compares the two bit by bit. ``machine`` says how it is compiled, ``kernel_attempts`` and ``kernel_groups`` are its
parts. Numba's cache does not notice a changed constant of another module, so the bends of the delay law come in as
an argument, and ``warm`` keeps the code of each version of these modules apart.
"""

import numpy as np

from prep.alerting.compiled import Bytes, Chances, Floats, Ints, Keys, Structure
from prep.alerting.kernel_attempts import Scratch, attempt, attempt_if, draw_attempt, open_way
from prep.alerting.kernel_groups import time_group, time_seats
from prep.alerting.machine import CERTAIN, LANES, S32, fill, inner, mixed, outer


@outer
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
        draw_states(network, chances, key, up)
        _run_lists(network, chances, bends, key, up, times, work)
        time_seats(network, times, seats)
        for group in range(network.group_quorum.shape[0]):
            time_group(network, group, times, seats, nearest, clock, deadlines_s[group], count, counts)
            for lane in range(count):
                group_times[group, first + lane] = clock[lane]
        copy_lanes(seats, first, count, seat_times)
        copy_lanes(times, first, count, actor_times)


@inner
def draw_states(network: Structure, chances: Chances, key: Keys, up: Bytes) -> None:
    """Draw every hidden state of every lane; state 0 stays up."""
    for state in range(1, network.state_key.shape[0]):
        own, parent = network.state_key[state], network.state_parent[state]
        chance = chances.state[state]
        row = up[state]
        if parent < 0 and chance >= CERTAIN:
            for lane in range(LANES):
                row[lane] = 1
        elif parent < 0:
            for lane in range(LANES):
                row[lane] = (mixed(key[lane] + own) >> S32) < chance
        else:
            fed, less = up[parent], chances.state_if_parent_down[state]
            for lane in range(LANES):
                row[lane] = (mixed(key[lane] + own) >> S32) < (chance if fed[lane] else less)


@inner
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
        fill(times[row], np.inf)
    for source in range(network.source.shape[0]):
        fill(times[network.source[source]], 0.0)
    for row in range(work.ends.shape[0]):
        fill(work.ends[row], 0.0)
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


@inner
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
    fill(clock, 0.0)
    for slot in range(network.list_slots[one]):
        fill(acknowledged[slot], np.inf)
        fill(ready[slot], 0.0)
    for item in range(network.list_start[one], network.list_start[one + 1]):
        for lane in range(LANES):
            path[lane] = 1
        for need in range(network.need_start[item], network.need_start[item + 1]):
            needed = up[network.need[need]]
            for lane in range(LANES):
                path[lane] &= needed[lane]
        draw_attempt(network, item, bends, chances.item[item], key, delay, outcome)
        available, right = up[network.item_available[item]], up[network.item_point[item]]
        heard, comes = up[network.item_handset[item]], up[network.item_comes[item]]
        for lane in range(LANES):
            answered = outcome[lane] & path[lane] & available[lane] & right[lane] & heard[lane]
            outcome[lane] = path[lane] + answered + (answered & comes[lane])
        slot = network.item_slot[item]
        attempt(
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


@inner
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
    fill(work.clock, 0.0)
    for slot in range(network.list_slots[one]):
        fill(work.acknowledged[slot], np.inf)
        fill(work.ready[slot], 0.0)
    serial = network.list_serial[one]
    for item in range(network.list_start[one], network.list_start[one + 1]):
        through, able = work.through[network.item_way[item]], work.able[network.item_way[item]]
        if network.item_new_way[item]:
            open_way(network, item, up, through, able)
        slot = network.item_slot[item]
        arrival = work.apart[item - base] if base >= 0 else times[network.item_row[item]]
        if base >= 0:
            fill(arrival, np.inf)
        if not chances.made[item]:
            continue
        draw_attempt(network, item, bends, chances.item[item], key, work.delay, work.outcome)
        comes, outcome = up[network.item_comes[item]], work.outcome
        for lane in range(LANES):
            answered = outcome[lane] & able[lane]
            outcome[lane] = through[lane] + answered + (answered & comes[lane])
        if network.item_condition[item] >= 0:
            other = network.item_condition[item]
            attempt_if(
                network, item, serial, work, start, work.acknowledged[other], work.ready[other], arrival
            )
        else:
            attempt(
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


@inner
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
                at = start_of(network, one, lane, up, times, work, False)
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
            start = start_of(network, nearest, lane, up, times, work, True)
            if start == np.inf:
                continue
            for item in range(network.list_start[nearest], network.list_start[nearest + 1]):
                row = network.item_row[item]
                times[row, lane] = min(times[row, lane], start + work.apart[item - base, lane])


@inner
def start_of(
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


@inner
def copy_lanes(rows: Floats, first: int, count: int, out: Floats) -> None:
    """Copy the lanes in use to their runs; ``out`` without rows is not wanted."""
    for row in range(out.shape[0]):
        for lane in range(count):
            out[row, first + lane] = rows[row, lane]
