"""One run as a story that a person can read, and as a trace: the same lines that a live drill will write.

A **trace** is JSON of the form ``prep-trace-1``; ``docs/traces.md`` explains it. A simulated run and a drill differ
in ``source`` only, so that one can be laid beside the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from prep.alerting.batches import draw_runs, walk_runs
from prep.alerting.chain import Network
from prep.alerting.compiled import chances, compile_network
from prep.alerting.labels import CHANNELS
from prep.alerting.lint import check
from prep.alerting.reference import Event, Outcome, Run, group_time, simulate_run
from prep.alerting.result import ENGINE
from prep.alerting.scenarios import Scenario
from prep.alerting.subnetwork import subnetwork
from prep.language import Message, say

FORMAT = "prep-trace-1"
WORST_SHARE = 0.95  # of the runs are better than the worst plausible one


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: when, since the alarm, and what happened."""

    at_s: float
    sentence: Message

    @property
    def clock(self) -> str:
        """Minutes and seconds since the alarm, as 00:03 or 1:02:03.

        >>> Line(3723.4, say("")).clock
        '1:02:03'
        """
        hours, rest = divmod(int(self.at_s), 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


@dataclass(frozen=True, slots=True)
class Story:
    """One run told: its number, when each group was reached (None: never), the lines in order of time."""

    scenario: str
    seed: int
    run: int
    groups: tuple[tuple[str, float | None], ...]
    lines: tuple[Line, ...]
    trace: dict[str, Any]


def tell(network: Network, scenario: Scenario, *, seed: int, run: int) -> Story:
    """Play one run again and tell it. The same seed and run are the same story on any machine."""
    check(network)
    played = simulate_run(network, scenario, seed=seed, run=run)
    times = [(group.key, group_time(group, played)) for group in network.groups]
    lines = list(_what_is_out(network, played))
    # What was not needed is in the trace; here it would only hide what happened.
    told = (event for event in played.story if event.outcome is not Outcome.NOT_NEEDED)
    lines += [line for event in told for line in _lines_of(network, event)]
    for key, time in times:
        if time < inf:
            lines.append(Line(time, say("{group} has its quorum.", group=network.group(key).name)))
    lines.sort(key=lambda line: line.at_s)
    end = lines[-1].at_s if lines else 0.0
    for key, time in times:
        if time == inf:
            lines.append(Line(end, say("{group} is never reached.", group=network.group(key).name)))
    return Story(
        scenario=scenario.key,
        seed=seed,
        run=run,
        groups=tuple((key, None if time == inf else time) for key, time in times),
        lines=tuple(lines),
        trace=trace(network, scenario, played, seed=seed, number=run),
    )


def median_run(network: Network, scenario: Scenario, group: str, *, seed: int = 1, runs: int = 2000) -> int:
    """The number of the run in the middle: half of the runs reach the group sooner."""
    return _ranked(network, scenario, group, seed=seed, runs=runs, share=0.5)


def worst_run(network: Network, scenario: Scenario, group: str, *, seed: int = 1, runs: int = 2000) -> int:
    """The number of the worst plausible run: nineteen of twenty reach the group sooner, or as late."""
    return _ranked(network, scenario, group, seed=seed, runs=runs, share=WORST_SHARE)


def trace(network: Network, scenario: Scenario, run: Run, *, seed: int, number: int) -> dict[str, Any]:
    """The run as a trace: identifiers only, no names and no telephone numbers."""
    return {
        "format": FORMAT,
        "source": "simulation",
        "engine": ENGINE,
        "scenario": scenario.key,
        "seed": seed,
        "run": number,
        "hour": run.hour.value,
        "down": list(run.down),
        "turns": [{"at_s": one.at_s, "down": list(one.down), "up": list(one.up)} for one in run.turns],
        "groups": [
            {"group": group.key, "reached_s": _finite(group_time(group, run))} for group in network.groups
        ],
        "events": [
            {
                "at_s": event.at_s,
                "caller": event.caller,
                "target": event.target,
                "slot": event.slot,
                "channel": event.channel.value,
                "outcome": event.outcome.value,
                "answered_s": event.answered_s,
            }
            for event in run.story
        ],
    }


def _ranked(network: Network, scenario: Scenario, group: str, *, seed: int, runs: int, share: float) -> int:
    check(network)
    compiled = compile_network(subnetwork(network, [group]))
    drawn = draw_runs(scenario, seed=seed, numbers=np.arange(runs))
    times = walk_runs(compiled, chances(compiled, scenario), drawn, deadlines_s=np.array([0.0]))
    order = np.lexsort((drawn.number, times.group_s[0]))
    return int(drawn.number[order[min(int(runs * share), runs - 1)]])


def _what_is_out(network: Network, run: Run) -> Iterator[Line]:
    """What is out of order at the alarm, and what changes after it."""

    def names(keys: Sequence[str]) -> list[str]:
        return [one.name for one in network.resources if one.key in keys]

    if run.down:
        yield Line(0.0, say("Out of order: {names}.", names=names(run.down)))
    for turn in run.turns:
        if turn.down:
            yield Line(turn.at_s, say("From now on out of order: {names}.", names=names(turn.down)))
        if turn.up:
            yield Line(turn.at_s, say("In order again: {names}.", names=names(turn.up)))


def _lines_of(network: Network, event: Event) -> Sequence[Line]:
    facts = {
        "caller": network.actor(event.caller).name,
        "target": network.actor(event.target).name,
        "channel": CHANNELS[event.channel],
    }
    begun = Line(event.at_s, Message(_BEGUN[event.outcome].template, facts))
    if event.answered_s is None:
        return [begun]
    return [begun, Line(event.answered_s, Message(_ENDED[event.outcome].template, facts))]


def _finite(time: float) -> float | None:
    return None if time == inf else time


_TRIES = say("{caller} tries {target}: {channel}.")
_BEGUN = {
    Outcome.REACHED: _TRIES,
    Outcome.REFUSED: _TRIES,
    Outcome.DELIVERED: _TRIES,
    Outcome.REPORTED: say("{target} is called back by {caller}: {channel}."),
    Outcome.SILENT: say("{caller} tries {target}: {channel}; no answer."),
    Outcome.BLOCKED: say("{caller} tries {target}: {channel}; the connection is down."),
    Outcome.CUT_OFF: say("{caller} tries {target}: {channel}; the connection fails before the answer."),
    Outcome.CONDITION: say("{caller} does not try {target}: the condition does not hold."),
    Outcome.NOBODY: say("{caller} waits for a step behind which nobody stands."),
}
_ENDED = {
    Outcome.REACHED: say("{target} answers {caller}."),
    Outcome.REFUSED: say("{target} answers {caller}, and cannot come."),
    Outcome.DELIVERED: say("{target} notices the message; nothing comes back to {caller}."),
    Outcome.REPORTED: say("{target} knows from {caller} that the alarm has come through."),
}
