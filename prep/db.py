"""The database: engine, settings in force on every connection, and the two kinds of session.

Only what opens a session here ends it: a domain function takes a session and never commits.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from prep import audit, chain_versions, site_history
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.outages import of_database, of_file

# A power cut loses no acknowledged change only with FULL; WAL lets readers go on while one writes.
_SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "busy_timeout": "5000",
    "foreign_keys": "ON",
    "secure_delete": "FAST",
}
_WRITES = "prep_writes"
# A server that is switched off is silent: without a limit one would wait for minutes.
_CONNECT_TIMEOUT_S = 10


def make_engine(database_url: str) -> Engine:
    """An engine for SQLite or PostgreSQL.

    Raises
    ------
    Refused
        If the address is not one of these two.
    """
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise _unusable_url(database_url) from error
    shown = url.render_as_string(hide_password=True)
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            shown = url.database
            engine = _sqlite_engine(database_url, Path(url.database))
        case "postgresql":
            # Without the ping the first requests after a restart of the server fail.
            wait = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_TIMEOUT_S}
            engine = create_engine(
                url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=wait
            )
        case _:
            raise _unusable_url(shown)
    _tell_outages(engine, shown)
    return engine


@contextmanager
def read_session(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the database and changes nothing."""
    with Session(engine) as session:
        try:
            yield session
        finally:
            session.rollback()


@contextmanager
def write_session(engine: Engine, *, actor: str, why: str = "") -> Iterator[Session]:
    """A session whose changes are kept together or not at all, each with its row in the audit trail.

    ``actor`` names who acts (an account, or the command that was run), ``why`` the reason.
    """
    with _writer_queue(engine), Session(engine.execution_options(**{_WRITES: True})) as session:
        session.info.update(actor=actor, why=why)
        audit.watch(session)
        chain_versions.watch(session)
        site_history.watch(session)
        with session.begin():
            yield session
            chain_versions.keep(session)


def checkpoint(engine: Engine) -> bool:
    """Bring everything from the write-ahead log into the file and empty the log (SQLite only).

    What was deleted or redacted is then in neither. False when somebody was reading and the log is still there.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _tell_outages(engine: Engine, shown: str) -> None:
    """Raise an outage as what it is, wherever a statement meets it; other errors pass as they are."""

    @event.listens_for(engine, "handle_error")
    def _tell(context: ExceptionContext) -> None:
        # A ping that fails is followed by a new connection.
        outage = None if context.is_pre_ping else of_database(context.original_exception, shown=shown)
        if outage is not None:
            raise outage from context.original_exception


def _sqlite_engine(database_url: str, path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # The database holds telephone numbers: nobody else on the machine may read it.
            path.touch(mode=0o600)
    except OSError as error:
        raise of_file(error) from error
    engine = create_engine(database_url)

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for name, value in _SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that first reads and then writes fails at once when another has written in between.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

    return engine


_thread_queue = threading.Lock()


@contextmanager
def writers_wait(database: Path) -> Iterator[None]:
    """One writer at a time, in order of arrival, over threads and processes (SQLite only)."""
    with _thread_queue:
        descriptor = _lock_file(database, ".lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


@contextmanager
def served(engine: Engine) -> Iterator[None]:
    """Say, for as long as pages are served, that they are (SQLite only).

    Raises
    ------
    Refused
        If a backup is just being put in the place of the database.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    rule = say("A backup is just being put in its place.")
    with _held(Path(str(engine.url.database)), fcntl.LOCK_SH, rule, say("Wait until that is done.")):
        yield


@contextmanager
def unserved(database: Path) -> Iterator[None]:
    """Keep pages from being served for a while (SQLite only).

    Raises
    ------
    Refused
        If they are served now.
    """
    rule = say("Pages are served from it.")
    with _held(database, fcntl.LOCK_EX, rule, say("Stop “prep serve”, then try again.")):
        yield


@contextmanager
def _writer_queue(engine: Engine) -> Iterator[None]:
    if engine.dialect.name != "sqlite":
        yield
        return
    with writers_wait(Path(str(engine.url.database))):
        yield


@contextmanager
def _held(database: Path, kind: int, rule: Message, remedy: Message) -> Iterator[None]:
    descriptor = _lock_file(database, ".served")
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(Problem(place=str(database), value=None, rule=rule, remedy=remedy)) from error
        yield
    finally:
        os.close(descriptor)


def _lock_file(database: Path, end: str) -> int:
    try:
        return os.open(f"{database}{end}", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise of_file(error) from error


def _unusable_url(url: str) -> Refused:
    return Refused(
        Problem(
            place="PREP_DATABASE_URL",
            value=url,
            rule=say("The database is a file of SQLite, or PostgreSQL."),
            remedy=say("Write sqlite:///path/to/file.db or postgresql://user@host/name, or leave it empty."),
        )
    )
