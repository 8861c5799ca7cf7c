"""Files that are kept: told by their content, given out as they came, gone when they are taken away."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep import attachments, audit
from prep.attachments import DOCX, LARGEST_BYTES, ODT, PDF, document_type, kept_name
from prep.db import write_session
from prep.errors import Refused
from prep.models import Attachment, AttachmentContent, AuditEntry, Body, Meeting
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.terms import Classification

ODT_KIND = "application/vnd.oasis.opendocument.text"


def archive(**files: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return made.getvalue()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        session.add(
            Meeting(
                body=session.scalars(select(Body)).all()[0], starts_at=datetime(2026, 11, 3, 7, tzinfo=UTC)
            )
        )
        session.flush()
        yield session


def meeting(session: Session) -> Meeting:
    return session.scalars(select(Meeting)).one()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", PDF),
        (archive(mimetype=ODT_KIND, **{"content.xml": "<x/>"}), ODT),
        (archive(**{"[Content_Types].xml": "", "word/document.xml": ""}), DOCX),
        (archive(**{"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": ""}), None),
        (archive(mimetype=ODT_KIND, **{"Basic/Standard/a.xml": ""}), None),
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), None),
        (archive(mimetype=ODT_KIND + "x" * 1000), None),
        (archive(**{"a.exe": ""}), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90", None),
        (b"<html>%PDF-", None),
        (b"\x89PNG\r\n", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: object) -> None:
    assert document_type(content) is kind


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("pöytäkirja.PDF", "pöytäkirja.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\kokous 3.pdf", "kokous 3.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("exe\u202efdp.pdf", "exe fdp.pdf"),
        ("", "prep.pdf"),
        ("...", "prep.pdf"),
        ("x" * 300, "x" * 196 + ".pdf"),
    ],
)
def test_a_file_gets_a_name_that_any_system_takes(name: str, kept: str) -> None:
    assert kept_name(name, PDF) == kept


def test_a_file_comes_back_as_it_came_and_its_bytes_are_not_in_the_trail(session: Session) -> None:
    content = b"%PDF-1.7\n" + bytes(range(256))
    row = attachments.add_minutes(
        session, meeting(session), name="kokous.pdf", content=content, by="Aino Esimerkki"
    )
    assert (row.size_bytes, row.mime, row.classification) == (265, "application/pdf", Classification.INTERNAL)
    session.expire_all()
    assert attachments.content_of(session, row) == content
    assert [one.id for one in attachments.minutes_of(session, meeting(session))] == [row.id]
    tables = set(session.scalars(select(AuditEntry.table_name)))
    assert "attachment" in tables
    assert "attachment_content" not in tables
    assert audit.verify(session) == []
    attachments.remove(session, row)
    assert session.scalars(select(Attachment)).all() == []
    assert session.scalars(select(AttachmentContent)).all() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", r"The file: “a.pdf” It is empty. Choose"),
        (b"%PDF-" + bytes(LARGEST_BYTES), "It has at most 10 MB"),
        (b"MZ", "It is one of PDF, ODT, DOCX, without macros. Save it as PDF"),
    ],
)
def test_what_is_not_taken_is_refused_and_nothing_is_kept(
    session: Session, content: bytes, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        attachments.add_minutes(session, meeting(session), name="a.pdf", content=content, by="Aino")
    assert session.scalars(select(Attachment)).all() == []


def test_the_same_file_twice_is_refused(session: Session) -> None:
    attachments.add_minutes(session, meeting(session), name="a.pdf", content=b"%PDF-1", by="Aino")
    with pytest.raises(Refused, match=r"“b\.pdf” The meeting has this very file already"):
        attachments.add_minutes(session, meeting(session), name="b.pdf", content=b"%PDF-1", by="Aino")


def test_a_file_that_was_changed_behind_prep_is_not_given_out(session: Session) -> None:
    row = attachments.add_minutes(session, meeting(session), name="a.pdf", content=b"%PDF-1", by="Aino")
    session.scalars(select(AttachmentContent)).one().body = b"%PDF-2"
    session.flush()
    with pytest.raises(Refused, match="What is kept of it is not what came in"):
        attachments.content_of(session, row)
