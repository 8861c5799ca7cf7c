"""Contacts and their posts: import a list, list, export, find and merge those who are there twice."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep.cli.contact_plans import plan_as_json, show_plan
from prep.cli.imports import heading_and_field, what_happened
from prep.cli.output import as_json, language, open_database, remark, show_json, show_table, text
from prep.cli.rights import right
from prep.language import Message, say
from prep.terms import ActorKind, State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.exchange.contact_plan import ContactPlan
    from prep.exchange.tables import Table
    from prep.models import Person
    from prep.registry.doubles import Candidates

_FORMATS = ("xlsx", "csv", "vcf")


@click.group()
def contacts() -> None:
    """Contacts and their posts: import, list, export, doubles."""


@right("contact.edit", "body.edit")
@contacts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--municipality", metavar="M", help="Whose list it is: a code, a name, or the county.")
@click.option("--apply/--dry-run", "is_applied", default=False, help="Change the registry, or only look.")
@click.option("--sheet", metavar="NAME", help="The sheet to read.")
@click.option(
    "--column",
    "columns",
    metavar="HEADING=FIELD",
    multiple=True,
    help="What a column tells; may be repeated.",
)
@as_json
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
    from prep.exchange.tables import read_file
    from prep.exchange.vocabulary import ListKind

    mapping = dict(heading_and_field(one) for one in columns)
    engine = open_database()
    table = read_file(file, sheet=sheet, kind=ListKind.CONTACTS)
    if is_applied:
        with write_session(engine, actor="command: contacts import", why=table.file) as session:
            plan, places = _plan(session, table, mapping, municipality)
            apply_contacts(session, plan, on=clock.today())
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
        found = _chosen(session, municipality=municipality, state=state, kind=kind)
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
    from prep.cli.cards import draft
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
        found = _chosen(session, municipality=municipality, state=state, kind=kind, body=body, number=number)
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


@right("contact.edit")
@contacts.command("doubles")
@click.option("--municipality", metavar="M", help="Only those of a municipality, or of the county.")
@click.option(
    "--not-same",
    "apart",
    nargs=2,
    type=int,
    metavar="NUMBER NUMBER",
    help="Remember that these two are not the same.",
)
@as_json
def doubles(municipality: str | None, apart: tuple[int, int] | None, json_wanted: bool) -> None:
    """List people who may be there twice, with the reasons."""
    from prep.db import read_session, write_session
    from prep.registry.doubles import are_two, possible_doubles

    engine = open_database()
    if apart is not None:
        with write_session(engine, actor="command: contacts doubles") as session:
            are_two(session, *_two(session, *apart))
        remark(say("Remembered: these two are not asked about again."))
        return
    with read_session(engine) as session:
        found = possible_doubles(session, among=_chosen(session, municipality=municipality))
        if json_wanted:
            show_json([_pair_as_json(pair) for pair in found])
            return
        show_table(
            [say("Number"), say("Name"), say("Number"), say("Name"), say("Why")],
            [
                [
                    *(str(pair.one.id), pair.one.name, str(pair.other.id), pair.other.name),
                    say("{parts}", parts=pair.reasons),
                ]
                for pair in found
            ],
        )
    if not found:
        remark(say("Nobody seems to be there twice."))


@right("contact.edit", "body.edit", "site.edit", "chain.edit")
@contacts.command("merge")
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
        one, gone = _two(session, keep, other)
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
            merging.merge(session, one, gone, details=details, points=points, left_on=one.left_on)
    if json_wanted:
        show_json(answer)
        return
    columns: list[Message | str] = [say("Name"), say("Numbers and addresses"), *(what for what, _ in moved)]
    show_table(columns, [[details.name, len(points), *(n for _, n in moved)]])
    remark(what_happened(is_applied=is_applied, is_changed=True))


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


def _chosen(
    session: "Session",
    *,
    municipality: str | None = None,
    state: str | None = None,
    kind: str | None = None,
    body: str | None = None,
    number: int | None = None,
) -> "list[Person]":
    from prep import clock
    from prep.exchange.contact_importing import owner_called
    from prep.registry.bodies import members_of
    from prep.registry.contacts import numbers_state
    from prep.registry.people import people

    today = clock.today()
    found = people(session)
    if municipality is not None:
        owner = owner_called(session, municipality)
        found = [one for one in found if one.municipality_code == owner.code]
    if body is not None:
        members = members_of(session, body, on=today)
        found = [one for one in found if one.id in members]
    if number is not None:
        found = [_person(session, number)]
    return [
        one
        for one in found
        if (state is None or numbers_state(one, on=today) == state) and (kind is None or one.kind == kind)
    ]


def _two(session: "Session", one: int, other: int) -> "tuple[Person, Person]":
    from prep.errors import Problem, Refused

    if one == other:
        raise Refused(
            Problem(
                place=say("Contacts"),
                value=str(one),
                rule=say("This is one and the same."),
                remedy=say("Name two different numbers."),
            )
        )
    return _person(session, one), _person(session, other)


def _person(session: "Session", number: int) -> "Person":
    from prep.errors import NotFound, Problem
    from prep.models import Person

    found = session.get(Person, number)
    if found is None or found.erased_at is not None:
        raise NotFound(
            Problem(
                place=say("Contacts"),
                value=str(number),
                rule=say("There is nobody of this number."),
                remedy=say("“prep contacts list” tells the numbers."),
            )
        )
    return found


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


def _pair_as_json(pair: "Candidates") -> dict[str, Any]:
    return {
        "people": [{"number": one.id, "name": one.name} for one in (pair.one, pair.other)],
        "reasons": [text(reason) for reason in pair.reasons],
    }


def _place(one: "Person") -> str | None:
    from prep.registry.names import name_of

    return name_of(one.municipality, language()) if one.municipality else None
