"""A backup holds everything at one moment, is readable by its owner alone, and damage to it is found."""

import json
import random
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from prep import backup
from prep.auth.secret_key import SecretKey
from prep.backup.manifest import Manifest, kept
from prep.db import make_engine, read_session, write_session
from prep.errors import Refused
from prep.models import AuditEntry, Person
from tests.test_trail import ROWS


def verified(path: Path, key: SecretKey | None = None) -> Manifest:
    return backup.verify(path, key=key, scratch=path.parent.parent)


def test_a_backup_holds_every_row_and_says_so(live: Engine, tmp_path: Path) -> None:
    path, manifest = backup.make(live, tmp_path / "copies")
    assert path.name == "prep-20261122T084600Z.db"
    assert (manifest.rows["audit_entry"], manifest.rows["person"]) == (ROWS, 1)
    assert manifest.head.startswith(f"{ROWS}:")
    assert verified(path) == manifest
    copy = make_engine(f"sqlite:///{path}")
    with read_session(copy) as session:
        assert session.get_one(Person, 1).title == "=1+1"
    copy.dispose()


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_else(live: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    path, _ = backup.make(live, folder)
    verified(path)
    assert sorted(one.name for one in folder.iterdir()) == [
        path.with_suffix(".db").name,
        path.with_suffix(".json").name,
    ]
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_change_that_is_not_yet_kept_is_not_in_the_backup(live: Engine, tmp_path: Path) -> None:
    with write_session(live, actor="eero") as session:
        session.get_one(Person, 1).title = "arkistonhoitaja"
        session.flush()
        _, manifest = backup.make(live, tmp_path / "copies")
    assert manifest.rows["audit_entry"] == ROWS


def test_every_flipped_byte_and_every_cut_is_found(live: Engine, tmp_path: Path) -> None:
    path, _ = backup.make(live, tmp_path / "copies")
    whole = path.read_bytes()
    drawn = random.Random(1)
    for _ in range(200):
        place = drawn.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Refused, match="its SHA-256 digest differs"):
            verified(path)
        path.write_bytes(whole[:place])
        with pytest.raises(Refused, match="its SHA-256 digest differs"):
            verified(path)
    path.write_bytes(whole)
    verified(path)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("rows", {}, "do not agree in “rows”"),
        ("head", "1:00", "do not agree in “head”"),
        ("size_bytes", 1, "do not agree in “size_bytes”"),
        ("schema", "9999", "It was written by a newer version of prep"),
    ],
)
def test_a_manifest_that_was_changed_is_found(
    live: Engine, tmp_path: Path, field: str, value: object, message: str
) -> None:
    path, _ = backup.make(live, tmp_path / "copies")
    manifest = path.with_suffix(".json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {field: value}))
    with pytest.raises(Refused, match=message):
        verified(path)


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"made_at": 5}'])
def test_a_backup_without_its_manifest_is_refused(live: Engine, tmp_path: Path, content: str | None) -> None:
    path, _ = backup.make(live, tmp_path / "copies")
    manifest = path.with_suffix(".json")
    manifest.unlink()
    if content is not None:
        manifest.write_text(content)
    with pytest.raises(Refused, match="A backup has its manifest beside it"):
        verified(path)


def test_a_missing_file_is_named(live: Engine, tmp_path: Path) -> None:
    path, _ = backup.make(live, tmp_path / "copies")
    path.unlink()
    with pytest.raises(Refused, match="The file is not there"):
        verified(path)


def test_a_database_with_a_broken_trail_is_not_taken_for_a_backup(live: Engine, tmp_path: Path) -> None:
    with live.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'outi' WHERE seq = 2"))
    with pytest.raises(Refused, match="row 2: The row has been changed or moved"):
        backup.make(live, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


def test_two_backups_of_one_second_do_not_overwrite_each_other(live: Engine, tmp_path: Path) -> None:
    backup.make(live, tmp_path / "copies")
    with pytest.raises(Refused, match="A backup of this very second is there already"):
        backup.make(live, tmp_path / "copies")


def test_a_folder_that_cannot_be_made_is_refused(live: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="The backup cannot be written there"):
        backup.make(live, tmp_path / "file")


def test_postgresql_is_backed_up_with_its_own_tool_and_no_password_is_shown(tmp_path: Path) -> None:
    engine = make_engine("postgresql://prep:hush@db.example/prep")
    with pytest.raises(
        Refused, match=r"pg_dump --format=custom --file=\S+prep\.dump postgresql://prep@db\.example/prep"
    ) as refused:
        backup.make(engine, tmp_path)
    assert "hush" not in str(refused.value)


def test_that_a_backup_was_made_stands_in_the_trail(live: Engine, tmp_path: Path) -> None:
    _, manifest = backup.make(live, tmp_path / "copies")
    with write_session(live, actor="command: backup") as session:
        backup.record(session, manifest)
    with read_session(live) as session:
        last = session.get_one(AuditEntry, ROWS + 1)
        assert (last.action, last.row_key) == ("backup", "database")
        assert manifest.sha256 in (last.values or "")


def test_backups_are_whole_while_somebody_writes(live: Engine, tmp_path: Path) -> None:
    """Every change that was acknowledged before a backup began is in it."""
    done = threading.Event()
    acknowledged = [0]

    def write() -> None:
        while not done.is_set():
            with write_session(live, actor="eero") as session:
                session.get_one(Person, 1).title = f"{acknowledged[0] + 1}"
            acknowledged[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(25):
            before = acknowledged[0]
            path, manifest = backup.make(live, tmp_path / "copies", begin=f"prep{number}")
            assert manifest.rows["audit_entry"] >= ROWS + before
            assert verified(path) == manifest
    finally:
        done.set()
        writer.join()
    assert acknowledged[0] > 0


def test_the_backups_of_a_folder_are_listed_the_latest_first(
    live: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    first, _ = backup.make(live, folder)
    monkeypatch.setenv("PREP_NOW", "2026-11-23T10:46:00+02:00")
    second, _ = backup.make(live, folder)
    (folder / "notes.json").write_text("{}")
    (folder / "unfinished.db").touch()
    assert [(one.path, one.is_there) for one in kept(folder)] == [(second, True), (first, True)]
    first.write_bytes(b"")
    second.unlink()
    assert [one.is_there for one in kept(folder)] == [False, False]
    assert kept(tmp_path / "none") == []
