"""The invented county that the tests of the pages and of the browser look at: the demonstration, built once."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.attachments import add_minutes, add_site_file
from prep.cards.records import action_card
from prep.cards.register_records import Run, register
from prep.db import make_engine, write_session
from prep.demo import build
from prep.evacuation.norm_records import county_of, make_set
from prep.exchange.safe_files import PNG
from prep.models import Body, CardCopies, Site
from prep.regions.kinds import Period
from prep.registry.install import management_group_key
from prep.registry.meeting_details import MeetingDetails, add_meeting, note_attendance
from prep.registry.meeting_rules import RuleDetails, add_rule
from prep.terms import CardRole, CopyState, Disruption, Language

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
    with write_session(engine, actor="test") as session:
        make_set(session, county_of(session), name="Alueen luvut", based_on="finland")
    with write_session(engine, actor="test") as session:
        _issue_cards(session)
    with write_session(engine, actor="test") as session:
        _add_plans(session)
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


def _add_plans(session: Session) -> None:
    """A plan of one of the premises of two municipalities."""
    drawn = BytesIO()
    Image.new("L", (40, 30), "white").save(drawn, "PNG")
    for code in ("272", "584"):
        site = session.scalars(select(Site).where(Site.municipality_code == code).order_by(Site.id)).all()[-1]
        add_site_file(session, site, name="pohja.png", kind=PNG, content=drawn.getvalue(), by="Testi")


def _issue_cards(session: Session) -> None:
    """Three cards of the county in the register: one right, one out of date, one destroyed."""
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    cards = [
        action_card(session, None, role, Disruption.FLOOD, Language.FI, on=TODAY, at=at)
        for role in (CardRole.RESCUE_DUTY_OFFICER, CardRole.SITUATION_CENTRE, CardRole.SOCIAL_EMERGENCY)
    ]
    register(
        session, cards, at, Run("tulva.pdf", "testi", copies=2, holder="Tilannekeskus", place="Kansio 1")
    )
    _, old, gone = session.scalars(select(CardCopies).order_by(CardCopies.id))
    old.card.content_digest = "0" * 64
    old.card.parts = {**old.card.parts, "messages": "00000", "version": 0}
    gone.state, gone.state_on = CopyState.DESTROYED, TODAY
