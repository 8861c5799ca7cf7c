"""What the sign-in promises as a whole, each promise seen from a browser."""

import re
from datetime import timedelta
from pathlib import Path

import argon2
import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from prep import clock
from prep.auth import accounts
from prep.auth.bearer import digest
from prep.config import Settings
from prep.db import write_session
from prep.models import Account, ApiToken, LoginSession, OneTimeLink
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.people import LOGIN, sign_in
from tests.web.test_signing_in import PASSWORD, enrol, invitation, send, with_everything

OTHER_PASSWORD = "seitsemän sammakkoa lennossa"


@pytest.fixture
def app(invited: Flask) -> Flask:
    return invited


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(**time)).isoformat())


def held(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("prep_session")
    assert cookie is not None
    return str(cookie.value)


def test_a_new_county_has_no_account_no_link_and_no_key_that_anybody_could_know(county: Path) -> None:
    app = create_app(Settings(instance=county))
    with Session(engine_of(app)) as session:
        made_by_tests = "-county"
        assert [
            one.login
            for one in session.scalars(select(Account).where(Account.password_hash.is_not(None)))
            if not one.login.endswith(made_by_tests)
        ] == []
        assert session.scalar(select(func.count()).select_from(ApiToken)) == 0
        assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 0
    engine_of(app).dispose()


def test_the_token_changes_whenever_something_is_shown(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.set_cookie("prep_session", "fixed-by-somebody-else")
    tokens = [held(browser)]
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    send(browser, "/kirjaudu", login=LOGIN, password=PASSWORD)
    tokens.append(held(browser))  # at the sign-in
    code_app, _ = enrol(browser)
    tokens.append(held(browser))  # with a second factor it opens more
    later(monkeypatch, minutes=20)
    send(browser, "/oma/vahvista", secret=PASSWORD)
    tokens.append(held(browser))  # after a proof it may do more
    send(browser, "/oma/salasana", old=PASSWORD, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    tokens.append(held(browser))  # with another password
    later(monkeypatch, minutes=1)
    other = app.test_client()
    send(other, "/kirjaudu", login=LOGIN, password=OTHER_PASSWORD)
    send(other, "/kirjaudu/koodi", code=code_app.at(clock.now()))
    tokens.append(held(other))  # and at every further sign-in
    assert len(set(tokens)) == 6
    # None of the old ones opens anything.
    for old in tokens[:-2]:
        thief = app.test_client()
        thief.set_cookie("prep_session", old)
        assert thief.get("/oma").status_code == 303
    with Session(engine_of(app)) as session:
        kept = set(session.scalars(select(LoginSession.token_hash)))
    assert {digest(tokens[-1]), digest(tokens[-2])} <= kept
    assert not kept & set(tokens)


def test_rights_are_not_in_the_token_but_asked_for_at_every_request(app: Flask, browser: FlaskClient) -> None:
    with_everything(app, browser)
    assert browser.get("/hallinta/tilit").status_code == 404
    with write_session(engine_of(app), actor="test") as session:
        account = accounts.find(session, LOGIN)
        grant = accounts.give(session, account, AccountRole.ADMINISTRATOR, starts=clock.today())
    assert browser.get("/hallinta/tilit").status_code == 200
    with write_session(engine_of(app), actor="test") as session:
        found = session.merge(grant)
        accounts.take_back(session, found, last_day=clock.today() - timedelta(days=1))
    assert browser.get("/hallinta/tilit").status_code == 404


def test_a_recovery_code_signs_in_once_in_place_of_the_app(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    send(browser, "/kirjaudu", login=LOGIN, password=PASSWORD)
    _, done = enrol(browser)
    codes = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", done.text)
    for number, status in ((0, 303), (0, 422), (1, 303)):
        other = app.test_client()
        send(other, "/kirjaudu", login=LOGIN, password=PASSWORD)
        assert send(other, "/kirjaudu/koodi", code=codes[number].lower()).status_code == status
    assert ">8</dd>" in browser.get("/oma").text
    renewed = send(browser, "/oma", "/oma/varakoodit")
    assert codes[2] not in renewed.text
    other = app.test_client()
    send(other, "/kirjaudu", login=LOGIN, password=PASSWORD)
    assert send(other, "/kirjaudu/koodi", code=codes[2]).status_code == 422


def test_where_one_is_signed_in_is_listed_and_ended_one_by_one(app: Flask, browser: FlaskClient) -> None:
    code_app = with_everything(app, browser)
    other = app.test_client()
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0) Version/26.0 Safari/604.1"}
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', other.get("/kirjaudu").text))
    other.post("/kirjaudu", data={**hidden, "login": LOGIN, "password": PASSWORD}, headers=phone)
    other.post("/kirjaudu/koodi", data={**hidden, "code": code_app.at(clock.now())}, headers=phone)
    assert other.get("/").status_code == 200
    page = browser.get("/oma?lang=en").text
    assert "Safari, iPhone" in page
    ends = re.findall(r'action="(/oma/istunnot/\d+/lopeta)"', page)
    assert len(ends) == 1, "not the one that one looks from"
    assert send(browser, "/oma", ends[0]).headers["Location"] == "/oma?tehty=ended"
    assert other.get("/").status_code == 303
    assert browser.get("/").status_code == 200
    assert "Safari, iPhone" not in browser.get("/oma").text


def test_a_sign_in_ends_after_twelve_hours_however_busy(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_everything(app, browser)
    for _ in range(24):
        later(monkeypatch, minutes=29, seconds=59)
        assert browser.get("/oma").status_code == 200
    later(monkeypatch, seconds=25)
    assert browser.get("/oma").headers["Location"].endswith("tehty=over")


def test_attempts_are_counted_over_programs_and_restarts(app: Flask, tmp_path: Path) -> None:
    send(app.test_client(), invitation(app), password=PASSWORD, again=PASSWORD)
    statuses = []
    for number in range(11):
        # Each attempt meets a program that has just been started on the same database.
        program = create_app(Settings(instance=tmp_path))
        answer = send(program.test_client(), "/kirjaudu", login=LOGIN, password=f"väärä salasana {number}")
        statuses.append(answer.status_code)
        engine_of(program).dispose()
    assert statuses == [422] * 9 + [429, 429]
    assert send(app.test_client(), "/kirjaudu", login=LOGIN, password=PASSWORD).status_code == 429


def test_an_unknown_name_and_a_wrong_password_cost_the_same_work(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    hashes: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        hashes.append(stored[:30])
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    statements: list[str] = []

    def asked(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine_of(app), "before_cursor_execute", asked)
    work = {}
    for login in (LOGIN, "kuka@kunta.example", "ei nimi", "x" * 500):
        stranger = app.test_client()
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', stranger.get("/kirjaudu").text))
        hashes.clear()
        statements.clear()
        stranger.post("/kirjaudu", data={**form, "login": login, "password": "väärä salasana tähän"})
        work[login] = (list(hashes), len(statements))
    # One hash of 19 MiB each, which takes nearly all of the time.
    assert {tuple(done) for done, _ in work.values()} == {("$argon2id$v=19$m=19456,t=2,p=1",)}
    # Besides, the lock and the line in the trail of an account that exists: some thousandths of a second at most.
    counts = [number for _, number in work.values()]
    assert max(counts) - min(counts) <= 4


def test_signing_out_tells_the_browser_to_forget(app: Flask, browser: FlaskClient) -> None:
    with_everything(app, browser)
    left = send(browser, "/oma", "/kirjaudu/ulos")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get("/oma").headers["Cache-Control"] == "no-store"


def test_a_forgotten_password_is_reset_by_a_link_from_an_administrator(
    app: Flask, browser: FlaskClient
) -> None:
    code_app = with_everything(app, browser)
    admin = sign_in(app, AccountRole.ADMINISTRATOR)
    with Session(engine_of(app)) as session:
        number = accounts.find(session, LOGIN).id
    made = send(admin, f"/hallinta/tilit/{number}", f"/hallinta/tilit/{number}/linkki")
    path = re.findall(r"http://localhost(/link/[\w-]{43})", made.text)[0]
    # Until it is used nothing has changed; the administrator does not learn the new password.
    assert browser.get("/").status_code == 200
    owner = app.test_client()
    assert send(owner, path, password=OTHER_PASSWORD, again=OTHER_PASSWORD).status_code == 303
    assert browser.get("/").status_code == 303
    assert owner.get(path).status_code == 404
    assert send(owner, "/kirjaudu", login=LOGIN, password=PASSWORD).status_code == 422
    # The second factor stays: whoever got hold of the link still needs it.
    step = send(owner, "/kirjaudu", login=LOGIN, password=OTHER_PASSWORD)
    assert step.headers["Location"] == "/kirjaudu/koodi"
    assert send(owner, "/kirjaudu/koodi", code=code_app.at(clock.now())).status_code == 303


def test_lost_factors_are_dropped_by_an_administrator_and_set_up_anew(
    app: Flask, browser: FlaskClient
) -> None:
    with_everything(app, browser)
    admin = sign_in(app, AccountRole.ADMINISTRATOR)
    with Session(engine_of(app)) as session:
        number = accounts.find(session, LOGIN).id
    where = f"/hallinta/tilit/{number}"
    made = send(admin, where, f"{where}/linkki", tekijat="1")
    path = re.findall(r"http://localhost(/link/[\w-]{43})", made.text)[0]
    assert browser.get("/").status_code == 303
    owner = app.test_client()
    send(owner, path, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    send(owner, "/kirjaudu", login=LOGIN, password=OTHER_PASSWORD)
    assert owner.get("/").headers["Location"] == "/oma/vaihe2"
    app_of_new, done = enrol(owner)
    assert isinstance(app_of_new, pyotp.TOTP)
    assert len(re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", done.text)) == 10
