"""A list of people on the pages: looked at, imported, undone; what is wrong with it is said and nothing is changed."""

import html
import io
import re
import zlib
from base64 import b64encode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep.models import AuditEntry, Person
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.exchange.files import ods
from tests.web.people import sign_in
from tests.web.test_people import hidden, person

PAGE, APPLY = "/yhteyshenkilot/tuonti", "/yhteyshenkilot/tuonti/tee"
HEAD = "Nimi;Kunta;Nimike;Matkapuhelin;Sähköposti;Tehtävä;Alkaa;Päättyy"
NEW = "Uusi Esimerkki;Kokkola;Rehtori;+358 00 000 9001;uusi@kokkola.example;;;"


def compare(client: FlaskClient, content: str | bytes, name: str = "lista.csv", **typed: str) -> TestResponse:
    token = hidden(client.get(PAGE).text, PAGE)
    data = content.encode() if isinstance(content, str) else content
    return client.post(
        f"{PAGE}?lang=fi",
        data={**token, **typed, "tiedosto": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def fields_of(text: str) -> dict[str, str]:
    """The fields of the page with the difference, as a browser would send them on."""
    chosen = re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected', text, re.DOTALL
    )
    return {**hidden(text, PAGE), **dict(chosen), "taulukko": ""}


def apply(client: FlaskClient, text: str, **typed: str) -> TestResponse:
    return client.post(f"{APPLY}?lang=fi", data={**fields_of(text), **typed})


def count(app: Flask) -> int:
    with Session(engine_of(app)) as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def exports(app: Flask) -> int:
    with Session(engine_of(app)) as session:
        query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "export")
        return session.scalar(query) or 0


def test_a_list_is_looked_at_imported_and_undone(apart: Flask) -> None:
    client, before = sign_in(apart), count(apart)
    page = compare(client, f"{HEAD}\n{NEW}\n")
    assert page.status_code == 200
    text = html.unescape(page.text)
    for part in ("Uusi Esimerkki", "rivi 2", "+358000009001", "Mitään ei ole vielä muutettu."):
        assert part in text
    assert count(apart) == before
    done = apply(client, page.text)
    assert done.status_code == 303
    made = person(apart, "Uusi Esimerkki")
    assert (made.title, made.municipality_code, made.contact_points[0].value) == (
        "Rehtori",
        "272",
        "+358000009001",
    )
    shown = client.get(done.headers["Location"] + "&lang=fi")
    assert "Luettelo on tuotu." in shown.text
    undone = client.post("/kumoa", data=hidden(shown.text, "/kumoa"))
    assert undone.status_code == 303
    assert count(apart) == before


def test_the_same_import_sent_twice_is_done_once(apart: Flask) -> None:
    client, before = sign_in(apart), count(apart)
    fields = fields_of(compare(client, f"{HEAD}\n{NEW}\n").text)
    answers = [client.post(APPLY, data=fields) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert count(apart) == before + 1


def test_an_ods_file_is_read_too(apart: Flask) -> None:
    content = ods([one.split(";") for one in (HEAD, NEW)])
    text = compare(sign_in(apart), content, "lista.ods").text
    assert "Uusi Esimerkki" in text
    assert "lista.ods · " in text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_the_page_exports_imports_back_without_a_difference(apart: Flask, kind: str) -> None:
    client = sign_in(apart)
    got = client.get(f"/yhteyshenkilot/vienti?muoto={kind}&lang=fi")
    assert got.status_code == 200
    text = html.unescape(compare(client, got.data, f"ulos.{kind}").text)
    assert "tuotavaa ei ole" in text
    assert "Mikä muuttuu" not in text


def test_a_changed_value_is_shown_before_and_after(apart: Flask) -> None:
    client = sign_in(apart)
    one = person(apart)
    mobile = next(point.value for point in one.contact_points if point.kind.value == "mobile")
    text = html.unescape(compare(client, f"{HEAD}\n{one.name};Kokkola;Uusi nimike;{mobile};;;;\n").text)
    assert f"<del>{one.title}</del> → Uusi nimike" in text


def test_what_the_columns_tell_can_be_said(apart: Flask) -> None:
    client = sign_in(apart)
    # No heading says that it is the name.
    page = compare(client, "Kuka;Kunta;Matkapuhelin\nUusi Esimerkki;Kokkola;+358 00 000 9001\n")
    assert page.status_code == 422
    assert "Mikään sarake ei kerro nimeä" in page.text
    fields = {**hidden(page.text, PAGE), "sarake-0": "name", "sarake-1": "municipality", "sarake-2": "mobile"}
    again = client.post(f"{PAGE}?lang=fi", data=fields)
    assert again.status_code == 200
    assert apply(client, again.text, **{"sarake-0": "name"}).status_code == 303
    assert person(apart, "Uusi Esimerkki").contact_points[0].value == "+358000009001"


def test_one_field_said_of_two_columns_is_refused(apart: Flask) -> None:
    client = sign_in(apart)
    page = compare(client, f"{HEAD}\n{NEW}\n")
    answer = client.post(f"{PAGE}?lang=fi", data={**fields_of(page.text), "sarake-2": "name"})
    assert answer.status_code == 422
    assert "Saman tiedon on sanottu olevan myös sarakkeessa A." in html.unescape(answer.text)


def test_another_difference_than_was_looked_at_is_not_imported(apart: Flask) -> None:
    client, before = sign_in(apart), count(apart)
    page = compare(client, f"{HEAD}\n{NEW}\n")
    # The column of the titles was left out after looking.
    answer = apply(client, page.text, **{"sarake-2": ""})
    assert answer.status_code == 409
    assert "Muutokset ovat muut kuin ne, jotka katsoit" in html.unescape(answer.text)
    assert count(apart) == before
    assert apply(client, answer.text).status_code == 303
    assert person(apart, "Uusi Esimerkki").title == ""


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("X;Kokkola;;2 kpl;;;;", "sarake D"),
        ("X;Kokkola;;112;;;;", "112"),
        ("X;Kokkkkola;;+358 00 000 9001;;;;", "Kokkola"),
        (f"{'x' * 300};Kokkola;;+358 00 000 9001;;;;", "300"),
        ("X;Kokkola;;;;Varautumisen yhteyshenkilö;2.2.2026;1.1.2026", "Kausi ei pääty ennen"),
    ],
)
def test_bad_rows_are_named_with_their_number(client: FlaskClient, row: str, words: str) -> None:
    answer = compare(
        client, f"{HEAD}\n{row.replace('X', 'Uusi Esimerkki', 1) if row.startswith('X') else row}\n"
    )
    sentences = re.findall(r"<li><svg.*?</svg>(.*?)</li>", answer.text, re.DOTALL)
    assert any("rivi 2" in one and words in html.unescape(one) for one in sentences), sentences


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tiedosto on tyhjä."),
        (b"%PDF-1.7 x", "Tiedosto ei ole taulukko."),
        (b"ihan;muuta\n1;2\n", "Millään rivillä ei ole otsikoita"),
    ],
)
def test_what_is_no_list_is_said_at_the_field(client: FlaskClient, content: bytes, words: str) -> None:
    answer = compare(client, content)
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert '<a href="#tiedosto">' in answer.text


def test_without_a_file_and_with_a_broken_one_nothing_happens(client: FlaskClient) -> None:
    token = hidden(client.get(PAGE).text, PAGE)
    nothing = client.post(f"{PAGE}?lang=fi", data=token)
    assert nothing.status_code == 422
    assert "Tiedostoa ei valittu." in nothing.text
    whole = zlib.compress(b"Nimi;Kunta\nA;Kokkola\n" * 50)
    for broken in ("xx!", b64encode(whole[:-6]).decode(), b64encode(b"nothing").decode()):
        answer = client.post(f"{APPLY}?lang=fi", data={**token, "sisalto": broken})
        assert answer.status_code == 422
        assert "Tiedosto ei tullut perille kokonaisena." in answer.text


def test_a_file_that_unpacks_to_too_much_is_refused(client: FlaskClient) -> None:
    token = hidden(client.get(PAGE).text, PAGE)
    bomb = b64encode(zlib.compress(b"x" * (11 << 20))).decode()
    answer = client.post(f"{PAGE}?lang=fi", data={**token, "sisalto": bomb})
    assert answer.status_code == 422
    assert "Tiedoston koko on enintään 10 MiB." in answer.text


def test_a_list_is_larger_than_other_forms_may_be(apart: Flask) -> None:
    client, before = sign_in(apart), count(apart)
    rows = "".join(
        f"Uusi Esimerkki{chr(97 + n % 26)}{chr(97 + n // 26)};Kokkola;Rehtori;+358 00 001 {n:04};;;;{'x' * 300}\n"
        for n in range(300)
    )
    page = compare(client, f"{HEAD};Muuta\n{rows}")
    assert page.status_code == 200
    assert apply(client, page.text).status_code == 303
    assert count(apart) == before + 300


def test_other_forms_stay_small_and_a_stranger_s_file_is_not_read(
    client: FlaskClient, stranger: FlaskClient
) -> None:
    large = {"name": "x" * 100_000}
    assert client.post("/yhteyshenkilot/uusi", data=large).status_code == 413
    assert stranger.post(PAGE, data={"sisalto": "x" * 1_000_000}).status_code == 303


def test_a_municipal_contact_imports_only_people_of_the_own_municipality(apart: Flask) -> None:
    aino = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "272")
    foreign = "Toinen Esimerkki;Perho;Rehtori;+358 00 000 9002;;;;"
    page = compare(aino, f"{HEAD}\n{NEW}\n{foreign}\n")
    text = html.unescape(page.text)
    assert "rivi 3" in text
    assert "jonka yhteyshenkilöitä tunnuksesi ei saa ylläpitää" in text
    assert apply(aino, page.text).status_code == 303
    with Session(engine_of(apart)) as session:
        names = set(session.scalars(select(Person.name)))
    assert "Uusi Esimerkki" in names
    assert "Toinen Esimerkki" not in names
    # Whose list it is can only be the own municipality.
    assert compare(aino, f"{HEAD}\n{NEW}\n", kenen="584").status_code == 404
    assert compare(aino, f"{HEAD}\n{NEW}\n", kenen="alue").status_code == 404


def test_vcards_of_the_list_and_of_one_and_the_trail_says_who_took_them(apart: Flask) -> None:
    client, before = sign_in(apart), exports(apart)
    many = client.get("/yhteyshenkilot/kortit.vcf?kunta=272")
    with Session(engine_of(apart)) as session:
        expected = session.scalar(
            select(func.count()).select_from(Person).where(Person.municipality_code == "272")
        )
    assert many.content_type == "text/vcard; charset=utf-8"
    assert many.text.count("BEGIN:VCARD") == expected
    one = client.get(f"/yhteyshenkilot/{person(apart).id}/kortti.vcf")
    assert one.text.count("FN:Aino Esimerkki") == 1
    assert exports(apart) == before + 2


@pytest.mark.parametrize("path", ["vienti", "vienti?muoto=csv", "kortit.vcf", "{n}/kortti.vcf"])
def test_those_who_may_not_export_get_no_file(apart: Flask, path: str) -> None:
    viewer = sign_in(apart, AccountRole.VIEWER)
    assert viewer.get(f"/yhteyshenkilot/{path.format(n=person(apart).id)}").status_code == 404
