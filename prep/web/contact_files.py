"""Contacts to take along: tables that import back without a difference, and vCards for address books."""

from collections.abc import Sequence

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from prep import audit, clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.exchange.contact_exporting import contact_sheet
from prep.exchange.contact_plan import rights_of
from prep.exchange.exporting import FileKind, table_file
from prep.exchange.vcards import MIME, vcards
from prep.models import Person
from prep.web import identity
from prep.web.choices import one_of
from prep.web.database import writing
from prep.web.language import page_language
from prep.web.people import asked_for, person_of
from prep.web.people_rows import posts_held
from prep.web.permissions import permission, require
from prep.web.sight import may, number_of

pages = Blueprint("contact_files", __name__, url_prefix="/yhteyshenkilot")

KIND = "muoto"


@pages.get("/vienti")
@permission("export")
def table() -> Response:
    """Those whom the list shows, with all that is known of them, such that it can be imported back."""
    kind = one_of(FileKind, KIND) or FileKind.XLSX
    with writing(identity.actor()) as session:
        found = [one for one in _shown(session) if may(Permission.EXPORT, one.municipality_code)]
        if not found:
            raise nothing_here()
        sheet = contact_sheet(
            session,
            found,
            on=clock.today(),
            language=page_language(),
            shown=number_of,
            rights=rights_of(identity.viewer()),
        )
        audit.note(session, "export", "contacts", {"people": len(found), "as": kind})
        content = table_file(sheet, kind, language=page_language())
    return _file(content, kind.mime, f"prep-contacts-{clock.today():%Y%m%d}.{kind}")


@pages.get("/kortit.vcf")
@permission("export")
def cards() -> Response:
    """A card for each of those whom the list shows."""
    with writing(identity.actor()) as session:
        found = [one for one in _shown(session) if _may_have_card(one)]
        if not found:
            raise nothing_here()
        audit.note(session, "export", "contacts", {"people": len(found), "as": "vcf"})
        content = _cards(session, found)
    return _file(content, MIME, f"prep-contacts-{clock.today():%Y%m%d}.vcf")


@pages.get("/<int:number>/kortti.vcf")
@permission("export")
def card(number: int) -> Response:
    """The card of one person."""
    with writing(identity.actor()) as session:
        person = person_of(session, number)
        require(Permission.EXPORT, person.municipality_code)
        require(Permission.CONTACT_PHONE, person.municipality_code)
        audit.note(session, "export", person, {"as": "vcf"})
        content = _cards(session, [person])
    return _file(content, MIME, f"prep-contact-{number}.vcf")


def _shown(session: Session) -> tuple[Person, ...]:
    """Those whom the list shows, on all its pages."""
    return asked_for(session, posts_held(session, on=clock.today())).found


def _may_have_card(person: Person) -> bool:
    # A masked number is none that an address book could dial.
    return may(Permission.EXPORT, person.municipality_code) and may(
        Permission.CONTACT_PHONE, person.municipality_code
    )


def _cards(session: Session, people: Sequence[Person]) -> bytes:
    return vcards(
        session,
        people,
        on=clock.today(),
        at=clock.now(),
        language=page_language(),
        rights=rights_of(identity.viewer()),
    )


def _file(content: bytes, mime: str, name: str) -> Response:
    return Response(
        content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
