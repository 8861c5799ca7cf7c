"""When the groups are reached, in the kernel: seats, quorum, required sets, and what the deadline cuts off."""

import numpy as np

from prep.alerting.compiled import Floats, Ints, Structure
from prep.alerting.machine import LANES, fill, inner


@inner
def time_seats(network: Structure, times: Floats, seats: Floats) -> None:
    """The time of each seat: the earliest of its holder and deputies, deliveries included if they count."""
    for seat in range(network.seat_required.shape[0]):
        earliest = seats[seat]
        fill(earliest, np.inf)
        for place in range(network.seat_start[seat], network.seat_start[seat + 1]):
            row = times[network.seat_row[place]]
            for lane in range(LANES):
                earliest[lane] = min(earliest[lane], row[lane])


@inner
def time_group(
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
        fill(nearest[rank], np.inf)
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
        fill(row, np.inf)
        for place in range(network.one_of_set_start[chosen], network.one_of_set_start[chosen + 1]):
            other = seats[network.one_of_seat[place]]
            for lane in range(LANES):
                row[lane] = min(row[lane], other[lane])
        for lane in range(LANES):
            time[lane] = max(time[lane], row[lane])
    _count(network, group, times, seats, nearest[0], time, deadline_s, count, counts)


@inner
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
    fill(complete, 0.0)
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


@inner
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
