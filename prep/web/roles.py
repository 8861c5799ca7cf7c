"""Named roles: who holds each, who stands in, and filling what is vacant."""

from flask import Blueprint, Response, request

from prep import clock
from prep.auth.roles import Permission
from prep.language import Message, say
from prep.registry.contacts import RoleStanding, roles_standing
from prep.terms import State
from prep.web import tables
from prep.web.choices import Choice, choices
from prep.web.database import reading
from prep.web.days import as_on
from prep.web.permissions import permission
from prep.web.posts import appoint_at
from prep.web.sight import may, seen_places
from prep.web.tables import Column
from prep.web.writing import clause, named

pages = Blueprint("roles", __name__, url_prefix="/nimikkeet")
_VACANT = "avoimet"


def role_state(standing: RoleStanding) -> State:
    """A role that nobody holds is a fault; one without a deputy asks for a look."""
    if standing.holder is None:
        return State.FAULT
    return State.OK if standing.deputies else State.WARNING


@pages.get("")
@permission("contact.read")
def listed() -> str | Response:
    """Every named role that the agreement asks for, with who holds it today."""
    place, only = request.args.get("kunta", ""), request.args.get("nayta", "")
    day = as_on()
    with reading() as session:
        standing = [
            one
            for one in roles_standing(session, on=day)
            if may(Permission.CONTACT_READ, one.role.municipality_code)
            and place in {"", one.role.municipality_code}
            and (only != _VACANT or one.holder is None)
        ]
        everything = ("", say("All"))
        places = seen_places(session, Permission.CONTACT_READ)
        filters: list[tuple[Message, list[Choice]]] = [
            (
                say("Municipality"),
                choices("kunta", [everything, *((one.code, named(one)) for one in places)], chosen=place),
            ),
            (say("State"), choices("nayta", [everything, (_VACANT, say("vacant"))], chosen=only)),
        ]
        made = tables.listing(
            "roles",
            say("Named roles"),
            _COLUMNS,
            standing,
            sorted_by="role",
            place=lambda one: one.role.municipality_code,
        )
        return tables.answer(
            made,
            "roles.html",
            filters=filters,
            role_state=role_state,
            appoint_at=appoint_at,
            day=day,
            today=clock.today(),
        )


_COLUMNS: tuple[Column[RoleStanding], ...] = (
    Column("role", say("Role"), lambda one: named(one.role), order=lambda one: (one.role.id,), names=True),
    Column(
        "municipality",
        say("Municipality"),
        lambda one: named(one.role.municipality) if one.role.municipality else None,
    ),
    Column("state", say("State"), role_state, extra=True),
    Column("holder", say("Holder"), lambda one: one.holder.name if one.holder else None),
    Column("deputies", say("Deputies"), lambda one: ", ".join(each.name for each in one.deputies) or None),
    Column("clause", say("Clause"), lambda one: clause(one.role) or None, extra=True),
)
