"""The lines of a caller's list: added, changed, moved, taken away, each seen before it is saved."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.alerting.labels import HOURS
from prep.auth.permissions import nothing_here
from prep.chains.edits import add_line, change_line, move_line, remove_line
from prep.chains.form import ChainEntry, ItemEntry
from prep.chains.words import if_answered, if_silent
from prep.language import in_language, say
from prep.models import Chain
from prep.terms import Channel
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
from prep.web.chain_fields import LINE, PLACES_OF_LINE, conditions_on, line_values, read_line
from prep.web.chain_people import Offered, called, offered
from prep.web.chain_preview import Preview
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.words import word

pages = Blueprint("chain_lines", __name__, url_prefix="/halytysketjut/<key>/listat/<int:number>/rivit")

Answer = str | tuple[str, int] | Response
_SHOWN_CHANNELS = 4


@pages.get("/uusi")
@permission("chain.edit")
def new(key: str, number: int) -> str:
    """The form for a line more."""
    with reading() as session:
        chain, entry = editable(session, key)
        form = editing.opened({"rounds": "1", "deputies": "1", "channels": Channel.CALL.value}, chain)
        return _page(number, session, chain, entry, None, form, looked_at(session, entry))


@pages.post("/uusi")
@permission("chain.edit")
def add(key: str, number: int) -> Answer:
    """A line more at the end of a list."""
    return _take(key, number, None)


@pages.get("/<int:line>/muokkaa")
@permission("chain.edit")
def edit(key: str, number: int, line: int) -> str:
    """The form for a line."""
    with reading() as session:
        chain, entry = editable(session, key)
        form = editing.opened(line_values(_line(entry, number, line)), chain)
        return _page(number, session, chain, entry, line, form, looked_at(session, entry))


@pages.post("/<int:line>/muokkaa")
@permission("chain.edit")
def change(key: str, number: int, line: int) -> Answer:
    """Change a line, or show what the change would do."""
    return _take(key, number, line)


@pages.post("/<int:line>/ylos")
@permission("chain.edit")
def raise_up(key: str, number: int, line: int) -> Response:
    """Call somebody earlier."""
    return _moved(key, number, line, by=-1)


@pages.post("/<int:line>/alas")
@permission("chain.edit")
def lower(key: str, number: int, line: int) -> Response:
    """Call somebody later."""
    return _moved(key, number, line, by=1)


@pages.post("/<int:line>/poista")
@permission("chain.edit")
def remove(key: str, number: int, line: int) -> Response:
    """Take a line off its list."""
    with saving() as session:
        change_chain(session, key, version_sent(), lambda entry: remove_line(entry, number - 1, line - 1))
        return saved(session, "chain_editing.show", "gone", key=key, **scenario_kept())


def _moved(key: str, number: int, line: int, *, by: int) -> Response:
    with saving() as session:
        change_chain(
            session, key, version_sent(), lambda entry: move_line(entry, number - 1, line - 1, by=by)
        )
        return saved(session, "chain_editing.show", "saved", key=key, **scenario_kept())


def _take(key: str, number: int, line: int | None) -> Answer:
    sent = _sent()

    def stored(entry: ChainEntry) -> tuple[int | None, Mapping[str, str]]:
        now = _as_now(entry, number, line, sent)
        return now, line_values(_line(entry, number, now)) if now else sent.opened

    return take(
        key,
        sent,
        line,
        make=lambda session, chain, _entry: _make(session, chain, number, line, sent),
        stored=stored,
        places=PLACES_OF_LINE,
        page=partial(_page, number),
    )


def _make(session: Session, chain: Chain, number: int, line: int | None, sent: Edit) -> Make:
    item = read_line(sent.values, offered(session, chain.body).references | {sent.opened.get("target", "")})
    if line is None:
        return lambda entry: add_line(entry, number - 1, item)
    return lambda entry: change_line(entry, number - 1, line - 1, item)


def _sent() -> Edit:
    sent = editing.sent(*LINE)
    several = {name: " ".join(filter(None, request.form.getlist(name))) for name in ("channels", "hours")}
    return Edit({**sent.values, **several}, sent.opened, sent.version)


def _line(entry: ChainEntry, number: int, line: int) -> ItemEntry:
    if not 0 < number <= len(entry.list) or not 0 < line <= len(entry.list[number - 1].items):
        raise nothing_here()
    return entry.list[number - 1].items[line - 1]


def _as_now(entry: ChainEntry, number: int, line: int | None, sent: Edit) -> int | None:
    """Where the line that was opened stands now; None if it is a new one, or was taken away meanwhile."""
    if line is None or not 0 < number <= len(entry.list):
        return None
    targets = [item.target for item in entry.list[number - 1].items]
    was = sent.opened.get("target", "")
    if 0 < line <= len(targets) and targets[line - 1] == was:
        return line
    return targets.index(was) + 1 if was in targets else None


def _page(
    number: int,
    session: Session,
    chain: Chain,
    entry: ChainEntry,
    at: int | None,
    form: Form,
    seen: Preview,
    *,
    is_looked_at: bool = False,
) -> str:
    if not 0 < number <= len(entry.list):
        raise nothing_here()
    one, choices = entry.list[number - 1], offered(session, chain.body)
    channels = form.value("channels").split()
    return render_template(
        "chain_line.html",
        chain=chain,
        number=number,
        line=at,
        caller=called(choices.known, one.caller, entry.body),
        form=form,
        groups=choices.groups,
        channels=[*channels, *[""] * max(_SHOWN_CHANNELS - len(channels), 1)],
        all_channels=[(channel.value, word(channel)) for channel in Channel],
        conditions=_conditions(choices, entry, number, at),
        hours=[(hour.value, words) for hour, words in HOURS.items()],
        action=_action(chain, number, at),
        seen=seen,
        is_looked_at=is_looked_at,
        scenario=scenario_asked().name,
        back=url_for("chain_editing.show", key=chain.key, **scenario_kept()),
    )


def _action(chain: Chain, number: int, line: int | None) -> str:
    if line is None:
        return url_for("chain_lines.add", key=chain.key, number=number, **scenario_kept())
    return url_for("chain_lines.change", key=chain.key, number=number, line=line, **scenario_kept())


def _conditions(choices: Offered, entry: ChainEntry, number: int, line: int | None) -> list[tuple[str, str]]:
    """The earlier lines on which this one can depend."""
    items = entry.list[number - 1].items
    found: Mapping[str, None] = dict.fromkeys(
        item.target for item in (items if line is None else items[: line - 1])
    )
    made = [("", in_language(say("always"), page_language()))]
    for target in found:
        name = called(choices.known, target, entry.body)
        silent, answered = conditions_on(target)
        made.append((silent, in_language(if_silent(name), page_language())))
        made.append((answered, in_language(if_answered(name), page_language())))
    return made
