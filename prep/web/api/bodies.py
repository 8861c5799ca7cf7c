"""Bodies with their seats, and named roles: who holds them today, who stands in, what is vacant, by which clause."""

from datetime import date

from pydantic import Field

from prep.auth.roles import Permission
from prep.models import Person
from prep.registry.bodies import BodyStanding, SeatStanding, bodies_standing
from prep.registry.contacts import RoleStanding, roles_standing
from prep.terms import BodyKind, State
from prep.web.api.operations import KEY, NUMBER, Asked, Operation, the_one
from prep.web.api.shapes import (
    MunicipalityCode,
    Names,
    Page,
    Paged,
    PersonReference,
    Query,
    Shape,
    clauses_of,
    names_of,
)


class Seat(Shape):
    """A seat (paikka) of a body today."""

    key: str = Field(description="Key of the seat within its body.")
    name: Names = Field(description="Its name.")
    constituency: Names | None = Field(
        description="The municipalities that fill it together; null for others."
    )
    is_chair: bool = Field(description="Whether it is the chair's.")
    is_required: bool = Field(description="Whether the body cannot decide without it.")
    holder: PersonReference | None = Field(description="Who sits in it; null while it is vacant.")
    deputies: tuple[PersonReference, ...] = Field(description="Who stands in, in order.")
    vacant_since: date | None = Field(
        description="The first day without a holder; null while filled, or if nobody ever held it."
    )
    state: State = Field(description="fault: vacant. warning: no deputy.")
    clause: Names | None = Field(description="The clause of the agreement that asks for it.")


class Body(Shape):
    """A body (toimielin) today."""

    key: str = Field(description="Key by which the body is known.")
    kind: BodyKind = Field(description="What kind of body it is.")
    municipality: str | None = Field(description="Code of its municipality; null for those of the county.")
    name: Names = Field(description="Its name.")
    quorum: int | None = Field(
        description="Seats that must be filled for it to decide; null where not stated."
    )
    quorum_basis: str = Field(description="Where the quorum is stated; may be empty.")
    clause: Names | None = Field(description="The clause of the agreement that asks for it.")
    vacancies: int = Field(description="How many of its seats are vacant.")
    seats: tuple[Seat, ...] = Field(description="Its seats, in order.")


class BodyPage(Page[Body]):
    """Bodies."""


class Role(Shape):
    """A named role that an agreement asks for, today."""

    id: int = Field(description="Number of the role.")
    key: str = Field(description="Key of the role; municipalities have the same ones.")
    municipality: str | None = Field(description="Code of its municipality; null for those of the county.")
    name: Names = Field(description="Its name.")
    holder: PersonReference | None = Field(description="Who holds it; null while nobody is named.")
    deputies: tuple[PersonReference, ...] = Field(description="Who stands in, in order.")
    clause: Names | None = Field(description="The clause of the agreement that asks for it.")


class RolePage(Page[Role]):
    """Named roles."""


class BodyQuery(Paged):
    """Which bodies are wanted."""

    municipality: MunicipalityCode | None = Field(None, description="Only those of this municipality.")
    kind: BodyKind | None = Field(None, description="Only those of this kind.")


class RoleQuery(Paged):
    """Which roles are wanted."""

    municipality: MunicipalityCode | None = Field(None, description="Only those of this municipality.")


def bodies(asked: Asked) -> Page[Body]:
    """The bodies that the key may see."""
    query: BodyQuery = asked.query
    wanted = [
        one
        for one in _visible(asked)
        if query.municipality in (None, one.body.municipality_code) and query.kind in (None, one.body.kind)
    ]
    return asked.page(BodyPage, wanted, _body)


def body(asked: Asked) -> Body:
    """One body."""
    return _body(the_one(_visible(asked), lambda found: found.body.key == asked.path["key"]))


def roles(asked: Asked) -> Page[Role]:
    """The roles that the key may see."""
    query: RoleQuery = asked.query
    wanted = [
        one for one in _visible_roles(asked) if query.municipality in (None, one.role.municipality_code)
    ]
    return asked.page(RolePage, wanted, _role)


def role(asked: Asked) -> Role:
    """One role."""
    return _role(the_one(_visible_roles(asked), lambda found: str(found.role.id) == asked.path["id"]))


def reference(person: Person) -> PersonReference:
    """Somebody by name."""
    return PersonReference(id=person.id, name=person.name)


def _visible(asked: Asked) -> list[BodyStanding]:
    return [
        one
        for one in bodies_standing(asked.session, on=asked.on)
        if asked.viewer.may(Permission.BODY_READ, municipality=one.body.municipality_code)
    ]


def _visible_roles(asked: Asked) -> list[RoleStanding]:
    return [
        one
        for one in roles_standing(asked.session, on=asked.on)
        if asked.viewer.may(Permission.CONTACT_READ, municipality=one.role.municipality_code)
    ]


def _body(standing: BodyStanding) -> Body:
    row = standing.body
    return Body(
        key=row.key,
        kind=row.kind,
        municipality=row.municipality_code,
        name=names_of(row),
        quorum=row.quorum,
        quorum_basis=row.quorum_basis,
        clause=clauses_of(row),
        vacancies=len(standing.vacancies),
        seats=tuple(_seat(one) for one in standing.seats),
    )


def _seat(standing: SeatStanding) -> Seat:
    row = standing.seat
    return Seat(
        key=row.key,
        name=names_of(row),
        constituency=names_of(row.constituency) if row.constituency else None,
        is_chair=row.is_chair,
        is_required=row.is_required,
        holder=reference(standing.holder) if standing.holder else None,
        deputies=tuple(reference(one) for one in standing.deputies),
        vacant_since=standing.vacant_since,
        state=standing.state,
        clause=clauses_of(row),
    )


def _role(standing: RoleStanding) -> Role:
    row = standing.role
    return Role(
        id=row.id,
        key=row.key,
        municipality=row.municipality_code,
        name=names_of(row),
        holder=reference(standing.holder) if standing.holder else None,
        deputies=tuple(reference(one) for one in standing.deputies),
        clause=clauses_of(row),
    )


OPERATIONS = (
    Operation(
        "/bodies", "listBodies", "bodies", "The bodies and who sits in them today.",
        (Permission.BODY_READ,), BodyPage, bodies, BodyQuery,
    ),
    Operation(
        "/bodies/{key}", "getBody", "bodies", "One body.",
        (Permission.BODY_READ,), Body, body, Query, parameters={"key": KEY},
    ),
    Operation(
        "/roles", "listRoles", "bodies", "The named roles and who holds them today.",
        (Permission.CONTACT_READ,), RolePage, roles, RoleQuery,
    ),
    Operation(
        "/roles/{id}", "getRole", "bodies", "One named role.",
        (Permission.CONTACT_READ,), Role, role, Query, parameters={"id": NUMBER},
    ),
)  # fmt: skip
