"""The demonstration county with one account for each role, served with its API."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from prep.auth import accounts
from prep.config import Settings
from prep.db import write_session
from prep.registry.people import add_absence, people
from prep.web import create_app
from prep.web.database import engine_of
from tests.conftest import NOW
from tests.web.api.programs import CAST, KOKKOLA, PERHO, Program, program
from tests.web.county import TODAY


@pytest.fixture(scope="session")
def api_app(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = _served(county, tmp_path_factory.mktemp("api"))
    yield app
    engine_of(app).dispose()


@pytest.fixture
def own_app(county: Path, tmp_path: Path) -> Iterator[Flask]:
    """The API on a county of its own, which a test may change."""
    app = _served(county, tmp_path)
    yield app
    engine_of(app).dispose()


@pytest.fixture
def own(own_app: Flask) -> Callable[..., Program]:
    """Makes a program of somebody's, on the county that may be changed."""
    return lambda login, *scopes: program(own_app, login, *scopes)


def _served(county: Path, folder: Path) -> Flask:
    (folder / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(Settings(instance=folder))
    with write_session(engine_of(app), actor="test") as session:
        for login, (role, place) in CAST.items():
            account = accounts.add(session, login, f"{login.title()} Esimerkki")
            accounts.give(session, account, role, starts=TODAY, municipality=place)
        for code in (KOKKOLA, PERHO):
            person = people(session, municipality=code)[0]
            add_absence(session, person, starts=date(2027, 7, 1), ends=date(2027, 7, 31))
    return app


@pytest.fixture(scope="session")
def cast(api_app: Flask) -> dict[str, Program]:
    """A program for each role, with a key for all that it can have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREP_NOW", NOW)
        return {login: program(api_app, login) for login in CAST}


@pytest.fixture
def planner(cast: dict[str, Program]) -> Program:
    return cast["planner"]


@pytest.fixture
def with_scopes(api_app: Flask) -> Callable[..., Program]:
    """Makes a program of the planner's with few permissions."""
    return lambda *scopes: program(api_app, "planner", *scopes)
