"""The county's own scenarios: the list, a new one, changing and removing one."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.alerting.own_scenarios import OwnScenario, unknown_parts
from prep.alerting.scenario_records import (
    add_scenario,
    change_scenario,
    find_scenario,
    own_scenario,
    part_names,
    remove_scenario,
    stored_scenarios,
    whole_network,
)
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Conflict, NotFound, Refused
from prep.language import Message, in_language, say
from prep.models import StoredScenario
from prep.web import editing, tables
from prep.web.chain_asking import asked_names, scenario_asked, sheet
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission, require
from prep.web.saving import saved, saving
from prep.web.scenario_form import (
    PLACES,
    WHEN,
    WHICH,
    PartRow,
    fields,
    part_rows,
    scenario_typed,
    values_from,
    values_of,
    with_all,
)
from prep.web.sight import may
from prep.web.tables import Column

pages = Blueprint("own_scenarios", __name__, url_prefix="/skenaariot")

Answer = str | tuple[str, int] | Response
Rows = tuple[list[PartRow], list[PartRow]]


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario of the list: what it says, and what it names that no chain uses any more."""

    scenario: OwnScenario
    told: tuple[Message, ...]
    gone: tuple[str, ...]


_COLUMNS: tuple[Column[Row], ...] = (
    Column("name", say("Scenario"), lambda one: one.scenario.name, names=True),
    Column(
        "says",
        say("What it says"),
        lambda one: "; ".join(in_language(words, page_language()) for words in one.told),
    ),
    Column("key", say("Key of the scenario"), lambda one: one.scenario.key),
    Column("note", say("Note"), lambda one: one.scenario.note or None, extra=True),
)


@pages.get("")
@permission("chain.read")
def listed() -> str | Response:
    """Every own scenario, what it says, and the way to ask the chains about it."""
    with reading() as session:
        network = whole_network(session, on=clock.today(), language=page_language())
        names = part_names(network)
        rows = [_row(own_scenario(one), names) for one in stored_scenarios(session)]
        made = tables.listing("scenarios", say("Own scenarios"), _COLUMNS, rows, sorted_by="name")
        return tables.answer(made, "own_scenarios.html", may_edit=may(Permission.CHAIN_EDIT))


@pages.get("/uusi")
@permission("chain.edit")
def new() -> str:
    """The form for a scenario more, filled in from the presets that the address names."""
    require(Permission.CHAIN_EDIT)
    values = values_from(scenario_asked()) if asked_names() else {}
    with reading() as session:
        return _form_page(None, Form(values), _rows(session))


@pages.post("/uusi")
@permission("chain.edit")
def add() -> Answer:
    """Keep a scenario more."""
    require(Permission.CHAIN_EDIT)
    with reading() as session:
        rows = _rows(session)
    values = typed("key", *_names(rows))
    try:
        with saving() as session:
            add_scenario(session, scenario_typed(values["key"], values, _both(rows)), on=clock.today())
            return saved(session, "own_scenarios.listed", "added")
    except Refused as error:
        return _form_page(None, sent_back(values, error, PLACES), rows), 422


@pages.get("/<key>/muokkaa")
@permission("chain.edit")
def edit(key: str) -> str:
    """The form for a scenario."""
    with reading() as session:
        row = _scenario(session, key)
        rows = _rows(session, row)
        return _form_page(row, editing.opened(_values(row, rows), row), rows)


@pages.post("/<key>/muokkaa")
@permission("chain.edit")
def change(key: str) -> Answer:
    """Change what a scenario says."""
    with reading() as session:
        rows = _rows(session, _scenario(session, key))
    sent = editing.sent(*_names(rows))
    try:
        with saving() as session:
            row = _scenario(session, key)
            row.require_version(sent.version)
            change_scenario(session, row, scenario_typed(key, sent.values, _both(rows)), on=clock.today())
            return saved(session, "own_scenarios.listed", "saved")
    except Conflict:
        with reading() as session:
            row = _scenario(session, key)
            rows = _rows(session, row)
            return _form_page(row, editing.both(sent, _values(row, rows), row, session), rows), 409
    except Refused as error:
        with reading() as session:
            row = _scenario(session, key)
            form = editing.with_faults(sent, sent_back(sent.values, error, PLACES))
            return _form_page(row, form, rows), 422


@pages.post("/<key>/poista")
@permission("chain.edit")
def remove(key: str) -> Response:
    """Remove a scenario."""
    with saving() as session:
        remove_scenario(session, _scenario(session, key))
        return saved(session, "own_scenarios.listed", "gone")


def _scenario(session: Session, key: str) -> StoredScenario:
    require(Permission.CHAIN_EDIT)
    try:
        return find_scenario(session, key)
    except NotFound as error:
        raise nothing_here() from error


def _rows(session: Session, row: StoredScenario | None = None) -> Rows:
    network = whole_network(session, on=clock.today(), language=page_language())
    return part_rows(network, own_scenario(row).parts if row else ())


def _both(rows: Rows) -> list[PartRow]:
    return [*rows[0], *rows[1]]


def _names(rows: Rows) -> tuple[str, ...]:
    return fields(_both(rows))


def _values(row: StoredScenario, rows: Rows) -> dict[str, str]:
    return with_all(values_of(own_scenario(row)), _both(rows))


def _row(scenario: OwnScenario, names: Mapping[str, str]) -> Row:
    return Row(scenario, tuple(scenario.told(names)), tuple(unknown_parts(scenario, names)))


def _form_page(row: StoredScenario | None, form: Form, rows: Rows) -> str:
    return render_template(
        "own_scenario_form.html",
        scenario=row,
        form=form,
        when=WHEN,
        which=WHICH,
        kinds=rows[0],
        single=rows[1],
        is_single_named=any(form.value(name) for row in rows[1] for name in row.fields),
        sheet=sheet() if row is None and request.method == "GET" else None,
    )
