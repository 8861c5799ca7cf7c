"""Reading the audit trail, and taking personal data out of it without breaking its chain.

entries, count      what was done, newest first, by who, when and to what
kept_from           from which day on the county keeps recorded values
redact              drops recorded values that are no longer needed; the act leaves a row of its own
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from prep import audit
from prep.errors import Problem, Refused
from prep.language import HELSINKI, say
from prep.models import AuditEntry, Base, Person

# Rows changed by one statement.
_BATCH = 500

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows of the trail; what is None is not asked. Days are days in Finland, both included."""

    since: date | None = None
    until: date | None = None
    actor: str | None = None
    action: str | None = None
    table: str | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a row: what stood in it and what stands there now."""

    field: str
    before: Any
    after: Any


def entries(
    session: Session, wanted: Filter, *, limit: int | None = None, offset: int = 0
) -> list[AuditEntry]:
    """The rows of the trail, newest first."""
    query = _asked(select(AuditEntry), wanted).order_by(AuditEntry.seq.desc()).offset(offset)
    return list(session.scalars(query.limit(limit) if limit is not None else query))


def count(session: Session, wanted: Filter) -> int:
    """How many rows the filter lets through."""
    return session.scalar(_asked(select(func.count()).select_from(AuditEntry), wanted)) or 0


def known(session: Session, column: str) -> list[str]:
    """Every value of ``actor``, ``action`` or ``table_name`` in the trail, in order."""
    attribute = {
        "actor": AuditEntry.actor,
        "action": AuditEntry.action,
        "table_name": AuditEntry.table_name,
    }[column]
    return sorted(one for one in session.scalars(select(attribute).distinct()) if one)


def changes(entry: AuditEntry) -> list[Change] | None:
    """What the row recorded, field by field; None when it has been redacted."""
    if entry.values is None:
        return None
    values = json.loads(entry.values)
    if set(values) != {"before", "after"}:
        return [Change(field, None, value) for field, value in values.items()]
    before, after = values["before"], values["after"]
    return [Change(field, before.get(field), after.get(field)) for field in dict.fromkeys([*before, *after])]


def recorded(entry: AuditEntry) -> dict[str, Any] | None:
    """What the row recorded, as it stands there; None when it has been redacted."""
    return None if entry.values is None else dict(json.loads(entry.values))


def concerning(session: Session, person: int) -> list[int]:
    """The rows that recorded something about a person: the person's own and those that refer to them."""
    links = _columns_naming_a_person()
    found: set[tuple[str, str]] = {(Person.__tablename__, str(person))}
    recorded = list(_recorded(session))
    for _, table, row, values in recorded:
        if any(
            part.get(column) == person
            for column in links.get(table, ())
            for part in (values.get("before"), values.get("after"))
            if isinstance(part, dict)
        ):
            found.add((table, row))
    return [seq for seq, table, row, _ in recorded if (table, row) in found]


def older_than(session: Session, day: date) -> list[int]:
    """The rows written before a day began in Finland, of those that still hold values."""
    query = select(AuditEntry.seq).where(
        AuditEntry.at < _begins(day), AuditEntry.values.is_not(None), AuditEntry.action != audit.REDACTION
    )
    return list(session.scalars(query.order_by(AuditEntry.seq)))


def kept_from(on: date, *, years: int) -> date:
    """The first day whose recorded values are kept so many years: the same day then, 28 February for the 29th.

    >>> kept_from(date(2028, 2, 29), years=5), kept_from(date(2026, 11, 22), years=1)
    (datetime.date(2023, 2, 28), datetime.date(2025, 11, 22))
    """
    is_leap_day = (on.month, on.day) == (2, 29)
    return (on - timedelta(days=1) if is_leap_day else on).replace(year=on.year - years)


def names_of(session: Session, person: int) -> set[str]:
    """The names by which a person is known now and was known in rows of the trail that still hold values."""
    now = session.get(Person, person)
    names = {now.name} if now is not None else set()
    for _, table, row, values in _recorded(session):
        if (table, row) == (Person.__tablename__, str(person)):
            names |= {
                str(part["name"]) for part in values.values() if isinstance(part, dict) and part.get("name")
            }
    return names


def naming(session: Session, names: Iterable[str]) -> list[int]:
    """The rows in which one of these names stands: in the values, in the reason, or as who acted."""
    wanted = [name.casefold() for name in names if name.strip()]
    query = select(AuditEntry.seq, AuditEntry.actor, AuditEntry.why, AuditEntry.values)
    return [
        seq
        for seq, *texts in session.execute(query.order_by(AuditEntry.seq))
        if any(name in text.casefold() for name in wanted for text in texts if text)
    ]


def redact(session: Session, rows: Iterable[int], *, rule: str) -> int:
    """Drop values, reason and salt of rows; who did what and when stays, and the chain still verifies.

    The act leaves a row that names the rows and the rule, with a reason that stays. Returns how many rows were
    emptied. Not reached: the reasons of rows written before reasons could be dropped, who acted, and copies in
    backups.

    Raises
    ------
    Refused
        If no reason is given with the session.
    """
    if not str(session.info.get("why", "")).strip():
        raise Refused(
            Problem(
                place=say("Redaction of the audit trail"),
                value=None,
                rule=say("It needs a reason, which is kept in the trail."),
                remedy=say('Write the reason, for example: --why "retention rule, 5 years".'),
            )
        )
    numbers = sorted(set(rows))
    _overwrite_what_is_deleted(session)
    emptied: list[int] = []
    for start in range(0, len(numbers), _BATCH):
        # Only what still holds values, and never the row that accounts for earlier redactions.
        kept = session.scalars(
            select(AuditEntry).where(
                AuditEntry.seq.in_(numbers[start : start + _BATCH]),
                AuditEntry.values.is_not(None),
                AuditEntry.action != audit.REDACTION,
            )
        ).all()
        for is_apart in (True, False):
            of_form = [one.seq for one in kept if audit.reason_is_apart(_row_of(one)) is is_apart]
            dropped: dict[str, Any] = {"values": None, "salt": None} | ({"why": ""} if is_apart else {})
            session.execute(update(AuditEntry).where(AuditEntry.seq.in_(of_form)).values(dropped))
        emptied += [one.seq for one in kept]
    if emptied:
        written = {"rule": rule, "rows": spans(sorted(emptied))}
        audit.note(session, audit.REDACTION, AuditEntry.__tablename__, written)
    return len(emptied)


def spans(numbers: Iterable[int]) -> list[list[int]]:
    """Whole numbers in order, as first and last of each run without a gap.

    >>> spans([1, 2, 3, 7])
    [[1, 3], [7, 7]]
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _asked(query: Query, wanted: Filter) -> Query:
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= _begins(wanted.since))
    if wanted.until is not None:
        query = query.where(AuditEntry.at < _begins(wanted.until + timedelta(days=1)))
    for column, value in (
        (AuditEntry.actor, wanted.actor),
        (AuditEntry.action, wanted.action),
        (AuditEntry.table_name, wanted.table),
        (AuditEntry.row_key, wanted.row),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def _row_of(entry: AuditEntry) -> dict[str, Any]:
    return {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, HELSINKI)


def _recorded(session: Session) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    query = select(AuditEntry.seq, AuditEntry.table_name, AuditEntry.row_key, AuditEntry.values).where(
        AuditEntry.values.is_not(None), AuditEntry.action != audit.REDACTION
    )
    for seq, table, row, values in session.execute(query.order_by(AuditEntry.seq)):
        yield seq, table, row, json.loads(values or "{}")


def _columns_naming_a_person() -> dict[str, list[str]]:
    return {
        table.name: columns
        for table in Base.metadata.tables.values()
        if (
            columns := [
                key.parent.name for key in table.foreign_keys if key.column.table.name == Person.__tablename__
            ]
        )
    }


def _overwrite_what_is_deleted(session: Session) -> None:
    """SQLite otherwise leaves the text of long values on pages that are no longer used."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
