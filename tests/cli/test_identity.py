import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from prep.auth import accounts
from prep.cli import prep
from prep.cli.output import settings
from prep.db import write_session
from prep.errors import NotFound, Refused

ISSUER = "https://login.kunta.example/realms/kunta"


@pytest.fixture
def installation(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    for name, value in {
        "PREP_DATABASE_URL": database_url,
        "PREP_INSTANCE": str(tmp_path),
        "PREP_LANGUAGE": "en",
        "PREP_PUBLIC_ADDRESS": "https://prep.kunta.example",
        "PREP_OIDC_ISSUER": ISSUER,
        "PREP_OIDC_CLIENT_ID": "prep",
        "PREP_OIDC_CLIENT_SECRET": "hyvin salainen",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    with write_session(engine, actor="test") as session:
        accounts.add(session, "aino", "Aino Esimerkki")
        accounts.add(session, "eero", "Eero Exempel")
    yield engine
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["identity", *words])


def test_an_identity_is_bound_listed_and_unbound(installation: Engine) -> None:
    bound = run("bind", " AINO ", "a1")
    assert bound.exit_code == 0, bound.output
    assert "a1 signs in to the account aino from now on." in bound.stderr
    assert json.loads(run("list", "--json").stdout) == [
        {
            "login": "aino",
            "issuer": ISSUER,
            "subject": "a1",
            "name": "",
            "created_at": "2026-11-22T08:46:00+00:00",
            "last_used_at": None,
        }
    ]
    assert "not yet" in run("list").stdout
    listed = CliRunner().invoke(prep, ["user", "list", "--json"])
    assert [one["has_identity"] for one in json.loads(listed.stdout)] == [True, False]
    assert "organisation’s account" in CliRunner().invoke(prep, ["user", "list"]).stdout
    gone = run("unbind", "a1")
    assert "a1 signs in to the account aino no more." in gone.stderr
    assert json.loads(run("list", "--json").stdout) == []
    with installation.connect() as connection:
        actors = connection.execute(
            text("SELECT actor FROM audit_entry WHERE table_name = 'identity' ORDER BY seq")
        ).scalars()
        assert list(actors) == ["command: identity bind", "command: identity unbind"]


def test_what_is_bound_already_and_what_is_nobody_s_is_refused(installation: Engine) -> None:
    assert run("bind", "aino", "a1").exit_code == 0
    assert isinstance(run("bind", "eero", "a1").exception, Refused)
    assert isinstance(run("bind", "outi", "b2").exception, NotFound)
    assert isinstance(run("unbind", "b2").exception, NotFound)
    # At another service the same subject is somebody else.
    assert run("bind", "eero", "a1", "--issuer", "https://other.example").exit_code == 0


def test_without_a_service_one_has_to_be_named(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"PREP_OIDC_{name}")
    settings.cache_clear()
    refused = run("bind", "aino", "a1")
    assert isinstance(refused.exception, Refused)
    assert str(refused.exception) == (
        "The issuer: No sign-in service of the organisation is set. "
        "Set oidc_issuer, or name the service with --issuer."
    )
