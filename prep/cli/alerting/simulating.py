"""``prep alert simulate``: is every group reached in time, and what would help most."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.alerting.asking import (
    asked,
    chance_options,
    minutes,
    minutes_as_json,
    network_options,
    scenario_of,
    scenario_options,
    share_as_json,
    share_in_short,
    show_caution,
    warm_up,
)
from prep.cli.output import as_json, language, open_database, show_json, show_table, text
from prep.cli.rights import right
from prep.language import Message, as_written, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.alerting.answers import Answer
    from prep.alerting.chain import Network
    from prep.alerting.rare import RareFailure
    from prep.alerting.result import GroupReach, Result
    from prep.alerting.scenarios import Scenario
    from prep.models import Chain

# One chain, its network on the day, and what the simulation said of it.
Row = tuple["Chain", "Network", "Answer"]
# Where so few runs fail, the share of failures is estimated apart.
_FEW = 30


@right("chain.simulate")
@click.command()
@network_options
@scenario_options
@click.option("--deadline-min", type=click.IntRange(1, 240), help="Instead of each chain's own deadline.")
@chance_options
@click.option("--half-width", type=click.FloatRange(0.0001, 0.5), help="Run until intervals are so narrow.")
@click.option(
    "--together", is_flag=True, help="All chains at once: whoever is on several calls for all of them."
)
@as_json
def simulate(
    *,
    path: Path | None,
    group: str | None,
    scenario_name: str,
    at: str | None,
    down: tuple[str, ...],
    fails: tuple[str, ...],
    deadline_min: int | None,
    runs: int,
    seed: int,
    threads: int | None,
    half_width: float | None,
    together: bool,
    json_wanted: bool,
) -> None:
    """Can every group be reached in time; the weakest link; the one change that helps most.

    Each chain of the database is asked by itself. The answers are kept, and the list of what is not in order rests
    on them; with a deadline, a moment, outages or scenarios of your own, with all chains together or a file they
    are only shown.
    """
    deadline_s = deadline_min * 60.0 if deadline_min else None
    if path is not None or together or at or down or fails or half_width:
        whole = asked(path, group)
        scenario = scenario_of(
            scenario_name, at=at, down=down, fails=fails, network=whole.network, own=whole.own
        )
        warm_up()
        result = _result(
            whole.network,
            scenario,
            runs=runs,
            seed=seed,
            threads=threads,
            groups=whole.groups,
            deadline_s=deadline_s,
            half_width=half_width,
        )
        show_result(whole.network, scenario, result, deadline_s=deadline_s, json_wanted=json_wanted)
        return
    engine = open_database()
    warm_up()
    from prep.alerting.answers import answer
    from prep.alerting.records import all_chains, find_chain, load_network
    from prep.alerting.scenario_records import own_scenarios
    from prep.alerting.scenarios import parse
    from prep.db import read_session

    rows: list[Row] = []
    with read_session(engine) as session:
        own = own_scenarios(session)
        scenario = parse(scenario_name, own)
        for chain in [find_chain(session, group)] if group else all_chains(session):
            network = load_network([chain], on=clock.today(), language=language())
            given = answer(network, scenario, runs=runs, seed=seed, threads=threads, deadline_s=deadline_s)
            rows.append((chain, network, given))
        # An own scenario may say something else tomorrow: an answer to it could not be repeated.
        if deadline_min is None and own.keys().isdisjoint(part.strip() for part in scenario_name.split("+")):
            _keep(engine, rows)
        if json_wanted:
            show_json([row_as_json(row) for row in rows])
            return
        show_answers(
            rows,
            title=say(
                "{scenario}, {runs} runs, seed {seed}", scenario=scenario.name, runs=runs, seed=str(seed)
            ),
        )


def _result(
    network: "Network",
    scenario: "Scenario",
    *,
    runs: int,
    half_width: float | None,
    **options: Any,
) -> "Result":
    from prep.alerting.simulate import simulate as play
    from prep.alerting.simulate import simulate_until

    if half_width is None:
        return play(network, scenario, runs=runs, **options)
    return simulate_until(network, scenario, half_width=half_width, **options)


def show_result(
    network: "Network", scenario: "Scenario", result: "Result", *, deadline_s: float | None, json_wanted: bool
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
        show_json(_result_as_json(network, result, rare))
        return
    names = {one.key: one.name for one in network.groups}
    rows = [
        [
            reach_state(one.quorum),
            names[one.group],
            share_in_short(one.quorum),
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
    show_caution()


def _result_as_json(network: "Network", result: "Result", rare: dict[str, "RareFailure"]) -> dict[str, Any]:
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
        "groups_reached": None if result.together is None else result.together.counts,
    }


def _rare_as_json(rare: "RareFailure") -> dict[str, float]:
    return {
        "p": rare.p,
        "low": rare.low,
        "high": rare.high,
        "effective_runs": rare.effective_runs,
        "never_p": rare.never_p,
    }


def _keep(engine: "Engine", rows: list[Row]) -> None:
    """Store the answers: only now, so that nobody waits to write while the simulation runs."""
    from prep.alerting.answer_records import store_result
    from prep.db import write_session

    with write_session(engine, actor="command: alert simulate") as session:
        for chain, network, given in rows:
            store_result(session, chain, network, given.result, extra=given.extra())


def show_answers(rows: list[Row], *, title: Message) -> None:
    """The table of answers, and under it what it rests on."""
    from prep.alerting.words import weakest_in_short
    from prep.readiness.judgement import reach_state

    show_table(
        [
            "",
            say("Group"),
            say("Quorum in time"),
            say("All"),
            say("Median"),
            say("90 %"),
            say("Weakest link (share of failures)"),
            say("Best single change"),
        ],
        [
            [
                reach_state(given.reach.quorum),
                chain.name,
                share_in_short(given.reach.quorum),
                share_in_short(given.reach.all_seats, interval=False),
                minutes(given.reach.median),
                minutes(given.reach.p90),
                weakest_in_short(given.reach, network),
                fix_in_short(given),
            ]
            for chain, network, given in rows
        ],
        title=title,
    )
    show_caution()


def fix_in_short(given: "Answer") -> Message:
    if given.fix is None:
        return say("no single change helps for certain")
    gain = as_written(round(given.fix.gain * 100, 1), language())
    return say("{change} (+{gain} % points)", change=given.fix.sentence, gain=gain)


def row_as_json(row: Row) -> dict[str, Any]:
    from prep.alerting.explanation import part_name

    chain, network, given = row
    reach = given.reach
    return {
        "chain": chain.key,
        "group": chain.body.key,
        "scenario": given.result.scenario,
        "seed": given.result.seed,
        "runs": given.result.runs,
        "deadline_min": reach.deadline_s / 60,
        "quorum": share_as_json(reach.quorum),
        "all": share_as_json(reach.all_seats),
        "median_min": minutes_as_json(reach.median),
        "p90_min": minutes_as_json(reach.p90),
        "expected_seats": reach.expected_seats,
        "weakest": reach.failures.weakest and part_name(reach.failures.weakest.part, reach.group, network),
        "single_points": [part_name(part, reach.group, network) for part in given.single_points],
        "best_change": given.fix
        and {
            "kind": given.fix.kind,
            "sentence": given.fix.sentence,
            "before": given.fix.before.p,
            "after": given.fix.after.p,
            "gain_low": given.fix.gain_low,
            "gain_high": given.fix.gain_high,
        },
        "network": given.result.network,
    }
