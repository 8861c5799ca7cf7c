"""Monitoring asks with a key that may see the state of the system, and gets every check with its remedy."""

from pathlib import Path

import pytest
from flask import Flask

from prep.auth.roles import Permission
from prep.config import Settings
from prep.doctor import examine
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.api.programs import Program, program


def test_every_check_of_the_doctor_is_told_with_its_state(api_app: Flask, cast: dict[str, Program]) -> None:
    answer = cast["admin"].get("/health")
    assert answer.status_code == 200
    told = answer.json
    assert told is not None
    settings: Settings = api_app.extensions["prep_settings"]
    expected = examine(settings, is_thorough=False)
    assert [(one["key"], one["state"]) for one in told["checks"]] == [
        (one.key, one.state) for one in expected
    ]
    # The file of the tests can be read by others.
    assert told["state"] == "fault"
    (modes,) = [one for one in told["checks"] if one["key"] == "modes"]
    assert modes["remedy"].startswith("Run: chmod 600")
    assert told["audit_head"].startswith(f"{told['audit_rows']}:")
    assert told["last_backup_at"] is None
    thorough = cast["admin"].get("/health?thorough=true").json
    assert thorough is not None
    assert {one["state"] for one in thorough["checks"] if one["key"] == "audit"} == {"ok"}


def test_it_is_told_in_the_language_of_the_request(cast: dict[str, Program]) -> None:
    told = cast["admin"].get("/health", Accept_Language="fi").json
    assert told is not None
    assert told["checks"][0]["name"] == "Tietokanta"


def test_a_key_without_the_right_learns_nothing(cast: dict[str, Program]) -> None:
    for login in ("planner", "aino", "eero", "duty"):
        answer = cast[login].get("/health")
        assert (answer.status_code, answer.json and answer.json["type"]) == (
            403,
            "urn:prep:problem:scope-lacking",
        )
    assert cast["admin"].get("/health?thorough=perhaps").status_code == 422


def test_a_database_that_is_gone_is_not_a_fault_of_the_program(
    tmp_path: Path, county: Path, api_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(instance=tmp_path, database_url="postgresql://prep:hush@127.0.0.1:1/prep"))
    answer = Program(app, "prep_" + "x" * 43).get("/health")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["type"] == "urn:prep:problem:unavailable"
    assert "127.0.0.1" not in answer.text
    assert "hush" not in caplog.text
    engine_of(app).dispose()


def test_a_key_that_was_made_for_monitoring_alone_is_enough(api_app: Flask) -> None:
    monitoring = program(api_app, "admin", Permission.SETTINGS_READ)
    assert monitoring.get("/health").status_code == 200
    assert monitoring.get("/county").status_code == 403
