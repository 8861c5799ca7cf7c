"""``prep alert lint``: what is wrong with the chains before anything is simulated."""

import sys
from pathlib import Path

import click

from prep.cli.alerting.asking import asked, network_asked, network_options
from prep.cli.output import as_json, show_json, show_table, text
from prep.cli.rights import right
from prep.language import say
from prep.terms import State


@right("chain.simulate")
@click.command()
@network_options
@as_json
def lint(*, path: Path | None, group: str | None, json_wanted: bool) -> None:
    """Faults and doubts of all chains together, each with its remedy; exit status 1 if there is a fault."""
    from prep.alerting.lint import lint as find
    from prep.alerting.subnetwork import subnetwork

    whole = network_asked(path, group) if path is None else asked(path, group)
    network = whole.network if group is None else subnetwork(whole.network, whole.groups)
    found = find(network)
    if json_wanted:
        show_json(
            [
                {
                    "rule": one.rule,
                    "severity": one.severity,
                    "subject": one.subject,
                    "place": text(one.problem.place),
                    "value": None if one.problem.value is None else text(one.problem.value),
                    "broken": one.problem.rule,
                    "remedy": one.problem.remedy,
                }
                for one in found
            ]
        )
    elif found:
        columns = [say("Rule"), say("Where"), say("What"), say("What is broken"), say("What to do")]
        show_table(
            ["", *columns],
            [
                [
                    one.severity,
                    one.rule.value,
                    one.problem.place,
                    one.problem.value,
                    one.problem.rule,
                    one.problem.remedy,
                ]
                for one in found
            ],
        )
    else:
        click.echo(text(say("Nothing is wrong with the chains.")))
    if any(one.severity is State.FAULT for one in found):
        sys.exit(1)
