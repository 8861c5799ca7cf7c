"""The administrator's pages: accounts are made, given roles for some days, closed, and never see a password."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from prep import clock
from prep.auth import accounts
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_signing_in import send

WHERE = "/hallinta/tilit"
NEW = {"name": "Kaisa Kunta-Esimerkki", "login": "kaisa@kunta.example", "language": "sv"}
PLACE = {"role": "municipal_contact", "municipality": "272"}


@pytest.fixture
def app(apart: Flask) -> Flask:
    return apart


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, AccountRole.ADMINISTRATOR)


def number_of(app: Flask, login: str) -> int:
    with Session(engine_of(app)) as session:
        return accounts.find(session, login).id


def test_an_account_is_made_with_its_role_and_the_link_opens_once(app: Flask, admin: FlaskClient) -> None:
    made = send(admin, "/hallinta/tilit/uusi", **NEW, **PLACE)
    assert made.status_code == 200
    path = re.findall(r"http://localhost(/link/[\w-]+)", made.text)[0]
    assert app.test_client().get(path).status_code == 200
    assert path not in admin.get("/hallinta/tilit").text
    listed = admin.get("/hallinta/tilit?lang=fi").text
    assert "kaisa@kunta.example" in listed
    assert "(Kokkola)" in listed


def test_what_was_typed_comes_back_with_every_problem_at_its_field(admin: FlaskClient) -> None:
    answer = send(
        admin, "/hallinta/tilit/uusi", name="Kaisa", login="a b", role="municipal_contact", municipality=""
    )
    assert answer.status_code == 422
    assert 'value="Kaisa"' in answer.text
    assert 'href="#login"' in answer.text
    late = send(admin, "/hallinta/tilit/uusi", **NEW, **PLACE, starts="22.11.2026")
    assert 'href="#starts"' in late.text
    nowhere = send(admin, "/hallinta/tilit/uusi", **NEW, role="administrator", municipality="272")
    assert 'href="#municipality"' in nowhere.text
    assert "kaisa@kunta.example" not in admin.get("/hallinta/tilit").text


def test_a_role_holds_for_its_days_and_bites_at_once_when_it_is_ended(app: Flask, admin: FlaskClient) -> None:
    contact = sign_in(app, None)
    where = f"/hallinta/tilit/{number_of(app, 'None-county')}"
    assert contact.get("/kunnat/272").status_code == 404
    assert send(admin, where, f"{where}/rooli", **PLACE, starts="", ends="2026-11-30").status_code == 303
    assert contact.get("/kunnat/272").status_code == 200
    assert contact.get("/kunnat/584").status_code == 404
    again = send(admin, where, f"{where}/rooli", **PLACE, starts="2026-11-25", ends="")
    assert again.status_code == 422
    end = re.findall(rf'action="({where}/rooli/\d+/paata)"', admin.get(where).text)[0]
    assert send(admin, where, end).status_code == 303
    assert contact.get("/kunnat/272").status_code == 404


def test_a_closed_account_is_out_at_once(app: Flask, admin: FlaskClient) -> None:
    planner = sign_in(app)
    where = f"/hallinta/tilit/{number_of(app, 'county_planner-county')}"
    assert planner.get("/").status_code == 200
    assert send(admin, where, f"{where}/sulje").status_code == 303
    assert planner.get("/").status_code == 303
    assert send(admin, where, f"{where}/avaa").status_code == 303
    assert planner.get("/").status_code == 303, "what was ended stays ended"


def test_administrators_cannot_lock_themselves_out(app: Flask, admin: FlaskClient) -> None:
    where = f"/hallinta/tilit/{number_of(app, 'administrator-county')}"
    text = admin.get(where).text
    assert send(admin, where, f"{where}/sulje").status_code == 422
    end = re.findall(rf'action="({where}/rooli/\d+/paata)"', text)[0]
    assert send(admin, where, end).status_code == 422
    assert admin.get("/hallinta/tilit").status_code == 200


def test_the_password_is_asked_for_again_after_a_quarter_of_an_hour(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = f"/hallinta/tilit/{number_of(app, 'administrator-county')}"
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=16)).isoformat())
    assert send(admin, where, f"{where}/linkki").headers["Location"] == "/oma/vahvista"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_are_well_formed_and_every_field_has_a_name(
    app: Flask, admin: FlaskClient, language: str
) -> None:
    from tests.web.test_pages import Elements

    planner = number_of(app, "administrator-county")
    for where in (
        "/hallinta/tilit",
        "/hallinta/tilit/uusi",
        f"/hallinta/tilit/{planner}",
        "/oma",
        "/oma/salasana",
        "/oma/vahvista",
        "/oma/vaihe2",
    ):
        found = Elements(admin.get(f"{where}?lang={language}").text)
        assert (found.misnested, found.open) == ([], []), where
        ids = [attributes["id"] for _, attributes in found.found if attributes.get("id")]
        assert len(ids) == len(set(ids)), where
        labelled = {attributes.get("for") for tag, attributes in found.found if tag == "label"}
        for tag, attributes in found.found:
            if tag in {"select", "input"} and attributes.get("type") not in {"hidden", "checkbox"}:
                assert attributes["id"] in labelled, where


def test_the_details_of_an_account_are_changed_and_its_owner_stays_signed_in(
    app: Flask, admin: FlaskClient
) -> None:
    planner = sign_in(app)
    path = f"{WHERE}/{number_of(app, 'county_planner-county')}/muokkaa"
    answer = send(admin, path, name="Uusi Nimi-Esimerkki", login="Uusi.Nimi@Kunta.example", language="sv")
    assert answer.status_code == 303
    assert "Uusi Nimi-Esimerkki" in admin.get(f"{answer.headers['Location']}&lang=fi").text
    assert number_of(app, "uusi.nimi@kunta.example")
    assert "Uusi Nimi-Esimerkki" in planner.get("/oma").text


def test_a_sign_in_name_of_somebody_else_is_refused_at_its_field(app: Flask, admin: FlaskClient) -> None:
    sign_in(app)
    path = f"{WHERE}/{number_of(app, 'county_planner-county')}/muokkaa"
    answer = send(admin, f"{path}?lang=fi", path, name="Joku", login="administrator-county", language="fi")
    assert answer.status_code == 422
    assert '<li><a href="#login">' in answer.text
    assert 'value="Joku"' in answer.text
    # One's own name is nobody else's.
    assert send(admin, path, name="Joku", login="county_planner-county", language="fi").status_code == 303


def test_two_administrators_who_change_one_account_lose_nothing(app: Flask, admin: FlaskClient) -> None:
    sign_in(app)
    path = f"{WHERE}/{number_of(app, 'county_planner-county')}/muokkaa"
    opened = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', admin.get(path).text))
    send(admin, path, name="Hänen Nimensä", login="county_planner-county", language="fi")
    mine = {**opened, "name": "Minun Nimeni", "login": "county_planner-county", "language": "fi"}
    answer = admin.post(f"{path}?lang=fi", data={**mine, "avattu": opened["avattu"].replace("&#34;", '"')})
    assert answer.status_code == 409
    assert 'value="Minun Nimeni"' in answer.text
    assert "Tallennettu sillä välin: Hänen Nimensä" in answer.text


def test_a_role_that_is_sent_twice_is_given_once(app: Flask, admin: FlaskClient) -> None:
    sign_in(app)
    where = f"{WHERE}/{number_of(app, 'county_planner-county')}"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', admin.get(where).text))
    role = {"role": "viewer", "municipality": "272", "starts": "2026-11-22", "ends": ""}
    answers = [admin.post(f"{where}/rooli", data={**hidden, **role}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    with Session(engine_of(app)) as session:
        account = accounts.find(session, "county_planner-county")
        assert [one.role for one in account.grants].count(AccountRole.VIEWER) == 1
