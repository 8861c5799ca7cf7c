import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from prep.auth.secret_key import SecretKey
from prep.db import make_engine
from tests.auth.actors import furnish, key_in


@pytest.fixture(scope="session")
def one_postgres_url(postgres_url: Callable[[], str]) -> str:
    """One database for all tests here: there are many, and emptying one takes a tenth of making one."""
    return postgres_url()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        return _copy(request.getfixturevalue("sqlite_template"), tmp_path)
    url: str = request.getfixturevalue("one_postgres_url")
    engine = make_engine(url)
    tables = ", ".join(f'"{name}"' for name in inspect(engine).get_table_names() if name != "alembic_version")
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    engine.dispose()
    return url


@pytest.fixture
def county(engine: Engine) -> Engine:
    """A database with a county, its municipalities and the three actors."""
    furnish(engine)
    return engine


@pytest.fixture
def sqlite_county(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    """The same on one kind of database, for tests in which the kind does not matter."""
    engine = make_engine(_copy(sqlite_template, tmp_path))
    furnish(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def key(tmp_path: Path) -> SecretKey:
    return key_in(tmp_path)


def _copy(template: Path, folder: Path) -> str:
    path = folder / "prep.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}"
