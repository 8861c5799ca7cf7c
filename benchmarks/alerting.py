"""Alert chains: runs per second of the kernel beside SimPy, networkx and the reference, in one run."""

import itertools
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import numpy as np

from benchmarks.county import county
from benchmarks.numpy_engine import NumPyChain
from benchmarks.slow_engines import SimPyChain, shortest_paths
from prep.alerting.batches import draw_runs, in_threads, walk_runs
from prep.alerting.candidates import candidates
from prep.alerting.chain import Network
from prep.alerting.compiled import Floats, chances, compile_network
from prep.alerting.cuts import joint_cuts, minimal_cuts
from prep.alerting.exact import exact
from prep.alerting.fixes import best_fix
from prep.alerting.hours import heat_maps, hours_of_week
from prep.alerting.list_changes import Candidate
from prep.alerting.packages import best_package
from prep.alerting.played import Player
from prep.alerting.rare import rare_failure
from prep.alerting.reference import group_time, simulate_run
from prep.alerting.scenarios import PRESETS, Scenario
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
    changes(county())
    scaling()


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
        "plain NumPy over runs": 1000
        / min(_seconds(lambda: NumPyChain(network, HOUR, 1000).run()) for _ in range(3)),
        "reference (heapq)": _rate(lambda: simulate_run(network, NIGHT, seed=1, run=next(number))),
    }
    runs = max(2048, 12_000_000 // attempts // 128 * 128)
    one, two = (_kernel_rate(network, runs, threads) for threads in (1, 2))
    rates |= {"kernel, one core": one, "kernel, two threads": two}
    print(f"{name}: {len(network.actors)} actors, {len(network.groups)} groups, {attempts} attempts")
    for engine, rate in rates.items():
        print(f"  {engine:26} {rate:12,.1f} runs/s {rate / rates['SimPy']:10,.1f} × SimPy")
    limit = _random_numbers_per_s() / (attempts + len(network.actors) * 2 + len(network.points) * 2)
    print(f"  {one / limit:.0%} of what drawing alone would allow")
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
        ("minimal cuts of up to 3 parts, every group", lambda: minimal_cuts(network, NIGHT, order=3)),
        ("minimal cuts of up to 4 parts, every group", lambda: minimal_cuts(network, NIGHT, order=4)),
        ("sets of 2 that silence several groups", lambda: joint_cuts(network, NIGHT, order=2)),
        ("a rare failure, one group", lambda: rare_failure(network, NIGHT, "m3")),
        ("the 168 hours of a week, every group, 4 000 runs", lambda: heat_maps(network, _week())),
    ):
        print(f"  {_seconds(ask):8.3f}  {text}")


def scaling() -> None:
    """How time grows with runs, actors and threads; how much memory it takes."""
    print("scaling, seconds: runs × municipalities")
    for municipalities in (4, 8, 16, 32):
        network = county(municipalities)
        row = [
            _seconds(lambda: simulate(network, NIGHT, runs=runs, explain=False))  # noqa: B023
            for runs in (2_000, 10_000, 50_000)
        ]
        print(f"  {len(network.actors):6} actors " + " ".join(f"{one:8.3f}" for one in row))
    network = county()
    rates = [_kernel_rate(network, 40_960, threads) for threads in (1, 2)]
    print(f"  threads: 1, 2 → {rates[0]:,.0f}, {rates[1]:,.0f} runs/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  most memory so far: {peak:.0f} MB\n")


def _week() -> tuple[datetime, ...]:
    return hours_of_week(date(2026, 9, 7))


def changes(network: Network) -> None:
    """A hundred changes of all groups compared, and the best set of three; both as a planner asks for them."""
    found = {
        one.identity: one
        for group in network.groups
        for one in candidates(network, group.key, weakest=[group.seats[0].holders[0]])
    }
    offered = list(found.values())
    offered = offered[:: max(1, len(offered) // 100)][:100]
    print(f"{len(offered)} changes of all groups × 100 000 runs, and how alike fresh runs rank them:")
    for scenario in (NIGHT, PRESETS["office"]):
        began, used = time.perf_counter(), time.process_time()
        gains = _gains(network, scenario, offered, seed=1)
        took, used = time.perf_counter() - began, time.process_time() - used
        again = _gains(network, scenario, offered, seed=2)
        ranks = [np.argsort(np.argsort(-one, kind="stable")) for one in (gains, again)]
        alike = np.corrcoef(*ranks)[0, 1]
        best = [{int(at) for at in np.argsort(-one, kind="stable")[:5]} for one in (gains, again)]
        print(
            f"  {scenario.key:8} {took:6.1f} s, {used:6.1f} s of processor time; rank correlation {alike:.3f},"
            f" {len(best[0] & best[1])} of the best 5 the same"
        )
    began, used = time.perf_counter(), time.process_time()
    best_package(network, NIGHT, budget=3)
    took, used = time.perf_counter() - began, time.process_time() - used
    print(f"  best set of three changes, all groups: {took:.1f} s, {used:.1f} s of processor time\n")


def _gains(network: Network, scenario: Scenario, offered: Sequence[Candidate], *, seed: int) -> Floats:
    """What each change adds to the share in which all groups are reached, on average over the groups."""
    player = Player(scenario, draw_runs(scenario, seed=seed, numbers=np.arange(100_000)))
    before = player.play(network, threads=None)
    after = in_threads(lambda one: player.again(before, one.network).mean, offered, None)
    return np.array(after) - before.mean


def _random_numbers_per_s() -> float:
    """Hashes per second of the kernel's own generator, in machine code on one core."""
    import numba  # only now: see ``warm``

    from prep.alerting.machine import mixed

    @numba.njit
    def draw(first: int, count: int) -> int:
        total = np.uint64(0)
        for number in range(count):
            total ^= mixed(np.uint64(first + number))
        return total

    draw(1, 10)
    return 20_000_000 / min(_seconds(lambda: draw(1, 20_000_000)) for _ in range(3))


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
