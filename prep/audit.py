"""The audit trail: one hash-chained row per changed row, written in the same transaction as the change.

What a row held and the reason that was given are kept beside the chain. The chain holds only a keyed digest of
them, so that personal data can be erased later (values, reason and their salt are dropped) and the chain still
verifies. In rows of the first form the reason is part of the chain and cannot be dropped; who acted always is.
A tail that was cut off cannot be seen from the chain alone: compare ``head`` with a value noted elsewhere.

A column with ``info={"secret": True}`` (a hash, a key) is seen to change, but its value is never written down;
one with ``info={"audited": False}`` (when something was last used) leaves nothing. A table whose rows only say
that time passes has ``__audited__ = False``; what matters about it is written with ``note``.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import String, event, func, insert, select, text, type_coerce
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.base import PassiveFlag

from prep import clock
from prep.errors import Problem
from prep.language import Message, say
from prep.models.base import Base
from prep.models.system import AuditEntry

GENESIS = "0" * 64
_CHAINED = ("seq", "at", "actor", "action", "table_name", "row_key", "commitment", "previous_hash")
# The reason as well, in rows written before it could be dropped.
_CHAINED_AT_FIRST = (*_CHAINED, "why")
# Any constant will do: it names the lock that orders the writers of the trail in PostgreSQL.
_LOCK = 0x70726570
# Stands in the trail for a value that nobody may read there.
HIDDEN = "•"
# The event that accounts for rows whose values were removed; it is never redacted itself.
REDACTION = "redact"
_LONGEST_ACTION = 10
_WRITTEN = "trail_rows"
_DELETED = "deleted_rows"


def watch(session: Session) -> None:
    """From now on every changed row of this session leaves a row in the trail."""
    event.listen(session, "after_flush", _record)
    # What falls out of a collection is deleted without being marked so: only this event tells of it.
    event.listen(session, "persistent_to_deleted", _remember_deleted)
    event.listen(session, "after_flush_postexec", _record_deleted)


def note(session: Session, action: str, subject: Base | str, values: Mapping[str, Any]) -> None:
    """Write down something that happened without a row being changed, such as a sign-in.

    ``subject`` is the row that it concerns, or a word where there is none; ``values`` hold no secrets.

    Raises
    ------
    ValueError
        If the action is longer than its column.
    """
    if len(action) > _LONGEST_ACTION:
        raise ValueError(f"an action has at most {_LONGEST_ACTION} letters: {action}")
    # What was changed before the event stands before it, and a new subject gets its number.
    session.flush()
    table_name, row_key = ("", subject) if isinstance(subject, str) else _row_of(subject)
    _append(session, [(action, table_name, row_key, {name: plain(value) for name, value in values.items()})])


def head(session: Session) -> tuple[int, str]:
    """Number and digest of the last row; (0, 64 zeros) when there is none."""
    last = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def trail_rows(session: Session) -> list[int]:
    """The numbers of the rows that this session has written so far."""
    return list(session.info.get(_WRITTEN, []))


def count(session: Session) -> int:
    """The number of rows in the trail."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def verify(session: Session, *, anchor: tuple[int, str] | None = None) -> list[Problem]:
    """Every row that has been edited, removed from the middle, moved or emptied; no problems when the chain holds.

    ``anchor`` is a number and digest that ``head`` gave earlier and that was kept elsewhere: with it a tail that
    was cut off and a trail that was written anew are found, too.

    Cost: one pass, some 20 000 rows a second.
    """
    problems: list[Problem] = []
    emptied: list[tuple[int, bool]] = []
    accounted_for: list[tuple[int, int]] = []
    expected_seq, previous, at_anchor = 1, GENESIS, None
    for row in _stored(session):
        fault = _fault(row, expected_seq, previous)
        if fault:
            problems.append(_broken(row["seq"], fault))
        elif row["values"] is None:
            emptied.append((row["seq"], bool(row["why"]) and reason_is_apart(_timed(row))))
        elif row["action"] == REDACTION:
            accounted_for += _redacted_rows(row["values"])
        if anchor and row["seq"] == anchor[0]:
            at_anchor = row["hash"]
        expected_seq, previous = row["seq"] + 1, row["hash"]
    problems += _unaccounted(emptied, accounted_for)
    if anchor and at_anchor != anchor[1] and anchor != (0, GENESIS):
        problems.append(_not_as_noted(anchor[0], is_there=at_anchor is not None))
    return problems


def reason_is_apart(row: Mapping[str, Any]) -> bool:
    """Whether the reason of a row stands beside the chain, so that it can be dropped with the values."""
    return bool(row["hash"] == _digest(row))


def _stored(session: Session) -> Iterator[dict[str, Any]]:
    """The rows as they stand in the file: SQLite can hold a moment that is none, and reading must not fail."""
    columns = [
        type_coerce(column, String) if column.key == "at" else column
        for column in AuditEntry.__table__.columns
    ]
    for found in session.execute(select(*columns).order_by(AuditEntry.seq).execution_options(yield_per=1000)):
        yield dict(zip((column.key for column in AuditEntry.__table__.columns), found, strict=True))


def _fault(row: dict[str, Any], expected_seq: int, previous: str) -> Message | None:
    """What is wrong with a row, None if nothing."""
    changed = say("The row has been changed or moved.")
    try:
        if row["seq"] != expected_seq:
            return say("The row before it is missing.")
        row = _timed(row)
        is_apart = reason_is_apart(row)
        if row["previous_hash"] != previous or not (is_apart or row["hash"] == _digest_at_first(row)):
            return changed
        written, why, salt = row["values"], row["why"], row["salt"]
        beside = say("The recorded values or the reason have been changed.")
        if (written is None) is not (salt is None):
            return beside
        if salt is not None and row["commitment"] != _commitment(
            salt, _sealed(why, written) if is_apart else written
        ):
            return beside
    except (TypeError, ValueError, AttributeError):
        # What cannot even be read was not written by prep.
        return changed
    return None


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(row["at"]) if isinstance(row["at"], str) else row["at"]
    return {**row, "at": at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)}


def _redacted_rows(written: str) -> list[tuple[int, int]]:
    return [(first, last) for first, last in json.loads(written)["rows"]]


def _unaccounted(emptied: list[tuple[int, bool]], accounted_for: list[tuple[int, int]]) -> Iterator[Problem]:
    """Rows without values that no redaction names, or with a reason that nothing vouches for any more."""
    for seq, has_reason in emptied:
        if not any(first <= seq <= last for first, last in accounted_for):
            removed = say("The recorded values have been removed, and no redaction accounts for it.")
            yield _broken(seq, removed)
        elif has_reason:
            yield _broken(seq, say("A reason was written into it after its values had been dropped."))


def _not_as_noted(seq: int, *, is_there: bool) -> Problem:
    if is_there:
        return _broken(seq, say("Its digest is not the one that was noted: the trail has been written anew."))
    return _broken(seq, say("The row that was noted is gone: the end of the trail has been cut off."))


def _record(session: Session, _context: Any) -> None:
    changes = [change for change in _changes(session) if change]
    if changes:
        _append(session, changes)


def _remember_deleted(session: Session, instance: Any) -> None:
    session.info.setdefault(_DELETED, []).append(instance)


def _record_deleted(session: Session, _context: Any) -> None:
    # What rests on a row goes before it.
    gone = sorted(session.info.pop(_DELETED, []), key=_order, reverse=True)
    changes = [change for change in (_change("delete", instance) for instance in gone) if change]
    if changes:
        _append(session, changes)


def _append(session: Session, changes: Iterable[tuple[str, str, str, dict[str, Any]]]) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    seq, previous = head(session)
    at, actor, why = clock.now(), session.info["actor"], session.info.get("why", "")
    rows = []
    for action, table_name, row_key, values in changes:
        seq += 1
        salt = secrets.token_hex(16)
        written = json.dumps(values, ensure_ascii=False, sort_keys=True)
        row = {
            "seq": seq,
            "at": at,
            "actor": actor,
            "action": action,
            "table_name": table_name,
            "row_key": row_key,
            "why": why,
            "commitment": _commitment(salt, _sealed(why, written)),
            "previous_hash": previous,
        }
        previous = _digest(row)
        rows.append({**row, "values": written, "salt": salt, "hash": previous})
    session.execute(insert(Base.metadata.tables[AuditEntry.__tablename__]), rows)
    session.info.setdefault(_WRITTEN, []).extend(row["seq"] for row in rows)


def _changes(session: Session) -> Iterable[tuple[str, str, str, dict[str, Any]] | None]:
    # A set has no order of its own; the trail has to have one.
    for instance in sorted(session.new, key=_order):
        yield _change("insert", instance)
    for instance in sorted(session.dirty, key=_order):
        yield _change("update", instance)


def _order(instance: Any) -> tuple[int, int, str]:
    """A row comes after those on which it rests: whoever takes a change back goes through the trail backwards."""
    state = instance_state(instance)
    added = (state.insert_order or 0) if state.key is None else 0
    return _depths()[type(instance).__tablename__], added, str(state.key and state.key[1])


@cache
def _depths() -> Mapping[str, int]:
    """The place of each table after all those to which it refers."""
    return {table.name: number for number, table in enumerate(Base.metadata.sorted_tables)}


def _change(action: str, instance: Base) -> tuple[str, str, str, dict[str, Any]] | None:
    if not instance.__audited__:
        return None
    state = instance_state(instance)
    before, after = {}, {}
    for name, written in _written_columns(state.mapper):
        if action == "insert":
            after[name] = written(state.dict.get(name))
        elif action == "delete":
            before[name] = written(state.dict.get(name))
        else:
            history = state.get_history(name, PassiveFlag.PASSIVE_NO_INITIALIZE)
            if history.has_changes():
                before[name] = written(history.deleted[0] if history.deleted else None)
                after[name] = written(history.added[0] if history.added else None)
    for name in _linked(state.mapper):
        history = state.get_history(name, PassiveFlag.PASSIVE_NO_INITIALIZE)
        if action == "update" and history.has_changes():
            kept = history.unchanged or ()
            before[name] = _keys_of([*kept, *(history.deleted or ())])
            after[name] = _keys_of([*kept, *(history.added or ())])
        elif action == "insert":
            after[name] = _keys_of(getattr(instance, name))
    if not before and not after:
        return None
    return action, *_row_of(instance), {"before": before, "after": after}


@cache
def _written_columns(mapper: Mapper[Any]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The columns of a table that are written down, and how the value of each is."""
    return tuple(
        (column.key, _hidden if column.columns[0].info.get("secret") else plain)
        for column in mapper.column_attrs
        if column.columns[0].info.get("audited", True)
    )


@cache
def _linked(mapper: Mapper[Any]) -> list[str]:
    """What a row that people edit is linked with through a table of its own, which has no rows to be seen."""
    if mapper.version_id_col is None:
        return []
    return [one.key for one in mapper.relationships if one.secondary is not None]


def _keys_of(linked: Iterable[Base]) -> list[str]:
    return sorted(_row_of(one)[1] for one in linked)


def _row_of(instance: Base) -> tuple[str, str]:
    mapper = instance_state(instance).mapper
    return str(mapper.local_table), "/".join(str(part) for part in mapper.primary_key_from_instance(instance))


def _hidden(value: Any) -> str | None:
    return None if value is None else HIDDEN


def plain(value: Any) -> Any:
    """A value as it is written in the trail."""
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


def _sealed(why: str, written: str) -> str:
    return json.dumps([why, written], ensure_ascii=False)


def _commitment(salt: str, sealed: str) -> str:
    return hmac.new(bytes.fromhex(salt), sealed.encode(), hashlib.sha256).hexdigest()


def _digest(row: Mapping[str, Any]) -> str:
    return _digest_of({"form": 2, **{name: row[name] for name in _CHAINED}})


def _digest_at_first(row: Mapping[str, Any]) -> str:
    return _digest_of({name: row[name] for name in _CHAINED_AT_FIRST})


def _digest_of(chained: dict[str, Any]) -> str:
    values = {name: plain(value) for name, value in chained.items()}
    canonical = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _broken(seq: int, what: Message) -> Problem:
    return Problem(
        place=say("Audit trail, row {seq}", seq=seq),
        value=None,
        rule=what,
        remedy=say("Compare with a backup, and find out who can write to the database."),
    )
