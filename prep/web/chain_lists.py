"""The lists of a chain, one for each caller: added, changed, moved, taken away, each seen before it is saved."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.alerting.labels import LIST_MODES
from prep.auth.permissions import nothing_here
from prep.chains.edits import add_list, change_list, move_list, remove_list
from prep.chains.form import ChainEntry, ListEntry
from prep.models import Chain
from prep.terms import ListMode
from prep.web import editing
from prep.web.chain_asking import scenario_asked, scenario_kept
from prep.web.chain_changing import (
    Make,
    change_chain,
    editable,
    looked_at,
    take,
    version_sent,
)
from prep.web.chain_fields import LIST, PLACES_OF_LIST, list_values, read_list
from prep.web.chain_people import called, offered
from prep.web.chain_preview import Preview
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form
from prep.web.permissions import permission
from prep.web.saving import saved, saving

pages = Blueprint("chain_lists", __name__, url_prefix="/halytysketjut/<key>/listat")

Answer = str | tuple[str, int] | Response


@pages.get("/uusi")
@permission("chain.edit")
def new(key: str) -> str:
    """The form for a list more."""
    with reading() as session:
        chain, entry = editable(session, key)
        values = {"mode": ListMode.SERIAL.value, "source": "" if entry.list else "1"}
        form = editing.opened(values, chain)
        return _page(session, chain, entry, None, form, looked_at(session, entry))


@pages.post("/uusi")
@permission("chain.edit")
def add(key: str) -> Answer:
    """A list more; its lines come after it."""
    return _take(key, None)


@pages.get("/<int:number>/muokkaa")
@permission("chain.edit")
def edit(key: str, number: int) -> str:
    """The form for a list."""
    with reading() as session:
        chain, entry = editable(session, key)
        form = editing.opened(list_values(_list(entry, number)), chain)
        return _page(session, chain, entry, number, form, looked_at(session, entry))


@pages.post("/<int:number>/muokkaa")
@permission("chain.edit")
def change(key: str, number: int) -> Answer:
    """Change a list, or show what the change would do."""
    return _take(key, number)


@pages.post("/<int:number>/ylos")
@permission("chain.edit")
def raise_up(key: str, number: int) -> Response:
    """Show a list earlier; it makes no difference to the alarm."""
    return _moved(key, number, by=-1)


@pages.post("/<int:number>/alas")
@permission("chain.edit")
def lower(key: str, number: int) -> Response:
    """Show a list later; it makes no difference to the alarm."""
    return _moved(key, number, by=1)


@pages.get("/<int:number>/poista")
@permission("chain.edit")
def removing(key: str, number: int) -> str:
    """What a list holds, and what the chain would be without it."""
    with reading() as session:
        chain, entry = editable(session, key)
        one = _list(entry, number)
        known = offered(session, chain.body).known
        return render_template(
            "chain_list_removing.html",
            chain=chain,
            number=number,
            caller=called(known, one.caller, entry.body),
            targets=[called(known, item.target, entry.body) for item in one.items],
            seen=looked_at(session, entry, lambda entry: remove_list(entry, number - 1)),
            scenario=scenario_asked().name,
            back=_back(chain),
        )


@pages.post("/<int:number>/poista")
@permission("chain.edit")
def remove(key: str, number: int) -> Response:
    """Take a list away with its lines."""
    with saving() as session:
        change_chain(session, key, version_sent(), lambda entry: remove_list(entry, number - 1))
        return saved(session, "chain_editing.show", "gone", key=key, **scenario_kept())


def _moved(key: str, number: int, *, by: int) -> Response:
    with saving() as session:
        change_chain(session, key, version_sent(), lambda entry: move_list(entry, number - 1, by=by))
        return saved(session, "chain_editing.show", "saved", key=key, **scenario_kept())


def _take(key: str, number: int | None) -> Answer:
    sent = editing.sent(*LIST)

    def stored(entry: ChainEntry) -> tuple[int | None, Mapping[str, str]]:
        now = _as_now(entry, number, sent)
        return now, list_values(_list(entry, now)) if now else sent.opened

    return take(
        key,
        sent,
        number,
        make=lambda session, chain, entry: _make(session, chain, entry, number, sent),
        stored=stored,
        places=PLACES_OF_LIST,
        page=_page,
    )


def _make(session: Session, chain: Chain, entry: ChainEntry, number: int | None, sent: Edit) -> Make:
    items = _list(entry, number).items if number else ()
    known = offered(session, chain.body).references | {sent.opened.get("caller", "")}
    one = read_list(sent.values, known, items)
    if number is None:
        return lambda entry: add_list(entry, one)
    return lambda entry: change_list(entry, number - 1, one)


def _list(entry: ChainEntry, number: int) -> ListEntry:
    if not 0 < number <= len(entry.list):
        raise nothing_here()
    return entry.list[number - 1]


def _as_now(entry: ChainEntry, number: int | None, sent: Edit) -> int | None:
    """Where the list that was opened stands now; None if it is a new one, or was taken away meanwhile."""
    if number is None:
        return None
    was = sent.opened.get("caller", ""), bool(sent.opened.get("follow_up"))
    return next((at for at, one in enumerate(entry.list, start=1) if one.whose == was), None)


def _page(
    session: Session,
    chain: Chain,
    _entry: ChainEntry,
    at: int | None,
    form: Form,
    seen: Preview,
    *,
    is_looked_at: bool = False,
) -> str:
    kept = scenario_kept()
    action = (
        url_for("chain_lists.change", key=chain.key, number=at, **kept)
        if at
        else url_for("chain_lists.add", key=chain.key, **kept)
    )
    return render_template(
        "chain_list.html",
        chain=chain,
        number=at,
        form=form,
        groups=offered(session, chain.body).groups,
        modes=[(mode.value, words) for mode, words in LIST_MODES.items()],
        action=action,
        seen=seen,
        is_looked_at=is_looked_at,
        scenario=scenario_asked().name,
        back=_back(chain),
    )


def _back(chain: Chain) -> str:
    return url_for("chain_editing.show", key=chain.key, **scenario_kept())
