"""``prep sites files``, ``attach`` and ``detach``: the plans and photographs of premises."""

from pathlib import Path

import click

from prep.cli.output import as_json, open_database, show_json, show_table
from prep.cli.rights import right
from prep.cli.site_history import site_of
from prep.language import say
from prep.terms import Classification


@right("site.read")
@click.command("files")
@click.argument("number", type=int)
@as_json
def files(number: int, json_wanted: bool) -> None:
    """List the plans and photographs of premises. NUMBER is the id that “prep sites list --json” tells."""
    from prep.attachments import files_of
    from prep.cards.imprint import CLASSIFICATIONS
    from prep.db import read_session

    with read_session(open_database()) as session:
        found = files_of(session, site_of(session, number))
        if json_wanted:
            show_json(
                [
                    {
                        "id": one.id,
                        "name": one.name,
                        "mime": one.mime,
                        "size_bytes": one.size_bytes,
                        "sha256": one.sha256,
                        "classification": one.classification,
                        "added_at": one.added_at,
                        "added_by": one.added_by,
                    }
                    for one in found
                ]
            )
            return
        show_table(
            [say("Number"), say("File"), say("Handling label"), say("Added"), say("Who")],
            [
                [str(one.id), one.name, CLASSIFICATIONS[one.classification], one.added_at, one.added_by]
                for one in found
            ],
        )


@right("site.edit")
@click.command("attach")
@click.argument("number", type=int)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--label",
    type=click.Choice([one.value for one in Classification]),
    default=Classification.INTERNAL.value,
    help="Handling label; what is secret is on no card.",
)
def attach(number: int, path: Path, label: str) -> None:
    """Keep a plan or a photograph (JPEG, PNG, WebP, PDF) with premises.

    Of a picture only the picture is kept; a PDF that runs or carries something is refused.
    """
    from prep.attachments import LARGEST_BYTES, add_site_file
    from prep.db import write_session
    from prep.exchange.safe_files import made_safe

    with path.open("rb") as file:
        safe = made_safe(file.read(LARGEST_BYTES + 1), name=path.name)
    actor = "command: sites attach"
    with write_session(open_database(), actor=actor) as session:
        row = add_site_file(
            session,
            site_of(session, number),
            name=path.name,
            kind=safe.kind,
            content=safe.content,
            by=actor,
            classification=Classification(label),
        )
        show_table([say("Number"), say("File")], [[str(row.id), row.name]])


@right("site.edit")
@click.command("detach")
@click.argument("number", type=int)
@click.argument("file_number", type=int)
def detach(number: int, file_number: int) -> None:
    """Take a file of premises away: NUMBER of the premises, FILE_NUMBER as “prep sites files” tells it."""
    from prep.attachments import file_of, take_away
    from prep.db import write_session

    with write_session(open_database(), actor="command: sites detach") as session:
        row = file_of(session, site_of(session, number), file_number)
        take_away(session, row)
        show_table([say("File")], [[row.name]])
