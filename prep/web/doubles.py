"""People who may be in the register twice: the candidates, both side by side, and making one of them."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.language import OWN_NAMES, Message, in_language, say
from prep.models import ContactPoint, Person, Seat
from prep.registry import merging
from prep.registry.appointments import post_of
from prep.registry.doubles import are_two, possible_doubles
from prep.registry.merging import Belongings
from prep.registry.people import PersonDetails, details_of, people
from prep.terms import Language
from prep.web.database import reading
from prep.web.forms import Form, sent_back
from prep.web.language import page_language
from prep.web.people import person_of
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may
from prep.web.writing import named

pages = Blueprint("doubles", __name__, url_prefix="/yhteyshenkilot/kahdesti")

FIELD, POINT, VERSIONS = "tieto-", "numero", "versiot"
_LABELS = {
    "name": say("Name"),
    "title": say("Title"),
    "organisation": say("Organisation"),
    "municipality": say("Municipality"),
    "language": say("Language"),
    "speaks": say("Speaks also"),
}


@pages.get("")
@permission("contact.edit")
def listed() -> str:
    """Those who may be in the register twice, the strongest reasons first."""
    with reading() as session:
        mine = [one for one in people(session) if may(Permission.CONTACT_EDIT, one.municipality_code)]
        return render_template("doubles.html", pairs=possible_doubles(session, among=mine))


@pages.get("/<int:number>/<int:other_number>")
@permission("contact.edit")
def both(number: int, other_number: int) -> str:
    """Both side by side, to choose what is kept."""
    with reading() as session:
        one, other = _pair(session, number, other_number)
        return _page(session, one, other, Form())


@pages.post("/<int:number>/<int:other_number>")
@permission("contact.edit")
def merge(number: int, other_number: int) -> Response | tuple[str, int]:
    """Make one of the two: the first takes over everything of the other, who is no more."""
    try:
        with saving() as session:
            one, other = _pair(session, number, other_number)
            _require_versions(one, other)
            belongings = merging.belongings_of(session, other)
            if lacking := list(_lacking(belongings)):
                raise Refused(lacking)
            merging.merge(
                session,
                one,
                other,
                details=_details(one, other),
                points=_points(one, other),
                left_on=merging.left_day(one, other),
            )
            return saved(session, "people.one", "merged", number=one.id, back=url_for("doubles.listed"))
    except Refused as error:
        with reading() as session:
            one, other = _pair(session, number, other_number)
            return _page(session, one, other, sent_back({}, error, {"": "tiedot"})), 422


@pages.post("/<int:number>/<int:other_number>/eri")
@permission("contact.edit")
def apart(number: int, other_number: int) -> Response:
    """Remember that the two are not the same."""
    with saving() as session:
        are_two(session, *_pair(session, number, other_number))
        return saved(session, "doubles.listed", "apart")


def _pair(session: Session, number: int, other_number: int) -> tuple[Person, Person]:
    """The one who stays and the other: whom files know by a key stays, whichever was named first."""
    one = person_of(session, number, Permission.CONTACT_EDIT)
    other = person_of(session, other_number, Permission.CONTACT_EDIT)
    if one is other:
        raise nothing_here()
    return (other, one) if other.key is not None and one.key is None else (one, other)


def _require_versions(one: Person, other: Person) -> None:
    seen = request.form.get(VERSIONS, "").split(".")
    for person, version in zip((one, other), [*seen, "", ""], strict=False):
        person.require_version(int(version) if version.isascii() and version.isdecimal() else 0)


def _details(one: Person, other: Person) -> PersonDetails:
    theirs = details_of(other)
    taken = [name for name in merging.FIELDS if request.form.get(FIELD + name) == "2"]
    details = replace(details_of(one), **{name: getattr(theirs, name) for name in taken})
    return replace(details, speaks=details.speaks - {details.language})


def _points(one: Person, other: Person) -> list[ContactPoint]:
    chosen = set(request.form.getlist(POINT))
    return [point for point in (*one.contact_points, *other.contact_points) if str(point.id) in chosen]


def _lacking(belongings: Belongings) -> Iterator[Problem]:
    """What of it whoever asks may not change: then the two are not theirs to merge."""
    terms_are_mine = all(
        may(Permission.BODY_EDIT, post.body.municipality_code)
        if isinstance(post := post_of(term), Seat)
        else may(Permission.CONTACT_EDIT, post.municipality_code)
        for term in belongings.terms
    )
    lists = [*belongings.chain_lists, *(item.call_list for item in belongings.chain_items)]
    checks = (
        (say("terms"), terms_are_mine),
        (
            say("places in alert chains"),
            all(may(Permission.CHAIN_EDIT, one.chain.body.municipality_code) for one in lists),
        ),
        (
            say("keys"),
            all(may(Permission.SITE_EDIT, one.site.municipality_code) for one in belongings.keys),
        ),
        (
            say("meetings"),
            all(
                may(Permission.BODY_EDIT, one.meeting.body.municipality_code)
                for one in belongings.attendances
            ),
        ),
    )
    for what, is_mine in checks:
        if not is_mine:
            yield Problem(
                place=what,
                value=None,
                rule=say("Some of what names the other person is not yours to change."),
                remedy=say("Ask the county’s planner to merge the two."),
            )


def _page(session: Session, one: Person, other: Person, form: Form) -> str:
    belongings = merging.belongings_of(session, other)
    problems = [*merging.conflicts(session, one, other), *_lacking(belongings)]
    shown = form if form.faults else sent_back({}, problems, {"": "tiedot"})
    kept = {point.id for point in merging.suggested_points(one, other)}
    return render_template(
        "double.html",
        one=one,
        other=other,
        form=shown,
        is_possible=not problems,
        rows=[_row(name, one, other) for name in merging.FIELDS],
        kept=kept,
        moved=merging.moved(belongings),
        today=clock.today(),
    )


def _row(name: str, one: Person, other: Person) -> tuple[str, Message, str, str, bool]:
    """A field: its name and label, what stands with each, and whether the other's is proposed."""
    mine, theirs = (_in_words(name, person) for person in (one, other))
    return name, _LABELS[name], mine, theirs, bool(theirs and not mine)


def _in_words(name: str, person: Person) -> str:
    match name:
        case "municipality" if person.municipality is None:
            return in_language(say("the county, or another organisation"), page_language())
        case "municipality":
            return named(person.municipality)
        case "language":
            return OWN_NAMES[person.language]
        case "speaks":
            return ", ".join(OWN_NAMES[Language(one)] for one in sorted(person.speaks))
        case _:
            value: str = getattr(person, name)
            return value
