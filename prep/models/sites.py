"""Premises usable for evacuation, what they are used for, and who holds the keys."""

from datetime import date, datetime
from typing import TYPE_CHECKING

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
from prep.terms import Classification, KeyPower, SiteFeature, SiteStatus, SiteUse

# What is known of premises as a whole and of each of their units alike.
UNIT_COLUMNS = (
    *("net_area_m2", "toilets", "accessible_toilets", "showers", "beds", "meals_per_hour", "serving_hours"),
    *("floor_level", "exits", "smoke_detectors", "is_accessible", "has_kitchen", "has_quiet_room"),
    "fire_max_persons",
)

if TYPE_CHECKING:
    from prep.models.site_calendar import SiteBooking, SiteCalendar


def _not_negative(*columns: str) -> tuple[CheckConstraint, ...]:
    return tuple(
        CheckConstraint(f"{one} IS NULL OR {one} >= 0", name=f"{one}_not_negative") for one in columns
    )


class Roomed:
    """What there is in premises or in one of their units. None is unknown: never no, and never zero."""

    net_area_m2: Mapped[float | None]
    toilets: Mapped[int | None]
    accessible_toilets: Mapped[int | None]
    showers: Mapped[int | None]
    beds: Mapped[int | None]
    meals_per_hour: Mapped[int | None]
    # Hours a day during which meals are served.
    serving_hours: Mapped[float | None]
    # As floors are counted in Finland: 1 is the ground floor.
    floor_level: Mapped[int | None]
    exits: Mapped[int | None]
    smoke_detectors: Mapped[int | None]
    is_accessible: Mapped[bool | None]
    has_kitchen: Mapped[bool | None]
    has_quiet_room: Mapped[bool | None]
    # Fixed beforehand in a fire inspection (palotarkastus): the most who may sleep there.
    fire_max_persons: Mapped[int | None]


class Site(Versioned, Confirmed, Roomed, Base):
    """Premises (tila) usable for evacuation. None is unknown: never no, and never zero."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("municipality_code", "name"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_coordinates_or_none"),
        CheckConstraint("net_area_m2 IS NULL OR net_area_m2 >= 0", name="area_not_negative"),
        CheckConstraint("toilets IS NULL OR toilets >= 0", name="toilets_not_negative"),
        *_not_negative(
            *("water_l_per_day", "serving_hours", "smoke_detectors", "parking_spaces", "staff_persons")
        ),
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

    # In words, where they can be had on a condition only.
    condition: Mapped[ShortText] = mapped_column(default="")

    # Drinkable, litres a day.
    water_l_per_day: Mapped[int | None]
    parking_spaces: Mapped[int | None]
    # Those whom the keeper sends to run the place.
    staff_persons: Mapped[int | None]

    heats_without_grid: Mapped[bool | None]
    allows_pets: Mapped[bool | None]
    # Space of their own for pets and those who have them along.
    has_pet_area: Mapped[bool | None]
    has_well: Mapped[bool | None]
    # A coach comes to the door.
    has_bus_access: Mapped[bool | None]
    backup_power_h: Mapped[float | None]

    fire_confirmed_on: Mapped[date | None]
    # By which role of the rescue department.
    fire_confirmed_by: Mapped[Name] = mapped_column(default="")
    rescue_plan_on: Mapped[date | None]
    hours_to_open: Mapped[float | None]
    hours_to_full: Mapped[float | None]
    agreement_on: Mapped[date | None]
    surveyed_on: Mapped[date | None]
    # By which role.
    surveyed_by: Mapped[Name] = mapped_column(default="")

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
    units: Mapped[list["SiteUnit"]] = relationship(
        back_populates="site", order_by="SiteUnit.position, SiteUnit.id", cascade="all, delete-orphan"
    )
    evidence: Mapped[list["SiteEvidence"]] = relationship(
        back_populates="site", order_by="SiteEvidence.feature", cascade="all, delete-orphan"
    )
    calendar: Mapped["SiteCalendar | None"] = relationship(
        back_populates="site", cascade="all, delete-orphan"
    )
    status_changes: Mapped[list["SiteStatusChange"]] = relationship(
        back_populates="site", order_by="SiteStatusChange.id", cascade="all, delete-orphan"
    )
    bookings: Mapped[list["SiteBooking"]] = relationship(
        back_populates="site",
        order_by="SiteBooking.starts_on, SiteBooking.id",
        cascade="all, delete-orphan",
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


class SiteUnit(Versioned, Roomed, Base):
    """A hall, floor or wing of premises (yksikkö) that is used, counted and found full by itself."""

    __tablename__ = "site_unit"
    __table_args__ = (
        UniqueConstraint("site_id", "name"),
        *_not_negative(
            *("net_area_m2", "toilets", "accessible_toilets", "showers", "beds", "meals_per_hour"),
            *("serving_hours", "smoke_detectors", "exits", "fire_max_persons"),
        ),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    position: Mapped[int]
    name: Mapped[Name]
    note: Mapped[LongText] = mapped_column(default="")

    site: Mapped[Site] = relationship(back_populates="units")
    uses: Mapped[list["SiteUnitUse"]] = relationship(
        back_populates="unit", order_by="SiteUnitUse.use", cascade="all, delete-orphan"
    )


class SiteUnitUse(Base):
    """One use of a unit, with the capacity that its keeper states for it (None: not stated)."""

    __tablename__ = "site_unit_use"
    __table_args__ = (
        UniqueConstraint("unit_id", "use"),
        *_not_negative("stated_capacity"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("site_unit.id"))
    use: Mapped[SiteUse]
    stated_capacity: Mapped[int | None]

    unit: Mapped[SiteUnit] = relationship(back_populates="uses")


class SiteStatusChange(Base):
    """Since when premises have a status (tila, saatavuus), by whom and why; see prep.site_history."""

    __tablename__ = "site_status_change"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    # None: it was so before anybody kept a history.
    at: Mapped[datetime | None]
    status: Mapped[SiteStatus]
    condition: Mapped[ShortText] = mapped_column(default="")
    # Who did it, as the audit trail names it.
    by: Mapped[Name] = mapped_column(default="")
    why: Mapped[LongText] = mapped_column(default="")
    # The name of the premises that had it, where they were made one with these; empty for their own.
    of: Mapped[Name] = mapped_column(default="")

    site: Mapped[Site] = relationship(back_populates="status_changes")


class SiteEvidence(Base):
    """How a feature of premises is known (näyttö): since which day, and from what."""

    __tablename__ = "site_evidence"
    __table_args__ = (UniqueConstraint("site_id", "feature"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    feature: Mapped[SiteFeature]
    known_on: Mapped[date | None]
    source: Mapped[Name] = mapped_column(default="")

    site: Mapped[Site] = relationship(back_populates="evidence")


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
