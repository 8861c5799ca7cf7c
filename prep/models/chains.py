"""Alert chains as the planner writes them, and the stored results of simulations."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Digest, Id, Json, Key, LongText, Name, ShortText, Versioned
from prep.models.bodies import Body, Seat
from prep.models.people import Person, Role
from prep.models.places import County
from prep.terms import ListMode


def _exactly_one(prefix: str) -> CheckConstraint:
    parts = (
        f"(CASE WHEN {prefix}_{what}_id IS NULL THEN 0 ELSE 1 END)" for what in ("person", "role", "seat")
    )
    return CheckConstraint(f"{' + '.join(parts)} = 1", name=f"one_{prefix}")


class Chain(Versioned, Base):
    """An alert chain (hälytysketju): who calls whom until a body is reached.

    Its lists name roles, seats and desks, not people: who they are is looked up on the day.
    """

    __tablename__ = "chain"
    __table_args__ = (
        UniqueConstraint("county_id", "key"),
        CheckConstraint("deadline_min > 0", name="deadline_positive"),
    )

    id: Mapped[Id]
    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"))
    key: Mapped[Key]
    name: Mapped[Name]
    # The body that the chain is to reach.
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    deadline_min: Mapped[int]
    note: Mapped[LongText] = mapped_column(default="")

    county: Mapped[County] = relationship()
    body: Mapped[Body] = relationship()
    lists: Mapped[list["ChainList"]] = relationship(
        back_populates="chain", order_by="ChainList.position", cascade="all, delete-orphan"
    )


class ChainList(Base):
    """One caller's list. The lists of position 0 start when the alarm comes."""

    __tablename__ = "chain_list"
    __table_args__ = (UniqueConstraint("chain_id", "position"), _exactly_one("caller"))

    id: Mapped[Id]
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    position: Mapped[int]
    caller_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    caller_role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    caller_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    mode: Mapped[ListMode] = mapped_column(default=ListMode.SERIAL)
    is_source: Mapped[bool] = mapped_column(default=False)

    chain: Mapped[Chain] = relationship(back_populates="lists")
    caller_person: Mapped[Person | None] = relationship()
    caller_role: Mapped[Role | None] = relationship()
    caller_seat: Mapped[Seat | None] = relationship()
    items: Mapped[list["ChainItem"]] = relationship(
        back_populates="call_list", order_by="ChainItem.position", cascade="all, delete-orphan"
    )


class ChainItem(Base):
    """One line of a caller's list: whom to reach, by which channels in turn, how many rounds."""

    __tablename__ = "chain_item"
    __table_args__ = (
        UniqueConstraint("list_id", "position"),
        _exactly_one("target"),
        CheckConstraint("rounds >= 1", name="rounds_at_least_one"),
    )

    id: Mapped[Id]
    list_id: Mapped[int] = mapped_column(ForeignKey("chain_list.id"))
    position: Mapped[int]
    target_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    target_role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    target_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    # Values of prep.terms.Channel, tried in this order within a round.
    channels: Mapped[list[str]] = mapped_column(JSON)
    rounds: Mapped[int] = mapped_column(default=1)
    with_deputies: Mapped[bool] = mapped_column(default=True)

    call_list: Mapped[ChainList] = relationship(back_populates="items")
    target_person: Mapped[Person | None] = relationship()
    target_role: Mapped[Role | None] = relationship()
    target_seat: Mapped[Seat | None] = relationship()


class SimulationResult(Base):
    """What a simulation said, with all that is needed to repeat it; identifiers only, no names or numbers."""

    __tablename__ = "simulation_result"

    id: Mapped[Id]
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    chain_version: Mapped[int]
    scenario: Mapped[ShortText]
    seed: Mapped[int]
    runs: Mapped[int]
    at: Mapped[datetime]
    prep_version: Mapped[ShortText]
    engine_version: Mapped[ShortText]
    network_digest: Mapped[Digest]
    result: Mapped[Json]

    chain: Mapped[Chain] = relationship()
