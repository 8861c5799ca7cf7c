"""The poster of an alert chain as a PDF."""

from io import BytesIO

from flask import Blueprint, Response, current_app, send_file

from prep import clock
from prep.auth.roles import Permission
from prep.cards.poster import write_poster
from prep.cards.poster_records import poster_of
from prep.config import Settings
from prep.terms import Language, Paper
from prep.web.chain_asking import chain_of
from prep.web.choices import one_of
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import number_of

pages = Blueprint("chain_poster", __name__)


@pages.get("/halytysketjut/<key>/juliste.pdf")
@permission("card.print")
def document(key: str) -> Response:
    """The chain with names and numbers, on one large sheet or on smaller ones to be joined."""
    paper = one_of(Paper, "paperi") or Paper.A3
    language = one_of(Language, "kieli") or page_language()
    settings: Settings = current_app.extensions["prep_settings"]
    file = BytesIO()
    with reading() as session:
        poster = poster_of(
            chain_of(session, key, Permission.CARD_PRINT),
            language=language,
            classification=settings.classification,
            on=clock.today(),
            at=clock.now(),
            number_of=number_of,
        )
    write_poster(file, poster, paper=paper)
    file.seek(0)
    name = f"prep-{key}-{paper}-{language}.pdf"
    return send_file(file, mimetype="application/pdf", as_attachment=True, download_name=name)
