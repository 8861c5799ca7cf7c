"""The county's own card texts, and the register of issued cards: what was printed, and where each copy is."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Digest, Id, Json, MunicipalityCode, Name, ShortText, Versioned
from prep.terms import CardKind, CardRole, Classification, CopyState, Disruption, Language, TextStatus


class IssuedCard(Base):
    """One card as printed; the same content printed again keeps its code."""

    __tablename__ = "issued_card"

    # Eight characters that a person can read out, also in the QR code on the card.
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[CardKind]
    title: Mapped[Name]
    municipality_code: Mapped[MunicipalityCode | None] = mapped_column(ForeignKey("municipality.code"))
    role: Mapped[CardRole | None]
    disruption: Mapped[Disruption | None]
    language: Mapped[Language]
    text_version: Mapped[int]
    valid_from: Mapped[date]
    classification: Mapped[Classification]
    # SHA-256 of everything on the card that can become wrong: its texts and the data filled in.
    content_digest: Mapped[Digest]
    # By part of the content, what tells whether it has changed since; see prep.cards.changes.
    parts: Mapped[Json] = mapped_column(default=dict)
    first_printed_at: Mapped[datetime]
    last_printed_at: Mapped[datetime]
    copies: Mapped[int] = mapped_column(default=1)
    issued: Mapped[list["CardCopies"]] = relationship(back_populates="card")


class PrintRun(Base):
    """One printing of cards (tulostuserä): when, by whom, and into which file."""

    __tablename__ = "print_run"

    id: Mapped[Id]
    printed_at: Mapped[datetime]
    printed_by: Mapped[Name] = mapped_column(default="")
    name: Mapped[ShortText] = mapped_column(default="")
    issued: Mapped[list["CardCopies"]] = relationship(back_populates="run")


class CardCopies(Versioned, Base):
    """The copies of one card in one printing: who has them, where, and whether they are still out."""

    __tablename__ = "card_copies"
    __table_args__ = (CheckConstraint("copies > 0", name="some_copies"),)

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("print_run.id"), index=True)
    code: Mapped[str] = mapped_column(ForeignKey("issued_card.code"), index=True)
    copies: Mapped[int]
    # A post or a unit, and the room, binder or vehicle.
    holder: Mapped[ShortText] = mapped_column(default="")
    place: Mapped[ShortText] = mapped_column(default="")
    state: Mapped[CopyState] = mapped_column(default=CopyState.OUT)
    # Since when it is what it is; None while the copies are out as they were printed.
    state_on: Mapped[date | None] = mapped_column(default=None)
    # The copies that were printed in their place.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("card_copies.id"), default=None)
    run: Mapped[PrintRun] = relationship(back_populates="issued")
    card: Mapped[IssuedCard] = relationship(back_populates="issued")


class CardText(Base):
    """One version of the county's own text of the cards of a disruption; it is never changed, only approved."""

    __tablename__ = "card_text"
    __table_args__ = (UniqueConstraint("disruption", "version"),)

    id: Mapped[Id]
    disruption: Mapped[Disruption]
    version: Mapped[int]
    content: Mapped[Json]
    # The common text that it stems from, and the blocks in which both have changed since.
    base: Mapped[Json]
    conflicts: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[ShortText] = mapped_column(default="")
    saved_at: Mapped[datetime]
    saved_by: Mapped[Name] = mapped_column(default="")
    status: Mapped[TextStatus] = mapped_column(default=TextStatus.DRAFT)
    # The role in which somebody approved it, who that was, and by when it is looked through again.
    approved_role: Mapped[Name] = mapped_column(default="")
    approved_by: Mapped[Name] = mapped_column(default="")
    approved_on: Mapped[date | None] = mapped_column(default=None)
    review_due: Mapped[date | None] = mapped_column(default=None)
