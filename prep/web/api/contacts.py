"""Those who can be reached. Numbers are whole only where the key has ``contact.phone``, else masked."""

from datetime import date

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from prep import models
from prep.auth.permissions import scoped, shown_number
from prep.auth.roles import Permission
from prep.freshness import state_of
from prep.language import sort_key
from prep.models import ContactPoint, Person
from prep.terms import ActorKind, ContactKind, Evidence, Language, State
from prep.web.api.operations import NUMBER, Asked, Operation, the_one
from prep.web.api.shapes import MunicipalityCode, Page, Paged, Query, Shape


class Number(Shape):
    """A number or address, in calling order."""

    id: int = Field(description="Number of the number or address.")
    contact: int = Field(description="Number of the contact whose it is.")
    kind: ContactKind = Field(description="What it is.")
    value: str = Field(description="Telephone numbers in E.164 form. Masked where is_masked is true.")
    is_masked: bool = Field(description="Whether the key may not see the whole value.")
    purpose: str = Field(description="What it is for; may be empty.")
    operator: str | None = Field(description="The network operator of a mobile number; null where not known.")
    confirmed_on: date | None = Field(description="The last day on which it was confirmed; null: never.")
    age_days: int | None = Field(description="Days since then; null: never confirmed.")
    evidence: Evidence = Field(description="How it is known to work.")
    state: State = Field(description="Whether it was confirmed recently enough.")


class Absence(Shape):
    """Days on which somebody is away (poissaolo)."""

    id: int = Field(description="Number of the absence.")
    contact: int = Field(description="Number of the contact who is away.")
    starts: date = Field(description="The first day.")
    ends: date | None = Field(description="The last day; null: until further notice.")


class Contact(Shape):
    """A person (henkilö), a desk staffed round the clock (päivystys), a system that alerts (järjestelmä)."""

    id: int = Field(description="Number of the contact.")
    kind: ActorKind = Field(description="What it is.")
    name: str = Field(description="First name and family name, or the name of the desk or system.")
    municipality: str | None = Field(description="Code of its municipality; null for those of the county.")
    organisation: str = Field(description="Where somebody works; may be empty.")
    title: str = Field(description="What somebody is there; may be empty.")
    language: Language = Field(description="The language in which to speak.")
    speaks: tuple[Language, ...] = Field(description="The other languages that somebody speaks.")
    numbers: tuple[Number, ...] = Field(description="Numbers and addresses, in calling order.")
    absences: tuple[Absence, ...] = Field(description="When somebody is away, by the first day.")
    left_on: date | None = Field(
        description="The first day from which nobody appoints them any more; null while they are here."
    )


class ContactPage(Page[Contact]):
    """Contacts, by name."""


class ContactQuery(Paged):
    """Which contacts are wanted."""

    municipality: MunicipalityCode | None = Field(None, description="Only those of this municipality.")
    kind: ActorKind | None = Field(None, description="Only those of this kind.")


def listed(asked: Asked) -> Page[Contact]:
    """The contacts that the key may see."""
    query: ContactQuery = asked.query
    wanted = [
        one
        for one in _visible(asked)
        if query.municipality in (None, one.municipality_code) and query.kind in (None, one.kind)
    ]
    return asked.page(ContactPage, wanted, lambda person: contact(asked, person))


def one(asked: Asked) -> Contact:
    """One contact."""
    return contact(asked, the_one(_visible(asked), lambda person: str(person.id) == asked.path["id"]))


def contact(asked: Asked, person: Person) -> Contact:
    """Somebody as the key may see them."""
    return Contact(
        id=person.id,
        kind=person.kind,
        name=person.name,
        municipality=person.municipality_code,
        organisation=person.organisation,
        title=person.title,
        language=person.language,
        speaks=tuple(Language(one) for one in person.speaks),
        numbers=tuple(number(asked, point) for point in person.contact_points),
        absences=tuple(absence(asked, one) for one in person.absences),
        left_on=person.left_on,
    )


def number(asked: Asked, point: ContactPoint) -> Number:
    """A number or address as the key may see it."""
    place = point.person.municipality_code
    return Number(
        id=point.id,
        contact=point.person_id,
        kind=point.kind,
        value=shown_number(point.value, asked.viewer, municipality=place),
        is_masked=not asked.viewer.may(Permission.CONTACT_PHONE, municipality=place),
        purpose=point.purpose,
        operator=point.operator,
        confirmed_on=point.confirmed_on,
        age_days=point.age_days(on=asked.on),
        evidence=point.evidence,
        state=state_of(point, on=asked.on),
    )


def absence(_: Asked, row: models.Absence) -> Absence:
    """An absence; why somebody is away is not on record."""
    return Absence(id=row.id, contact=row.person_id, starts=row.starts, ends=row.ends)


def _visible(asked: Asked) -> list[Person]:
    query = select(Person).where(Person.erased_at.is_(None)).options(selectinload(Person.contact_points))
    mine = scoped(query, asked.viewer, Person.municipality_code, Permission.CONTACT_READ)
    return sorted(asked.session.scalars(mine), key=lambda person: (sort_key(person.name), person.id))


OPERATIONS = (
    Operation(
        "/contacts", "listContacts", "contacts", "Those who can be reached, with their numbers.",
        (Permission.CONTACT_READ,), ContactPage, listed, ContactQuery,
    ),
    Operation(
        "/contacts/{id}", "getContact", "contacts", "One contact.",
        (Permission.CONTACT_READ,), Contact, one, Query, parameters={"id": NUMBER},
    ),
)  # fmt: skip
