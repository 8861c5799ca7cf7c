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
    remark,
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
    from prep.chains.differences import Difference

KINDS = {"added": say("added"), "removed": say("removed"), "moved": say("place in order")}


@click.group()
def chains() -> None:
    """Alert chains: list, show, compare versions, write to a file, take from a file."""


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
@click.option("--version", "number", type=click.IntRange(min=1), help="As this version of it was.")
@as_json
def show(key: str, *, number: int | None, json_wanted: bool) -> None:
    """One chain with the people of today: who calls whom, by which channel, and what is wrong with it."""
    from prep.alerting.labels import CHANNELS
    from prep.alerting.lint import lint
    from prep.alerting.records import find_chain, load_network
    from prep.chains.references import named_in
    from prep.chains.versions import version_of
    from prep.chains.writing import loose_chain
    from prep.db import read_session

    with read_session(open_database()) as session:
        chain = find_chain(session, key)
        if number is not None:
            entry = version_of(session, chain, number).entry
            chain = loose_chain(entry, named_in(session, [entry]))
        network = load_network([chain], on=clock.today())
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


@right("chain.read")
@chains.command("versions")
@click.argument("key")
@as_json
def list_versions(key: str, *, json_wanted: bool) -> None:
    """The versions of a chain, the newest first: when each was made and by whom."""
    from prep.alerting.records import find_chain
    from prep.chains.versions import versions_of
    from prep.db import read_session

    with read_session(open_database()) as session:
        found = versions_of(session, find_chain(session, key))
    if json_wanted:
        show_json([{"version": one.number, "at": one.made_at, "by": one.made_by} for one in found])
        return
    show_table(
        [say("Version"), say("Time"), say("By whom")],
        [[one.number, one.made_at, one.made_by] for one in found],
    )


@right("chain.read")
@chains.command()
@click.argument("key")
@click.argument("before", type=click.IntRange(min=1))
@click.argument("after", type=click.IntRange(min=1))
@as_json
def diff(key: str, before: int, after: int, *, json_wanted: bool) -> None:
    """What differs between two versions of a chain, in words."""
    from prep.alerting.records import find_chain
    from prep.chains.differences import differences
    from prep.chains.references import named_in
    from prep.chains.versions import version_of
    from prep.db import read_session

    with read_session(open_database()) as session:
        chain = find_chain(session, key)
        old, new = (version_of(session, chain, number).entry for number in (before, after))
        found = differences(old, new, named_in(session, [old, new]), language())
    if json_wanted:
        show_json(_as_rows(found))
        return
    _show_differences(found)


@right("chain.read")
@chains.command("export")
@click.argument("key")
@click.option("--version", "number", type=click.IntRange(min=1), help="As this version of it was.")
def export_file(key: str, *, number: int | None) -> None:
    """Write a chain as JSON, which ``prep chains import`` reads back without a difference; no names, no numbers."""
    from prep.alerting.records import find_chain
    from prep.chains.form import entry_of
    from prep.chains.versions import version_of
    from prep.db import read_session
    from prep.exchange.chain_files import export_chain

    with read_session(open_database()) as session:
        chain = find_chain(session, key)
        entry = entry_of(chain) if number is None else version_of(session, chain, number).entry
    click.echo(export_chain(entry), nl=False)


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
    from prep.cli.drafts import draft
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
@click.option("--apply", "is_applied", is_flag=True, help="Take the chains into use.")
@as_json
def import_file(file: Path, *, is_applied: bool, json_wanted: bool) -> None:
    """Compare a file of chains, TOML or JSON, with those in use; --apply makes each a new version, or none."""
    from prep.chains.differences import differences
    from prep.db import read_session, write_session
    from prep.exchange.chain_files import import_chains, plan_chains

    with read_session(open_database()) as session:
        planned = plan_chains(session, file, on=clock.today())
        told = [
            (
                one.entry.key,
                one.before is None,
                differences(one.before or one.entry, one.entry, one.known, language()),
                one.findings,
            )
            for one in planned
        ]
    if is_applied:
        with write_session(open_database(), actor="command: chains import", why=str(file)) as session:
            import_chains(session, file, on=clock.today())
    if json_wanted:
        show_json(
            {
                "applied": is_applied,
                "chains": [
                    {"key": key, "new": is_new, "differences": _as_rows(found)}
                    for key, is_new, found, _ in told
                ],
            }
        )
        return
    if is_applied:
        click.echo(text(say("Chains taken into use: {keys}.", keys=[key for key, *_ in told])))
    for key, is_new, found, findings in told:
        if is_new:
            click.echo(text(say("{chain}: a new chain.", chain=key)))
        elif not found:
            click.echo(text(say("{chain}: no difference.", chain=key)))
        for one in found:
            click.echo(f"{key}: {text(one.sentence)}")
        _show_findings(findings, before=f"{key}: ")
    if not is_applied:
        remark(say("Nothing has been changed. Take the chains into use with --apply."))


def _as_rows(found: Iterable["Difference"]) -> list[dict[str, object]]:
    return [
        {
            "kind": one.kind,
            "place": one.place,
            "field": one.field,
            "before": one.before,
            "after": one.after,
            "sentence": one.sentence,
        }
        for one in found
    ]


def _show_differences(found: Iterable["Difference"]) -> None:
    rows = [[one.place, one.field or KINDS[one.kind.value], one.before, one.after] for one in found]
    if not rows:
        click.echo(text(say("The two say the same.")))
        return
    show_table([say("Where"), say("What"), say("Before"), say("After")], rows)


def _show_findings(findings: Iterable["Finding"], *, before: str = "") -> None:
    for finding in findings:
        click.echo(f"{SIGNS[finding.severity]} {before}{finding.problem.in_language(language())}")
