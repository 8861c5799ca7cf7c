"""``prep cards``: print cards, and the register of those that were printed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.card_register import check, copies_at, register, reprint
from prep.cli.card_texts import texts
from prep.cli.drafts import draft, municipality_named
from prep.cli.exercise_prints import exercise
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.cli.sheets import sheet
from prep.errors import NotFound, Problem
from prep.language import in_language, say
from prep.terms import CardFormat, CardKind, CardRole, Disruption, Language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COMMAND = "command: cards print"
_KINDS = {"action": [CardKind.ACTION], "contact": [CardKind.CONTACT], "all": list(CardKind)}


@click.group()
def cards() -> None:
    """Cards and sheets on paper."""


cards.add_command(exercise)
cards.add_command(sheet)


@right("card.print", "contact.phone")
@cards.command("print")
@click.option("--kind", type=click.Choice(list(_KINDS)), default="all", show_default=True)
@click.option("--municipality", "place", metavar="M", help="Only one municipality: its code or name.")
@click.option("--role", type=click.Choice([str(role) for role in CardRole], case_sensitive=False))
@click.option("--disruption", type=click.Choice([str(one) for one in Disruption]))
@click.option("--lang", type=click.Choice([str(one) for one in Language]), help="Language of the cards.")
@click.option(
    "--format",
    "chosen",
    type=click.Choice([str(one) for one in CardFormat if one is not CardFormat.TENT]),
    default=str(CardFormat.A4),
    show_default=True,
    help="The size of a face.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The PDF to write."
)
@click.option("--copies", type=click.IntRange(1, 999), default=1, show_default=True, metavar="N")
@click.option("--holder", default="", metavar="WHO", help="Who gets them: a post or a unit.")
@click.option("--place", "where", default="", metavar="WHERE", help="Where they are kept.")
@as_json
def print_cards(
    *,
    kind: str,
    place: str | None,
    role: str | None,
    disruption: str | None,
    lang: str | None,
    chosen: str,
    output: Path,
    copies: int,
    holder: str,
    where: str,
    json_wanted: bool,
) -> None:
    """Print cards into one PDF: all of the county, or those of a municipality, role or disruption.

    Each card begins on a sheet of its own: print on both sides of the paper. In the smaller formats several stand
    on a sheet, with marks for cutting; pocket is one sheet folded to eight faces. Every printed card is noted in the
    register of issued cards.
    """
    from prep.cards import document, records, register_records
    from prep.cards.card_prints import print_of
    from prep.cards.imposing import Batch, write_prints
    from prep.db import read_session, write_session

    written_in = Language(lang) if lang else language()
    engine = open_database()
    at = clock.now()
    # The file first: where it cannot be written is better known before the work than after it.
    with draft(output) as file:
        with read_session(engine) as session:
            made = records.county_cards(
                session,
                kinds=_KINDS[kind],
                municipality=municipality_named(session, place) if place else None,
                role=CardRole(role) if role else None,
                disruption=Disruption(disruption) if disruption else None,
                language=written_in,
                classification=settings().classification,
                on=clock.today(),
                at=at,
            )
            title = _title(session, written_in)
        if not made:
            raise _nothing_to_print(" ".join(part for part in (kind, place, role, disruption) if part))
        if CardFormat(chosen) is CardFormat.A4:
            printed = document.write(file, made, title=title, language=written_in, at=at, tell=remark)
            count, sides = printed.cards, printed.sides
        else:
            batch = Batch(CardFormat(chosen), [print_of(card) for card in made])
            small = write_prints(file, [batch], title=title, language=written_in, at=at)
            count, sides = small.prints, small.sides
        # Before the file appears: a card that is not in the register must not be in anybody's hands.
        with write_session(engine, actor=COMMAND, why=output.name) as session:
            run = register_records.Run(output.name, COMMAND, copies, holder, where)
            register_records.register(session, made, at, run)
    if json_wanted:
        show_json({"cards": count, "sides": sides, "file": str(output)})
    else:
        show_table([say("Cards"), say("Sides"), say("File")], [[count, sides, str(output)]])


def _title(session: "Session", chosen: Language) -> str:
    from sqlalchemy import select

    from prep.models import County
    from prep.registry.names import name_of

    county = session.scalars(select(County)).first()
    return in_language(say("Cards – {place}", place=name_of(county, chosen)), chosen)


def _nothing_to_print(wanted: str) -> NotFound:
    return NotFound(
        Problem(
            place=say("Cards"),
            value=wanted,
            rule=say("There is no card of this kind."),
            remedy=say(
                "A role belongs either to the county or to the municipalities, and not every role has a card for "
                "every disruption: leave out one of the conditions."
            ),
        )
    )


for _command in (register, reprint, copies_at, check, texts):
    cards.add_command(_command)
