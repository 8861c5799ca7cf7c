"""Contacts and their posts: import a list, list, export, find and merge those who are there twice."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep.cli.contact_choice import chosen, person_of
from prep.cli.contact_doubles import doubles, merge
from prep.cli.contact_plans import plan_as_json, show_plan
from prep.cli.contact_retention import retain
from prep.cli.imports import heading_and_field, import_options, what_happened
from prep.cli.output import as_json, language, open_database, remark, show_json, show_table
from prep.cli.rights import right
from prep.language import say
from prep.terms import ActorKind, State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.exchange.contact_plan import ContactPlan
    from prep.exchange.tables import Table
    from prep.models import Person

_FORMATS = ("xlsx", "csv", "vcf")


@click.group()
def contacts() -> None:
    """Contacts and their posts: import, list, export, doubles."""


contacts.add_command(doubles)
contacts.add_command(merge)
contacts.add_command(retain)


@right("contact.edit", "body.edit")
@contacts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--municipality", metavar="M", help="Whose list it is: a code, a name, or the county.")
@import_options
def import_(
    file: Path,
    municipality: str | None,
    is_applied: bool,
    sheet: str | None,
    columns: tuple[str, ...],
    json_wanted: bool,
) -> None:
    """Import a list of people (XLSX, ODS or CSV), with their posts.

    Without --apply nothing is changed: the difference to the registry and everything that is doubtful in the
    list are shown. Somebody is known by number or e-mail, else by name and municipality.
    """
    from prep import clock
    from prep.db import read_session, write_session
    from prep.exchange.contact_applying import apply_contacts
    from prep.exchange.contact_importing import owner_called
    from prep.exchange.remembering import remember
    from prep.exchange.tables import read_file
    from prep.exchange.vocabulary import ListKind

    mapping = dict(heading_and_field(one) for one in columns)
    engine = open_database()
    table = read_file(file, sheet=sheet, kind=ListKind.CONTACTS)
    if is_applied:
        with write_session(engine, actor="command: contacts import", why=table.file) as session:
            plan, places = _plan(session, table, mapping, municipality)
            apply_contacts(session, plan, on=clock.today())
            owner = owner_called(session, municipality) if municipality else None
            remember(
                session,
                table,
                mapping,
                municipality=owner.code if owner else None,
                by="command: contacts import",
                on=clock.today(),
            )
    else:
        with read_session(engine) as session:
            plan, places = _plan(session, table, mapping, municipality)
    if json_wanted:
        show_json(plan_as_json(plan, places, is_applied=is_applied))
    else:
        show_plan(plan, places)
        remark(what_happened(is_applied=is_applied, is_changed=plan.changes_something))


@right("contact.read", "contact.phone")
@contacts.command("list")
@click.option("--municipality", metavar="M", help="Only those of a municipality, or of the county.")
@click.option(
    "--state", type=click.Choice([one.value for one in State]), help="Only with numbers in this state."
)
@click.option(
    "--kind", type=click.Choice([one.value for one in ActorKind]), help="Only people, desks or systems."
)
@as_json
def list_(municipality: str | None, state: str | None, kind: str | None, json_wanted: bool) -> None:
    """List contacts with their posts and their numbers in calling order."""
    from prep import clock
    from prep.db import read_session
    from prep.exchange.contact_plan import EVERYTHING
    from prep.exchange.contact_posts import Posts, post_words
    from prep.registry.contacts import numbers_state

    today = clock.today()
    with read_session(open_database()) as session:
        found = chosen(session, municipality=municipality, state=state, kind=kind)
        terms = Posts(session, EVERYTHING).terms_by_person()
        rows = [
            (
                one,
                numbers_state(one, on=today),
                [post_words(term, language()) for term in terms[one.id] if term.covers(today)],
            )
            for one in found
        ]
        if json_wanted:
            show_json([_person_as_json(one, state, posts) for one, state, posts in rows])
            return
        show_table(
            ["", say("Number"), say("Name"), say("Municipality"), say("Posts"), say("Numbers and addresses")],
            [
                [
                    state,
                    str(one.id),
                    one.name,
                    _place(one),
                    ", ".join(posts) or None,
                    ", ".join(point.value for point in one.contact_points) or say("no number"),
                ]
                for one, state, posts in rows
            ],
        )
    if not rows:
        remark(say("Nobody fits this choice."))


@right("contact.read", "contact.phone")
@contacts.command("show")
@click.argument("number", type=int)
@as_json
def show(number: int, json_wanted: bool) -> None:
    """Show one contact: numbers in calling order, posts with their days, absences."""
    from prep import clock
    from prep.db import read_session
    from prep.exchange.contact_posts import post_words
    from prep.freshness import state_of
    from prep.registry.appointments import terms_of
    from prep.registry.contacts import numbers_state

    today = clock.today()
    with read_session(open_database()) as session:
        one = person_of(session, number)
        terms = terms_of(session, one)
        if json_wanted:
            posts = [
                {"post": post_words(term, language()), "starts": term.starts, "ends": term.ends}
                for term in terms
            ]
            away = [{"starts": absence.starts, "ends": absence.ends} for absence in one.absences]
            known = _person_as_json(one, numbers_state(one, on=today), [])
            show_json({**known, "posts": posts, "away": away})
            return
        show_table(
            [say("Number"), say("Name"), say("Title"), say("Organisation"), say("Municipality")],
            [[str(one.id), one.name, one.title or None, one.organisation or None, _place(one)]],
        )
        show_table(
            ["", say("Numbers and addresses"), say("Confirmed")],
            [[state_of(point, on=today), point.value, point.confirmed_on] for point in one.contact_points],
        )
        show_table(
            [say("Post"), say("First day"), say("Last day")],
            [[post_words(term, language()), term.starts, term.ends] for term in terms],
        )
        if one.absences:
            show_table(
                [say("Away, first day"), say("Away, last day")],
                [[absence.starts, absence.ends] for absence in one.absences],
            )


@right("contact.read", "contact.phone", "export")
@contacts.command("export")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The file: .xlsx, .csv or .vcf."
)
@click.option("--municipality", metavar="M", help="Only those of a municipality, or of the county.")
@click.option(
    "--state", type=click.Choice([one.value for one in State]), help="Only with numbers in this state."
)
@click.option(
    "--kind", type=click.Choice([one.value for one in ActorKind]), help="Only people, desks or systems."
)
@click.option("--body", metavar="KEY", help="Only those who sit or stand in in a body.")
@click.option("--person", "number", type=int, metavar="NUMBER", help="Only the person of this number.")
@as_json
def export(
    output: Path,
    municipality: str | None,
    state: str | None,
    kind: str | None,
    body: str | None,
    number: int | None,
    json_wanted: bool,
) -> None:
    """Write contacts to a table that imports back without a difference, or to vCards for an address book."""
    from prep import audit, clock
    from prep.cli.drafts import draft
    from prep.db import write_session
    from prep.exchange.contact_exporting import contact_sheet
    from prep.exchange.exporting import FileKind, table_file
    from prep.exchange.vcards import vcards

    form = output.suffix.lstrip(".").casefold()
    if form not in _FORMATS:
        raise click.BadParameter(f"one of .{', .'.join(_FORMATS)}", param_hint="--output")
    engine = open_database()
    with (
        draft(output) as file,
        write_session(engine, actor="command: contacts export", why=output.name) as session,
    ):
        found = chosen(session, municipality=municipality, state=state, kind=kind, body=body, number=number)
        if form == "vcf":
            content = vcards(session, found, on=clock.today(), at=clock.now(), language=language())
        else:
            sheet = contact_sheet(session, found, on=clock.today(), language=language())
            content = table_file(sheet, FileKind(form), language=language())
        audit.note(session, "export", "contacts", {"people": len(found), "as": form})
        file.write(content)
    if json_wanted:
        show_json({"people": len(found), "file": str(output)})
    else:
        show_table([say("Contacts"), say("File")], [[len(found), str(output)]])


def _plan(
    session: "Session", table: "Table", mapping: dict[str, str], municipality: str | None
) -> "tuple[ContactPlan, dict[str, str]]":
    from prep import clock
    from prep.exchange.contact_importing import owner_called, plan_contacts
    from prep.registry.names import name_of
    from prep.registry.sites import municipalities

    owner = owner_called(session, municipality) if municipality else None
    places = {one.code: name_of(one, language()) for one in municipalities(session)}
    return plan_contacts(session, table, on=clock.today(), mapping=mapping, owner=owner), places


def _person_as_json(one: "Person", state: State, posts: list[str]) -> dict[str, Any]:
    return {
        "number": one.id,
        "name": one.name,
        "kind": one.kind,
        "title": one.title,
        "organisation": one.organisation,
        "municipality": one.municipality_code,
        "language": one.language,
        "posts": posts,
        "state": state,
        "points": [
            {
                "kind": point.kind,
                "value": point.value,
                "purpose": point.purpose,
                "confirmed_on": point.confirmed_on,
            }
            for point in one.contact_points
        ],
    }


def _place(one: "Person") -> str | None:
    from prep.registry.names import name_of

    return name_of(one.municipality, language()) if one.municipality else None
