"""``prep alert exact``: whether the alarm gets through at all, solved without chance and without time."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep.cli.alerting.asking import asked, network_options, scenario_of, scenario_options, show_caution
from prep.cli.output import as_json, language, show_json, show_table, text
from prep.cli.progress import progress
from prep.cli.rights import right
from prep.language import Message, percent, say

if TYPE_CHECKING:
    from prep.alerting.exact import Sensitivity


@right("chain.simulate")
@click.command()
@network_options
@scenario_options
@as_json
def exact(
    *,
    path: Path | None,
    group: str | None,
    scenario_name: str,
    at: str | None,
    down: tuple[str, ...],
    fails: tuple[str, ...],
    json_wanted: bool,
) -> None:
    """Could the alarm get through at all, and on which facts does that hang: exactly, an upper bound in time."""
    from prep.alerting.exact import exact as solve
    from prep.alerting.explanation import fact_words, left_out_of_bound
    from prep.alerting.lint import check

    whole = asked(path, group)
    check(whole.network)
    scenario = scenario_of(scenario_name, at=at, down=down, fails=fails, network=whole.network, own=whole.own)
    with progress(say("Solving"), len(whole.groups)) as done:
        solved = [done(solve(whole.network, scenario, key)) for key in whole.groups]
    if json_wanted:
        show_json(
            [
                {
                    "group": one.group,
                    "scenario": scenario.key,
                    "p": one.p,
                    "bound": "upper",
                    "left_out": one.left_out,
                    "facts": [
                        {
                            "kind": fact.fact[0],
                            "key": fact.fact[1],
                            "p": fact.p,
                            "birnbaum": fact.birnbaum,
                            "gain": fact.gain,
                        }
                        for fact in one.sensitivities
                        if fact.fact[0] != "link"
                    ],
                }
                for one in solved
            ]
        )
        return
    names = {one.key: one.name for one in whole.network.groups}

    def in_words(one: "Sensitivity") -> Message:
        fact, gain = fact_words(one.fact, whole.network), round(one.gain * 100, 2)
        return say("{fact}: {gain} % points", fact=fact, gain=gain)

    show_table(
        [say("Group"), say("Gets through at all"), say("What it would gain if this never failed")],
        [
            [
                names[one.group],
                percent(one.p, language(), digits=2),
                next((in_words(fact) for fact in one.sensitivities if fact.fact[0] != "link"), None),
            ]
            for one in solved
        ],
        title=scenario.name,
    )
    click.echo(text(say("An upper bound: no deadline, and every attempt on every list is made.")))
    if left_out := left_out_of_bound(whole.network, scenario):
        click.echo(text(left_out))
    show_caution()
