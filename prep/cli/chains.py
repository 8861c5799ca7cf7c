"""``prep chains``: alert chains, what they say and whether they hold."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.output import (
    SIGNS,
    as_json,
    language,
    open_database,
    settings,
    show_json,
    show_table,
    text,
)
from prep.cli.rights import right
from prep.language import say
from prep.terms import Language, Paper

if TYPE_CHECKING:
    from prep.alerting.finding import Finding


@click.group()
def chains() -> None:
    """Alert chains: list, show, take from a file."""


@right("chain.read")
@chains.command("list")
@as_json
def list_chains(*, json_wanted: bool) -> None:
    """Every chain with the group that it is to reach."""
    from prep.alerting.lint import lint
    from prep.alerting.records import all_chains, load_network
    from prep.db import read_session
    from prep.registry.names import name_of

    with read_session(open_database()) as session:
        rows = []
        for chain in all_chains(session):
            findings = lint(load_network([chain], on=clock.today()))
            rows.append(
                {
                    "key": chain.key,
                    "name": chain.name,
                    "group": name_of(chain.body, language()),
                    "seats": len(chain.body.seats),
                    "quorum": chain.body.quorum or len(chain.body.seats),
                    "deadline_min": chain.deadline_min,
                    "findings": len(findings),
                }
            )
    if json_wanted:
        show_json(rows)
        return
    columns = [say("Chain"), say("Group"), say("Seats"), say("Quorum"), say("Deadline, min"), say("Findings")]
    show_table(
        columns,
        [
            [row["key"], row["group"], row["seats"], row["quorum"], row["deadline_min"], row["findings"]]
            for row in rows
        ],
    )


@right("chain.read")
@chains.command()
@click.argument("key")
@as_json
def show(key: str, *, json_wanted: bool) -> None:
    """One chain as it stands today: who calls whom, by which channel, and what is wrong with it."""
    from prep.alerting.labels import CHANNELS
    from prep.alerting.lint import lint
    from prep.alerting.records import find_chain, load_network
    from prep.db import read_session

    with read_session(open_database()) as session:
        network = load_network([find_chain(session, key)], on=clock.today())
    findings = lint(network)
    calls = [
        (one.caller, order, item) for one in network.lists for order, item in enumerate(one.items, start=1)
    ]
    if json_wanted:
        rows = [
            {
                "caller": network.actor(caller).name,
                "starts": caller in network.sources,
                "order": order,
                "target": network.actor(item.target).name,
                "channel": item.channel,
            }
            for caller, order, item in calls
        ]
        doubts = [{"severity": one.severity, "rule": one.rule, "sentence": one.problem} for one in findings]
        show_json({"calls": rows, "findings": doubts})
        return
    show_table(
        [say("Caller"), "", say("Order"), say("Calls"), say("Channel")],
        [
            [
                network.actor(caller).name,
                say("starts") if caller in network.sources else "",
                order,
                network.actor(item.target).name,
                CHANNELS[item.channel],
            ]
            for caller, order, item in calls
        ],
    )
    _show_findings(findings)


@right("chain.read", "card.print", "contact.phone")
@chains.command()
@click.argument("key")
@click.option(
    "--paper", type=click.Choice([str(one) for one in Paper]), default=str(Paper.A3), show_default=True
)
@click.option("--lang", type=click.Choice([str(one) for one in Language]), help="Language of the poster.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The PDF to write."
)
def poster(key: str, *, paper: str, lang: str | None, output: Path) -> None:
    """Print one chain with names and numbers: on one sheet, or on several to be joined."""
    from prep.alerting.records import find_chain
    from prep.cards.poster import write_poster
    from prep.cards.poster_records import poster_of
    from prep.cli.cards import draft
    from prep.db import read_session

    with draft(output) as file, read_session(open_database()) as session:
        made = poster_of(
            find_chain(session, key),
            language=Language(lang) if lang else language(),
            classification=settings().classification,
            on=clock.today(),
            at=clock.now(),
        )
        sheets = write_poster(file, made, paper=Paper(paper))
    click.echo(
        text(say("Poster of {chain}: sheets {n}, in {file}.", chain=made.title, n=sheets, file=str(output)))
    )


@right("chain.edit")
@chains.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_file(file: Path) -> None:
    """Take chains from a file; a chain of the same key is replaced, or nothing is changed."""
    from prep.db import write_session
    from prep.exchange.chain_files import import_chains

    with write_session(open_database(), actor="command: chains import", why=str(file)) as session:
        imported = import_chains(session, file, on=clock.today())
        keys = [one.chain.key for one in imported]
    click.echo(text(say("Chains taken into use: {keys}.", keys=keys)))
    for key, one in zip(keys, imported, strict=True):
        _show_findings(one.findings, before=f"{key}: ")


def _show_findings(findings: Iterable["Finding"], *, before: str = "") -> None:
    for finding in findings:
        click.echo(f"{SIGNS[finding.severity]} {before}{finding.problem.in_language(language())}")
