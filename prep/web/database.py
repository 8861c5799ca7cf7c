"""The database as the pages see it: one session a page for reading, one a form for writing."""

from contextlib import AbstractContextManager

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from prep.config import Settings
from prep.db import make_engine, read_session, write_session

_KEY = "prep_engine"


def connect(app: Flask, settings: Settings) -> None:
    """Give the application its engine."""
    app.extensions[_KEY] = make_engine(settings.resolved_database_url)


def share(app: Flask, other: Flask) -> None:
    """Give an application the engine of another."""
    app.extensions[_KEY] = engine_of(other)


def engine_of(app: Flask) -> Engine:
    """The application's engine."""
    engine: Engine = app.extensions[_KEY]
    return engine


def reading() -> AbstractContextManager[Session]:
    """A session for one page: it sees one state of the database, and what it gave is rendered inside it."""
    return read_session(engine_of(current_app))


def writing(actor: str, *, why: str = "") -> AbstractContextManager[Session]:
    """A session for one form: all of it is kept, or nothing; ``actor`` stands in the audit trail."""
    return write_session(engine_of(current_app), actor=actor, why=why)
