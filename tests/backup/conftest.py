from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from prep.db import make_engine
from tests.test_trail import make_trail


@pytest.fixture
def live(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    """A database with a county and its trail."""
    (tmp_path / "prep.db").write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    make_trail(engine)
    yield engine
    engine.dispose()
