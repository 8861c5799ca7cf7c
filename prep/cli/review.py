"""``prep review``: what has to be confirmed, and confirming it as it stands."""

from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.output import as_json, language, open_database, show_json, show_table, text
from prep.cli.rights import right
from prep.errors import NotFound, Problem, Refused
from prep.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prep.registry.ownership import Owner
    from prep.registry.review import Asked, Item


@click.group()
def review() -> None:
    """What has to be confirmed, and confirming it."""


@right("contact.edit")
@review.command("list")
@click.option("--municipality", metavar="CODE", help="Only what this municipality keeps, such as 272.")
@click.option("--all", "everything", is_flag=True, help="Also what is in order.")
@as_json
def list_(municipality: str | None, *, everything: bool, json_wanted: bool) -> None:
    """Every value that has to be confirmed, the worst first, with who answers for it."""
    from prep.db import read_session
    from prep.registry.ownership import owners
    from prep.registry.review import items

    today = clock.today()
    with read_session(open_database()) as session:
        answering = owners(session, on=today, language=language())
        if municipality is not None and municipality not in answering:
            raise _no_municipality(municipality)
        found = [
            item
            for item in items(session, on=today)
            if (everything or item.is_due) and municipality in {None, item.municipality}
        ]
        if json_wanted:
            show_json([_as_json(item, answering) for item in found])
            return
        show_table(
            ["", say("Key"), say("What"), say("Whose"), say("Age, days"), say("Answers for it")],
            [
                [
                    item.state,
                    item.key,
                    _value(item.row),
                    _whose(item.row),
                    item.age_days,
                    answering[item.municipality].words,
                ]
                for item in found
            ],
        )


@right("contact.edit", "body.edit", "site.edit")
@review.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY…")
@click.option("--by", "name", required=True, help="Who says that it is right: first name and family name.")
def confirm(keys: tuple[str, ...], *, name: str) -> None:
    """Confirm values as they stand, all or none; “prep review list” shows their keys."""
    from prep.db import write_session
    from prep.registry.review import confirm as confirm_rows
    from prep.registry.review import find

    by = " ".join(name.split())
    if not 0 < len(by) <= 200:
        raise Refused(
            Problem(
                place="--by",
                value=by[:40] or None,
                rule=say("A person confirms, and is named in 1 to {most} letters.", most=200),
                remedy=say("Give the name of whoever says that it is right."),
            )
        )
    with write_session(open_database(), actor="command: review confirm") as session:
        rows = [(key, find(session, key)) for key in dict.fromkeys(keys)]
        missing = [key for key, row in rows if row is None]
        if missing:
            raise NotFound([_no_value(key) for key in missing])
        known = [row for _, row in rows if row is not None]
        confirm_rows(session, known, on=clock.today(), by=by)
        show_table(
            [say("What"), say("Whose"), say("Confirmed by")],
            [[_value(row), _whose(row), by] for row in known],
        )


def _value(row: "Asked") -> str:
    from prep.cards.numbers import as_dialled
    from prep.models import ContactPoint, RoleTerm, SeatTerm
    from prep.registry.names import name_of

    match row:
        case ContactPoint():
            return text(as_dialled(row.kind, row.value))
        case RoleTerm():
            return name_of(row.role, language())
        case SeatTerm():
            return f"{name_of(row.seat.body, language())}: {name_of(row.seat, language())}"
        case _:
            return row.name


def _whose(row: "Asked") -> str:
    from prep.models import Site
    from prep.registry.names import name_of

    return name_of(row.municipality, language()) if isinstance(row, Site) else row.person.name


def _as_json(item: "Item", answering: "Mapping[str | None, Owner]") -> dict[str, object]:
    owner = answering[item.municipality]
    return {
        "key": item.key,
        "kind": item.kind,
        "value": _value(item.row),
        "whose": _whose(item.row),
        "municipality": item.municipality,
        "state": item.state,
        "age_days": item.age_days,
        "confirmed_on": item.row.confirmed_on,
        "confirmed_by": item.row.confirmed_by,
        "objection": getattr(item.row, "objection", "") or None,
        "answers": owner.person.name if owner.person else None,
        "answering": owner.answering,
    }


def _no_value(key: str) -> Problem:
    return Problem(
        place=say("The key"),
        value=key[:40],
        rule=say("There is no such value."),
        remedy=say("Take the keys from “prep review list”."),
    )


def _no_municipality(code: str) -> NotFound:
    return NotFound(
        Problem(
            place=say("The municipality"),
            value=code[:10],
            rule=say("The county has no municipality of this code."),
            remedy=say("Take the code from “prep sites list” or from the page of the municipality."),
        )
    )
