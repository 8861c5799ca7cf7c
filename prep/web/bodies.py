"""Bodies: the list, one of them with its seats, who sits and stands in, and what is not in order."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.language import Message, say
from prep.models import Body
from prep.registry.bodies import BodyStanding, bodies_standing, seat_standing
from prep.registry.body_checks import WORST_FIRST, body_checks
from prep.registry.contacts import RoleStanding, roles_standing
from prep.registry.meeting_checks import meeting_checks
from prep.registry.meetings import meetings_of, next_meeting, rules_standing
from prep.terms import BodyKind, State
from prep.web import tables
from prep.web.choices import choices, one_of
from prep.web.database import reading
from prep.web.days import as_on
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.posts import appoint_at
from prep.web.sight import may, seen_bodies, seen_places
from prep.web.tables import Column
from prep.web.words import word
from prep.web.writing import named

pages = Blueprint("bodies", __name__, url_prefix="/toimielimet")
_VACANT = "avoimet"


def body_state(standing: BodyStanding, roles: list[RoleStanding], *, on: date) -> State:
    """How a body stands: the worst of what is on it; what is only not known is not counted against it."""
    if not standing.seats:
        return State.UNKNOWN
    found = {one.state for one in body_checks(standing, roles, on=on, language=page_language())}
    return next((state for state in (State.FAULT, State.WARNING) if state in found), State.OK)


@pages.get("")
@permission("body.read")
def listed() -> str | Response:
    """Every body on one line; all, those of a kind or municipality, or those with a vacancy."""
    place, kind, only = request.args.get("kunta", ""), one_of(BodyKind, "laji"), request.args.get("nayta", "")
    day = as_on()
    with reading() as session:
        roles = roles_standing(session, on=day)
        bodies = seen_bodies(bodies_standing(session, on=day))
        shown = [
            one
            for one in bodies
            if place in {"", one.body.municipality_code}
            and (kind is None or one.body.kind is kind)
            and (only != _VACANT or one.vacancies)
        ]
        made = tables.listing(
            "bodies",
            say("Bodies"),
            _columns(roles, day),
            shown,
            sorted_by="order",
            place=lambda one: one.body.municipality_code,
        )
        return tables.answer(
            made,
            "bodies.html",
            filters=_filters(session, bodies, place=place, kind=kind, only=only),
            seats=sum(len(one.seats) for one in bodies),
            vacant=sum(len(one.vacancies) for one in bodies),
            body_state=lambda one: body_state(one, roles, on=day),
            day=day,
            today=clock.today(),
        )


@pages.get("/<key>")
@permission("body.read")
def one(key: str) -> str:
    """One body: what is not in order, what the agreement says of it, its seats and their history."""
    day = as_on()
    with reading() as session:
        body = body_of(session, key)
        standing = BodyStanding(body, tuple(seat_standing(seat, on=day) for seat in body.seats))
        meetings = meetings_of(session, body, on=day)
        checks = [
            *body_checks(standing, roles_standing(session, on=day), on=day, language=page_language()),
            *meeting_checks(standing, meetings, on=day, language=page_language()),
        ]
        return render_template(
            "body.html",
            standing=standing,
            checks=sorted(checks, key=lambda one: WORST_FIRST.index(one.state)),
            rules=rules_standing(body, meetings, on=day),
            coming=next_meeting(meetings),
            last=next((one for one in reversed(meetings) if one.is_held), None),
            day=day,
            today=clock.today(),
            may_edit=may(Permission.BODY_EDIT, body.municipality_code),
            appoint_at=appoint_at,
        )


def body_of(session: Session, key: str, needed: Permission = Permission.BODY_READ) -> Body:
    """The body of a key.

    Raises
    ------
    NotFound
        If there is none, or whoever asks may not do this: the same words for both.
    """
    found = session.scalars(select(Body).where(Body.key == key)).first()
    if found is None or not may(needed, found.municipality_code):
        raise nothing_here()
    return found


def _columns(roles: list[RoleStanding], day: date) -> tuple[Column[BodyStanding], ...]:
    return (
        Column("name", say("Body"), lambda one: named(one.body), names=True),
        Column("order", say("Order of the agreement"), lambda one: one.body.id, is_figure=True, extra=True),
        Column("kind", say("Kind"), lambda one: word(one.body.kind)),
        Column(
            "municipality",
            say("Municipality"),
            lambda one: named(one.body.municipality) if one.body.municipality else None,
        ),
        Column("state", say("State"), lambda one: body_state(one, roles, on=day), extra=True),
        Column("filled", say("Seats filled"), lambda one: sum(not seat.is_vacant for seat in one.seats)),
        Column("vacant", say("Vacant"), lambda one: len(one.vacancies), is_figure=True, extra=True),
        Column("chair", say("Chair"), _chair),
        Column("quorum", say("Decides with"), lambda one: one.body.quorum, is_figure=True, extra=True),
    )


def _chair(one: BodyStanding) -> str | None:
    return next((seat.holder.name for seat in one.seats if seat.seat.is_chair and seat.holder), None)


def _filters(
    session: Session, bodies: list[BodyStanding], *, place: str, kind: BodyKind | None, only: str
) -> list[tuple[Message, list[object]]]:
    everything = ("", say("All"))
    kinds = [one for one in BodyKind if any(body.body.kind is one for body in bodies)]
    places = seen_places(session, Permission.BODY_READ)
    return [
        (
            say("Kind"),
            [*choices("laji", [everything, *((one.value, word(one)) for one in kinds)], chosen=kind or "")],
        ),
        (
            say("Municipality"),
            [*choices("kunta", [everything, *((one.code, named(one)) for one in places)], chosen=place)],
        ),
        (
            say("Seats"),
            [*choices("nayta", [everything, (_VACANT, say("With a vacancy"))], chosen=only)],
        ),
    ]
