"""One demonstration county on each kind of database, built once; the tests only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from prep import clock
from prep.alerting.warm import warm
from prep.db import make_engine, write_session
from prep.demo import build
from prep.demo.build import Simulated
from prep.demo.database import start_again
from prep.exchange.importing import ImportPlan
from prep.terms import Language
from tests.conftest import NOW


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The simulator, ready; compiled once for the machine, as in an installation."""
    warm(Path(__file__).parent.parent.parent / "instance" / "compiled")


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, compiled: None
) -> Iterator[tuple[Engine, ImportPlan, list[Simulated]]]:
    folder = tmp_path_factory.mktemp("demo")
    url = (
        f"sqlite:///{folder / 'prep.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_url")()
    )
    engine = make_engine(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREP_NOW", NOW)
        start_again(engine)
        today = clock.today()
        with write_session(engine, actor="test") as session:
            build.make_county(session, on=today)
        with write_session(engine, actor="test") as session:
            plan, _ = build.import_premises(session, folder, on=today)
        with write_session(engine, actor="test") as session:
            build.make_chains(session, on=today)
        with write_session(engine, actor="test") as session:
            simulated = build.simulate_chains(session, on=today, language=Language.EN)
            session.expunge_all()
    yield engine, plan, simulated
    engine.dispose()
