"""Alert chains: runs per second of the kernel beside SimPy, networkx and the reference, in one run."""

import itertools
import random
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np

from benchmarks.county import county
from benchmarks.slow_engines import SimPyChain, shortest_paths
from prep.alerting.batches import draw_runs, walk_runs
from prep.alerting.chain import Network
from prep.alerting.compiled import chances, compile_network
from prep.alerting.exact import exact
from prep.alerting.fixes import best_fix
from prep.alerting.reference import group_time, simulate_run
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.alerting.warm import warm
from prep.terms import HourClass

NIGHT = PRESETS["night"]
HOUR = HourClass.NIGHT
SIZES = {"county": 1, "three counties": 3, "nation": 40}


def main() -> None:
    """Print the tables; about half a minute."""
    began = time.perf_counter()
    compiled = warm(Path("artefacts/machine_code"))
    print(f"kernel {'compiled' if compiled else 'loaded'} in {time.perf_counter() - began:.1f} s")
    wide = "avx512f" in _cpu_flags()
    bar = 1000 if wide else 250
    print(f"AVX-512: {'yes' if wide else 'no'}; the bar is {bar} times SimPy on one core\n")
    agreement(county())
    for name, counties in SIZES.items():
        compare(name, nation(counties), bar)
    answers(county())


def nation(counties: int) -> Network:
    """Several counties side by side in one network."""
    parts = [county(prefix=f"{number}/") for number in range(counties)]
    joined = {
        part.name: tuple(itertools.chain.from_iterable(getattr(one, part.name) for one in parts))
        for part in fields(Network)
        if part.init
    }
    return Network(**joined)


def agreement(network: Network) -> None:
    """All engines must answer the same question alike before their speed means anything."""
    runs = 1500
    chance = random.Random(1)
    board = network.group("board")
    holders = [seat.holders for seat in board.seats]

    def in_time(reached: dict[str, float]) -> bool:
        seats = sorted(min(reached.get(key, np.inf) for key in seat) for seat in holders)
        required = min(reached.get(key, np.inf) for key in holders[0])
        return bool(max(seats[board.quorum - 1], required) <= board.deadline_s)

    by_simpy = sum(in_time(SimPyChain(network, HOUR, chance).run()) for _ in range(runs)) / runs
    kernel = simulate(network, NIGHT, runs=100_000, explain=False).group("board").quorum.p
    spread = 4 * (kernel * (1 - kernel) / runs) ** 0.5
    print(f"board reached in time: kernel {kernel:.3f}, SimPy {by_simpy:.3f} (within {spread:.3f})\n")
    assert abs(by_simpy - kernel) < spread, "the two models differ"


def compare(name: str, network: Network, bar: int) -> None:
    """One size: runs per second of every engine."""
    chance = random.Random(2)
    attempts = sum(len(one.items) for one in network.lists)
    number = itertools.count()
    rates = {
        "SimPy": _rate(lambda: SimPyChain(network, HOUR, chance).run()),
        "networkx (simpler model)": _rate(lambda: shortest_paths(network, HOUR, chance)),
        "reference (heapq)": _rate(lambda: simulate_run(network, NIGHT, seed=1, run=next(number))),
    }
    runs = max(2048, 12_000_000 // attempts // 128 * 128)
    one, two = (_kernel_rate(network, runs, threads) for threads in (1, 2))
    rates |= {"kernel, one core": one, "kernel, two threads": two}
    print(f"{name}: {len(network.actors)} actors, {len(network.groups)} groups, {attempts} attempts")
    for engine, rate in rates.items():
        print(f"  {engine:26} {rate:12,.1f} runs/s {rate / rates['SimPy']:10,.1f} × SimPy")
    print(
        f"  {1e9 / one / attempts:.2f} ns per attempt and run; two threads {two / one:.2f} ×;"
        f" bar {'met' if one >= bar * rates['SimPy'] else 'NOT MET'}\n"
    )


def answers(network: Network) -> None:
    """What a planner waits for, on a county."""
    simulate(network, NIGHT)
    print("a county's answers, in seconds:")
    for text, ask in (
        ("10 000 runs, all groups, with the weakest links", lambda: simulate(network, NIGHT)),
        ("10 000 runs, all groups, without", lambda: simulate(network, NIGHT, explain=False)),
        ("10 000 runs, one group", lambda: simulate(network, NIGHT, groups=["m3"])),
        ("best fix of every group", lambda: [best_fix(network, NIGHT, g.key) for g in network.groups]),
        ("exact, every group", lambda: [exact(network, NIGHT, g.key) for g in network.groups]),
        ("the story of one run", lambda: _story(network)),
    ):
        print(f"  {_seconds(ask):8.3f}  {text}")


def _story(network: Network) -> float:
    return group_time(network.groups[0], simulate_run(network, NIGHT, seed=1, run=1))


def _kernel_rate(network: Network, runs: int, threads: int) -> float:
    compiled = compile_network(network)
    chance = chances(compiled, NIGHT)
    drawn = draw_runs(NIGHT, seed=1, numbers=np.arange(runs))
    deadlines_s = np.array([one.deadline_s for one in network.groups])
    return runs / min(
        _seconds(lambda: walk_runs(compiled, chance, drawn, deadlines_s=deadlines_s, threads=threads))
        for _ in range(5)
    )


def _rate(work: Callable[[], object], batches: int = 5, batch_s: float = 0.3) -> float:
    """How often per second something can be done: in the best of some batches, as the kernel is measured too."""
    single_s = max(_seconds(work), 1e-6)
    count = max(1, round(batch_s / single_s))
    return count / min(_seconds(lambda: [work() for _ in range(count)]) for _ in range(batches))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _cpu_flags() -> set[str]:
    try:
        return set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return set()
