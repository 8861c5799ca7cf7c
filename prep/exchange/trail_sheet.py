"""The audit trail as a table for spreadsheet programs."""

import json
from collections.abc import Iterable
from typing import Any

from prep import trail
from prep.exchange.exporting import Sheet, Value
from prep.models import AuditEntry

COLUMNS = ("seq", "at", "actor", "action", "table", "row", "why", "field", "before", "after", "hash")


def as_sheet(found: Iterable[AuditEntry], *, with_values: bool) -> Sheet:
    """A table for spreadsheet programs: one line a field. Without values the fields that changed are still named."""
    rows: list[tuple[Value, ...]] = []
    for entry in found:
        first = (entry.seq, entry.at.isoformat(), entry.actor, entry.action, entry.table_name, entry.row_key)
        for change in trail.changes(entry) or [trail.Change("", None, None)]:
            shown = (_plain(change.before), _plain(change.after)) if with_values else ("", "")
            rows.append((*first, entry.why, change.field, *shown, entry.hash))
    return Sheet(AuditEntry.__tablename__, COLUMNS, rows)


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
