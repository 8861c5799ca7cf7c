"""Premises without a place: what is proposed, to whom, and that nothing is saved by it."""

import html
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.cli import prep
from prep.models import Site
from prep.web.database import engine_of
from tests.web.people import sign_in

PAGE = "/evakuointipaikat/ilman-sijaintia"
FIND = "/evakuointipaikat/etsi.json"


def rows(text: str) -> dict[str, list[tuple[str, str]]]:
    found = {}
    for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", text, flags=re.DOTALL)[1:]:
        name, *proposals = re.findall(r'<a class="strong" href="([^"]*)">([^<]*)</a>', row)
        found[name[1]] = [(html.unescape(href), words) for href, words in proposals]
    return found


@pytest.fixture
def lost(changed: Callable[[Callable[[Session], None]], FlaskClient]) -> FlaskClient:
    """Of Perho's premises one has lost its place, and another stands at the same address."""

    def lose(session: Session) -> None:
        one, other = session.scalars(
            select(Site).where(Site.municipality_code == "584").order_by(Site.id)
        ).all()[:2]
        one.lat = one.lon = None
        one.name, one.address = "Kadonnut koulu", "Hukkatie 7"
        other.lat, other.lon, other.name, other.address = 63.2, 24.4, "Naapuri", "Hukkatie 7, Perho"

    return changed(lose)


def test_a_proposal_says_what_it_is_and_only_fills_the_form(lost: FlaskClient) -> None:
    found = rows(lost.get(PAGE).get_data(as_text=True))["Kadonnut koulu"]
    assert [words for _, words in found] == [
        "Sama osoite kuin kohteella Naapuri",
        "Kunnan Perho keskusta: etsi oikea paikka",
    ]
    address = found[0][0]
    form = lost.get(address.partition("#")[0]).get_data(as_text=True)
    assert re.search(r'name="coordinates"[^>]* value="63,20000 24,40000"', form)
    # Looking saves nothing.
    assert "Kadonnut koulu" in rows(lost.get(PAGE).get_data(as_text=True))


def test_the_form_finds_by_address_and_never_itself(lost: FlaskClient, app: Flask) -> None:
    asked = {"osoite": "hukkatie 9", "kunta": "584"}
    assert lost.get(FIND, query_string=asked).get_json()["found"] == [
        {"place": "63,20000 24,40000", "words": "sama katu kuin kohteella Naapuri: etsi oikea talo"}
    ]
    assert lost.get(FIND, query_string={**asked, "kunta": "272"}).get_json()["found"] == []
    with Session(engine_of(app)) as session:
        number = session.scalars(
            select(Site.id).where(Site.municipality_code == "584").order_by(Site.id)
        ).all()[1]
    assert lost.get(FIND, query_string={**asked, "paikka": str(number)}).get_json()["found"] == []


def test_others_municipalities_are_neither_listed_nor_searched(apart: Flask) -> None:
    with engine_of(apart).begin() as connection:
        connection.exec_driver_sql("UPDATE site SET lat = NULL, lon = NULL")
    from prep.terms import AccountRole

    contact = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "272")
    with Session(engine_of(apart)) as session:
        own = set(session.scalars(select(Site.name).where(Site.municipality_code == "272")))
    assert set(rows(contact.get(PAGE).get_data(as_text=True))) == own
    assert contact.get(FIND, query_string={"osoite": "Perho", "kunta": "584"}).get_json()["found"] == []


def test_the_command_says_the_same(apart: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = apart.extensions["prep_settings"].instance
    with engine_of(apart).begin() as connection:
        connection.exec_driver_sql("UPDATE site SET lat = NULL, lon = NULL WHERE municipality_code = '584'")
    monkeypatch.setenv("PREP_INSTANCE", str(folder))
    answer = CliRunner().invoke(prep, ["sites", "locate", "--municipality", "Perho", "--json"])
    assert answer.exit_code == 0
    assert answer.output.count('"closeness": "centre"') == answer.output.count('"municipality": "584"') > 0
