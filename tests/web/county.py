"""The invented county that the tests of the pages and of the browser look at: the demonstration, built once."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.attachments import add_minutes
from prep.db import make_engine, write_session
from prep.demo import build
from prep.models import Body
from prep.regions.kinds import Period
from prep.registry.install import management_group_key
from prep.registry.meeting_details import MeetingDetails, add_meeting, note_attendance
from prep.registry.meeting_rules import RuleDetails, add_rule
from prep.terms import Language

TODAY = date(2026, 11, 22)
MINUTES = b"%PDF-1.4\n% a file of the tests\n"


def build_county(folder: Path, template: Path) -> Path:
    """Build the county in a folder from an empty migrated database; gives the folder back."""
    path = folder / "prep.db"
    path.write_bytes(template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        build.make_county(session, on=TODAY)
    with write_session(engine, actor="test") as session:
        _add_meetings(session)
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


def _add_meetings(session: Session) -> None:
    """A meeting with minutes of two municipalities' groups."""
    for code in ("272", "584"):
        group = session.scalars(select(Body).where(Body.key == management_group_key(code))).one()
        begins = datetime(2026, 11, 3, 7, tzinfo=UTC)
        details = MeetingDetails(begins, begins + timedelta(hours=2), "Kaupungintalo", "Talven varautuminen")
        meeting = add_meeting(session, group, details, at=begins)
        add_rule(session, group, RuleDetails(1, None, Period.YEAR))
        came = [(seat.id, seat.terms[0].person_id) for seat in group.seats if seat.terms]
        note_attendance(session, meeting, came, at=begins)
        add_minutes(session, meeting, name="muistio.pdf", content=MINUTES, by="Testi")
