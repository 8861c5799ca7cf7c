"""Confirming by a link on pages: looking changes nothing, an answer closes it, and it tells nobody of anybody else."""

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.auth import accounts
from prep.db import write_session
from prep.models import AuditEntry, ContactPoint, OutboxMessage, Person
from prep.registry import review_links
from prep.registry.people import add_point, change_point
from prep.terms import AccountRole, ContactKind, Language
from prep.web.database import engine_of
from prep.web.misses import MOST
from tests.web.people import sign_in
from tests.web.test_every_route import contents
from tests.web.test_people import hidden

TODAY = date(2026, 11, 22)
NAME, OTHER = "Tauno Keksitty", "Aino Esimerkki"


@pytest.fixture
def own(apart: Flask) -> Flask:
    return apart


@pytest.fixture
def stranger(own: Flask) -> FlaskClient:
    return own.test_client()


def person(session: Session, name: str = NAME) -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()


@pytest.fixture
def path(own: Flask) -> str:
    with write_session(engine_of(own), actor="test") as session:
        return review_links.make(session, person(session)).path


def points(app: Flask) -> list[ContactPoint]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        return list(person(session).contact_points)


def seen(text: str) -> list[str]:
    return re.findall(r'name="nahty" value="([^"]+)"', text)


def fields(text: str, path: str) -> dict[str, object]:
    return {**hidden(text, path), "nahty": seen(text)}


def test_one_sees_the_own_values_in_full_and_nobody_else_s(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 200
    text = html.unescape(answer.text).replace("\xa0", " ")
    assert "+358 00 000 0160" in text
    assert NAME in text
    assert OTHER not in text
    assert not re.search(r"\+358 00 000 (?!0160)\d{4}", text)
    # No way on from here but what is for everyone.
    assert set(re.findall(r'<a [^>]*href="([^"#?]+)', answer.text)) <= {
        path,
        "/kirjaudu",
        "/saavutettavuus",
    }
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_looking_changes_nothing_however_it_is_done(own: Flask, stranger: FlaskClient, path: str) -> None:
    before = contents(own)
    for _ in range(3):
        assert (
            stranger.get(path, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"}).status_code == 200
        )
        assert stranger.head(path).status_code == 200
    assert contents(own) == before


def test_the_answer_is_kept_in_the_person_s_name_and_the_link_is_closed(
    own: Flask, stranger: FlaskClient, path: str
) -> None:
    answer = stranger.post(path, data=fields(stranger.get(path).text, path))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/vahvistus/kiitos")
    assert "Vastauksesi on tallennettu" in stranger.get("/vahvistus/kiitos?lang=fi").text
    assert {one.confirmed_by for one in points(own)} == {NAME}
    with Session(engine_of(own)) as session:
        number = person(session).id
        actors = session.scalars(
            select(AuditEntry.actor)
            .where(AuditEntry.table_name == "contact_point")
            .order_by(AuditEntry.seq.desc())
        ).all()
        assert actors[0] == f"review link: person {number}"
    assert stranger.get(path).status_code == 404


def test_of_what_is_wrong_the_owner_is_told_and_it_counts_as_wrong(
    own: Flask, stranger: FlaskClient, path: str
) -> None:
    with write_session(engine_of(own), actor="test") as session:
        # Whoever answers for Toholampi is Tauno himself: the planners are told.
        planner = accounts.add(session, "sini@soite.example", "Sini")
        accounts.give(session, planner, AccountRole.COUNTY_PLANNER, starts=TODAY)
    wrong = f"contact-{points(own)[0].id}"
    data = {**fields(stranger.get(path).text, path), "vaarin": [wrong], f"mika-{wrong}": "Vaihtui"}
    assert stranger.post(path, data=data).status_code == 303
    first, second = points(own)
    assert (first.objection, first.confirmed_on) == ("Vaihtui", None)
    assert (second.objection, second.confirmed_by) == ("", NAME)
    with Session(engine_of(own)) as session:
        letter = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "objection")).one()
        assert letter.recipient == "sini@soite.example"
        assert "”Vaihtui”" in letter.body
        assert "http://localhost/tarkistettavat?henkilo=" in letter.body


def test_words_without_the_mark_are_meant_all_the_same(own: Flask, stranger: FlaskClient, path: str) -> None:
    wrong = f"contact-{points(own)[0].id}"
    data = {**fields(stranger.get(path).text, path), f"mika-{wrong}": "Vaihtui"}
    assert stranger.post(path, data=data).status_code == 303
    assert points(own)[0].objection == "Vaihtui"


def test_a_mark_without_words_comes_back_with_everything_else(
    own: Flask, stranger: FlaskClient, path: str
) -> None:
    first, second = (f"contact-{one.id}" for one in points(own))
    data = {**fields(stranger.get(path).text, path), "vaarin": [first], f"mika-{second}": "Tämäkin"}
    answer = stranger.post(f"{path}?lang=fi", data=data)
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert "Mikä on väärin: Kerro se 1–300 merkillä." in text
    assert 'value="Tämäkin"' in text
    assert text.count(" checked") == 2
    assert stranger.get(path).status_code == 200


def test_what_was_changed_meanwhile_is_shown_anew(own: Flask, stranger: FlaskClient, path: str) -> None:
    data = fields(stranger.get(path).text, path)
    with write_session(engine_of(own), actor="test") as session:
        change_point(session, person(session).contact_points[0], ContactKind.MOBILE, "+358000009999")
    answer = stranger.post(f"{path}?lang=fi", data=data)
    assert answer.status_code == 409
    assert "mitään ei vahvistettu" in answer.text
    assert "9999" in answer.text
    assert stranger.post(path, data=fields(answer.text, path)).status_code == 303


def test_used_old_and_unknown_links_give_the_same_calm_page(
    own: Flask, stranger: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.post(path, data=fields(stranger.get(path).text, path))
    with write_session(engine_of(own), actor="test") as session:
        old = review_links.make(session, person(session, OTHER)).path
        query = select(review_links.ReviewLink).order_by(review_links.ReviewLink.id.desc()).limit(1)
        link = session.scalars(query).one()
        link.expires_at = link.created_at
    answers = [stranger.get(one) for one in (path, old, "/vahvistus/" + "k" * 43, "/vahvistus/x")]
    assert {one.status_code for one in answers} == {404}
    # The address of the page itself, in the links to other languages, is all that differs.
    assert len({re.sub(r'href="[^"]*"', "", one.text) for one in answers}) == 1


def test_a_form_from_elsewhere_answers_nothing(own: Flask, stranger: FlaskClient, path: str) -> None:
    text = stranger.get(path).text
    other = own.test_client()
    assert other.post(path, data=fields(text, path)).status_code == 403
    data = fields(text, path)
    headers = {"Origin": "https://elsewhere.example"}
    assert stranger.post(path, data=data, headers=headers).status_code == 403
    assert {one.confirmed_by for one in points(own)} == {NAME}
    assert stranger.get(path).status_code == 200


def test_whoever_tries_many_links_waits_and_others_do_not(
    own: Flask, stranger: FlaskClient, path: str
) -> None:
    for n in range(MOST):
        assert stranger.get(f"/vahvistus/{n}").status_code == 404
    assert stranger.get("/vahvistus/x").status_code == 429
    assert stranger.get(path).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.8"}
    assert stranger.get(path, environ_base=elsewhere).status_code == 200


def test_the_page_is_in_the_person_s_language(own: Flask, stranger: FlaskClient, path: str) -> None:
    with write_session(engine_of(own), actor="test") as session:
        person(session).language = Language.SV
    assert "Stämmer dina uppgifter?" in stranger.get(path).text
    assert "Ovatko tietosi oikein?" in stranger.get(f"{path}?lang=fi").text


def test_what_somebody_calls_themselves_stays_text(own: Flask, stranger: FlaskClient, path: str) -> None:
    with write_session(engine_of(own), actor="test") as session:
        person(session).title = "<script>alert(1)</script>"
    assert "<script>alert" not in stranger.get(path).text


def test_a_planner_asks_somebody_by_mail(own: Flask) -> None:
    client = sign_in(own)
    with Session(engine_of(own)) as session:
        number = person(session).id
    page, form = f"/yhteyshenkilot/{number}", f"/tarkistettavat/pyynto/{number}"
    answer = client.post(f"{form}?lang=fi", data=hidden(client.get(page).text, form))
    assert answer.status_code == 422
    assert "Sähköpostiosoitetta, johon linkin voisi lähettää, ei tiedetä. Lisää osoite" in answer.text
    with write_session(engine_of(own), actor="test") as session:
        add_point(session, person(session), ContactKind.EMAIL, "tauno@toholampi.example")
    answer = client.post(form, data=hidden(client.get(page).text, form))
    assert answer.status_code == 303
    with Session(engine_of(own)) as session:
        letter = session.scalars(select(OutboxMessage)).one()
        found = re.search(r"http://localhost(/vahvistus/\S+)", letter.body)
    assert found is not None
    assert own.test_client().get(found[1]).status_code == 200
