"""``prep cards``: print action and contact cards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from prep import clock
from prep.cli.exercise_prints import exercise
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.errors import NotFound, Problem, Refused
from prep.language import Message, in_language, say, sort_key
from prep.outages import why
from prep.terms import CardKind, CardRole, Disruption, Language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.models import Municipality

_KINDS = {"action": [CardKind.ACTION], "contact": [CardKind.CONTACT], "all": list(CardKind)}


@click.group()
def cards() -> None:
    """Cards and sheets on paper."""


cards.add_command(exercise)


@right("card.print", "contact.phone")
@cards.command("print")
@click.option("--kind", type=click.Choice(list(_KINDS)), default="all", show_default=True)
@click.option("--municipality", "place", metavar="M", help="Only one municipality: its code or name.")
@click.option("--role", type=click.Choice([str(role) for role in CardRole], case_sensitive=False))
@click.option("--disruption", type=click.Choice([str(one) for one in Disruption]))
@click.option("--lang", type=click.Choice([str(one) for one in Language]), help="Language of the cards.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The PDF to write."
)
@as_json
def print_cards(
    *,
    kind: str,
    place: str | None,
    role: str | None,
    disruption: str | None,
    lang: str | None,
    output: Path,
    json_wanted: bool,
) -> None:
    """Print cards into one PDF: all of the county, or those of a municipality, role or disruption.

    Each card begins on a sheet of its own: print on both sides of the paper. Every printed card is noted in the
    register of issued cards.
    """
    from prep.cards import document, records
    from prep.db import read_session, write_session

    chosen = Language(lang) if lang else language()
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
                language=chosen,
                classification=settings().classification,
                on=clock.today(),
                at=at,
            )
            title = _title(session, chosen)
        if not made:
            raise _nothing_to_print(" ".join(part for part in (kind, place, role, disruption) if part))
        printed = document.write(file, made, title=title, language=chosen, at=at, tell=remark)
        # Before the file appears: a card that is not in the register must not be in anybody's hands.
        with write_session(engine, actor="command: cards print", why=output.name) as session:
            records.register(session, made, at)
    if json_wanted:
        show_json({"cards": printed.cards, "sides": printed.sides, "file": str(output)})
    else:
        show_table([say("Cards"), say("Sides"), say("File")], [[printed.cards, printed.sides, str(output)]])


def municipality_named(session: "Session", name: str) -> "Municipality":
    """A municipality by its code or its name in Finnish or Swedish.

    Raises
    ------
    NotFound
        With the names there are.
    """
    from sqlalchemy import select

    from prep.models import Municipality

    rows = session.scalars(select(Municipality)).all()
    wanted = name.strip().casefold()
    for row in rows:
        if wanted in {row.code, row.name_fi.casefold(), row.name_sv.casefold()}:
            return row
    raise NotFound(
        Problem(
            place=say("Municipality"),
            value=name,
            rule=say("There is no municipality of this name or code in the county."),
            remedy=say("Write one of {names}.", names=sorted((row.name_fi for row in rows), key=sort_key)),
        )
    )


def _title(session: "Session", chosen: Language) -> str:
    from sqlalchemy import select

    from prep.models import County
    from prep.registry.names import name_of

    county = session.scalars(select(County)).first()
    return in_language(say("Cards – {place}", place=name_of(county, chosen)), chosen)


@contextmanager
def draft(output: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is complete; readable by its owner alone, as the database.

    Raises
    ------
    Refused
        It cannot be written there; what was there before is untouched.
    """
    if output.exists() and not output.is_file():
        raise _unwritable(
            output,
            say("This is the name of a folder or a device."),
            say("Write the name of a file, such as cards.pdf."),
        )
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
            unfinished = Path(file.name)
            try:
                yield file  # type: ignore[misc]
                file.flush()
                os.fsync(file.fileno())
                unfinished.replace(output)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        rule = say("The file cannot be written there: {reason}.", reason=why(error))
        raise _unwritable(output, rule, say("Make room, or choose another place.")) from error


def _unwritable(output: Path, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=str(output), value=None, rule=rule, remedy=remedy))


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
