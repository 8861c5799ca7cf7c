"""A backup of the database: a whole copy made while prep runs, checked, with a manifest beside it.

    prep-20261122T084600Z.db      the copy, or
    prep-20261122T084600Z.sealed  the copy encrypted (``prep.backup.sealing``)
    prep-20261122T084600Z.json    what must be in it; written last, so a copy without it is unfinished

Copying the file of a running database with ``cp`` gives damaged copies; this does not. PostgreSQL has tools of its own.
"""

import fcntl
import hashlib
import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import URL, Engine, NullPool, create_engine, func, select, table
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from prep import __version__, audit, clock, migrations
from prep.auth.secret_key import SecretKey, read_key
from prep.backup.manifest import Manifest, keep, manifest_of, read_manifest, write_manifest
from prep.backup.sealing import FORMAT, NotSealedSo, seal, unseal
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.outages import Damaged, of_database

# The event in the audit trail by which it is known when the last backup was made.
EVENT = "backup"
# Where backups lie that were made on the pages, and the copies that are made before a backup is put in place.
FOLDER = "backups"


class Unsound(Refused):
    """The database itself is not sound: no backup of it can be one."""


def make(
    engine: Engine, folder: Path, *, key: SecretKey | None = None, begin: str = "prep"
) -> tuple[Path, Manifest]:
    """Copy the database into a folder, check the copy, encrypt it if there is a key, and write its manifest.

    Raises
    ------
    Unsound
        If the copy is damaged or its audit trail does not hold, because the database is so.
    Refused
        If the database is PostgreSQL, or the folder cannot be written.
    """
    if engine.dialect.name != "sqlite":
        raise _use_pg_dump(engine, folder)
    at = clock.now().astimezone(UTC)
    target = folder / f"{begin}-{at:%Y%m%dT%H%M%SZ}{'.db' if key is None else '.sealed'}"
    # What is not encrypted yet stays beside the database: the folder may be on another machine's disk.
    database = Path(str(engine.url.database))
    home = folder if key is None else database.parent
    plain, beside = home / f"{target.stem}.db.new", target.with_name(f"{target.name}.new")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _one_at_a_time(database.parent):
            if manifest_of(target).exists() or target.exists():
                raise _exists(target)
            try:
                # An empty file that is there already keeps its mode: nobody else may read the copy.
                _private(plain).close()
                _copy(engine, plain)
                manifest = _described(plain, target.name, at)
                if key is not None:
                    manifest = _sealed(plain, beside, manifest, key)
                keep(beside, target)
                write_manifest(manifest_of(target), manifest)
            finally:
                plain.unlink(missing_ok=True)
                beside.unlink(missing_ok=True)
    except Damaged as error:
        raise Unsound(error.problems) from error
    except OSError as error:
        raise cannot_write(folder, error) from error
    return target, manifest


def verify(path: Path, *, key: SecretKey | None, scratch: Path) -> Manifest:
    """Check a backup against its manifest; it is only read. As ``checked``."""
    with checked(path, key=key, scratch=scratch) as (manifest, _):
        return manifest


@contextmanager
def checked(path: Path, *, key: SecretKey | None, scratch: Path) -> Iterator[tuple[Manifest, Path]]:
    """A backup that was found sound, and its database as a plain file for as long as it is needed.

    ``scratch`` is the folder in which an encrypted one is opened; nothing of it stays there.

    Raises
    ------
    Refused
        With everything that is wrong: damage, a missing manifest, a wrong key, a newer schema, a broken trail.
    """
    manifest = read_manifest(manifest_of(path))
    if not path.exists():
        raise Refused(_wrong(path, say("The file is not there."), None))
    if (found := _sha256(path)) != manifest.sha256:
        raise Refused(
            _wrong(path, say("It is not the file that was made: its SHA-256 digest differs."), found)
        )
    if not migrations.knows(manifest.schema):
        raise Refused(_wrong(path, say("It was written by a newer version of prep."), manifest.schema))
    with _plain(path, manifest, key, scratch) as plain:
        described = _described(plain, manifest.file, manifest.moment)
        of_file = {"size_bytes", "sha256"} if manifest.encryption else set()
        passed_over = {"made_with", "file", "encryption", *of_file}
        problems = [
            _wrong(path, say("The manifest and the file do not agree in “{field}”.", field=name), str(value))
            for name, value in asdict(described).items()
            if name not in passed_over and value != getattr(manifest, name)
        ]
        if problems:
            raise Refused(problems)
        yield manifest, plain


def record(session: Session, manifest: Manifest) -> None:
    """Write in the audit trail that a backup was made."""
    values = {"file": manifest.file, "head": manifest.head, "sha256": manifest.sha256}
    audit.note(session, EVENT, "database", values)


def key_of(path: str | Path | None) -> SecretKey | None:
    """The key with which backups are encrypted; None where no key file is named.

    Raises
    ------
    Refused
        If a file is named that is not there, that others can read, or that holds no key.
    """
    return read_key(Path(path)) if path else None


@contextmanager
def opened(path: Path) -> Iterator[Session]:
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


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two backups of one second would write the same files: the folder of the database itself is the lock."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _plain(path: Path, manifest: Manifest, key: SecretKey | None, scratch: Path) -> Iterator[Path]:
    if not manifest.encryption:
        yield path
        return
    if manifest.encryption != FORMAT:
        raise Refused(_wrong(path, say("It was encrypted by a newer version of prep."), manifest.encryption))
    if key is None:
        raise _needs_key(path)
    target = scratch / f"{path.stem}.opened.new"
    try:
        with _private(target) as plain, path.open("rb") as sealed:
            unseal(sealed, plain, key.value, bound_to=manifest.binding)
        yield target
    except NotSealedSo as error:
        raise _wrong_key(path, key) from error
    finally:
        target.unlink(missing_ok=True)


def _private(path: Path) -> BinaryIO:
    """A new file for its owner's eyes only; one that was left behind is removed."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _sealed(plain: Path, beside: Path, manifest: Manifest, key: SecretKey) -> Manifest:
    """Encrypt a copy; gives the manifest of the encrypted file."""
    with _private(beside) as sealed, plain.open("rb") as file:
        seal(file, sealed, key.value, bound_to=manifest.binding)
    return replace(manifest, size_bytes=beside.stat().st_size, sha256=_sha256(beside), encryption=FORMAT)


def _copy(engine: Engine, target: Path) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.DatabaseError as error:
            # Past SQLAlchemy: nobody else says what it means.
            raise of_database(error, shown=str(engine.url.database)) or error from error


def _described(path: Path, name: str, at: datetime) -> Manifest:
    """What is in a copy that is sound.

    Raises
    ------
    Unsound
        If it is damaged, or its audit trail does not hold.
    """
    try:
        with opened(path) as session:
            driver: Any = session.connection().connection.driver_connection
            faults = [row[0] for row in driver.execute("PRAGMA integrity_check") if row[0] != "ok"]
            faults += [f"{row[0]} {row[1]}" for row in driver.execute("PRAGMA foreign_key_check")]
            broken = [] if faults else audit.verify(session)
            if faults or broken:
                raise Unsound(
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
        raise Unsound(_wrong(path, say("The database is damaged."), None)) from error
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


def _needs_key(path: Path) -> Refused:
    return Refused(
        Problem(
            place=str(path),
            value=None,
            rule=say("It is encrypted, and no key was given."),
            remedy=say(
                "Give the key file that it was made with: --key-file, or the setting backup_key_file."
            ),
        )
    )


def _wrong_key(path: Path, key: SecretKey) -> Refused:
    return Refused(
        Problem(
            place=str(path),
            value=str(key.path),
            rule=say(
                "The key does not open it: it was encrypted with another, or its manifest is not its own."
            ),
            remedy=say("Give the key file that it was made with, and the .json that was made with it."),
        )
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


def cannot_write(folder: Path, error: OSError) -> Refused:
    """The refusal of a folder in which no copy can be kept."""
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
