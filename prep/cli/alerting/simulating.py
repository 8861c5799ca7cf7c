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
from prep.cli.alerting.together import beside_of, show_result
from prep.cli.output import as_json, language, open_database, remark, show_json, show_table
from prep.cli.rights import right
from prep.language import Message, as_written, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.alerting.answers import Answer
    from prep.alerting.chain import Network
    from prep.alerting.result import Result
    from prep.alerting.scenarios import Scenario
    from prep.models import Chain

# One chain, its network on the day, and what the simulation said of it.
Row = tuple["Chain", "Network", "Answer"]


@right("chain.simulate")
@click.command()
@network_options
@scenario_options
@click.option("--deadline-min", type=click.IntRange(1, 240), help="Instead of each chain's own deadline.")
@chance_options
@click.option(
    "--half-width",
    type=click.FloatRange(0.0001, 0.5),
    help="Instead of --runs: until intervals are so narrow, or after a million runs.",
)
@click.option(
    "--together", is_flag=True, help="All chains at once: whoever is on several calls for all of them."
)
@click.option(
    "--by",
    "by_min",
    multiple=True,
    type=click.IntRange(1, 240),
    metavar="MIN",
    help="All chains at once: also the shares reached within so many minutes.",
)
@click.option(
    "--compare",
    "other_name",
    metavar="SCENARIO",
    help="All chains at once: another scenario beside it, with the same luck.",
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
    by_min: tuple[int, ...],
    other_name: str | None,
    json_wanted: bool,
) -> None:
    """Can every group be reached in time; the weakest link; the one change that helps most.

    Each chain of the database is asked by itself. The answers are kept, and the list of what is not in order rests
    on them; with a deadline, a moment, outages or scenarios of your own, with all chains together or a file they
    are only shown.
    """
    deadline_s = deadline_min * 60.0 if deadline_min else None
    if path is not None or together or at or down or fails or half_width or by_min or other_name:
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
        beside = beside_of(
            whole,
            scenario,
            result,
            other_name,
            runs=result.runs,
            seed=seed,
            threads=threads,
            deadline_s=deadline_s,
        )
        show_result(
            whole.network,
            scenario,
            result,
            deadline_s=deadline_s,
            by_min=by_min,
            beside=beside,
            json_wanted=json_wanted,
        )
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
        for chain in all_chains(session) if group is None else [find_chain(session, group)]:
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
    result = simulate_until(network, scenario, half_width=half_width, **options)
    widest = max(((one.quorum.high - one.quorum.low) / 2 for one in result.groups), default=0.0)
    if widest > half_width:
        remark(
            say(
                "After {runs} runs the widest interval is still ± {width} % points.",
                runs=result.runs,
                width=round(widest * 100, 2),
            )
        )
    return result


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
        # Outages for a part of the time: what silences alone is told as if they did not happen.
        "left_out_of_single_points": given.left_out,
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
