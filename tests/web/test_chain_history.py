"""The versions of a chain on pages: in words, as they stood, compared, brought back."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.records import find_chain, load_network
from prep.alerting.scenarios import parse
from prep.alerting.simulate import simulate
from prep.chains.form import entry_of
from prep.db import write_session
from prep.models import Chain, ChainItem, Person
from prep.terms import AccountRole, Language
from prep.web.chances import chance, chance_span
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_chain_editing import chain, numbers, plain
from tests.web.test_people import hidden

VERSIONS = "/halytysketjut/perho/versiot"


@pytest.fixture
def planner(apart: Flask) -> FlaskClient:
    return sign_in(apart)


def change(app: Flask, make: Callable[[Chain], None]) -> None:
    with write_session(engine_of(app), actor="account: county_planner-county") as session:
        make(find_chain(session, "perho"))


def reach(app: Flask, scenario: str = "holiday") -> str:
    """How surely the chain reaches its body as it stands, as pages write it."""
    with Session(engine_of(app)) as session:
        network = load_network([find_chain(session, "perho")], on=clock.today(), language=Language.FI)
    share = simulate(network, parse(scenario), runs=10_000, seed=1).groups[0].quorum
    return " ".join(f"{chance(share, Language.FI)} {chance_span(share, Language.FI)}".split())


def fewer(chain: Chain) -> None:
    chain.lists[-1].items[0].rounds = 1
    chain.deadline_min = 15


def test_the_history_tells_who_changed_what_with_the_figure_of_each_version(
    apart: Flask, planner: FlaskClient
) -> None:
    before = reach(apart)
    change(apart, fewer)
    after = reach(apart)
    text = planner.get(f"{VERSIONS}?lang=fi").text
    new, old = (plain(row) for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", text, re.DOTALL)[1:])
    assert before != after
    assert before in old
    assert after in new
    assert "Taina Testi-Esimerkki" in new
    assert "Ketju, määräaika: 30 min → 15 min." in new
    assert re.search(r"Soittolista: .*, kierrokset: 2 → 1\.", new)
    assert "ensimmäinen säilytetty" in old


def test_two_versions_are_compared_in_words_and_figures_under_the_scenario(
    apart: Flask, planner: FlaskClient
) -> None:
    before = reach(apart, "night")
    with Session(engine_of(apart)) as session:
        entry = entry_of(find_chain(session, "perho"))
    taken = len(entry.list[-1].items)

    def make(chain: Chain) -> None:
        one = chain.lists[-1]
        one.items.pop()
        one.handover_s = 90
        first, second = one.items[:2]
        first.target_seat, second.target_seat = second.target_seat, first.target_seat

    change(apart, make)
    text = plain(planner.get(f"{VERSIONS}/vertaa?vanha=1&uusi=2&tilanne=night&lang=fi").text)
    assert before in text
    assert reach(apart, "night") in text
    assert taken > 2
    assert "poistettu" in text
    assert re.search(r"paikka järjestyksessä (1 2|2 1)", text)
    assert "luovutusviive – 1:30 min" in text
    back = plain(planner.get(f"{VERSIONS}/vertaa?vanha=2&uusi=1&lang=fi").text)
    assert "lisätty" in back
    assert "Versiot ovat samanlaiset." in planner.get(f"{VERSIONS}/vertaa?vanha=1&uusi=1&lang=fi").text


def test_an_old_version_is_seen_as_it_stood_and_brought_back_as_a_new_one(
    apart: Flask, planner: FlaskClient
) -> None:
    before = chain(apart)
    change(apart, fewer)
    path = f"{VERSIONS}/1"
    page = planner.get(f"{path}?lang=fi").text
    assert "määräaika 15 min 30 min" in plain(page)
    answer = planner.post(f"{path}/palauta", data=hidden(page, f"{path}/palauta"))
    assert answer.status_code == 303
    assert chain(apart) == before
    assert numbers(apart) == [3, 2, 1]
    assert "Palauta tämä versio" not in planner.get(f"{path}?lang=fi").text
    undone = planner.post("/kumoa", data=hidden(planner.get(answer.headers["Location"]).text, "/kumoa"))
    assert undone.status_code == 303
    assert chain(apart).deadline_min == 15


def test_bringing_back_what_somebody_else_has_changed_since_does_nothing(
    apart: Flask, planner: FlaskClient
) -> None:
    change(apart, fewer)
    path = f"{VERSIONS}/1"
    form = hidden(planner.get(path).text, f"{path}/palauta")
    change(apart, lambda chain: setattr(chain, "deadline_min", 50))
    assert planner.post(f"{path}/palauta", data=form).status_code == 409
    assert chain(apart).deadline_min == 50


def test_a_version_with_somebody_who_is_gone_is_read_but_not_brought_back(
    apart: Flask, planner: FlaskClient
) -> None:
    with write_session(engine_of(apart), actor="test") as session:
        person = Person(county_id=1, name="Lähtenyt Exempel")
        session.add(person)
        session.flush()
        found = find_chain(session, "perho")
        item = ChainItem(position=len(found.lists[-1].items), target_person=person, channels=["call"])
        found.lists[-1].items.append(item)
        number = person.id
    with write_session(engine_of(apart), actor="test") as session:
        found = find_chain(session, "perho")
        found.lists[-1].items.pop()
        session.flush()
        session.delete(session.get_one(Person, number))
    text = planner.get(f"{VERSIONS}/2?lang=fi").text
    assert f"person:{number}" in text
    assert "ei voi laskea: joku ei ole enää rekisterissä" in text
    assert "Palauta tämä versio" not in text
    form = hidden(planner.get("/halytysketjut/perho/muokkaa").text, "/halytysketjut/perho/listat/1/alas")
    answer = planner.post(f"{VERSIONS}/2/palauta", data=form)
    assert answer.status_code == 422
    assert f"person:{number}" in answer.text
    assert numbers(apart) == [3, 2, 1]


@pytest.mark.parametrize("question", ["vanha=x", "uusi=-1", "vanha=99999999999"])
def test_a_version_that_is_none_is_refused_with_the_rule(client: FlaskClient, question: str) -> None:
    answer = client.get(f"{VERSIONS}/vertaa?{question}&lang=fi")
    assert answer.status_code == 422
    assert "Se on version numero, esimerkiksi 3." in answer.text


def test_a_version_that_there_is_not_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"{VERSIONS}/99").status_code == 404
    assert client.get(f"{VERSIONS}/vertaa?vanha=99").status_code == 404


def test_whoever_reads_the_chain_reads_its_versions_and_brings_none_back(apart: Flask) -> None:
    change(apart, fewer)
    viewer = sign_in(apart, AccountRole.VIEWER)
    assert "Palauta" not in viewer.get(f"{VERSIONS}/1?lang=fi").text
    assert viewer.post(f"{VERSIONS}/1/palauta").status_code == 404
