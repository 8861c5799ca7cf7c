"""Migrations: the database is brought to the form that this prep needs, or it is left as it was."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from prep.errors import Problem, Refused
from prep.language import say
from prep.models import Base

_HERE = Path(__file__).parent


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to the newest form.

    Raises
    ------
    Refused
        If a newer prep has written it, or if a migration would leave rows that refer to nothing.
    """
    config = _config()
    with engine.connect() as connection:
        current = _current(connection)
        if current and not knows(current):
            raise Refused(
                Problem(
                    place=say("The database"),
                    value=current,
                    rule=say("It was written by a newer version of prep."),
                    remedy=say("Install that version, or restore a backup made with this one."),
                )
            )
        connection.rollback()
        # SQLite alters a table by copying it; with foreign keys on, dropping the old one loses its children.
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
                if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise AssertionError("a migration left rows that refer to nothing")
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def is_current(engine: Engine) -> bool:
    """Whether the database has the form that this version of prep needs."""
    with engine.connect() as connection:
        return _current(connection) == ScriptDirectory.from_config(_config()).get_current_head()


def knows(revision: str) -> bool:
    """Whether this version of prep has the migration; False for what a newer one has written."""
    return revision in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


def revision_of(engine: Engine) -> str | None:
    """The migration that the database is at; None when it is empty."""
    with engine.connect() as connection:
        return _current(connection)


def differences(engine: Engine) -> list[object]:
    """What the models say and the database does not; empty when they agree."""
    with engine.connect() as connection:
        return list(
            compare_metadata(
                MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
            )
        )


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config
