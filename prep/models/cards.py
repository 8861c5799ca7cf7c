"""The register of issued cards: which printed copies exist, and of what."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from prep.models.base import Base, Digest, MunicipalityCode, Name, ShortText
from prep.terms import CardKind, CardRole, Classification, Disruption, Language


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
    first_printed_at: Mapped[datetime]
    last_printed_at: Mapped[datetime]
    copies: Mapped[int] = mapped_column(default=1)
    holder: Mapped[ShortText] = mapped_column(default="")
