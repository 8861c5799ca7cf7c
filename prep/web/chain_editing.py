"""The chain editor: the call lists with the picture and what is wrong; a chain made, renamed, removed."""

import re
from collections.abc import Sequence
from unicodedata import normalize

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.roles import Permission
from prep.chains.form import ChainEntry, entry_of
from prep.chains.references import everybody
from prep.chains.writing import write_chain
from prep.errors import Conflict, Problem, Refused
from prep.language import say, sort_key
from prep.models import Body, Chain, ChainDraft, ChainVersion, SimulationResult
from prep.web import editing
from prep.web.chain_asking import chain_parts, scenario_asked, scenario_choices, scenario_kept
from prep.web.chain_changing import both, change_chain, come_back, editable, looked_at, version_sent
from prep.web.chain_fields import CHAIN, PLACES_OF_CHAIN, chain_values, read_chain_facts
from prep.web.chain_rows import chain_rows
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form, sent_back, typed
from prep.web.permissions import permission, require
from prep.web.saving import done, saved, saving
from prep.web.sight import may
from prep.web.writing import named

pages = Blueprint("chain_editing", __name__, url_prefix="/halytysketjut")

Answer = str | tuple[str, int] | Response
_DEADLINE_MIN = 30
_LONGEST_KEY = 60
# Words that stand in the place of a chain's key in addresses.
_TAKEN = frozenset({"uusi", "yhteiset"})


@pages.get("/<key>/muokkaa")
@permission("chain.edit")
def show(key: str) -> str:
    """The call lists of a chain, each line with its place for a change, beside the picture that they make."""
    with reading() as session:
        chain, entry = editable(session, key)
        seen = looked_at(session, entry)
        return render_template(
            "chain_editor.html",
            chain=chain,
            entry=entry,
            rows=chain_rows(entry, seen.known, seen.reading.network, seen.reading.findings, on=clock.today()),
            seen=seen,
            scenario=scenario_asked().name,
            parts=chain_parts(chain),
            **scenario_choices(),
        )


@pages.get("/uusi")
@permission("chain.edit")
def new() -> str:
    """The form for a new chain."""
    with reading() as session:
        return _new_page(
            session, Form({"deadline": str(_DEADLINE_MIN), "body": request.args.get("elin", "")})
        )


@pages.post("/uusi")
@permission("chain.edit")
def add() -> Answer:
    """Make a chain for a body; its lists come after it."""
    values = {**typed(*CHAIN, "body"), "one_of": ""}
    try:
        with saving() as session:
            body = _body(session, values["body"])
            facts = read_chain_facts(values)
            entry = ChainEntry(key=_unused_key(session, facts["name"]), body=body.key, **facts)
            write_chain(session, entry, everybody(session))
            return done("chain_editing.show", "added", key=entry.key)
    except Refused as error:
        with reading() as session:
            return _new_page(session, sent_back(values, error, PLACES_OF_CHAIN)), 422


@pages.get("/<key>/tiedot")
@permission("chain.edit")
def edit(key: str) -> str:
    """The form for the name, the deadline and the rules of a chain."""
    with reading() as session:
        chain, entry = editable(session, key)
        return _facts_page(chain, editing.opened(chain_values(entry), chain))


@pages.post("/<key>/tiedot")
@permission("chain.edit")
def change(key: str) -> Answer:
    """Change the name, the deadline and the rules of a chain."""
    sent = _sent()
    try:
        with saving() as session:
            facts = read_chain_facts(sent.values)
            change_chain(session, key, sent.version, lambda entry: entry.model_copy(update=facts))
            return saved(session, "chain_editing.show", "saved", key=key, **scenario_kept())
    except Conflict:
        with reading() as session:
            chain, entry = editable(session, key)
            return _facts_page(chain, both(sent, chain_values(entry), chain, session)), 409
    except Refused as error:
        with reading() as session:
            chain, _ = editable(session, key)
            return _facts_page(chain, come_back(sent, error, PLACES_OF_CHAIN)), 422


@pages.get("/<key>/poista")
@permission("chain.edit")
def removing(key: str) -> str:
    """What goes with a chain, and what is left without one."""
    with reading() as session:
        chain, entry = editable(session, key)
        others = session.scalars(select(Chain).where(Chain.body_id == chain.body_id, Chain.id != chain.id))
        return render_template(
            "chain_removing.html",
            chain=chain,
            entry=entry,
            others=[one for one in others if may(Permission.CHAIN_READ, chain.body.municipality_code)],
            kept={
                model.__tablename__: session.scalar(
                    select(func.count()).select_from(model).where(model.chain_id == chain.id)
                )
                for model in (ChainVersion, SimulationResult, ChainDraft)
            },
        )


@pages.post("/<key>/poista")
@permission("chain.edit")
def remove(key: str) -> Response:
    """Remove a chain with its versions, answers and drafts."""
    with saving() as session:
        chain, _ = editable(session, key)
        chain.require_version(version_sent())
        session.delete(chain)
        return saved(session, "chains.listed", "gone", back=url_for("chain_editing.show", key=key))


def _sent() -> Edit:
    sent = editing.sent(*CHAIN)
    return Edit({**sent.values, "one_of": _sets()}, sent.opened, sent.version)


def _sets() -> str:
    """The sets of seats as they were ticked, each set in fields of its own."""
    names = sorted({name for name in request.form if re.fullmatch(r"one_of_[0-9]{1,2}", name)})
    return "; ".join(" ".join(request.form.getlist(name)) for name in names)


def _body(session: Session, key: str) -> Body:
    body = session.scalar(select(Body).where(Body.key == key))
    if body is None or not may(Permission.CHAIN_EDIT, body.municipality_code):
        raise Refused(
            Problem(
                place=say("The body"),
                value=key[:60] or None,
                rule=say("A chain is to reach a body of the registry."),
                remedy=say("Choose one from the list."),
            )
        )
    require(Permission.CHAIN_EDIT, body.municipality_code)
    return body


def _unused_key(session: Session, name: str) -> str:
    """A key made of the name, that no chain has: it stands in addresses and files."""
    plain = normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    wanted = "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST_KEY].strip("-") or "ketju"
    taken = {*session.scalars(select(Chain.key)), *_TAKEN}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (wanted, *numbered) if one not in taken)


def _bodies(session: Session) -> list[tuple[str, str]]:
    """The bodies with seats that whoever asks may make a chain for."""
    bodies = session.scalars(select(Body).where(Body.seats.any()))
    found = [(one.key, named(one)) for one in bodies if may(Permission.CHAIN_EDIT, one.municipality_code)]
    return sorted(found, key=lambda pair: sort_key(pair[1]))


def _new_page(session: Session, form: Form) -> str:
    return render_template("chain_new.html", form=form, bodies=_bodies(session))


def _facts_page(chain: Chain, form: Form) -> str:
    sets: Sequence[Sequence[str]] = [one.split() for one in form.value("one_of").split(";") if one.split()]
    entry = entry_of(chain)
    return render_template(
        "chain_form.html",
        chain=chain,
        entry=entry,
        form=form,
        sets=[*sets, []],
        seats=[(seat.key, named(seat)) for seat in chain.body.seats],
    )
