"""``prep alert cuts``: what must fail together to silence a group, or several at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep.cli.alerting.asking import asked, network_options, scenario_of, scenario_options
from prep.cli.output import as_json, remark, show_json, show_table, text
from prep.cli.rights import right
from prep.language import Message, say

if TYPE_CHECKING:
    from prep.alerting.chain import Network
    from prep.alerting.cuts import Cut

_KINDS = ("actor", "point", "handset", "resource", "channel")


@right("chain.simulate")
@click.command()
@network_options
@scenario_options
@click.option("--order", type=click.IntRange(1, 4), default=2, show_default=True, help="Most parts in a set.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only these kinds of parts.")
@click.option("--joint", is_flag=True, help="Sets that silence two groups or more at once.")
@as_json
def cuts(
    *,
    path: Path | None,
    group: str | None,
    scenario_name: str,
    at: str | None,
    down: tuple[str, ...],
    fails: tuple[str, ...],
    order: int,
    kinds: tuple[str, ...],
    joint: bool,
    json_wanted: bool,
) -> None:
    """Single points of failure and minimal sets: if these fail together, the group is silent."""
    from prep.alerting.cuts import ALL_KINDS, joint_cuts, minimal_cuts
    from prep.alerting.explanation import left_out_of_cuts, silent_already_told
    from prep.alerting.lint import check
    from prep.alerting.result import PartKind
    from prep.alerting.standing import windows_of

    whole = asked(path, group)
    check(whole.network)
    scenario = scenario_of(scenario_name, at=at, down=down, fails=fails, network=whole.network, own=whole.own)
    chosen = frozenset(map(PartKind, kinds)) if kinds else ALL_KINDS
    if joint:
        found = list(joint_cuts(whole.network, scenario, order=order, kinds=chosen))
    else:
        by_group = minimal_cuts(whole.network, scenario, order=order, kinds=chosen, groups=whole.groups)
        found = [cut for rows in by_group.values() for cut in rows]
    told = [
        one
        for one in (
            silent_already_told(whole.network, scenario, whole.groups),
            left_out_of_cuts(whole.network, scenario),
        )
        if one
    ]
    if json_wanted:
        keys = list(windows_of(whole.network.resources, scenario))
        show_json([{**_as_json(cut), "left_out": keys} for cut in found])
        for one in told:  # an empty list cannot say it
            remark(one)
        return
    if not found:
        click.echo(text(_none_found(order, joint=joint)))
        for one in told:
            click.echo(text(one))
        return
    names = {one.key: one.name for one in whole.network.groups}
    show_table(
        [say("Groups"), say("Silent if all of these fail")],
        [[", ".join(names[key] for key in cut.groups), _words(cut, whole.network)] for cut in found],
        title=scenario.name,
    )
    for one in told:
        click.echo(text(one))


def _none_found(order: int, *, joint: bool) -> Message:
    if joint:
        return say("No set of up to {n} parts silences two groups at once.", n=order)
    return say("No set of up to {n} parts silences a group.", n=order)


def _words(cut: "Cut", network: "Network") -> str:
    from prep.alerting.explanation import part_words

    return " + ".join(text(part_words(part, network)) for part in cut.parts)


def _as_json(cut: "Cut") -> dict[str, Any]:
    return {
        "groups": cut.groups,
        "parts": [
            {
                "kind": part.kind,
                "key": part.key,
                "alike": [{"kind": one.kind, "key": one.key} for one in cut.alike.get(part, ())],
            }
            for part in cut.parts
        ],
    }
