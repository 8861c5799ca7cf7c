"""Numbers, addresses and absences of somebody: added, changed, put in order, confirmed, removed."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Refused, no_such_choice
from prep.language import say
from prep.models import Absence, ContactPoint, Person
from prep.readiness.impact import impact_of_point
from prep.registry.people import (
    add_absence,
    add_point,
    change_point,
    confirm_point,
    order_points,
    remove_absence,
    remove_point,
)
from prep.terms import ContactKind, Evidence
from prep.web import editing, identity
from prep.web.database import reading
from prep.web.days import day_typed
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.people import person_of
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import seen_impact
from prep.web.words import word

pages = Blueprint("numbers", __name__, url_prefix="/yhteyshenkilot/<int:number>")

Answer = str | tuple[str, int] | Response
_FIELDS = ("kind", "value", "purpose", "operator")
_PLACES = {
    "Number or address": "value",
    "The kind": "kind",
    "The purpose": "purpose",
    "The operator": "operator",
    "The absence’s first day": "starts",
    "The absence’s last day": "ends",
}


@pages.get("/numerot/uusi")
@permission("contact.edit")
def new(number: int) -> str:
    """The form for a number or address more."""
    with reading() as session:
        return _form_page(_person(session, number), None, Form({"kind": ContactKind.MOBILE.value}))


@pages.post("/numerot/uusi")
@permission("contact.edit")
def add(number: int) -> Answer:
    """Take a number or address more."""
    values = typed(*_FIELDS)
    try:
        with saving() as session:
            person = _person(session, number)
            add_point(
                session,
                person,
                _kind(values),
                values["value"],
                purpose=values["purpose"],
                operator=values["operator"],
            )
            return saved(session, "people.one", "added", number=number)
    except Refused as error:
        with reading() as session:
            return _form_page(_person(session, number), None, sent_back(values, error, _PLACES)), 422


@pages.get("/numerot/<int:point_number>/muokkaa")
@permission("contact.edit")
def edit(number: int, point_number: int) -> str:
    """The form for a number or address."""
    with reading() as session:
        point = _point(session, number, point_number)
        return _form_page(point.person, point, editing.opened(_values(point), point))


@pages.post("/numerot/<int:point_number>/muokkaa")
@permission("contact.edit")
def change(number: int, point_number: int) -> Answer:
    """Change a number or address."""
    sent = editing.sent(*_FIELDS)

    def write(session: Session, point: ContactPoint) -> Response:
        change_point(
            session,
            point,
            _kind(sent.values),
            sent.values["value"],
            purpose=sent.values["purpose"],
            operator=sent.values["operator"],
        )
        return saved(session, "people.one", "saved", number=number)

    return editing.changed(
        sent,
        find=lambda session: _point(session, number, point_number),
        values=_values,
        change=write,
        places=_PLACES,
        page=lambda _session, point, form: _form_page(point.person, point, form),
    )


@pages.get("/numerot/<int:point_number>/poista")
@permission("contact.edit")
def removing(number: int, point_number: int) -> str:
    """What breaks without the number, before it is removed."""
    with reading() as session:
        point = _point(session, number, point_number)
        return render_template(
            "number_removing.html",
            person=point.person,
            point=point,
            impact=seen_impact(impact_of_point(session, point, on=clock.today(), language=page_language())),
        )


@pages.post("/numerot/<int:point_number>/poista")
@permission("contact.edit")
def remove(number: int, point_number: int) -> Response:
    """Remove a number or address."""
    with saving() as session:
        remove_point(session, _point(session, number, point_number))
        return saved(session, "people.one", "gone", number=number)


@pages.post("/numerot/<int:point_number>/vahvista")
@permission("contact.edit")
def confirm(number: int, point_number: int) -> Response:
    """Note that a number is right as it stands."""
    evidence = typed("tapa")["tapa"]
    known = {Evidence.CONFIRMED.value, Evidence.CALLED_BACK.value}
    with saving() as session:
        point = _point(session, number, point_number)
        confirm_point(
            point,
            on=clock.today(),
            by=identity.name(),
            evidence=Evidence(evidence) if evidence in known else Evidence.CONFIRMED,
        )
        return saved(session, "people.one", "confirmed", number=number)


@pages.post("/numerot/<int:point_number>/ylos")
@permission("contact.edit")
def raise_up(number: int, point_number: int) -> Response:
    """Call a number before the one that is now before it."""
    with saving() as session:
        point = _point(session, number, point_number)
        order = [one.id for one in point.person.contact_points]
        place = order.index(point.id)
        if place:
            order[place - 1], order[place] = order[place], order[place - 1]
            order_points(session, point.person, order)
        return saved(session, "people.one", "saved", number=number)


@pages.get("/poissaolot/uusi")
@permission("contact.edit")
def absence_form(number: int) -> str:
    """The form for days on which somebody is away."""
    with reading() as session:
        return _absence_page(_person(session, number), Form({"starts": clock.today().isoformat()}))


@pages.post("/poissaolot/uusi")
@permission("contact.edit")
def absent(number: int) -> Answer:
    """Note days on which somebody is away."""
    values = typed("starts", "ends")
    try:
        with saving() as session:
            ends = day_typed(say("The absence’s last day"), values["ends"]) if values["ends"] else None
            starts = day_typed(say("The absence’s first day"), values["starts"])
            add_absence(session, _person(session, number), starts=starts, ends=ends)
            return saved(session, "people.one", "added", number=number)
    except Refused as error:
        with reading() as session:
            return _absence_page(_person(session, number), sent_back(values, error, _PLACES)), 422


@pages.post("/poissaolot/<int:absence_number>/poista")
@permission("contact.edit")
def back_again(number: int, absence_number: int) -> Response:
    """Take an absence away."""
    with saving() as session:
        absence = session.get(Absence, absence_number)
        person = _person(session, number)
        if absence is None or absence.person_id != person.id:
            raise nothing_here()
        remove_absence(session, absence)
        return saved(session, "people.one", "gone", number=number)


def _person(session: Session, number: int) -> Person:
    return person_of(session, number, Permission.CONTACT_EDIT)


def _point(session: Session, number: int, point_number: int) -> ContactPoint:
    person, found = _person(session, number), session.get(ContactPoint, point_number)
    if found is None or found.person_id != person.id:
        raise nothing_here()
    return found


def _kind(values: Mapping[str, str]) -> ContactKind:
    try:
        return ContactKind(values["kind"])
    except ValueError as error:
        raise Refused(no_such_choice(say("The kind"), values["kind"])) from error


def _values(point: ContactPoint) -> dict[str, str]:
    return {
        "kind": point.kind.value,
        "value": point.value,
        "purpose": point.purpose,
        "operator": point.operator or "",
    }


def _form_page(person: Person, point: ContactPoint | None, form: Form) -> str:
    return render_template(
        "number_form.html",
        person=person,
        point=point,
        form=form,
        kinds=[(kind.value, word(kind)) for kind in ContactKind],
        back=url_for("people.one", number=person.id),
    )


def _absence_page(person: Person, form: Form) -> str:
    return render_template("absence_form.html", person=person, form=form)
