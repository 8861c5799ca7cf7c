"""People and desks of the register: the list, one of them in full, and changing what is known of them."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Blueprint, Response, current_app, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.config import Settings
from prep.errors import Problem, Refused
from prep.language import OWN_NAMES, in_language, say, sort_key
from prep.models import Person
from prep.readiness.impact import impact_of_person
from prep.registry.appointments import (
    Term,
    end_term,
    municipality_of_post,
    post_of,
    right_to_fill,
    terms_of,
)
from prep.registry.contacts import numbers_state
from prep.registry.people import PersonDetails, add_person, change_person, is_away, people
from prep.registry.privacy import note_seen
from prep.terms import ActorKind, Language, State
from prep.web import editing, identity, tables
from prep.web.choices import file_address, one_of
from prep.web.database import reading, writing
from prep.web.days import day_typed
from prep.web.editing import Edit
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.people_rows import columns, filters, oldest_days, posts_held
from prep.web.permissions import permission, require
from prep.web.saving import saved, saving
from prep.web.sight import may, seen_impact, seen_places
from prep.web.writing import named

pages = Blueprint("people", __name__, url_prefix="/yhteyshenkilot")

_FIELDS = ("name", "title", "organisation", "municipality", "language", "speaks")
_PLACES = {
    "The name": "name",
    "The title": "title",
    "The organisation": "organisation",
    "The municipality": "municipality",
    "The last day": "last_day",
}


@pages.get("")
@permission("contact.read")
def listed() -> str | Response:
    """Everybody who may be seen, with what they hold, their first number and its age."""
    today = clock.today()
    with reading() as session:
        held = posts_held(session, on=today)
        made = asked_for(session, held)
        return tables.answer(
            made,
            "people.html",
            posts=held,
            today=today,
            numbers_state=numbers_state,
            oldest_days=oldest_days,
            filters=filters(
                session,
                place=request.args.get("kunta", ""),
                kind=one_of(ActorKind, "laji"),
                state=one_of(State, "tila"),
            ),
            file_address=file_address,
        )


@pages.get("/uusi")
@permission("contact.edit")
def new() -> str:
    """The form for somebody new."""
    with reading() as session:
        return _form_page(session, None, Form({"language": "fi"}))


@pages.post("/uusi")
@permission("contact.edit")
def add() -> Answer | tuple[str, int]:
    """Take somebody into the register."""
    values = _typed()
    try:
        with saving() as session:
            details = _details(values)
            require(Permission.CONTACT_EDIT, details.municipality)
            person = add_person(session, details)
            return saved(session, "people.one", "added", number=person.id, back=url_for("people.listed"))
    except Refused as error:
        with reading() as session:
            return _form_page(session, None, sent_back(values, error, _PLACES)), 422


@pages.get("/<int:number>")
@permission("contact.read")
def one(number: int) -> str:
    """Somebody in full: numbers in calling order, posts, absences, and everything that rests on them."""
    today = clock.today()
    _note_seen(number)
    with reading() as session:
        person = person_of(session, number)
        terms = terms_of(session, person)
        return render_template(
            "person.html",
            person=person,
            today=today,
            state=numbers_state(person, on=today),
            is_away=is_away(person, on=today),
            current=[term for term in terms if term.ends is None or term.ends >= today],
            past=[term for term in terms if term.ends is not None and term.ends < today][::-1],
            post_of=post_of,
            impact=seen_impact(impact_of_person(session, person, on=today, language=page_language())),
            may_edit=may(Permission.CONTACT_EDIT, person.municipality_code),
        )


@pages.get("/<int:number>/muokkaa")
@permission("contact.edit")
def edit(number: int) -> str:
    """The form for what is known of somebody."""
    with reading() as session:
        person = person_of(session, number, Permission.CONTACT_EDIT)
        return _form_page(session, person, editing.opened(_values(person), person))


@pages.post("/<int:number>/muokkaa")
@permission("contact.edit")
def change(number: int) -> Answer | tuple[str, int]:
    """Change what is known of somebody."""
    sent = _sent()

    def write(session: Session, person: Person) -> Answer:
        details = _details(sent.values)
        require(Permission.CONTACT_EDIT, details.municipality)
        change_person(session, person, details)
        return saved(session, "people.one", "saved", number=number)

    return editing.changed(
        sent,
        find=lambda session: person_of(session, number, Permission.CONTACT_EDIT),
        values=_values,
        change=write,
        places=_PLACES,
        page=_form_page,
    )


@pages.get("/<int:number>/lahto")
@permission("contact.edit")
def leaving(number: int) -> str:
    """What breaks if somebody leaves, before it is done."""
    with reading() as session:
        person = person_of(session, number, Permission.CONTACT_EDIT)
        return _leaving_page(session, person, Form({"last_day": clock.today().isoformat()}))


@pages.post("/<int:number>/lahto")
@permission("contact.edit")
def leave(number: int) -> Answer | tuple[str, int]:
    """Somebody leaves: every post ends on the last day, and no new one is given from the day after."""
    values = typed("last_day")
    try:
        with saving() as session:
            person = person_of(session, number, Permission.CONTACT_EDIT)
            last_day = day_typed(say("The last day"), values["last_day"])
            _end_all(session, person, last_day=last_day)
            return saved(session, "people.one", "left", number=number)
    except Refused as error:
        with reading() as session:
            person = person_of(session, number, Permission.CONTACT_EDIT)
            return _leaving_page(session, person, sent_back(values, error, _PLACES)), 422


def asked_for(session: Session, held: dict[int, list[str]]) -> tables.Listing[Person]:
    """The list of people as the address asks for it, with what each holds."""
    today = clock.today()
    place, kind, state = request.args.get("kunta", ""), one_of(ActorKind, "laji"), one_of(State, "tila")
    shown = [
        one
        for one in people(session)
        if may(Permission.CONTACT_READ, one.municipality_code)
        and place in {"", one.municipality_code}
        and (kind is None or one.kind is kind)
        and (state is None or numbers_state(one, on=today) is state)
    ]
    return tables.listing(
        "people",
        say("Contacts"),
        columns(held, on=today),
        shown,
        sorted_by="name",
        place=lambda one: one.municipality_code,
    )


def person_of(session: Session, number: int, needed: Permission = Permission.CONTACT_READ) -> Person:
    """Somebody of the register.

    Raises
    ------
    NotFound
        If there is nobody of this number, or whoever asks may not do this: the same words for both.
    """
    found = session.get(Person, number)
    if found is None or found.erased_at is not None or not may(needed, found.municipality_code):
        raise nothing_here()
    return found


def _note_seen(number: int) -> None:
    """Where the county wants it, note who has looked at whose numbers."""
    settings: Settings = current_app.extensions["prep_settings"]
    if not settings.number_views:
        return
    with writing(identity.actor()) as session:
        person = person_of(session, number)
        if person.contact_points and may(Permission.CONTACT_PHONE, person.municipality_code):
            note_seen(session, person, len(person.contact_points))


def _end_all(session: Session, person: Person, *, last_day: date) -> None:
    for term in terms_of(session, person):
        if term.ends is None or term.ends > last_day:
            _require_right_over(term)
            if term.starts > last_day:
                raise Refused(
                    Problem(
                        place=say("The last day"),
                        value=last_day.isoformat(),
                        rule=say("A post of {name} begins after it.", name=person.name),
                        remedy=say("Remove that term first, or choose a later day."),
                    )
                )
            end_term(session, term, last_day=last_day)
    person.left_on = last_day + timedelta(days=1)
    session.flush()


def _require_right_over(term: Term) -> None:
    """Ending a post takes the right to fill it."""
    post = post_of(term)
    require(right_to_fill(post), municipality_of_post(post))


def _form_page(session: Session, person: Person | None, form: Form) -> str:
    places = sorted(seen_places(session, Permission.CONTACT_EDIT), key=lambda place: sort_key(named(place)))
    options = [(place.code, named(place)) for place in places]
    if may(Permission.CONTACT_EDIT):
        options.insert(0, ("", in_language(say("the county, or another organisation"), page_language())))
    return render_template(
        "person_form.html",
        person=person,
        form=form,
        places=options,
        languages=[(one.value, name) for one, name in OWN_NAMES.items()],
    )


def _leaving_page(session: Session, person: Person, form: Form) -> str:
    return render_template(
        "person_leaving.html",
        person=person,
        form=form,
        impact=seen_impact(impact_of_person(session, person, on=clock.today(), language=page_language())),
    )


def _typed() -> dict[str, str]:
    return {**typed(*_FIELDS), "speaks": " ".join(sorted(request.form.getlist("speaks")))}


def _sent() -> Edit:
    sent = editing.sent(*_FIELDS)
    return Edit({**sent.values, "speaks": _typed()["speaks"]}, sent.opened, sent.version)


def _values(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "title": person.title,
        "organisation": person.organisation,
        "municipality": person.municipality_code or "",
        "language": person.language.value,
        "speaks": " ".join(sorted(person.speaks)),
    }


def _details(kept: Mapping[str, str]) -> PersonDetails:
    known = set(Language)
    return PersonDetails(
        name=kept["name"],
        title=kept["title"],
        organisation=kept["organisation"],
        municipality=kept["municipality"] or None,
        language=Language(kept["language"]) if kept["language"] in known else Language.FI,
        speaks=frozenset(Language(one) for one in kept["speaks"].split() if one in known),
    )
