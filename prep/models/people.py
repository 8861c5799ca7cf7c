"""Those who can be reached: people and duty desks, their contact points, and the roles they hold."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import (
    Base,
    Confirmed,
    Decided,
    Disputed,
    Id,
    Key,
    LongText,
    MunicipalityCode,
    Name,
    ShortText,
    Valid,
    Versioned,
)
from prep.models.places import County, Municipality
from prep.terms import ActorKind, ContactKind, Evidence, Language, ResourceKind


class Person(Versioned, Base):
    """A person (henkilö), a desk staffed round the clock (päivystys), a system that alerts (järjestelmä)."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("county_id", "key"),)

    id: Mapped[Id]
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    # A short name by which files refer to a desk or system; people have none.
    key: Mapped[Key | None]
    # The municipality whose person it is; None for those of the county and of others.
    municipality_code: Mapped[MunicipalityCode | None] = mapped_column(ForeignKey("municipality.code"))
    kind: Mapped[ActorKind] = mapped_column(default=ActorKind.PERSON)
    name: Mapped[Name]
    organisation: Mapped[ShortText] = mapped_column(default="")
    title: Mapped[ShortText] = mapped_column(default="")
    # In which they are spoken to; then the others that they speak, values of prep.terms.Language.
    language: Mapped[Language] = mapped_column(default=Language.FI)
    speaks: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The first day on which they are appointed to nothing any more.
    left_on: Mapped[date | None]
    # When everything that names them was taken out of the register.
    erased_at: Mapped[datetime | None]
    # The infrastructure without which this desk or system can alert nobody and not be reached.
    depends_on: Mapped[ResourceKind | None]

    county: Mapped[County] = relationship()
    # A person is hardly ever shown without the municipality, and there are few of those.
    municipality: Mapped[Municipality | None] = relationship(lazy="joined")
    contact_points: Mapped[list["ContactPoint"]] = relationship(
        back_populates="person", order_by="ContactPoint.position", cascade="all, delete-orphan"
    )
    role_terms: Mapped[list["RoleTerm"]] = relationship(back_populates="person")
    # Whoever looks a person up asks whether they are there.
    absences: Mapped[list["Absence"]] = relationship(
        back_populates="person", order_by="Absence.starts", cascade="all, delete-orphan", lazy="selectin"
    )


class ContactPoint(Versioned, Confirmed, Disputed, Base):
    """A number or address at which a person can be reached, in calling order."""

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("person_id", "position"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    kind: Mapped[ContactKind]
    # Telephone numbers in E.164 form, without spaces.
    value: Mapped[ShortText]
    purpose: Mapped[ShortText] = mapped_column(default="")
    # The network operator of a mobile number, where known: numbers of one operator fail together.
    operator: Mapped[ShortText | None]
    evidence: Mapped[Evidence] = mapped_column(default=Evidence.TYPED)

    person: Mapped[Person] = relationship(back_populates="contact_points")


class Absence(Versioned, Valid, Base):
    """Days on which a person is away (poissaolo) and the deputies stand in; why is nobody's business."""

    __tablename__ = "absence"
    __table_args__ = (Valid.in_order(),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    person: Mapped[Person] = relationship(back_populates="absences")


class Role(Base):
    """A named role that an agreement asks for, such as a municipality's preparedness contact."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("county_id", "key", "municipality_code"),)

    id: Mapped[Id]
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    key: Mapped[Key]
    # None: one for the county, or one for all municipalities together.
    municipality_code: Mapped[MunicipalityCode | None] = mapped_column(ForeignKey("municipality.code"))
    name_fi: Mapped[Name]
    name_sv: Mapped[Name]
    name_en: Mapped[Name]
    # The clause of the agreement that asks for it, as it is named on the screen.
    clause_fi: Mapped[LongText] = mapped_column(default="")
    clause_sv: Mapped[LongText] = mapped_column(default="")
    clause_en: Mapped[LongText] = mapped_column(default="")

    municipality: Mapped[Municipality | None] = relationship()
    terms: Mapped[list["RoleTerm"]] = relationship(back_populates="role", order_by="RoleTerm.rank")
    # Where there are turns of duty, they say who is alerted for the role, and not the terms.
    duty_shifts: Mapped[list["DutyShift"]] = relationship(
        back_populates="role", order_by="DutyShift.starts_at", cascade="all, delete-orphan"
    )


class RoleTerm(Versioned, Valid, Confirmed, Disputed, Decided, Base):
    """A person in a role for a time: rank 0 holds it, 1, 2, … stand in, in this order."""

    __tablename__ = "role_term"
    __table_args__ = (Valid.in_order(), CheckConstraint("rank >= 0", name="rank_not_negative"))

    id: Mapped[Id]
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rank: Mapped[int] = mapped_column(default=0)

    role: Mapped[Role] = relationship(back_populates="terms")
    person: Mapped[Person] = relationship(back_populates="role_terms")


class DutyShift(Base):
    """A turn of duty in a role (päivystysvuoro); an override takes the place of the ordinary turns."""

    __tablename__ = "duty_shift"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_starts"),)

    id: Mapped[Id]
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), index=True)
    # None: nobody, which only an override can say.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_override: Mapped[bool] = mapped_column(default=False)

    role: Mapped[Role] = relationship(back_populates="duty_shifts")
    person: Mapped[Person | None] = relationship()
