"""The administration: how the installation stands, its settings without secrets, backups that stay on the server."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import backup, clock
from prep.auth.secret_key import load_key
from prep.config import Settings
from prep.models import AuditEntry
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_pages import Elements
from tests.web.test_signing_in import send

PARTS = [
    "/hallinta",
    "/hallinta/tilit",
    "/hallinta/kirjautumiset",
    "/hallinta/avaimet",
    "/hallinta/asetukset",
    "/hallinta/tila",
    "/hallinta/varmuuskopiot",
    "/hallinta/muutosloki",
]


@pytest.fixture
def made(tmp_path: Path, county: Path) -> Iterator[Callable[..., Flask]]:
    """Makes the pages of a county of its own, with settings of one's own."""
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    apps: list[Flask] = []

    def make(**settings: object) -> Flask:
        apps.append(create_app(replace(Settings(instance=tmp_path), **settings)))  # type: ignore[arg-type]
        return apps[-1]

    yield make
    for app in apps:
        engine_of(app).dispose()


@pytest.fixture
def app(made: Callable[..., Flask]) -> Flask:
    return made()


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, AccountRole.ADMINISTRATOR)


def test_the_first_page_of_an_administrator_says_how_the_installation_stands(
    app: Flask, admin: FlaskClient
) -> None:
    assert admin.get("/").status_code == 404
    assert admin.get("/alkuun").headers["Location"] == "/hallinta"
    text = admin.get("/hallinta?lang=en").text
    # The file of the tests is readable for others: a fault, with what to do.
    assert "Other accounts of this machine can read prep.db" in text
    assert "Run: chmod 600" in text
    assert "None has been made with “prep backup”." in text
    with Session(engine_of(app)) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert f"{last.seq}:{last.hash}" in text


def test_the_parts_are_beside_each_other_and_one_is_marked(admin: FlaskClient) -> None:
    for where in PARTS:
        found = Elements(admin.get(where).text).found
        links = [one for tag, one in found if tag == "a" and one.get("href") in PARTS]
        assert {one["href"] for one in links} == set(PARTS), where
        marked = {one["href"] for one in links if one.get("aria-current")}
        # The area in the bar, and the part.
        assert marked == {"/hallinta", where}, where


def test_a_planner_finds_the_trail_alone_and_none_of_the_rest(app: Flask) -> None:
    planner = sign_in(app)
    assert planner.get("/hallinta/muutosloki").status_code == 200
    text = planner.get("/").text
    assert 'href="/hallinta/muutosloki"' in text
    assert 'href="/hallinta"' not in text
    assert 'class="parts"' not in planner.get("/hallinta/muutosloki").text
    assert [planner.get(one).status_code for one in PARTS[:-1]] == [404] * 7


def test_every_check_stands_on_the_health_page_and_all_of_it_on_demand(
    app: Flask, admin: FlaskClient
) -> None:
    quick = admin.get("/hallinta/tila?lang=en").text
    for name in ("Database", "Schema", "Integrity of the database", "Audit trail", "Backup", "Retention",
                 "Outgoing mail", "File modes", "Disk", "Clock", "Simulator", "Fonts"):  # fmt: skip
        assert f">{name}</th>" in quick
    assert 'href="/hallinta/tila?kaikki=1"' in quick
    assert 'href="/hallinta/tila?kaikki=1"' not in admin.get("/hallinta/tila?kaikki=1").text


def test_mail_is_asked_only_when_everything_is(made: Callable[..., Flask]) -> None:
    from prep.terms import MailTls
    from tests.mail.servers import Sink, mail_server

    sink = Sink()
    with mail_server(sink) as port:
        app = made(
            mail_host="127.0.0.1", mail_port=port, mail_tls=MailTls.NONE, mail_from="prep@alue.example"
        )
        admin = sign_in(app, AccountRole.ADMINISTRATOR)
        assert "takes mail from prep" not in admin.get("/hallinta/tila?lang=en").text
        assert (
            f"The server 127.0.0.1:{port} takes mail from prep." in admin.get("/hallinta/tila?kaikki=1").text
        )
    assert sink.taken == []


def test_settings_are_shown_with_their_origin_and_no_secret(
    made: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prep.toml").write_text('mail_user = "prep"\nmail_password = "hush-hush"\nport = 9000\n')
    monkeypatch.setenv("PREP_FEEDBACK_EMAIL", "palaute@alue.example")
    monkeypatch.setenv("PREP_MAIL_PASSWORD", "hush-again")
    app = made(mail_user="prep", mail_password="hush-hush", feedback_email="palaute@alue.example")  # noqa: S106
    text = sign_in(app, AccountRole.ADMINISTRATOR).get("/hallinta/asetukset?lang=en").text
    assert "hush" not in text
    assert "•••" in text
    rows = {
        re.sub("<[^>]+>", "", row.partition("</code>")[0].rpartition("<code>")[2]): row
        for row in text.split('<tr role="row">')[2:]
    }
    assert "<code>prep.toml</code>" in rows["mail_user"]
    assert "<code>PREP_FEEDBACK_EMAIL</code>" in rows["feedback_email"]
    assert ">default<" in rows["host"]
    # The file says 9000 since: what is in force is still what prep began with.
    assert "8351" in rows["port"]
    assert "it counts after a new start" in rows["port"]
    assert "it counts after a new start" not in rows["mail_user"]
    assert "<code>host = &#34;127.0.0.1&#34;</code>" in rows["host"]
    assert "<code>mail_password = &#34;…&#34;</code>" in rows["mail_password"]


def test_settings_that_were_broken_since_the_start_are_told(
    made: Callable[..., Flask], tmp_path: Path
) -> None:
    app = made()
    (tmp_path / "prep.toml").write_text('mail_password = 5\nlanguages = "fi"\n')
    answer = sign_in(app, AccountRole.ADMINISTRATOR).get("/hallinta/asetukset?lang=en")
    assert answer.status_code == 200
    assert "would not start again" in answer.text
    assert "There is no setting of this name." in answer.text


def test_a_backup_is_made_on_the_page_and_stays_on_the_server(
    app: Flask, admin: FlaskClient, tmp_path: Path
) -> None:
    where = "/hallinta/varmuuskopiot"
    assert "There are no backups here yet." in admin.get(f"{where}?lang=en").text
    assert send(admin, where).headers["Location"] == f"{where}?tehty=backup"
    (path,) = (tmp_path / "backups").glob("*.db")
    manifest = backup.verify(path, key=None, scratch=tmp_path)
    shown = admin.get(where).text
    assert path.name in shown
    assert "They are not encrypted, so they cannot be fetched from here." in shown
    # No address leads to the file.
    assert not [one for tag, one in Elements(shown).found if tag == "a" and path.name in one.get("href", "")]
    for guess in (f"{where}/{path.name}", f"/static/../backups/{path.name}", f"/backups/{path.name}"):
        assert admin.get(guess).status_code == 404
    with Session(engine_of(app)) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.action, last.actor) == ("backup", "account: administrator-county")
        assert json.loads(last.values or "")["sha256"] == manifest.sha256
    assert "The last one was made 22.11.2026 10.46." in admin.get(where).text
    # A second one of the same second is refused in words, and nothing is overwritten.
    again = send(admin, where)
    assert (again.status_code, "A backup of this very second is there already" in again.text) == (422, True)


def test_a_backup_of_the_page_is_encrypted_when_a_key_is_set(
    made: Callable[..., Flask], tmp_path: Path
) -> None:
    key = load_key(tmp_path / "backup.key")
    admin = sign_in(made(backup_key_file=str(key.path)), AccountRole.ADMINISTRATOR)
    assert send(admin, "/hallinta/varmuuskopiot").status_code == 303
    (path,) = (tmp_path / "backups").glob("*.sealed")
    assert backup.verify(path, key=key, scratch=tmp_path).encryption
    assert "They are encrypted." in admin.get("/hallinta/varmuuskopiot?lang=en").text
    key.path.unlink()
    refused = send(admin, "/hallinta/varmuuskopiot")
    assert (refused.status_code, "There is no key file." in refused.text) == (422, True)


def test_a_backup_asks_for_the_password_again_and_for_the_right(
    app: Flask, admin: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_in(app).post("/hallinta/varmuuskopiot").status_code == 404
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(minutes=16)).isoformat())
    assert send(admin, "/hallinta/varmuuskopiot").headers["Location"].startswith("/oma/vahvista")
    assert not (tmp_path / "backups").exists()


def test_with_postgresql_the_page_says_whose_task_backups_are(
    postgres_url: Callable[[], str], made: Callable[..., Flask]
) -> None:
    admin = sign_in(made(database_url=postgres_url()), AccountRole.ADMINISTRATOR)
    text = admin.get("/hallinta/varmuuskopiot?lang=en").text
    assert "PostgreSQL is backed up with pg_dump" in text
    assert "Make a backup now" not in text
    assert admin.get("/hallinta").status_code == 200


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_are_well_formed(admin: FlaskClient, language: str) -> None:
    for where in PARTS:
        found = Elements(admin.get(f"{where}?lang={language}").text)
        assert (found.misnested, found.open) == ([], []), where
        ids = [attributes["id"] for _, attributes in found.found if attributes.get("id")]
        assert len(ids) == len(set(ids)), where
