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

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from prep.audit import watch
from prep.errors import Problem, Refused
from prep.language import say

# A power cut loses no acknowledged change only with FULL; WAL lets readers go on while one writes.
_SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "busy_timeout": "5000",
    "foreign_keys": "ON",
    "secure_delete": "FAST",
}
_WRITES = "prep_writes"


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
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(database_url, Path(url.database or ""))
    if url.get_backend_name() == "postgresql":
        # Without the ping the first requests after a restart of the server fail.
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise _unusable_url(url.render_as_string(hide_password=True))


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
        watch(session)
        with session.begin():
            yield session


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


def _sqlite_engine(database_url: str, path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # The database holds telephone numbers: nobody else on the machine may read it.
        path.touch(mode=0o600)
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
def _writer_queue(engine: Engine) -> Iterator[None]:
    """One writer at a time, in order of arrival, over threads and processes (SQLite only)."""
    if engine.dialect.name != "sqlite":
        yield
        return
    lock_path = f"{engine.url.database}.lock"
    with _thread_queue:
        descriptor = os.open(lock_path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _unusable_url(url: str) -> Refused:
    return Refused(
        Problem(
            place="PREP_DATABASE_URL",
            value=url,
            rule=say("The database is SQLite or PostgreSQL."),
            remedy=say("Write sqlite:///path/to/file.db or postgresql://user@host/name, or leave it empty."),
        )
    )
