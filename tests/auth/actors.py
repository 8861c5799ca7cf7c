"""The shared actors: Aino, who may edit Kokkola; Eero, who may read; Outi, who may see nothing."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from prep import clock
from prep.auth import accounts, passwords, sessions, totp
from prep.auth.callers import Caller
from prep.auth.secret_key import SecretKey, load_key
from prep.auth.sessions import SignedIn
from prep.db import write_session
from prep.models import Account, County, Municipality
from prep.regions.packs import load_pack
from prep.terms import AccountRole, SignInMethod

PASSWORD = "vihreä tuoli laulaa hiljaa"
OTHER_PASSWORD = "seitsemän sammakkoa lennossa"
OFFICE = Caller("192.0.2.7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
ELSEWHERE = Caller("198.51.100.9", "")
DAY = date(2026, 11, 22)
KOKKOLA, PERHO, HALSUA = "272", "584", "074"


def furnish(engine: Engine) -> None:
    """A county with three municipalities and the three actors, all with the same password."""
    with write_session(engine, actor="test") as session:
        pack = json.loads(load_pack("keski-pohjanmaa").model_dump_json())
        county = County(key="kp", name_fi="Keski", name_sv="Mellersta", name_en="Central", pack=pack)
        for code, fi, sv in (
            (KOKKOLA, "Kokkola", "Karleby"),
            (PERHO, "Perho", "Perho"),
            (HALSUA, "Halsua", "Halsua"),
        ):
            county.municipalities.append(Municipality(code=code, name_fi=fi, name_sv=sv))
        session.add(county)
        for login, name in (
            ("aino", "Aino Esimerkki"),
            ("eero", "Eero Exempel"),
            ("outi", "Outi Esimerkki"),
        ):
            account = accounts.add(session, login, name)
            account.password_hash = _password_hash()
        accounts.give(
            session, of(session, "aino"), AccountRole.MUNICIPAL_CONTACT, starts=DAY, municipality=KOKKOLA
        )
        accounts.give(session, of(session, "eero"), AccountRole.VIEWER, starts=DAY)


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


def of(session: Session, login: str) -> Account:
    return accounts.find(session, login)


def entered(session: Session, login: str, *, method: SignInMethod = SignInMethod.TOTP) -> str:
    """The token of an account that has been signed in."""
    return sessions.enter(session, of(session, login), method=method, caller=OFFICE).token


def signed_in(session: Session, login: str, *, method: SignInMethod = SignInMethod.TOTP) -> SignedIn:
    return sessions.session_of(session, entered(session, login, method=method))


def with_app(session: Session, login: str, key: SecretKey) -> pyotp.TOTP:
    """Set an authenticator app up; its next code is that of half a minute later."""
    who = signed_in(session, login, method=SignInMethod.PASSWORD)
    app = pyotp.TOTP(totp.enrol(session, who, key=key).secret)
    totp.confirm(session, who, app.at(clock.now() - timedelta(seconds=30)), key=key)
    return app


def key_in(folder: Path) -> SecretKey:
    return load_key(folder / "secret.key")


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    """Let time go by."""
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(**time)).isoformat())


def wait_until_blocked(engine: Engine) -> None:
    """Wait until another transaction waits for this one. In SQLite it has not even begun."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        while not connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        ).scalar():
            connection.rollback()
