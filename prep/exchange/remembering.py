"""What somebody said of the columns of a list: remembered for the municipality, proposed when such a list comes again.

Remembered is only what prep would not have guessed. It holds first for a list of the very same headings, else for
every list of the municipality with a column of that heading.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.exchange.mapping import column_of, guessed_fields
from prep.exchange.tables import Table
from prep.exchange.vocabulary import ListKind, fields, plain_heading
from prep.models import RememberedColumn


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What somebody said that a column tells (nothing: it is left out), and on which day."""

    field: str
    said_on: date


def said_before(session: Session, table: Table, *, municipality: str | None) -> dict[int, SaidBefore]:
    """What is remembered of the columns of a list, by their number from 0."""
    keys = _keys(table)
    digest = _digest(keys)
    rows = remembered(session, table.kind, municipalities=[municipality])
    # Of several the newest counts, and before it what was said of a list of the same headings.
    by_heading = {
        row.heading: row for row in sorted(rows, key=lambda row: (row.headings == digest, row.said_on))
    }
    found = {}
    for column, key in enumerate(keys):
        row = by_heading.get(key)
        is_known = row is not None and (not row.field or row.field in fields(table.kind))
        if row is not None and is_known and (row.headings == digest or not key.startswith("#")):
            found[column] = SaidBefore(row.field, row.said_on)
    return found


def remember(
    session: Session,
    table: Table,
    given: Mapping[str, str] | Mapping[int, str],
    *,
    municipality: str | None,
    by: str,
    on: date,
) -> None:
    """Remember what was said of the columns of a list where prep would have guessed otherwise."""
    keys = _keys(table)
    digest = _digest(keys)
    rows = {
        row.heading: row
        for row in remembered(session, table.kind, municipalities=[municipality])
        if row.headings == digest
    }
    guesses = guessed_fields(table)
    for heading, field in given.items():
        column = column_of(table, heading)
        if column is None:
            continue
        row = rows.get(keys[column])
        if field == guesses.get(column, "") and (row is None or row.field != field):
            # Nothing has to be remembered of what is guessed.
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(
                RememberedColumn(
                    list_kind=_name(table.kind),
                    municipality_code=municipality,
                    headings=digest,
                    heading=keys[column],
                    field=field,
                    said_on=on,
                    said_by=by[:200],
                )
            )
        elif row.field != field:
            row.field, row.said_on, row.said_by = field, on, by[:200]
    session.flush()


def remembered(
    session: Session, kind: ListKind, *, municipalities: Sequence[str | None]
) -> Sequence[RememberedColumn]:
    """Everything that is remembered of the lists of some municipalities; None: of those without one."""
    query = (
        select(RememberedColumn)
        .where(RememberedColumn.list_kind == _name(kind))
        .order_by(RememberedColumn.id)
    )
    return [row for row in session.scalars(query) if row.municipality_code in municipalities]


def forget(session: Session, rows: Sequence[RememberedColumn]) -> None:
    """Forget what was said of columns: from now on they are guessed again."""
    for row in rows:
        session.delete(row)
    session.flush()


def kind_of(row: RememberedColumn) -> ListKind:
    """What the list is about of which a column is remembered."""
    return ListKind[row.list_kind.upper()]


def _name(kind: ListKind) -> str:
    return kind.name.lower()


def _keys(table: Table) -> list[str]:
    """Each heading in a plain form; the number of the column where there is none, or several have it."""
    plain = [plain_heading(heading)[:300] for heading in table.headings]
    times = Counter(plain)
    return [
        key if key and times[key] == 1 and not key.startswith("#") else f"#{column + 1}"
        for column, key in enumerate(plain)
    ]


def _digest(keys: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
