"""The register of printed cards on pages: printing into it, what is out of date, where copies are, checking."""

import html
import io
import re

import pypdf
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep.cards.code import printed
from prep.models import CardCopies, Person
from prep.terms import AccountRole, CopyState
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, own, planner

__all__ = ["own", "planner"]

LIST = "/kortit/rekisteri"
PRINT = "/kortit/tulosta?kunta=584&laji=contact&kieli=fi"
PERHO = "/kortit?kunta=584&kieli=fi"


def send(client: FlaskClient, page: str, path: str, **typed: str) -> TestResponse:
    """Send a form with the token of whatever form stands on a page: the right is asked for, not the offer."""
    token = re.search(r'name="lomake" value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(path, data={"lomake": token[1], **typed})


def copies(app: Flask) -> list[CardCopies]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        rows = list(session.scalars(select(CardCopies).order_by(CardCopies.id)))
        for row in rows:
            assert row.card.code
        return rows


def enter(client: FlaskClient, **values: str) -> pypdf.PdfReader:
    answer = send(client, PERHO, PRINT, **{"copies": "2", "holder": "Johtokeskus", "place": "K 1", **values})
    assert answer.status_code == 200, answer.text
    return pypdf.PdfReader(io.BytesIO(answer.data))


def renamed(app: Flask) -> None:
    """Somebody on the contact card of Perho has another name."""
    with Session(engine_of(app)) as session:
        for person in session.scalars(select(Person).where(Person.municipality_code == "584")):
            person.name = f"{person.name} Uusi"
        session.commit()


def test_cards_are_printed_entered_found_out_of_date_and_printed_again(
    own: Flask, planner: FlaskClient
) -> None:
    assert len(enter(planner).pages) >= 2
    made = copies(own)[-1]
    assert (made.copies, made.holder, made.place, made.card.municipality_code) == (
        2,
        "Johtokeskus",
        "K 1",
        "584",
    )
    check = f"/kortit/tarkista?koodi={printed(made.code)}&lang=en"
    page = html.unescape(planner.get(check).text)
    assert f"{printed(made.code)} is current: nothing on it has changed." in page
    assert "The check characters fit" in page
    renamed(own)
    page = html.unescape(planner.get(check).text)
    assert "is out of date. The card of today is" in page
    assert "another person" in page
    assert "Kunnanjohtaja" in html.unescape(planner.get(f"{LIST}?nayta=vanhentuneet&kunta=584").text)
    answer = send(planner, LIST, f"{LIST}/uusinta", kunta="584")
    assert answer.mimetype == "application/pdf"
    again = copies(own)[-1]
    assert (again.holder, again.copies, again.code != made.code) == ("Johtokeskus", 2, True)
    assert next(one for one in copies(own) if one.id == made.id).replaced_by_id == again.id
    assert send(planner, LIST, f"{LIST}/uusinta", kunta="584").status_code == 404


def test_where_copies_are_is_noted_and_can_be_taken_back(own: Flask, planner: FlaskClient) -> None:
    path = f"{LIST}/1/muokkaa"
    opened = hidden(planner.get(path).text, path)
    answer = planner.post(path, data={**opened, "holder": "Asema 2", "place": "Ajoneuvo 5", "state": "lost"})
    assert answer.status_code == 303
    row = copies(own)[0]
    assert (row.holder, row.place, row.state) == ("Asema 2", "Ajoneuvo 5", CopyState.LOST)
    after = planner.get(answer.headers["Location"]).text
    assert "/kumoa" in after
    opened = hidden(planner.get(path).text, path)
    answer = planner.post(path, data={**opened, "holder": "x" * 301, "place": "", "state": "out"})
    assert (answer.status_code, "300" in answer.text) == (422, True)
    assert planner.post(path, data={**opened, "kerta": "2", "state": "burnt"}).status_code == 422


def test_a_municipality_sees_and_prints_only_its_own(own: Flask, planner: FlaskClient) -> None:
    enter(planner)
    made = copies(own)[-1]
    eero = sign_in(own, AccountRole.MUNICIPAL_CONTACT, "272")
    assert "Johtokeskus" not in eero.get(LIST).text
    assert eero.get(f"/kortit/tarkista?koodi={made.code}").status_code == 404
    assert eero.get(f"{LIST}/{made.id}/muokkaa").status_code == 404
    assert send(eero, "/kortit?kunta=272", PRINT, copies="1").status_code == 404
    before = len(copies(own))
    assert send(eero, LIST, f"{LIST}/uusinta").status_code == 404
    assert len(copies(own)) == before


def test_whoever_sees_no_numbers_enters_no_cards(own: Flask) -> None:
    director = sign_in(own, AccountRole.EXERCISE_DIRECTOR, None)
    assert "/kortit/tulosta" not in director.get(PERHO).text
    before = len(copies(own))
    assert send(director, PERHO, PRINT, copies="1").status_code == 404
    assert len(copies(own)) == before


def test_a_mistyped_code_and_no_copies_are_refused_with_the_rule(own: Flask, planner: FlaskClient) -> None:
    answer = planner.get("/kortit/tarkista?koodi=K7Q2-M4ZD-TK&lang=en")
    assert answer.status_code == 422
    assert "do not fit the eight before them" in html.unescape(answer.text)
    assert send(planner, PERHO, PRINT, copies="0").status_code == 422
    assert send(planner, PERHO, PRINT, copies="1", holder="x" * 301).status_code == 422
