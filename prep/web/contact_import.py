"""Importing a list of people on pages: the file, the difference that it makes, then the change, which can be undone."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here, shown_number
from prep.auth.roles import Permission
from prep.errors import Conflict, Refused
from prep.exchange.contact_applying import apply_contacts
from prep.exchange.contact_importing import plan_contacts
from prep.exchange.contact_plan import ContactPlan, Outcome, PlannedPerson, rights_of
from prep.exchange.contact_rows import Owner
from prep.exchange.contact_words import Line, lines_of
from prep.exchange.tables import MAX_BYTES, Table
from prep.exchange.vocabulary import ListKind, heading_of
from prep.language import in_language, say, sort_key
from prep.registry.names import name_of
from prep.registry.sites import municipalities
from prep.web import identity
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
from prep.web.sight import may, seen_places
from prep.web.uploads import takes_file
from prep.web.writing import named

pages = Blueprint("contact_import", __name__, url_prefix="/yhteyshenkilot/tuonti")

_COUNTY = "alue"
_KIND = ListKind.CONTACTS


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be imported: the list, and whose it is."""

    sent: SentList
    owner: Owner | None


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
            table = asked.sent.table(_KIND)
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
            table = asked.sent.table(_KIND)
        except Refused as error:
            return _refused_page(session, error)
    try:
        with saving(why=table.file) as session:
            plan = _plan(session, asked, table)
            if plan.digest != request.form.get(DIGEST):
                raise other_difference(table)
            apply_contacts(session, plan, on=plan.on)
            return saved(session, "people.listed", "imported", back=url_for("people.listed"))
    except Conflict as error:
        with reading() as session:
            return _difference_page(session, asked, table, error=error, status=409)
    except Refused as error:
        with reading() as session:
            return _difference_page(session, asked, table, error=error, status=422)


def _asked(session: Session) -> Asked:
    return Asked(sent_list(), _owner(session, request.form.get(OWNER, "")))


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
        mapping=asked.sent.columns,
        owner=asked.owner,
        rights=rights_of(identity.viewer()),
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
        form=sent_back({OWNER: _code(asked.owner), SHEET: asked.sent.sheet}, error or (), {"": "columns"}),
        table=table,
        upload=asked.sent.upload,
        owners=_owners(session),
        columns=column_choices(table, asked.sent, plan.mapping if plan else None, _KIND),
        known_fields=known_fields(_KIND, lambda key: heading_of(key, _KIND, page_language())),
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
        "new": [(one, _lines(one, places)) for one in new[:MOST_SHOWN]],
        "new_total": len(new),
        "changed": [(one, _lines(one, places)) for one in changed[:MOST_SHOWN]],
        "changed_total": len(changed),
        "gone": plan.gone[:MOST_SHOWN],
        "told": told(plan.findings),
    }


def _lines(person: PlannedPerson, places: dict[str, str]) -> list[Line]:
    def shown(value: str) -> str:
        return shown_number(value, identity.viewer(), municipality=person.details.municipality)

    return lines_of(person, language=page_language(), places=places, shown=shown)


def _code(owner: Owner | None) -> str:
    if owner is None:
        return ""
    return owner.code or _COUNTY
