"""A backup takes the place of the database whole or not at all, and what was there before is kept."""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from prep import audit, backup, doctor, outbox
from prep.auth import accounts, links, sessions
from prep.auth.callers import Caller
from prep.auth.secret_key import load_key
from prep.backup.manifest import manifest_of, read_manifest, write_manifest
from prep.backup.restoring import restore
from prep.config import Settings
from prep.db import make_engine, read_session, served, unserved, write_session
from prep.errors import NotFound, Refused, SignInNeeded, Unavailable
from prep.models import AuditEntry, County, Installation, Person
from prep.terms import OutboxState, SignInMethod, State
from tests.test_trail import ROWS, make_trail


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Path:
    """A database with a county, and a backup of it in ``copies``."""
    database = tmp_path / "prep.db"
    database.write_bytes(sqlite_template.read_bytes())
    database.chmod(0o600)
    engine = make_engine(f"sqlite:///{database}")
    make_trail(engine)
    backup.make(engine, tmp_path / "copies")
    engine.dispose()
    return database


def the_backup(home: Path) -> Path:
    (found,) = [one for one in (home.parent / "copies").iterdir() if one.suffix in {".db", ".sealed"}]
    return found


def change(home: Path, title: str = "after the backup") -> None:
    engine = make_engine(f"sqlite:///{home}")
    with write_session(engine, actor="aino") as session:
        session.get_one(Person, 1).title = title
    engine.dispose()


def put_back(home: Path, path: Path | None = None, **options: object) -> object:
    given = {"key": None, "safety_folder": home.parent / "backups", "actor": "command: restore", **options}
    return restore(path or the_backup(home), home, **given)  # type: ignore[arg-type]


def content(home: Path, *, without_trail: bool = False) -> str:
    """The digest of everything in a database, row by row."""
    with sqlite3.connect(f"file:{home}?mode=ro", uri=True) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY 1")
        ]
        dump = {
            name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
            for name in names
            if not (without_trail and name == "audit_entry")
        }
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    return hashlib.sha256(json.dumps(dump).encode()).hexdigest()


def title(home: Path) -> str:
    engine = make_engine(f"sqlite:///{home}")
    with read_session(engine) as session:
        found = session.get_one(Person, 1).title
        assert audit.verify(session) == []
    engine.dispose()
    return found or ""


def test_everything_comes_back_and_the_trail_says_so(home: Path) -> None:
    was = content(home, without_trail=True)
    change(home)
    done = put_back(home)
    assert content(home, without_trail=True) == was
    engine = make_engine(f"sqlite:///{home}")
    with read_session(engine) as session:
        assert audit.verify(session) == []
        last = session.get_one(AuditEntry, ROWS + 1)
        assert (last.action, last.actor, last.row_key) == ("restore", "command: restore", "database")
        assert done.manifest.sha256 in (last.values or "")  # type: ignore[attr-defined]
    engine.dispose()
    assert sorted(one.name for one in home.parent.iterdir() if one.name.startswith("prep.db")) == [
        "prep.db", "prep.db.lock", "prep.db.served",
    ]  # fmt: skip


def test_what_was_there_before_is_a_backup_itself_and_can_be_put_back(home: Path) -> None:
    change(home)
    was = content(home, without_trail=True)
    safety = put_back(home).safety  # type: ignore[attr-defined]
    assert safety.name == "prep-before-restore-20261122T084600Z.db"
    assert title(home) == "=1+1"
    put_back(home, safety, safety_folder=home.parent / "others")
    assert content(home, without_trail=True) == was


def test_into_an_empty_folder(home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "new" / "prep.db"
    done = restore(
        the_backup(home), empty, key=None, safety_folder=empty.parent / "backups", actor="command: restore"
    )
    assert done.safety is None
    assert content(empty, without_trail=True) == content(home, without_trail=True)
    assert empty.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["head", "middle", "empty", "cut"])
def test_over_a_damaged_database_of_which_the_files_are_kept(home: Path, damage: str) -> None:
    was = content(home, without_trail=True)
    whole = home.read_bytes()
    damaged = {
        "head": b"no database" + whole[11:],
        "middle": whole[:8192] + bytes(8192) + whole[16384:],
        "empty": b"",
        "cut": whole[: len(whole) // 2],
    }[damage]
    home.write_bytes(damaged)
    safety = put_back(home).safety  # type: ignore[attr-defined]
    assert content(home, without_trail=True) == was
    assert safety.read_bytes() == damaged
    assert safety.stat().st_mode & 0o777 == 0o600
    assert {
        one.state
        for one in doctor.examine(Settings(instance=home.parent))
        if one.key in {"integrity", "audit", "modes"}
    } == {State.OK}


def test_a_log_that_was_not_yet_in_the_damaged_file_does_not_come_into_the_new_one(home: Path) -> None:
    was = content(home, without_trail=True)
    engine = make_engine(f"sqlite:///{home}")
    with engine.connect() as reader:
        reader.execute(text("SELECT 1 FROM person"))
        change(home)
        log = Path(f"{home}-wal").read_bytes()
    engine.dispose()
    home.write_bytes(b"no database" + home.read_bytes()[11:])
    Path(f"{home}-wal").write_bytes(log)
    safety = put_back(home).safety  # type: ignore[attr-defined]
    assert content(home, without_trail=True) == was
    assert Path(f"{safety}-wal").read_bytes() == log


def test_an_encrypted_backup_is_put_back_and_the_safety_copy_is_encrypted_too(
    home: Path, tmp_path: Path
) -> None:
    key = load_key(tmp_path / "backup.key")
    engine = make_engine(f"sqlite:///{home}")
    path, _ = backup.make(engine, tmp_path / "sealed", key=key)
    engine.dispose()
    change(home)
    was = content(home)
    with pytest.raises(Refused, match="The key does not open it"):
        put_back(home, path, key=load_key(tmp_path / "other.key"))
    assert content(home) == was
    assert put_back(home, path, key=key).safety.suffix == ".sealed"  # type: ignore[attr-defined]
    assert title(home) == "=1+1"


def refused(home: Path, match: str, path: Path | None = None) -> None:
    """The restore is refused and nothing has been touched."""
    was = content(home)
    with pytest.raises(Refused, match=match):
        put_back(home, path)
    assert content(home) == was
    assert not (home.parent / "backups").exists()


def test_damage_anywhere_is_found_before_anything_is_touched(home: Path) -> None:
    path = the_backup(home)
    whole = path.read_bytes()
    drawn = random.Random(2)
    was = content(home)
    for _ in range(200):
        place = drawn.randrange(len(whole))
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ (1 << drawn.randrange(8))]) + whole[place + 1 :]
        )
        with pytest.raises(Refused, match="its SHA-256 digest differs"):
            put_back(home)
    for _ in range(50):
        path.write_bytes(whole[: drawn.randrange(len(whole))])
        with pytest.raises(Refused, match="its SHA-256 digest differs"):
            put_back(home)
    assert content(home) == was
    assert not (home.parent / "backups").exists()


def test_a_newer_schema_is_refused_and_an_older_one_is_brought_up_to_date(home: Path, tmp_path: Path) -> None:
    path = the_backup(home)
    manifest = read_manifest(manifest_of(path))
    write_manifest(manifest_of(path), replace(manifest, schema="9999"))
    refused(home, "It was written by a newer version of prep")
    write_manifest(manifest_of(path), manifest)

    from prep import migrations

    old = tmp_path / "old.db"
    engine = make_engine(f"sqlite:///{old}")
    migrations.upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO county (key, name_fi, name_sv, name_en, pack) VALUES ('kp', 'a', 'b', 'c', '{}')"
            )
        )
    older, _ = backup.make(engine, tmp_path / "older")
    engine.dispose()
    put_back(home, older)
    engine = make_engine(f"sqlite:///{home}")
    assert migrations.is_current(engine)
    assert migrations.differences(engine) == []
    engine.dispose()


def test_another_county_s_and_an_invented_one_s_backup_are_refused(home: Path, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{home}")
    with write_session(engine, actor="test") as session:
        session.add(
            Installation(
                id=1, created_at=session.get_one(AuditEntry, 1).at, created_with="test", is_demo=True
            )
        )
    invented, _ = backup.make(engine, tmp_path / "invented")
    with write_session(engine, actor="test") as session:
        session.get_one(Installation, 1).is_demo = False
        session.get_one(County, 1).key = "ps"
    other, _ = backup.make(engine, tmp_path / "other")
    with write_session(engine, actor="test") as session:
        session.get_one(County, 1).key = "kp"
    engine.dispose()
    refused(home, "It is of another county, or one of the two is invented", other)
    refused(home, "It is of another county, or one of the two is invented", invented)
    refused(home, "A backup has its manifest beside it", home)


def test_a_file_that_is_no_database_of_prep_is_refused(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "foreign.db"
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE song (name)")
    connection.close()
    given = replace(read_manifest(manifest_of(the_backup(home))), file=path.name)
    given = replace(
        given, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), size_bytes=path.stat().st_size
    )
    write_manifest(manifest_of(path), given)
    was = content(home)
    with pytest.raises(Refused, match="The database is damaged"):
        put_back(home, path)
    assert content(home) == was


def test_while_pages_are_served_nothing_is_put_back_and_the_other_way_round(home: Path) -> None:
    engine = make_engine(f"sqlite:///{home}")
    with served(engine), served(engine):
        refused(home, "Pages are served from it. Stop “prep serve”")
    with (
        unserved(home),
        pytest.raises(Refused, match="A backup is just being put in its place"),
        served(engine),
    ):
        pass
    engine.dispose()
    put_back(home)


@pytest.mark.slow
def test_a_program_that_holds_the_database_is_waited_for_or_named(home: Path) -> None:
    was = content(home)
    holder = sqlite3.connect(home, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="Another program is writing in it"):
        put_back(home)
    holder.execute("ROLLBACK")
    holder.close()
    assert content(home) == was


def test_a_reader_sees_the_old_content_until_it_asks_anew(home: Path) -> None:
    change(home)
    reader = sqlite3.connect(home, isolation_level=None)
    reader.execute("BEGIN")
    query = "SELECT title FROM person WHERE id = 1"
    assert reader.execute(query).fetchone() == ("after the backup",)
    put_back(home)
    assert reader.execute(query).fetchone() == ("after the backup",)
    reader.execute("COMMIT")
    assert reader.execute(query).fetchone() == ("=1+1",)
    reader.close()


def test_nobody_is_signed_in_by_a_backup_and_no_link_comes_back(home: Path, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{home}")
    with write_session(engine, actor="test") as session:
        account = accounts.add(session, "aino", "Aino Esimerkki")
        entered = sessions.enter(session, account, method=SignInMethod.TOTP, caller=Caller("127.0.0.1"))
        link = links.link_for(session, account)
    path, _ = backup.make(engine, tmp_path / "signed")
    engine.dispose()
    put_back(home, path)
    engine = make_engine(f"sqlite:///{home}")
    with read_session(engine) as session, pytest.raises(SignInNeeded):
        sessions.session_of(session, entered.token)
    with write_session(engine, actor="test") as session, pytest.raises(NotFound):
        links.redeem(session, link.token, "vihreä tuoli laulaa hiljaa")
    engine.dispose()


def test_a_message_that_waited_in_the_backup_is_not_sent_again(home: Path, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{home}")
    with write_session(engine, actor="test") as session:
        outbox.write(
            session, reason="digest", kind="digest", recipient="a@kunta.example", subject="s", body="b"
        )
    path, _ = backup.make(engine, tmp_path / "waiting")
    with write_session(engine, actor="test") as session:
        letter = outbox.claim(session)
        assert letter is not None
        outbox.settle(session, letter, outbox.Answer(outbox.Outcome.SENT))
    engine.dispose()
    put_back(home, path)
    engine = make_engine(f"sqlite:///{home}")
    with write_session(engine, actor="test") as session:
        assert outbox.claim(session) is None
        assert [one.state for one in outbox.listed(session)] == [OutboxState.UNKNOWN]
    engine.dispose()


def test_a_safety_copy_that_cannot_be_written_stops_everything(home: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    was = content(home)
    with pytest.raises(Refused, match="The backup cannot be written there"):
        put_back(home, safety_folder=tmp_path / "taken")
    assert content(home) == was


# A process that has everything loaded: for each line it begins to restore in a child, and kills that after so long.
RESTORER = """
import os, select, signal, sys, time
from pathlib import Path
from prep.backup.restoring import restore
path, home = map(Path, sys.argv[1:])
for line in sys.stdin:
    began = time.monotonic()
    child = os.fork()
    if not child:
        restore(path, home, key=None, safety_folder=home.parent / "backups", actor="command: restore")
        os._exit(0)
    select.select([os.pidfd_open(child)], [], [], float(line))
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(child, 0)
    print(time.monotonic() - began, flush=True)
"""


@contextmanager
def restorer(path: Path, home: Path) -> Iterator[Callable[[float], float]]:
    """Restores, is killed after so many seconds, and tells how many it had."""
    with subprocess.Popen(
        [sys.executable, "-c", RESTORER, str(path), str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.defpath, "PREP_NOW": os.environ["PREP_NOW"]},
    ) as process:
        source, sink = process.stdout, process.stdin
        assert source is not None
        assert sink is not None

        def once(limit_s: float) -> float:
            sink.write(f"{limit_s}\n")
            sink.flush()
            return float(source.readline())

        yield once
        sink.close()


@pytest.fixture
def large(home: Path) -> Path:
    """The database with so much in it that taking it in lasts a while."""
    engine = make_engine(f"sqlite:///{home}")
    with write_session(engine, actor="test") as session:
        session.add_all(
            Person(county_id=1, name=f"Eero Exempel {number}", title="x" * 200) for number in range(1200)
        )
    backup.make(engine, home.parent / "large")
    with write_session(engine, actor="test") as session:
        for person in session.query(Person).filter(Person.id > 300):
            session.delete(person)
        session.get_one(Person, 1).title = "after the backup"
    engine.dispose()
    return home


@pytest.mark.slow
def test_killed_at_any_moment_the_content_is_the_old_or_the_new_one(large: Path, tmp_path: Path) -> None:
    (path,) = (tmp_path / "large").glob("*.db")
    keep = tmp_path / "kept.db"
    shutil.copyfile(large, keep)
    old, new = content(large), content(path, without_trail=True)
    drawn, seen = random.Random(3), {"old": 0, "new": 0}
    with restorer(path, large) as restore_for:
        # The first is let through, to know how long it takes.
        limits = [60.0]
        while limits:
            for one in large.parent.glob("prep.db*"):
                one.unlink()
            shutil.rmtree(tmp_path / "backups", ignore_errors=True)
            shutil.copyfile(keep, large)
            took_s = restore_for(limits[-1])
            if limits.pop() == 60.0:
                # Rather late than early: it is at the end that it is put in place.
                limits = [took_s * drawn.random() ** 0.5 for _ in range(20)]
            assert audit_holds(large)
            if content(large) == old:
                seen["old"] += 1
            else:
                assert content(large, without_trail=True) == new
                seen["new"] += 1
    assert min(seen.values()) > 0, seen
    # And the next one goes through, whatever was left lying about.
    put_back(large, path, safety_folder=tmp_path / "others")
    assert content(large, without_trail=True) == new
    assert not list(large.parent.glob("prep.db.restoring*"))


def audit_holds(home: Path) -> bool:
    engine = make_engine(f"sqlite:///{home}")
    with read_session(engine) as session:
        broken = audit.verify(session)
    engine.dispose()
    return not broken
