"""The texts of the cards: the county's own versions listed, shown, taken out and in, brought up, approved."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.drafts import draft
from prep.cli.output import as_json, open_database, show_json, show_table, text
from prep.cli.rights import right
from prep.errors import NotFound, Problem
from prep.language import say
from prep.terms import Disruption, Language

if TYPE_CHECKING:
    from prep.cards.text_versions import Line

COMMAND = "command: cards texts"
_DISRUPTION = click.Choice([str(one) for one in Disruption])


@click.group()
def texts() -> None:
    """The texts of the cards, and the county's own versions of them."""


@right("card.read")
@texts.command("list")
@as_json
def list_texts(*, json_wanted: bool) -> None:
    """Which version of each text is on the cards, whether it is approved, and until when."""
    from prep.cards.text_records import standings
    from prep.db import read_session

    with read_session(open_database()) as session:
        rows = [
            {
                "disruption": one.disruption,
                "common_version": one.common.version,
                "newest_version": one.newest.version if one.newest else None,
                "version_on_cards": one.in_use.version,
                "status": one.in_use.status,
                "approved_role": one.in_use_row.approved_role if one.in_use_row else "",
                "approved_on": one.in_use_row.approved_on if one.in_use_row else None,
                "review_due": one.in_use_row.review_due if one.in_use_row else None,
                "is_behind": one.is_behind,
                "conflicts": one.newest.conflicts if one.newest else [],
            }
            for one in standings(session)
        ]
    if json_wanted:
        show_json(rows)
        return
    show_table(
        [
            say("Disruption"),
            say("Common version"),
            say("On cards"),
            say("State"),
            say("Approved by"),
            say("Review by"),
            say("To do"),
        ],
        [
            [
                row["disruption"],
                row["common_version"],
                row["version_on_cards"],
                say("approved") if row["status"] == "approved" else say("draft"),
                row["approved_role"] or None,
                row["review_due"],
                _to_do(row),
            ]
            for row in rows
        ],
    )


@right("card.read")
@texts.command()
@click.argument("disruption", type=_DISRUPTION)
@click.option("--version", type=int, help="One of the county’s versions; else the one on the cards.")
@click.option(
    "--compare", is_flag=True, help="Only where it differs from the common text, both side by side."
)
@click.option("--lang", type=click.Choice([str(one) for one in Language]), default="fi", show_default=True)
@as_json
def show(*, disruption: str, version: int | None, compare: bool, lang: str, json_wanted: bool) -> None:
    """The text of a disruption block by block, or where it differs from the common one."""
    from prep.cards.content import load_library
    from prep.cards.text_versions import blocks, different
    from prep.db import read_session

    with read_session(open_database()) as session:
        wanted = _version(session, Disruption(disruption), version)
    common = load_library().disruptions[Disruption(disruption)]
    place = list(Language).index(Language(lang))

    def joined(lines: "tuple[Line, ...]") -> str:
        return " / ".join(line[place] for line in lines)

    if compare:
        rows = [[key, joined(was), joined(now)] for key, was, now in different(common, wanted)]
        columns = [say("Block"), say("Common text"), say("Text of the county")]
    else:
        rows = [[key, joined(lines)] for key, lines in blocks(wanted).items() if lines]
        columns = [say("Block"), say("Text")]
    if json_wanted:
        show_json({"version": wanted.version, "status": wanted.status, "blocks": rows})
    else:
        show_table(columns, rows)


@right("card.read")
@texts.command()
@click.argument("disruption", type=_DISRUPTION)
@click.option("--version", type=int, help="One of the county’s versions; else the one on the cards.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The file to write.",
)
def export(*, disruption: str, version: int | None, output: Path) -> None:
    """Write a text as a TOML file, to be edited and imported again."""
    from prep.cards.text_versions import as_toml
    from prep.db import read_session

    with read_session(open_database()) as session:
        wanted = _version(session, Disruption(disruption), version)
    with draft(output) as file:
        file.write(as_toml(wanted).encode())


@right("card.edit")
@texts.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--note", default="", metavar="WHY", help="What has been changed, and why.")
@as_json
def import_text(*, file: Path, note: str, json_wanted: bool) -> None:
    """Take a text from a TOML file as the county's next version, a draft.

    A text in which a municipality would issue a danger notice or order an evacuation is refused, as is one that is
    missing in a language or does not fit a card.
    """
    from prep.cards.content import read_disruption
    from prep.cards.text_records import take_in
    from prep.db import write_session

    read = read_disruption(file)
    with write_session(open_database(), actor=COMMAND, why=note or file.name) as session:
        row = take_in(session, read, by=COMMAND, at=clock.now(), note=note)
        shown = {"disruption": row.disruption, "version": row.version, "status": row.status}
    _show(shown, json_wanted=json_wanted)


@right("card.edit")
@texts.command()
@click.argument("disruption", type=_DISRUPTION)
@as_json
def merge(*, disruption: str, json_wanted: bool) -> None:
    """Bring the county's text up to a new common one: local additions stay, and conflicts are named."""
    from prep.cards.text_records import bring_up
    from prep.db import write_session

    with write_session(open_database(), actor=COMMAND) as session:
        row, result = bring_up(session, Disruption(disruption), by=COMMAND, at=clock.now())
        shown = {
            "disruption": row.disruption,
            "version": row.version,
            "status": row.status,
            "taken": list(result.taken),
            "conflicts": list(row.conflicts),
        }
    _show(shown, json_wanted=json_wanted)


@right("card.edit")
@texts.command()
@click.argument("disruption", type=_DISRUPTION)
@click.option("--version", type=int, required=True, help="The version that was looked through: the newest.")
@click.option("--role", required=True, metavar="ROLE", help="In which role it is approved.")
@click.option("--review", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Reviewed again by.")
@as_json
def approve(*, disruption: str, version: int, role: str, review: datetime, json_wanted: bool) -> None:
    """Approve the county's newest version of a text: from now on it is printed, and without the word draft."""
    from prep.cards.text_records import approve as approve_text
    from prep.db import write_session

    with write_session(open_database(), actor=COMMAND, why=role) as session:
        row = approve_text(
            session,
            Disruption(disruption),
            version=version,
            role=role,
            review_due=review.date(),
            by=COMMAND,
            on=clock.today(),
        )
        shown = {
            "disruption": row.disruption,
            "version": row.version,
            "status": row.status,
            "review_due": row.review_due,
        }
    _show(shown, json_wanted=json_wanted)


def _version(session: Any, disruption: Disruption, version: int | None) -> Any:
    from prep.cards.text_records import standing_of, text_of, versions

    standing = standing_of(session, disruption)
    if version is None:
        return standing.in_use
    if version == standing.common.version:
        return standing.common
    row = next((one for one in versions(session, disruption) if one.version == version), None)
    if row is None:
        raise NotFound(
            Problem(
                place=say("The text of the cards"),
                value=f"{disruption} {version}",
                rule=say("There is no such version."),
                remedy=say("“prep cards texts list” says which there are."),
            )
        )
    return text_of(row)


def _show(shown: dict[str, Any], *, json_wanted: bool) -> None:
    if json_wanted:
        show_json(shown)
    else:
        for name, value in shown.items():
            if isinstance(value, date):
                click.echo(f"{name}: {value:%Y-%m-%d}")
            else:
                click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


def _to_do(row: dict[str, Any]) -> str | None:
    if row["conflicts"]:
        return text(say("conflicts: {n}", n=len(row["conflicts"])))
    if row["is_behind"]:
        return text(say("the common text has changed: merge"))
    if row["newest_version"] and row["newest_version"] != row["version_on_cards"]:
        return text(say("version {n} waits for approval", n=row["newest_version"]))
    return None
