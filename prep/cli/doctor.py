"""``prep doctor``: is everything in order?"""

import sys

import click

from prep.cli.output import SIGNS, as_json, settings, show_json, text
from prep.cli.rights import right
from prep.language import say
from prep.terms import State


@right("settings.read", status_1="something is at fault")
@click.command()
@as_json
def doctor(*, json_wanted: bool) -> None:
    """Look at everything that prep depends on; exit status 1 when something is at fault."""
    from prep.doctor import examine

    checks = examine(settings())
    is_sound = all(one.state is not State.FAULT for one in checks)
    if json_wanted:
        show_json(
            {
                "ok": is_sound,
                "checks": [
                    {
                        "key": one.key,
                        "state": one.state,
                        "name": one.name,
                        "meaning": one.meaning,
                        "remedy": one.remedy,
                    }
                    for one in checks
                ],
            }
        )
    else:
        for one in checks:
            click.echo(f"{SIGNS[one.state]} {text(one.name)}: {text(one.meaning)}")
            if one.remedy is not None:
                click.echo(f"  → {text(one.remedy)}")
        faults = sum(one.state is State.FAULT for one in checks)
        warnings = sum(one.state is State.WARNING for one in checks)
        click.echo(text(say("Faults: {faults}, warnings: {warnings}.", faults=faults, warnings=warnings)))
    sys.exit(0 if is_sound else 1)
