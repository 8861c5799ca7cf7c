"""Files that belong to something: what is taken, kept in the database, given out, taken away.

They lie in the database and not beside it: a backup holds them, and a file is there if and only if its row is.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Attachment, AttachmentContent, Meeting, Site
from prep.terms import Classification

# A scanned protocol of fifty pages; what is larger belongs into an archive.
LARGEST_MIB = 10
LARGEST_BYTES = LARGEST_MIB * 1024**2
MOST_SITE_FILES = 20
# Longer than a change can be taken back (prep.undo).
_BROUGHT_BACK_FOR = timedelta(hours=25)
_LONGEST_NAME = 200
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_ODT = b"application/vnd.oasis.opendocument.text"
# What a word processor runs when the file is opened.
_MACROS = ("vbaproject.bin", "basic/", "scripts/")


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is taken."""

    name: str
    mime: str
    suffix: str


PDF = FileType("PDF", "application/pdf", ".pdf")
ODT = FileType("ODT", _ODT.decode(), ".odt")
DOCX = FileType("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
DOCUMENTS = (PDF, ODT, DOCX)


def add_minutes(
    session: Session,
    meeting: Meeting,
    *,
    name: str,
    content: bytes,
    by: str,
    classification: Classification = Classification.INTERNAL,
) -> Attachment:
    """Keep a file with a meeting. What it is, its content says; its name gets the ending that goes with that.

    Raises
    ------
    Refused
        If it is empty, too large, none of `DOCUMENTS`, holds macros, or is kept with the meeting already.
    """
    place = say("The file")
    if not content:
        raise _refused(place, name, say("It is empty."), say("Choose a file that holds something."))
    if len(content) > LARGEST_BYTES:
        raise _refused(
            place,
            name,
            say("It has at most {n} MB.", n=LARGEST_MIB),
            say("Save it smaller, for example with the pictures at a lower resolution."),
        )
    kind = document_type(content)
    if kind is None:
        raise _refused(
            place,
            name,
            say("It is one of {known}, without macros.", known=[one.name for one in DOCUMENTS]),
            say("Save it as PDF, and choose that."),
        )
    row = _row(name, kind, content, by, classification)
    if any(one.sha256 == row.sha256 for one in minutes_of(session, meeting)):
        raise _refused(place, name, say("The meeting has this very file already."), say("Choose another."))
    row.meeting_id = meeting.id
    return _kept(session, row, content)


def add_site_file(
    session: Session,
    site: Site,
    *,
    name: str,
    kind: FileType,
    content: bytes,
    by: str,
    classification: Classification = Classification.INTERNAL,
) -> Attachment:
    """Keep a plan or a photograph with premises; what it is was found out before, and is safe.

    Raises
    ------
    Refused
        If it is kept with the premises already, or they have too many.
    """
    _forget_removed(session)
    place, files = say("The file"), files_of(session, site)
    if len(files) >= MOST_SITE_FILES:
        raise _refused(
            place,
            name,
            say("Premises have at most {n} files.", n=MOST_SITE_FILES),
            say("Remove those that are out of date."),
        )
    row = _row(name, kind, content, by, classification)
    if any(one.sha256 == row.sha256 for one in files):
        raise _refused(place, name, say("The premises have this very file already."), say("Choose another."))
    row.site_id = site.id
    return _kept(session, row, content)


def files_of(session: Session, site: Site) -> Sequence[Attachment]:
    """The plans and photographs of premises, in the order in which they came."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.site_id == site.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()


def contents_of(session: Session, site: Site) -> list[tuple[Attachment, bytes]]:
    """The same, each with its bytes."""
    return [(one, content_of(session, one)) for one in files_of(session, site)]


def file_of(session: Session, site: Site, number: int) -> Attachment:
    """The file of premises that has a number.

    Raises
    ------
    Refused
        If the premises have none.
    """
    for one in files_of(session, site):
        if one.id == number:
            return one
    raise _refused(
        say("The file"),
        str(number),
        say("The premises have no file of this number."),
        say("The numbers stand in: prep sites files."),
    )


def take_away(session: Session, row: Attachment) -> None:
    """Take a file of premises away; for some hours it can be brought back, then it goes for good."""
    _forget_removed(session)
    row.removed_at = clock.now()
    session.flush()


def require_no_files(session: Session, site: Site) -> None:
    """Let premises go only without files: these could not be brought back with them.

    Raises
    ------
    Refused
        If there are files. Those that have been taken away already go for good.
    """
    files = files_of(session, site)
    if files:
        raise _refused(
            site.name,
            say("files: {n}", n=len(files)),
            say("Premises that have files cannot be removed with everything that is kept of them."),
            say("Withdraw the premises instead, or remove their files first."),
        )
    for row in session.scalars(select(Attachment).where(Attachment.site_id == site.id)).all():
        remove(session, row)


def minutes_of(session: Session, meeting: Meeting) -> Sequence[Attachment]:
    """The files of a meeting, in the order in which they came."""
    return session.scalars(
        select(Attachment).where(Attachment.meeting_id == meeting.id).order_by(Attachment.id)
    ).all()


def content_of(session: Session, row: Attachment) -> bytes:
    """The bytes of a file, as they came.

    Raises
    ------
    Refused
        If they are not what came: the database has been changed by other means.
    """
    found = session.get(AttachmentContent, row.id)
    if found is None or hashlib.sha256(found.body).hexdigest() != row.sha256:
        raise _refused(
            say("The file"),
            row.name,
            say("What is kept of it is not what came in."),
            say("Take it from a backup, or add the original anew."),
        )
    return found.body


def remove(session: Session, row: Attachment) -> None:
    """Take a file away for good."""
    content = session.get(AttachmentContent, row.id)
    if content is not None:
        session.delete(content)
        session.flush()
    session.delete(row)
    session.flush()


def _row(name: str, kind: FileType, content: bytes, by: str, classification: Classification) -> Attachment:
    return Attachment(
        key=secrets.token_hex(16),
        name=kept_name(name, kind),
        mime=kind.mime,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_at=clock.now(),
        added_by=by,
        classification=classification,
    )


def _kept(session: Session, row: Attachment, content: bytes) -> Attachment:
    session.add(row)
    session.flush()
    session.add(AttachmentContent(attachment_id=row.id, body=content))
    session.flush()
    return row


def _forget_removed(session: Session) -> None:
    """Take away for good what was taken away so long ago that nobody can bring it back."""
    gone = Attachment.removed_at <= clock.now() - _BROUGHT_BACK_FOR
    for row in session.scalars(select(Attachment).where(gone)).all():
        remove(session, row)


def document_type(content: bytes) -> FileType | None:
    """What a file is, by its content; None for what is not taken.

    >>> document_type(b"%PDF-1.7 ...").name
    'PDF'
    >>> document_type(b"MZ...") is None
    True
    """
    if content.startswith(b"%PDF-"):
        return PDF
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = {one.casefold() for one in archive.namelist()}
            if any(name.startswith(_MACROS) or name.endswith(_MACROS) for name in names):
                return None
            if "mimetype" in names:
                with archive.open("mimetype") as first:
                    return ODT if first.read(len(_ODT) + 1) == _ODT else None
            return DOCX if {"[content_types].xml", "word/document.xml"} <= names else None
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError, OSError):
        # What a broken or encrypted archive raises.
        return None


def kept_name(name: str, kind: FileType) -> str:
    """A name under which a file can be given out on any system.

    >>> kept_name("C:\\\\kokous\\\\pöytä/kirja.exe", PDF)
    'kirja.exe.pdf'
    """
    last = re.split(r"[\\/]", name)[-1]
    plain = " ".join(_UNSAFE.sub(" ", last).split()).strip(". ")
    stem = plain[: -len(kind.suffix)] if plain.casefold().endswith(kind.suffix) else plain
    return f"{stem[: _LONGEST_NAME - len(kind.suffix)].rstrip('. ') or 'prep'}{kind.suffix}"


def _refused(place: Message | str, name: Message | str, rule: Message, remedy: Message) -> Refused:
    return Refused(
        Problem(
            place=place,
            value=(name[:60] if isinstance(name, str) else name) or None,
            rule=rule,
            remedy=remedy,
        )
    )
