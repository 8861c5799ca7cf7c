"""Importing a list of people on pages: the file, the difference that it makes, then the change, which can be undone."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here, shown_number
from prep.auth.roles import Permission
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
from prep.web.forms import Form
from prep.web.importing import MOST_SHOWN, OWNER, Area, ListImport, RowOfDifference, SentList, counts, told
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import may, seen_places
from prep.web.uploads import takes_file
from prep.web.writing import named

pages = Blueprint("contact_import", __name__, url_prefix="/yhteyshenkilot/tuonti")

_COUNTY = "alue"


class _Contacts(ListImport[Owner | None, ContactPlan]):
    """A list of people with their numbers and posts."""

    kind = ListKind.CONTACTS
    area = Area(
        title=say("Contacts"),
        listed="people.listed",
        importing=say("Import a list of people"),
        pages="contact_import",
        command="prep contacts import",
        show_gone=say("Show them"),
    )
    template = "contact_import.html"

    def whose(self, session: Session) -> Owner | None:
        chosen = request.form.get(OWNER, "")
        if not chosen:
            return None
        if chosen == _COUNTY and may(Permission.CONTACT_EDIT):
            return Owner(None, in_language(say("the county"), page_language()))
        for place in seen_places(session, Permission.CONTACT_EDIT):
            if place.code == chosen:
                return Owner(place.code, place.name_fi)
        raise nothing_here()

    def code_of(self, whose: Owner | None) -> str:
        return "" if whose is None else whose.code or _COUNTY

    def place_of(self, whose: Owner | None) -> str | None:
        return None if whose is None else whose.code

    def owners(self, session: Session) -> list[tuple[str, str]]:
        places = sorted(seen_places(session, Permission.CONTACT_EDIT), key=lambda one: sort_key(named(one)))
        options = [("", in_language(say("The list tells it, in a column"), page_language()))]
        if may(Permission.CONTACT_EDIT):
            options.append(
                (_COUNTY, in_language(say("the county, or another organisation"), page_language()))
            )
        return [*options, *((place.code, named(place)) for place in places)]

    def plan(self, session: Session, sent: SentList, table: Table, whose: Owner | None) -> ContactPlan:
        return plan_contacts(
            session,
            table,
            on=clock.today(),
            mapping=sent.columns,
            owner=whose,
            rights=rights_of(identity.viewer()),
        )

    def carry_out(self, session: Session, plan: ContactPlan) -> None:
        apply_contacts(session, plan, on=plan.on)

    def word_of(self, key: str) -> str:
        return heading_of(key, self.kind, page_language())

    def difference(self, session: Session, plan: ContactPlan) -> dict[str, Any]:
        places = {one.code: name_of(one, page_language()) for one in municipalities(session)}
        new, changed = plan.of(Outcome.NEW), plan.of(Outcome.CHANGED)
        return {
            "counts": counts(
                new=len(new),
                changed=len(changed),
                unchanged=len(plan.of(Outcome.UNCHANGED)),
                refused=len(plan.refused),
                gone=len(plan.gone),
            ),
            "new": [_row(one, places) for one in new[:MOST_SHOWN]],
            "new_total": len(new),
            "changed": [_row(one, places) for one in changed[:MOST_SHOWN]],
            "changed_total": len(changed),
            "gone": [
                (one.name, url_for("people.one", number=one.person_id)) for one in plan.gone[:MOST_SHOWN]
            ],
            "told": told(plan.findings),
        }


_IMPORT = _Contacts()


@pages.get("")
@permission("contact.edit")
def choose() -> str:
    """Choosing the file."""
    with reading() as session:
        return _IMPORT.choosing(session, Form())


@pages.post("")
@permission("contact.edit")
@takes_file(MAX_BYTES)
def compare() -> str | tuple[str, int]:
    """What the list would change. Nothing is changed."""
    return _IMPORT.compare()


@pages.post("/tee")
@permission("contact.edit")
@takes_file(MAX_BYTES)
def apply() -> Response | str | tuple[str, int]:
    """Make the change that was looked at, whole or not at all."""
    return _IMPORT.apply()


def _row(one: PlannedPerson, places: dict[str, str]) -> RowOfDifference:
    where = in_language(say("row {rows}", rows=", ".join(map(str, one.rows))), page_language())
    otherwise = ", ".join(filter(None, (one.details.title, one.details.organisation)))
    return RowOfDifference(one.details.name, where, _lines(one, places), otherwise)


def _lines(person: PlannedPerson, places: dict[str, str]) -> list[Line]:
    def shown(value: str) -> str:
        return shown_number(value, identity.viewer(), municipality=person.details.municipality)

    return lines_of(person, language=page_language(), places=places, shown=shown)
