"""The page of the audit trail: filtered, paged, exported, its values only for those with the right to them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.config import Settings
from prep.db import write_session
from prep.models import Person
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_pages import Elements

PAGE = "/hallinta/muutosloki"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def seen_by(tmp_path: Path, county: Path) -> Iterator[Callable[[AccountRole], FlaskClient]]:
    """The pages as somebody with a role in the whole county sees them, after one change of a person's title."""
    apps: list[Flask] = []

    def see(role: AccountRole) -> FlaskClient:
        (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
        app = create_app(Settings(instance=tmp_path))
        apps.append(app)
        client = sign_in(app, role)
        with write_session(engine_of(app), actor=HOSTILE, why="=1+1") as session:
            change(session)
        return client

    yield see
    for app in apps:
        engine_of(app).dispose()


def change(session: Session) -> None:
    person = session.scalars(select(Person).order_by(Person.id).limit(1)).one()
    person.title = f"kanarialintu {HOSTILE}"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_is_well_formed_in_each_language(
    seen_by: Callable[[AccountRole], FlaskClient], language: str
) -> None:
    answer = seen_by(AccountRole.COUNTY_PLANNER).get(f"{PAGE}?lang={language}")
    assert answer.status_code == 200
    found = Elements(answer.text)
    assert (found.misnested, found.open) == ([], [])
    labels = {attributes.get("for") for tag, attributes in found.found if tag == "label"}
    fields = [attributes for tag, attributes in found.found if tag in {"select", "input"}]
    assert {one["id"] for one in fields if one.get("type") != "hidden"} <= labels
    assert "<script>" not in answer.text
    assert {"fi": "Muutosloki", "sv": "Ändringslogg", "en": "Audit trail"}[language] in answer.text


def test_before_and_after_are_for_those_with_the_right_to_them(
    seen_by: Callable[[AccountRole], FlaskClient],
) -> None:
    planner = seen_by(AccountRole.COUNTY_PLANNER)
    assert "kanarialintu" in planner.get(PAGE).text
    assert "kanarialintu" in planner.get(f"{PAGE}/muutosloki.csv").text
    administrator = seen_by(AccountRole.ADMINISTRATOR)
    for where in (PAGE, f"{PAGE}/muutosloki.csv"):
        text = administrator.get(where).text
        assert "kanarialintu" not in text
        assert "+358" not in text
        assert "title" in text


def test_the_trail_is_filtered_and_paged(seen_by: Callable[[AccountRole], FlaskClient]) -> None:
    client = seen_by(AccountRole.COUNTY_PLANNER)
    rows = re.compile(r'<th scope="row">(\d+)</th>')
    first = [int(one) for one in rows.findall(client.get(PAGE).text)]
    second = [int(one) for one in rows.findall(client.get(f"{PAGE}?sivu=2").text)]
    assert (len(first), first[-1] - 1) == (50, second[0])
    (only,) = rows.findall(client.get(PAGE, query_string={"kuka": HOSTILE}).text)
    assert int(only) == first[0]
    assert rows.findall(client.get(f"{PAGE}?asti=2026-11-21").text) == []
    assert len(rows.findall(client.get(f"{PAGE}?alkaen=2026-11-22&taulu=person").text)) > 1
    link = re.search(r'href="([^"]+sivu=2)"', client.get(f"{PAGE}?taulu=person_none&sivu=1").text)
    assert link is None


def test_the_export_holds_what_is_shown_and_no_formula(
    seen_by: Callable[[AccountRole], FlaskClient],
) -> None:
    client = seen_by(AccountRole.COUNTY_PLANNER)
    answer = client.get(f"{PAGE}/muutosloki.csv", query_string={"kuka": HOSTILE})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="muutosloki-20261122.csv"'
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert {line.split(";")[6] for line in lines[1:]} == {"'=1+1"}
    assert any("kanarialintu" in line for line in lines)


@pytest.mark.parametrize(
    "asked",
    [
        "alkaen=eilen",
        "asti=9999-12-31",
        "alkaen=0001-01-01",
        "sivu=0",
        "sivu=-1",
        "sivu=x",
        "sivu=9999999",
        "sivu=²",
    ],
)
def test_a_question_that_means_nothing_is_refused(
    seen_by: Callable[[AccountRole], FlaskClient], asked: str
) -> None:
    client = seen_by(AccountRole.COUNTY_PLANNER)
    answer = client.get(f"{PAGE}?{asked}&lang=en")
    assert answer.status_code == 422
    assert "Change it, or leave it out." in answer.text
