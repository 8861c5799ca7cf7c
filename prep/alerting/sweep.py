"""Many chains, scenarios and hours as one job: over processes, or over machines through ``dask.distributed``.

A job is cut into pieces by scenario. What a piece answers depends on network, scenario, seed and number of runs alone,
so the figures are the same to the last digit wherever the pieces run, and in whichever order they end. Hours that do
not differ are played once.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from prep.alerting.batches import draw_runs, walk_runs
from prep.alerting.chain import Network
from prep.alerting.compiled import Chances, Compiled, chances, compile_network
from prep.alerting.lint import check
from prep.alerting.result import Share
from prep.alerting.scenarios import Scenario
from prep.alerting.subnetwork import subnetwork
from prep.alerting.warm import warm
from prep.errors import Problem, Refused
from prep.language import say

PIECE = 16  # scenarios

_Piece = tuple[Network, tuple[Scenario, ...], int, int, int | None, str | None]


@dataclass(frozen=True, slots=True)
class Swept:
    """How surely one group is reached under one scenario."""

    scenario: str
    group: str
    quorum: Share


def sweep(
    network: Network,
    scenarios: Sequence[Scenario],
    *,
    groups: Sequence[str] | None = None,
    runs: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    processes: int | None = None,
    scheduler: str | None = None,
    cache: Path | None = None,
    told: Callable[[Any], Any] = lambda value: value,
) -> tuple[Swept, ...]:
    """Every group under every scenario, scenario after scenario.

    Parameters
    ----------
    processes
        How many; 1 or None work in this process with ``threads``.
    scheduler
        The address of a dask scheduler, whose workers have the same prep installed.
    cache
        The folder of the machine code, for workers on this machine.
    told
        Is called with the rows of each finished piece.

    Raises
    ------
    Refused
        If ``lint`` finds a fault, or dask is asked for and not installed.
    """
    check(network)
    part = network if groups is None else subnetwork(network, groups)
    firsts, places = _distinct(part, scenarios)
    pieces: list[_Piece] = [
        (part, tuple(firsts[at : at + PIECE]), runs, seed, threads, None if cache is None else str(cache))
        for at in range(0, len(firsts), PIECE)
    ]
    found: list[tuple[Share, ...]] = []
    for rows in _done(pieces, processes=processes, scheduler=scheduler):
        found += told(rows)
    return tuple(
        Swept(scenario.key, group.key, share)
        for scenario, place in zip(scenarios, places, strict=True)
        for group, share in zip(part.groups, found[place], strict=True)
    )


def play_piece(piece: _Piece) -> list[tuple[Share, ...]]:
    """The shares of one piece, by scenario; runs wherever the piece was sent."""
    network, scenarios, runs, seed, threads, cache = piece
    if cache is not None:
        warm(Path(cache))
    compiled = compile_network(network)
    limits = np.array([one.deadline_s for one in network.groups])
    answers = []
    for scenario in scenarios:
        drawn = draw_runs(scenario, seed=seed, numbers=np.arange(runs))
        times = walk_runs(compiled, chances(compiled, scenario), drawn, deadlines_s=limits, threads=threads)
        reached = (times.group_s <= limits[:, None]).sum(axis=1)
        answers.append(tuple(Share(int(count), runs) for count in reached))
    return answers


def _distinct(network: Network, scenarios: Sequence[Scenario]) -> tuple[list[Scenario], list[int]]:
    """The scenarios that differ in anything that is drawn, and for each of all which of them it is."""
    compiled = compile_network(network)
    seen: dict[tuple[Any, ...], int] = {}
    firsts: list[Scenario] = []
    places: list[int] = []
    for scenario in scenarios:
        key = (scenario.mix, _content(compiled, scenario))
        if key not in seen:
            seen[key] = len(firsts)
            firsts.append(scenario)
        places.append(seen[key])
    return firsts, places


def _content(compiled: Compiled, scenario: Scenario) -> bytes:
    found: Chances = chances(compiled, scenario)
    return b"".join(part.tobytes() for hour, _ in scenario.mix for part in found.of(hour))


def _done(
    pieces: list[_Piece], *, processes: int | None, scheduler: str | None
) -> Iterator[list[tuple[Share, ...]]]:
    """The answers of the pieces, in their order."""
    if scheduler is not None:
        yield from _on_cluster(pieces, scheduler)
    elif processes is None or processes == 1:
        yield from map(play_piece, pieces)
    else:
        # Spawned, not forked: a process that has threads must not be forked.
        with ProcessPoolExecutor(min(processes, len(pieces) or 1), get_context("spawn")) as pool:
            yield from pool.map(play_piece, [_alone(piece) for piece in pieces])


def _on_cluster(pieces: list[_Piece], scheduler: str) -> Iterator[list[tuple[Share, ...]]]:
    try:
        import distributed
    except ImportError as error:
        raise Refused(
            Problem(
                place=say("Simulating on several machines"),
                value=scheduler,
                rule=say("The library for it is not installed."),
                remedy=say("Install prep with it: prep[cluster]."),
            )
        ) from error
    try:
        client: Any = distributed.Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise Refused(
            Problem(
                place=say("Simulating on several machines"),
                value=scheduler,
                rule=say("There is no scheduler at this address."),
                remedy=say("Start one, or correct the address."),
            )
        ) from error
    with client:
        yield from client.gather(client.map(play_piece, [_alone(piece) for piece in pieces], pure=False))


def _alone(piece: _Piece) -> _Piece:
    """A piece for a process of its own: on one thread, the others have the other cores."""
    network, scenarios, runs, seed, threads, cache = piece
    return network, scenarios, runs, seed, threads or 1, cache
