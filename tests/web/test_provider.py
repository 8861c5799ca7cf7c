"""Signing in by way of the organisation's service: the whole way there and back, against one on this machine."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep import clock
from prep.addresses import ServiceUrl, WebAddress
from prep.auth import accounts, identities
from prep.config import Settings
from prep.db import write_session
from prep.models import AuditEntry, Ceremony, Identity, LoginAttempt, LoginSession
from prep.terms import AccountRole, SignInMethod
from prep.web import create_app
from prep.web.database import engine_of
from tests.auth.mock_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    OTHER_KEY,
    SUBJECT,
    Organisation,
    running,
)
from tests.web.people import LOGIN, token
from tests.web.test_signing_in import PASSWORD, invitation

HERE = "http://localhost:8351"
BACK = "/kirjaudu/organisaatio/paluu"
HIDDEN_FIELD = r'<input type="hidden" name="(\w+)" value="([^"]*)"'

Make = Callable[..., Flask]


@pytest.fixture
def organisation() -> Iterator[Organisation]:
    with running() as one:
        yield one


@pytest.fixture
def make(tmp_path: Path, county: Path, organisation: Organisation) -> Iterator[Make]:
    """An application that knows the organisation's service, over the county with an invited account."""
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    made: list[Flask] = []

    def application(**more: Any) -> Flask:
        app = create_app(
            Settings(
                instance=tmp_path,
                public_address=WebAddress.read(HERE),
                oidc_issuer=ServiceUrl.read(organisation.issuer),
                oidc_client_id=CLIENT_ID,
                oidc_client_secret=CLIENT_SECRET,
                **more,
            )
        )
        made.append(app)
        with write_session(engine_of(app), actor="test") as session:
            account = accounts.add(session, LOGIN, "Aino Exempel")
            accounts.give(session, account, AccountRole.COUNTY_PLANNER, starts=clock.today())
        return app

    yield application
    for app in made:
        engine_of(app).dispose()


@pytest.fixture
def app(make: Make) -> Flask:
    """Where the service is trusted with the second factor."""
    return make(oidc_amr=("mfa",))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def bound(app: Flask, organisation: Organisation, login: str = LOGIN) -> None:
    with write_session(engine_of(app), actor="test") as session:
        account = accounts.find(session, login)
        identities.bind(session, account, issuer=organisation.issuer, subject=SUBJECT)


def send(browser: FlaskClient, form: str, action: str | None = None, **fields: str) -> TestResponse:
    hidden = dict(re.findall(HIDDEN_FIELD, browser.get(form, base_url=HERE).text))
    return browser.post(action or form, data={**hidden, **fields}, base_url=HERE)


def there(answer: TestResponse) -> str:
    """Where the page leads to."""
    assert answer.status_code == 200, answer.text
    return unescape(re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)[0])


def back(address: str) -> str:
    """Sign in there, and give the path with which the browser comes back."""
    sent = requests.get(address, allow_redirects=False, timeout=10).headers["Location"]
    assert sent.startswith(f"{HERE}{BACK}?")
    return sent.removeprefix(HERE)


def come(browser: FlaskClient, path: str) -> TestResponse:
    return browser.get(path, base_url=HERE)


def signed_in(browser: FlaskClient, form: str = "/kirjaudu") -> TestResponse:
    return come(browser, back(there(send(browser, form, "/kirjaudu/organisaatio"))))


def signed_in_with_password(app: Flask, browser: FlaskClient) -> None:
    """The invited account with a password and an app, signed in."""
    send(browser, invitation(app), password=PASSWORD, again=PASSWORD)
    send(browser, "/kirjaudu", login=LOGIN, password=PASSWORD)
    begun = send(browser, "/oma/vaihe2", "/oma/vaihe2/alku")
    hidden = dict(re.findall(HIDDEN_FIELD, begun.text))
    code = pyotp.TOTP(hidden["secret"]).at(clock.now() - timedelta(seconds=30))
    assert browser.post("/oma/vaihe2", data={**hidden, "code": code}, base_url=HERE).status_code == 200


def methods(app: Flask) -> list[SignInMethod]:
    with Session(engine_of(app)) as session:
        return list(
            session.scalars(
                select(LoginSession.method).where(LoginSession.ended_at.is_(None)).order_by(LoginSession.id)
            )
        )


def refusals(app: Flask) -> list[str]:
    with Session(engine_of(app)) as session:
        found = session.scalars(select(AuditEntry.values).where(AuditEntry.action == "refused"))
        return [json.loads(one or "{}")["why"] for one in found]


def count(app: Flask, table: type) -> int:
    with Session(engine_of(app)) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_there_and_back_to_the_page_that_was_asked_for(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    organisation.claims = {"amr": ["pwd", "mfa"]}
    asked = come(browser, "/kunnat/272?x=1").headers["Location"]
    done = signed_in(browser, asked)
    assert (done.status_code, done.headers["Location"]) == (303, "/kunnat/272?x=1")
    assert come(browser, "/kunnat/272").status_code == 200
    assert methods(app) == [SignInMethod.PROVIDER]
    assert browser.get_cookie("prep_provider") is None
    assert count(app, Ceremony) == 0


def test_the_way_there_is_a_page_and_not_the_answer_to_the_form(browser: FlaskClient) -> None:
    # Browsers hold to form-action along redirects, and the service is another host.
    answer = send(browser, "/kirjaudu?lang=en", "/kirjaudu/organisaatio")
    assert answer.status_code == 200
    assert "You sign in there and come back here by yourself." in answer.text
    asked = parse_qs(urlsplit(there(answer)).query)
    assert asked["redirect_uri"] == [f"{HERE}{BACK}"]
    assert asked["ui_locales"] == ["en"]
    assert asked["code_challenge_method"] == ["S256"]
    line = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("prep_provider="))
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=300"} <= set(line.split("; "))
    # What is in the cookie stands in no address.
    assert line.partition("=")[2].partition(";")[0] not in there(answer)


def test_without_its_second_factor_our_own_is_asked_for(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    signed_in_with_password(app, browser)
    bound(app, organisation)
    other = app.test_client()
    organisation.claims = {"amr": ["pwd"]}
    step = signed_in(other, "/kirjaudu?seuraava=/kunnat")
    assert step.headers["Location"] == "/kirjaudu/koodi?seuraava=/kunnat"
    assert come(other, "/").status_code == 303
    assert 'name="code"' in come(other, step.headers["Location"]).text


def test_an_account_without_a_second_factor_anywhere_sets_one_up_first(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    signed_in(browser)
    assert methods(app) == [SignInMethod.PROVIDER_ALONE]
    assert come(browser, "/kunnat").headers["Location"] == "/oma/vaihe2"


def test_where_nothing_is_trusted_the_service_s_own_word_of_a_second_factor_counts_for_nothing(
    make: Make, organisation: Organisation
) -> None:
    app = make()
    bound(app, organisation)
    organisation.claims = {"amr": ["mfa"], "acr": "high"}
    browser = app.test_client()
    signed_in(browser)
    assert methods(app) == [SignInMethod.PROVIDER_ALONE]


def test_nobody_is_found_by_an_e_mail_address(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    organisation.claims = {
        "amr": ["mfa"],
        "email": LOGIN,
        "email_verified": True,
        "preferred_username": LOGIN,
    }
    come(browser, "/kirjaudu?lang=en")
    refused = signed_in(browser)
    assert refused.status_code == 422
    assert f"give the administrator of accounts this subject: {SUBJECT}" in refused.text
    assert methods(app) == []
    # What the service says of somebody is not written down before it is bound.
    assert count(app, Identity) == 0


def test_a_closed_account_and_one_without_a_role_are_as_with_a_password(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    organisation.claims = {"amr": ["mfa"]}
    with write_session(engine_of(app), actor="test") as session:
        for grant in list(accounts.find(session, LOGIN).grants):
            accounts.take_back(session, grant, last_day=clock.today() - timedelta(days=1))
    signed_in(browser)
    assert come(browser, "/kunnat").status_code == 404
    with write_session(engine_of(app), actor="test") as session:
        accounts.disable(session, accounts.find(session, LOGIN))
    assert come(browser, "/oma").status_code == 303
    assert signed_in(app.test_client()).status_code == 422


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "another"}, "identity: aud"),
        ({"nonce": "of another sign-in"}, "identity: nonce"),
        ({"iss": "https://evil.example"}, "identity: iss"),
        ({"exp": 1}, "identity: exp"),
        (None, "identity: bad_signature"),
    ],
    ids=["audience", "nonce", "issuer", "expired", "forged signature"],
)
def test_a_token_that_is_not_believed_signs_nobody_in(
    app: Flask, browser: FlaskClient, organisation: Organisation, claims: dict[str, Any] | None, why: str
) -> None:
    bound(app, organisation)
    organisation.claims = claims or {}
    if claims is None:
        organisation.sign_with = OTHER_KEY
    come(browser, "/kirjaudu?lang=en")
    refused = signed_in(browser)
    assert refused.status_code == 422
    assert "gave no answer that can be believed, or the sign-in was broken off there" in refused.text
    assert why not in refused.text
    assert refusals(app) == [why]
    assert (methods(app), count(app, LoginAttempt)) == ([], 1)
    # Name and password are on the same page.
    assert 'name="login"' in refused.text


def test_an_answer_with_another_state_is_refused_and_breaks_nothing_off(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    organisation.claims = {"amr": ["mfa"]}
    path = back(there(send(browser, "/kirjaudu", "/kirjaudu/organisaatio")))
    for forged in (re.sub(r"state=\w+", "state=x", path), re.sub(r"&state=\w+", "", path), BACK):
        assert come(browser, forged).status_code == 422
    assert organisation.asked.count("/token") == 0
    assert come(browser, path).headers["Location"] == "/alkuun"


def test_an_answer_is_good_once_and_in_its_own_browser(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    organisation.claims = {"amr": ["mfa"]}
    begun = send(browser, "/kirjaudu", "/kirjaudu/organisaatio")
    held = browser.get_cookie("prep_provider")
    assert held is not None
    path = back(there(begun))
    # A link with somebody else's answer, opened in a browser that has not begun: nobody is signed in by it.
    victim = app.test_client()
    assert come(victim, path).status_code == 422
    assert come(victim, "/oma").status_code == 303
    send(victim, "/kirjaudu", "/kirjaudu/organisaatio")
    assert come(victim, path).status_code == 422
    assert come(browser, path).status_code == 303
    thief = app.test_client()
    thief.set_cookie("prep_provider", held.value)
    assert come(thief, path).status_code == 422
    assert len(methods(app)) == 1


def test_an_answer_that_comes_too_late_is_refused(
    app: Flask, browser: FlaskClient, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound(app, organisation)
    path = back(there(send(browser, "/kirjaudu", "/kirjaudu/organisaatio")))
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=5)).isoformat())
    assert come(browser, path).status_code == 422
    assert organisation.asked.count("/token") == 0


def test_who_turns_back_there_may_begin_again(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    state = parse_qs(urlsplit(there(send(browser, "/kirjaudu", "/kirjaudu/organisaatio"))).query)["state"][0]
    refused = come(browser, f"{BACK}?error=access_denied&state={state}&iss={organisation.issuer}")
    assert refused.status_code == 422
    assert refusals(app) == ["refused there"]
    bound(app, organisation)
    assert signed_in(browser).status_code == 303


def test_the_next_page_cannot_lead_elsewhere(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    organisation.claims = {"amr": ["mfa"]}
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b"):
        begun = send(app.test_client(), "/kirjaudu", "/kirjaudu/organisaatio", seuraava=target)
        assert "evil" not in str(begun.headers)
    # Not by the cookie either.
    begun = send(browser, "/kirjaudu", "/kirjaudu/organisaatio")
    held = browser.get_cookie("prep_provider")
    assert held is not None
    browser.set_cookie("prep_provider", f"{held.value}//evil.example")
    assert come(browser, back(there(begun))).headers["Location"] == "/alkuun"


def test_too_many_answers_that_are_not_believed_have_to_wait(browser: FlaskClient) -> None:
    come(browser, "/kirjaudu?lang=en")
    statuses = [come(browser, f"{BACK}?state=x&code=y").status_code for _ in range(20)]
    assert statuses == [422] * 19 + [429]
    waits = send(browser, "/kirjaudu", "/kirjaudu/organisaatio")
    assert waits.status_code == 429
    assert "There have been too many failed attempts." in waits.text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys"])
def test_when_the_service_is_down_the_page_says_so_and_passwords_work(
    app: Flask, browser: FlaskClient, organisation: Organisation, path: str
) -> None:
    signed_in_with_password(app, browser)
    organisation.broken[path] = (503, "")
    other = app.test_client()
    come(other, "/kirjaudu?lang=en")
    down = send(other, "/kirjaudu", "/kirjaudu/organisaatio")
    assert down.status_code == 503
    assert "It does not answer, or not as it should. Sign in with name and password" in down.text
    assert send(other, "/kirjaudu", login=LOGIN, password=PASSWORD).headers["Location"] == "/kirjaudu/koodi"
    for form, action, status in (
        ("/oma", "/oma/vahvista/organisaatio", 503),
        ("/oma", "/oma/tunnukset", 422),
    ):
        answer = send(browser, form, action)
        assert answer.status_code == status, action
        assert organisation.issuer in answer.text


def test_when_the_service_fails_on_the_way_back_nobody_is_signed_in(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    path = back(there(send(browser, "/kirjaudu", "/kirjaudu/organisaatio")))
    organisation.broken["/token"] = (500, "")
    assert come(browser, path).status_code == 503
    assert methods(app) == []


def test_signing_out_here_says_that_one_may_still_be_signed_in_there(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    bound(app, organisation)
    organisation.claims = {"amr": ["mfa"]}
    signed_in(browser)
    left = send(browser, "/oma", "/kirjaudu/ulos")
    assert left.headers["Location"] == "/kirjaudu?tehty=out-here"
    page = come(browser, "/kirjaudu?tehty=out-here&lang=en").text
    assert "You have been signed out here. At the organisation’s service you may still be signed in." in page
    assert f'href="{organisation.issuer}/logout?client_id=prep&amp;post_logout_redirect_uri=' in page
    assert methods(app) == []


def test_the_owner_binds_there_what_signs_in_afterwards(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    signed_in_with_password(app, browser)
    before = browser.get_cookie("prep_session")
    done = come(browser, back(there(send(browser, "/oma", "/oma/tunnukset"))))
    assert done.headers["Location"] == "/oma?tehty=identity"
    after = browser.get_cookie("prep_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    page = come(browser, "/oma").text
    assert "aino.exempel" in page
    assert organisation.issuer in page
    organisation.claims = {"amr": ["mfa"]}
    other = app.test_client()
    assert signed_in(other).status_code == 303
    asking = come(browser, "/oma/tunnukset/1/poista")
    assert asking.status_code == 200
    assert send(browser, "/oma/tunnukset/1/poista").headers["Location"] == "/oma?tehty=removed"
    assert come(other, "/").status_code == 303
    assert signed_in(app.test_client()).status_code == 422


def test_binding_asks_for_fresh_proof_and_for_the_same_person(
    app: Flask, browser: FlaskClient, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in_with_password(app, browser)
    path = back(there(send(browser, "/oma", "/oma/tunnukset")))
    # Somebody else has signed in in this browser meanwhile.
    own = browser.get_cookie("prep_session")
    assert own is not None
    browser.set_cookie("prep_session", token(app))
    assert come(browser, path).headers["Location"].startswith("/kirjaudu")
    assert count(app, Identity) == 0
    browser.set_cookie("prep_session", own.value)
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=20)).isoformat())
    assert send(browser, "/oma", "/oma/tunnukset").headers["Location"] == "/oma/vahvista"
    assert come(browser, "/oma/tunnukset/1/poista").headers["Location"].startswith("/oma/vahvista")


def test_what_somebody_else_has_bound_is_not_taken_over(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    signed_in_with_password(app, browser)
    with write_session(engine_of(app), actor="test") as session:
        accounts.add(session, "eero", "Eero Exempel")
    bound(app, organisation, "eero")
    come(browser, "/oma?lang=en")
    refused = come(browser, back(there(send(browser, "/oma", "/oma/tunnukset"))))
    assert refused.status_code == 422
    assert "It is bound to an account already." in refused.text
    for method in ("GET", "POST"):
        hidden = dict(re.findall(HIDDEN_FIELD, come(browser, "/oma").text))
        answer = browser.open("/oma/tunnukset/1/poista", method=method, data=hidden, base_url=HERE)
        assert answer.status_code == 404
    assert count(app, Identity) == 1


def test_signing_in_there_anew_is_proof(
    app: Flask, browser: FlaskClient, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in_with_password(app, browser)
    bound(app, organisation)
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=20)).isoformat())
    asked = come(browser, "/oma/paasyavaimet/uusi").headers["Location"]
    begun = send(browser, asked, "/oma/vahvista/organisaatio")
    assert parse_qs(urlsplit(there(begun)).query)["prompt"] == ["login"]
    assert come(browser, back(there(begun))).headers["Location"] == "/oma/paasyavaimet/uusi"
    assert come(browser, "/oma/paasyavaimet/uusi").status_code == 200


@pytest.mark.parametrize("claims", [{"auth_time": 1_795_330_000}, {"auth_time": None}, {"sub": "another"}])
def test_an_old_sign_in_there_is_no_proof(
    app: Flask,
    browser: FlaskClient,
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    claims: dict[str, Any],
) -> None:
    signed_in_with_password(app, browser)
    bound(app, organisation)
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=20)).isoformat())
    organisation.claims = claims
    come(browser, "/oma/vahvista?lang=en")
    refused = come(browser, back(there(send(browser, "/oma/vahvista", "/oma/vahvista/organisaatio"))))
    assert refused.status_code == 422
    assert "It was somebody else who signed in there, or nobody did so anew." in refused.text
    assert come(browser, "/oma/paasyavaimet/uusi").status_code == 303


def test_an_answer_for_one_purpose_serves_no_other(
    app: Flask, browser: FlaskClient, organisation: Organisation
) -> None:
    signed_in_with_password(app, browser)
    bound(app, organisation)
    organisation.claims = {"amr": ["mfa"]}
    # Begun as a proof by whoever is signed in; in another browser it is not a sign-in.
    begun = send(browser, "/oma", "/oma/vahvista/organisaatio")
    held = browser.get_cookie("prep_provider")
    assert held is not None
    other = app.test_client()
    other.set_cookie("prep_provider", held.value)
    assert come(other, back(there(begun))).headers["Location"].startswith("/kirjaudu")
    assert SignInMethod.PROVIDER not in methods(app)


# Administration.


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("prep_session", token(app, AccountRole.ADMINISTRATOR))
    return client


def test_an_administrator_binds_and_unbinds(
    app: Flask, admin: FlaskClient, organisation: Organisation
) -> None:
    with Session(engine_of(app)) as session:
        number = accounts.find(session, LOGIN).id
    where = f"/hallinta/tilit/{number}/tunnukset"
    assert where in come(admin, f"/hallinta/tilit/{number}").text
    for wrong in ("", "x" * 256):
        assert send(admin, where, subject=wrong).status_code == 422
    assert send(admin, where, subject=f" {SUBJECT} ").headers["Location"] == f"{where}?tehty=bound"
    again = send(admin, f"{where}?lang=en", subject=SUBJECT)
    assert again.status_code == 422
    assert "It is bound to an account already." in again.text
    assert f'value="{SUBJECT}"' in again.text
    organisation.claims = {"amr": ["mfa"]}
    owner = app.test_client()
    signed_in(owner)
    assert come(owner, "/").status_code == 200
    assert "aino.exempel" in come(admin, where).text
    assert send(admin, where, f"{where}/99/poista").status_code == 404
    assert send(admin, where, f"{where}/1/poista").headers["Location"] == f"{where}?tehty=unbound"
    assert come(owner, "/").status_code == 303


def test_only_administrators_bind_others_and_with_fresh_proof(
    app: Flask, browser: FlaskClient, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(engine_of(app)) as session:
        number = accounts.find(session, LOGIN).id
    where = f"/hallinta/tilit/{number}/tunnukset"
    signed_in_with_password(app, browser)
    assert come(browser, where).status_code == 404
    assert send(browser, "/oma", where, subject="x").status_code == 404
    assert come(admin, "/hallinta/tilit/99999/tunnukset").status_code == 404
    hidden = dict(re.findall(HIDDEN_FIELD, come(admin, where).text))
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=20)).isoformat())
    assert come(admin, where).headers["Location"].startswith("/oma/vahvista")
    late = admin.post(where, data={**hidden, "subject": "x"}, base_url=HERE)
    assert late.headers["Location"].startswith("/oma/vahvista")
    assert count(app, Identity) == 0


def test_the_button_says_what_the_setting_says_at_the_address_where_it_works(make: Make) -> None:
    app = make(oidc_label="Kunnan <tunnus>")
    browser = app.test_client()
    assert "Kunnan &lt;tunnus&gt;" in come(browser, "/kirjaudu").text
    elsewhere = browser.get("/kirjaudu?lang=en", base_url="http://127.0.0.1:8351").text
    assert "Kunnan" not in elsewhere
    assert f'href="{HERE}/kirjaudu"' in elsewhere


def test_without_a_service_nothing_is_offered_and_nothing_is_there(tmp_path: Path, county: Path) -> None:
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(Settings(instance=tmp_path))
    browser = app.test_client()
    page = browser.get("/kirjaudu?lang=en").text
    assert "organisation" not in page
    hidden = dict(re.findall(HIDDEN_FIELD, page))
    assert browser.post("/kirjaudu/organisaatio", data=hidden).status_code == 404
    assert browser.get(f"{BACK}?state=x").status_code == 404
    admin = app.test_client()
    admin.set_cookie("prep_session", token(app, AccountRole.ADMINISTRATOR))
    assert admin.get("/hallinta/tilit/1/tunnukset").status_code == 404
    engine_of(app).dispose()
