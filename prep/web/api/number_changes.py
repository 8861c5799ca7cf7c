"""Changing numbers and addresses: added, changed, confirmed, removed. What is masked is never stored."""

from typing import Annotated, Any

from pydantic import Field

from prep.auth.permissions import nothing_here, require
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.language import say
from prep.models import ContactPoint, Person
from prep.registry.contact_values import LONGEST
from prep.registry.people import LONGEST_TEXT, add_point, change_point, confirm_point, remove_point
from prep.terms import ContactKind, Evidence
from prep.web.api.contact_changes import CONTACT, found
from prep.web.api.contacts import Number, number
from prep.web.api.operations import NUMBER, Asked, Change, Operation, Thing
from prep.web.api.shapes import ChangeQuery, Partial, Query, Seen, Shape

# How a masked value is written; no number or address has two of them in a row.
_MASK = "**"
_Value = Annotated[str, Field(min_length=1, max_length=LONGEST), Seen]
_Text = Annotated[str, Field(max_length=LONGEST_TEXT), Seen]


class NewNumber(Shape):
    """A number or address more."""

    kind: ContactKind = Field(description="What it is.")
    value: _Value = Field(description="As it is dialled in Finland, or in E.164 form; or the address.")
    purpose: _Text = Field("", description="What it is for.")
    operator: _Text | None = Field(None, description="The network operator, where it is known.")


class ChangedNumber(Partial):
    """What is to be different about a number or address."""

    kind: ContactKind = Field(ContactKind.MOBILE, description="What it is.")
    value: _Value = Field(
        "",
        description="As it is dialled in Finland, or in E.164 form; or the address. Never as it is masked.",
    )
    purpose: _Text = Field("", description="What it is for.")
    operator: _Text | None = Field(None, description="The network operator; null where it is not known.")


class Confirmation(Shape):
    """How it is known that a number or address is right as it stands."""

    evidence: Evidence = Field(description="confirmed: somebody said so. called_back: by calling it.")


def _found(asked: Asked, key: str) -> ContactPoint:
    point = asked.session.get(ContactPoint, int(key))
    if point is None:
        raise nothing_here()
    found(asked, str(point.person_id))
    return point


def _add(asked: Asked, person: Person) -> ContactPoint:
    new: NewNumber = asked.content
    _refuse_masked(new.value)
    return add_point(
        asked.session, person, new.kind, new.value, purpose=new.purpose, operator=new.operator or ""
    )


def _change(asked: Asked, point: ContactPoint) -> ContactPoint:
    said = {name: getattr(asked.content, name) for name in asked.content.model_fields_set}
    kept: dict[str, Any] = {name: getattr(point, name) for name in ChangedNumber.model_fields}
    kept |= said
    _refuse_masked(said.get("value", ""))
    change_point(
        asked.session,
        point,
        kept["kind"],
        kept["value"],
        purpose=kept["purpose"],
        operator=kept["operator"],
    )
    return point


def _confirm(asked: Asked, point: ContactPoint) -> ContactPoint:
    evidence = asked.content.evidence
    if evidence not in {Evidence.CONFIRMED, Evidence.CALLED_BACK}:
        raise Refused(
            Problem(
                place=say("The field “{name}”", name="evidence"),
                value=evidence.value,
                rule=say(
                    "It is one of: {known}.", known=[Evidence.CONFIRMED.value, Evidence.CALLED_BACK.value]
                ),
                remedy=say("Correct the value."),
            )
        )
    confirm_point(point, on=asked.on, by=asked.use.account.name, evidence=evidence)
    return point


def _remove(asked: Asked, point: ContactPoint) -> None:
    remove_point(asked.session, point)


def _refuse_masked(value: str) -> None:
    if _MASK in value:
        raise Refused(
            Problem(
                place=say("The field “{name}”", name="value"),
                value=value[:40],
                rule=say("It is masked: it stands for a number that this key may not see."),
                remedy=say("Leave the field out, and the number stays; or send the whole number."),
            )
        )


def _one(asked: Asked) -> Number:
    point = asked.session.get(ContactPoint, int(asked.path["id"]))
    if point is None:
        raise nothing_here()
    require(asked.viewer, Permission.CONTACT_READ, point.person.municipality_code)
    return number(asked, point)


POINT = Thing("/numbers/{id}", _found, lambda point: str(point.id), number)
_EDIT = (Permission.CONTACT_EDIT,)

OPERATIONS = (
    Operation(
        "/contacts/{id}/numbers", "addNumber", "contacts", "Take a number or address more, the last to be called.",
        _EDIT, Number, Change(_add, CONTACT, POINT, NewNumber), ChangeQuery, parameters={"id": NUMBER},
    ),
    Operation(
        "/numbers/{id}", "getNumber", "contacts", "One number or address.",
        (Permission.CONTACT_READ,), Number, _one, Query, parameters={"id": NUMBER},
    ),
    Operation(
        "/numbers/{id}", "changeNumber", "contacts", "Change a number or address; a new value is not confirmed.",
        _EDIT, Number, Change(_change, POINT, POINT, ChangedNumber, "PATCH"), ChangeQuery,
        parameters={"id": NUMBER},
    ),
    Operation(
        "/numbers/{id}", "removeNumber", "contacts", "Remove a number or address.",
        _EDIT, Number, Change(_remove, POINT, POINT, None, "DELETE"), ChangeQuery, parameters={"id": NUMBER},
    ),
    Operation(
        "/numbers/{id}/confirmation", "confirmNumber", "contacts", "Note that a number or address is right.",
        _EDIT, Number, Change(_confirm, POINT, POINT, Confirmation), ChangeQuery, parameters={"id": NUMBER},
    ),
)  # fmt: skip
