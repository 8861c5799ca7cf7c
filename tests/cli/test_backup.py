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


def test_putting_back_is_not_done_by_the_command(instance: Path) -> None:
    result = run("restore", str(instance / "prep.db"))
    assert result.exit_code == 2
    assert "--verify-only" in result.stderr


def test_a_fault_gives_exit_status_1_with_what_to_do(instance: Path) -> None:
    assert run("doctor").exit_code == 0
    (instance / "prep.db").chmod(0o644)
    result = run("doctor")
    assert result.exit_code == 1
    assert "✕ File modes: Other accounts of this machine can read prep.db" in result.stdout
    assert "→ Run: chmod 600" in result.stdout
    assert json.loads(run("doctor", "--json").stdout)["ok"] is False
