"""``prep cards sheet``: what is printed of chains, bodies and binders beside the cards."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.output import as_json, language, open_database, settings, show_json, show_table
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import say
from prep.terms import CardFormat, Language, SheetKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.cards.parts import Print
    from prep.cards.sheet_records import SheetMaker


@right("card.print", "contact.phone")
@click.command("sheet")
@click.argument("kind", type=click.Choice([str(one) for one in SheetKind]))
@click.argument("key", required=False)
@click.option("--lang", type=click.Choice([str(one) for one in Language]), help="Language of the sheet.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The PDF to write."
)
@as_json
def sheet(kind: str, key: str | None, *, lang: str | None, output: Path, json_wanted: bool) -> None:
    """Print a sheet: of a chain the call list or drill form, of a body its members, of a place its cover or map.

    KEY is that of the chain or of the body; for a map the code or name of a municipality, and for a cover, too, or
    nothing for the county. The contacts of the county need none.
    """
    from prep.cards.imposing import Batch, write_prints
    from prep.cards.sheet_records import SheetMaker
    from prep.cli.drafts import draft
    from prep.db import read_session

    chosen, at = Language(lang) if lang else language(), clock.now()
    with draft(output) as file, read_session(open_database()) as session:
        maker = SheetMaker(
            session, language=chosen, classification=settings().classification, on=clock.today(), at=at
        )
        made = _made(session, maker, SheetKind(kind), key)
        printed = write_prints(file, [Batch(CardFormat.A4, [made])], title=made.name, language=chosen, at=at)
    if json_wanted:
        show_json({"prints": printed.prints, "sides": printed.sides, "file": str(output)})
    else:
        show_table([say("Prints"), say("Sides"), say("File")], [[printed.prints, printed.sides, str(output)]])


def _made(session: "Session", maker: "SheetMaker", kind: SheetKind, key: str | None) -> "Print":
    from prep.alerting.records import find_chain
    from prep.cards.map_records import map_of
    from prep.cards.map_sheets import map_sheet
    from prep.cards.sheets import body_sheet, call_list, contact_sheet, cover, drill_form
    from prep.cli.drafts import land_of, municipality_named
    from prep.evacuation.records import site_states
    from prep.registry.bodies import body_of_key
    from prep.registry.sites import premises

    if kind is SheetKind.CONTACTS:
        return contact_sheet(maker.contacts())
    if kind is SheetKind.COVER:
        return cover(maker.cover(municipality_named(session, key) if key else None))
    if key is None:
        raise Refused(
            Problem(
                place=say("Key"),
                value=None,
                rule=say("A sheet is that of one chain or body."),
                remedy=say("Write its key; “prep chains list” and “prep bodies list” tell the keys."),
            )
        )
    if kind is SheetKind.MAP:
        municipality, today = municipality_named(session, key), clock.today()
        views = site_states(session, on=today, municipality=municipality.code)
        sites = {
            one.id: one
            for one in premises(session, on=today, municipality=municipality.code, with_withdrawn=True)
        }
        return map_sheet(map_of(municipality, views, sites, land_of(session), maker, on=today))
    if kind is SheetKind.BODY:
        return body_sheet(maker.body(body_of_key(session, key)))
    chain = maker.chain(find_chain(session, key))
    return call_list(chain) if kind is SheetKind.CALL_LIST else drill_form(chain)
