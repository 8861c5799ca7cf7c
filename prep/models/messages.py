"""What goes out: messages that wait to be sent, links by which people confirm, calendars they follow."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Digest, Id, Name, ShortText
from prep.models.people import Person
from prep.terms import FreshnessKind, OutboxState

_SECRET: dict[str, Any] = {"secret": True}


class OutboxMessage(Base):
    """A message on its way out. Recipient and text are frozen when it is written: what is sent is what was decided."""

    __tablename__ = "outbox_message"
    __audited__ = False
    __table_args__ = (
        Index("ix_outbox_message_state_due_at", "state", "due_at"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    )

    id: Mapped[Id]
    # The same reason never writes two: "digest 2026-W48 person 12".
    reason: Mapped[ShortText] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[ShortText]
    subject: Mapped[Name]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.PENDING)
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    # Until then a worker has it; a worker that died is overtaken, and its own late word does not count.
    leased_until: Mapped[datetime | None]
    lease: Mapped[str] = mapped_column(String(32), default="")
    sent_at: Mapped[datetime | None]
    # What the mail server said last, without addresses.
    answer: Mapped[ShortText] = mapped_column(default="")


class ReviewLink(Base):
    """A link by which somebody without an account confirms what is known of them (vahvistuslinkki)."""

    __tablename__ = "review_link"

    id: Mapped[Id]
    token_hash: Mapped[Digest] = mapped_column(unique=True, info=_SECRET)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class CalendarFeed(Base):
    """A calendar of one person's meetings, for the person's own calendar program; the address is its key."""

    __tablename__ = "calendar_feed"

    id: Mapped[Id]
    token_hash: Mapped[Digest] = mapped_column(unique=True, info=_SECRET)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None] = mapped_column(info={"audited": False})

    person: Mapped[Person] = relationship()


class FreshnessInterval(Base):
    """How many days a kind of value may be old before it has to be confirmed again, where the county set it."""

    __tablename__ = "freshness_interval"
    __table_args__ = (CheckConstraint("days >= 1", name="days_at_least_one"),)

    kind: Mapped[FreshnessKind] = mapped_column(primary_key=True)
    days: Mapped[int]


class PossibleDouble(Base):
    """Two people who were looked at and found not to be the same, so that nobody is asked again."""

    __tablename__ = "possible_double"
    __table_args__ = (CheckConstraint("person_id < other_id", name="in_order"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    decided_at: Mapped[datetime]
