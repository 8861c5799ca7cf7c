"""``prep backup``, ``prep restore`` and ``prep doctor`` as commands."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prep.cli import prep
from prep.cli.output import settings
from prep.db import make_engine
from prep.errors import Refused
from tests.test_trail import make_trail


@pytest.fixture
def instance(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    settings.cache_clear()
    (tmp_path / "prep.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "prep.db").chmod(0o600)
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    make_trail(engine)
    engine.dispose()
    yield tmp_path
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, list(words))


def test_a_backup_is_made_checked_and_seen_by_the_doctor(instance: Path) -> None:
    (instance / "secret.key").touch(mode=0o600)
    made = run("backup", str(instance / "copies"))
    assert made.exit_code == 0, made.output
    assert "secret.key" in made.stderr
    (copy,) = (instance / "copies").glob("*.db")
    checked = run("restore", "--verify-only", str(copy))
    assert checked.exit_code == 0, checked.output
    assert "The backup is sound." in checked.stderr
    examined = json.loads(run("doctor", "--json").stdout)
    (backup,) = [one for one in examined["checks"] if one["key"] == "backup"]
    assert backup["state"] == "ok"


def test_a_damaged_backup_is_refused(instance: Path) -> None:
    path = Path(json.loads(run("backup", str(instance / "copies"), "--json").stdout)["path"])
    path.write_bytes(path.read_bytes()[:-1])
    assert isinstance(run("restore", "--verify-only", str(path)).exception, Refused)


def test_a_backup_is_put_back_after_a_question(instance: Path) -> None:
    path = json.loads(run("backup", str(instance / "copies"), "--json").stdout)["path"]
    was = (instance / "prep.db").read_bytes()
    asked = CliRunner().invoke(prep, ["restore", path], input="n\n")
    assert asked.exit_code == 1
    assert f"Put it in the place of {instance / 'prep.db'}?" in asked.output
    assert (instance / "prep.db").read_bytes() == was
    done = run("restore", path, "--yes")
    assert done.exit_code == 0, done.output
    assert "The backup made 22.11.2026 10.46 is in place. Everybody is signed out." in done.stderr
    assert "What was there before is in" in done.stderr
    assert "What was done after 22.11.2026 10.46 has to be done again" in done.stderr
    assert run("doctor").exit_code == 0


def test_an_encrypted_backup_is_made_with_a_new_key_and_needs_it(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(instance / "stick" / "backup.key")
    missing = run("backup", str(instance / "copies"), "--key-file", key)
    assert "There is no key file." in str(missing.exception)
    made = run("backup", str(instance / "copies"), "--key-file", key, "--new-key", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert told["encryption"] == "AES256_GCM_HKDF_1MB"
    again = run("backup", str(instance / "copies"), "--key-file", key, "--new-key")
    assert "There is a key file already" in str(again.exception)
    assert "It is encrypted, and no key was given." in str(run("restore", told["path"], "--yes").exception)
    monkeypatch.setenv("PREP_BACKUP_KEY_FILE", key)
    settings.cache_clear()
    assert run("restore", "--verify-only", told["path"]).exit_code == 0
    done = run("restore", "--yes", told["path"])
    assert done.exit_code == 0, done.output
    assert "prep-before-restore-20261122T084600Z.sealed" in done.stderr


def test_a_new_key_needs_its_place(instance: Path) -> None:
    result = run("backup", str(instance / "copies"), "--new-key")
    assert result.exit_code == 2
    assert "Say with --key-file where the new key belongs." in result.stderr


def test_postgresql_is_restored_with_its_own_tools(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_DATABASE_URL", "postgresql://prep@127.0.0.1:1/prep")
    settings.cache_clear()
    assert "run pg_restore" in str(run("restore", "x.db", "--yes").exception)


def test_a_fault_gives_exit_status_1_with_what_to_do(instance: Path) -> None:
    assert run("doctor").exit_code == 0
    (instance / "prep.db").chmod(0o644)
    result = run("doctor")
    assert result.exit_code == 1
    assert "✕ File modes: Other accounts of this machine can read prep.db" in result.stdout
    assert "→ Run: chmod 600" in result.stdout
    assert json.loads(run("doctor", "--json").stdout)["ok"] is False
