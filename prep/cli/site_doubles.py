"""Premises that may be on the list twice: finding them, and making one of two; columns that are remembered."""

from typing import TYPE_CHECKING, Any

import click

from prep.cli.imports import what_happened
from prep.cli.output import as_json, open_database, remark, show_json, show_table
from prep.cli.pairs import not_same_option, show_pairs, told_apart, two_of
from prep.cli.rights import right
from prep.language import Message, say
from prep.language import day as written_day

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.models import RememberedColumn, Site


@right("site.edit")
@click.command("doubles")
@click.option("--municipality", metavar="M", help="Only those of a municipality: a code or a name.")
@not_same_option
@as_json
def doubles(municipality: str | None, apart: tuple[int, int] | None, json_wanted: bool) -> None:
    """List premises that may be on the list twice, with the reasons."""
    from prep import clock
    from prep.db import read_session, write_session
    from prep.registry.site_doubles import are_two_sites, possible_site_doubles
    from prep.registry.sites import find_municipality, premises

    engine = open_database()
    if apart is not None:
        with write_session(engine, actor="command: sites doubles") as session:
            are_two_sites(session, *_two_of(session, *apart))
        told_apart()
        return
    with read_session(engine) as session:
        code = find_municipality(session, municipality).code if municipality else None
        among = premises(session, on=clock.today(), municipality=code)
        found = possible_site_doubles(session, among=among)
        show_pairs(found, kind="premises", heading=say("Premises"), json_wanted=json_wanted)
    if not found and not json_wanted:
        remark(say("No premises seem to be on the list twice."))


@right("site.edit")
@click.command("merge")
@click.argument("keep", type=int)
@click.argument("other", type=int)
@click.option(
    "--take", "taken", multiple=True, metavar="FIELD", help="Take this from the other; may be repeated."
)
@click.option("--apply/--dry-run", "is_applied", default=False, help="Merge them, or only look.")
@as_json
def merge(keep: int, other: int, taken: tuple[str, ...], is_applied: bool, json_wanted: bool) -> None:
    """Make one of two premises: KEEP takes over what only OTHER knows, its uses, key holders and files.

    The numbers are those that “prep sites doubles” tells.
    """
    from prep.db import read_session, write_session
    from prep.errors import Refused
    from prep.exchange.words import field_word
    from prep.registry import site_merging

    if strange := sorted(set(taken) - set(site_merging.site_fields())):
        raise click.BadParameter(f"no field {strange[0]}", param_hint="--take")
    engine = open_database()
    opened = write_session(engine, actor="command: sites merge") if is_applied else read_session(engine)
    with opened as session:
        one, gone = _two_of(session, keep, other)
        if problems := site_merging.conflicts(one, gone):
            raise Refused(problems)
        fields = sorted({*taken, *site_merging.proposed(one, gone)})
        answer = {
            "keep": keep,
            "gone": other,
            "applied": is_applied,
            "taken": fields,
            "key_holders": len(gone.key_holders),
        }
        names = [one.name, gone.name]
        if is_applied:
            site_merging.merge_sites(session, one, gone, taken=fields)
    if json_wanted:
        show_json(answer)
        return
    shown: list[Message | str] = [field_word(field) for field in fields]
    show_table(
        [say("Stays"), say("Goes"), say("Taken over from it")],
        [[*names, say("{parts}", parts=shown) if shown else None]],
    )
    remark(what_happened(is_applied=is_applied, is_changed=True))


@right("site.edit", "contact.edit")
@click.command("columns")
@click.option("--municipality", metavar="M", help="Only those of a municipality: a code or a name.")
@click.option("--forget", "is_forgotten", is_flag=True, help="Forget them: the columns are guessed again.")
@as_json
def columns(municipality: str | None, is_forgotten: bool, json_wanted: bool) -> None:
    """List what is remembered of the columns of lists that were imported, or forget it."""
    from prep.db import read_session, write_session
    from prep.exchange.remembering import forget

    engine = open_database()
    opened = write_session(engine, actor="command: sites columns") if is_forgotten else read_session(engine)
    with opened as session:
        rows = _remembered(session, municipality)
        answer = [_column_as_json(row) for row in rows]
        shown = [
            [
                row.heading,
                row.field or say("not read"),
                row.list_kind,
                row.municipality_code,
                written_day(row.said_on),
                row.said_by,
            ]
            for row in rows
        ]
        if is_forgotten:
            forget(session, rows)
    if json_wanted:
        show_json(answer)
        return
    show_table(
        [say("Column"), say("Read as"), say("List"), say("Municipality"), say("Said"), say("By")], shown
    )
    if is_forgotten:
        remark(say("Forgotten: {n}. The columns are guessed again.", n=len(rows)))
    elif not rows:
        remark(say("Nothing is remembered."))


def _remembered(session: "Session", municipality: str | None) -> "list[RememberedColumn]":
    from prep.exchange.remembering import remembered
    from prep.exchange.vocabulary import ListKind
    from prep.registry.sites import find_municipality, municipalities

    places = (
        [find_municipality(session, municipality).code]
        if municipality
        else [None, *(one.code for one in municipalities(session))]
    )
    return [row for kind in ListKind for row in remembered(session, kind, municipalities=places)]


def _two_of(session: "Session", one: int, other: int) -> "tuple[Site, Site]":
    return two_of(session, one, other, place=say("Premises"), find=_site)


def _site(session: "Session", number: int) -> "Site":
    from prep.errors import NotFound, Problem
    from prep.models import Site

    found = session.get(Site, number)
    if found is None:
        raise NotFound(
            Problem(
                place=say("Premises"),
                value=str(number),
                rule=say("There are no premises of this number."),
                remedy=say("“prep sites doubles” tells the numbers."),
            )
        )
    return found


def _column_as_json(row: "RememberedColumn") -> dict[str, Any]:
    return {
        "column": row.heading,
        "field": row.field,
        "list": row.list_kind,
        "municipality": row.municipality_code,
        "said_on": row.said_on.isoformat(),
        "said_by": row.said_by,
    }
