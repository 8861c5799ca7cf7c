"""Plans and photographs of premises on pages: taken in a safe form, given out, taken away."""

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from prep import attachments
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.exchange.safe_files import made_safe
from prep.models import Attachment
from prep.terms import Classification
from prep.web import identity
from prep.web.database import reading
from prep.web.permissions import permission
from prep.web.saving import done, saved, saving
from prep.web.sight import seen_files
from prep.web.sites import site_of
from prep.web.uploads import takes_file

pages = Blueprint("site_files", __name__, url_prefix="/evakuointipaikat/<int:number>/liitteet")
# Whatever a browser takes it for, it runs nothing, asks for nothing and stands in no frame.
_SHUT = "default-src 'none'; sandbox; frame-ancestors 'none'"


@pages.post("")
@permission("site.edit")
@takes_file(attachments.LARGEST_BYTES)
def add(number: int) -> Response:
    """Keep a plan or a photograph with premises."""
    given = request.files.get("tiedosto")
    name = (given.filename or "") if given else ""
    with reading() as session:
        site_of(session, number, Permission.SITE_EDIT)
    # Outside the transaction: while a file is read, nobody waits.
    safe = made_safe(given.read() if given else b"", name=name)
    chosen = request.form.get("classification", "")
    with saving() as session:
        attachments.add_site_file(
            session,
            site_of(session, number, Permission.SITE_EDIT),
            name=name,
            kind=safe.kind,
            content=safe.content,
            by=identity.name(),
            # What is no label of the form is handled as strictly as can be.
            classification=Classification(chosen) if chosen in set(Classification) else Classification.SECRET,
        )
        return done("sites.one", "added", number=number)


@pages.get("/<int:file_number>")
@permission("site.read")
def give(number: int, file_number: int) -> Response:
    """Give a file out as it is kept; it is never shown in the pages' own window."""
    with reading() as session:
        row = _file(session, number, file_number, Permission.SITE_READ)
        headers = Headers({"Content-Security-Policy": _SHUT})
        headers.add("Content-Disposition", "attachment", filename=row.name)
        return Response(attachments.content_of(session, row), content_type=row.mime, headers=headers)


@pages.post("/<int:file_number>/poista")
@permission("site.edit")
def remove(number: int, file_number: int) -> Response:
    """Take a file away."""
    with saving() as session:
        attachments.take_away(session, _file(session, number, file_number, Permission.SITE_EDIT))
        return saved(session, "sites.one", "gone", number=number)


def _file(session: Session, number: int, file_number: int, needed: Permission) -> Attachment:
    site = site_of(session, number, needed)
    kept = seen_files(site, attachments.files_of(session, site))
    found = next((one for one in kept if one.id == file_number), None)
    if found is None:
        raise nothing_here()
    return found
