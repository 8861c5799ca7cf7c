"""A backup of the database: a whole copy made while prep runs, checked, with a manifest beside it.

    prep-20261122T084600Z.db      the copy
    prep-20261122T084600Z.json    what must be in it; written last, so a copy without it is unfinished

Copying the file of a running database with ``cp`` gives damaged copies; this does not. PostgreSQL has tools of its own.
"""

import hashlib
import json
import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, func, select, table
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from prep import __version__, audit, clock, migrations
from prep.errors import Problem, Refused
from prep.language import Message, say

# The event in the audit trail by which it is known when the last backup was made.
EVENT = "backup"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy must hold. ``head`` is the last row of the audit trail, as ``SEQ:HASH``."""

    file: str
    made_at: str
    made_with: str
    schema: str
    size_bytes: int
    sha256: str
    head: str
    rows: dict[str, int]


def make(engine: Engine, folder: Path) -> tuple[Path, Manifest]:
    """Copy the database into a folder, check the copy, and write its manifest.

    Raises
    ------
    Refused
        If the database is PostgreSQL, the folder cannot be written, or the copy is not sound.
    """
    if engine.dialect.name != "sqlite":
        raise _use_pg_dump(engine, folder)
    at = clock.now().astimezone(UTC)
    target = folder / f"prep-{at:%Y%m%dT%H%M%SZ}.db"
    beside = target.with_suffix(".db.new")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists():
            raise _exists(target)
        beside.unlink(missing_ok=True)
        # An empty file that is there already keeps its mode: nobody else may read the copy.
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            _copy(engine, beside)
            manifest = _described(beside, target.name, at)
            _keep(beside, target)
            _write(_manifest_of(target), manifest)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return target, manifest


def verify(path: Path) -> Manifest:
    """Check a backup against its manifest; it is only read.

    Raises
    ------
    Refused
        With everything that is wrong: damage, a missing manifest, a newer schema, a broken audit trail.
    """
    manifest = _read_manifest(path)
    if not path.exists():
        raise Refused(_wrong(path, say("The file is not there."), None))
    if (found := _sha256(path)) != manifest.sha256:
        raise Refused(
            _wrong(path, say("It is not the file that was made: its SHA-256 digest differs."), found)
        )
    described = _described(path, manifest.file, datetime.fromisoformat(manifest.made_at))
    problems = [
        _wrong(path, say("The manifest and the file do not agree in “{field}”.", field=name), str(value))
        for name, value in asdict(described).items()
        if name not in {"made_with", "file"} and value != getattr(manifest, name)
    ]
    if not migrations.knows(manifest.schema):
        problems.append(_wrong(path, say("It was written by a newer version of prep."), manifest.schema))
    if problems:
        raise Refused(problems)
    return manifest


def record(session: Session, manifest: Manifest) -> None:
    """Write in the audit trail that a backup was made."""
    audit.note(session, EVENT, "database", {"head": manifest.head, "sha256": manifest.sha256})


def _copy(engine: Engine, target: Path) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM INTO ?", (str(target),))


def _described(path: Path, name: str, at: datetime) -> Manifest:
    """What is in a copy that is sound.

    Raises
    ------
    Refused
        If it is damaged, or its audit trail does not hold.
    """
    try:
        with _opened(path) as session:
            driver: Any = session.connection().connection.driver_connection
            faults = [row[0] for row in driver.execute("PRAGMA integrity_check") if row[0] != "ok"]
            faults += [f"{row[0]} {row[1]}" for row in driver.execute("PRAGMA foreign_key_check")]
            broken = [] if faults else audit.verify(session)
            if faults or broken:
                raise Refused(
                    [*(_wrong(path, say("The database is damaged."), one) for one in faults), *broken]
                )
            names = driver.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
            rows = {
                one: session.scalar(select(func.count()).select_from(table(one))) or 0
                for (one,) in names.fetchall()
            }
            schema = str(driver.execute("SELECT version_num FROM alembic_version").fetchone()[0])
            seq, digest = audit.head(session)
    except (sqlite3.DatabaseError, DatabaseError, TypeError) as error:
        raise Refused(_wrong(path, say("The database is damaged."), None)) from error
    return Manifest(
        file=name,
        made_at=at.isoformat(),
        made_with=__version__,
        schema=schema,
        size_bytes=path.stat().st_size,
        sha256=_sha256(path),
        head=f"{seq}:{digest}",
        rows=rows,
    )


@contextmanager
def _opened(path: Path) -> Iterator[Session]:
    """A session on a copy which leaves it, and the folder that it is in, as they are."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _keep(beside: Path, target: Path) -> None:
    """Give the file its name once it is safely on the disk."""
    for path in (beside, beside.parent):
        if path == beside.parent:
            beside.replace(target)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(path: Path, manifest: Manifest) -> None:
    beside = path.with_suffix(".json.new")
    beside.unlink(missing_ok=True)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    with os.fdopen(
        os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text + "\n")
    _keep(beside, path)


def _manifest_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _read_manifest(path: Path) -> Manifest:
    place = _manifest_of(path)
    try:
        given = json.loads(place.read_text(encoding="utf-8"))
        manifest = Manifest(**given)
        datetime.fromisoformat(manifest.made_at)
    except (OSError, ValueError, TypeError) as error:
        raise Refused(
            Problem(
                place=str(place),
                value=None,
                rule=say("A backup has its manifest beside it, as prep wrote it."),
                remedy=say(
                    "Give the file prep-….db with its .json in the same folder, or take another backup."
                ),
            )
        ) from error
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wrong(path: Path, rule: Message, value: str | None) -> Problem:
    return Problem(
        place=str(path),
        value=value,
        rule=rule,
        remedy=say("Do not restore it; take another backup, and find out what happened to this one."),
    )


def _exists(target: Path) -> Refused:
    return Refused(
        Problem(
            place=str(target),
            value=None,
            rule=say("A backup of this very second is there already."),
            remedy=say("Use that one, or run the command again."),
        )
    )


def _cannot_write(folder: Path, error: OSError) -> Refused:
    return Refused(
        Problem(
            place=str(folder),
            value=error.strerror,
            rule=say("The backup cannot be written there."),
            remedy=say("Choose a folder that may be written and has room, best on another disk."),
        )
    )


def _use_pg_dump(engine: Engine, folder: Path) -> Refused:
    own = engine.url
    url = URL.create("postgresql", own.username, host=own.host, port=own.port, database=own.database)
    command = (
        f"pg_dump --format=custom --file={shlex.quote(str(folder / 'prep.dump'))} {shlex.quote(str(url))}"
    )
    return Refused(
        Problem(
            place=say("Backup"),
            value=None,
            rule=say("PostgreSQL makes its backups with its own tools."),
            remedy=say("Run: {command}", command=command),
        )
    )
