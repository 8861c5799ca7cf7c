"""Liveness does not need the database, readiness does, and neither tells a stranger why."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from prep.config import Settings
from prep.web import create_app
from prep.web.database import engine_of


def test_liveness_asks_no_database(app: Flask, stranger: FlaskClient) -> None:
    asked: list[str] = []
    event.listen(engine_of(app), "before_cursor_execute", lambda *given: asked.append(given[2]))
    answer = stranger.get("/livez")
    assert (answer.status_code, answer.json, asked) == (200, {"status": "ok"}, [])


def test_a_county_with_its_schema_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_schema_is_not_ready_and_no_reason_is_given(
    changed: Callable[[Callable[..., None]], FlaskClient],
) -> None:
    def make(session: Session) -> None:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    client = changed(make)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "degraded"})
    assert client.get("/livez").status_code == 200


def test_a_database_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    app = create_app(Settings(instance=tmp_path, database_url="postgresql://prep@127.0.0.1:1/prep"))
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/livez").status_code == 200
    engine_of(app).dispose()


def test_a_full_disk_and_a_damaged_file_are_not_ready_and_stay_alive(
    tmp_path: Path, county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(Settings(instance=tmp_path))
    pages = app.test_client()

    def answers() -> tuple[int, int, int]:
        # The third: a page that needs no database.
        return tuple(pages.get(where).status_code for where in ("/readyz", "/livez", "/saavutettavuus"))  # type: ignore[return-value]

    assert answers() == (200, 200, 200)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=99 * 1024**2))
        assert answers() == (503, 200, 200)
    assert answers() == (200, 200, 200)
    engine_of(app).dispose()
    (tmp_path / "prep.db").write_bytes(b"no database" * 1000)
    assert answers() == (503, 200, 200)
    assert pages.get("/readyz").json == {"status": "degraded"}
    # And it is ready again, without a new start, when the file is back.
    engine_of(app).dispose()
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    assert answers() == (200, 200, 200)
    engine_of(app).dispose()
