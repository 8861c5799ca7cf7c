"""A list of premises on the pages: looked at, imported, undone; what is wrong with it is said and nothing is changed."""

import html
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep.models import AuditEntry, Site
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_contact_import import fields_of as of_contacts
from tests.web.test_people import hidden

PAGE, APPLY = "/evakuointipaikat/tuonti", "/evakuointipaikat/tuonti/tee"
HEAD = "Kohteen nimi;Kunta;Osoite;Käyttö;Majoituspaikat;Pinta-ala m²;Käymälät;Avaintenhaltija;Avaintenhaltijan puhelin"
NEW = "Uusi halli;Perho;Hallitie 1;majoitus;150;900;9;Vieno Vahti;+358 00 000 9009"


def compare(client: FlaskClient, content: str, name: str = "tilat.csv", **typed: str) -> TestResponse:
    token = hidden(client.get(PAGE).text, PAGE)
    return client.post(
        f"{PAGE}?lang=fi",
        data={**token, **typed, "tiedosto": (io.BytesIO(content.encode()), name)},
        content_type="multipart/form-data",
    )


def apply(client: FlaskClient, text: str, **typed: str) -> TestResponse:
    sent = of_contacts(text.replace(PAGE, "/yhteyshenkilot/tuonti"))
    return client.post(f"{APPLY}?lang=fi", data={**sent, **typed})


def count(app: Flask) -> int:
    with Session(engine_of(app)) as session:
        return session.scalar(select(func.count()).select_from(Site)) or 0


def test_a_list_is_looked_at_imported_and_undone(apart: Flask) -> None:
    client, before = sign_in(apart), count(apart)
    page = compare(client, f"{HEAD}\n{NEW}\n")
    assert page.status_code == 200
    text = html.unescape(page.text)
    for part in ("Uusi halli", "Perho · rivi 2", "tilapäinen majoitus 150", "Vieno Vahti (… 09)"):
        assert part in text, part
    # The number of a person is not shown whole, whoever looks.
    assert "9009" not in text.partition('id="new"')[2]
    assert count(apart) == before
    done = apply(client, page.text)
    assert done.status_code == 303
    assert count(apart) == before + 1
    with Session(engine_of(apart)) as session:
        made = session.scalars(select(Site).where(Site.name == "Uusi halli")).one()
        assert (made.municipality_code, made.toilets, made.confirmed_on) == ("584", 9, None)
        assert made.key_holders[0].phone == "+358000009009"
    back = client.get(done.headers["Location"])
    assert client.post("/kumoa", data=hidden(back.text, "/kumoa")).status_code == 303
    assert count(apart) == before


def test_what_would_change_is_shown_before_and_after_and_doubt_row_by_row(apart: Flask) -> None:
    client = sign_in(apart)
    with Session(engine_of(apart)) as session:
        site = session.scalars(select(Site).where(Site.toilets.is_not(None)).limit(1)).one()
        name, code, toilets = site.name, site.municipality_code, site.toilets
    rows = f"{HEAD}\n{name};{code};;;;;{(toilets or 0) + 3};;\nToinen;Perho;;majoitus;noin 80;;;;\nKolmas;Tukholma;;;;;;;\n"
    text = html.unescape(compare(client, rows).text)
    assert f"<del>{toilets}</del> → {(toilets or 0) + 3}" in text
    assert "noin 80" in text
    assert "Tukholma" in text


def test_a_column_that_was_misunderstood_is_said_on_the_page(apart: Flask) -> None:
    client = sign_in(apart)
    page = compare(
        client, "Sali;Kunta;Neliöt\nIso sali;Perho;400\n", **{"sarake-0": "name", "sarake-2": "net_area_m2"}
    )
    assert "Iso sali" in page.text
    assert apply(client, page.text).status_code == 303
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(Site.net_area_m2).where(Site.name == "Iso sali")).one() == 400


def test_another_difference_than_was_looked_at_is_not_applied(apart: Flask) -> None:
    client = sign_in(apart)
    page = compare(client, f"{HEAD}\n{NEW}\n")
    other = compare(client, f"{HEAD}\n{NEW.replace('150', '160')}\n")
    before = count(apart)
    answer = apply(client, other.text, tunniste=hidden(page.text, PAGE)["tunniste"])
    assert answer.status_code == 409
    assert count(apart) == before


def test_the_same_list_again_changes_nothing(apart: Flask) -> None:
    client = sign_in(apart)
    apply(client, compare(client, f"{HEAD}\n{NEW}\n").text)
    again = compare(client, f"{HEAD}\n{NEW}\n")
    assert "tuotavaa ei ole" in html.unescape(again.text)


@pytest.mark.parametrize("content", ["", "\x00\x01\x02", "Nimi\n"])
def test_what_is_no_list_is_refused_with_the_reason(apart: Flask, content: str) -> None:
    before = count(apart)
    answer = compare(sign_in(apart), content)
    assert answer.status_code == 422
    assert 'class="note fault"' in answer.text
    assert count(apart) == before


def test_a_municipal_contact_imports_the_own_list_only(apart: Flask) -> None:
    own, before = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "272"), count(apart)
    # Without saying whose the list is, each row would tell; and for another municipality nothing is there.
    for kenen in ("", "584"):
        assert compare(own, f"{HEAD}\n{NEW}\n", kenen=kenen).status_code == 404
    page = compare(own, f"{HEAD}\n{NEW}\n{NEW.replace('Perho', 'Kokkola')}\n", kenen="272")
    assert "<strong>1</strong>" in page.text
    assert apply(own, page.text).status_code == 303
    assert count(apart) == before + 1
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(Site.municipality_code).where(Site.name == "Uusi halli")).all() == [
            "272"
        ]


def test_what_the_list_shows_is_taken_along_and_brought_back_without_a_difference(apart: Flask) -> None:
    client = sign_in(apart)
    file = client.get("/evakuointipaikat/vienti?kunta=272&muoto=xlsx&lang=fi")
    assert file.headers["Content-Disposition"].startswith("attachment; filename=prep-premises-")
    token = hidden(client.get(PAGE).text, PAGE)
    data = {**token, "kenen": "272", "tiedosto": (io.BytesIO(file.data), "tilat.xlsx")}
    page = html.unescape(client.post(f"{PAGE}?lang=fi", data=data, content_type="multipart/form-data").text)
    assert "tuotavaa ei ole" in page
    for label in ("Uusia", "Muuttuvia", "Rivit, joita ei tuoda", "Puuttuu luettelosta"):
        assert f"<strong>0</strong> {label}" in page
    with Session(engine_of(apart)) as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
        assert len(noted) == 1
    # Whoever may not see numbers takes none along.
    masked = sign_in(apart, AccountRole.EXERCISE_DIRECTOR).get("/evakuointipaikat/vienti?muoto=csv")
    assert masked.status_code == 404 or "+358 00" not in masked.text


def test_premises_are_taken_along_as_the_list_shows_them_in_every_kind(apart: Flask) -> None:
    client = sign_in(apart)
    with Session(engine_of(apart)) as session:
        name = session.scalars(select(Site.name).where(Site.municipality_code == "272").limit(1)).one()
        others = session.scalars(select(Site.name).where(Site.municipality_code == "584")).all()
    page = html.unescape(client.get(f"/evakuointipaikat?kunta=272&haku={name}&lang=fi").text)
    starts = {
        "xlsx": b"PK",
        "csv": b"\xef\xbb\xbf",
        "geojson": b"{",
        "kml": b"<?xml",
        "gpkg": b"SQLite",
        "pdf": b"%PDF",
    }
    for kind, start in starts.items():
        address = f"/evakuointipaikat/vienti?kunta=272&haku={name}&muoto={kind}"
        assert address.replace(" ", "+") in page.replace("%C3%A4", "ä").replace("%C3%B6", "ö"), kind
        file = client.get(address)
        assert (file.status_code, file.data[: len(start)]) == (200, start)
        if kind == "geojson":
            told = [one["properties"]["name"] for one in file.get_json(force=True)["features"]]
            assert name in told
            assert not set(told) & set(others)
