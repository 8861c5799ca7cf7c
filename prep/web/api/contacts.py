"""Those who can be reached. Numbers are whole only where the key has ``contact.phone``, else masked."""

from datetime import date

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import selectinload

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

    kind: ContactKind = Field(description="What it is.")
    value: str = Field(description="Telephone numbers in E.164 form. Masked where is_masked is true.")
    is_masked: bool = Field(description="Whether the key may not see the whole value.")
    confirmed_on: date | None = Field(description="The last day on which it was confirmed; null: never.")
    age_days: int | None = Field(description="Days since then; null: never confirmed.")
    evidence: Evidence = Field(description="How it is known to work.")
    state: State = Field(description="Whether it was confirmed recently enough.")


class Contact(Shape):
    """A person (henkilö), a desk staffed round the clock (päivystys), a system that alerts (järjestelmä)."""

    id: int = Field(description="Number of the contact.")
    kind: ActorKind = Field(description="What it is.")
    name: str = Field(description="First name and family name, or the name of the desk or system.")
    municipality: str | None = Field(description="Code of its municipality; null for those of the county.")
    organisation: str = Field(description="Where somebody works; may be empty.")
    title: str = Field(description="What somebody is there; may be empty.")
    language: Language = Field(description="The language in which to speak.")
    numbers: tuple[Number, ...] = Field(description="Numbers and addresses, in calling order.")


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
    return asked.page(ContactPage, wanted, lambda person: _shape(asked, person))


def one(asked: Asked) -> Contact:
    """One contact."""
    return _shape(asked, the_one(_visible(asked), lambda person: str(person.id) == asked.path["id"]))


def _visible(asked: Asked) -> list[Person]:
    query = select(Person).where(Person.erased_at.is_(None)).options(selectinload(Person.contact_points))
    mine = scoped(query, asked.viewer, Person.municipality_code, Permission.CONTACT_READ)
    return sorted(asked.session.scalars(mine), key=lambda person: (sort_key(person.name), person.id))


def _shape(asked: Asked, person: Person) -> Contact:
    return Contact(
        id=person.id,
        kind=person.kind,
        name=person.name,
        municipality=person.municipality_code,
        organisation=person.organisation,
        title=person.title,
        language=person.language,
        numbers=tuple(_number(asked, person, point) for point in person.contact_points),
    )


def _number(asked: Asked, person: Person, point: ContactPoint) -> Number:
    place = person.municipality_code
    return Number(
        kind=point.kind,
        value=shown_number(point.value, asked.viewer, municipality=place),
        is_masked=not asked.viewer.may(Permission.CONTACT_PHONE, municipality=place),
        confirmed_on=point.confirmed_on,
        age_days=point.age_days(on=asked.on),
        evidence=point.evidence,
        state=state_of(point, on=asked.on),
    )


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
