"""An application on a demonstration county, built once, and people who are signed in to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from prep import clock
from prep.auth import accounts
from prep.config import Settings
from prep.db import write_session
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.county import build_county
from tests.web.people import LOGIN, sign_in


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The instance folder of an invented county, which no test uses: they work on copies of its database."""
    return build_county(tmp_path_factory.mktemp("county"), sqlite_template)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, county: Path) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("shared")
    (folder / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(Settings(instance=folder))
    yield app
    engine_of(app).dispose()


@pytest.fixture
def apart(tmp_path: Path, county: Path) -> Iterator[Flask]:
    """An application on a county of its own, which a test may change."""
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(Settings(instance=tmp_path))
    yield app
    engine_of(app).dispose()


@pytest.fixture
def invited(apart: Flask) -> Flask:
    """A county of its own, with an account that has only been invited."""
    with write_session(engine_of(apart), actor="test") as session:
        account = accounts.add(session, LOGIN, "Aino Exempel")
        accounts.give(session, account, AccountRole.COUNTY_PLANNER, starts=clock.today())
    return apart


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """The county's planner, signed in."""
    return sign_in(app)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


@pytest.fixture
def empty_client(tmp_path: Path, sqlite_template: Path) -> Iterator[FlaskClient]:
    """Pages of an installation without a county."""
    (tmp_path / "prep.db").write_bytes(sqlite_template.read_bytes())
    app = create_app(Settings(instance=tmp_path))
    yield sign_in(app)
    engine_of(app).dispose()


@pytest.fixture
def changed(tmp_path: Path, county: Path) -> Iterator[Callable[[Callable[..., None]], FlaskClient]]:
    """Pages of the county after a change of its data."""
    apps = []

    def change(make: Callable[..., None]) -> FlaskClient:
        (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
        app = create_app(Settings(instance=tmp_path))
        apps.append(app)
        with write_session(engine_of(app), actor="test") as session:
            make(session)
        return sign_in(app)

    yield change
    for app in apps:
        engine_of(app).dispose()
