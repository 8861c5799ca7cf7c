"""The invented county that the tests of the pages and of the browser look at: the demonstration, built once."""

from datetime import date
from pathlib import Path

from prep.db import make_engine, write_session
from prep.demo import build
from prep.terms import Language

TODAY = date(2026, 11, 22)


def build_county(folder: Path, template: Path) -> Path:
    """Build the county in a folder from an empty migrated database; gives the folder back."""
    path = folder / "prep.db"
    path.write_bytes(template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        build.make_county(session, on=TODAY)
    with write_session(engine, actor="test") as session:
        build.import_premises(session, folder, on=TODAY)
    with write_session(engine, actor="test") as session:
        build.make_chains(session, on=TODAY)
    with write_session(engine, actor="test") as session:
        build.simulate_chains(session, on=TODAY, language=Language.FI)
    # All of it in the one file: the tests copy it.
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder
