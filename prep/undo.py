"""Taking back what was done in one transaction, from what the audit trail recorded of it.

It is put back only where everything still stands as that transaction left it. Taking back is a change like any
other: it leaves its own rows in the trail, and can be taken back.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Enum as EnumType
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from prep import clock
from prep.audit import HIDDEN, plain, trail_rows
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import AuditEntry, Base

# Afterwards others rely on the change.
LASTS = timedelta(hours=24)
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
    # A later change of a row rests on the earlier one.
    for row in reversed(rows):
        values = json.loads(row.values or "{}")
        _BACKWARDS[row.action](session, _MODELS[row.table_name], row.row_key, values)
        try:
            session.flush()
        except IntegrityError as error:
            raise _changed() from error


def row_of(session: Session, entry: AuditEntry) -> Base | None:
    """The row that an entry of the trail is about, as it stands now; None when it is no longer there."""
    model = _MODELS[entry.table_name]
    return session.get(model, _key(model, entry.row_key))


def recorded(entry: AuditEntry) -> Mapping[str, Any]:
    """What stood in a row after the change, or before it where it was removed."""
    values = json.loads(entry.values or "{}")
    return dict(values.get("after") or values.get("before") or {})


def _take_away(session: Session, model: type[Base], key: str, values: Mapping[str, Any]) -> None:
    row = _standing(session, model, key, values["after"])
    session.expire(row)
    # What would go with it was put there by somebody else: one's own has been taken away before.
    for link in model.__mapper__.relationships:
        if link.cascade.delete and getattr(row, link.key):
            raise _changed()
    session.delete(row)


def _change_back(session: Session, model: type[Base], key: str, values: Mapping[str, Any]) -> None:
    row = _standing(session, model, key, values["after"])
    for name, before in _kept(values["before"]):
        setattr(row, name, _value(model, name, before))


def _bring_back(session: Session, model: type[Base], key: str, values: Mapping[str, Any]) -> None:
    if session.get(model, _key(model, key)) is not None:
        raise _changed()
    session.add(model(**{name: _value(model, name, before) for name, before in _kept(values["before"])}))


_BACKWARDS = {"insert": _take_away, "update": _change_back, "delete": _bring_back}


def _standing(session: Session, model: type[Base], key: str, after: Mapping[str, Any]) -> Base:
    """The row, if it stands as it was left."""
    row = session.get(model, _key(model, key))
    if row is None or any(plain(getattr(row, name)) != left for name, left in _kept(after)):
        raise _changed()
    return row


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
    if kind.python_type in (date, datetime):
        return kind.python_type.fromisoformat(written)
    return written


def _changed() -> Refused:
    return _refused(
        say("It has been changed again since, or something rests on it."),
        say("Look at how it stands now, and change it by hand."),
    )


def _refused(rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("Taking back a change"), value=None, rule=rule, remedy=remedy))
