"""Minutes of meetings on pages: taken, given out, taken away."""

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from prep import attachments
from prep.attachments import LARGEST_BYTES
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.models import Attachment
from prep.terms import Classification
from prep.web import identity
from prep.web.database import reading
from prep.web.meetings import meeting_of
from prep.web.permissions import permission
from prep.web.saving import done, saving
from prep.web.sight import may
from prep.web.uploads import takes_file

pages = Blueprint("minutes", __name__, url_prefix="/toimielimet/<key>/kokoukset/<int:number>/poytakirjat")


@pages.post("")
@permission("body.edit")
@takes_file(LARGEST_BYTES)
def add(key: str, number: int) -> Response:
    """Keep a file with a meeting."""
    given = request.files.get("tiedosto")
    chosen = request.form.get("classification", "")
    with saving() as session:
        meeting = meeting_of(session, key, number, Permission.BODY_EDIT)
        attachments.add_minutes(
            session,
            meeting,
            name=(given.filename or "") if given else "",
            content=given.read() if given else b"",
            by=identity.name(),
            # What is no label of the form is handled as strictly as can be.
            classification=Classification(chosen) if chosen in set(Classification) else Classification.SECRET,
        )
        return done("meetings.one", "added", key=key, number=number)


@pages.get("/<int:file_number>")
@permission("body.read")
def give(key: str, number: int, file_number: int) -> Response:
    """Give a file out as it came; it is never shown in the pages' own window."""
    with reading() as session:
        row = _file(session, key, number, file_number, Permission.BODY_READ)
        headers = Headers()
        headers.add("Content-Disposition", "attachment", filename=row.name)
        return Response(attachments.content_of(session, row), content_type=row.mime, headers=headers)


@pages.post("/<int:file_number>/poista")
@permission("body.edit")
def remove(key: str, number: int, file_number: int) -> Response:
    """Take a file away for good."""
    with saving() as session:
        attachments.remove(session, _file(session, key, number, file_number, Permission.BODY_EDIT))
        return done("meetings.one", "gone", key=key, number=number)


def _file(session: Session, key: str, number: int, file_number: int, needed: Permission) -> Attachment:
    meeting = meeting_of(session, key, number, needed)
    found = session.get(Attachment, file_number)
    is_secret = found is not None and found.classification is Classification.SECRET
    if found is None or found.meeting_id != meeting.id:
        raise nothing_here()
    # What is secret is for those who keep the body's records.
    if is_secret and not may(Permission.BODY_EDIT, meeting.body.municipality_code):
        raise nothing_here()
    return found
