"""``prep alert contributions``: who makes or breaks it, person by person and channel by channel."""

from pathlib import Path

import click

from prep.cli.alerting.asking import (
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
from prep.cli.output import as_json, show_json, show_table
from prep.cli.rights import right
from prep.language import say


@right("chain.read")
@click.command()
@network_options
@scenario_options
@chance_options
@as_json
def contributions(
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
    json_wanted: bool,
) -> None:
    """In how many runs each person and channel made a group, or would have made it, had it been certain."""
    from prep.alerting.contributions import contributions as play
    from prep.alerting.explanation import part_words

    whole = asked(path, group)
    scenario = scenario_of(scenario_name, at=at, down=down, fails=fails, network=whole.network, own=whole.own)
    warm_up()
    found = [
        (key, one)
        for key in whole.groups
        for one in play(whole.network, scenario, key, runs=runs, seed=seed, threads=threads)
    ]
    if json_wanted:
        show_json(
            [
                {
                    "group": key,
                    "kind": one.part.kind,
                    "key": one.part.key,
                    "made": share_as_json(one.made),
                    "missed": share_as_json(one.missed),
                }
                for key, one in found
            ]
        )
        return
    names = {one.key: one.name for one in whole.network.groups}
    show_table(
        [say("Group"), say("Person or channel"), say("Reached only through it"), say("Missed because of it")],
        [
            [
                names[key],
                part_words(one.part, whole.network),
                share_in_short(one.made),
                share_in_short(one.missed),
            ]
            for key, one in found
            if one.made.count or one.missed.count
        ],
        title=say("{scenario}, {runs} runs, seed {seed}", scenario=scenario.name, runs=runs, seed=str(seed)),
    )
    show_caution()
