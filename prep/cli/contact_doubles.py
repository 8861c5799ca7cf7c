"""Contacts who may be there twice: finding them, and making one of two."""

import click

from prep.cli.contact_choice import chosen, two_of
from prep.cli.imports import what_happened
from prep.cli.output import as_json, open_database, remark, show_json, show_table, text
from prep.cli.pairs import not_same_option, show_pairs, told_apart
from prep.cli.rights import right
from prep.language import Message, say


@right("contact.edit")
@click.command("doubles")
@click.option("--municipality", metavar="M", help="Only those of a municipality, or of the county.")
@not_same_option
@as_json
def doubles(municipality: str | None, apart: tuple[int, int] | None, json_wanted: bool) -> None:
    """List people who may be there twice, with the reasons."""
    from prep.db import read_session, write_session
    from prep.registry.doubles import are_two, possible_doubles

    engine = open_database()
    if apart is not None:
        with write_session(engine, actor="command: contacts doubles") as session:
            are_two(session, *two_of(session, *apart))
        told_apart()
        return
    with read_session(engine) as session:
        found = possible_doubles(session, among=chosen(session, municipality=municipality))
        show_pairs(found, kind="people", heading=say("Name"), json_wanted=json_wanted)
    if not found and not json_wanted:
        remark(say("Nobody seems to be there twice."))


@right("contact.edit", "body.edit", "site.edit", "chain.edit")
@click.command("merge")
@click.argument("keep", type=int)
@click.argument("other", type=int)
@click.option(
    "--take",
    "taken",
    multiple=True,
    metavar="FIELD",
    help="Take this from the other: name, title, organisation, municipality, language, speaks.",
)
@click.option("--apply/--dry-run", "is_applied", default=False, help="Merge them, or only look.")
@as_json
def merge(keep: int, other: int, taken: tuple[str, ...], is_applied: bool, json_wanted: bool) -> None:
    """Make one person of two: KEEP takes over everything of OTHER, by the numbers that “prep contacts list” tells."""
    from prep.db import read_session, write_session
    from prep.errors import Refused
    from prep.registry import merging

    if strange := sorted(set(taken) - set(merging.FIELDS)):
        raise click.BadParameter(f"no field {strange[0]}", param_hint="--take")
    engine = open_database()
    opened = write_session(engine, actor="command: contacts merge") if is_applied else read_session(engine)
    with opened as session:
        one, gone = two_of(session, keep, other)
        problems = merging.conflicts(session, one, gone)
        if problems:
            raise Refused(problems)
        details = merging.chosen_details(one, gone, taken=frozenset(taken))
        points = merging.suggested_points(one, gone)
        moved = merging.moved(merging.belongings_of(session, gone))
        answer = {
            "keep": keep,
            "gone": other,
            "applied": is_applied,
            "name": details.name,
            "numbers": len(points),
            "moved": {text(what): n for what, n in moved},
        }
        if is_applied:
            merging.merge(
                session, one, gone, details=details, points=points, left_on=merging.left_day(one, gone)
            )
    if json_wanted:
        show_json(answer)
        return
    columns: list[Message | str] = [say("Name"), say("Numbers and addresses"), *(what for what, _ in moved)]
    show_table(columns, [[details.name, len(points), *(n for _, n in moved)]])
    remark(what_happened(is_applied=is_applied, is_changed=True))
