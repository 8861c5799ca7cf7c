"""Passkeys through the pages, answered by an invented device as a browser's script would send it."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep import clock
from prep.addresses import WebAddress
from prep.auth import accounts
from prep.config import Settings
from prep.db import write_session
from prep.models import Account, AuditEntry, LoginSession, Passkey, RecoveryCode
from prep.terms import SignInMethod
from prep.web import create_app
from prep.web.database import engine_of
from tests.auth.device import Device
from tests.web.people import LOGIN, sign_in
from tests.web.test_signing_in import PASSWORD, invitation, send, with_everything

HERE = "http://localhost:8351"
HIDDEN_FIELD = r'<input type="hidden" name="(\w+)" value="([^"]*)"'


@pytest.fixture
def app(invited: Flask) -> Flask:
    return invited


def device(**more: object) -> Device:
    return Device(origin=HERE, party_id="localhost", **more)  # type: ignore[arg-type]


def asked(browser: FlaskClient, page: str, ask: str) -> TestResponse:
    """What the script on a page is told when it asks what the device has to sign."""
    hidden = dict(re.findall(HIDDEN_FIELD, browser.get(page, base_url=HERE).text))
    return browser.post(ask, data={"lomake": hidden["lomake"]}, base_url=HERE)


def answered(
    browser: FlaskClient, page: str, ask: str, action: str, answer: object, **fields: str
) -> TestResponse:
    """Send the form of a page with what the device has made of the question."""
    hidden = dict(re.findall(HIDDEN_FIELD, browser.get(page, base_url=HERE).text))
    question = browser.post(ask, data={"lomake": hidden["lomake"]}, base_url=HERE).get_json()
    signed = answer(json.dumps(question["options"])) if callable(answer) else answer
    data = {"lomake": hidden["lomake"], "token": question["token"], "answer": signed, **fields}
    return browser.post(action, data=data, base_url=HERE)


def registered(browser: FlaskClient, one: Device, name: str = "work phone") -> TestResponse:
    where = "/oma/paasyavaimet/uusi"
    return answered(browser, where, "/oma/paasyavaimet/pyynto", where, one.registered, name=name)


def entered(browser: FlaskClient, one: Device) -> TestResponse:
    return answered(browser, "/kirjaudu", "/kirjaudu/paasyavain/pyynto", "/kirjaudu/paasyavain", one.signed)


def with_password_only(app: Flask, browser: FlaskClient) -> None:
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    assert send(browser, "/kirjaudu", login=LOGIN, password=PASSWORD).status_code == 303


def with_passkey(app: Flask, browser: FlaskClient, **more: object) -> Device:
    """The invited account with a password and a passkey, signed in."""
    with_password_only(app, browser)
    one = device(**more)
    assert registered(browser, one).status_code == 200
    return one


def number_of_passkeys(app: Flask) -> int:
    with Session(engine_of(app)) as session:
        return session.scalar(select(func.count()).select_from(Passkey)) or 0


def trail(app: Flask, action: str) -> list[dict[str, object]]:
    with Session(engine_of(app)) as session:
        rows = session.scalars(
            select(AuditEntry.values).where(
                AuditEntry.action == action, AuditEntry.table_name.in_(["passkey", "account"])
            )
        )
        return [json.loads(one or "{}") for one in rows]


def test_a_passkey_is_a_second_factor_and_signs_in_without_name_and_password(
    app: Flask, browser: FlaskClient
) -> None:
    with_password_only(app, browser)
    page = browser.get("/oma/vaihe2?lang=en", base_url=HERE).text
    assert 'data-passkey="create"' in page
    assert "Until one is set up, the account opens nothing." in page
    one = device()
    kept = registered(browser, one)
    # As the first factor it comes with recovery codes, once.
    assert len(set(re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", kept.text))) == 10
    assert browser.get("/").status_code == 200
    other = app.test_client()
    answer = entered(other, one)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/alkuun")
    assert other.get("/").status_code == 200
    with Session(engine_of(app)) as session:
        newest = session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first()
        assert newest is not None
        assert newest.method is SignInMethod.PASSKEY
    assert [one["purpose"] for one in trail(app, "used")] == ["passkey_sign_in"]


def test_the_page_that_was_asked_for_comes_after_a_passkey_too(app: Flask, browser: FlaskClient) -> None:
    one = with_passkey(app, browser)
    other = app.test_client()
    where = other.get("/kunnat/272").headers["Location"]
    answer = answered(
        other,
        where,
        "/kirjaudu/paasyavain/pyynto",
        "/kirjaudu/paasyavain",
        one.signed,
        seuraava="/kunnat/272",
    )
    assert answer.headers["Location"] == "/kunnat/272"


def test_own_passkeys_are_listed_added_and_removed(app: Flask, browser: FlaskClient) -> None:
    with_everything(app, browser)
    assert registered(browser, device(), "Työpuhelin").headers["Location"] == "/oma?tehty=passkey"
    one = device()
    assert registered(browser, one, "Turva-avain <b>").status_code == 303
    entered(app.test_client(), one)
    page = browser.get("/oma?lang=en").text
    assert "Työpuhelin" in page
    assert "Turva-avain &lt;b&gt;" in page
    assert page.count("not yet") == 1
    asking = browser.get("/oma/paasyavaimet/2/poista?lang=en").text
    assert "Your other ways of signing in stay as they are." in asking
    assert number_of_passkeys(app) == 2
    gone = send(browser, "/oma/paasyavaimet/2/poista")
    assert gone.headers["Location"] == "/oma?tehty=removed"
    assert number_of_passkeys(app) == 1
    assert entered(app.test_client(), one).status_code == 422


def test_the_last_second_factor_goes_only_with_a_warning(app: Flask, browser: FlaskClient) -> None:
    with_passkey(app, browser)
    asking = browser.get("/oma/paasyavaimet/1/poista?lang=en").text
    assert "The account has no other second factor." in asking
    send(browser, "/oma/paasyavaimet/1/poista")
    other = app.test_client()
    send(other, "/kirjaudu", login=LOGIN, password=PASSWORD)
    assert other.get("/").headers["Location"] == "/oma/vaihe2"


def test_the_app_goes_only_after_a_question_too(app: Flask, browser: FlaskClient) -> None:
    with_everything(app, browser)
    assert "The account has no other second factor." in browser.get("/oma/vaihe2/poista?lang=en").text
    registered(browser, device())
    assert "Your other ways of signing in stay as they are." in browser.get("/oma/vaihe2/poista").text
    assert send(browser, "/oma/vaihe2/poista").headers["Location"] == "/oma?tehty=removed"
    # Nothing is left to remove.
    assert browser.get("/oma/vaihe2/poista").headers["Location"] == "/oma"


def test_the_only_way_in_is_not_removed(app: Flask, browser: FlaskClient) -> None:
    with_passkey(app, browser)
    with write_session(engine_of(app), actor="test") as session:
        accounts.find(session, LOGIN).password_hash = None
    refused = send(browser, "/oma/paasyavaimet/1/poista?lang=en")
    assert refused.status_code == 422
    assert "It is the only one that the account has: without it nobody could sign in." in refused.text
    assert number_of_passkeys(app) == 1


def test_another_account_s_passkey_does_not_exist_here(app: Flask, browser: FlaskClient) -> None:
    with_passkey(app, browser)
    other = sign_in(app)
    for method in ("GET", "POST"):
        hidden = dict(re.findall(HIDDEN_FIELD, other.get("/oma").text))
        foreign, missing = (
            other.open(f"/oma/paasyavaimet/{number}/poista", method=method, data=hidden) for number in (1, 99)
        )
        assert (foreign.status_code, missing.status_code) == (404, 404)
    assert number_of_passkeys(app) == 1


def test_a_passkey_shows_once_more_who_one_is(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = with_passkey(app, browser)
    before = browser.get_cookie("prep_session")
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=20)).isoformat())
    for where in ("/oma/paasyavaimet/uusi", "/oma/paasyavaimet/1/poista"):
        asked_for = browser.get(where).headers["Location"]
        assert asked_for == f"/oma/vahvista?seuraava={where}"
    assert browser.get("/oma/vahvista", base_url=HERE).text.count('data-passkey="get"') == 1
    done = answered(
        browser,
        "/oma/vahvista",
        "/oma/vahvista/paasyavain/pyynto",
        "/oma/vahvista/paasyavain",
        one.signed,
        seuraava="/oma/paasyavaimet/uusi",
    )
    assert done.headers["Location"] == "/oma/paasyavaimet/uusi"
    assert browser.get("/oma/paasyavaimet/uusi").status_code == 200
    after = browser.get_cookie("prep_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert trail(app, "used")[-1]["purpose"] == "passkey_proof"


def test_without_fresh_proof_no_passkey_is_set_up_or_removed(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_passkey(app, browser)
    hidden = dict(re.findall(HIDDEN_FIELD, browser.get("/oma/paasyavaimet/uusi", base_url=HERE).text))
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=20)).isoformat())
    for where in ("/oma/paasyavaimet/pyynto", "/oma/paasyavaimet/uusi", "/oma/paasyavaimet/1/poista"):
        answer = browser.post(where, data={**hidden, "name": "x"}, base_url=HERE)
        assert answer.headers["Location"].startswith("/oma/vahvista"), where
    assert number_of_passkeys(app) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://127.0.0.1:8351"},
        {"party_id": "evil.example"},
        {"flags": 0x01},
        {"flags": 0x04},
        {"private": Device().private},
        {"credential_id": b"unknown"},
        {"count": 4},
    ],
    ids=[
        "foreign origin",
        "other port",
        "number for a name",
        "wrong party",
        "owner not verified",
        "nobody present",
        "other key",
        "unknown credential",
        "count went back",
    ],
)
def test_whatever_is_wrong_with_a_signature_the_answer_is_the_same(
    app: Flask, browser: FlaskClient, change: dict[str, object]
) -> None:
    one = with_passkey(app, browser, count=4)
    one.count = 5
    wrong = replace(one, **change)  # type: ignore[arg-type]
    other = app.test_client()
    other.get("/kirjaudu?lang=en", base_url=HERE)
    refused = entered(other, wrong)
    assert refused.status_code == 422
    assert (
        "The passkey was not accepted. Try again, or sign in with the name and the password." in refused.text
    )
    assert other.get("/").status_code == 303
    # Of what is nobody's only the count is kept; a known passkey's failure stands in the trail.
    is_known = "credential_id" not in change
    assert bool(trail(app, "refused")) is is_known
    # The real one is let in, and all others with it stay.
    assert entered(app.test_client(), one).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"party_id": "evil.example"},
        {"flags": 0x01},
    ],
    ids=["foreign origin", "other port", "wrong party", "owner not verified"],
)
def test_a_passkey_that_was_made_wrongly_is_not_kept(
    app: Flask, browser: FlaskClient, change: dict[str, object]
) -> None:
    with_password_only(app, browser)
    browser.get("/oma?lang=en", base_url=HERE)
    refused = registered(browser, replace(device(), **change))  # type: ignore[arg-type]
    assert refused.status_code == 422
    assert "The device’s answer could not be verified." in refused.text
    # The name that was typed is still there.
    assert 'value="work phone"' in refused.text
    assert number_of_passkeys(app) == 0
    with Session(engine_of(app)) as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0


def test_a_passkey_needs_a_name_and_is_known_once(app: Flask, browser: FlaskClient) -> None:
    with_password_only(app, browser)
    one = device()
    nameless = registered(browser, one, " ")
    assert nameless.status_code == 422
    assert 'aria-invalid="true"' in nameless.text
    assert registered(browser, one).status_code == 200
    assert registered(browser, one).status_code == 422
    assert number_of_passkeys(app) == 1


def test_an_answer_is_good_once(app: Flask, browser: FlaskClient) -> None:
    one = with_passkey(app, browser)
    other = app.test_client()
    hidden = dict(re.findall(HIDDEN_FIELD, other.get("/kirjaudu", base_url=HERE).text))
    question = asked(other, "/kirjaudu", "/kirjaudu/paasyavain/pyynto").get_json()
    data = {**hidden, "token": question["token"], "answer": one.signed(json.dumps(question["options"]))}
    thief = app.test_client()
    stolen = dict(re.findall(HIDDEN_FIELD, thief.get("/kirjaudu", base_url=HERE).text))
    assert other.post("/kirjaudu/paasyavain", data=data, base_url=HERE).status_code == 303
    again = thief.post("/kirjaudu/paasyavain", data={**data, "lomake": stolen["lomake"]}, base_url=HERE)
    assert again.status_code == 422


def test_the_questions_of_the_script_carry_the_token_of_the_form(app: Flask, browser: FlaskClient) -> None:
    with_passkey(app, browser)
    for where in (
        "/kirjaudu/paasyavain/pyynto",
        "/oma/paasyavaimet/pyynto",
        "/oma/vahvista/paasyavain/pyynto",
    ):
        assert browser.post(where, base_url=HERE).status_code == 403, where
        assert browser.post(where, json={"lomake": "x"}, base_url=HERE).status_code == 403, where
        assert browser.get(where, base_url=HERE).status_code == 405, where
    good = asked(browser, "/oma/paasyavaimet/uusi", "/oma/paasyavaimet/pyynto")
    assert good.mimetype == "application/json"
    assert good.headers["Cache-Control"] == "no-store"
    assert sorted(good.get_json()) == ["options", "token"]


def test_a_stranger_learns_nothing_from_the_question(app: Flask, browser: FlaskClient) -> None:
    with_passkey(app, browser)
    question = asked(app.test_client(), "/kirjaudu", "/kirjaudu/paasyavain/pyynto").get_json()["options"]
    assert question["allowCredentials"] == []
    assert sorted(question) == ["allowCredentials", "challenge", "rpId", "timeout", "userVerification"]


def test_too_many_wrong_answers_are_told_to_wait_before_the_device_is_asked(
    app: Flask, browser: FlaskClient
) -> None:
    with_passkey(app, browser)
    other = app.test_client()
    other.get("/kirjaudu?lang=en", base_url=HERE)
    statuses = [entered(other, device(credential_id=b"unknown")).status_code for _ in range(20)]
    assert statuses == [422] * 19 + [429]
    told = asked(other, "/kirjaudu", "/kirjaudu/paasyavain/pyynto")
    assert told.status_code == 429
    assert told.get_json() == {
        "problem": "Sign-in: There have been too many failed attempts. Try again at 22.11.2026 11.46."
    }


def test_a_closed_account_is_not_let_in_by_its_passkey(app: Flask, browser: FlaskClient) -> None:
    one = with_passkey(app, browser)
    with write_session(engine_of(app), actor="test") as session:
        accounts.disable(session, session.scalars(select(Account).where(Account.login == LOGIN)).one())
    assert entered(app.test_client(), one).status_code == 422


def test_without_a_script_the_page_says_so_and_everything_else_is_there(browser: FlaskClient) -> None:
    page = browser.get("/kirjaudu?lang=en", base_url=HERE).text
    button = page.index('id="passkey"')
    assert "hidden" in page[page.rindex("<p", 0, button) : button]
    assert "Passkeys need JavaScript and a browser that knows them." in page
    assert re.search(r'<script src="/static/passkeys\.js\?v=\w+" defer></script>', page)
    assert re.findall(r"<script(?! src=)", page) == []


@pytest.mark.parametrize(
    ("public", "base", "shows"),
    [
        (None, "http://localhost:8351", "form"),
        (None, "http://127.0.0.1:8351", "http://localhost:8351/kirjaudu"),
        ("https://prep.kunta.example", "http://127.0.0.1:8351", "https://prep.kunta.example/kirjaudu"),
        ("https://prep.kunta.example", "http://prep.kunta.example", "form"),
        ("http://prep.kunta.example", "http://prep.kunta.example", "nothing"),
        ("https://192.0.2.7", "http://192.0.2.7", "nothing"),
    ],
)
def test_passkeys_are_offered_at_the_one_address_where_they_work(
    tmp_path: Path, county: Path, public: str | None, base: str, shows: str
) -> None:
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    address = WebAddress.read(public) if public else None
    app = create_app(Settings(instance=tmp_path, public_address=address))
    page = app.test_client().get("/kirjaudu?lang=en", base_url=base).text
    engine_of(app).dispose()
    assert ("data-passkey" in page) is (shows == "form")
    assert ("passkeys.js" in page) is (shows == "form")
    assert (f'href="{shows}"' in page) is shows.startswith("http")


def test_where_passkeys_cannot_work_their_questions_say_why(tmp_path: Path, county: Path) -> None:
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(Settings(instance=tmp_path, host="192.0.2.7"))
    client = sign_in(app)
    page = client.get("/oma/paasyavaimet/uusi?lang=en")
    assert "Passkeys work where the pages have a name and are reached over TLS." in page.text
    hidden = dict(re.findall(HIDDEN_FIELD, page.text))
    refused = client.post("/oma/paasyavaimet/pyynto", data=hidden)
    engine_of(app).dispose()
    assert refused.status_code == 422
    assert "Whoever keeps the server sets public_address to such an address." in refused.text
