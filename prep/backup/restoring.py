"""Putting a backup in the place of the database: all of it or nothing, and nothing that was there is lost.

The backup is checked, copied beside the database and brought to the form of this version there; the present database
is copied away; then SQLite takes the whole of the new content into the file in one transaction. A process that
is ended at any moment, or a power cut, leaves the old content or the new one.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from prep import audit, clock, migrations, outbox
from prep.auth import accounts, sessions
from prep.auth.secret_key import SecretKey
from prep.backup import Unsound, cannot_write, checked, make, opened
from prep.backup.manifest import Manifest, keep
from prep.db import checkpoint, make_engine, unserved, write_session, writers_wait
from prep.errors import Problem, Refused, Unavailable
from prep.language import Message, say
from prep.models import Account, County, Installation
from prep.outages import Damaged, of_database

# The event in the audit trail of the restored database.
EVENT = "restore"
_ENDS = ("", "-wal", "-shm", ".lock")
# The key of a county, and whether it is invented.
Whose = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done. ``safety`` is the copy of what was there; None if nothing was."""

    manifest: Manifest
    safety: Path | None


def restore(
    path: Path, database: Path, *, key: SecretKey | None, safety_folder: Path, actor: str
) -> Restored:
    """Put a backup in the place of the database file; everybody is signed out.

    Raises
    ------
    Refused
        If pages are served from the database, the backup is not sound, was written by a newer version or belongs to
        another county, or the copy of what is there cannot be made. The database is then as it was.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with unserved(database), checked(path, key=key, scratch=database.parent) as (manifest, plain):
        theirs = _whose_is(path, plain)
        if database.exists():
            _refuse_foreign(path, theirs, opened(database))
        with _prepared(plain, manifest, database, actor=actor) as ready, writers_wait(database):
            safety = _copy_away(database, safety_folder, key)
            if safety is not None:
                # Now it may be opened for good, and what was only in its log counts too.
                _refuse_foreign(path, theirs, _read(database))
            _replace(ready, database)
    return Restored(manifest, safety)


@contextmanager
def _prepared(plain: Path, manifest: Manifest, database: Path, *, actor: str) -> Iterator[Path]:
    """The content that will be put in place, in a file beside the database."""
    beside = database.with_name(f"{database.name}.restoring")
    _remove(beside)
    try:
        beside.touch(mode=0o600)
        shutil.copyfile(plain, beside)
        engine = make_engine(f"sqlite:///{beside}")
        try:
            migrations.upgrade(engine)
            with write_session(engine, actor=actor) as session:
                _sign_everybody_out(session)
                outbox.doubt(session)
                values = {"file": manifest.file, "head": manifest.head, "sha256": manifest.sha256}
                audit.note(session, EVENT, "database", values)
            checkpoint(engine)
        finally:
            engine.dispose()
        yield beside
    finally:
        _remove(beside)


def _sign_everybody_out(session: Session) -> None:
    """Who was signed out or got another password since the backup must not be signed in again by it."""
    for account in session.scalars(select(Account).order_by(Account.id)):
        sessions.end_all(session, account, why="restored from a backup")
        accounts.void_links(session, account)


def _whose_is(path: Path, plain: Path) -> Whose | None:
    try:
        with opened(plain) as session:
            return _whose(session)
    except DatabaseError as error:
        raise _foreign(path, say("It holds no county of prep.")) from error


def _refuse_foreign(path: Path, theirs: Whose | None, present: AbstractContextManager[Session]) -> None:
    """Another county's backup is not put over this one, nor an invented county over a real one.

    Raises
    ------
    Refused
        If it is another's. A database that cannot be read says nothing: it is what a backup is there for.
    """
    try:
        with present as session:
            ours = _whose(session)
    except (DatabaseError, Unavailable):
        return
    if ours is not None and ours != theirs:
        raise _foreign(path, say("It is of another county, or one of the two is invented."))


@contextmanager
def _read(database: Path) -> Iterator[Session]:
    engine = make_engine(f"sqlite:///{database}")
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _whose(session: Session) -> Whose | None:
    county = session.scalar(select(County.key).order_by(County.id).limit(1))
    return None if county is None else (county, bool(session.scalar(select(Installation.is_demo))))


def _copy_away(database: Path, folder: Path, key: SecretKey | None) -> Path | None:
    """A sound database becomes a backup like any other; of a damaged one the files are kept as they are."""
    if not database.exists():
        return None
    # Before anything opens it: SQLite throws away the log of what it takes for no database.
    files = _copy_files(database, folder)
    engine = make_engine(f"sqlite:///{database}")
    try:
        made, _ = make(engine, folder, key=key, begin="prep-before-restore")
    except Unsound:
        return files
    finally:
        engine.dispose()
    _remove(files)
    return made


def _copy_files(database: Path, folder: Path) -> Path:
    target = folder / f"prep-damaged-{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for end in ("", "-wal", "-shm"):
            source, beside = Path(f"{database}{end}"), Path(f"{target}{end}.new")
            if source.exists():
                beside.unlink(missing_ok=True)
                beside.touch(mode=0o600)
                shutil.copyfile(source, beside)
                keep(beside, Path(f"{target}{end}"))
    except OSError as error:
        raise cannot_write(folder, error) from error
    return target


def _replace(ready: Path, database: Path) -> None:
    if database.exists() and _taken_in(ready, database):
        return
    # It cannot even be opened. Without its log it is no worse, and a new file must not meet an old log.
    for end in ("-wal", "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)
    keep(ready, database)


def _taken_in(ready: Path, database: Path) -> bool:
    """Take the content into the file in one transaction of SQLite; False if the file is no database.

    Raises
    ------
    Unavailable
        If another program holds the file, or the disk is full: the old content is then still there.
    """
    with closing(sqlite3.connect(ready)) as source, closing(sqlite3.connect(database)) as target:
        try:
            target.execute("PRAGMA synchronous=FULL")
            source.backup(target, progress=_once)
            # Whoever still reads the old content is not waited for.
            target.execute("PRAGMA busy_timeout=0")
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError as error:
            outage = of_database(error, shown=str(database))
            if isinstance(outage, Damaged):
                return False
            raise outage or error from error
    return True


def _once(status: int, _remaining: int, _total: int) -> None:
    # All pages go in one step; a step that found the file held would be tried for ever.
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        busy = sqlite3.OperationalError("held")
        busy.sqlite_errorcode = status
        raise busy


def _remove(path: Path) -> None:
    for end in _ENDS:
        Path(f"{path}{end}").unlink(missing_ok=True)


def _foreign(path: Path, rule: Message) -> Refused:
    remedy = say("Restore it in an instance folder of its own: set PREP_INSTANCE to a new folder.")
    return Refused(Problem(place=str(path), value=None, rule=rule, remedy=remedy))
