"""Meetings of bodies: when, who came, and the minutes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Id, Name, ShortText, Versioned
from prep.models.bodies import Body, Seat
from prep.models.people import Person
from prep.terms import MeetingStatus


class Meeting(Versioned, Base):
    """A meeting (kokous) of a body."""

    __tablename__ = "meeting"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_starts"),)

    id: Mapped[Id]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    place: Mapped[ShortText] = mapped_column(default="")
    subject: Mapped[Name] = mapped_column(default="")
    status: Mapped[MeetingStatus] = mapped_column(default=MeetingStatus.PLANNED)
    # The last day to send the invitation, and the day on which it was sent.
    invite_by: Mapped[date | None]
    invited_on: Mapped[date | None]

    body: Mapped[Body] = relationship()
    attendances: Mapped[list["Attendance"]] = relationship(
        back_populates="meeting", order_by="Attendance.id", cascade="all, delete-orphan"
    )


class Attendance(Base):
    """Somebody who was at a meeting, in a seat or as a guest."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # None: not in a seat of the body.
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))

    meeting: Mapped[Meeting] = relationship(back_populates="attendances")
    person: Mapped[Person] = relationship()
    seat: Mapped[Seat | None] = relationship()
