"""Named roles, those who hold them, and the age of every number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.freshness import state_of
from prep.models import Person, Role, RoleTerm
from prep.registry.appointments import office
from prep.registry.bodies import BodyStanding, SeatStanding
from prep.terms import ActorKind, State, worst

# The role that every agreement asks for in every municipality (varautumisen yhteyshenkilö).
PREPAREDNESS_CONTACT = "preparedness-contact"


@dataclass(frozen=True, slots=True)
class RoleStanding:
    """One named role on one day."""

    role: Role
    holder: Person | None
    deputies: tuple[Person, ...]
    # Who acts that day: the holder, or the first deputy who is not away; None where nobody does.
    acting: Person | None


def roles_standing(session: Session, *, on: date, municipality: str | None = None) -> list[RoleStanding]:
    """All named roles with who holds them on a day; those of one municipality when its code is given."""
    query = (
        select(Role)
        .order_by(Role.id)
        .options(
            selectinload(Role.municipality),
            selectinload(Role.terms).selectinload(RoleTerm.person).selectinload(Person.contact_points),
        )
    )
    if municipality is not None:
        query = query.where(Role.municipality_code == municipality)
    return [role_standing(role, on=on) for role in session.scalars(query)]


def role_standing(role: Role, *, on: date) -> RoleStanding:
    """Who holds a named role on a day, who stands in, and who of them acts."""
    held = office(role.terms, on=on)
    return RoleStanding(role, held.holder, held.deputies, held.acting)


def duty_desks(session: Session) -> list[Person]:
    """The desks that are staffed round the clock, and the systems that alert."""
    query = select(Person).where(Person.kind != ActorKind.PERSON).order_by(Person.id)
    return list(session.scalars(query.options(selectinload(Person.contact_points))))


def numbers_state(person: Person, *, on: date) -> State:
    """How the numbers of somebody stand: none is a fault."""
    if not person.contact_points:
        return State.FAULT
    return worst([state_of(point, on=on) for point in person.contact_points])


def people_in_use(bodies: Iterable[BodyStanding], roles: Iterable[RoleStanding]) -> list[Person]:
    """Everyone who holds or stands in for a seat or a role, each once, in order of first appearance."""
    found: dict[int, Person] = {}
    standings: list[RoleStanding | SeatStanding] = [*roles, *(seat for body in bodies for seat in body.seats)]
    for standing in standings:
        for person in (standing.holder, *standing.deputies):
            if person is not None:
                found.setdefault(person.id, person)
    return list(found.values())
