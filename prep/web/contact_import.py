"""Importing a list of people on pages: the file, the difference that it makes, then the change, which can be undone."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here, shown_number
from prep.auth.roles import Permission
from prep.errors import Conflict, Problem, Refused
from prep.exchange.contact_applying import apply_contacts
from prep.exchange.contact_importing import plan_contacts
from prep.exchange.contact_plan import ContactPlan, Outcome, PlannedPerson, rights_of
from prep.exchange.contact_rows import Owner
from prep.exchange.contact_words import Line, lines_of
from prep.exchange.findings import Finding, Severity, severity_word
from prep.exchange.tables import MAX_BYTES, MAX_COLUMNS, Table, column_letter, read_table
from prep.exchange.vocabulary import ListKind, fields, heading_of, recognised
from prep.language import Message, in_language, say, sort_key
from prep.registry.names import name_of
from prep.registry.sites import municipalities
from prep.terms import State
from prep.web import identity
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may, seen_places
from prep.web.uploads import Upload, sent_file, takes_file
from prep.web.writing import named

pages = Blueprint("contact_import", __name__, url_prefix="/yhteyshenkilot/tuonti")

OWNER, SHEET, COLUMN, DIGEST = "kenen", "taulukko", "sarake-", "tunniste"
_COUNTY = "alue"
# A page is for reading; the rest of a long list is counted, and told whole on the command line.
_MOST_SHOWN = 200
# How often a column comes again in the choices, such as "Puhelin 3".
_MOST_TIMES = 4
_COLUMN_NUMBERS = frozenset(str(number) for number in range(MAX_COLUMNS))
_SIGNS = {Severity.REFUSED: State.FAULT, Severity.WARNING: State.WARNING, Severity.NOTE: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be imported: the file, whose list it is, which sheet, and what the columns tell."""

    upload: Upload
    owner: Owner | None
    sheet: str
    columns: dict[int, str]

    def table(self) -> Table:
        """The list in the file."""
        return read_table(
            self.upload.content,
            name=self.upload.name,
            sheet=self.sheet or None,
            kind=ListKind.CONTACTS,
        )


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the list, what stands in it first, and what it is taken for."""

    number: int
    letter: str
    heading: str
    example: str
    field: str


@dataclass(frozen=True, slots=True)
class Told:
    """Findings of one severity, as many as a page holds."""

    title: Message
    state: State
    sentences: list[str]
    total: int


@pages.get("")
@permission("contact.edit")
def choose() -> str:
    """Choosing the file."""
    with reading() as session:
        return _choosing_page(session, Form())


@pages.post("")
@permission("contact.edit")
@takes_file(MAX_BYTES)
def compare() -> str | tuple[str, int]:
    """What the list would change. Nothing is changed."""
    with reading() as session:
        try:
            asked = _asked(session)
            table = asked.table()
        except Refused as error:
            return _refused_page(session, error)
        return _difference_page(session, asked, table)


@pages.post("/tee")
@permission("contact.edit")
@takes_file(MAX_BYTES)
def apply() -> Response | str | tuple[str, int]:
    """Make the change that was looked at, whole or not at all."""
    with reading() as session:
        try:
            asked = _asked(session)
            table = asked.table()
        except Refused as error:
            return _refused_page(session, error)
    try:
        with saving(why=table.file) as session:
            plan = _plan(session, asked, table)
            if plan.digest != request.form.get(DIGEST):
                raise _other_difference(table)
            apply_contacts(session, plan, on=plan.on)
            return saved(session, "people.listed", "imported", back=url_for("people.listed"))
    except Conflict as error:
        with reading() as session:
            return _difference_page(session, asked, table, error=error, status=409)
    except Refused as error:
        with reading() as session:
            return _difference_page(session, asked, table, error=error, status=422)


def _asked(session: Session) -> Asked:
    upload = sent_file(MAX_BYTES)
    columns = {
        int(number): value
        for name, value in request.form.items()
        if (number := name.removeprefix(COLUMN)) in _COLUMN_NUMBERS
    }
    sheet = request.form.get(SHEET, "").strip()
    return Asked(upload, _owner(session, request.form.get(OWNER, "")), sheet, columns)


def _owner(session: Session, chosen: str) -> Owner | None:
    if not chosen:
        return None
    if chosen == _COUNTY and may(Permission.CONTACT_EDIT):
        return Owner(None, in_language(say("the county"), page_language()))
    for place in seen_places(session, Permission.CONTACT_EDIT):
        if place.code == chosen:
            return Owner(place.code, place.name_fi)
    raise nothing_here()


def _plan(session: Session, asked: Asked, table: Table) -> ContactPlan:
    return plan_contacts(
        session,
        table,
        on=clock.today(),
        mapping=asked.columns,
        owner=asked.owner,
        rights=rights_of(identity.viewer()),
    )


def _other_difference(table: Table) -> Conflict:
    return Conflict(
        Problem(
            place=table.file,
            value=None,
            rule=say("The difference is another one than you looked at; nothing has been changed."),
            remedy=say("Look through the difference below, which is that of now, and import it then."),
        )
    )


def _refused_page(session: Session, error: Refused) -> tuple[str, int]:
    form = sent_back(typed(OWNER, SHEET), error, {"The file": "tiedosto"})
    return _choosing_page(session, form), 422


def _choosing_page(session: Session, form: Form) -> str:
    return render_template("contact_import.html", form=form, owners=_owners(session))


def _owners(session: Session) -> list[tuple[str, str]]:
    places = sorted(seen_places(session, Permission.CONTACT_EDIT), key=lambda place: sort_key(named(place)))
    options = [("", in_language(say("The list tells it, in a column"), page_language()))]
    if may(Permission.CONTACT_EDIT):
        options.append((_COUNTY, in_language(say("the county, or another organisation"), page_language())))
    return [*options, *((place.code, named(place)) for place in places)]


def _difference_page(
    session: Session,
    asked: Asked,
    table: Table,
    *,
    error: Refused | Conflict | None = None,
    status: int = 200,
) -> str | tuple[str, int]:
    plan = None
    try:
        plan = _plan(session, asked, table)
    except Refused as refused:
        # The columns can be said, and then it goes on.
        error, status = refused, 422
    shown = {"plan": plan, **(_difference(session, plan) if plan else {})}
    page = render_template(
        "contact_difference.html",
        form=sent_back({OWNER: _code(asked.owner), SHEET: asked.sheet}, error or (), {"": "columns"}),
        table=table,
        upload=asked.upload,
        owners=_owners(session),
        columns=_columns(table, asked, plan),
        known_fields=_known_fields,
        **shown,
    )
    return (page, status) if status != 200 else page


def _difference(session: Session, plan: ContactPlan) -> dict[str, Any]:
    places = {one.code: name_of(one, page_language()) for one in municipalities(session)}
    new, changed = plan.of(Outcome.NEW), plan.of(Outcome.CHANGED)
    return {
        "counts": [
            (say("New"), len(new)),
            (say("Changed"), len(changed)),
            (say("Unchanged"), len(plan.of(Outcome.UNCHANGED))),
            (say("Rows that do not land"), len(plan.refused)),
            (say("Missing from the list"), len(plan.gone)),
        ],
        "new": [(one, _lines(one, places)) for one in new[:_MOST_SHOWN]],
        "new_total": len(new),
        "changed": [(one, _lines(one, places)) for one in changed[:_MOST_SHOWN]],
        "changed_total": len(changed),
        "gone": plan.gone[:_MOST_SHOWN],
        "told": [one for severity in Severity if (one := _told(severity, plan.findings)).total],
    }


def _lines(person: PlannedPerson, places: dict[str, str]) -> list[Line]:
    def shown(value: str) -> str:
        return shown_number(value, identity.viewer(), municipality=person.details.municipality)

    return lines_of(person, language=page_language(), places=places, shown=shown)


def _told(severity: Severity, findings: tuple[Finding, ...]) -> Told:
    found = [one for one in findings if one.severity is severity]
    sentences = [one.in_language(page_language()) for one in found[:_MOST_SHOWN]]
    return Told(severity_word(severity), _SIGNS[severity], sentences, len(found))


def _columns(table: Table, asked: Asked, plan: ContactPlan | None) -> list[ColumnChoice]:
    """Every column with what it is taken for: as planned, else as was said, else as its heading sounds."""
    found = []
    for number, heading in enumerate(table.headings):
        if plan is not None:
            field = next((one.field for one in plan.mapping.matches if one.column == number), "")
        else:
            guesses = recognised(heading, ListKind.CONTACTS)
            field = asked.columns.get(number, guesses[0][1] if guesses else "")
        example = next((str(row.cells[number]) for row in table.rows if row.cells[number] is not None), "")
        if heading or example:
            found.append(ColumnChoice(number, column_letter(number), heading, example[:60], field))
    return found


def _known_fields(chosen: str) -> list[tuple[str, str]]:
    """What a column can tell, in words; a number of the same kind only as often as lists have it."""
    return [
        (key, heading_of(key, ListKind.CONTACTS, page_language()))
        for key in fields(ListKind.CONTACTS)
        if key == chosen or int(key.partition(".")[2] or 1) <= _MOST_TIMES
    ]


def _code(owner: Owner | None) -> str:
    if owner is None:
        return ""
    return owner.code or _COUNTY
