"""When premises can be had: whether a calendar is kept, and what takes them once or again and again."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Confirmed, Id, Name, ShortText, Versioned
from prep.models.sites import Site
from prep.terms import BookingKind


class SiteCalendar(Confirmed, Base):
    """Premises whose calendar is kept (varauskalenteri): what no booking takes is free, to the last day known."""

    __tablename__ = "site_calendar"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), unique=True)
    # None: without end.
    known_until: Mapped[date | None]

    site: Mapped[Site] = relationship(back_populates="calendar")


class SiteBooking(Versioned, Base):
    """What takes premises (varaus), on the clock of its zone: once, or by a rule of RFC 5545."""

    __tablename__ = "site_booking"
    __table_args__ = (
        CheckConstraint("starts_min >= 0 AND starts_min < 1440", name="begins_within_the_day"),
        CheckConstraint("minutes > 0", name="lasts"),
        CheckConstraint("(kind = 'on_notice') = (notice_h IS NOT NULL)", name="notice_where_it_is_given"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    kind: Mapped[BookingKind]
    title: Mapped[Name] = mapped_column(default="")
    # The first turn: its day, the minute of that day, and how long it lasts.
    starts_on: Mapped[date]
    starts_min: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    # RRULE, empty for what comes once; the days of turns that are left out, as 2026-12-24.
    rule: Mapped[ShortText] = mapped_column(default="")
    excluded: Mapped[list[str]] = mapped_column(JSON, default=list)
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Helsinki")
    # Hours from the call until the premises are free.
    notice_h: Mapped[float | None]
    # The name of the event in the calendar from which it was read; empty for what was written here.
    uid: Mapped[ShortText] = mapped_column(default="")

    site: Mapped[Site] = relationship(back_populates="bookings")
