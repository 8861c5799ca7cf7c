"""Who opens premises: added, changed, put in the order in which they are called, removed."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Refused, no_such_choice
from prep.language import in_language, say
from prep.models import KeyHolder, Site
from prep.registry.site_keeping import (
    KeyHolderFacts,
    add_key_holder,
    change_key_holder,
    order_key_holders,
    remove_key_holder,
)
from prep.terms import KeyPower
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.posts import chosen_person, near_first
from prep.web.saving import saved, saving
from prep.web.sites import site_of
from prep.web.words import word

pages = Blueprint("site_keys", __name__, url_prefix="/evakuointipaikat/<int:number>/avaimet")

Answer = str | tuple[str, int] | Response
_FIELDS = ("person", "name", "phone", "power")
_PLACES = {
    "The key holder": "person",
    "The name": "name",
    "Number or address": "phone",
    "What they may do": "power",
}


@pages.get("/uusi")
@permission("site.edit")
def new(number: int) -> str:
    """The form for somebody more who opens the premises."""
    with reading() as session:
        return _form_page(session, _site(session, number), None, Form({"power": KeyPower.OPEN.value}))


@pages.post("/uusi")
@permission("site.edit")
def add(number: int) -> Answer:
    """Take a key holder more."""
    values = typed(*_FIELDS)
    try:
        with saving() as session:
            add_key_holder(session, _site(session, number), _facts(session, values))
            return saved(session, "sites.one", "added", number=number)
    except Refused as error:
        with reading() as session:
            return _form_page(session, _site(session, number), None, sent_back(values, error, _PLACES)), 422


@pages.get("/<int:holder_number>/muokkaa")
@permission("site.edit")
def edit(number: int, holder_number: int) -> str:
    """The form for a key holder."""
    with reading() as session:
        holder = _holder(session, number, holder_number)
        return _form_page(session, holder.site, holder, Form(_values(holder)))


@pages.post("/<int:holder_number>/muokkaa")
@permission("site.edit")
def change(number: int, holder_number: int) -> Answer:
    """Change a key holder."""
    values = typed(*_FIELDS)
    try:
        with saving() as session:
            change_key_holder(session, _holder(session, number, holder_number), _facts(session, values))
            return saved(session, "sites.one", "saved", number=number)
    except Refused as error:
        with reading() as session:
            holder = _holder(session, number, holder_number)
            return _form_page(session, holder.site, holder, sent_back(values, error, _PLACES)), 422


@pages.post("/<int:holder_number>/poista")
@permission("site.edit")
def remove(number: int, holder_number: int) -> Response:
    """Take a key holder away."""
    with saving() as session:
        remove_key_holder(session, _holder(session, number, holder_number))
        return saved(session, "sites.one", "gone", number=number)


@pages.post("/<int:holder_number>/ylos")
@permission("site.edit")
def raise_up(number: int, holder_number: int) -> Response:
    """Call a key holder before the one who is now before them."""
    with saving() as session:
        holder = _holder(session, number, holder_number)
        order = [one.id for one in holder.site.key_holders]
        place = order.index(holder.id)
        if place:
            order[place - 1], order[place] = order[place], order[place - 1]
            order_key_holders(session, holder.site, order)
        return saved(session, "sites.one", "saved", number=number)


def _site(session: Session, number: int) -> Site:
    return site_of(session, number, Permission.SITE_EDIT)


def _holder(session: Session, number: int, holder_number: int) -> KeyHolder:
    site, found = _site(session, number), session.get(KeyHolder, holder_number)
    if found is None or found.site_id != site.id:
        raise nothing_here()
    return found


def _values(holder: KeyHolder) -> dict[str, str]:
    return {
        "person": str(holder.person_id or ""),
        "name": holder.name,
        "phone": holder.phone,
        "power": holder.power.value,
    }


def _facts(session: Session, values: Mapping[str, str]) -> KeyHolderFacts:
    power = next((one for one in KeyPower if one == values["power"]), None)
    if power is None:
        raise Refused(no_such_choice(say("What they may do"), values["power"]))
    person = chosen_person(session, values["person"])
    if person is None and values["person"]:
        raise Refused(no_such_choice(say("The key holder"), values["person"]))
    return KeyHolderFacts(power, person, values["name"], values["phone"])


def _form_page(session: Session, site: Site, holder: KeyHolder | None, form: Form) -> str:
    first, others = near_first(session, {site.municipality_code}, on=clock.today())
    return render_template(
        "key_holder_form.html",
        site=site,
        holder=holder,
        form=form,
        people=[
            ("", in_language(say("nobody of the registry"), page_language())),
            *((str(one.id), ", ".join(filter(None, (one.name, one.title)))) for one in (*first, *others)),
        ],
        powers=[(one.value, word(one)) for one in KeyPower],
        back=url_for("sites.one", number=site.id),
    )
