"""Importing a list of premises on pages: the file, the difference it makes, then the change, which can be undone."""

from typing import Any

from flask import Blueprint, current_app, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.config import Settings
from prep.exchange.contact_words import Line
from prep.exchange.importing import ChangedSite, ImportPlan, apply_import, plan_import
from prep.exchange.site_rows import SiteRow
from prep.exchange.tables import MAX_BYTES, Table
from prep.exchange.vocabulary import ListKind
from prep.exchange.words import field_word, value_words
from prep.language import in_language, say, sort_key
from prep.models import Municipality
from prep.regions.boundaries import BOUNDARIES_FILE
from prep.web.database import reading
from prep.web.forms import Form
from prep.web.importing import MOST_SHOWN, OWNER, Area, ListImport, RowOfDifference, SentList, counts, told
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import may, municipality_of, seen_places
from prep.web.uploads import takes_file
from prep.web.writing import as_sentence, named

pages = Blueprint("site_import", __name__, url_prefix="/evakuointipaikat/tuonti")


class _Premises(ListImport[str, ImportPlan]):
    """A list of premises; whose it is, is the code of a municipality, empty where each row tells its own."""

    kind = ListKind.PREMISES
    area = Area(
        title=say("Evacuation premises"),
        listed="sites.listed",
        importing=say("Import a list of premises"),
        pages="site_import",
        command="prep sites import",
        show_gone=say("Show the premises"),
    )
    template = "site_import.html"

    def whose(self, session: Session) -> str:
        chosen = request.form.get(OWNER, "")
        if chosen:
            municipality_of(session, chosen, Permission.SITE_EDIT)
        elif not may(Permission.SITE_EDIT):
            # A list that tells the municipality of each row could name one whose premises are not one's own to change.
            raise nothing_here()
        return chosen

    def code_of(self, whose: str) -> str:
        return whose

    def place_of(self, whose: str) -> str | None:
        return whose or None

    def owners(self, session: Session) -> list[tuple[str, str]]:
        places = sorted(seen_places(session, Permission.SITE_EDIT), key=lambda one: sort_key(named(one)))
        any_place = in_language(say("The list tells it, in a column"), page_language())
        return [
            *([("", any_place)] if may(Permission.SITE_EDIT) else []),
            *((place.code, named(place)) for place in places),
        ]

    def plan(self, session: Session, sent: SentList, table: Table, whose: str) -> ImportPlan:
        municipality = session.get_one(Municipality, whose) if whose else None
        settings: Settings = current_app.extensions["prep_settings"]
        return plan_import(
            session,
            table,
            on=clock.today(),
            mapping=sent.columns,
            municipality=municipality,
            boundaries=settings.instance / BOUNDARIES_FILE,
        )

    def carry_out(self, session: Session, plan: ImportPlan) -> None:
        apply_import(session, plan, on=plan.on)

    def word_of(self, key: str) -> str:
        return as_sentence(field_word(key))

    def difference(self, session: Session, plan: ImportPlan) -> dict[str, Any]:
        return {
            "counts": counts(
                new=len(plan.new),
                changed=len(plan.changed),
                unchanged=len(plan.unchanged),
                refused=len(plan.refused),
                gone=len(plan.gone),
            ),
            "new": [_row(session, row, _new_lines(row)) for row in plan.new[:MOST_SHOWN]],
            "new_total": len(plan.new),
            "changed": [_row(session, one.row, _changed_lines(one)) for one in plan.changed[:MOST_SHOWN]],
            "changed_total": len(plan.changed),
            "gone": [(one.name, url_for("sites.one", number=one.site_id)) for one in plan.gone[:MOST_SHOWN]],
            "told": told(plan.findings),
        }


_IMPORT = _Premises()


@pages.get("")
@permission("site.edit")
def choose() -> str:
    """Choosing the file."""
    with reading() as session:
        return _IMPORT.choosing(session, Form({OWNER: request.args.get("kunta", "")}))


@pages.post("")
@permission("site.edit")
@takes_file(MAX_BYTES)
def compare() -> str | tuple[str, int]:
    """What the list would change. Nothing is changed."""
    return _IMPORT.compare()


@pages.post("/tee")
@permission("site.edit")
@takes_file(MAX_BYTES)
def apply() -> Response | str | tuple[str, int]:
    """Make the change that was looked at, whole or not at all."""
    return _IMPORT.apply()


def _row(session: Session, row: SiteRow, lines: list[Line]) -> RowOfDifference:
    place = named(session.get_one(Municipality, row.municipality_code))
    where = in_language(say("row {rows}", rows=row.row), page_language())
    return RowOfDifference(row.name, f"{place} · {where}", lines)


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
