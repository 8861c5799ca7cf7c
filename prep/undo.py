"""Taking back what was done in one transaction, from what the audit trail recorded of it.

It is put back only where everything still stands as that transaction left it. Taking back is a change like any
other: it leaves its own rows in the trail, and can be taken back.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Enum as EnumType
from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from prep import clock, site_history
from prep.audit import HIDDEN, plain, trail_rows
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import AuditEntry, Base, Site
from prep.models.base import Moment

# Afterwards others rely on the change.
LASTS = timedelta(hours=24)
# Rows that are looked up by one question to the database.
_AT_ONCE = 400
# Counts on by itself.
_NOT_PUT_BACK = frozenset({"version"})
_MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def last_change(session: Session) -> tuple[int, int] | None:
    """The first and the last row that this session has left in the trail so far; None if none."""
    session.flush()
    rows = trail_rows(session)
    return (rows[0], rows[-1]) if rows else None


def rows_of(session: Session, first: int, last: int, *, actor: str) -> list[AuditEntry]:
    """The rows of one change that an actor may still take back, as they stand in the trail.

    Raises
    ------
    Refused
        If it is not this actor's, longer ago than `LASTS`, no longer recorded, or nothing was changed.
    """
    found = session.scalars(
        select(AuditEntry).where(AuditEntry.seq.between(first, last)).order_by(AuditEntry.seq)
    )
    rows = [row for row in found if row.action in _BACKWARDS]
    if not rows or any(row.actor != actor for row in rows):
        raise _refused(say("It is not a change of yours."), say("Ask whoever made the change."))
    if clock.now() - min(row.at for row in rows) > LASTS:
        raise _refused(
            say("A change can be taken back for {n} hours.", n=int(LASTS.total_seconds() // 3600)),
            say("Change the values back by hand."),
        )
    if any(row.values is None for row in rows):
        raise _refused(
            say("What was recorded of it has been removed."), say("Change the values back by hand.")
        )
    return rows


def take_back(session: Session, rows: Sequence[AuditEntry]) -> None:
    """Put back what stood there before.

    Raises
    ------
    Refused
        If something has been changed since, or rests on what would go; nothing is put back then.
    """
    with site_history.paused(session):
        _put_back(session, rows)
    for row in rows_standing(session, [row for row in rows if row.table_name == Site.__tablename__]).values():
        if isinstance(row, Site):
            # What was changed before a history was kept has none to take along.
            site_history.complete(session, row)


def _put_back(session: Session, rows: Sequence[AuditEntry]) -> None:
    # A later change of a row rests on the earlier one. Neighbours in the trail that were put in or taken out of the
    # same table do not rest on one another; changes may, where no two rows are allowed the same place.
    for (action, table), many in groupby(reversed(rows), key=lambda row: (row.action, row.table_name)):
        for some in _in_parts(list(many)):
            standing = _standing_now(session, _MODELS[table], some, with_parts=True)
            for row in some:
                values = json.loads(row.values or "{}")
                _BACKWARDS[action](session, _MODELS[table], standing.get(row.row_key), values)
                if action == "update":
                    _flush(session)
            _flush(session)


def rows_standing(session: Session, entries: Sequence[AuditEntry]) -> dict[tuple[str, str], Base]:
    """The rows that entries of the trail are about as they stand now, by table and key; what is gone is left out."""
    found: dict[tuple[str, str], Base] = {}
    for table in {entry.table_name for entry in entries}:
        for some in _in_parts([entry for entry in entries if entry.table_name == table]):
            standing = _standing_now(session, _MODELS[table], some)
            found.update({(table, key): row for key, row in standing.items()})
    return found


def recorded(entry: AuditEntry) -> Mapping[str, Any]:
    """What stood in a row after the change, or before it where it was removed."""
    values = json.loads(entry.values or "{}")
    return dict(values.get("after") or values.get("before") or {})


def _take_away(session: Session, model: type[Base], row: Base | None, values: Mapping[str, Any]) -> None:
    row = _as_left(row, values["after"])
    # What would go with it was put there by somebody else: one's own has been taken away before.
    if any(getattr(row, name) for name in _parts(model)):
        raise _changed()
    session.delete(row)


def _change_back(_session: Session, model: type[Base], row: Base | None, values: Mapping[str, Any]) -> None:
    row = _as_left(row, values["after"])
    for name, before in _kept(values["before"]):
        setattr(row, name, _value(model, name, before))


def _bring_back(session: Session, model: type[Base], row: Base | None, values: Mapping[str, Any]) -> None:
    if row is not None:
        raise _changed()
    session.add(model(**{name: _value(model, name, before) for name, before in _kept(values["before"])}))


_BACKWARDS = {"insert": _take_away, "update": _change_back, "delete": _bring_back}


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise _changed() from error


def _as_left(row: Base | None, after: Mapping[str, Any]) -> Base:
    """The row, if it stands as it was left."""
    if row is None or any(plain(getattr(row, name)) != left for name, left in _kept(after)):
        raise _changed()
    return row


def _standing_now(
    session: Session, model: type[Base], entries: Sequence[AuditEntry], *, with_parts: bool = False
) -> dict[str, Base]:
    """The rows of a table as they stand in the database, by their keys in the trail; some hundred at a time."""
    keys = {entry.row_key: _key(model, entry.row_key) for entry in entries}
    columns = model.__mapper__.primary_key
    query = select(model).where(tuple_(*columns).in_(list(keys.values())))
    if with_parts:
        query = query.options(*[selectinload(getattr(model, name)) for name in _parts(model)])
    found = session.scalars(query, execution_options={"populate_existing": True})
    by_key = {tuple(model.__mapper__.primary_key_from_instance(row)): row for row in found}
    return {written: by_key[key] for written, key in keys.items() if key in by_key}


def _parts(model: type[Base]) -> list[str]:
    """What goes when a row goes."""
    return [link.key for link in model.__mapper__.relationships if link.cascade.delete]


def _in_parts(entries: Sequence[AuditEntry]) -> Iterator[Sequence[AuditEntry]]:
    for start in range(0, len(entries), _AT_ONCE):
        yield entries[start : start + _AT_ONCE]


def _kept(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, written in values.items():
        if written == HIDDEN:
            raise _refused(say("A secret is part of it."), say("Set it anew."))
        if name not in _NOT_PUT_BACK:
            yield name, written


def _key(model: type[Base], key: str) -> tuple[Any, ...]:
    columns = model.__mapper__.primary_key
    parts = key.split("/") if len(columns) > 1 else [key]
    return tuple(column.type.python_type(part) for column, part in zip(columns, parts, strict=True))


def _value(model: type[Base], name: str, written: Any) -> Any:
    kind = model.__mapper__.columns[name].type
    if written is None:
        return None
    if isinstance(kind, EnumType) and kind.enum_class is not None:
        return kind.enum_class(written)
    if isinstance(kind, Moment):
        return datetime.fromisoformat(written)
    if kind.python_type is date:
        return date.fromisoformat(written)
    return written


def _changed() -> Refused:
    return _refused(
        say("It has been changed again since, or something rests on it."),
        say("Look at how it stands now, and change it by hand."),
    )


def _refused(rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("Taking back a change"), value=None, rule=rule, remedy=remedy))
