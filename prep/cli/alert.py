"""``prep alert``: can every group be reached, how fast, what fails, what helps."""

from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table, text
from prep.cli.rights import right
from prep.language import Message, as_written, percent, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.alerting.answers import Answer
    from prep.alerting.chain import Network
    from prep.alerting.result import Percentile, Share
    from prep.models import Chain

# One chain, its network on the day, and what the simulation said of it.
Row = tuple["Chain", "Network", "Answer"]


@click.group()
def alert() -> None:
    """Simulate alert chains."""


@right("chain.simulate")
@alert.command()
@click.option("--group", "-g", metavar="G", help="Only this group: the key of its chain or body.")
@click.option(
    "--scenario",
    "-s",
    "scenario_name",
    default="holiday",
    show_default=True,
    help="Such as night+mobile_down.",
)
@click.option("--deadline-min", type=click.IntRange(1, 240), help="Instead of each chain's own deadline.")
@click.option("--runs", type=click.IntRange(100, 10_000_000), default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True)
@click.option("--threads", type=click.IntRange(1, 256), help="The figures are the same for any number.")
@as_json
def simulate(
    *,
    group: str | None,
    scenario_name: str,
    deadline_min: int | None,
    runs: int,
    seed: int,
    threads: int | None,
    json_wanted: bool,
) -> None:
    """Can every group be reached in time; the weakest link; the one change that helps most.

    The answers are kept, and the list of what is not in order rests on them; with a deadline of your own they
    are only shown.
    """
    engine = open_database()
    warm_up()
    from prep.alerting.answers import answer
    from prep.alerting.records import all_chains, find_chain, load_network
    from prep.alerting.scenarios import parse
    from prep.db import read_session

    scenario = parse(scenario_name)
    rows: list[Row] = []
    with read_session(engine) as session:
        for chain in [find_chain(session, group)] if group else all_chains(session):
            network = load_network([chain], on=clock.today(), language=language())
            given = answer(
                network,
                scenario,
                runs=runs,
                seed=seed,
                threads=threads,
                deadline_s=deadline_min * 60.0 if deadline_min else None,
            )
            rows.append((chain, network, given))
        if deadline_min is None:
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


def _keep(engine: "Engine", rows: list[Row]) -> None:
    """Store the answers: only now, so that nobody waits to write while the simulation runs."""
    from prep.alerting.records import store_result
    from prep.db import write_session

    with write_session(engine, actor="command: alert simulate") as session:
        for chain, network, given in rows:
            store_result(session, chain, network, given.result, extra=given.extra())


def warm_up() -> None:
    """Make the simulator ready; the first time on a machine it has to be compiled."""
    folder = settings().instance / "compiled"
    if not folder.exists():
        remark(say("Compiling the simulator, once on this machine (some seconds) …"))
    from prep.alerting.warm import warm

    warm(folder)


def show_answers(rows: list[Row], *, title: Message) -> None:
    """The table of answers, and under it what it rests on."""
    from prep.alerting.defaults import caution
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
    click.echo(text(caution()))


def share_in_short(share: "Share", *, interval: bool = True) -> str:
    """A share with its interval; never a bare 0 or 100 %.

    A bound stands for what never, or always, happened in the runs.
    """
    digits = 1 if share.high - share.low < 0.01 else 0
    if share.count == 0:
        return f"<\xa0{percent(share.high, language(), digits=2)}"
    if share.count == share.runs:
        return f">\xa0{percent(share.low, language(), digits=2)}"
    middle = percent(share.p, language(), digits=digits)
    if not interval:
        return middle
    low, high = (
        percent(bound, language(), digits=digits).removesuffix("\xa0%") for bound in (share.low, share.high)
    )
    return f"{middle} ({low}–{high})"


def minutes(time: "Percentile") -> Message | None:
    """A time in minutes; None when that share of the runs never reached the group."""
    if time.value_s is None:
        return None
    return say("{minutes} min", minutes=round(time.value_s / 60, 1))


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
        "quorum": _share_as_json(reach.quorum),
        "all": _share_as_json(reach.all_seats),
        "median_min": _minutes_as_json(reach.median),
        "p90_min": _minutes_as_json(reach.p90),
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


def _share_as_json(share: "Share") -> dict[str, float]:
    return {"p": share.p, "low": share.low, "high": share.high}


def _minutes_as_json(time: "Percentile") -> float | None:
    return None if time.value_s is None else time.value_s / 60
