"""What all tables share: naming of constraints, column types, validity, freshness, version."""

import enum
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from prep.errors import Conflict, Problem
from prep.language import say

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment; SQLite knows no zones, so it is stored as UTC there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must know its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = Annotated[int, mapped_column(primary_key=True)]
Key = Annotated[str, mapped_column(String(80))]
Name = Annotated[str, mapped_column(String(200))]
ShortText = Annotated[str, mapped_column(String(300))]
LongText = Annotated[str, mapped_column(String(4000))]
MunicipalityCode = Annotated[str, mapped_column(String(3))]
Json = Annotated[dict[str, Any], mapped_column(JSON)]
# A text in Finnish, Swedish and English, by the language's code; empty where it is not stated.
Words = Annotated[dict[str, str], mapped_column(JSON)]
Digest = Annotated[str, mapped_column(String(64))]


class Base(DeclarativeBase):
    # False for tables that prep.audit passes over.
    __audited__: ClassVar[bool] = True
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        # 40 leaves room for longer kinds without a change of the column.
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda kind: [one.value for one in kind],
        ),
    }


class Versioned:
    """A row that people edit: a save from an old form is found out by its version."""

    version: Mapped[int] = mapped_column(default=1)

    def require_version(self, seen: int) -> None:
        """Go on only if the row is as it was when somebody looked at it.

        Raises
        ------
        Conflict
            If it has been changed since.
        """
        if self.version != seen:
            raise Conflict(
                Problem(
                    place=say("What you have changed"),
                    value=None,
                    rule=say("Somebody else has changed the same since you opened it."),
                    remedy=say("Compare the two and save anew."),
                )
            )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"version_id_col": cls.version}


class Valid:
    """A row that holds from its first day to its last; ``ends`` is the last day, None while open."""

    starts: Mapped[date]
    ends: Mapped[date | None] = mapped_column(default=None)

    def covers(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)

    @staticmethod
    def in_order() -> CheckConstraint:
        return CheckConstraint("ends IS NULL OR ends >= starts", name="ends_after_starts")


class Decided:
    """A row that rests on a decision: which organ decided, when, and in which section of its minutes."""

    decided_by: Mapped[ShortText] = mapped_column(default="")
    decided_on: Mapped[date | None] = mapped_column(default=None)
    decision_section: Mapped[str] = mapped_column(String(40), default="")


class Confirmed:
    """A row that somebody answers for: when it was last confirmed, and by which role or account."""

    confirmed_on: Mapped[date | None] = mapped_column(default=None)
    confirmed_by: Mapped[str | None] = mapped_column(String(200), default=None)

    def age_days(self, *, on: date) -> int | None:
        """Days since the last confirmation; None when nobody ever confirmed it."""
        return None if self.confirmed_on is None else (on - self.confirmed_on).days


class Disputed:
    """A row of which the person whom it is about may say that it is wrong."""

    # In their words; empty while nobody says so. Confirming the row, or changing it, takes it away.
    objection: Mapped[ShortText] = mapped_column(default="")
