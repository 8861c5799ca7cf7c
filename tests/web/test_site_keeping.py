"""Premises on pages: taken on the list, changed, confirmed, taken off; and who opens them."""

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import KeyHolder, Person, Site
from prep.terms import AccountRole, KeyPower, SiteStatus, SiteUse
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, send

NEW = "/evakuointipaikat/uusi"
TYPED = {
    "kunta": "584",
    "name": "Uusi koulu",
    "address": "Koulutie 1",
    "uses": ["temporary_accommodation", "catering"],
    "use.temporary_accommodation": "120",
    "net_area_m2": "1 040,5",
    "toilets": "8",
    "has_kitchen": "1",
    "allows_pets": "0",
    "backup_power_h": "3 vrk",
    "fire_confirmed_on": "2026-03-04",
    "coordinates": "63,21 24,43",
    "status": "available",
    "classification": "internal",
}


@pytest.fixture
def planner(apart: Flask) -> FlaskClient:
    return sign_in(apart)


def site(app: Flask, name: str = "Uusi koulu") -> Site:
    with Session(engine_of(app), expire_on_commit=False) as session:
        found = session.scalars(select(Site).where(Site.name == name)).one()
        assert found.uses is not None
        assert found.key_holders is not None
        return found


@pytest.fixture
def added(apart: Flask, planner: FlaskClient) -> Site:
    assert send(planner, NEW, NEW, **TYPED).status_code == 303
    return site(apart)


def test_premises_are_taken_on_the_list_as_they_were_typed_and_that_is_undone(
    apart: Flask, planner: FlaskClient
) -> None:
    answer = send(planner, NEW, NEW, **TYPED)
    made = site(apart)
    assert (made.municipality_code, made.address, made.status) == ("584", "Koulutie 1", SiteStatus.AVAILABLE)
    assert {row.use: row.stated_capacity for row in made.uses} == {
        SiteUse.TEMPORARY_ACCOMMODATION: 120,
        SiteUse.CATERING: None,
    }
    assert (made.net_area_m2, made.toilets, made.backup_power_h) == (1040.5, 8, 72.0)
    assert (made.has_kitchen, made.allows_pets, made.is_accessible) == (True, False, None)
    assert (made.fire_confirmed_on, made.lat, made.lon) == (date(2026, 3, 4), 63.21, 24.43)
    # Nobody has confirmed anything by writing it down.
    assert made.confirmed_on is None
    page = planner.get(answer.headers["Location"])
    assert planner.post("/kumoa", data=hidden(page.text, "/kumoa")).status_code == 303
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(Site).where(Site.name == "Uusi koulu")).all() == []


def test_the_page_shows_what_is_known_and_counts_what_is_not(added: Site, planner: FlaskClient) -> None:
    text = html.unescape(planner.get(f"/evakuointipaikat/{added.id}?lang=fi").text)
    assert re.search(r"<dt>Varavoima, h</dt><dd>72<small>ei näyttöä</small></dd>", text)
    assert re.search(
        r"<dt>Suihkut</dt><dd><span class=\"soft\">ei tiedossa</span><small>peseytymistä ei voida", text
    )
    unknown = text.count('<dd><span class="soft">ei tiedossa</span>')
    assert unknown > 5
    assert f"ei tiedossa: {unknown}<" in text


def test_the_form_opened_and_sent_unchanged_changes_nothing(
    apart: Flask, added: Site, planner: FlaskClient
) -> None:
    """Every premises of the county, however its list was written."""
    with Session(engine_of(apart)) as session:
        numbers = session.scalars(select(Site.id).where(Site.address != "")).all()
    for number in numbers[:12]:
        path = f"/evakuointipaikat/{number}/muokkaa"
        before = row(apart, number)
        assert planner.post(path, data=fields(planner.get(path).text, path)).status_code == 303
        assert row(apart, number) == before


def row(app: Flask, number: int) -> dict[str, object]:
    with Session(engine_of(app)) as session:
        found = session.get_one(Site, number)
        kept = {
            one.key: getattr(found, one.key) for one in Site.__mapper__.column_attrs if one.key != "version"
        }
        return kept | {"uses": [(one.use, one.stated_capacity) for one in found.uses]}


def fields(text: str, path: str) -> dict[str, object]:
    """What a browser would send of the form that leads to an address."""
    form = re.search(rf'<form[^>]*action="{re.escape(path)}"[^>]*>(.*?)</form>', text, re.DOTALL)
    assert form is not None
    found: dict[str, object] = dict(hidden(text, path))
    for tag in re.findall(r"<input [^>]*>", form[1]):
        kind = re.search(r'type="(\w+)"', tag)
        name, value = (re.search(rf' {one}="([^"]*)"', tag) for one in ("name", "value"))
        if kind and kind[1] in {"text", "date"} and name and value:
            found[name[1]] = html.unescape(value[1])
        elif kind and kind[1] == "checkbox" and " checked" in tag and name and value:
            found[name[1]] = [*found.get(name[1], []), value[1]]  # type: ignore[misc]
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form[1], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        found[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', options)[1]  # type: ignore[index]
    return found


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Nimi: Tieto on pakollinen."),
        ("address", " ", "Osoite: Tieto on pakollinen."),
        ("uses", [], "Käyttö: Tieto on pakollinen. Rastita ainakin yksi."),
        ("net_area_m2", "noin 300", "Hyötyala, m²: ”noin 300”"),
        ("net_area_m2", "1.040", "Hyötyala, m²: ”1.040”"),
        ("toilets", "-3", "Käymälät: ”-3”"),
        ("toilets", "2,5", "Käymälät: ”2,5”"),
        ("backup_power_h", "pitkään", "Varavoima, h: ”pitkään”"),
        ("fire_confirmed_on", "2099-01-01", "Palotarkastus, päivä: ”2099-01-01”"),
        ("coordinates", "59,33 18,06", "Koordinaatit: ”59,33 18,06”"),
        ("coordinates", "63,2", "Koordinaatit: ”63,2”"),
        ("water_l_per_day", "10.000", "Juomavesi, l/vrk: ”10.000”"),
        ("smoke_detectors", "-1", "Palovaroittimet: ”-1”"),
        ("serving_hours", "25", "Tarjoiluaika, h/vrk: ”25”"),
        ("evidence.has_well", "1.1.2099 koe", "Näyttö: kaivo: ”1.1.2099 koe”"),
        ("status", "mennyt", "Käytettävyys: ”mennyt”"),
        ("name", "N" * 201, "Nimi: ”NNN"),
    ],
)
def test_what_cannot_be_is_named_at_its_field_and_nothing_typed_is_lost(
    apart: Flask, planner: FlaskClient, field: str, value: object, said: str
) -> None:
    answer = planner.post(
        f"{NEW}?lang=fi", data={**hidden(planner.get(NEW).text, NEW), **TYPED, field: value}
    )
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert said in text
    assert f'href="#{field}"' in text
    assert 'value="3 vrk"' in text or field == "backup_power_h"
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(Site).where(Site.name == "Uusi koulu")).all() == []


def test_a_second_of_the_same_name_on_the_list_is_refused(added: Site, planner: FlaskClient) -> None:
    again = planner.post(
        f"{NEW}?lang=fi", data={**hidden(planner.get(NEW).text, NEW), **TYPED, "name": "uusi  KOULU"}
    )
    assert again.status_code == 422
    assert "Kunnan luettelossa on jo toinen samanniminen tila." in html.unescape(again.text)
    # On another municipality's list it may be called the same.
    assert send(planner, NEW, NEW, **{**TYPED, "kunta": "272"}).status_code == 303


def test_two_who_change_the_same_lose_nothing(apart: Flask, added: Site, planner: FlaskClient) -> None:
    path = f"/evakuointipaikat/{added.id}/muokkaa"
    first, second = (fields(planner.get(path).text, path) for _ in range(2))
    assert planner.post(path, data={**first, "toilets": "9"}).status_code == 303
    answer = planner.post(f"{path}?lang=fi", data={**second, "toilets": "10", "beds": "40"})
    assert answer.status_code == 409
    assert "Tallennettu sillä välin: 9" in html.unescape(answer.text)
    assert site(apart).toilets == 9


def test_everything_is_confirmed_as_it_was_seen(apart: Flask, added: Site, planner: FlaskClient) -> None:
    page, path = f"/evakuointipaikat/{added.id}", f"/evakuointipaikat/{added.id}/vahvista"
    seen, later = (hidden(planner.get(page).text, path) for _ in range(2))
    assert planner.post(path, data=seen).status_code == 303
    assert site(apart).confirmed_on is not None
    # What somebody has changed since is not confirmed unseen.
    form = f"{page}/muokkaa"
    assert (
        planner.post(form, data={**fields(planner.get(form).text, form), "toilets": "11"}).status_code == 303
    )
    assert planner.post(path, data=later).status_code == 409


def test_what_breaks_is_told_before_premises_are_taken_off_the_list(
    apart: Flask, added: Site, planner: FlaskClient
) -> None:
    path = f"/evakuointipaikat/{added.id}/poista"
    page = planner.get(f"{path}?lang=fi")
    assert "Luettelosta poistettu tila ei ole enää missään luettelossa" in html.unescape(page.text)
    gone = planner.post(path, data=hidden(page.text, path))
    assert gone.headers["Location"].startswith("/evakuointipaikat?")
    assert planner.get(f"/evakuointipaikat/{added.id}").status_code == 404
    back = planner.get(gone.headers["Location"])
    assert planner.post("/kumoa", data=hidden(back.text, "/kumoa")).status_code == 303
    assert {row.use for row in site(apart).uses} == {SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.CATERING}


def holders(app: Flask) -> list[tuple[str, str, KeyPower]]:
    return [
        (one.person.name if one.person else one.name, one.phone, one.power) for one in reread(app).key_holders
    ]


def reread(app: Flask) -> Site:
    session = Session(engine_of(app))
    return session.scalars(select(Site).where(Site.name == "Uusi koulu")).one()


def test_key_holders_are_taken_in_put_in_order_changed_and_removed(
    apart: Flask, added: Site, planner: FlaskClient
) -> None:
    page = f"/evakuointipaikat/{added.id}"
    with Session(engine_of(apart)) as session:
        person = session.scalars(select(Person).where(Person.municipality_code == "584")).first()
        assert person is not None
        number, name = person.id, person.name
    new = f"{page}/avaimet/uusi"
    typed = {"power": "open", "person": "", "name": "Vahtimestari Vieno", "phone": "+358 00 000 0999"}
    assert send(planner, new, new, **typed).status_code == 303
    assert send(planner, new, new, **{**typed, "person": str(number), "name": ""}).status_code == 303
    first, second = ("Vahtimestari Vieno", "+358000000999", KeyPower.OPEN), (name, "", KeyPower.OPEN)
    assert holders(apart) == [first, second]
    # The person's own numbers are shown with the person.
    assert "+358" in planner.get(page).text.partition(name)[2][:600]
    with Session(engine_of(apart)) as session:
        last = session.scalars(select(KeyHolder.id).where(KeyHolder.person_id == number)).all()[-1]
    up, edit, gone = (f"{page}/avaimet/{last}/{what}" for what in ("ylos", "muokkaa", "poista"))
    assert send(planner, page, up).status_code == 303
    assert holders(apart) == [second, first]
    assert (
        send(planner, edit, edit, power="authorise", person=str(number), name="", phone="").status_code == 303
    )
    assert holders(apart)[0][2] is KeyPower.AUTHORISE
    assert send(planner, page, gone).status_code == 303
    assert holders(apart) == [first]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Avaintenhaltija: Tieto on pakollinen. Valitse henkilö tai kirjoita nimi."),
        ({"phone": "soita vahdille"}, "soita vahdille"),
        ({"phone": "112"}, "112"),
        ({"power": "ryöstää"}, "ryöstää"),
        ({"person": "999999"}, "999999"),
    ],
)
def test_a_key_holder_who_cannot_be_is_refused(
    apart: Flask, added: Site, planner: FlaskClient, changes: dict[str, str], said: str
) -> None:
    new = f"/evakuointipaikat/{added.id}/avaimet/uusi"
    typed = {"power": "open", "person": "", "name": "Vieno", "phone": "", **changes}
    answer = planner.post(f"{new}?lang=fi", data={**hidden(planner.get(new).text, new), **typed})
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert holders(apart) == []


def test_a_municipal_contact_keeps_the_own_list_only(apart: Flask, added: Site) -> None:
    own = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "584")
    text = own.get(NEW).text
    assert '<option value="584"' in text
    assert '<option value="272"' not in text
    for code, status in (("584", 303), ("272", 404)):
        typed = {**hidden(text, NEW), **TYPED, "name": f"Toinen {code}", "kunta": code}
        assert own.post(NEW, data=typed).status_code == status


def test_premises_on_a_condition_say_on_which(apart: Flask, planner: FlaskClient) -> None:
    answer = send(planner, NEW, NEW, **{**TYPED, "status": "conditional"})
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert '<a href="#condition">Ehto: Ehdollisesta tilasta kerrotaan ehto.' in text
    send(planner, NEW, NEW, **{**TYPED, "status": "conditional", "condition": "koulupäivinä 16–8"})
    assert site(apart).condition == "koulupäivinä 16–8"


def test_premises_are_withdrawn_with_a_reason_found_again_and_taken_back(
    apart: Flask, added: Site, planner: FlaskClient
) -> None:
    page, asked = f"/evakuointipaikat/{added.id}", f"/evakuointipaikat/{added.id}/poista"
    refused = send(planner, asked, f"{page}/luovu", syy=" ")
    assert refused.status_code == 422
    assert "Se tarvitaan: se jää tilan historiaan." in html.unescape(refused.text)
    answer = send(planner, asked, f"{page}/luovu", syy="Myyty")
    assert answer.status_code == 303
    text = html.unescape(planner.get(page).text)
    assert re.search(
        r"poistettu luettelosta</th>.*?edelleen.*?Taina Testi-Esimerkki.*?Myyty", text, re.DOTALL
    )
    # In no list and no sum, and still to be found.
    listed = "/evakuointipaikat?kunta=584"
    assert "Uusi koulu" not in planner.get(listed).text
    assert "Uusi koulu" in planner.get(f"{listed}&saatavuus=withdrawn").text
    assert "Uusi koulu" in planner.get("/haku?q=Uusi+koulu").text
    assert planner.get(f"{page}/avaaminen").status_code == 200
    back = send(planner, page, f"{page}/palauta")
    assert back.status_code == 303
    assert site(apart).status is SiteStatus.UNKNOWN
    assert "Uusi koulu" in planner.get(listed).text
    shown = planner.get(back.headers["Location"])
    assert planner.post("/kumoa", data=hidden(shown.text, "/kumoa")).status_code == 303
    assert site(apart).status is SiteStatus.WITHDRAWN


def test_the_form_notes_why_the_availability_changes(apart: Flask, added: Site, planner: FlaskClient) -> None:
    path = f"/evakuointipaikat/{added.id}/muokkaa"
    form = fields(planner.get(path).text, path)
    changed = planner.post(path, data={**form, "status": "out", "syy": "Vesivahinko"})
    assert changed.status_code == 303
    text = html.unescape(planner.get(f"/evakuointipaikat/{added.id}").text)
    assert re.search(r"pois käytöstä</th>.*?Taina Testi-Esimerkki.*?Vesivahinko", text, re.DOTALL)
