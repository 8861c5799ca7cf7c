"""``prep alert fixes``: the best single changes of a group, and the best set of changes for a budget."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep.cli.alerting.asking import (
    Asked,
    asked,
    chance_options,
    network_options,
    scenario_of,
    scenario_options,
    share_as_json,
    share_in_short,
    show_caution,
    warm_up,
)
from prep.cli.output import as_json, language, open_database, remark, show_json, show_table, text
from prep.cli.progress import progress
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import Message, as_written, say

if TYPE_CHECKING:
    from prep.alerting.list_changes import FixKind
    from prep.alerting.packages import Package, Standing
    from prep.alerting.scenarios import Scenario


@right("chain.simulate")
@click.command()
@network_options
@scenario_options
@chance_options
@click.option("--budget", type=click.FloatRange(0.01, 50), help="The best set of changes for so much.")
@click.option("--cost", "costs", multiple=True, metavar="KIND=N", help="What a kind of change costs, else 1.")
@click.option("--aim", type=click.Choice(("worst", "all")), default="worst", show_default=True)
@click.option("--keep", is_flag=True, help="Keep with each chain, as a draft, the changes that fit it.")
@as_json
def fixes(
    *,
    path: Path | None,
    group: str | None,
    scenario_name: str,
    at: str | None,
    down: tuple[str, ...],
    fails: tuple[str, ...],
    runs: int,
    seed: int,
    threads: int | None,
    budget: float | None,
    costs: tuple[str, ...],
    aim: str,
    keep: bool,
    json_wanted: bool,
) -> None:
    """What would help: single changes of each group, or with --budget the best set for all, before and after."""
    if budget is None and (costs or keep or aim != "worst"):
        raise click.UsageError("--cost, --aim and --keep belong to a set of changes: give its --budget.")
    whole = asked(path, group)
    scenario = scenario_of(scenario_name, at=at, down=down, fails=fails, network=whole.network, own=whole.own)
    warm_up()
    if budget is None:
        _singles(whole, scenario, json_wanted=json_wanted, runs=runs, seed=seed, threads=threads)
        return
    from prep.alerting.packages import COSTS, Aim, best_package
    from prep.alerting.subnetwork import subnetwork

    network = whole.network if group is None else subnetwork(whole.network, whole.groups)
    with progress(say("Comparing sets of changes")):
        package = best_package(
            network,
            scenario,
            budget=budget,
            aim=Aim(aim),
            costs={**COSTS, **dict(map(_cost, costs))},
            runs=runs,
            seed=seed,
            threads=threads,
        )
    if keep and package.steps:
        _keep(path, package, scenario, runs=runs, seed=seed)
    if json_wanted:
        show_json(_package_as_json(package))
        return
    _show_package(network, package, title=scenario.name)


def _singles(whole: Asked, scenario: Any, *, json_wanted: bool, **options: Any) -> None:
    from prep.alerting.fixes import fixes as find

    names = {one.key: one.name for one in whole.network.groups}
    with progress(say("Comparing changes"), len(whole.groups)) as done:
        found = {key: done(find(whole.network, scenario, key, **options)) for key in whole.groups}
    if json_wanted:
        show_json(
            {
                key: [
                    {
                        "kind": fix.kind,
                        "subject": fix.subject,
                        "detail": fix.detail,
                        "sentence": fix.sentence,
                        "before": share_as_json(fix.before),
                        "after": share_as_json(fix.after),
                        "gain_low": fix.gain_low,
                        "gain_high": fix.gain_high,
                    }
                    for fix in rows
                ]
                for key, rows in found.items()
            }
        )
        return
    show_table(
        [say("Group"), say("Change"), say("Before"), say("After")],
        [
            [names[key], fix.sentence, share_in_short(fix.before), share_in_short(fix.after)]
            for key, rows in found.items()
            for fix in rows
        ],
        title=scenario.name,
    )
    show_caution()


def _show_package(network: Any, package: "Package", *, title: Any) -> None:
    if not package.steps:
        click.echo(text(say("No change within the budget helps.")))
        return
    names = {one.key: one.name for one in network.groups}
    stands: list[tuple[Message, str, float | None, Standing]] = [
        (say("as it stands"), "", None, package.before)
    ]
    stands += [
        (step.change.sentence, names.get(step.change.detail, ""), step.cost, step.after)
        for step in package.steps
    ]
    show_table(
        [say("Change"), say("Group"), say("Cost"), say("Worst group"), "", say("All groups at once")],
        [
            [
                sentence,
                concerned,
                None if cost is None else as_written(cost, language()),
                names[one.worst[0]],
                share_in_short(one.worst[1]),
                share_in_short(one.all_groups),
            ]
            for sentence, concerned, cost, one in stands
        ],
        title=title,
    )
    after = dict(package.after.groups)
    show_table(
        [say("Group"), say("Before"), say("After")],
        [
            [names[key], share_in_short(share), share_in_short(after[key])]
            for key, share in package.before.groups
        ],
    )
    show_caution()


def _keep(path: Path | None, package: "Package", scenario: "Scenario", *, runs: int, seed: int) -> None:
    """Store with every chain those changes of the set that fit it."""
    if path is not None:
        raise Refused(
            Problem(
                place=say("Draft of a chain"),
                value=path.name,
                rule=say("Drafts are kept in the database, beside the chain that they change."),
                remedy=say("Leave out --keep, or ask the database."),
            )
        )
    from prep import clock
    from prep.alerting.answer_records import store_drafts
    from prep.alerting.records import all_chains, load_network
    from prep.db import write_session

    changes = [step.change for step in package.steps]
    with write_session(open_database(), actor="command: alert fixes") as session:
        alone = [
            (chain, load_network([chain], on=clock.today(), language=language()))
            for chain in all_chains(session)
        ]
        kept = store_drafts(session, alone, changes, scenario, runs=runs, seed=seed)
        chains = [draft.chain.key for draft in kept.drafts]
    remark(say("Drafts kept: {n}.", n=len(chains)))
    if chains:
        remark(say("Each chain's page takes its own part into use: {chains}.", chains=chains))
    for one in kept.left:
        remark(say("Kept with no chain, because it fits none by itself: {change}", change=one.sentence))


def _package_as_json(package: "Package") -> dict[str, Any]:
    def standing(one: Any) -> dict[str, Any]:
        return {
            "groups": {key: share_as_json(share) for key, share in one.groups},
            "all_groups": share_as_json(one.all_groups),
        }

    return {
        "before": standing(package.before),
        "after": standing(package.after),
        "cost": package.cost,
        "changes": [
            {
                "kind": step.change.kind,
                "subject": step.change.subject,
                "detail": step.change.detail,
                "sentence": step.change.sentence,
                "cost": step.cost,
                "after": standing(step.after),
            }
            for step in package.steps
        ],
    }


def _cost(written: str) -> tuple["FixKind", float]:
    from prep.alerting.list_changes import FixKind

    kind, _, cost = written.partition("=")
    try:
        return FixKind(kind), float(cost)
    except ValueError as error:
        raise Refused(
            Problem(
                place=say("Cost of a change"),
                value=written,
                rule=say("A kind of change and a number belong together."),
                remedy=say(
                    "Write it as {example}; the kinds are: {kinds}.",
                    example="add_deputy=2",
                    kinds=[one.value for one in FixKind],
                ),
            )
        ) from error
