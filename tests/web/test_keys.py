"""Owners make and revoke their own keys; an administrator sees and revokes all, and makes none for others."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep import clock
from prep.auth import tokens
from prep.auth.bearer import digest
from prep.models import ApiToken, AuditEntry
from prep.terms import AccountRole, SignInMethod
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_pages import Elements
from tests.web.test_signing_in import send

OWN, NEW, ALL = "/oma/avaimet", "/oma/avaimet/uusi", "/hallinta/avaimet"


@pytest.fixture
def app(apart: Flask) -> Flask:
    return apart


def make(
    client: FlaskClient, *, name: str = "map", days: str = "90", scopes: tuple[str, ...] = ("site.read",)
) -> TestResponse:
    return send(client, NEW, name=name, days=days, scope=list(scopes))


def key_in(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    return re.findall(r"prep_[\w-]{43}", answer.text)[0]


def ask(app: Flask, key: str, path: str = "/me") -> int:
    return app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_is_shown_once_and_opens_what_was_ticked(app: Flask) -> None:
    planner = sign_in(app)
    made = make(planner, name="Alueen kartta", scopes=("site.read", "contact.read"))
    key = key_in(made)
    assert made.headers["Cache-Control"] == "no-store"
    assert (ask(app, key, "/premises"), ask(app, key, "/contacts"), ask(app, key, "/findings")) == (
        200,
        200,
        403,
    )
    listed = planner.get(f"{OWN}?lang=en").text
    assert key not in listed
    assert key[:12] in listed
    assert "Alueen kartta" in listed
    assert "<code>site.read</code>" in listed
    with Session(engine_of(app)) as session:
        row = session.scalars(select(ApiToken)).one()
        assert row.token_hash == digest(key)
        assert row.last_used_at is not None
        kept = " ".join(one.values or "" for one in session.scalars(select(AuditEntry)))
    assert key[12:] not in kept
    assert digest(key) not in kept


def test_only_what_the_owner_holds_and_a_program_can_use_is_offered(app: Flask) -> None:
    def offered(client: FlaskClient) -> set[str]:
        found = Elements(client.get(NEW).text).found
        return {one["value"] for tag, one in found if tag == "input" and one.get("name") == "scope"}

    assert offered(sign_in(app, AccountRole.VIEWER, "272")) == {
        "overview.read", "municipality.read", "site.read", "contact.read", "body.read", "chain.read", "card.read",
        "region.read",
    }  # fmt: skip
    assert offered(sign_in(app, AccountRole.ADMINISTRATOR)) == {"region.read", "settings.read"}
    assert offered(sign_in(app, None)) == set()
    alone = sign_in(app, AccountRole.COUNTY_PLANNER, method=SignInMethod.PASSWORD)
    assert offered(alone) == set()


def test_what_the_owner_does_not_hold_is_refused_and_what_was_typed_comes_back(app: Flask) -> None:
    viewer = sign_in(app, AccountRole.VIEWER, "272")
    for scopes in (("site.read", "contact.phone"), ("account.manage",), (), ("site.fly",)):
        answer = make(viewer, name="Kartta", days="30", scopes=scopes)
        assert answer.status_code == 422
        assert 'href="#scope"' in answer.text
        assert 'value="Kartta"' in answer.text
        assert 'value="30"' in answer.text
    kept = Elements(make(viewer, name="", scopes=("site.read",)).text).found
    assert [one["value"] for tag, one in kept if tag == "input" and "checked" in one] == ["site.read"]
    with Session(engine_of(app)) as session:
        assert session.scalars(select(ApiToken)).all() == []


@pytest.mark.parametrize("days", ["0", "367", "", "-1", "1e2", "９", "99999999999999999999"])
def test_days_out_of_bounds_are_refused_at_their_field(app: Flask, days: str) -> None:
    answer = make(sign_in(app), days=days)
    assert (answer.status_code, 'href="#days"' in answer.text) == (422, True)


def test_a_key_ends_on_its_day_and_says_so_before(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = sign_in(app)
    key = key_in(make(planner, days="15"))
    assert "ends soon" not in planner.get(f"{OWN}?lang=en").text
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(days=1)).isoformat())
    planner, admin = sign_in(app), sign_in(app, AccountRole.ADMINISTRATOR)
    assert "ends soon" in planner.get(f"{OWN}?lang=en").text
    assert "end within two weeks: 1" in admin.get("/hallinta?lang=en").text
    assert "ends soon" in admin.get(ALL).text
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(days=14)).isoformat())
    assert ask(app, key) == 401
    assert "You have no keys." in sign_in(app).get(f"{OWN}?lang=en").text


def test_owners_revoke_their_own_and_find_no_other(app: Flask) -> None:
    planner, viewer = sign_in(app), sign_in(app, AccountRole.VIEWER, "272")
    key = key_in(make(planner))
    with Session(engine_of(app)) as session:
        number = session.scalars(select(ApiToken.id)).one()
    assert send(viewer, OWN, f"{OWN}/{number}/mitatoi").status_code == 404
    assert ask(app, key) == 200
    assert send(planner, OWN, f"{OWN}/{number}/mitatoi").headers["Location"] == f"{OWN}?tehty=revoked"
    assert ask(app, key) == 401
    assert "You have no keys." in planner.get(f"{OWN}?lang=en").text


def test_an_administrator_sees_all_and_revokes_any_with_a_row_in_the_trail(app: Flask) -> None:
    key = key_in(make(sign_in(app), name="Alueen kartta"))
    admin = sign_in(app, AccountRole.ADMINISTRATOR)
    text = admin.get(ALL).text
    assert key not in text
    assert "county_planner-county" in text
    (action,) = re.findall(rf'action="({ALL}/\d+/mitatoi)"', text)
    assert send(admin, ALL, action).headers["Location"] == f"{ALL}?tehty=revoked"
    assert ask(app, key) == 401
    with Session(engine_of(app)) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.table_name, last.actor) == ("api_token", "account: administrator-county")
        assert "revoked_at" in (last.values or "")
    assert send(admin, ALL, f"{ALL}/999999/mitatoi").status_code == 404
    assert sign_in(app).get(ALL).status_code == 404


def test_nobody_makes_a_key_for_another_on_the_pages(app: Flask) -> None:
    admin = sign_in(app, AccountRole.ADMINISTRATOR)
    made = send(
        admin, NEW, name="x", days="1", scope="settings.read", account="1", login="county_planner-county"
    )
    key = key_in(made)
    with Session(engine_of(app)) as session:
        assert tokens.use_of(session, key).account.login == "administrator-county"


def test_a_new_key_asks_for_the_password_again_after_a_quarter_of_an_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner, admin = sign_in(app), sign_in(app, AccountRole.ADMINISTRATOR)
    key = key_in(make(planner))
    (action,) = re.findall(rf'action="({ALL}/\d+/mitatoi)"', admin.get(ALL).text)
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=16)).isoformat())
    assert planner.get(NEW).headers["Location"].startswith("/oma/vahvista")
    assert (
        send(planner, OWN, NEW, name="x", days="1", scope="site.read")
        .headers["Location"]
        .startswith("/oma/vahvista")
    )
    assert send(admin, ALL, action).headers["Location"].startswith("/oma/vahvista")
    assert ask(app, key) == 200


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_are_well_formed_and_every_field_has_a_name(app: Flask, language: str) -> None:
    planner = sign_in(app)
    make(planner)
    for where in (OWN, NEW):
        found = Elements(planner.get(f"{where}?lang={language}").text)
        assert (found.misnested, found.open) == ([], []), where
        labelled = {attributes.get("for") for tag, attributes in found.found if tag == "label"}
        for tag, attributes in found.found:
            if tag in {"select", "input"} and attributes.get("type") not in {"hidden", "checkbox"}:
                assert attributes["id"] in labelled, where
