"""What is remembered of lists that were imported: what somebody said of their columns."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Digest, Id, Key, MunicipalityCode, Name, ShortText
from prep.models.places import Municipality


class RememberedColumn(Base):
    """What somebody said that a column tells (muistettu sarake): proposed when a list with it comes again."""

    __tablename__ = "remembered_column"
    __table_args__ = (UniqueConstraint("list_kind", "municipality_code", "headings", "heading"),)

    id: Mapped[Id]
    # "premises" or "contacts".
    list_kind: Mapped[Key]
    # Whose list it was; None where each row told its own, or it was the county's.
    municipality_code: Mapped[MunicipalityCode | None] = mapped_column(ForeignKey("municipality.code"))
    # Of all the headings of the list together.
    headings: Mapped[Digest]
    # In a plain form; the number of the column where it has no heading of its own.
    heading: Mapped[ShortText]
    # What it tells; empty: it is left out.
    field: Mapped[Key]
    said_on: Mapped[date]
    said_by: Mapped[Name]

    municipality: Mapped[Municipality | None] = relationship()
