"""Runs handed out to threads: which runs there are, and the times that the kernel finds for them.

Runs are ordered by hour class, so that a batch has one set of thresholds. No result depends on the batches,
the threads or the order: a run's draws depend on seed, run and names alone, and counts are whole numbers.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from prep.alerting.chance import GOLDEN, entity_key, seed_key, threshold
from prep.alerting.compiled import Chances, Compiled, Flags, Floats, Ints, Keys
from prep.alerting.delay import BENDS
from prep.alerting.scenarios import Scenario
from prep.terms import HourClass

BATCH = 2048  # runs; a multiple of the kernel's lanes

_Task = TypeVar("_Task")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs by hour class: their numbers and keys, shape (runs,), and for each hour class where it lies."""

    number: Ints
    key: Keys
    hours: tuple[tuple[HourClass, int, int], ...]

    def where(self, wanted: Flags) -> "Runs":
        """Those of the runs that are wanted, shape (runs,), in the same order."""
        before = np.concatenate([[0], np.cumsum(wanted)])
        hours = ((hour, int(before[first]), int(before[last])) for hour, first, last in self.hours)
        return Runs(self.number[wanted], self.key[wanted], tuple(one for one in hours if one[2] > one[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """What the kernel found; columns in the order of the ``Runs``.

    ``group_s`` (groups, runs); ``seat_s`` (seats, runs) and ``actor_s`` (actors, runs), without rows unless
    asked for; ``seat_hits`` and ``seat_misses`` (seats,), ``all_hits`` (groups,), ``place_hits`` (places,): see
    ``kernel.walk``.
    """

    group_s: Floats
    seat_s: Floats
    actor_s: Floats
    seat_hits: Ints
    seat_misses: Ints
    all_hits: Ints
    place_hits: Ints


def draw_runs(scenario: Scenario, *, seed: int, numbers: Ints) -> Runs:
    """The runs of these numbers, ordered by the hour class that each draws."""
    keys = mixed(np.uint64(seed_key(seed)) + (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(GOLDEN))
    mix = scenario.mix
    limits = np.cumsum([weight for _, weight in mix])
    whether = mixed(keys + np.uint64(entity_key("hour"))) >> np.uint64(32)
    bounds = np.array([threshold(limit) for limit in limits[:-1]], np.uint64)
    drawn = np.searchsorted(bounds, whether, side="right")
    order = np.argsort(drawn, kind="stable")
    ends = np.cumsum(np.bincount(drawn, minlength=len(mix)))
    starts = np.concatenate([[0], ends[:-1]])
    hours = tuple(
        (hour, int(first), int(last))
        for (hour, _), first, last in zip(mix, starts, ends, strict=True)
        if last > first
    )
    return Runs(numbers[order], keys[order], hours)


def walk_runs(
    compiled: Compiled,
    chances: Chances,
    runs: Runs,
    *,
    deadlines_s: Floats,
    threads: int | None = None,
    batch: int = BATCH,
    seats: bool = False,
    actors: bool = False,
) -> Times:
    """Find the times of all runs; ``threads`` None takes every core that this process may use.

    Cost: about 2 ns per attempt and run on one core with AVX-512; with outages for a part of the time some more.
    """
    # Only now: see ``warm``. What changes in time is walked through by code of its own, the rest is not slowed by it.
    if chances.changes:
        from prep.alerting.kernel_windows import walk
    else:
        from prep.alerting.kernel import walk

    structure, count = compiled.structure, len(runs.number)
    groups, places = len(structure.group_quorum), len(structure.seat_required)
    group_s = np.empty((groups, count))
    seat_s = np.empty((places if seats else 0, count))
    actor_s = np.empty((len(compiled.actor_at) if actors else 0, count))
    bends = np.array(BENDS)
    width = max(places, groups, len(structure.seat_row))

    def work(task: tuple[HourClass, int, int]) -> Ints:
        hour, first, last = task
        counts = np.zeros((4, width), np.int64)
        found_s, seat_part, actor_part = (
            np.empty((rows.shape[0], last - first)) for rows in (group_s, seat_s, actor_s)
        )
        walk(
            structure,
            chances.of(hour),
            bends,
            runs.key[first:last],
            deadlines_s,
            found_s,
            counts,
            seat_part,
            actor_part,
        )
        group_s[:, first:last], seat_s[:, first:last], actor_s[:, first:last] = found_s, seat_part, actor_part
        return counts

    batches = [
        (hour, start, min(start + batch, last))
        for hour, first, last in runs.hours
        for start in range(first, last, batch)
    ]
    total = sum(in_threads(work, batches, threads), np.zeros((4, width), np.int64))
    return Times(
        group_s,
        seat_s,
        actor_s,
        total[0, :places],
        total[1, :places],
        total[2, :groups],
        total[3, : len(structure.seat_row)],
    )


def in_threads(work: Callable[[_Task], _Found], tasks: Sequence[_Task], threads: int | None) -> list[_Found]:
    """Do the tasks in threads; results in the order of the tasks."""
    workers = min(threads or _cores(), len(tasks))
    if workers <= 1:
        return [work(task) for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, tasks))


def _cores() -> int:
    """The cores that this process may use; a container often has fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mixed(numbers: Keys) -> Keys:
    """``chance.mix`` for arrays."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
