"""The invented county that the tests of the pages and of the browser look at."""

from datetime import date
from pathlib import Path

from prep.db import make_engine, write_session
from prep.demo.people import populate
from prep.regions.packs import load_pack
from prep.registry.install import install

TODAY = date(2026, 11, 22)


def build_county(folder: Path, template: Path) -> Path:
    """Build the county in a folder from an empty migrated database; gives the folder back."""
    path = folder / "prep.db"
    path.write_bytes(template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        populate(session, install(session, load_pack("keski-pohjanmaa"), is_demo=True), on=TODAY)
    # All of it in the one file: the tests copy it.
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder
