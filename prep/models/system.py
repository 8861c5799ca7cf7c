"""The installation itself, and the audit trail."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from prep.models.base import Base, Digest, LongText, Name, ShortText


class Installation(Base):
    """One row: what this database holds."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    created_at: Mapped[datetime]
    created_with: Mapped[ShortText]
    # Everything in a demonstration is invented, and every page and card says so.
    is_demo: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="is_demo"), default=False)


class Submission(Base):
    """A form, or a request of a program, that has been carried out: sent once more, it changes nothing again."""

    __tablename__ = "submission"
    __audited__ = False

    # The digest of the sender's account, the one-time key and what was sent.
    key: Mapped[Digest] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # Where the sender was led, or what a program was answered.
    answer: Mapped[str] = mapped_column(Text, default="")


class AuditEntry(Base):
    """One changed row; see prep.audit for the chain."""

    __tablename__ = "audit_entry"
    __audited__ = False

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[Name]
    action: Mapped[str] = mapped_column(String(10))
    table_name: Mapped[Name]
    row_key: Mapped[ShortText]
    why: Mapped[LongText]
    values: Mapped[str | None]
    salt: Mapped[str | None] = mapped_column(String(32))
    commitment: Mapped[Digest]
    previous_hash: Mapped[Digest]
    hash: Mapped[Digest] = mapped_column(unique=True)
