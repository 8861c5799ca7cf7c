"""What all tests share: a database of each kind, freshly migrated, and a clock that stands still."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url

from prep import migrations
from prep.db import make_engine
from tests.postgres import private_cluster

NOW = "2026-11-22T10:46:00+02:00"


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in os.environ if name.startswith("PREP_") and name != "PREP_TEST_DATABASE_URL"
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREP_NOW", NOW)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "prep.db"
    engine = make_engine(f"sqlite:///{path}")
    migrations.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[Callable[[], str]]:
    """Makes the address of a new migrated PostgreSQL database."""
    given = os.environ.get("PREP_TEST_DATABASE_URL")
    if given:
        base = make_url(given).set(drivername="postgresql+psycopg")
        made: list[str] = []
        yield _maker(
            lambda name: base.set(database=name).render_as_string(hide_password=False), base.database, made
        )
        _drop(base.render_as_string(hide_password=False), made)
    else:
        # The cluster goes away as a whole: its databases need not be dropped one by one.
        with private_cluster() as pattern:
            yield _maker(lambda name: pattern.format(name=name), "postgres", [])


def _maker(address: Callable[[str], str], first: str | None, made: list[str]) -> Callable[[], str]:
    server = create_engine(address(first or "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def create(template: str = "template1") -> str:
        name = f"prep_test_{uuid.uuid4().hex[:12]}"
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        made.append(name)
        return name

    migrated = create()
    engine = make_engine(address(migrated))
    migrations.upgrade(engine)
    engine.dispose()
    return lambda: address(create(migrated))


def _drop(server_url: str, names: list[str]) -> None:
    server = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        for name in names:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database: every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "prep.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    return request.getfixturevalue("postgres_url")()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()
