"""What has to be confirmed: whose it is, the worst first, confirmed as it was seen and not otherwise."""

import html
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep.db import write_session
from prep.models import Absence, AuditEntry, ContactPoint, FreshnessInterval, Person, Role, Site
from prep.registry.review import object_to
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden

TODAY = date(2026, 11, 22)
# The preparedness contact of Toholampi, whose numbers were last confirmed 214 days ago.
STALE, PLACE = "Tauno Keksitty", "849"
PATH = "/tarkistettavat"


@pytest.fixture
def own(apart: Flask) -> Flask:
    return apart


@pytest.fixture
def planner(own: Flask) -> FlaskClient:
    return sign_in(own)


@pytest.fixture
def contact(own: Flask) -> FlaskClient:
    """The municipal contact of Toholampi."""
    return sign_in(own, AccountRole.MUNICIPAL_CONTACT, PLACE)


def points(app: Flask, name: str = STALE) -> list[ContactPoint]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        query = select(ContactPoint).join(Person).where(Person.name == name).order_by(ContactPoint.position)
        return list(session.scalars(query))


def seen(text: str) -> list[str]:
    """What the page says that was seen on it, as its form would send it back."""
    return re.findall(r'name="nahty" value="([^"]+)"', text)


def keys(text: str) -> list[str]:
    return [one.rpartition(".")[0] for one in seen(text)]


def confirm(client: FlaskClient, page: str = PATH, **typed: object) -> TestResponse:
    """Open the page, tick something, and send it."""
    text = client.get(page).text
    fields = {**hidden(text, html.escape(page)), "nahty": seen(text)}
    return client.post(page, data={**fields, **typed})


def test_a_municipal_contact_sees_what_waits_in_the_own_municipality(
    contact: FlaskClient, own: Flask
) -> None:
    text = html.unescape(contact.get(f"{PATH}?lang=fi").text)
    assert {f"contact-{one.id}" for one in points(own)} <= set(keys(text))
    assert STALE in text
    assert "214 pv" in text
    assert f"Vastaa tiedoista: {STALE}, varautumisen yhteyshenkilö" in text
    # No other municipality's, and no choice of whose.
    assert "Kokkola" not in text.replace("Keski-Pohjanmaan", "")
    assert "Koko alueella" not in text


def test_to_the_planner_falls_what_nobody_else_answers_for(own: Flask, planner: FlaskClient) -> None:
    assert "Alueen vahvistettavat: 0" in planner.get(f"{PATH}?lang=fi").text
    with write_session(engine_of(own), actor="test") as session:
        role = session.scalars(
            select(Role).where(Role.key == "preparedness-contact", Role.municipality_code == PLACE)
        ).one()
        for term in role.terms:
            session.add(Absence(person=term.person, starts=TODAY, ends=None))
    text = html.unescape(planner.get(f"{PATH}?lang=fi").text)
    assert "varahenkilöt ovat poissa (Toholampi)" in text
    assert {f"contact-{one.id}" for one in points(own)} <= set(keys(text))
    everything = keys(planner.get(f"{PATH}?kenen=kaikki").text)
    assert set(keys(text)) < set(everything)


def test_the_worst_stand_first_and_what_is_in_order_does_not_stand_there(planner: FlaskClient) -> None:
    text = planner.get(f"{PATH}?kenen=kaikki&lang=en").text
    states = re.findall(r'class="state (\w+)"', text)
    assert set(states) == {"fault", "unknown", "warning"}
    groups = re.split(r'<section class="card"', text)[1:]
    worst = [re.findall(r'class="state (\w+)"', group)[0] for group in groups]
    order = ["fault", "unknown", "warning"]
    assert worst == sorted(worst, key=order.index)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [("laji=site", {"site"}), ("laji=contact", {"contact"}), (f"kunta={PLACE}", {"site", "contact"})],
)
def test_the_list_is_narrowed_by_place_kind_and_state(
    planner: FlaskClient, question: str, kinds: set[str]
) -> None:
    found = keys(planner.get(f"{PATH}?kenen=kaikki&{question}").text)
    assert {one.partition("-")[0] for one in found} == kinds
    assert len(found) < len(keys(planner.get(f"{PATH}?kenen=kaikki").text))


def test_what_is_ticked_is_confirmed_and_that_is_undone(own: Flask, contact: FlaskClient) -> None:
    first, second = points(own)
    answer = confirm(contact, valittu=[f"contact-{first.id}"])
    assert answer.status_code == 303
    after = points(own)
    assert (after[0].confirmed_on, after[0].confirmed_by) == (TODAY, "Taina Testi-Esimerkki")
    assert after[1].confirmed_on == second.confirmed_on == TODAY - timedelta(days=214)
    with Session(engine_of(own)) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.table_name, last.row_key) == ("contact_point", str(first.id))
    page = contact.get(answer.headers["Location"])
    contact.post("/kumoa", data=hidden(page.text, "/kumoa"))
    assert points(own)[0].confirmed_on == first.confirmed_on


def test_a_whole_group_is_confirmed_at_once(own: Flask, contact: FlaskClient) -> None:
    person = points(own)[0].person_id
    assert confirm(contact, ryhma=f"person-{person}").status_code == 303
    assert {one.confirmed_on for one in points(own)} == {TODAY}
    with Session(engine_of(own)) as session:
        sites = session.scalars(select(Site).where(Site.municipality_code == PLACE)).all()
        assert TODAY not in {site.confirmed_on for site in sites}


def test_what_was_changed_since_it_was_seen_is_not_confirmed(own: Flask, contact: FlaskClient) -> None:
    first, second = points(own)
    text = contact.get(PATH).text
    with write_session(engine_of(own), actor="test") as session:
        session.get_one(ContactPoint, first.id).value = "+358000009999"
    fields = {**hidden(text, PATH), "nahty": seen(text)}
    ticked = [f"contact-{first.id}", f"contact-{second.id}"]
    answer = contact.post(f"{PATH}?lang=fi", data={**fields, "valittu": ticked})
    assert answer.status_code == 409
    assert "Tieto on muuttunut sen jälkeen, kun avasit sivun" in answer.text
    # Nothing at all was confirmed, and the ticks are still there.
    assert TODAY not in {one.confirmed_on for one in points(own)}
    assert answer.text.count(" checked") == 2


def test_nothing_ticked_is_said_so(contact: FlaskClient) -> None:
    contact.get(f"{PATH}?lang=fi")
    answer = confirm(contact)
    assert answer.status_code == 422
    assert "Vahvistettavat: Mitään ei valittu. Merkitse ne tiedot" in html.unescape(answer.text)


@pytest.mark.parametrize("key", ["contact-999999", "contact-x", "nobody-1"])
def test_another_s_value_and_one_that_is_not_there_are_the_same(
    own: Flask, contact: FlaskClient, key: str
) -> None:
    foreign = points(own, "Aino Esimerkki")[0]
    token = hidden(contact.get(PATH).text, PATH)
    for one in (f"contact-{foreign.id}", key):
        answer = contact.post(PATH, data={**token, "nahty": [f"{one}.0"], "valittu": [one]})
        assert answer.status_code == 404
    assert points(own, "Aino Esimerkki")[0].confirmed_on == foreign.confirmed_on


def test_of_one_person_everything_is_shown_however_fresh(own: Flask, planner: FlaskClient) -> None:
    number = points(own, "Aino Esimerkki")[0].person_id
    text = planner.get(f"{PATH}?henkilo={number}").text
    assert {one.partition("-")[0] for one in keys(text)} >= {"contact", "seat"}
    assert planner.get(f"{PATH}?henkilo=999999").status_code == 404
    foreign = sign_in(own, AccountRole.MUNICIPAL_CONTACT, PLACE)
    assert foreign.get(f"{PATH}?henkilo={number}").status_code == 404


def test_what_somebody_says_is_wrong_stands_there_in_their_words(own: Flask, planner: FlaskClient) -> None:
    number = points(own, "Aino Esimerkki")[0]
    with write_session(engine_of(own), actor="test") as session:
        object_to(session, session.get_one(ContactPoint, number.id), "<b>Vaihtunut</b>")
    for page in (f"{PATH}?kenen=kaikki&lang=fi", f"/yhteyshenkilot/{number.person_id}?lang=fi"):
        text = planner.get(page).text
        assert "Ilmoitettu vääräksi: ”&lt;b&gt;Vaihtunut&lt;/b&gt;”" in text, page
    assert "numero on ilmoitettu vääräksi" in planner.get("/?lang=fi").text


def test_the_overview_counts_what_waits_for_whoever_looks(own: Flask, planner: FlaskClient) -> None:
    contact = sign_in(own, AccountRole.MUNICIPAL_CONTACT, PLACE)
    count = len(keys(contact.get(PATH).text))
    assert f"Vahvistettavia: {count}<" in contact.get("/?lang=fi").text
    assert "Vahvistettavia: 0, koko alueella" in planner.get("/?lang=fi").text
    viewer = sign_in(own, AccountRole.VIEWER)
    assert "Vahvistettavia" not in viewer.get("/?lang=fi").text


def test_the_county_sets_the_intervals_and_a_municipality_does_not(own: Flask, planner: FlaskClient) -> None:
    path, days = f"{PATH}/valit", {"contact": "30", "role": "365", "seat": "400", "site": "365"}
    contact = sign_in(own, AccountRole.MUNICIPAL_CONTACT, PLACE)
    assert "<form" not in contact.get(path).text.split("<main", 1)[1]
    token = hidden(contact.get(PATH).text, PATH)
    assert contact.post(path, data={**token, **days}).status_code == 404
    before = len(keys(planner.get(f"{PATH}?kenen=kaikki").text))
    answer = planner.post(path, data={**hidden(planner.get(path).text, path), **days})
    assert answer.status_code == 303
    with Session(engine_of(own)) as session:
        kept = {row.kind.value: row.days for row in session.scalars(select(FreshnessInterval))}
    assert kept["contact"] == 30
    assert kept["seat"] == 400
    assert len(keys(planner.get(f"{PATH}?kenen=kaikki").text)) > before
    assert "30 päivää" in contact.get(f"{path}?lang=fi").text
    page = planner.get(answer.headers["Location"]).text
    assert planner.post("/kumoa", data=hidden(page, "/kumoa")).status_code == 303
    assert len(keys(planner.get(f"{PATH}?kenen=kaikki").text)) == before


def test_an_interval_that_is_none_is_refused_at_its_field(own: Flask, planner: FlaskClient) -> None:
    path = f"{PATH}/valit"
    fields = hidden(planner.get(path).text, path)
    wrong = {"contact": "puoli vuotta", "role": "0", "seat": "365", "site": "9999"}
    answer = planner.post(f"{path}?lang=fi", data={**fields, **wrong})
    assert answer.status_code == 422
    for name in ("contact", "role", "site"):
        assert f'<a href="#{name}">' in answer.text
    assert 'value="puoli vuotta"' in answer.text
    with Session(engine_of(own)) as session:
        assert session.scalars(select(FreshnessInterval)).all() == []
