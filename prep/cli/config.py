"""``prep config``: the settings in force, and where each comes from."""

import click

from prep.cli.output import as_json, settings, show_json, show_table
from prep.cli.rights import right
from prep.config import origins
from prep.language import say


@click.group()
def config() -> None:
    """The settings."""


@right("settings.read")
@config.command()
@as_json
def show(*, json_wanted: bool) -> None:
    """Every setting with its value, where the value comes from, and what it does."""
    rows = origins()
    if json_wanted:
        show_json(
            {
                "instance": str(settings().instance),
                "settings": [
                    {"name": one.name, "value": one.shown, "origin": one.origin, "does": one.sentence}
                    for one in rows
                ],
            }
        )
        return
    show_table(
        [say("Setting"), say("Value"), say("From"), say("What it does")],
        [[one.name, one.shown or None, one.origin or say("default"), one.sentence] for one in rows],
        title=say("Settings of {folder}", folder=str(settings().instance)),
    )
