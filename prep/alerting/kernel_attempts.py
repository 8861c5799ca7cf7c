"""One attempt of a list in the kernel: its draw, what it does to line and slot, and conditions."""

from typing import NamedTuple

import numpy as np

from prep.alerting.compiled import Bytes, Floats, Keys, Structure
from prep.alerting.machine import HALF_STEP, LANES, LOW, S32, STEP, inner, mixed


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


@inner
def draw_attempt(
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
        drawn = mixed(key[lane] + own)
        share = (np.float64(np.int64(drawn & LOW)) + HALF_STEP) * STEP
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
        works[lane] = (drawn >> S32) < chance


@inner
def attempt(
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


@inner
def attempt_if(
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
    attempt(network, item, serial, work.delay, work.outcome, clock, acknowledged, ready, work.zero, found)
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


@inner
def open_way(network: Structure, item: int, up: Bytes, through: Bytes, able: Bytes) -> None:
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
