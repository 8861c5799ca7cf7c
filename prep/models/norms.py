"""The county's own norm sets: which figures differ from those of the set that they are based on, and why."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Id, Key, LongText, Name, ShortText, Versioned
from prep.models.places import County


class StoredNorms(Versioned, Base):
    """A norm set (normisarja) of the county's own, based on one that comes with prep."""

    __tablename__ = "norm_set"
    __table_args__ = (UniqueConstraint("county_id", "key"),)

    id: Mapped[Id]
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    key: Mapped[Key]
    name: Mapped[Name]
    # The key of a set that comes with prep.
    based_on: Mapped[Key]
    # Kinds of limits by phase; a phase that is not named is as in the set it is based on.
    limits: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    note: Mapped[LongText] = mapped_column(default="")

    county: Mapped[County] = relationship()
    figures: Mapped[list["StoredFigure"]] = relationship(
        back_populates="norms",
        order_by="StoredFigure.key, StoredFigure.phase",
        cascade="all, delete-orphan",
    )


class StoredFigure(Base):
    """A figure that the county has set, and where it comes from."""

    __tablename__ = "norm_figure"
    __table_args__ = (
        UniqueConstraint("norm_set_id", "key", "phase"),
        CheckConstraint("value > 0", name="value_above_zero"),
    )

    id: Mapped[Id]
    norm_set_id: Mapped[int] = mapped_column(ForeignKey("norm_set.id"))
    key: Mapped[Key]
    # Empty where the figure holds in every phase.
    phase: Mapped[str] = mapped_column(String(20), default="")
    value: Mapped[float]
    source: Mapped[ShortText]

    norms: Mapped[StoredNorms] = relationship(back_populates="figures")


class NormChoice(Base):
    """The norm set by which a county's premises are judged, where it is not the one that comes first."""

    __tablename__ = "norm_choice"

    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"), primary_key=True)
    # Of a set of the county's own, or of one that comes with prep.
    key: Mapped[Key]
