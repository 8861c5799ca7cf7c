"""Changing contacts: taken in, changed, erased; and the days on which somebody is away."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from prep import models
from prep.auth.permissions import nothing_here, require
from prep.auth.roles import Permission
from prep.models import Person
from prep.registry.people import (
    LONGEST_NAME,
    LONGEST_TEXT,
    PersonDetails,
    add_absence,
    add_person,
    change_absence,
    change_person,
    details_of,
    remove_absence,
)
from prep.registry.privacy import erase
from prep.terms import Language
from prep.web.api.contacts import Absence, Contact, absence, contact
from prep.web.api.operations import NUMBER, Asked, Change, Operation, Thing
from prep.web.api.shapes import (
    FIRST_DAY,
    ChangeQuery,
    MunicipalityCode,
    Partial,
    Query,
    Reason,
    Seen,
    Shape,
    SomeDay,
)

_Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), Seen]
_Text = Annotated[str, Field(max_length=LONGEST_TEXT), Seen]


class NewContact(Shape):
    """Somebody new."""

    name: _Name = Field(description="First name and family name, or the name of a desk.")
    title: _Text = Field("", description="What somebody is where they work.")
    organisation: _Text = Field("", description="Where somebody works.")
    municipality: MunicipalityCode | None = Field(
        None, description="Code of the municipality whose they are; null for those of the county and others."
    )
    language: Language = Field(Language.FI, description="The language in which to speak.")
    speaks: tuple[Language, ...] = Field((), description="The other languages that somebody speaks.")


class ChangedContact(Partial):
    """What is to be different about somebody."""

    name: _Name = Field("", description="First name and family name, or the name of a desk.")
    title: _Text = Field("", description="What somebody is where they work.")
    organisation: _Text = Field("", description="Where somebody works.")
    municipality: MunicipalityCode | None = Field(
        None, description="Code of the municipality whose they are; null for those of the county and others."
    )
    language: Language = Field(Language.FI, description="The language in which to speak.")
    speaks: tuple[Language, ...] = Field((), description="The other languages that somebody speaks.")


class NewAbsence(Shape):
    """Days on which somebody is away."""

    starts: SomeDay = Field(description="The first day.")
    ends: SomeDay | None = Field(None, description="The last day; null: until further notice.")


class ChangedAbsence(Partial):
    """Other days; one that was until further notice is ended by its last day."""

    starts: SomeDay = Field(FIRST_DAY, description="The first day.")
    ends: SomeDay | None = Field(None, description="The last day; null: until further notice.")


class EraseQuery(Query):
    """Why somebody is erased."""

    reason: Annotated[Reason, Field(min_length=1, pattern=r"\S")] = Field(
        description="Needed, and kept in the audit trail: it names nobody."
    )


def found(asked: Asked, key: str) -> Person:
    """Somebody whom the key may change.

    Raises
    ------
    NotFound
        If there is nobody of this number, or the key may not: the same answer for both.
    """
    person = asked.session.get(Person, int(key))
    if person is None or person.erased_at is not None:
        raise nothing_here()
    require(asked.viewer, Permission.CONTACT_EDIT, person.municipality_code)
    return person


def _absence(asked: Asked, key: str) -> models.Absence:
    row = asked.session.get(models.Absence, int(key))
    if row is None:
        raise nothing_here()
    found(asked, str(row.person_id))
    return row


def _add(asked: Asked, _: None) -> Person:
    details = PersonDetails(**_as_kept(dict(asked.content)))
    require(asked.viewer, Permission.CONTACT_EDIT, details.municipality)
    return add_person(asked.session, details)


def _change(asked: Asked, person: Person) -> Person:
    said = {name: getattr(asked.content, name) for name in asked.content.model_fields_set}
    details = replace(details_of(person), **_as_kept(said))
    require(asked.viewer, Permission.CONTACT_EDIT, details.municipality)
    change_person(asked.session, person, details)
    return person


def _erase(asked: Asked, person: Person) -> None:
    erase(asked.session, person, on=asked.on)


def _add_absence(asked: Asked, person: Person) -> models.Absence:
    return add_absence(asked.session, person, starts=asked.content.starts, ends=asked.content.ends)


def _change_absence(asked: Asked, row: models.Absence) -> models.Absence:
    said = {name: getattr(asked.content, name) for name in asked.content.model_fields_set}
    change_absence(asked.session, row, **{"starts": row.starts, "ends": row.ends, **said})
    return row


def _remove_absence(asked: Asked, row: models.Absence) -> None:
    remove_absence(asked.session, row)


def _as_kept(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "speaks": frozenset(said["speaks"])} if "speaks" in said else said


CONTACT = Thing("/contacts/{id}", found, lambda person: str(person.id), contact)
ABSENCE = Thing("/absences/{id}", _absence, lambda row: str(row.id), absence)
_EDIT = (Permission.CONTACT_EDIT,)


def _one_absence(asked: Asked) -> Absence:
    row = asked.session.get(models.Absence, int(asked.path["id"]))
    if row is None:
        raise nothing_here()
    require(asked.viewer, Permission.CONTACT_READ, row.person.municipality_code)
    return absence(asked, row)


OPERATIONS = (
    Operation(
        "/contacts", "addContact", "contacts", "Take somebody into the registry.",
        _EDIT, Contact, Change(_add, None, CONTACT, NewContact), ChangeQuery,
    ),
    Operation(
        "/contacts/{id}", "changeContact", "contacts", "Change what is known of somebody.",
        _EDIT, Contact, Change(_change, CONTACT, CONTACT, ChangedContact, "PATCH"), ChangeQuery,
        parameters={"id": NUMBER},
    ),
    Operation(
        "/contacts/{id}", "eraseContact", "contacts",
        "Erase somebody for good, who holds no post any more: nothing that names them stays.",
        _EDIT, Contact, Change(_erase, CONTACT, CONTACT, None, "DELETE"), EraseQuery,
        parameters={"id": NUMBER},
    ),
    Operation(
        "/contacts/{id}/absences", "addAbsence", "contacts", "Note days on which somebody is away.",
        _EDIT, Absence, Change(_add_absence, CONTACT, ABSENCE, NewAbsence), ChangeQuery,
        parameters={"id": NUMBER},
    ),
    Operation(
        "/absences/{id}", "getAbsence", "contacts", "One absence.",
        (Permission.CONTACT_READ,), Absence, _one_absence, Query, parameters={"id": NUMBER},
    ),
    Operation(
        "/absences/{id}", "changeAbsence", "contacts", "Correct the days of an absence, or end it.",
        _EDIT, Absence, Change(_change_absence, ABSENCE, ABSENCE, ChangedAbsence, "PATCH"), ChangeQuery,
        parameters={"id": NUMBER},
    ),
    Operation(
        "/absences/{id}", "removeAbsence", "contacts", "Take away an absence recorded by mistake.",
        _EDIT, Absence, Change(_remove_absence, ABSENCE, ABSENCE, None, "DELETE"), ChangeQuery,
        parameters={"id": NUMBER},
    ),
)  # fmt: skip
