"""Norm sets on pages: every figure with its source, the county's own sets, and by which one premises are judged."""

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Problem, Refused, no_such_choice
from prep.evacuation.norm_records import (
    all_norms,
    choose_norms,
    county_norms,
    county_of,
    make_set,
    remove_set,
    set_figure,
    set_limits,
    stored_set,
    unset_figure,
)
from prep.evacuation.norms import CONFIRMED_EVERY, SETTABLE_LIMITS, NormRow, Norms, Phase, norm_sets
from prep.exchange.cells import plain_number
from prep.language import say
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission, require
from prep.web.saving import saved, saving
from prep.web.sight import may
from prep.web.words import word

pages = Blueprint("norms", __name__, url_prefix="/normit")

Answer = str | tuple[str, int] | Response
_SET_PLACES = {"The name of the set": "name", "Norm set": "based_on"}
_FIGURE_PLACES = {"The figure": "value", "Where it comes from": "source"}


@pages.get("")
@permission("site.read")
def listed() -> str:
    """The norm sets that there are."""
    with reading() as session:
        return _list_page(
            session, Form({"based_on": county_norms(session).based_on or county_norms(session).key})
        )


@pages.post("")
@permission("site.edit")
def make() -> Answer:
    """A norm set of the county's own."""
    require(Permission.SITE_EDIT)
    values = typed("name", "based_on")
    try:
        with saving() as session:
            if values["based_on"] not in norm_sets():
                raise Refused(no_such_choice(say("Norm set"), values["based_on"]))
            made = make_set(session, county_of(session), name=values["name"], based_on=values["based_on"])
            return saved(session, "norms.one", "added", back=url_for("norms.listed"), key=made.key)
    except Refused as error:
        with reading() as session:
            return _list_page(session, sent_back(values, error, _SET_PLACES)), 422


@pages.get("/<key>")
@permission("site.read")
def one(key: str) -> str:
    """The figures of a norm set, each with its source."""
    with reading() as session:
        return _set_page(session, _norms(session, key), Form({}))


@pages.post("/<key>/oletus")
@permission("site.edit")
def choose(key: str) -> Response:
    """Judge the county's premises by this set."""
    require(Permission.SITE_EDIT)
    with saving() as session:
        choose_norms(session, county_of(session), _norms(session, key).key)
        return saved(session, "norms.listed", "saved")


@pages.post("/<key>/rajat")
@permission("site.edit")
def limits(key: str) -> Answer:
    """Say without which limits nothing counts as known of the capacity."""
    require(Permission.SITE_EDIT)
    names = [f"{phase}.{kind}" for phase in Phase for kind in SETTABLE_LIMITS]
    values = typed(*names)
    wanted = {phase: tuple(kind for kind in SETTABLE_LIMITS if values[f"{phase}.{kind}"]) for phase in Phase}
    try:
        with saving() as session:
            _own(session, key)
            set_limits(session, stored_set(session, key), wanted)
            return saved(session, "norms.one", "saved", key=key)
    except Refused as error:
        with reading() as session:
            form = sent_back(values, error, {"What limits": "limits"})
            return _set_page(session, _norms(session, key), form), 422


@pages.post("/<key>/poista")
@permission("site.edit")
def remove(key: str) -> Response:
    """Remove an own norm set."""
    require(Permission.SITE_EDIT)
    with saving() as session:
        _own(session, key)
        remove_set(session, stored_set(session, key))
        return saved(session, "norms.listed", "gone")


@pages.get("/<key>/luvut/<figure>")
@permission("site.edit")
def edit(key: str, figure: str) -> str:
    """The form for a figure of an own set; the name of the figure carries the phase after a comma."""
    require(Permission.SITE_EDIT)
    with reading() as session:
        norms = _own(session, key)
        row = _row(norms, figure)
        is_set = row != _row(norm_sets()[norms.based_on or ""], figure)
        values = {
            "value": f"{row.value:g}".replace(".", ","),
            "source": row.source[page_language()] if is_set else "",
        }
        return _figure_page(norms, row, Form(values))


@pages.post("/<key>/luvut/<figure>")
@permission("site.edit")
def change(key: str, figure: str) -> Answer:
    """Set a figure of an own set."""
    require(Permission.SITE_EDIT)
    values = typed("value", "source")
    try:
        with saving() as session:
            row = _row(_own(session, key), figure)
            value = plain_number(values["value"])
            if value is None:
                raise Refused(_no_number(values["value"]))
            stored = stored_set(session, key)
            set_figure(session, stored, row.key, row.phase, value=value, source=values["source"])
            return saved(session, "norms.one", "saved", key=key)
    except Refused as error:
        with reading() as session:
            norms = _own(session, key)
            form = sent_back(values, error, _FIGURE_PLACES)
            return _figure_page(norms, _row(norms, figure), form), 422


@pages.post("/<key>/luvut/<figure>/palauta")
@permission("site.edit")
def restore(key: str, figure: str) -> Response:
    """Go back to the figure of the set that an own one is based on."""
    require(Permission.SITE_EDIT)
    with saving() as session:
        row = _row(_own(session, key), figure)
        unset_figure(session, stored_set(session, key), row.key, row.phase)
        return saved(session, "norms.one", "saved", key=key)


def _no_number(typed_value: str) -> Problem:
    rule, remedy = say("It is not a number."), say("Write one number, such as 3,5.")
    return Problem(place=say("The figure"), value=typed_value[:40] or None, rule=rule, remedy=remedy)


def _norms(session: Session, key: str) -> Norms:
    found = all_norms(session).get(key)
    if found is None:
        raise nothing_here()
    return found


def _own(session: Session, key: str) -> Norms:
    found = _norms(session, key)
    if found.based_on is None:
        raise nothing_here()
    return found


def _row(norms: Norms, figure: str) -> NormRow:
    key, _, phase = figure.partition(",")
    row = norms.rows.get((key, next((one for one in Phase if one == phase), None)))
    if row is None or (phase and row.phase is None) or key == CONFIRMED_EVERY:
        raise nothing_here()
    return row


def _list_page(session: Session, form: Form) -> str:
    return render_template(
        "norms.html",
        sets=list(all_norms(session).values()),
        shipped=norm_sets(),
        default=county_norms(session).key,
        form=form,
        bases=[(one.key, one.names[page_language()]) for one in norm_sets().values()],
        may_edit=may(Permission.SITE_EDIT),
    )


def _set_page(session: Session, norms: Norms, form: Form) -> str:
    chosen = {f"{phase}.{kind}": "1" for phase, kinds in norms.limits.items() for kind in kinds}
    return render_template(
        "norm_set.html",
        norms=norms,
        rows=sorted(norms.rows.values(), key=_in_order),
        base=norm_sets().get(norms.based_on or ""),
        default=county_norms(session).key,
        form=form if form.faults else Form(chosen),
        phases=list(Phase),
        limits=[(kind, word(kind)) for kind in SETTABLE_LIMITS],
        required={phase: [word(kind) for kind in norms.limits[phase]] for phase in Phase},
        fixed=CONFIRMED_EVERY,
        figure_of=_figure_of,
        may_edit=may(Permission.SITE_EDIT),
    )


def _figure_page(norms: Norms, row: NormRow, form: Form) -> str:
    return render_template(
        "norm_figure.html",
        norms=norms,
        row=row,
        base=_row(norm_sets()[norms.based_on or ""], _figure_of(row)),
        figure=_figure_of(row),
        form=form,
        back=url_for("norms.one", key=norms.key),
    )


def _figure_of(row: NormRow) -> str:
    return f"{row.key},{row.phase}" if row.phase else row.key


def _in_order(row: NormRow) -> tuple[bool, str, int]:
    return row.key.startswith("rules."), row.key, list(Phase).index(row.phase) if row.phase else -1
