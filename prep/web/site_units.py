"""Units of premises (halls, floors): added, changed, removed."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Refused
from prep.exchange.site_form import UNIT_FORM, read_unit_form, typed_of_unit
from prep.exchange.words import field_word
from prep.models import Site, SiteUnit
from prep.registry.site_units import add_unit, change_unit, remove_unit
from prep.terms import SiteUse
from prep.web import editing
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form, sent_back, typed
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sites import site_of
from prep.web.words import word

pages = Blueprint("site_units", __name__, url_prefix="/evakuointipaikat/<int:number>/yksikot")

Answer = str | tuple[str, int] | Response
_PLACES = {
    **{field_word(key).template: key for key in UNIT_FORM},
    "The name of the unit": "name",
}


@pages.get("/uusi")
@permission("site.edit")
def new(number: int) -> str:
    """The form for a unit more."""
    with reading() as session:
        site = _site(session, number)
        uses = " ".join(sorted(row.use for row in site.uses))
        return _form_page(site, None, Form({"uses": uses}))


@pages.post("/uusi")
@permission("site.edit")
def add(number: int) -> Answer:
    """A unit more of the premises."""
    values = _typed()
    try:
        with saving() as session:
            add_unit(session, _site(session, number), read_unit_form(values, on=clock.today()))
            return saved(session, "sites.one", "added", number=number)
    except Refused as error:
        with reading() as session:
            return _form_page(_site(session, number), None, sent_back(values, error, _PLACES)), 422


@pages.get("/<int:unit_number>/muokkaa")
@permission("site.edit")
def edit(number: int, unit_number: int) -> str:
    """The form for a unit."""
    with reading() as session:
        unit = _unit(session, number, unit_number)
        return _form_page(unit.site, unit, editing.opened(typed_of_unit(unit), unit))


@pages.post("/<int:unit_number>/muokkaa")
@permission("site.edit")
def change(number: int, unit_number: int) -> Answer:
    """Change what is on record of a unit."""
    sent = editing.sent(*UNIT_FORM)
    sent = Edit({**sent.values, **_typed()}, sent.opened, sent.version)

    def write(session: Session, unit: SiteUnit) -> Response:
        change_unit(session, unit, read_unit_form(sent.values, on=clock.today()))
        return saved(session, "sites.one", "saved", number=number)

    return editing.changed(
        sent,
        find=lambda session: _unit(session, number, unit_number),
        values=typed_of_unit,
        change=write,
        places=_PLACES,
        page=lambda _session, unit, form: _form_page(unit.site, unit, form),
    )


@pages.post("/<int:unit_number>/poista")
@permission("site.edit")
def remove(number: int, unit_number: int) -> Response:
    """Take a unit away."""
    with saving() as session:
        remove_unit(session, _unit(session, number, unit_number))
        return saved(session, "sites.one", "gone", number=number)


def _site(session: Session, number: int) -> Site:
    return site_of(session, number, Permission.SITE_EDIT)


def _unit(session: Session, number: int, unit_number: int) -> SiteUnit:
    site, found = _site(session, number), session.get(SiteUnit, unit_number)
    if found is None or found.site_id != site.id:
        raise nothing_here()
    return found


def _typed() -> dict[str, str]:
    return {**typed(*UNIT_FORM), "uses": " ".join(sorted(request.form.getlist("uses")))}


def _form_page(site: Site, unit: SiteUnit | None, form: Form) -> str:
    return render_template(
        "site_unit_form.html",
        site=site,
        unit=unit,
        form=form,
        uses=[(use.value, word(use)) for use in SiteUse],
        field_word=field_word,
        back=url_for("sites.one", number=site.id),
    )
