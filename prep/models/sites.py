"""Premises usable for evacuation, what they are used for, and who holds the keys."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import (
    Base,
    Confirmed,
    Id,
    LongText,
    MunicipalityCode,
    Name,
    ShortText,
    Versioned,
)
from prep.models.people import Person
from prep.models.places import Municipality
from prep.terms import Classification, KeyPower, SiteStatus, SiteUse


class Site(Versioned, Confirmed, Base):
    """Premises (tila) usable for evacuation. None is unknown: never no, and never zero."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("municipality_code", "name"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_coordinates_or_none"),
        CheckConstraint("net_area_m2 IS NULL OR net_area_m2 >= 0", name="area_not_negative"),
        CheckConstraint("toilets IS NULL OR toilets >= 0", name="toilets_not_negative"),
    )

    id: Mapped[Id]
    # The municipality that keeps the row on its list: a field, never derived from the map.
    municipality_code: Mapped[MunicipalityCode] = mapped_column(ForeignKey("municipality.code"))
    name: Mapped[Name]
    name_sv: Mapped[Name] = mapped_column(default="")
    address: Mapped[ShortText] = mapped_column(default="")
    owner: Mapped[ShortText] = mapped_column(default="")
    # WGS84 degrees.
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    status: Mapped[SiteStatus] = mapped_column(default=SiteStatus.UNKNOWN)

    net_area_m2: Mapped[float | None]
    toilets: Mapped[int | None]
    accessible_toilets: Mapped[int | None]
    showers: Mapped[int | None]
    beds: Mapped[int | None]
    meals_per_hour: Mapped[int | None]
    floor_level: Mapped[int | None]
    exits: Mapped[int | None]

    is_accessible: Mapped[bool | None]
    has_kitchen: Mapped[bool | None]
    heats_without_grid: Mapped[bool | None]
    allows_pets: Mapped[bool | None]
    backup_power_h: Mapped[float | None]

    # Fixed beforehand in a fire inspection (palotarkastus): the most who may sleep there.
    fire_max_persons: Mapped[int | None]
    fire_confirmed_on: Mapped[date | None]
    rescue_plan_on: Mapped[date | None]
    hours_to_open: Mapped[float | None]
    hours_to_full: Mapped[float | None]

    classification: Mapped[Classification] = mapped_column(default=Classification.INTERNAL)
    note: Mapped[LongText] = mapped_column(default="")
    # File, sheet and row from which the row was imported.
    imported_from: Mapped[ShortText] = mapped_column(default="")

    municipality: Mapped[Municipality] = relationship()
    uses: Mapped[list["SiteUseRow"]] = relationship(
        back_populates="site", order_by="SiteUseRow.use", cascade="all, delete-orphan"
    )
    key_holders: Mapped[list["KeyHolder"]] = relationship(
        back_populates="site", order_by="KeyHolder.position", cascade="all, delete-orphan"
    )


class SiteUseRow(Base):
    """One use of premises, with the capacity that its keeper states for it (None: not stated)."""

    __tablename__ = "site_use"
    __table_args__ = (
        UniqueConstraint("site_id", "use"),
        CheckConstraint(
            "stated_capacity IS NULL OR stated_capacity >= 0", name="stated_capacity_not_negative"
        ),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    use: Mapped[SiteUse]
    stated_capacity: Mapped[int | None]

    site: Mapped[Site] = relationship(back_populates="uses")


class PossibleSiteDouble(Base):
    """Two premises that were looked at and found not to be the same, so that nobody is asked again."""

    __tablename__ = "possible_site_double"
    __table_args__ = (CheckConstraint("site_id < other_id", name="in_order"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    decided_at: Mapped[datetime]


class KeyHolder(Confirmed, Base):
    """Who opens the premises (avaintenhaltija): a person of the registry, or only a name and a number."""

    __tablename__ = "key_holder"
    __table_args__ = (UniqueConstraint("site_id", "position"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    position: Mapped[int]
    power: Mapped[KeyPower]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[Name] = mapped_column(default="")
    phone: Mapped[ShortText] = mapped_column(default="")

    site: Mapped[Site] = relationship(back_populates="key_holders")
    person: Mapped[Person | None] = relationship()
