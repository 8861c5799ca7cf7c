"""The binder of a municipality or of the county: PDF, page and signatures in one file to be saved."""

import zipfile
from io import BytesIO

from flask import Blueprint, Response, send_file, url_for
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.binder.content import Binder
from prep.binder.document import write
from prep.binder.page import html_of
from prep.binder.records import Printing, Sight, county_binder
from prep.binder.register_records import enter
from prep.binder.signing import SUFFIX, SigningKey, signing_key
from prep.language import HELSINKI
from prep.web import identity
from prep.web.cards import Asked, asked_for, municipality_asked, settings_in_force
from prep.web.database import reading
from prep.web.maps import land_of
from prep.web.permissions import permission
from prep.web.saving import led_to, saving
from prep.web.sight import key_numbers_of, may, number_of, seen_numbers

pages = Blueprint("binder", __name__, url_prefix="/kortit")


@pages.post("/kansio")
@permission("card.print")
def document() -> Response:
    """The binder of the place that the address asks for, its cards entered in the register."""
    asked = asked_for()
    with reading() as session:
        binder = _made(session, asked)
    drawn = BytesIO()
    write(drawn, binder)
    name = f"prep-binder-{asked.place}-{asked.language}"
    files = {f"{name}.pdf": drawn.getvalue(), f"{name}.html": html_of(binder)}
    if key := signing_key(settings_in_force().instance):
        files |= _signed(key, files, binder)
    packed = _packed(files, binder)
    # Only now: nobody else can save while somebody writes, and a county takes some seconds to draw.
    with saving(why="binder printed") as session:
        enter(
            session,
            binder,
            name=f"{name}.pdf",
            by=identity.actor(),
            among=lambda card: may(Permission.CONTACT_PHONE, card.municipality_code),
        )
        # Sent a second time, the form leads to the cards: they are in the register already.
        led_to(url_for("cards.choose", kunta=asked.place))
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=f"{name}.zip")


def _made(session: Session, asked: Asked) -> Binder:
    municipality = municipality_asked(session, asked.place, Permission.CARD_PRINT)
    land = land_of(session)
    # Every place at once is the county, which has to be asked for by its own name.
    if land is None or not asked.place:
        raise nothing_here()
    printing = Printing(asked.language, settings_in_force().classification, clock.today(), clock.now())
    sight = Sight(
        may_print=lambda code: may(Permission.CARD_PRINT, code),
        number_of=number_of,
        key_numbers_of=key_numbers_of,
        seen=seen_numbers,
    )
    return county_binder(session, printing, land, municipality=municipality, sight=sight)


def _signed(key: SigningKey, files: dict[str, bytes], binder: Binder) -> dict[str, bytes]:
    at = binder.ground.printed_at
    signatures = {
        name + SUFFIX: key.sign(content, name=name, at=at).encode() for name, content in files.items()
    }
    return {**signatures, "binder.pub": key.public.file.encode()}


def _packed(files: dict[str, bytes], binder: Binder) -> BytesIO:
    """The files in one, from its beginning; the same files give the same bytes."""
    at = binder.ground.printed_at.astimezone(HELSINKI).timetuple()[:6]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, at)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # To be read by its owner alone, as the file of the command.
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    packed.seek(0)
    return packed
