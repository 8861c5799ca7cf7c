"""The kernel where something is down for a part of the time: what an attempt meets hangs on when it is made.

Compiled by itself, so that whoever asks without such outages pays nothing for them. Draws, attempts, seats and groups
are ``kernel``'s own; here every attempt first learns when it begins, and looks up what works then. The world stands
still within a stretch of time, and all stretches are drawn at once. Lists that may reach each other are begun smallest
time first in each lane, as ``reference`` does: none can be gone through before its start is known.
"""

import numpy as np

from prep.alerting.compiled import Bytes, Chances, Floats, Ints, Keys, Structure
from prep.alerting.kernel import copy_lanes, draw_states, start_of
from prep.alerting.kernel_attempts import Scratch, attempt, attempt_if, draw_attempt
from prep.alerting.kernel_groups import time_group, time_seats
from prep.alerting.machine import LANES, S32, fill, inner, mixed, outer


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
    """``kernel.walk`` in a world that changes; shapes and meaning are the same."""
    up = np.ones((network.state_key.shape[0], LANES), np.uint8)
    worlds = np.ones((chances.held_down.shape[0], chances.held_down.shape[1], LANES), np.uint8)
    opened = np.empty((network.ways, worlds.shape[0], LANES), np.uint8)
    key = np.zeros(LANES, np.uint64)
    times = np.empty((network.rows, LANES))
    work = Scratch(
        np.empty(LANES),
        np.empty((network.slots, LANES)),
        np.empty((network.slots, LANES)),
        np.empty((1, LANES), np.uint8),
        np.empty((network.ways, LANES), np.uint8),
        np.empty(LANES),
        np.empty(LANES, np.uint8),
        np.zeros((network.follow_ups, LANES)),
        np.empty((2, LANES)),
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
        _draw_worlds(network, chances, key, worlds)
        _run_lists(network, chances, bends, key, up, worlds, opened, times, work)
        time_seats(network, times, seats)
        for group in range(network.group_quorum.shape[0]):
            time_group(network, group, times, seats, nearest, clock, deadlines_s[group], count, counts)
            for lane in range(count):
                group_times[group, first + lane] = clock[lane]
        copy_lanes(seats, first, count, seat_times)
        copy_lanes(times, first, count, actor_times)


@inner
def _draw_worlds(network: Structure, chances: Chances, key: Keys, worlds: Bytes) -> None:
    """Which resources work in each stretch of time, in every lane; one draw of a resource holds for all stretches."""
    for stretch in range(worlds.shape[0]):
        for state in range(1, worlds.shape[1]):
            own, parent = network.state_key[state], network.state_parent[state]
            chance, less = chances.state[state], chances.state_if_parent_down[state]
            fed, row = worlds[stretch, max(parent, 0)], worlds[stretch, state]
            if chances.held_down[stretch, state]:
                for lane in range(LANES):
                    row[lane] = 0
                continue
            for lane in range(LANES):
                row[lane] = (mixed(key[lane] + own) >> S32) < (chance if fed[lane] else less)


@inner
def _run_lists(
    network: Structure,
    chances: Chances,
    bends: Floats,
    key: Keys,
    up: Bytes,
    worlds: Bytes,
    opened: Bytes,
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
            _run_loop(network, chances, bends, key, up, worlds, opened, times, first, last, start, work)
            continue
        for lane in range(LANES):
            start[lane] = start_of(network, first, lane, up, times, work, True)
        _run_list(network, chances, bends, key, up, worlds, opened, times, first, start, work)


@inner
def _run_loop(
    network: Structure,
    chances: Chances,
    bends: Floats,
    key: Keys,
    up: Bytes,
    worlds: Bytes,
    opened: Bytes,
    times: Floats,
    first: int,
    last: int,
    start: Floats,
    work: Scratch,
) -> None:
    """Run the lists of a unit that may reach each other: in turns, each lane the list whose time is next in it.

    A list is gone through for all lanes whose turn it is at once; in the others it is begun never.
    """
    done = np.zeros((last - first, LANES), np.bool_)
    next_one = np.empty(LANES, np.int64)
    for _ in range(first, last):
        waiting = False
        for lane in range(LANES):
            nearest, least = -1, np.inf
            for one in range(first, last):
                if done[one - first, lane]:
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
            next_one[lane] = nearest
            if nearest >= 0:
                done[nearest - first, lane] = True
                waiting = True
        if not waiting:
            break
        for one in range(first, last):
            begun = False
            for lane in range(LANES):
                start[lane] = np.inf
                if next_one[lane] == one:
                    start[lane] = start_of(network, one, lane, up, times, work, True)
                    begun = begun or start[lane] < np.inf
            if begun:
                _run_list(network, chances, bends, key, up, worlds, opened, times, one, start, work)


@inner
def _run_list(
    network: Structure,
    chances: Chances,
    bends: Floats,
    key: Keys,
    up: Bytes,
    worlds: Bytes,
    opened: Bytes,
    times: Floats,
    one: int,
    start: Floats,
    work: Scratch,
) -> None:
    """Go through one list in every lane in which it has a start; elsewhere nothing comes of it."""
    fill(work.clock, 0.0)
    for slot in range(network.list_slots[one]):
        fill(work.acknowledged[slot], np.inf)
        fill(work.ready[slot], 0.0)
    serial = network.list_serial[one]
    at, moment = work.apart[0], work.apart[1]
    for item in range(network.list_start[one], network.list_start[one + 1]):
        through, able = opened[network.item_way[item]], work.able[network.item_way[item]]
        if network.item_new_way[item]:
            _open_way(network, item, up, worlds, through, able)
        if not chances.made[item]:
            continue
        slot, other = network.item_slot[item], network.item_condition[item]
        acknowledged, ready, clock = work.acknowledged[slot], work.ready[slot], work.clock
        draw_attempt(network, item, bends, chances.item[item], key, work.delay, work.outcome)
        for lane in range(LANES):
            begin = max(clock[lane], ready[lane])
            if other >= 0:
                begin = max(begin, min(work.acknowledged[other, lane], work.ready[other, lane]))
            at[lane] = start[lane] + begin
            moment[lane] = start[lane] + (begin + work.delay[lane])
        _meet(
            network,
            item,
            chances.stretch_s,
            through,
            able,
            up[network.item_comes[item]],
            at,
            moment,
            work.through[0],
            work.outcome,
        )
        arrival = times[network.item_row[item]]
        if other >= 0:
            attempt_if(
                network, item, serial, work, start, work.acknowledged[other], work.ready[other], arrival
            )
        else:
            attempt(
                network, item, serial, work.delay, work.outcome, clock, acknowledged, ready, start, arrival
            )
    if network.list_end[one] >= 0 and serial:
        end = work.ends[network.list_end[one]]
        for lane in range(LANES):
            end[lane] = work.clock[lane] if start[lane] < np.inf else end[lane]


@inner
def _open_way(network: Structure, item: int, up: Bytes, worlds: Bytes, through: Bytes, able: Bytes) -> None:
    """In which stretches an attempt gets through to the target's line; whether the target could answer there."""
    for stretch in range(worlds.shape[0]):
        row = through[stretch]
        for lane in range(LANES):
            row[lane] = 1
        for need in range(network.need_start[item], network.need_start[item + 1]):
            needed = worlds[stretch, network.need[need]]
            for lane in range(LANES):
                row[lane] &= needed[lane]
    available, right = up[network.item_available[item]], up[network.item_point[item]]
    heard = up[network.item_handset[item]]
    for lane in range(LANES):
        able[lane] = available[lane] & right[lane] & heard[lane]


@inner
def _meet(
    network: Structure,
    item: int,
    stretch_s: Floats,
    through: Bytes,
    able: Bytes,
    comes: Bytes,
    at: Floats,
    moment: Floats,
    held: Bytes,
    outcome: Bytes,
) -> None:
    """What an attempt that begins ``at`` meets: 0 for blocked, 1 for silent, 2 for refused, 3 for accepted.

    On the way in ``outcome`` says whether it was drawn to work. A call needs its way until its answer, a message when
    it is sent and when it is answered, and what carries no answer only when it is sent.
    """
    lasting, answered_at = network.item_synchronous[item], network.item_two_way[item]
    path = np.empty(LANES, np.uint8)
    for lane in range(LANES):
        path[lane] = through[0, lane]
        held[lane] = through[0, lane] if answered_at and not lasting else 1
    for stretch in range(1, stretch_s.shape[0]):
        bound, row = stretch_s[stretch], through[stretch]
        for lane in range(LANES):
            path[lane] = row[lane] if bound <= at[lane] else path[lane]
        if lasting:
            for lane in range(LANES):
                held[lane] &= row[lane] if at[lane] < bound <= moment[lane] else 1
        elif answered_at:
            for lane in range(LANES):
                held[lane] = row[lane] if bound <= moment[lane] else held[lane]
    for lane in range(LANES):
        answered = outcome[lane] & path[lane] & able[lane] & held[lane]
        outcome[lane] = path[lane] + answered + (answered & comes[lane])
