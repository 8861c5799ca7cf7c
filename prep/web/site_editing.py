"""Keeping the list of premises: added, changed, confirmed as they stand, taken off the list."""

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.roles import Permission
from prep.errors import Refused
from prep.evacuation.records import site_states
from prep.exchange.site_form import EVIDENCE, FORM, read_site_form, typed_of
from prep.exchange.words import field_word
from prep.language import say, sort_key
from prep.models import Site
from prep.readiness.impact import impact_of_site
from prep.registry.review import confirm as confirm_rows
from prep.registry.site_keeping import add_site, change_site, relist_site, remove_site, withdraw_site
from prep.terms import Classification, SiteStatus, SiteUse
from prep.web import editing, identity, maps
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import WHY, saved, saving
from prep.web.sight import municipality_of, seen_impact, seen_places
from prep.web.site_places import PROPOSAL
from prep.web.sites import site_of
from prep.web.words import word
from prep.web.writing import named

pages = Blueprint("site_editing", __name__, url_prefix="/evakuointipaikat")

Answer = str | tuple[str, int] | Response
_PLACE = "kunta"
_PLACES = {
    **{field_word(key).template: key for key in FORM},
    "The name of the premises": "name",
    "Municipality": _PLACE,
}


@pages.get("/uusi")
@permission("site.edit")
def new() -> str:
    """The form for premises more."""
    with reading() as session:
        first = {"status": SiteStatus.UNKNOWN.value, "classification": Classification.INTERNAL.value}
        return _form_page(session, None, Form({**first, _PLACE: request.args.get(_PLACE, "")}))


@pages.post("/uusi")
@permission("site.edit")
def add() -> Answer:
    """Premises more on a municipality's list."""
    values = {**_typed(), **typed(_PLACE)}
    try:
        with saving() as session:
            place = municipality_of(session, values[_PLACE], Permission.SITE_EDIT)
            site = add_site(session, place, read_site_form(values, on=clock.today()))
            return saved(session, "sites.one", "added", back=url_for("sites.listed"), number=site.id)
    except Refused as error:
        with reading() as session:
            return _form_page(session, None, sent_back(values, error, _PLACES)), 422


@pages.get("/<int:number>/muokkaa")
@permission("site.edit")
def edit(number: int) -> str:
    """The form for premises."""
    with reading() as session:
        site = _site(session, number)
        form = editing.opened(typed_of(site), site)
        proposal = request.args.get(PROPOSAL)
        if proposal:
            # Only put in the field, as if somebody had typed it: it is saved, or not, with the form.
            form = replace(form, values={**form.values, "coordinates": proposal[:100]})
        return _form_page(session, site, form)


@pages.post("/<int:number>/muokkaa")
@permission("site.edit")
def change(number: int) -> Answer:
    """Change what is on record of premises."""
    sent = editing.sent(*FORM)
    sent = Edit({**sent.values, **_typed()}, sent.opened, sent.version)

    def write(session: Session, site: Site) -> Response:
        change_site(session, site, read_site_form(sent.values, on=clock.today()))
        return saved(session, "sites.one", "saved", number=number)

    return editing.changed(
        sent,
        find=lambda session: _site(session, number),
        values=typed_of,
        change=write,
        places=_PLACES,
        page=_form_page,
    )


@pages.post("/<int:number>/vahvista")
@permission("site.edit")
def confirm(number: int) -> Response:
    """Note that everything on record of the premises is right as it stands."""
    with saving() as session:
        site = _site(session, number)
        # What was looked at is confirmed, not what somebody has written since.
        site.require_version(int(request.form.get("versio", "0")))
        confirm_rows(session, [site], on=clock.today(), by=identity.name())
        return saved(session, "sites.one", "confirmed", number=number)


@pages.get("/<int:number>/poista")
@permission("site.edit")
def removing(number: int) -> str:
    """What breaks without the premises, before they are taken off the list."""
    with reading() as session:
        return _removing_page(session, _site(session, number), Form())


@pages.post("/<int:number>/luovu")
@permission("site.edit")
def withdraw(number: int) -> Answer:
    """Take premises off the list that are no longer to be had; what is known of them stays."""
    try:
        with saving() as session:
            withdraw_site(session, _site(session, number))
            return saved(session, "sites.one", "withdrawn", number=number)
    except Refused as error:
        with reading() as session:
            form = sent_back(typed(WHY), error, {"The reason": WHY})
            return _removing_page(session, _site(session, number), form), 422


@pages.post("/<int:number>/palauta")
@permission("site.edit")
def relist(number: int) -> Response:
    """Take withdrawn premises back onto the list."""
    with saving() as session:
        relist_site(session, _site(session, number))
        return saved(session, "sites.one", "relisted", number=number)


@pages.post("/<int:number>/poista")
@permission("site.edit")
def remove(number: int) -> Answer:
    """Take premises off the list that never belonged on it."""
    try:
        with saving() as session:
            remove_site(session, _site(session, number))
            return saved(session, "sites.listed", "gone")
    except Refused as error:
        with reading() as session:
            return _removing_page(session, _site(session, number), sent_back({}, error, {"": "tiedot"})), 422


def _site(session: Session, number: int) -> Site:
    return site_of(session, number, Permission.SITE_EDIT)


def _removing_page(session: Session, site: Site, form: Form) -> str:
    views = site_states(session, on=clock.today(), municipality=site.municipality_code)
    impact = impact_of_site(session, site, views, language=page_language())
    return render_template("site_removing.html", site=site, form=form, impact=seen_impact(impact))


def _typed() -> dict[str, str]:
    return {**typed(*FORM, WHY), "uses": " ".join(sorted(request.form.getlist("uses")))}


def _form_page(session: Session, site: Site | None, form: Form) -> str:
    places = sorted(seen_places(session, Permission.SITE_EDIT), key=lambda one: sort_key(named(one)))
    return render_template(
        "site_form.html",
        site=site,
        form=form,
        places=[(one.code, named(one)) for one in places],
        uses=[(use.value, word(use)) for use in SiteUse],
        statuses=[
            (one.value, word(one))
            for one in SiteStatus
            # What is given up is withdrawn with a reason, not by the way.
            if one is not SiteStatus.WITHDRAWN or form.value("status") == one
        ],
        classifications=[(one.value, word(one)) for one in Classification],
        evidence=list(EVIDENCE),
        field_word=field_word,
        map=maps.picture(
            session,
            title=say("Map for placing the premises"),
            focus=site.municipality_code if site else form.value(_PLACE),
        ),
        back=url_for("sites.one", number=site.id) if site else url_for("sites.listed"),
    )
