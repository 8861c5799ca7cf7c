"""The invented meetings of the county's readiness board: one that was, one to come."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.language import HELSINKI
from prep.models import Body
from prep.registry.meeting_details import MeetingDetails, add_meeting, note_attendance

BOARD = "alueturva-board"
_HELD_DAYS_AGO, _COMES_IN_DAYS, _INVITED_DAYS_AGO = 18, 24, 3
_LASTS = timedelta(hours=2)


def add_meetings(session: Session, *, on: date) -> None:
    """A meeting at which everybody in a seat was there, and the next, to which the invitation has gone."""
    board = session.scalars(select(Body).where(Body.key == BOARD)).one()
    begun, now = _at(on - timedelta(days=_HELD_DAYS_AGO)), _at(on)
    held = add_meeting(
        session,
        board,
        MeetingDetails(begun, begun + _LASTS, "Pelastuslaitos", "Talven varautuminen"),
        at=now,
    )
    came = {
        term.person_id: seat.id for seat in board.seats for term in seat.terms if term.covers(begun.date())
    }
    note_attendance(session, held, [(seat, person) for person, seat in came.items()], at=now)
    comes = _at(on + timedelta(days=_COMES_IN_DAYS))
    add_meeting(
        session,
        board,
        MeetingDetails(
            comes,
            comes + _LASTS,
            "Pelastuslaitos",
            "Seuraavan vuoden harjoitukset",
            invite_by=comes.date() - timedelta(days=14),
            invited_on=on - timedelta(days=_INVITED_DAYS_AGO),
        ),
        at=now,
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), HELSINKI)
