"""People who are in the register twice: offered with the reasons, compared, merged into one, and that undone."""

import html
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.models import Person, PossibleDouble, Seat
from prep.registry.appointments import appoint, terms_of
from prep.registry.people import PersonDetails, add_person, add_point
from prep.terms import AccountRole, ContactKind
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, send

LIST = "/yhteyshenkilot/kahdesti"


@pytest.fixture
def pair(apart: Flask) -> tuple[int, int]:
    """Two in Kokkola of almost the same name and one number, the second with a seat of the county's board."""
    with write_session(engine_of(apart), actor="test") as session:
        one = add_person(session, PersonDetails(name="Vilma Vertailu", municipality="272"))
        add_point(session, one, ContactKind.MOBILE, "+358000009001")
        other = add_person(session, PersonDetails(name="Vilma Vertailú", title="Rehtori", municipality="272"))
        add_point(session, other, ContactKind.MOBILE, "+358000009001")
        add_point(session, other, ContactKind.EMAIL, "vilma@kokkola.example")
        return one.id, other.id


def path_of(pair: tuple[int, int]) -> str:
    return f"{LIST}/{pair[0]}/{pair[1]}"


def people(app: Flask) -> dict[int, Person]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        found = session.scalars(select(Person).where(Person.name.like("Vilma%"))).all()
        assert all(one.contact_points is not None for one in found)
        return {one.id: one for one in found}


def chosen(text: str, path: str, *points: int) -> dict[str, object]:
    return {**hidden(text, path), "numero": [str(one) for one in points], "tieto-title": "2"}


def test_both_are_offered_with_the_reasons(apart: Flask, pair: tuple[int, int]) -> None:
    text = html.unescape(sign_in(apart).get(f"{LIST}?lang=fi").text)
    assert f'href="{path_of(pair)}"' in text
    assert "sama numero" in text
    assert "lähes sama nimi" in text


def test_two_are_made_one_and_that_is_undone(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart)
    before = people(apart)
    path = path_of(pair)
    page = client.get(f"{path}?lang=fi")
    # What only the other has is proposed, and of two numbers alike one.
    assert 'name="tieto-title" value="2" checked' in page.text
    assert page.text.count('name="numero"') == 3
    kept = [before[pair[0]].contact_points[0].id, before[pair[1]].contact_points[1].id]
    done = client.post(path, data=chosen(page.text, path, *kept))
    assert done.status_code == 303
    (one,) = people(apart).values()
    assert (one.id, one.name, one.title) == (pair[0], "Vilma Vertailu", "Rehtori")
    assert [point.value for point in one.contact_points] == ["+358000009001", "vilma@kokkola.example"]
    shown = client.get(done.headers["Location"] + "&lang=fi")
    assert "Henkilöt on yhdistetty." in shown.text
    assert client.post("/kumoa", data=hidden(shown.text, "/kumoa")).status_code == 303
    after = people(apart)
    assert {number: (one.name, one.title) for number, one in after.items()} == {
        number: (one.name, one.title) for number, one in before.items()
    }
    assert len(after[pair[1]].contact_points) == 2


def test_what_was_not_chosen_is_not_kept(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart)
    path = path_of(pair)
    page = client.get(path)
    client.post(path, data={**hidden(page.text, path), "tieto-title": "1", "tieto-name": "2"})
    (one,) = people(apart).values()
    assert (one.name, one.title, one.contact_points) == ("Vilma Vertailú", "", [])


def test_those_who_are_not_the_same_are_remembered(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart)
    done = send(client, LIST, f"{path_of(pair)}/eri")
    assert done.status_code == 303
    text = client.get(done.headers["Location"]).text
    assert f'href="{path_of(pair)}"' not in text
    with Session(engine_of(apart)) as session:
        assert session.get(PossibleDouble, pair) is not None
    assert client.post("/kumoa", data=hidden(text, "/kumoa")).status_code == 303
    assert f'href="{path_of(pair)}"' in client.get(LIST).text


def test_what_has_changed_meanwhile_is_looked_at_again(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart)
    path = path_of(pair)
    page = client.get(path)
    with write_session(engine_of(apart), actor="test") as session:
        session.get_one(Person, pair[1]).title = "Muuttunut"
    assert client.post(path, data=chosen(page.text, path)).status_code == 409
    assert len(people(apart)) == 2


def test_one_and_the_same_are_no_pair(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart)
    assert client.get(f"{LIST}/{pair[0]}/{pair[0]}").status_code == 404
    assert client.get(f"{LIST}/{pair[0]}/999999").status_code == 404


def test_what_stands_in_the_way_is_told_before_it_is_tried(apart: Flask, pair: tuple[int, int]) -> None:
    with write_session(engine_of(apart), actor="test") as session:
        seat = session.scalars(select(Seat)).first()
        assert seat is not None
        one, other = (session.get_one(Person, number) for number in pair)
        appoint(session, seat, one, starts=date(2027, 1, 1), ends=date(2027, 12, 31))
        appoint(session, seat, other, starts=date(2027, 1, 1), ends=date(2027, 12, 31), rank=7)
    client = sign_in(apart)
    path = path_of(pair)
    page = client.get(f"{path}?lang=fi")
    assert "eikä kukaan ole oma varahenkilönsä" in html.unescape(page.text)
    assert "Yhdistä henkilöt" not in page.text
    answer = client.post(f"{path}?lang=fi", data=chosen(page.text, path))
    assert answer.status_code == 422
    assert len(people(apart)) == 2


def test_a_municipal_contact_does_not_merge_what_is_not_theirs(apart: Flask, pair: tuple[int, int]) -> None:
    with write_session(engine_of(apart), actor="test") as session:
        board = session.scalars(select(Seat).where(Seat.key == "board-lestijokilaakso")).one()
        appoint(session, board, session.get_one(Person, pair[1]), starts=date(2027, 1, 1), ends=None, rank=7)
    aino: FlaskClient = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "272")
    path = path_of(pair)
    page = aino.get(f"{path}?lang=fi")
    assert "Pyydä alueen suunnittelijaa yhdistämään nämä kaksi." in html.unescape(page.text)
    assert aino.post(path, data=chosen(page.text, path)).status_code == 422
    with Session(engine_of(apart)) as session:
        assert len(terms_of(session, session.get_one(Person, pair[1]))) == 1
    eero = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "584")
    assert eero.get(path).status_code == 404
    assert f'href="{path}"' not in eero.get(LIST).text
