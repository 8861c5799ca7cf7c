"""Changing bodies and their seats: everything that a pack brought can be corrected."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.language import Message, in_language, say
from prep.models import Body, Constituency, Seat
from prep.registry.body_details import (
    MARKS,
    BodyDetails,
    SeatDetails,
    add_seat,
    change_body,
    change_seat,
    remove_seat,
)
from prep.web import editing
from prep.web.bodies import body_of
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.writing import named

pages = Blueprint("body_editing", __name__, url_prefix="/toimielimet")

Answer = str | tuple[str, int] | Response
_BODY = (
    *("name_fi", "name_sv", "name_en", "quorum", "quorum_basis", "convener", "deciding_organ", "extract_to"),
    *("longest_terms", "is_to_be_established"),
)
_SEAT = ("name_fi", "name_sv", "name_en", "constituency", "marks")
_PLACES = {
    "The name in Finnish": "name_fi",
    "The name in Swedish": "name_sv",
    "The name in English": "name_en",
    "The quorum": "quorum",
    "What the quorum rests on": "quorum_basis",
    "The convener": "convener",
    "The organ that names the members": "deciding_organ",
    "Who gets the extract of the minutes": "extract_to",
    "The longest time in terms": "longest_terms",
    "The seat": "marks",
    "The constituency": "constituency",
}


@pages.get("/<key>/muokkaa")
@permission("body.edit")
def edit(key: str) -> str:
    """The form for what the agreement says of a body."""
    with reading() as session:
        body = _body(session, key)
        return _body_page(body, editing.opened(_body_values(body), body))


@pages.post("/<key>/muokkaa")
@permission("body.edit")
def change(key: str) -> Answer:
    """Change what is on record of a body."""
    sent = editing.sent(*_BODY)

    def write(session: Session, body: Body) -> Response:
        change_body(session, body, _body_details(sent.values), language=page_language())
        return saved(session, "bodies.one", "saved", key=key)

    return editing.changed(
        sent,
        find=lambda session: _body(session, key),
        values=_body_values,
        change=write,
        places=_PLACES,
        page=lambda _session, body, form: _body_page(body, form),
    )


@pages.get("/<key>/paikat/uusi")
@permission("body.edit")
def new_seat(key: str) -> str:
    """The form for a seat more."""
    with reading() as session:
        return _seat_page(session, _body(session, key), None, Form())


@pages.post("/<key>/paikat/uusi")
@permission("body.edit")
def add(key: str) -> Answer:
    """A seat more."""
    values = _typed_seat()
    try:
        with saving() as session:
            add_seat(session, _body(session, key), _seat_details(values))
            return saved(session, "bodies.one", "added", key=key)
    except Refused as error:
        with reading() as session:
            return _seat_page(session, _body(session, key), None, sent_back(values, error, _PLACES)), 422


@pages.get("/<key>/paikat/<int:number>/muokkaa")
@permission("body.edit")
def edit_seat(key: str, number: int) -> str:
    """The form for a seat."""
    with reading() as session:
        seat = _seat(session, key, number)
        return _seat_page(session, seat.body, seat, editing.opened(_seat_values(seat), seat))


@pages.post("/<key>/paikat/<int:number>/muokkaa")
@permission("body.edit")
def change_one_seat(key: str, number: int) -> Answer:
    """Change what is on record of a seat."""
    sent = editing.sent(*_SEAT)
    sent = Edit({**sent.values, "marks": _typed_seat()["marks"]}, sent.opened, sent.version)

    def write(session: Session, seat: Seat) -> Response:
        change_seat(session, seat, _seat_details(sent.values))
        return saved(session, "bodies.one", "saved", key=key)

    return editing.changed(
        sent,
        find=lambda session: _seat(session, key, number),
        values=_seat_values,
        change=write,
        places=_PLACES,
        page=lambda session, seat, form: _seat_page(session, seat.body, seat, form),
    )


@pages.post("/<key>/paikat/<int:number>/poista")
@permission("body.edit")
def take_seat_away(key: str, number: int) -> Response:
    """Take a seat away that nobody ever held."""
    with saving() as session:
        remove_seat(session, _seat(session, key, number))
        return saved(session, "bodies.one", "gone", key=key)


def _body(session: Session, key: str) -> Body:
    return body_of(session, key, Permission.BODY_EDIT)


def _seat(session: Session, key: str, number: int) -> Seat:
    body, found = _body(session, key), session.get(Seat, number)
    if found is None or found.body_id != body.id:
        raise nothing_here()
    return found


def _typed_seat() -> dict[str, str]:
    return {**typed(*_SEAT), "marks": " ".join(sorted(request.form.getlist("marks")))}


def _body_values(body: Body) -> dict[str, str]:
    return {
        "name_fi": body.name_fi,
        "name_sv": body.name_sv,
        "name_en": body.name_en,
        "quorum": str(body.quorum or ""),
        "quorum_basis": body.quorum_basis,
        "convener": body.convener.get(page_language().value, ""),
        "deciding_organ": body.deciding_organ,
        "extract_to": body.extract_to,
        "longest_terms": str(body.longest_terms or ""),
        "is_to_be_established": "1" if body.is_to_be_established else "",
    }


def _body_details(values: Mapping[str, str]) -> BodyDetails:
    return BodyDetails(
        name_fi=values["name_fi"],
        name_sv=values["name_sv"],
        name_en=values["name_en"],
        quorum=_count(say("The quorum"), values["quorum"]),
        quorum_basis=values["quorum_basis"],
        convener=values["convener"],
        deciding_organ=values["deciding_organ"],
        extract_to=values["extract_to"],
        longest_terms=_count(say("The longest time in terms"), values["longest_terms"]),
        is_to_be_established=bool(values["is_to_be_established"]),
    )


def _seat_values(seat: Seat) -> dict[str, str]:
    return {
        "name_fi": seat.name_fi,
        "name_sv": seat.name_sv,
        "name_en": seat.name_en,
        "constituency": seat.constituency.key if seat.constituency else "",
        "marks": " ".join(sorted(mark for mark in MARKS if getattr(seat, mark))),
    }


def _seat_details(values: Mapping[str, str]) -> SeatDetails:
    return SeatDetails(
        name_fi=values["name_fi"],
        name_sv=values["name_sv"],
        name_en=values["name_en"],
        constituency=values["constituency"] or None,
        marks=frozenset(values["marks"].split()) & frozenset(MARKS),
    )


def _count(place: Message, value: str) -> int | None:
    given = value.strip()
    if not given:
        return None
    if given.isascii() and given.isdecimal() and len(given) < 5:
        return int(given)
    raise Refused(
        Problem(
            place=place,
            value=given[:20],
            rule=say("It is a whole number."),
            remedy=say("Change it, or leave it empty."),
        )
    )


def _body_page(body: Body, form: Form) -> str:
    return render_template("body_form.html", body=body, form=form)


def _seat_page(session: Session, body: Body, seat: Seat | None, form: Form) -> str:
    areas = session.scalars(select(Constituency).order_by(Constituency.id)).all()
    words = {
        "is_chair": say("leads the body"),
        "is_vice_chair": say("leads it when the chair is away"),
        "is_required": say("without it the body cannot decide"),
        "is_optional": say("may stay empty"),
    }
    return render_template(
        "seat_form.html",
        body=body,
        seat=seat,
        form=form,
        constituencies=[
            ("", in_language(say("no constituency"), page_language())),
            *((one.key, named(one)) for one in areas),
        ],
        marks=[(mark, words[mark]) for mark in MARKS],
        back=url_for("bodies.one", key=body.key),
    )
