"""Alert chains as the planner writes them, and the stored results of simulations."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Digest, Id, Json, Key, LongText, Name, ShortText, Versioned
from prep.models.bodies import Body, Seat
from prep.models.people import Person, Role
from prep.models.places import County
from prep.terms import If, ListMode


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
    # Sets of seats (their keys) of each of which at least one must be reached, such as chair or vice-chair.
    one_of: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    # At least one seat of every constituency must be reached.
    each_constituency: Mapped[bool] = mapped_column(default=False)
    note: Mapped[LongText] = mapped_column(default="")

    county: Mapped[County] = relationship()
    body: Mapped[Body] = relationship()
    lists: Mapped[list["ChainList"]] = relationship(
        back_populates="chain", order_by="ChainList.position", cascade="all, delete-orphan"
    )
    # What goes with the chain when it is removed.
    versions: Mapped[list["ChainVersion"]] = relationship(
        back_populates="chain", order_by="ChainVersion.number", cascade="all, delete-orphan"
    )
    results: Mapped[list["SimulationResult"]] = relationship(
        back_populates="chain", cascade="all, delete-orphan"
    )
    drafts: Mapped[list["ChainDraft"]] = relationship(back_populates="chain", cascade="all, delete-orphan")


class ChainList(Base):
    """One caller's list. The lists of position 0 start when the alarm comes."""

    __tablename__ = "chain_list"
    __table_args__ = (
        UniqueConstraint("chain_id", "position"),
        _exactly_one("caller"),
        CheckConstraint("handover_s IS NULL OR handover_s >= 0", name="handover_not_negative"),
        CheckConstraint("follow_up_s IS NULL OR follow_up_s >= 0", name="follow_up_not_negative"),
    )

    id: Mapped[Id]
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    position: Mapped[int]
    caller_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    caller_role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    caller_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    mode: Mapped[ListMode] = mapped_column(default=ListMode.SERIAL)
    is_source: Mapped[bool] = mapped_column(default=False)
    # Seconds from being reached to starting this list; None: as is usual for such a caller.
    handover_s: Mapped[int | None]
    # Seconds after the caller's other list; begun then only if nobody has called back. None: an ordinary list.
    follow_up_s: Mapped[int | None]

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
        CheckConstraint("wait_s IS NULL OR wait_s >= 0", name="wait_not_negative"),
        CheckConstraint(
            "(condition_kind IS NULL) = (condition_position IS NULL)", name="condition_has_its_step"
        ),
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
    # Seconds from an attempt to the next one on the same target's seat; None: as is usual for the channel.
    wait_s: Mapped[int | None]
    # Made only if the line of that position, earlier on the same list, has answered, or has not.
    condition_kind: Mapped[If | None]
    condition_position: Mapped[int | None]
    # Values of prep.terms.HourClass at which it is made; empty: always.
    hours: Mapped[list[str]] = mapped_column(JSON, default=list)
    # It reports to a caller further up that the alarm has come through, and alerts nobody.
    calls_back: Mapped[bool] = mapped_column(default=False)

    call_list: Mapped[ChainList] = relationship(back_populates="items")
    target_person: Mapped[Person | None] = relationship()
    target_role: Mapped[Role | None] = relationship()
    target_seat: Mapped[Seat | None] = relationship()


class ChainVersion(Base):
    """What a chain said after a change, in the words of chain files; no names, so that it can be kept for good."""

    __tablename__ = "chain_version"
    __table_args__ = (UniqueConstraint("chain_id", "number"),)

    id: Mapped[Id]
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    # The version that the chain itself had then; numbers may be left out.
    number: Mapped[int]
    made_at: Mapped[datetime]
    # The account, or the command, as the audit trail names it.
    made_by: Mapped[Name]
    content: Mapped[Json]

    chain: Mapped[Chain] = relationship(back_populates="versions")


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

    chain: Mapped[Chain] = relationship(back_populates="results")


class ChainDraft(Base):
    """Changes to a chain that somebody is considering, with what they would bring; identifiers only."""

    __tablename__ = "chain_draft"

    id: Mapped[Id]
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), index=True)
    # The version of the chain that the changes are meant for.
    chain_version: Mapped[int]
    made_at: Mapped[datetime]
    network_digest: Mapped[Digest]
    content: Mapped[Json]

    chain: Mapped[Chain] = relationship(back_populates="drafts")
