"""Plans and photographs of premises on pages: taken in a safe form, given out safely, taken away and brought back."""

import html
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import attachments
from prep.models import Attachment, AttachmentContent, Site
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden


def plan() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "Kuvaaja"
    made = BytesIO()
    Image.new("RGB", (300, 200), "white").save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.fixture
def number(apart: Flask) -> int:
    with Session(engine_of(apart)) as session:
        return session.scalars(select(Site.id).where(Site.municipality_code == "584")).all()[0]


def add(client: FlaskClient, number: int, content: bytes, name: str, label: str = "internal") -> int:
    path = f"/evakuointipaikat/{number}"
    fields = hidden(client.get(path).text, f"{path}/liitteet")
    sent = {**fields, "classification": label, "tiedosto": (BytesIO(content), name)}
    return client.post(f"{path}/liitteet", data=sent, content_type="multipart/form-data").status_code


def test_a_plan_is_kept_shown_printed_taken_away_and_brought_back(apart: Flask, number: int) -> None:
    client, path = sign_in(apart), f"/evakuointipaikat/{number}"
    assert add(client, number, plan(), "../pohja.png") == 303
    page = html.unescape(client.get(path).text)
    # What it is, its content says.
    assert f'src="{path}/liitteet/' in page
    assert "pohja.png.jpg" in page
    with Session(engine_of(apart)) as session:
        row = session.scalars(select(Attachment).where(Attachment.site_id == number)).one()
        file, key = f"{path}/liitteet/{row.id}", row.id
    given = client.get(file)
    assert b"Kuvaaja" not in given.data
    assert given.headers["Content-Type"] == "image/jpeg"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert given.headers["Content-Disposition"] == "attachment; filename=pohja.png.jpg"
    sides = PdfReader(BytesIO(client.get(f"{path}/avaaminen.pdf").data)).pages
    assert sum(len(side.images) for side in sides) == 1
    # The very same is not kept twice, and premises with files are not removed with them.
    assert add(client, number, plan(), "again.jpg") == 422
    asked = f"{path}/poista"
    refused = client.post(asked, data=hidden(client.get(asked).text, asked))
    assert refused.status_code == 422
    assert "poista ensin tiedostot" in html.unescape(refused.text)
    gone = client.post(f"{file}/poista", data=hidden(page, f"{file}/poista"))
    assert gone.status_code == 303
    assert client.get(file).status_code == 404
    back = client.get(gone.headers["Location"]).text
    assert client.post("/kumoa", data=hidden(back, "/kumoa")).status_code == 303
    assert client.get(file).data == given.data
    with Session(engine_of(apart)) as session:
        assert session.get(AttachmentContent, key) is not None


def test_what_is_secret_is_for_those_who_keep_the_list_and_on_no_card(apart: Flask, number: int) -> None:
    client, path = sign_in(apart), f"/evakuointipaikat/{number}"
    assert add(client, number, plan(), "avaimet.jpg", label="secret") == 303
    with Session(engine_of(apart)) as session:
        row = session.scalars(select(Attachment).where(Attachment.site_id == number)).one()
        file = f"{path}/liitteet/{row.id}"
    assert client.get(file).status_code == 200
    reader = sign_in(apart, AccountRole.VIEWER)
    assert reader.get(path).status_code == 200
    assert "avaimet" not in reader.get(path).text
    assert reader.get(file).status_code == 404
    sides = PdfReader(BytesIO(client.get(f"{path}/avaaminen.pdf").data)).pages
    assert sum(len(side.images) for side in sides) == 0


def test_what_may_do_harm_is_refused_and_nothing_is_kept(apart: Flask, number: int) -> None:
    client = sign_in(apart)
    assert add(client, number, b"MZ", "pohja.jpg") == 422
    with Session(engine_of(apart)) as session:
        site = session.get_one(Site, number)
        assert attachments.files_of(session, site) == []
