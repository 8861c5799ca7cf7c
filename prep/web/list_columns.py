"""What is remembered of the columns of lists that were imported, and forgetting it."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.exchange.remembering import forget, kind_of, remembered
from prep.exchange.vocabulary import ListKind, heading_of
from prep.exchange.words import field_word
from prep.language import sort_key
from prep.models import RememberedColumn
from prep.registry.sites import municipalities
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may
from prep.web.writing import as_sentence, named

pages = Blueprint("list_columns", __name__, url_prefix="/tuonti/sarakkeet")

_NEEDED = {ListKind.PREMISES: Permission.SITE_EDIT, ListKind.CONTACTS: Permission.CONTACT_EDIT}


@pages.get("")
@permission("site.edit")
def listed() -> str:
    """What is remembered of the lists that whoever asks may import."""
    with reading() as session:
        rows = sorted(_mine(session), key=_order)
        return render_template(
            "list_columns.html", rows=rows, word_of=_word_of, kind_of=kind_of, kinds=ListKind
        )


@pages.post("/<int:number>/unohda")
@permission("site.edit")
def forget_one(number: int) -> Response:
    """Forget what was said of one column: from now on it is guessed again."""
    with saving() as session:
        row = session.get(RememberedColumn, number)
        if row is None or not may(_NEEDED[kind_of(row)], row.municipality_code):
            raise nothing_here()
        forget(session, [row])
        return saved(session, "list_columns.listed", "forgotten")


def _mine(session: Session) -> Sequence[RememberedColumn]:
    places = [None, *(one.code for one in municipalities(session))]
    return [
        row
        for kind, needed in _NEEDED.items()
        for row in remembered(session, kind, municipalities=places)
        if may(needed, row.municipality_code)
    ]


def _order(row: RememberedColumn) -> tuple[object, ...]:
    place = sort_key(named(row.municipality)) if row.municipality else ()
    return row.list_kind, place, row.headings, row.id


def _word_of(row: RememberedColumn) -> str | None:
    """What a column tells, in words; None where it is left out."""
    if not row.field:
        return None
    if kind_of(row) is ListKind.PREMISES:
        return as_sentence(field_word(row.field))
    return heading_of(row.field, ListKind.CONTACTS, page_language())
