"""Counties, municipalities, constituencies."""

from datetime import date

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Id, Json, Key, LongText, MunicipalityCode, Name, Versioned

constituency_municipality = Table(
    "constituency_municipality",
    Base.metadata,
    Column("constituency_id", ForeignKey("constituency.id"), primary_key=True),
    Column("municipality_code", ForeignKey("municipality.code"), primary_key=True),
)


class County(Base):
    """A wellbeing services county (hyvinvointialue)."""

    __tablename__ = "county"

    id: Mapped[Id]
    key: Mapped[Key] = mapped_column(unique=True)
    name_fi: Mapped[Name]
    name_sv: Mapped[Name]
    name_en: Mapped[Name]
    # The region pack as it was installed: duties, indicators and all else that has no table of its own.
    pack: Mapped[Json]

    municipalities: Mapped[list["Municipality"]] = relationship(
        back_populates="county", order_by="Municipality.code"
    )
    constituencies: Mapped[list["Constituency"]] = relationship(
        back_populates="county", order_by="Constituency.id"
    )


class Municipality(Base):
    """A municipality (kunta) of the county; the code is Statistics Finland's, three digits."""

    __tablename__ = "municipality"
    __table_args__ = (
        CheckConstraint("population IS NULL OR population >= 0", name="population_not_negative"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_coordinates_or_none"),
    )

    code: Mapped[MunicipalityCode] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    name_fi: Mapped[Name]
    name_sv: Mapped[Name]
    population: Mapped[int | None]
    population_on: Mapped[date | None]
    # Centre, WGS84 degrees.
    lat: Mapped[float | None]
    lon: Mapped[float | None]

    county: Mapped[County] = relationship(back_populates="municipalities")
    constituencies: Mapped[list["Constituency"]] = relationship(
        secondary=constituency_municipality, back_populates="municipalities"
    )


class Constituency(Versioned, Base):
    """Municipalities that together fill a seat, such as Perhonjokilaakso."""

    __tablename__ = "constituency"
    __table_args__ = (UniqueConstraint("county_id", "key"),)

    id: Mapped[Id]
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    key: Mapped[Key]
    name_fi: Mapped[Name]
    name_sv: Mapped[Name]
    # The agreement names the constituency but not its municipalities: they were inferred and can be edited.
    is_inferred: Mapped[bool] = mapped_column(default=False)
    note: Mapped[LongText] = mapped_column(default="")

    county: Mapped[County] = relationship(back_populates="constituencies")
    municipalities: Mapped[list[Municipality]] = relationship(
        secondary=constituency_municipality, back_populates="constituencies", order_by=Municipality.code
    )
