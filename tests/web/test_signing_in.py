"""Signing in and out through the forms; what a stranger can try, and what it gives away."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from prep import clock
from prep.auth import accounts, links
from prep.auth.throttle import LIMITS
from prep.db import write_session
from prep.models import Installation
from prep.web.database import engine_of
from prep.web.returning import own_path
from tests.web.people import LOGIN

PASSWORD = "vihreä tuoli laulaa hiljaa"


@pytest.fixture
def app(invited: Flask) -> Flask:
    return invited


def invitation(app: Flask) -> str:
    with write_session(engine_of(app), actor="test") as session:
        return links.link_for(session, accounts.find(session, LOGIN)).path


def send(browser: FlaskClient, form: str, action: str | None = None, **fields: str) -> TestResponse:
    """Fill in the form of a page and send it; what is hidden in it goes along."""
    text = browser.get(form).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    return browser.post(action or form, data={**hidden, **fields})


def enrol(browser: FlaskClient) -> tuple[pyotp.TOTP, TestResponse]:
    begun = send(browser, "/oma/vaihe2", "/oma/vaihe2/alku")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', begun.text))
    app = pyotp.TOTP(hidden["secret"])
    done = browser.post("/oma/vaihe2", data={**hidden, "code": app.at(clock.now() - timedelta(seconds=30))})
    return app, done


def with_everything(app: Flask, browser: FlaskClient) -> pyotp.TOTP:
    """The invited account with a password and an app, signed in."""
    assert send(browser, invitation(app), password=PASSWORD, again=PASSWORD).status_code == 303
    assert send(browser, "/kirjaudu", login=LOGIN, password=PASSWORD).status_code == 303
    return enrol(browser)[0]


def test_from_the_invitation_to_the_overview(app: Flask, browser: FlaskClient) -> None:
    chosen = send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    assert chosen.headers["Location"] == "/kirjaudu?tehty=chosen"
    entered = send(browser, "/kirjaudu", login=LOGIN.upper(), password=PASSWORD)
    assert entered.status_code == 303
    # With the password alone nothing is open but setting up the second factor.
    assert browser.get("/").headers["Location"] == "/oma/vaihe2"
    _, done = enrol(browser)
    assert done.status_code == 200
    codes = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", done.text)
    assert len(set(codes)) == 10
    assert browser.get("/alkuun").headers["Location"] == "/"
    assert "Tilannekuva" in browser.get("/?lang=fi").text


def test_the_second_step_takes_a_code_once_and_a_recovery_code(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code_app = with_everything(app, browser)
    other = app.test_client()
    assert send(other, "/kirjaudu", login=LOGIN, password=PASSWORD).headers["Location"] == "/kirjaudu/koodi"
    assert other.get("/").status_code == 303
    used = code_app.at(clock.now() - timedelta(seconds=30))
    refused = send(other, "/kirjaudu/koodi", code=used)
    assert refused.status_code == 422
    assert "aria-invalid" in refused.text
    taken = send(
        other, "/kirjaudu/koodi", code=f" {code_app.at(clock.now())[:3]} {code_app.at(clock.now())[3:]}"
    )
    assert taken.headers["Location"] == "/alkuun"
    assert other.get("/").status_code == 200


def test_an_unknown_name_and_a_wrong_password_get_the_same_page(app: Flask, browser: FlaskClient) -> None:
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    answers = [
        send(app.test_client(), "/kirjaudu", login=login, password="väärä salasana tähän")  # noqa: S106 - a guess
        for login in (LOGIN, "kuka@kunta.example")
    ]
    assert [one.status_code for one in answers] == [422, 422]
    plain = [re.sub(r'value="[^"]*"', "", one.text) for one in answers]
    assert plain[0] == plain[1]
    assert 'value="aino@kunta.example"' in answers[0].text, "what was typed is not lost"
    assert "väärä salasana" not in answers[0].text


def test_too_many_attempts_are_turned_away_with_the_time(app: Flask, browser: FlaskClient) -> None:
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    most = min(limit.number for limit in LIMITS)
    statuses = [
        send(browser, "/kirjaudu", login=LOGIN, password=f"väärä salasana {n}").status_code
        for n in range(most + 1)
    ]
    assert statuses == [422] * (most - 1) + [429, 429]
    # The right password does not help either, until the time is over.
    assert send(browser, "/kirjaudu", login=LOGIN, password=PASSWORD).status_code == 429


def test_signing_out_ends_the_token_and_not_only_the_cookie(app: Flask, browser: FlaskClient) -> None:
    with_everything(app, browser)
    cookie = browser.get_cookie("prep_session")
    assert cookie is not None
    left = send(browser, "/oma", "/kirjaudu/ulos")
    assert left.headers["Location"] == "/kirjaudu?tehty=out"
    assert browser.get_cookie("prep_session") is None
    thief = app.test_client()
    thief.set_cookie("prep_session", cookie.value)
    assert thief.get("/").headers["Location"].startswith("/kirjaudu")


def test_a_cookie_from_before_is_not_taken_over_and_no_script_reads_the_new_one(
    app: Flask, browser: FlaskClient
) -> None:
    browser.set_cookie("prep_session", "chosen-by-somebody-else")
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    answer = send(browser, "/kirjaudu", login=LOGIN, password=PASSWORD)
    line = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("prep_session="))
    assert "chosen-by-somebody-else" not in line
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    secure = app.test_client()
    text = secure.get("/kirjaudu", base_url="https://localhost").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    answer = secure.post(
        "/kirjaudu", base_url="https://localhost", data={**hidden, "login": LOGIN, "password": PASSWORD}
    )
    line = next(one for one in answer.headers.getlist("Set-Cookie") if "prep_session=" in one)
    assert line.startswith("__Host-prep_session=")
    assert "Secure" in line
    assert "Path=/" in line


def test_the_page_that_was_asked_for_comes_after_the_sign_in(app: Flask, browser: FlaskClient) -> None:
    code_app = with_everything(app, browser)
    other = app.test_client()
    asked = other.get("/kunnat/272?x=1").headers["Location"]
    assert asked == "/kirjaudu?seuraava=/kunnat/272?x%3D1"
    step = send(other, asked, login=LOGIN, password=PASSWORD)
    done = send(other, step.headers["Location"], code=code_app.at(clock.now()))
    assert done.headers["Location"] == "/kunnat/272?x=1"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        "x",
    ],
)
def test_nobody_is_sent_to_another_place(target: str) -> None:
    assert own_path(target) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_place_is_refused_even_with_the_right_token(
    browser: FlaskClient, headers: dict[str, str]
) -> None:
    text = browser.get("/kirjaudu").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    data = {**hidden, "login": "x", "password": "y"}
    assert browser.post("/kirjaudu", data=data, headers=headers).status_code == 403
    assert browser.post("/kirjaudu", data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 422


def test_a_token_of_another_browser_is_refused(app: Flask, browser: FlaskClient) -> None:
    text = app.test_client().get("/kirjaudu").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    browser.get("/kirjaudu")
    answer = browser.post("/kirjaudu?lang=en", data={**hidden, "login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "The form is too old, or not from here" in answer.text


def test_a_link_is_looked_at_freely_and_used_once(app: Flask, browser: FlaskClient) -> None:
    path = invitation(app)
    assert browser.get(path).status_code == browser.get(path).status_code == 200
    weak = send(browser, path, password="password12345678", again="password12345678")  # noqa: S106 - refused
    assert weak.status_code == 422
    assert send(browser, path, password=PASSWORD, again=f"{PASSWORD}!").status_code == 422
    assert send(browser, path, password=PASSWORD, again=PASSWORD).status_code == 303
    assert browser.get(path).status_code == 404
    assert browser.get("/link/none").status_code == 404


def test_the_first_administrator_is_made_behind_the_link(app: Flask, browser: FlaskClient) -> None:
    with write_session(engine_of(app), actor="test") as session:
        path = links.setup_link(session).path
    wrong = send(browser, path, login="x y", name="", password=PASSWORD, again=PASSWORD)
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2
    made = send(browser, path, login="olga", name="Olga Exempel", password=PASSWORD, again=PASSWORD)
    assert made.status_code == 303
    assert send(browser, "/kirjaudu", login="olga", password=PASSWORD).status_code == 303
    enrol(browser)
    # An administrator keeps the accounts and does not read the contents.
    assert browser.get("/").status_code == 404


def test_the_link_of_a_demonstration_signs_in_on_this_machine_only(app: Flask, browser: FlaskClient) -> None:
    with write_session(engine_of(app), actor="test") as session:
        path = links.demonstration_link(session).path
    text = browser.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    far = browser.post(path, data=hidden, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert far.status_code == 422
    assert browser.post(path, data=hidden).headers["Location"] == "/alkuun"
    assert browser.get("/alkuun").headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert browser.get(path).status_code == 404


def test_a_real_county_has_no_link_of_a_demonstration(app: Flask, browser: FlaskClient) -> None:
    from sqlalchemy import select

    from prep.errors import Refused

    with write_session(engine_of(app), actor="test") as session:
        path = links.demonstration_link(session).path
        session.scalars(select(Installation)).one().is_demo = False
    assert send(browser, path).status_code == 404
    with (
        write_session(engine_of(app), actor="test") as session,
        pytest.raises(Refused, match="invented county"),
    ):
        links.demonstration_link(session)


def test_time_runs_out(app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with_everything(app, browser)
    now = clock.now()
    monkeypatch.setenv("PREP_NOW", (now + timedelta(minutes=29)).isoformat())
    assert browser.get("/").status_code == 200
    monkeypatch.setenv("PREP_NOW", (now + timedelta(minutes=58)).isoformat())
    assert browser.get("/").status_code == 200, "being there counts"
    monkeypatch.setenv("PREP_NOW", (now + timedelta(minutes=89)).isoformat())
    gone = browser.get("/?lang=en", follow_redirects=True)
    assert "You were signed out because time had run out" in gone.text


def test_the_password_is_changed_and_elsewhere_one_is_signed_out(app: Flask, browser: FlaskClient) -> None:
    code_app = with_everything(app, browser)
    other = app.test_client()
    send(other, "/kirjaudu", login=LOGIN, password=PASSWORD)
    send(other, "/kirjaudu/koodi", code=code_app.at(clock.now()))
    assert other.get("/").status_code == 200
    new = "seitsemän sammakkoa lennossa"
    wrong = send(browser, "/oma/salasana", old="väärä salasana nyt", password=new, again=new)
    assert wrong.status_code == 422
    assert send(browser, "/oma/salasana", old=PASSWORD, password=new, again=new).status_code == 303
    assert browser.get("/").status_code == 200
    assert other.get("/").status_code == 303


def test_weighty_changes_ask_again_after_a_quarter_of_an_hour(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_everything(app, browser)
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=20)).isoformat())
    asked = send(browser, "/oma", "/oma/varakoodit")
    assert asked.headers["Location"] == "/oma/vahvista"
    assert send(browser, "/oma/vahvista", secret=PASSWORD).status_code == 303
    assert "Varakoodit" in send(browser, "/oma?lang=fi", "/oma/varakoodit").text


def test_another_account_s_sign_in_cannot_be_ended(app: Flask, browser: FlaskClient) -> None:
    with_everything(app, browser)
    from tests.web.people import sign_in

    sign_in(app)
    from sqlalchemy import func, select
    from sqlalchemy.orm import Session

    from prep.models import LoginSession

    with Session(engine_of(app)) as session:
        foreign = session.scalar(select(func.max(LoginSession.id)))
    assert send(browser, "/oma", f"/oma/istunnot/{foreign}/lopeta").status_code == 404
