"""Bodies, their seats, and who sits in them."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
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
    Words,
)
from prep.models.people import Person
from prep.models.places import Constituency, County, Municipality
from prep.regions.kinds import BodyLevel, CommunicationDuty, Period, SeatBasis
from prep.terms import BodyKind


class Body(Versioned, Base):
    """A body with seats: a readiness board (valmiusjohtoryhmä), a management group (johtoryhmä), a forum."""

    __tablename__ = "body"
    __table_args__ = (
        UniqueConstraint("county_id", "key"),
        CheckConstraint("quorum IS NULL OR quorum >= 1", name="quorum_at_least_one"),
        CheckConstraint("longest_terms IS NULL OR longest_terms >= 1", name="longest_terms_at_least_one"),
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

    level: Mapped[BodyLevel | None]
    # The body of which it is a part.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    # The agreement asks for it, and nobody has set it up yet.
    is_to_be_established: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[Words] = mapped_column(default=dict)
    convener: Mapped[Words] = mapped_column(default=dict)
    communication: Mapped[CommunicationDuty | None]
    # Which organ names its members, and who gets the extract of its minutes.
    deciding_organ: Mapped[ShortText] = mapped_column(default="")
    extract_to: Mapped[ShortText] = mapped_column(default="")
    # How many terms somebody may sit in it without a break; None: not stated.
    longest_terms: Mapped[int | None]

    county: Mapped[County] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    parent: Mapped["Body | None"] = relationship(remote_side="Body.id")
    meeting_rules: Mapped[list["MeetingRule"]] = relationship(
        back_populates="body", order_by="MeetingRule.position", cascade="all, delete-orphan"
    )
    seats: Mapped[list["Seat"]] = relationship(
        back_populates="body", order_by="Seat.position", cascade="all, delete-orphan"
    )


class MeetingRule(Versioned, Base):
    """How often a body meets: at least ``min`` times in a period, at most ``max`` where that is stated."""

    __tablename__ = "meeting_rule"
    __table_args__ = (
        UniqueConstraint("body_id", "position"),
        CheckConstraint("min >= 1", name="min_at_least_one"),
        CheckConstraint("max IS NULL OR max >= min", name="max_not_below_min"),
    )

    id: Mapped[Id]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    position: Mapped[int]
    min: Mapped[int]
    max: Mapped[int | None]
    period: Mapped[Period]
    # In each area of the county, not once for all.
    is_per_area: Mapped[bool] = mapped_column(default=False)

    body: Mapped[Body] = relationship(back_populates="meeting_rules")


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
    # Who fills it: a constituency, a municipality, an organisation, or whoever is named for a role together.
    # None: anybody, as for the posts of a management group.
    basis: Mapped[SeatBasis | None]
    constituency_id: Mapped[int | None] = mapped_column(ForeignKey("constituency.id"))
    municipality_code: Mapped[MunicipalityCode | None] = mapped_column(ForeignKey("municipality.code"))
    organisation: Mapped[Words] = mapped_column(default=dict)
    # The key of the role whose holder sits here.
    nominated_role: Mapped[Key | None]
    is_chair: Mapped[bool] = mapped_column(default=False)
    is_vice_chair: Mapped[bool] = mapped_column(default=False)
    # The body cannot decide without this seat.
    is_required: Mapped[bool] = mapped_column(default=False)
    # It may stay empty: the agreement says "one to four".
    is_optional: Mapped[bool] = mapped_column(default=False)
    # The clause of the agreement that asks for it, as it is named on the screen.
    clause_fi: Mapped[LongText] = mapped_column(default="")
    clause_sv: Mapped[LongText] = mapped_column(default="")
    clause_en: Mapped[LongText] = mapped_column(default="")

    body: Mapped[Body] = relationship(back_populates="seats")
    constituency: Mapped[Constituency | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    terms: Mapped[list["SeatTerm"]] = relationship(
        back_populates="seat", order_by="SeatTerm.rank", cascade="all, delete-orphan"
    )


class SeatTerm(Versioned, Valid, Confirmed, Disputed, Decided, Base):
    """A person in a seat for a time: rank 0 sits, 1, 2, … are the deputies (varajäsenet), in this order."""

    __tablename__ = "seat_term"
    __table_args__ = (Valid.in_order(), CheckConstraint("rank >= 0", name="rank_not_negative"))

    id: Mapped[Id]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rank: Mapped[int] = mapped_column(default=0)

    seat: Mapped[Seat] = relationship(back_populates="terms")
    person: Mapped[Person] = relationship()
