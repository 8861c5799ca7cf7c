"""An invented county with chains and premises, built once; a binder of one of its municipalities, written once."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from prep.binder.content import Binder, PartKind
from prep.binder.document import Printed, write
from prep.binder.records import Printing, Sight, county_binder
from prep.cli import output
from prep.db import make_engine, read_session, write_session
from prep.demo import build
from prep.models import Municipality
from prep.regions.outlines import county_map
from prep.registry.install import installed_pack
from prep.terms import Classification, Language

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)

Make = Callable[..., Binder]


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("binder")
    path = folder / "prep.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        build.make_county(session, on=ON)
    with write_session(engine, actor="test") as session:
        build.import_premises(session, folder, on=ON)
    with write_session(engine, actor="test") as session:
        build.make_chains(session, on=ON)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="package")
def session(database: Path) -> Iterator[Session]:
    engine = make_engine(f"sqlite:///{database}")
    with read_session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture(scope="package")
def make(session: Session) -> Make:
    """Makes the binder of a municipality, or with None of the county; with few cards."""

    def made(
        code: str | None, language: Language = Language.FI, *, sight: Sight | None = None, at: datetime = AT
    ) -> Binder:
        printing = Printing(language, Classification.INTERNAL, ON, at)
        municipality = session.get_one(Municipality, code) if code else None
        land = county_map(installed_pack(session), None)
        binder = county_binder(session, printing, land, municipality=municipality, sight=sight or Sight())
        return with_few_cards(binder)

    return made


@pytest.fixture(scope="package")
def perho(make: Make) -> Binder:
    return make("584")


@pytest.fixture(scope="package")
def pdf(perho: Binder) -> bytes:
    """The binder of Perho, in Finnish."""
    return written(perho)[0]


def with_few_cards(binder: Binder) -> Binder:
    """The binder with the action cards of one disruption in each chapter: they have tests of their own."""
    chapters = []
    for chapter in binder.chapters:
        parts = [
            replace(part, entries=part.entries[:1]) if part.kind is PartKind.CARDS else part
            for part in chapter.parts
        ]
        chapters.append(replace(chapter, parts=tuple(parts)))
    return replace(binder, chapters=tuple(chapters))


def written(binder: Binder) -> tuple[bytes, Printed]:
    file = io.BytesIO()
    printed = write(file, binder)
    return file.getvalue(), printed


@pytest.fixture
def instance(tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An instance folder of its own with the county, for commands."""
    (tmp_path / "prep.db").write_bytes(database.read_bytes())
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    output.settings.cache_clear()
    yield tmp_path
    output.settings.cache_clear()
