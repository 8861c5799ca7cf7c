"""Bodies, their seats, and who sits in them."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Id, Key, LongText, MunicipalityCode, Name, Valid, Versioned
from prep.models.people import Person
from prep.models.places import Constituency, County, Municipality
from prep.terms import BodyKind


class Body(Versioned, Base):
    """A body with seats: a readiness board (valmiusjohtoryhmä), a management group (johtoryhmä), a forum."""

    __tablename__ = "body"
    __table_args__ = (
        UniqueConstraint("county_id", "key"),
        CheckConstraint("quorum IS NULL OR quorum >= 1", name="quorum_at_least_one"),
    )

    id: Mapped[Id]
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    key: Mapped[Key]
    kind: Mapped[BodyKind]
    municipality_code: Mapped[MunicipalityCode | None] = mapped_column(ForeignKey("municipality.code"))
    name_fi: Mapped[Name]
    name_sv: Mapped[Name]
    name_en: Mapped[Name]
    # Seats that must be filled or reached for the body to decide; None: not stated, so all of them.
    quorum: Mapped[int | None]
    # Where the quorum is stated, or that it is the planner's assumption.
    quorum_basis: Mapped[LongText] = mapped_column(default="")
    # The clause of the agreement that asks for it, as it is named on the screen.
    clause_fi: Mapped[LongText] = mapped_column(default="")
    clause_sv: Mapped[LongText] = mapped_column(default="")
    clause_en: Mapped[LongText] = mapped_column(default="")

    county: Mapped[County] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    seats: Mapped[list["Seat"]] = relationship(
        back_populates="body", order_by="Seat.position", cascade="all, delete-orphan"
    )


class Seat(Versioned, Base):
    """A seat (paikka) in a body, filled by a constituency, an office or an organisation."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("body_id", "key"), UniqueConstraint("body_id", "position"))

    id: Mapped[Id]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    key: Mapped[Key]
    position: Mapped[int]
    name_fi: Mapped[Name]
    name_sv: Mapped[Name]
    name_en: Mapped[Name]
    constituency_id: Mapped[int | None] = mapped_column(ForeignKey("constituency.id"))
    is_chair: Mapped[bool] = mapped_column(default=False)
    # The body cannot decide without this seat.
    is_required: Mapped[bool] = mapped_column(default=False)
    # The clause of the agreement that asks for it, as it is named on the screen.
    clause_fi: Mapped[LongText] = mapped_column(default="")
    clause_sv: Mapped[LongText] = mapped_column(default="")
    clause_en: Mapped[LongText] = mapped_column(default="")

    body: Mapped[Body] = relationship(back_populates="seats")
    constituency: Mapped[Constituency | None] = relationship()
    terms: Mapped[list["SeatTerm"]] = relationship(
        back_populates="seat", order_by="SeatTerm.rank", cascade="all, delete-orphan"
    )


class SeatTerm(Versioned, Valid, Base):
    """A person in a seat for a time: rank 0 sits, 1, 2, … are the deputies (varajäsenet), in this order."""

    __tablename__ = "seat_term"
    __table_args__ = (Valid.in_order(), CheckConstraint("rank >= 0", name="rank_not_negative"))

    id: Mapped[Id]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rank: Mapped[int] = mapped_column(default=0)
    decision: Mapped[LongText] = mapped_column(default="")

    seat: Mapped[Seat] = relationship(back_populates="terms")
    person: Mapped[Person] = relationship()
