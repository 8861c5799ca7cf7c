"""Forms that change what somebody else may be changing at the same time: neither loses what they wrote.

A form carries what stood in it when it was opened, and the version of the row. If somebody else has saved
meanwhile, the form comes back: with their values where only they changed something, with one's own where only
oneself did, and with both where both did. Nothing is saved before it has been looked at once more.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.errors import Conflict, Refused
from prep.language import Message, say
from prep.models import Account, AuditEntry, Base
from prep.models.base import Versioned
from prep.web.database import reading
from prep.web.forms import Form, Places, sent_back, typed
from prep.web.saving import saving

Row = TypeVar("Row", bound=Versioned)

VERSION = "versio"
OPENED = "avattu"
_LONGEST_OPENED = 32_000


@dataclass(frozen=True, slots=True)
class Edit:
    """A form that was sent: what was typed, what had stood there when it was opened, and the version it had."""

    values: Mapping[str, str]
    opened: Mapping[str, str]
    version: int


def opened(values: Mapping[str, str], row: Versioned) -> Form:
    """The form for a row as it stands."""
    return Form(values, opened=values, version=row.version)


def sent(*names: str) -> Edit:
    """The form as it was sent."""
    version = request.form.get(VERSION, "")
    return Edit(
        typed(*names),
        {name: value for name, value in _opened().items() if name in names},
        int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
    )


def changed(
    edit: Edit,
    *,
    find: Callable[[Session], Row],
    values: Callable[[Row], Mapping[str, str]],
    change: Callable[[Session, Row], Response],
    places: Places,
    page: Callable[[Session, Row, Form], str],
) -> Response | tuple[str, int]:
    """Carry out what a form says; or give it back, with both versions or with what is wrong.

    Parameters
    ----------
    find
        The row that is changed, as far as whoever asks may change it.
    values
        What stands in the form of a row.
    change
        Makes the change, and gives the answer that leads on.
    places
        By which field a problem's place is meant.
    page
        The page with the form.
    """
    try:
        with saving() as session:
            row = find(session)
            row.require_version(edit.version)
            return change(session, row)
    except Conflict:
        with reading() as session:
            row = find(session)
            return page(session, row, both(edit, values(row), row, session)), 409
    except Refused as error:
        with reading() as session:
            form = with_faults(edit, sent_back(edit.values, error, places))
            return page(session, find(session), form), 422


def with_faults(edit: Edit, form: Form) -> Form:
    """A form that comes back with faults goes on from where it was opened."""
    return replace(form, opened=edit.opened, version=edit.version)


def still_opened(form: Form, values: Mapping[str, str], row: Versioned) -> Form:
    """A form that comes back from another button of the page: it goes on from the row as it stands."""
    return replace(form, opened=values, version=row.version)


def both(edit: Edit, stored: Mapping[str, str], row: Versioned, session: Session) -> Form:
    """The form with both versions, for a row that somebody else has changed since it was opened."""
    values, theirs = dict(edit.values), {}
    for name, now in stored.items():
        mine, before = edit.values.get(name, ""), edit.opened.get(name, "")
        if now == mine:
            continue
        if mine == before:
            # Only they changed it: theirs is taken over.
            values[name] = now
            theirs[name] = say("Changed meanwhile; before: {value}", value=before or "–")
        elif now != before:
            theirs[name] = say("Stored meanwhile: {value}", value=now or "–")
    return Form(
        values, opened=stored, version=row.version, theirs=theirs, changed_by=_changed_by(session, row)
    )


def _changed_by(session: Session, row: Versioned) -> Message:
    """Who changed the row last, and when."""
    table = row.__tablename__ if isinstance(row, Base) else ""
    key = str(row.__mapper__.primary_key_from_instance(row)[0]) if isinstance(row, Base) else ""
    entry = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.table_name == table, AuditEntry.row_key == key)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    if entry is None:
        return say("Somebody else has changed the same since you opened it.")
    return say(
        "{who} has changed the same since you opened it: {moment}.",
        who=acted_by(session, entry.actor),
        moment=entry.at,
    )


def acted_by(session: Session, actor: str) -> str:
    """Who acted, by the name of their account where they have one; else as the audit trail says it."""
    login = actor.removeprefix("account: ")
    account = session.scalars(select(Account).where(Account.login == login)).first()
    return account.name if account else actor


def _opened() -> Mapping[str, str]:
    """What stood in the form, as the form itself says; a form that says nothing of it counts as empty."""
    written = request.form.get(OPENED, "")
    try:
        found = json.loads(written[:_LONGEST_OPENED] or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)}
