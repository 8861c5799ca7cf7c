"""Each fault is seen by its own check, and a sound installation has none."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, text

from prep import backup, doctor
from prep.config import Settings
from prep.db import make_engine, write_session
from prep.doctor import Check, examine, is_ready
from prep.regions.boundaries import Boundaries, store_boundaries
from prep.terms import MailTls, State
from tests.mail.servers import Sink, mail_server, raw_server
from tests.test_trail import make_trail


@pytest.fixture
def instance(tmp_path: Path, sqlite_template: Path) -> Iterator[Settings]:
    """An installation in which nothing is wrong."""
    (tmp_path / "prep.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "prep.db").chmod(0o600)
    (tmp_path / "compiled").mkdir()
    (tmp_path / "compiled" / "kernel.nbi").touch()
    borders = Boundaries(areas=(), file="kunnat.gpkg", attribution="MML", imported_on=date(2026, 11, 1))
    store_boundaries(borders, tmp_path / "boundaries.geojson")
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    make_trail(engine)
    _, manifest = backup.make(engine, tmp_path / "copies")
    with write_session(engine, actor="command: backup") as session:
        backup.record(session, manifest)
    engine.dispose()
    return Settings(instance=tmp_path)


def state_of(settings: Settings) -> dict[str, Check]:
    return {one.key: one for one in examine(settings)}


def sql(settings: Settings, statement: str) -> None:
    engine = make_engine(settings.resolved_database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_sound_installation_has_no_fault(instance: Settings) -> None:
    found = state_of(instance)
    assert list(found) == [
        "database", "settings", "schema", "integrity", "audit", "backup", "retention", "mail",
        "modes", "disk", "clock", "simulator", "boundaries", "fonts",
    ]  # fmt: skip
    # The clock of the tests is set; there may be little room on the disk of whoever runs them.
    others = {key: one.state for key, one in found.items() if key not in {"clock", "disk"}}
    # What has not been set is not known to be right.
    assert {others.pop("retention"), others.pop("mail")} == {State.UNKNOWN}
    assert set(others.values()) == {State.OK}, others


def test_every_check_that_is_not_in_order_says_what_to_do(tmp_path: Path) -> None:
    found = examine(Settings(instance=tmp_path / "none"))
    assert all(one.remedy is not None for one in found if one.state is not State.OK)
    assert found[0].state is State.FAULT
    assert not (tmp_path / "none").exists(), "looking must not make a database"


@pytest.mark.parametrize(
    ("key", "statement"),
    [
        ("audit", "UPDATE audit_entry SET actor = 'outi' WHERE seq = 2"),
        ("schema", "UPDATE alembic_version SET version_num = '9999'"),
        ("schema", "UPDATE alembic_version SET version_num = '0001'"),
    ],
)  # fmt: skip
def test_a_fault_in_the_database_is_seen(instance: Settings, key: str, statement: str) -> None:
    sql(instance, statement)
    assert state_of(instance)[key].state is State.FAULT


def test_a_reference_that_leads_nowhere_is_seen(instance: Settings) -> None:
    with sqlite3.connect(instance.instance / "prep.db") as connection:
        connection.execute("UPDATE person SET county_id = 77")
    connection.close()
    assert state_of(instance)["integrity"].state is State.FAULT


def test_a_file_that_is_no_database_is_seen_and_does_not_end_the_examination(instance: Settings) -> None:
    for end in ("", "-wal", "-shm"):
        (instance.instance / f"prep.db{end}").unlink(missing_ok=True)
    (instance.instance / "prep.db").write_bytes(b"no database" * 1000)
    found = state_of(instance)
    assert found["database"].state is State.FAULT
    assert found["fonts"].state is State.OK


@pytest.mark.parametrize("name", ["prep.db", "secret.key", "prep.toml"])
def test_a_file_that_others_can_read_is_seen(instance: Settings, name: str) -> None:
    path = instance.instance / name
    path.touch()
    path.chmod(0o640)
    found = state_of(instance)["modes"]
    assert found.state is State.FAULT
    assert f"chmod 600 {path}" in str(found.remedy)


@pytest.mark.parametrize(
    ("free_mb", "state"), [(99, State.FAULT), (101, State.WARNING), (1023, State.WARNING), (1025, State.OK)]
)
def test_room_on_the_disk(
    instance: Settings, monkeypatch: pytest.MonkeyPatch, free_mb: int, state: State
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free_mb * 1024**2))
    assert doctor.disk(instance).state is state
    engine = make_engine(instance.resolved_database_url)
    assert is_ready(engine, instance) is (state is not State.FAULT)
    engine.dispose()


def test_a_clock_that_is_behind_its_own_files_is_seen(
    instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.clock_against_files(instance).state is State.WARNING
    assert "PREP_NOW" in str(doctor.clock_against_files(instance).meaning)
    monkeypatch.delenv("PREP_NOW")
    sql(instance, "DELETE FROM audit_entry")
    assert doctor.clock_against_files(instance).state is State.OK
    file = instance.instance / "compiled.txt"
    file.touch()
    ahead = file.stat().st_mtime + 3600
    os.utime(file, (ahead, ahead))
    assert doctor.clock_against_files(instance).state is State.FAULT
    file.unlink()
    sql(instance, "INSERT INTO audit_entry (seq, at, actor, action, table_name, row_key, why, commitment, previous_hash, hash)"
        " VALUES (1, '2999-01-01 00:00:00', '', '', '', '', '', '', '', '')")  # fmt: skip
    assert doctor.clock_against_files(instance).state is State.FAULT


def test_a_backup_that_was_missed_is_seen_the_next_morning(
    instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREP_NOW", "2026-11-23T12:45:00+02:00")
    assert state_of(instance)["backup"].state is State.OK
    monkeypatch.setenv("PREP_NOW", "2026-11-23T12:47:00+02:00")
    assert state_of(instance)["backup"].state is State.WARNING


def test_what_is_missing_beside_the_database_is_seen(
    instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(instance.instance / "compiled")
    (instance.instance / "boundaries.geojson").write_text("{")
    found = state_of(instance)
    assert (found["simulator"].state, found["boundaries"].state) == (State.WARNING, State.FAULT)
    (instance.instance / "boundaries.geojson").unlink()
    assert state_of(instance)["boundaries"].state is State.WARNING
    monkeypatch.setattr(doctor, "_FONTS", ("cards/fonts/None.ttf",))
    assert doctor.fonts().state is State.FAULT


def test_settings_that_lose_changes_are_seen(instance: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prep.db._SQLITE_PRAGMAS", {"journal_mode": "WAL", "synchronous": "NORMAL"})
    found = state_of(instance)["settings"]
    assert found.state is State.FAULT
    assert "synchronous=1" in str(found.meaning)


def test_postgresql_is_examined_too(postgres_url, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found = state_of(Settings(instance=tmp_path, database_url=postgres_url()))
    assert (found["database"].state, found["schema"].state, found["audit"].state) == (State.OK,) * 3
    assert (found["integrity"].state, found["backup"].state) == (State.UNKNOWN,) * 2


def test_a_database_server_that_does_not_answer_is_a_fault(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, database_url="postgresql://prep@127.0.0.1:1/prep")
    assert examine(settings)[0].state is State.FAULT
    engine: Engine = make_engine(settings.resolved_database_url)
    assert not is_ready(engine, settings)
    engine.dispose()


def test_readiness_follows_database_and_schema(instance: Settings) -> None:
    engine = make_engine(instance.resolved_database_url)
    assert is_ready(engine, instance)
    sql(instance, "UPDATE alembic_version SET version_num = '9999'")
    assert not is_ready(engine, instance)
    engine.dispose()


def test_a_key_file_that_is_not_there_is_a_fault_before_the_next_backup(instance: Settings) -> None:
    found = state_of(replace(instance, backup_key_file=str(instance.instance / "none.key")))["backup"]
    assert found.state is State.FAULT
    assert "There is no key file." in str(found.meaning)


def test_values_kept_past_their_time_are_seen_a_month_later(
    instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = replace(instance, audit_retention_years=5)
    assert state_of(kept)["retention"].state is State.OK
    monkeypatch.setenv("PREP_NOW", "2031-12-23T10:00:00+02:00")
    assert state_of(kept)["retention"].state is State.OK
    monkeypatch.setenv("PREP_NOW", "2031-12-24T10:00:00+02:00")
    found = state_of(kept)["retention"]
    assert found.state is State.WARNING
    assert "after 5 years: 9" in str(found.meaning)


def with_mail(instance: Settings, port: int) -> Settings:
    return replace(
        instance, mail_host="127.0.0.1", mail_port=port, mail_tls=MailTls.NONE, mail_from="prep@alue.example"
    )


def test_mail_is_tried_without_sending_any(instance: Settings) -> None:
    sink = Sink()
    with mail_server(sink) as port:
        found = state_of(with_mail(instance, port))["mail"]
    assert (found.state, sink.taken) == (State.OK, [])
    assert f"127.0.0.1:{port} takes mail" in str(found.meaning)
    dead = state_of(with_mail(instance, port))["mail"]
    assert dead.state is State.FAULT
    assert "Check mail_host, mail_port and mail_tls" in str(dead.remedy)
    wrong = state_of(replace(with_mail(instance, port), mail_from="nobody"))["mail"]
    assert (wrong.state, "mail_from: It is one e-mail address" in str(wrong.meaning)) == (State.FAULT, True)


def test_what_can_take_long_is_left_out_for_a_page_and_is_then_not_known(
    instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_server([], then="silent") as port:
        quick = {one.key: one for one in examine(with_mail(instance, port), is_thorough=False)}
    assert quick["mail"].state is State.UNKNOWN
    assert (quick["audit"].state, quick["integrity"].state) == (State.OK, State.OK)
    sql(instance, "INSERT INTO audit_entry (seq, at, actor, action, table_name, row_key, why, commitment, previous_hash, hash)"
        " VALUES (10001, '2026-11-22 00:00:00', '', '', '', '', '', '', '', '')")  # fmt: skip
    large = {one.key: one for one in examine(instance, is_thorough=False)}
    assert (large["audit"].state, large["integrity"].state) == (State.UNKNOWN, State.UNKNOWN)
    assert {one.key: one for one in examine(instance)}["audit"].state is State.FAULT
