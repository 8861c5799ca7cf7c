"""``prep binder``: everything printed of a municipality or of the county in one file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.language import say
from prep.terms import Language

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.binder.content import Binder

COMMAND = "command: binder print"
# In place of a municipality.
COUNTY = "county"


@click.group()
def binder() -> None:
    """The binder of a municipality or of the county."""


@right("card.print", "contact.phone")
@binder.command("print")
@click.argument("place", metavar="MUNICIPALITY|county")
@click.option("--lang", type=click.Choice([str(one) for one in Language]), help="Language of the binder.")
@click.option(
    "-o",
    "--out",
    "output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The PDF to write.",
)
@as_json
def print_binder(place: str, *, lang: str | None, output: Path, json_wanted: bool) -> None:
    """Print the binder of a municipality, or of the county with all its municipalities, into one PDF.

    It holds contacts, bodies, alert chains, premises with their map, and all cards, with contents, dividers and page
    numbers over the whole. Its cards are noted in the register of issued cards.
    """
    from prep.binder.document import write
    from prep.cli.drafts import draft

    engine = open_database()
    made = _made(engine, place, Language(lang) if lang else language())
    with draft(output) as file:
        printed = write(file, made, tell=remark)
        # Before the file appears: a card that is not in the register must not be in anybody's hands.
        _register(engine, made, output)
    if json_wanted:
        show_json(
            {"prints": printed.prints, "pages": printed.sides, "version": made.version, "file": str(output)}
        )
    else:
        show_table(
            [say("Prints"), say("Pages"), say("Version"), say("File")],
            [[printed.prints, printed.sides, made.version, str(output)]],
        )


def _made(engine: "Engine", place: str, chosen: Language) -> "Binder":
    from prep.binder.records import Printing, Sight, county_binder
    from prep.cli.drafts import land_of, municipality_named
    from prep.db import read_session

    printing = Printing(chosen, settings().classification, clock.today(), clock.now())
    with read_session(engine) as session:
        municipality = None if place == COUNTY else municipality_named(session, place)
        return county_binder(session, printing, land_of(session), municipality=municipality, sight=Sight())


def _register(engine: "Engine", made: "Binder", output: Path) -> None:
    from prep.binder.register_records import enter
    from prep.db import write_session

    with write_session(engine, actor=COMMAND, why=output.name) as session:
        enter(session, made, name=output.name, by=COMMAND)
