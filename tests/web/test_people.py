"""People on pages: taken in, changed, reached, away, gone; nothing lost when two change the same."""

import html
import json
import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep.config import Settings
from prep.models import AuditEntry, Person, SeatTerm
from prep.terms import AccountRole, Evidence
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.people import sign_in

# Somebody who sits in Kokkola's management group and has a deputy.
NAME = "Aino Esimerkki"


@pytest.fixture
def own(apart: Flask) -> Flask:
    return apart


@pytest.fixture
def planner(own: Flask) -> FlaskClient:
    return sign_in(own)


def person(app: Flask, name: str = NAME) -> Person:
    with Session(engine_of(app), expire_on_commit=False) as session:
        found = session.scalars(select(Person).where(Person.name == name)).one()
        assert found.contact_points is not None
        return found


def hidden(text: str, path: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address."""
    form = re.search(
        rf'<form[^>]*method="post"[^>]*action="{re.escape(path)}"[^>]*>(.*?)</form>', text, re.DOTALL
    )
    assert form is not None, path
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1])
    return {name: html.unescape(value) for name, value in found}


def send(client: FlaskClient, page: str, path: str, **typed: str) -> TestResponse:
    """Open a page, fill in the form that leads to an address, and send it."""
    return client.post(path, data={**hidden(client.get(page).text, path), **typed})


DETAILS = {
    "name": "Uusi Ihminen",
    "title": "Johtaja",
    "organisation": "Kokkola",
    "municipality": "272",
    "language": "sv",
}


def test_somebody_is_taken_in_and_that_is_undone(own: Flask, planner: FlaskClient) -> None:
    answer = send(planner, "/yhteyshenkilot/uusi", "/yhteyshenkilot/uusi", **DETAILS, speaks="en")
    assert answer.status_code == 303
    made = person(own, "Uusi Ihminen")
    assert (made.title, made.municipality_code, made.language.value, made.speaks) == (
        "Johtaja",
        "272",
        "sv",
        ["en"],
    )
    page = planner.get(answer.headers["Location"] + "&lang=fi")
    assert "Lisätty." in page.text
    undone = planner.post("/kumoa", data=hidden(page.text, "/kumoa"))
    assert undone.headers["Location"] == "/yhteyshenkilot?tehty=undone"
    with Session(engine_of(own)) as session:
        assert session.scalars(select(Person).where(Person.name == "Uusi Ihminen")).all() == []


def test_a_form_sent_twice_makes_one(own: Flask, planner: FlaskClient) -> None:
    fields = hidden(planner.get("/yhteyshenkilot/uusi").text, "/yhteyshenkilot/uusi")
    answers = [planner.post("/yhteyshenkilot/uusi", data={**fields, **DETAILS}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert person(own, "Uusi Ihminen")
    # Another content is another form, even where the browser went back to the old page.
    other = planner.post("/yhteyshenkilot/uusi", data={**fields, **DETAILS, "name": "Toinen Ihminen"})
    assert other.status_code == 303
    assert person(own, "Toinen Ihminen")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Nimi: Tieto on pakollinen."),
        ("name", "x" * 300, "Siinä on enintään 120 merkkiä; tässä on 300."),
        ("name", "Aino\x07", "vain näkyviä merkkejä"),
        ("municipality", "091", "Kunta: ”091”"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    planner: FlaskClient, field: str, value: str, words: str
) -> None:
    path = "/yhteyshenkilot/uusi"
    answer = send(planner, f"{path}?lang=fi", path, **{**DETAILS, field: value})
    assert answer.status_code in ({404} if value == "091" else {422})
    if answer.status_code == 422:
        assert words in html.unescape(answer.text)
        assert f'<li><a href="#{field}">' in answer.text
        assert 'value="Johtaja"' in answer.text


def test_of_two_who_change_the_same_neither_loses_anything(own: Flask) -> None:
    mine, theirs = sign_in(own), sign_in(own, AccountRole.MUNICIPAL_CONTACT, "272")
    number = person(own).id
    path = f"/yhteyshenkilot/{number}/muokkaa"
    opened = hidden(mine.get(path).text, path)
    before = {"municipality": "272", "language": "fi", "organisation": "Kokkola"}
    answer = send(theirs, path, path, **before, name=NAME, title="Hänen nimikkeensä")
    assert answer.status_code == 303
    answer = mine.post(f"{path}?lang=fi", data={**opened, **before, "name": "Minun nimeni", "title": "Oma"})
    # Nothing of mine is saved over theirs.
    assert answer.status_code == 409
    text = html.unescape(answer.text)
    assert person(own).title == "Hänen nimikkeensä"
    assert "Taina Testi-Esimerkki on muuttanut samaa tietoa" in text
    assert 'value="Minun nimeni"' in text
    assert 'value="Oma"' in text
    assert "Tallennettu sillä välin: Hänen nimikkeensä" in text
    # What only they have changed is taken over, and saving once more keeps both.
    title = person(own).title
    opened_title = json_of(opened["avattu"])["title"]
    text = mine.post(
        f"{path}?lang=fi", data={**opened, **before, "name": "Minun nimeni", "title": opened_title}
    ).text
    assert f'value="{title}"' in html.unescape(text)
    again = {**hidden(text, path), **before, "name": "Minun nimeni", "title": title}
    assert mine.post(path, data=again).status_code == 303
    both = person(own, "Minun nimeni")
    assert both.title == title


def json_of(text: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(text)
    return found


def test_a_number_is_added_changed_confirmed_ordered_and_removed(own: Flask, planner: FlaskClient) -> None:
    number = person(own).id
    page = f"/yhteyshenkilot/{number}"
    send(planner, f"{page}/numerot/uusi", f"{page}/numerot/uusi", kind="email", value="Aino@Kunta.Example")
    points = person(own).contact_points
    mail = points[-1]
    assert (mail.value, mail.evidence, mail.confirmed_on) == ("aino@kunta.example", Evidence.TYPED, None)
    send(planner, page, f"{page}/numerot/{mail.id}/vahvista", tapa="called_back")
    mail = person(own).contact_points[-1]
    assert (mail.evidence, mail.confirmed_by) == (Evidence.CALLED_BACK, "Taina Testi-Esimerkki")
    assert mail.confirmed_on == date(2026, 11, 22)
    send(planner, page, f"{page}/numerot/{mail.id}/ylos")
    assert [one.id for one in person(own).contact_points].index(mail.id) == len(points) - 2
    edit = f"{page}/numerot/{mail.id}/muokkaa"
    send(planner, edit, edit, kind="email", value="toinen@kunta.example", purpose="työ")
    mail = next(one for one in person(own).contact_points if one.id == mail.id)
    # Another address is another value: what was confirmed of the old one counts no more.
    assert (mail.value, mail.evidence, mail.confirmed_on) == ("toinen@kunta.example", Evidence.TYPED, None)
    remove = f"{page}/numerot/{mail.id}/poista"
    assert "toinen@kunta.example" in planner.get(remove).text
    assert send(planner, remove, remove).status_code == 303
    assert mail.id not in [one.id for one in person(own).contact_points]
    with Session(engine_of(own)) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.action, last.table_name) == ("delete", "contact_point")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("mobile", "112", "Se on hätänumero"),
        ("mobile", "040 123 4567, 050 123 4567", "Kentässä on yksi numero."),
        ("mobile", "12", "Se ei ole puhelinnumero, johon voi soittaa."),
        ("mobile", "4,01E+08", "viimeiset numerot ovat kadonneet"),
        ("email", "aino@", "Se ei ole sähköpostiosoite."),
        ("email", "a" * 120 + "@x.fi", "enintään 100 merkkiä"),
        ("mobile", "", "Numero tai osoite on annettava."),
        ("fax", "1", "Valitse jokin luettelosta."),
    ],
)
def test_what_is_no_number_is_refused_at_its_field(
    planner: FlaskClient, own: Flask, kind: str, value: str, words: str
) -> None:
    path = f"/yhteyshenkilot/{person(own).id}/numerot/uusi"
    answer = send(planner, f"{path}?lang=fi", path, kind=kind, value=value)
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)


def test_while_somebody_is_away_the_deputy_acts(own: Flask, planner: FlaskClient) -> None:
    number = person(own).id
    path = f"/yhteyshenkilot/{number}/poissaolot/uusi"
    assert send(planner, path, path, starts="2026-11-20", ends="2026-11-30").status_code == 303
    assert "On tänään poissa" in planner.get(f"/yhteyshenkilot/{number}?lang=fi").text
    for starts, ends, words in (
        ("2026-12-02", "2026-12-01", "Se ei ole ennen ensimmäistä päivää 2.12.2026."),
        ("2026-11-30", "", "on jo merkitty poissa olevaksi 20.11.2026 alkaen"),
        ("huomenna", "", "2026-11-22"),
    ):
        answer = send(planner, f"{path}?lang=fi", path, starts=starts, ends=ends)
        assert answer.status_code == 422
        assert words in html.unescape(answer.text)


def test_before_somebody_leaves_one_sees_what_breaks(own: Flask, planner: FlaskClient) -> None:
    # The municipal manager of Perho has no deputy, and calls all the others.
    with Session(engine_of(own)) as session:
        alone = next(
            term.person
            for term in session.scalars(select(SeatTerm))
            if term.seat.body.key == "management-group-584" and term.seat.key == "manager" and term.rank == 0
        )
        number, name = alone.id, alone.name
    path = f"/yhteyshenkilot/{number}/lahto"
    text = html.unescape(planner.get(f"{path}?lang=fi").text)
    assert "kukaan ei jää tehtävään" in text
    assert "soittaa ketjussa muille" in text
    assert send(planner, path, path, last_day="2026-11-30").status_code == 303
    with Session(engine_of(own)) as session:
        ends = session.scalars(select(SeatTerm.ends).where(SeatTerm.person_id == number)).all()
        assert set(ends) == {date(2026, 11, 30)}
    assert person(own, name).left_on == date(2026, 12, 1)


def test_a_municipal_contact_changes_the_own_people_only(own: Flask) -> None:
    contact = sign_in(own, AccountRole.MUNICIPAL_CONTACT, "272")
    assert "Halsua" not in contact.get("/yhteyshenkilot/uusi").text
    path = "/yhteyshenkilot/uusi"
    for municipality in ("074", ""):
        answer = send(contact, path, path, **{**DETAILS, "municipality": municipality})
        assert answer.status_code == 404
    assert send(contact, path, path, **DETAILS).status_code == 303
    # Nobody is moved to where one may not keep them.
    number = person(own, "Uusi Ihminen").id
    edit = f"/yhteyshenkilot/{number}/muokkaa"
    assert send(contact, edit, edit, **{**DETAILS, "municipality": "074"}).status_code == 404
    assert person(own, "Uusi Ihminen").municipality_code == "272"


def test_nobody_takes_back_what_another_did_or_without_the_right(own: Flask, planner: FlaskClient) -> None:
    number = person(own).id
    path = f"/yhteyshenkilot/{number}/muokkaa"
    answer = send(planner, path, path, **{**DETAILS, "name": "Aino Muutettu"})
    rows = re.search(r"kumoa=(\d+-\d+)", answer.headers["Location"])
    assert rows is not None
    other = sign_in(own, AccountRole.MUNICIPAL_CONTACT, "272")
    token = hidden(other.get("/oma").text, "/kirjaudu/ulos")
    refused = other.post("/kumoa", data={**token, "rivit": rows[1]})
    assert refused.status_code == 422
    for wrong in ("", "5", "9-1", "1-99999999999", "a-b"):
        assert (
            planner.post(
                "/kumoa", data={**hidden(planner.get("/oma").text, "/kirjaudu/ulos"), "rivit": wrong}
            ).status_code
            == 404
        )
    assert person(own, "Aino Muutettu")


def test_a_person_gets_a_copy_and_is_erased_for_good(own: Flask, planner: FlaskClient) -> None:
    send(planner, "/yhteyshenkilot/uusi", "/yhteyshenkilot/uusi", **DETAILS)
    number = person(own, "Uusi Ihminen").id
    answer = planner.get(f"/yhteyshenkilot/{number}/tiedot.json")
    assert answer.json is not None
    assert answer.json["person"]["name"] == "Uusi Ihminen"
    path = f"/yhteyshenkilot/{number}/poista"
    refused = send(planner, f"{path}?lang=fi", path, syy=" ")
    assert refused.status_code == 422
    assert "Perustelu: Se on pakollinen" in html.unescape(refused.text)
    assert send(planner, path, path, syy="lähtenyt").status_code == 303
    assert planner.get(f"/yhteyshenkilot/{number}").status_code == 404
    assert "Uusi Ihminen" not in planner.get("/yhteyshenkilot?rivit=200").text
    # Whoever holds a post is not erased.
    path = f"/yhteyshenkilot/{person(own).id}/poista"
    refused = send(planner, path, path, syy="lähtenyt")
    assert refused.status_code == 422


def test_who_looked_at_whose_numbers_is_noted_where_the_county_wants_it(county: Path, tmp_path: Path) -> None:
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(Settings(instance=tmp_path, number_views=True))
    number = person(app).id
    for role in (AccountRole.DUTY_OFFICER, AccountRole.VIEWER):
        assert sign_in(app, role).get(f"/yhteyshenkilot/{number}").status_code == 200
    with Session(engine_of(app)) as session:
        seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "seen")).all()
        # A viewer sees masked numbers only.
        assert [(one.table_name, one.row_key, one.actor) for one in seen] == [
            ("person", str(number), "account: duty_officer-county")
        ]
    engine_of(app).dispose()
