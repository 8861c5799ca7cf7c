"""The county's own scenarios: when an alarm comes and what is out of order then."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Id, Key, Name, ShortText, Versioned
from prep.models.places import County


class StoredScenario(Versioned, Base):
    """A scenario (tilanne) that the county named and keeps, to ask its chains about."""

    __tablename__ = "scenario"
    __table_args__ = (
        UniqueConstraint("county_id", "key"),
        CheckConstraint("away_p IS NULL OR (away_p >= 0 AND away_p <= 1)", name="away_is_a_share"),
    )

    id: Mapped[Id]
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    key: Mapped[Key]
    name: Mapped[Name]
    # Weights by value of prep.terms.HourClass; empty: it says nothing about the hour, or names a moment.
    hours: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime | None]
    # None: as is assumed of the moment.
    away_p: Mapped[float | None]
    # Kinds of infrastructure (values of prep.terms.ResourceKind) and keys of single parts.
    down: Mapped[list[str]] = mapped_column(JSON, default=list)
    fails: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    # Outages for a part of the time: part, starts_s and ends_s since the alarm, the last null without an end.
    windows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    note: Mapped[ShortText] = mapped_column(default="")

    county: Mapped[County] = relationship()
