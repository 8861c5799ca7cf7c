"""The binder on the page of cards: who gets it, what is in it, what the register and the trail know of it."""

import io
import re
import zipfile

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from prep.binder.signing import KEY_FILE, make_signing_key, read_public_key, verify
from prep.config import Settings
from prep.db import read_session
from prep.models import AuditEntry, IssuedCard
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in

PERHO = "/kortit?kunta=584&kieli=fi"
BINDER = "/kortit/kansio?kunta=584&kieli=fi"


def sent(client: FlaskClient, page: str, where: str):
    token = re.search(r'name="lomake" value="([0-9a-f]+)"', client.get(page).text)
    assert token is not None
    return client.post(where, data={"lomake": token[1]})


def issued(app: Flask) -> int:
    with read_session(engine_of(app)) as session:
        return session.scalar(select(func.count()).select_from(IssuedCard)) or 0


@pytest.mark.slow
def test_a_planner_gets_pdf_page_and_signatures_and_the_trail_tells_of_it(apart: Flask) -> None:
    planner = sign_in(apart)
    settings: Settings = apart.extensions["prep_settings"]
    assert "prep binder key" in planner.get(PERHO).text
    make_signing_key(settings.instance / KEY_FILE)
    assert "prep binder key" not in planner.get(PERHO).text
    before = issued(apart)
    answer = sent(planner, PERHO, BINDER)
    assert answer.status_code == 200
    files = zipfile.ZipFile(io.BytesIO(answer.data))
    assert sorted(files.namelist()) == [
        "binder.pub",
        "prep-binder-584-fi.html",
        "prep-binder-584-fi.html.minisig",
        "prep-binder-584-fi.pdf",
        "prep-binder-584-fi.pdf.minisig",
    ]
    key = read_public_key(files.read("binder.pub").decode().splitlines()[1])
    for name in ("prep-binder-584-fi.pdf", "prep-binder-584-fi.html"):
        verify(files.read(name), files.read(f"{name}.minisig").decode(), key, name=name)
    assert len(pypdf.PdfReader(io.BytesIO(files.read("prep-binder-584-fi.pdf"))).pages) > 50
    assert issued(apart) > before
    with read_session(engine_of(apart)) as session:
        assert (
            session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one().row_key == "binder"
        )


def test_another_municipality_or_every_place_at_once_is_nothing_there(app: Flask) -> None:
    contact = sign_in(app, AccountRole.MUNICIPAL_CONTACT, "272")
    for place in ("kunta=584", "kunta=alue", "kunta=", "kunta=999"):
        assert sent(contact, "/oma", f"/kortit/kansio?{place}&kieli=fi").status_code == 404
