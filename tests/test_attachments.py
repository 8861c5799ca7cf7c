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
from prep.models import Attachment, AttachmentContent, AuditEntry, Body, Meeting, Site
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.registry.site_keeping import remove_site
from prep.registry.site_merging import merge_sites
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


def test_a_file_of_premises_that_was_taken_away_goes_for_good_when_nobody_can_bring_it_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(municipality_code="584", name="Koulu")
    session.add(site)
    session.flush()

    def add(name: str) -> Attachment:
        return attachments.add_site_file(session, site, name=name, kind=PDF, content=name.encode(), by="Aino")

    first, second = add("a"), add("b")
    with pytest.raises(Refused, match="“a” The premises have this very file already"):
        add("a")
    attachments.take_away(session, first)
    assert attachments.files_of(session, site) == [second]
    assert session.get(AttachmentContent, first.id) is not None
    monkeypatch.setenv("PREP_NOW", "2026-11-23T12:00:00+02:00")
    third = add("c")
    assert [one.name for one in session.scalars(select(Attachment).order_by(Attachment.id))] == [
        "b.pdf",
        "c.pdf",
    ]
    with pytest.raises(Refused, match="“files: 2” Premises that have files cannot be removed"):
        remove_site(session, site)
    for one in (second, third):
        attachments.take_away(session, one)
    remove_site(session, site)
    assert session.scalars(select(AttachmentContent)).all() == []


def test_the_files_of_a_double_go_over_with_what_was_taken_away_of_them(session: Session) -> None:
    one, other = (Site(municipality_code="584", name=name) for name in ("Koulu", "Perhon koulu"))
    session.add_all([one, other])
    session.flush()
    kept, gone = (
        attachments.add_site_file(session, other, name=name, kind=PDF, content=name.encode(), by="Aino")
        for name in ("a", "b")
    )
    attachments.take_away(session, gone)
    merge_sites(session, one, other, taken=[])
    assert attachments.files_of(session, one) == [kept]
    assert (attachments.content_of(session, kept), gone.site_id) == (b"a", one.id)
