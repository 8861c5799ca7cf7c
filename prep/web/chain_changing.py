"""What the forms of the chain editor share: the chain as it stands, a change saved, a form that comes back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.chains.form import ChainEntry, entry_of
from prep.chains.references import everybody
from prep.chains.versions import versions_of
from prep.chains.writing import refuse_unsound, write_chain
from prep.errors import Conflict, Refused
from prep.language import say
from prep.models import Chain
from prep.web import editing
from prep.web.chain_asking import chain_of, scenario_asked, scenario_kept
from prep.web.chain_preview import Preview, preview
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form, Places, sent_back
from prep.web.saving import saved, saving

# The button that shows what a form would do, and saves nothing.
SHOW = "nayta"

Make = Callable[[ChainEntry], ChainEntry]


class Page(Protocol):
    """Shows the form about a list or line, with what the chain would be."""

    def __call__(
        self,
        session: Session,
        chain: Chain,
        entry: ChainEntry,
        at: int | None,
        form: Form,
        seen: Preview,
        /,
        *,
        is_looked_at: bool = False,
    ) -> str: ...


def editable(session: Session, key: str) -> tuple[Chain, ChainEntry]:
    """The chain of a key, and what it says, if whoever asks may change it.

    Raises
    ------
    NotFound
        If there is none, or they may not: the same words for both.
    """
    chain = chain_of(session, key, Permission.CHAIN_EDIT)
    return chain, entry_of(chain)


def change_chain(session: Session, key: str, seen: int, make: Make) -> None:
    """Save a change of a chain as its next version.

    Raises
    ------
    Conflict
        If somebody else has changed the chain since it was seen.
    NotFound
        If the change is of a list or line that there is not.
    Refused
        If the chain would not hold together.
    """
    chain, entry = editable(session, key)
    chain.require_version(seen)
    write_chain(session, made(entry, make), everybody(session))


def take(
    key: str,
    sent: Edit,
    at: int | None,
    *,
    make: Callable[[Session, Chain, ChainEntry], Make],
    stored: Callable[[ChainEntry], tuple[int | None, Mapping[str, str]]],
    places: Places,
    page: Page,
) -> str | tuple[str, int] | Response:
    """Save what a form about a list or line says, or show what it would do, or give the form back.

    Parameters
    ----------
    at
        The list or line that was opened, counted from 1; None for a new one.
    make
        The change that the form asks for.
    stored
        Where the list or line stands now, and what would stand in its form; None if it is not there any more.
    page
        The page with the form.
    """
    try:
        if is_shown_only():
            with reading() as session:
                chain, entry = editable(session, key)
                seen = looked_at(session, entry, make(session, chain, entry))
                return page(session, chain, entry, at, shown_again(sent), seen, is_looked_at=True)
        with saving() as session:
            chain, entry = editable(session, key)
            chain.require_version(sent.version)
            change_chain(session, key, sent.version, make(session, chain, entry))
            return saved(
                session, "chain_editing.show", "saved" if at else "added", key=key, **scenario_kept()
            )
    except Conflict:
        with reading() as session:
            chain, entry = editable(session, key)
            now, values = stored(entry)
            form = both(sent, values, chain, session)
            return page(session, chain, entry, now, form, looked_at(session, entry)), 409
    except Refused as error:
        with reading() as session:
            chain, entry = editable(session, key)
            form = come_back(sent, error, places)
            return page(session, chain, entry, at, form, looked_at(session, entry)), 422


def made(entry: ChainEntry, make: Make) -> ChainEntry:
    """The chain after a change; of a list or line that there is not, nothing is here."""
    try:
        return make(entry)
    except IndexError as error:
        raise nothing_here() from error


def version_sent() -> int:
    """The version of the chain that whoever sends a form has seen."""
    return editing.sent().version


def is_shown_only() -> bool:
    """Whether the form was sent to see what it would do."""
    return SHOW in request.form


def looked_at(session: Session, entry: ChainEntry, make: Make | None = None) -> Preview:
    """The chain with a change as yet unsaved, beside how it stands, under the scenario of the address.

    Raises
    ------
    Refused
        If the chain would not hold together.
    """
    after = entry if make is None else made(entry, make)
    if make is not None:
        refuse_unsound(after, everybody(session))
    return preview(session, after, scenario_asked(), on=clock.today(), stands=entry)


def come_back(edit: Edit, error: Refused, places: Places) -> Form:
    """The form with what was typed and what is wrong with it."""
    return editing.with_faults(edit, sent_back(edit.values, error, places))


def shown_again(edit: Edit) -> Form:
    """The form with what was typed, after a look at what it would do."""
    return Form(edit.values, opened=edit.opened, version=edit.version)


def both(edit: Edit, stored: Mapping[str, str], chain: Chain, session: Session) -> Form:
    """The form with both versions, after somebody else has changed the chain."""
    form = editing.both(edit, stored, chain, session)
    latest = versions_of(session, chain)[0]
    words = say(
        "{who} has changed the same since you opened it: {moment}.",
        who=latest.made_by,
        moment=latest.made_at,
    )
    return replace(form, changed_by=words)
