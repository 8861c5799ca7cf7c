"""Importing a list of premises on pages: the file, the difference it makes, then the change, which can be undone."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Conflict, Refused
from prep.exchange.importing import ChangedSite, ImportPlan, apply_import, plan_import
from prep.exchange.site_rows import SiteRow
from prep.exchange.tables import MAX_BYTES, Table
from prep.exchange.vocabulary import ListKind
from prep.exchange.words import field_word, value_words
from prep.language import Message, in_language, say, sort_key
from prep.models import Municipality
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.importing import (
    DIGEST,
    MOST_SHOWN,
    OWNER,
    SHEET,
    SentList,
    column_choices,
    known_fields,
    other_difference,
    sent_list,
    told,
)
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may, municipality_of, seen_places
from prep.web.uploads import takes_file
from prep.web.writing import as_sentence, named

pages = Blueprint("site_import", __name__, url_prefix="/evakuointipaikat/tuonti")

_KIND = ListKind.PREMISES


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be imported: the list, and the code of the municipality whose it is; empty: each row tells its own."""

    sent: SentList
    code: str


@dataclass(frozen=True, slots=True)
class Line:
    """What changes of premises, in words; ``before`` is None for new ones."""

    what: Message
    before: Message | str | None
    after: Message | str


@pages.get("")
@permission("site.edit")
def choose() -> str:
    """Choosing the file."""
    with reading() as session:
        return _choosing_page(session, Form({OWNER: request.args.get("kunta", "")}))


@pages.post("")
@permission("site.edit")
@takes_file(MAX_BYTES)
def compare() -> str | tuple[str, int]:
    """What the list would change. Nothing is changed."""
    with reading() as session:
        try:
            asked = _asked(session)
            table = asked.sent.table(_KIND)
        except Refused as error:
            return _refused_page(session, error)
        return _difference_page(session, asked, table)


@pages.post("/tee")
@permission("site.edit")
@takes_file(MAX_BYTES)
def apply() -> Response | str | tuple[str, int]:
    """Make the change that was looked at, whole or not at all."""
    with reading() as session:
        try:
            asked = _asked(session)
            table = asked.sent.table(_KIND)
        except Refused as error:
            return _refused_page(session, error)
    try:
        with saving(why=table.file) as session:
            plan = _plan(session, asked, table)
            if plan.digest != request.form.get(DIGEST):
                raise other_difference(table)
            apply_import(session, plan, on=plan.on)
            return saved(session, "sites.listed", "imported", back=url_for("sites.listed"))
    except Conflict as error:
        with reading() as session:
            return _difference_page(session, asked, table, error=error, status=409)
    except Refused as error:
        with reading() as session:
            return _difference_page(session, asked, table, error=error, status=422)


def _asked(session: Session) -> Asked:
    chosen = request.form.get(OWNER, "")
    if chosen:
        municipality_of(session, chosen, Permission.SITE_EDIT)
    elif not may(Permission.SITE_EDIT):
        # A list that tells the municipality of each row could name one whose premises are not one's own to change.
        raise nothing_here()
    return Asked(sent_list(), chosen)


def _plan(session: Session, asked: Asked, table: Table) -> ImportPlan:
    municipality = session.get_one(Municipality, asked.code) if asked.code else None
    return plan_import(
        session, table, on=clock.today(), mapping=asked.sent.columns, municipality=municipality
    )


def _refused_page(session: Session, error: Refused) -> tuple[str, int]:
    form = sent_back(typed(OWNER, SHEET), error, {"The file": "tiedosto"})
    return _choosing_page(session, form), 422


def _choosing_page(session: Session, form: Form) -> str:
    return render_template("site_import.html", form=form, owners=_owners(session))


def _owners(session: Session) -> list[tuple[str, str]]:
    places = sorted(seen_places(session, Permission.SITE_EDIT), key=lambda place: sort_key(named(place)))
    any_place = in_language(say("The list tells it, in a column"), page_language())
    return [
        *([("", any_place)] if may(Permission.SITE_EDIT) else []),
        *((place.code, named(place)) for place in places),
    ]


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
    page = render_template(
        "site_difference.html",
        form=sent_back({OWNER: asked.code, SHEET: asked.sent.sheet}, error or (), {"": "columns"}),
        table=table,
        upload=asked.sent.upload,
        owners=_owners(session),
        columns=column_choices(table, asked.sent, plan.mapping if plan else None, _KIND),
        known_fields=known_fields(_KIND, lambda key: as_sentence(field_word(key))),
        plan=plan,
        **(_difference(session, plan) if plan else {}),
    )
    return (page, status) if status != 200 else page


def _difference(session: Session, plan: ImportPlan) -> dict[str, Any]:
    return {
        "counts": [
            (say("New"), len(plan.new)),
            (say("Changed"), len(plan.changed)),
            (say("Unchanged"), len(plan.unchanged)),
            (say("Rows that do not land"), len(plan.refused)),
            (say("Missing from the list"), len(plan.gone)),
        ],
        "new": [(row, _place(session, row), _new_lines(row)) for row in plan.new[:MOST_SHOWN]],
        "changed": [
            (one.row, _place(session, one.row), _changed_lines(one)) for one in plan.changed[:MOST_SHOWN]
        ],
        "gone": plan.gone[:MOST_SHOWN],
        "told": told(plan.findings),
    }


def _place(session: Session, row: SiteRow) -> str:
    return named(session.get_one(Municipality, row.municipality_code))


def _new_lines(row: SiteRow) -> list[Line]:
    """What the row says of new premises."""
    lines = [
        Line(field_word(key), None, value_words(key, value))
        for key, value in row.said.items()
        if value not in (None, "")
    ]
    if row.uses:
        stated = {use: row.capacities.get(use) for use in sorted(row.uses)}
        lines.append(Line(field_word("uses"), None, value_words("uses", stated)))
    if row.key_holders:
        said = [(one.power, one.name, phone) for one in row.key_holders for phone in one.phones or ("",)]
        lines.append(Line(field_word("key_holders"), None, value_words("key_holders", said)))
    return lines


def _changed_lines(one: ChangedSite) -> list[Line]:
    return [
        Line(
            field_word(change.field),
            value_words(change.field, change.before),
            value_words(change.field, change.after),
        )
        for change in one.changes
    ]
