"""Accounts on the pages, signed in without the form: the form has its own tests."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from prep import clock
from prep.auth import accounts, sessions
from prep.auth.callers import Caller
from prep.db import write_session
from prep.models import Account
from prep.terms import AccountRole, SignInMethod
from prep.web.database import engine_of

# Somebody who has only been invited, see the fixture of that name.
LOGIN = "aino@kunta.example"
CALLER = Caller("127.0.0.1", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")


def account_of(
    session: Session, login: str, role: AccountRole | None, municipality: str | None = None
) -> Account:
    """The account of a name, made with its role when it is first asked for."""
    found = accounts.find_or_none(session, login)
    if found is not None:
        return found
    made = accounts.add(session, login, "Taina Testi-Esimerkki")
    if role is not None:
        day = clock.today() - timedelta(days=30)
        accounts.give(session, made, role, starts=day, municipality=municipality)
    return made


def token(
    app: Flask,
    role: AccountRole | None = AccountRole.COUNTY_PLANNER,
    municipality: str | None = None,
    *,
    method: SignInMethod = SignInMethod.TOTP,
) -> str:
    """A token of somebody in this role who has just signed in."""
    login = f"{role}-{municipality or 'county'}"
    with write_session(engine_of(app), actor="test") as session:
        account = account_of(session, login, role, municipality)
        return sessions.enter(session, account, method=method, caller=CALLER).token


def sign_in(
    app: Flask,
    role: AccountRole | None = AccountRole.COUNTY_PLANNER,
    municipality: str | None = None,
    *,
    method: SignInMethod = SignInMethod.TOTP,
) -> FlaskClient:
    """A browser in which somebody in this role is signed in."""
    client = app.test_client()
    client.set_cookie("prep_session", token(app, role, municipality, method=method))
    return client
