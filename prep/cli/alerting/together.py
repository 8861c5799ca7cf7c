"""All groups of one network at once: the table, by which time, and what another scenario changes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from prep.cli.alerting.asking import (
    Asked,
    minutes,
    minutes_as_json,
    share_as_json,
    share_in_short,
    show_caution,
)
from prep.cli.output import language, show_json, show_table, text
from prep.language import as_written, say

if TYPE_CHECKING:
    from prep.alerting.chain import Network
    from prep.alerting.paired import Comparison
    from prep.alerting.rare import RareFailure
    from prep.alerting.result import GroupReach, Result
    from prep.alerting.scenarios import Scenario

# Where so few runs fail, the share of failures is estimated apart.
_FEW = 30


@dataclass(frozen=True, slots=True)
class Beside:
    """Another scenario beside the one that is asked about."""

    scenario: "Scenario"
    result: "Result"
    comparison: "Comparison"


def beside_of(
    whole: Asked, scenario: "Scenario", result: "Result", name: str | None, **options: Any
) -> Beside | None:
    if name is None:
        return None
    from prep.alerting.paired import compare
    from prep.alerting.scenarios import parse
    from prep.alerting.simulate import simulate as play
    from prep.alerting.subnetwork import subnetwork

    other = parse(name, whole.own)
    groups = [one.group for one in result.groups]
    return Beside(
        other,
        play(whole.network, other, groups=groups, explain=False, **options),
        compare(subnetwork(whole.network, groups), scenario, other, **options),
    )


def show_result(
    network: "Network",
    scenario: "Scenario",
    result: "Result",
    *,
    deadline_s: float | None,
    json_wanted: bool,
    by_min: tuple[int, ...] = (),
    beside: Beside | None = None,
) -> None:
    """All groups of one network; where hardly a run fails, how rarely."""
    from prep.alerting.rare import rare_failure
    from prep.alerting.words import weakest_in_short
    from prep.readiness.judgement import reach_state

    rare = {
        one.group: rare_failure(network, scenario, one.group, seed=result.seed, deadline_s=deadline_s)
        for one in result.groups
        if one.failures.failing < _FEW
    }
    if json_wanted:
        show_json(_result_as_json(network, result, rare, by_min=by_min, beside=beside))
        return
    names = {one.key: one.name for one in network.groups}
    rows = [
        [
            reach_state(one.quorum),
            names[one.group],
            share_in_short(one.quorum),
            *_beside_in_short(one, beside),
            *(share_in_short(one.curve.share_by(minute * 60.0)) for minute in by_min),
            share_in_short(one.all_seats, interval=False),
            minutes(one.median),
            minutes(one.p90),
            as_written(round(one.expected_seats, 1), language()),
            rare[one.group].sentence() if one.group in rare else weakest_in_short(one, network),
        ]
        for one in result.groups
    ]
    columns = [
        say("Group"),
        say("Quorum in time"),
        *(() if beside is None else (beside.scenario.name, say("Change, % points"))),
        *(say("In {n} min", n=minute) for minute in by_min),
        say("All"),
        say("Median"),
        say("90 %"),
        say("Seats reached on average"),
        say("Weakest link (share of failures)"),
    ]
    title = say(
        "{scenario}, {runs} runs, seed {seed}",
        scenario=scenario.name,
        runs=result.runs,
        seed=str(result.seed),
    )
    show_table(["", *columns], rows, title=title)
    if result.together is not None and len(result.groups) > 1:
        click.echo(
            text(
                say(
                    "All {n} groups in time: {share}. On average {mean} of them.",
                    n=len(result.groups),
                    share=result.together.share.sentence(),
                    mean=round(result.together.expected, 1),
                )
            )
        )
        for minute in by_min:
            share = result.together.curve.share_by(minute * 60.0).sentence()
            click.echo(text(say("All groups within {n} minutes: {share}.", n=minute, share=share)))
        worst = min(result.groups, key=lambda one: one.quorum.p)
        click.echo(
            text(say("Worst: {group}, {share}.", group=names[worst.group], share=worst.quorum.sentence()))
        )
    show_caution()


def _beside_in_short(one: "GroupReach", beside: Beside | None) -> list[str]:
    if beside is None:
        return []
    change = beside.comparison.groups[one.group]
    middle, low, high = (
        f"{as_written(round(value * 100, 1), language())}" for value in (change.p, change.low, change.high)
    )
    return [share_in_short(beside.result.group(one.group).quorum), f"{middle} ({low} … {high})"]


def _result_as_json(
    network: "Network",
    result: "Result",
    rare: dict[str, "RareFailure"],
    *,
    by_min: tuple[int, ...],
    beside: Beside | None,
) -> dict[str, Any]:
    from prep.alerting.explanation import part_name

    def told(one: "GroupReach") -> dict[str, Any]:
        weakest = one.failures.weakest
        return {
            "group": one.group,
            "deadline_min": one.deadline_s / 60,
            "quorum": share_as_json(one.quorum),
            "all": share_as_json(one.all_seats),
            "median_min": minutes_as_json(one.median),
            "p90_min": minutes_as_json(one.p90),
            "expected_seats": one.expected_seats,
            "seats": {seat.seat: share_as_json(seat.by_deadline) for seat in one.seats},
            "people": {person.actor: share_as_json(person.by_deadline) for person in one.people},
            "curve": {"at_s": one.curve.at_s, "reached": one.curve.reached},
            "weakest": weakest and part_name(weakest.part, one.group, network),
            "by_min": {str(n): share_as_json(one.curve.share_by(n * 60.0)) for n in by_min},
            "compared": beside and _compared_as_json(one.group, beside),
            "rare_failure": _rare_as_json(rare[one.group]) if one.group in rare else None,
        }

    return {
        "engine": result.engine,
        "network": result.network,
        "scenario": result.scenario,
        "seed": result.seed,
        "runs": result.runs,
        "groups": [told(one) for one in result.groups],
        "all_groups": None if result.all_groups is None else share_as_json(result.all_groups),
        "all_groups_by_min": {str(n): share_as_json(result.together.curve.share_by(n * 60.0)) for n in by_min}
        if result.together is not None
        else {},
        "compared_with": beside and beside.scenario.key,
        "groups_reached": None if result.together is None else result.together.counts,
    }


def _compared_as_json(group: str, beside: Beside) -> dict[str, Any]:
    change = beside.comparison.groups[group]
    return {
        "quorum": share_as_json(beside.result.group(group).quorum),
        "change": {"p": change.p, "low": change.low, "high": change.high},
    }


def _rare_as_json(rare: "RareFailure") -> dict[str, float]:
    return {
        "p": rare.p,
        "low": rare.low,
        "high": rare.high,
        "effective_runs": rare.effective_runs,
        "never_p": rare.never_p,
    }
