"""An administrator sees who is signed in where and ends it; it bites at the next request."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from prep import clock
from prep.db import write_session
from prep.models import AuditEntry, LoginSession
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_administration import number_of
from tests.web.test_signing_in import send

WHERE = "/hallinta/kirjautumiset"


@pytest.fixture
def app(apart: Flask) -> Flask:
    """A county of its own, in which nobody is signed in."""
    with write_session(engine_of(apart), actor="test") as session:
        session.execute(delete(LoginSession))
    return apart


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, AccountRole.ADMINISTRATOR)


def endings(client: FlaskClient) -> list[str]:
    return re.findall(rf'action="({WHERE}/\d+/lopeta)"', client.get(WHERE).text)


def last_entry(app: Flask) -> AuditEntry:
    with Session(engine_of(app)) as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert found is not None
        return found


def test_every_sign_in_is_listed_with_its_device_and_the_own_one_cannot_be_ended(
    app: Flask, admin: FlaskClient
) -> None:
    sign_in(app)
    sign_in(app, AccountRole.VIEWER, "272")
    text = admin.get(f"{WHERE}?lang=en").text
    for login in ("administrator-county", "county_planner-county", "viewer-272"):
        assert login in text
    assert "Firefox, Linux" in text
    assert "127.0.0.1" in text
    assert "this one" in text
    assert len(endings(admin)) == 2


def test_what_is_ended_is_out_at_the_next_request_and_stands_in_the_trail(
    app: Flask, admin: FlaskClient
) -> None:
    planner = sign_in(app)
    viewer = sign_in(app, AccountRole.VIEWER, "272")
    assert planner.get("/").status_code == 200
    # The latest is first: the viewer's.
    (first, _) = endings(admin)
    assert send(admin, WHERE, first).headers["Location"] == f"{WHERE}?tehty=ended"
    assert viewer.get("/").status_code == 303
    assert planner.get("/").status_code == 200
    entry = last_entry(app)
    assert (entry.action, entry.actor) == ("sign_out", "account: administrator-county")
    assert "ended by an administrator" in (entry.values or "")
    assert len(endings(admin)) == 1
    assert send(admin, WHERE, first).status_code == 404, "what has ended is not there any more"


def test_an_account_is_signed_out_everywhere_and_may_sign_in_again(app: Flask, admin: FlaskClient) -> None:
    first, second = sign_in(app), sign_in(app)
    where = f"/hallinta/tilit/{number_of(app, 'county_planner-county')}"
    assert "places: 2" in admin.get(f"{where}?lang=en").text
    assert send(admin, where, f"{where}/kirjaa-ulos").headers["Location"] == f"{where}?tehty=signed-out"
    assert [one.get("/").status_code for one in (first, second)] == [303, 303]
    assert '"sessions": 2' in (last_entry(app).values or "")
    assert sign_in(app).get("/").status_code == 200
    assert send(admin, where, "/hallinta/tilit/999999/kirjaa-ulos").status_code == 404


def test_administrators_who_sign_themselves_out_everywhere_stay_here(app: Flask, admin: FlaskClient) -> None:
    other = sign_in(app, AccountRole.ADMINISTRATOR)
    where = f"/hallinta/tilit/{number_of(app, 'administrator-county')}"
    assert send(admin, where, f"{where}/kirjaa-ulos").status_code == 303
    assert (admin.get("/hallinta").status_code, other.get("/hallinta").status_code) == (200, 303)


def test_the_password_is_asked_for_again_after_a_quarter_of_an_hour(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner = sign_in(app)
    (ending,) = endings(admin)
    where = f"/hallinta/tilit/{number_of(app, 'county_planner-county')}"
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=16)).isoformat())
    for page, action in ((WHERE, ending), (where, f"{where}/kirjaa-ulos")):
        assert send(admin, page, action).headers["Location"].startswith("/oma/vahvista")
    assert planner.get("/").status_code == 200
