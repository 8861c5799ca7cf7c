"""What is printed beside cards, as PDFs: call list and drill form of a chain, members of a body, cover of a binder."""

from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, Response, current_app, request, send_file
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.roles import Permission
from prep.cards.imposing import Batch, write_prints
from prep.cards.parts import Print
from prep.cards.sheet_records import SheetMaker
from prep.cards.sheets import ChainSheet, body_sheet, call_list, cover, drill_form
from prep.config import Settings
from prep.terms import CardFormat, Language
from prep.web.bodies import body_of
from prep.web.cards import municipality_asked
from prep.web.chain_asking import chain_of
from prep.web.choices import one_of
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import number_of

pages = Blueprint("sheets", __name__)


@pages.get("/halytysketjut/<key>/soittolista.pdf")
@permission("card.print")
def calls(key: str) -> Response:
    """The call list of a chain, with columns to note calls and answers."""
    return _sheet_of_chain(key, call_list, "calls")


@pages.get("/halytysketjut/<key>/harjoituslomake.pdf")
@permission("card.print")
def drill(key: str) -> Response:
    """The form on which an alert drill of a chain is noted."""
    return _sheet_of_chain(key, drill_form, "drill")


@pages.get("/toimielimet/<key>/jasenet.pdf")
@permission("card.print")
def members(key: str) -> Response:
    """Members and deputies of a body, with their numbers."""
    with reading() as session:
        made = body_sheet(_maker(session).body(body_of(session, key, Permission.CARD_PRINT)))
    return _sent(made, f"prep-{key}-members")


@pages.get("/kortit/kansi.pdf")
@permission("card.print")
def binder() -> Response:
    """The cover of the binder of a municipality, or of the county."""
    code = request.args.get("kunta", "")
    with reading() as session:
        made = cover(_maker(session).cover(municipality_asked(session, code, Permission.CARD_PRINT)))
    return _sent(made, f"prep-cover-{code}" if code else "prep-cover")


def _sheet_of_chain(key: str, draw: Callable[[ChainSheet], Print], what: str) -> Response:
    with reading() as session:
        made = draw(_maker(session).chain(chain_of(session, key, Permission.CARD_PRINT)))
    return _sent(made, f"prep-{key}-{what}")


def _maker(session: Session) -> SheetMaker:
    settings: Settings = current_app.extensions["prep_settings"]
    return SheetMaker(
        session,
        language=_language(),
        classification=settings.classification,
        on=clock.today(),
        at=clock.now(),
        number_of=number_of,
    )


def _language() -> Language:
    return one_of(Language, "kieli") or page_language()


def _sent(made: Print, name: str) -> Response:
    file = BytesIO()
    write_prints(
        file, [Batch(CardFormat.A4, [made])], title=made.name, language=made.language, at=clock.now()
    )
    file.seek(0)
    return send_file(
        file, mimetype="application/pdf", as_attachment=True, download_name=f"{name}-{made.language}.pdf"
    )
