"""Own scenarios on pages: made, changed, taken back, asked about by their address, and everything wrong is named."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.records import find_chain, load_network
from prep.alerting.scenario_records import find_scenario, own_scenario, own_scenarios
from prep.alerting.scenarios import parse
from prep.alerting.simulate import simulate
from prep.alerting.windows import Window
from prep.models import StoredScenario
from prep.terms import AccountRole, HourClass, Language
from prep.web.chances import chance
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_every_route import form_token
from tests.web.test_pages import page

NEW = "/skenaariot/uusi"
FILLED = {"name": "Talvimyrsky", "key": "talvimyrsky", "when": "night", "down-power_area": "1"}


@pytest.fixture
def planner(apart: Flask) -> FlaskClient:
    return sign_in(apart)


# The county has one already.
DEMO = "myrsky-kokkola"


def held(html: str) -> dict[str, str]:
    """What a form holds of the row that it was opened for."""
    found = re.findall(r'<input type="hidden" name="(versio|avattu)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def send(client: FlaskClient, where: str, values: dict[str, str]) -> str:
    """Send a form as the page gave it, with these values in it; the page that follows."""
    answer = client.post(
        where,
        data={**held(client.get(where).text), "lomake": form_token(client), **values},
        follow_redirects=True,
    )
    return unescape(answer.text).replace("\xa0", " ")


def stored(app: Flask) -> list[str]:
    with Session(engine_of(app)) as session:
        return [key for key in session.scalars(select(StoredScenario.key)) if key != DEMO]


def test_a_scenario_is_made_and_chains_are_asked_about_it(apart: Flask, planner: FlaskClient) -> None:
    text = send(planner, f"{NEW}?lang=fi", {**FILLED, "fails-internet": "12,5", "away": "20 %"})
    assert "Aika: yö. Epäkunnossa: sähkönjakelu. Pettää todennäköisyydellä: internet 12,5" in text.replace(
        "&nbsp;", " "
    )
    with Session(engine_of(apart)) as session:
        own = own_scenarios(session)
        scenario = own["talvimyrsky"]
        assert (scenario.mix, scenario.away_p) == (((HourClass.NIGHT, 1.0),), 0.2)
        network = load_network([find_chain(session, "kokkola")], on=clock.today(), language=Language.FI)
    expected = simulate(network, scenario, runs=10_000, seed=1).groups[0].quorum
    asked = page(planner, "/halytysketjut/kokkola?tilanne=talvimyrsky").text
    assert " ".join(chance(expected, Language.FI).split()) in asked
    assert "Talvimyrsky: Aika: yö." in asked
    both = simulate(network, parse("talvimyrsky+mobile_down", own), runs=10_000, seed=1).groups[0].quorum
    text = page(planner, "/halytysketjut/kokkola?tilanne=talvimyrsky&vika=mobile_down").text
    assert " ".join(chance(both, Language.FI).split()) in text


@pytest.mark.parametrize("where", ["", "/heikkoudet", "/korjaukset", "/kertomus"])
def test_every_page_about_a_chain_takes_an_own_scenario_and_several_outages(
    planner: FlaskClient, where: str
) -> None:
    send(planner, NEW, FILLED)
    question = "tilanne=talvimyrsky&vika=mobile_down&vika=internet"
    found = page(planner, f"/halytysketjut/perho{where}?{question}")
    assert "Talvimyrsky ja Matkapuhelinverkko poikki ja internet" in found.text
    # The way to the other pages carries all of it.
    hrefs = {attributes.get("href") for tag, attributes in found.found if tag == "a"}
    assert f"/halytysketjut/perho/heikkoudet?{question}" in hrefs
    assert f"/halytysketjut?{question}" in hrefs


def test_a_scenario_without_an_hour_stands_beside_the_outages(planner: FlaskClient) -> None:
    send(planner, NEW, {**FILLED, "when": ""})
    found = page(planner, "/halytysketjut/perho/tunnit?vika=talvimyrsky")
    assert "Talvimyrsky" in found.text
    # Without an hour of its own it is asked about at the worst one.
    assert "Pyhäyö klo 4 ja Talvimyrsky" in page(planner, "/halytysketjut?vika=talvimyrsky").text


def test_an_address_of_a_scenario_that_is_gone_says_so(planner: FlaskClient) -> None:
    answer = planner.get("/halytysketjut?tilanne=talvimyrsky&lang=fi")
    assert answer.status_code == 422
    assert "talvimyrsky" in answer.text


def test_the_form_is_filled_in_from_what_was_asked(planner: FlaskClient) -> None:
    html = planner.get(f"{NEW}?tilanne=holiday&vika=mobile_down&vika=internet").text
    for part in ("mobile_core", "operator_area", "internet"):
        assert re.search(rf'id="down-{part}"[^>]* checked', html)
    assert 'value="night" selected' in html
    assert re.search(r'id="away"[^>]* value="10"', html)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Tilanteen nimi: Siinä on 1–200 merkkiä"),
        ({"key": "Väärä"}, "Tilanteen tunnus: ”Väärä”"),
        ({"key": "night"}, "prep käyttää tätä tunnusta itse"),
        ({"when": "noon"}, "Tilanteen aika: ”noon” Tällaista valintaa ei ole"),
        ({"when": "mix"}, "ovat yhteensä 100"),
        ({"when": "mix", "share-night": "50", "share-office": "20"}, "nyt ne ovat yhteensä 70"),
        ({"when": "mix", "share-night": "x"}, "Osuus on luku 0–100"),
        ({"when": "moment", "moment": "x"}, "Ajankohta on päivä"),
        ({"when": "moment", "moment": "2027-03-28T03:30"}, "Tätä kellonaikaa ei ole sinä päivänä"),
        ({"when": "moment", "moment": "2026-10-25T03:30"}, "on sinä päivänä kahdesti"),
        ({"away": "120"}, "Poissa olevien osuus: ”120"),
        ({"away": "nan"}, "Osuus on luku 0–100"),
        ({"fails-internet": "puoli"}, "internet puoli"),
        ({"from-1-power_area": "60", "until-1-power_area": "30"}, "sähkönjakelu 60–30 min"),
        ({"from-1-power_area": "puoli"}, "minuutteja hälytyksestä"),
        ({"until-1-power_area": "241"}, "240 minuutin kuluessa"),
        ({"until-1-internet": "30"}, "sitä ei ole merkitty epäkuntoiseksi"),
        (
            {"until-1-power_area": "30", "from-2-power_area": "20", "until-2-power_area": "40"},
            "Kirjoita yksi katko: 0–40",
        ),
        ({"fails-power_area": "5"}, "joko varmasti epäkunnossa tai pettää"),
        ({"when": "", "down-power_area": ""}, "Tilanne kertoo, milloin hälytys tulee"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    apart: Flask, planner: FlaskClient, change: dict[str, str], sentence: str
) -> None:
    text = send(planner, f"{NEW}?lang=fi", {**FILLED, "note": "sovittu", **change})
    assert sentence in text.replace("\xa0", " ")
    assert 'value="sovittu"' in text
    assert stored(apart) == []


def test_a_key_is_given_once(apart: Flask, planner: FlaskClient) -> None:
    send(planner, NEW, FILLED)
    assert "on jo tilanne" in send(planner, f"{NEW}?lang=fi", {**FILLED, "name": "Toinen"})
    assert stored(apart) == ["talvimyrsky"]


def test_the_second_of_two_hours_is_kept_as_such(apart: Flask, planner: FlaskClient) -> None:
    send(planner, NEW, {**FILLED, "when": "moment", "moment": "2026-10-25T03:30", "which": "second"})
    with Session(engine_of(apart)) as session:
        at = own_scenario(find_scenario(session, "talvimyrsky")).at
    assert at is not None
    assert at.isoformat() == "2026-10-25T01:30:00+00:00"
    html = planner.get("/skenaariot/talvimyrsky/muokkaa").text
    assert 'value="2026-10-25T03:30"' in html
    assert 'value="second" selected' in html


def test_an_outage_for_a_part_of_the_time_is_made_changed_and_asked_about(
    apart: Flask, planner: FlaskClient
) -> None:
    times = {"down-mobile_core": "1", "until-1-mobile_core": "60", "from-1-power_area": "1,5"}
    text = send(planner, f"{NEW}?lang=fi", {**FILLED, **times})
    assert "Epäkunnossa osan ajasta: matkapuhelinverkko 0–60 min, sähkönjakelu 1,5 minuutista alkaen" in text
    with Session(engine_of(apart)) as session:
        own = own_scenario(find_scenario(session, "talvimyrsky"))
        network = load_network([find_chain(session, "kokkola")], on=clock.today(), language=Language.FI)
    assert own.windows == (("mobile_core", Window(0, 3600)), ("power_area", Window(90)))
    assert own.down == ()
    where = "/skenaariot/talvimyrsky/muokkaa"
    html = planner.get(where).text
    assert re.search(r'id="down-mobile_core"[^>]* checked', html)
    assert re.search(r'id="until-1-mobile_core"[^>]* value="60"', html)
    # A second outage has its fields, a third not yet; what has none has one pair.
    assert 'id="from-2-mobile_core"' in html
    assert 'id="from-3-mobile_core"' not in html
    assert 'id="from-2-internet"' not in html
    expected = simulate(network, own.scenario(), runs=10_000, seed=1).groups[0].quorum
    shown = page(planner, "/halytysketjut/kokkola?tilanne=talvimyrsky").text
    assert " ".join(chance(expected, Language.FI).split()) in shown
    for leaves_out in (
        "/halytysketjut/kokkola",
        "/halytysketjut/kokkola/heikkoudet",
        "/simulointi",
    ):
        found = page(planner, f"{leaves_out}?tilanne=talvimyrsky").text
        assert "katkon aikana vähempikin voi riittää" in found
        assert "katkon aikana vähempikin" not in page(planner, leaves_out).text
    weak = page(planner, "/halytysketjut/kokkola/heikkoudet?tilanne=talvimyrsky").text
    assert "yläraja myös tästä syystä" in weak
    story = page(planner, "/halytysketjut/kokkola/kertomus?tilanne=talvimyrsky").text
    assert "Taas kunnossa: " in story
    # All the time again, as the minutes are gone.
    send(planner, where, {**FILLED, "down-mobile_core": "1", "until-1-mobile_core": ""})
    with Session(engine_of(apart)) as session:
        own = own_scenario(find_scenario(session, "talvimyrsky"))
    assert (own.down, own.windows) == (("mobile_core", "power_area"), ())


def test_changing_and_taking_it_back(apart: Flask, planner: FlaskClient) -> None:
    send(planner, NEW, FILLED)
    where = "/skenaariot/talvimyrsky/muokkaa"
    text = send(planner, where, {"name": "Myrsky", "when": "office", "down-internet": "1"})
    with Session(engine_of(apart)) as session:
        changed = own_scenario(find_scenario(session, "talvimyrsky"))
    assert (changed.name, changed.down, changed.hours) == (
        "Myrsky",
        ("internet",),
        ((HourClass.OFFICE, 1.0),),
    )
    rows = re.search(r'name="rivit" value="([\d-]+)"', text)
    assert rows is not None
    planner.post("/kumoa", data={"lomake": form_token(planner), "rivit": rows[1], "paluu": "/skenaariot"})
    with Session(engine_of(apart)) as session:
        assert own_scenario(find_scenario(session, "talvimyrsky")).name == "Talvimyrsky"
    planner.post("/skenaariot/talvimyrsky/poista", data={"lomake": form_token(planner)})
    assert stored(apart) == []


def test_two_who_change_the_same_lose_nothing(apart: Flask, planner: FlaskClient) -> None:
    send(planner, NEW, FILLED)
    where = "/skenaariot/talvimyrsky/muokkaa"
    opened = planner.get(f"{where}?lang=fi").text
    send(planner, where, {"name": "Myrsky", "when": "night", "down-power_area": "1", "fails-internet": "30"})
    answer = planner.post(
        where,
        data={
            **held(opened),
            "lomake": form_token(planner),
            "name": "Talvimyrsky",
            "when": "evening",
            "down-power_area": "1",
        },
    )
    assert answer.status_code == 409
    # Mine in the hour, theirs in the name and the probability.
    assert 'value="evening" selected' in answer.text
    assert re.search(r'id="name"[^>]* value="Myrsky"', answer.text)
    assert re.search(r'id="fails-internet"[^>]* value="30"', answer.text)
    with Session(engine_of(apart)) as session:
        assert own_scenario(find_scenario(session, "talvimyrsky")).hours == ((HourClass.NIGHT, 1.0),)


def test_whoever_may_only_read_sees_the_list_and_changes_nothing(apart: Flask, planner: FlaskClient) -> None:
    send(planner, NEW, FILLED)
    viewer = sign_in(apart, AccountRole.VIEWER)
    found = page(viewer, "/skenaariot")
    assert "Talvimyrsky" in found.text
    hrefs = {attributes.get("href") for tag, attributes in found.found if tag == "a"}
    assert "/halytysketjut?tilanne=talvimyrsky" in hrefs
    assert not any("muokkaa" in (href or "") or "uusi" in (href or "") for href in hrefs)
    for where in (NEW, "/skenaariot/talvimyrsky/muokkaa"):
        assert viewer.get(where).status_code == 404


def test_infrastructure_that_no_chain_uses_any_more_is_told(changed: Callable[..., FlaskClient]) -> None:
    def keep(session: Session) -> None:
        session.add(
            StoredScenario(
                county_id=1, key="old", name="Vanha", hours={}, down=["operator_area/9/X"], fails={}
            )
        )

    client = changed(keep)
    assert "Mikään ketju ei enää käytä osaa operator_area/9/X" in page(client, "/skenaariot").text
    assert "mikään ketju ei käytä sitä" in page(client, "/skenaariot/old/muokkaa").text
