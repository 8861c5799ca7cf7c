"""What has to be confirmed: the queue of whoever owns the key, and confirming a value as it was seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from prep.auth.permissions import nothing_here, shown_number
from prep.auth.roles import Permission
from prep.errors import Conflict, Problem
from prep.language import say
from prep.models import ContactPoint, RoleTerm, SeatTerm, Site
from prep.registry import review
from prep.registry.names import name_of
from prep.registry.ownership import Answering, Owner, owners
from prep.terms import FreshnessKind, State
from prep.web.api.bodies import reference
from prep.web.api.operations import Asked, Change, Operation, Parameter, Thing, the_key
from prep.web.api.shapes import (
    ChangeQuery,
    MunicipalityCode,
    Page,
    Paged,
    PersonReference,
    Query,
    Seen,
    Shape,
)

KEY = Parameter(
    f"({'|'.join(FreshnessKind)})-[1-9][0-9]{{0,8}}", "Key of the value: its kind and number.", "contact-1"
)


class Whose(StrEnum):
    """Which part of what the key may confirm."""

    MINE = "mine"  # what falls to the owner of the key
    ALL = "all"  # all of it


class ToConfirm(Shape):
    """A value that somebody answers for, with its age."""

    key: str = Field(description="Key of the value: its kind and number.")
    kind: FreshnessKind = Field(description="What kind of value it is.")
    value: str = Field(description="The number (masked without contact.phone), the post, or the premises.")
    contact: PersonReference | None = Field(description="Whom it is about; null for premises.")
    municipality: str | None = Field(
        description="Code of the municipality that keeps it; null: the county’s."
    )
    state: State = Field(
        description="Whether it was confirmed recently enough. fault: said to be wrong, too."
    )
    age_days: int | None = Field(description="Days since it was last known to be right; null: never.")
    confirmed_on: date | None = Field(description="The last day on which it was confirmed; null: never.")
    confirmed_by: str | None = Field(description="Who confirmed it then.")
    objection: str | None = Field(
        description="In what words somebody says that it is wrong; null: nobody does."
    )
    answering: Answering = Field(description="In which place somebody answers for it.")
    owner: PersonReference | None = Field(description="Who answers for it; null: the county’s planners.")
    owner_words: str = Field(description="Who answers for it and why, as a sentence.")
    stamp: str = Field(
        description="What is sent back to confirm it; another as soon as the value is another."
    )


class ToConfirmPage(Page[ToConfirm]):
    """What has to be confirmed, the worst first."""


class ToConfirmQuery(Paged):
    """What of it is wanted."""

    whose: Whose = Field(
        Whose.MINE, description="What falls to the owner of the key, or all they may confirm."
    )
    municipality: MunicipalityCode | None = Field(None, description="Only what this municipality keeps.")
    kind: FreshnessKind | None = Field(None, description="Only values of this kind.")
    state: State | None = Field(None, description="Only values in this state.")


class AsSeen(Shape):
    """What was looked at before it is confirmed."""

    stamp: Annotated[str, Field(min_length=1, max_length=40), Seen] = Field(
        description="The stamp with which the value was read."
    )


@dataclass(frozen=True, slots=True)
class _Value:
    """A value on record, with what it takes to put it in shape."""

    item: review.Item
    owners: Mapping[str | None, Owner]


def listed(asked: Asked) -> Page[ToConfirm]:
    """What has to be confirmed."""
    query: ToConfirmQuery = asked.query
    due = review.to_confirm(asked.session, asked.viewer, on=asked.on, language=asked.language)
    wanted = [
        _Value(item, due.owners)
        for item in (due.mine if query.whose is Whose.MINE else due.everything)
        if query.municipality in (None, item.municipality)
        and query.kind in (None, item.kind)
        and query.state in (None, item.state)
    ]
    return asked.page(ToConfirmPage, wanted, lambda value: _shape(asked, value))


def _found(asked: Asked, key: str) -> _Value:
    row = review.find(asked.session, key)
    if row is None or not review.may_confirm(row, asked.viewer):
        raise nothing_here()
    item = review.item_of(row, on=asked.on)
    return _Value(item, owners(asked.session, on=asked.on, language=asked.language))


def _confirm(asked: Asked, value: _Value) -> _Value:
    if value.item.stamp != asked.content.stamp:
        raise Conflict(
            Problem(
                place=say("The field “{name}”", name="stamp"),
                value=asked.content.stamp,
                rule=say("The value is another by now, so nothing was confirmed."),
                remedy=say("Look at it as it stands now, and confirm it with its new stamp."),
            )
        )
    review.confirm(asked.session, [value.item.row], on=asked.on, by=asked.use.account.name)
    return _found(asked, value.item.key)


def _shape(asked: Asked, value: _Value) -> ToConfirm:
    item, owner = value.item, value.owners[value.item.municipality]
    return ToConfirm(
        key=item.key,
        kind=item.kind,
        value=_words(asked, item.row),
        contact=reference(item.person) if item.person else None,
        municipality=item.municipality,
        state=item.state,
        age_days=item.age_days,
        confirmed_on=item.row.confirmed_on,
        confirmed_by=item.row.confirmed_by,
        objection=None if isinstance(item.row, Site) else item.row.objection or None,
        answering=owner.answering,
        owner=reference(owner.person) if owner.person else None,
        owner_words=asked.words(owner.words),
        stamp=item.stamp,
    )


def _words(asked: Asked, row: review.Asked) -> str:
    match row:
        case ContactPoint():
            return shown_number(row.value, asked.viewer, municipality=row.person.municipality_code)
        case RoleTerm():
            return name_of(row.role, asked.language)
        case SeatTerm():
            return f"{name_of(row.seat.body, asked.language)}: {name_of(row.seat, asked.language)}"
        case Site():
            return row.name


VALUE = Thing("/review/{key}", _found, lambda value: str(value.item.key), _shape)

OPERATIONS = (
    Operation(
        "/review", "listToConfirm", "review", "What has to be confirmed, the worst first.",
        (Permission.CONTACT_EDIT,), ToConfirmPage, listed, ToConfirmQuery,
    ),
    Operation(
        "/review/{key}", "getToConfirm", "review", "One value with its age, and who answers for it.",
        (Permission.CONTACT_EDIT,), ToConfirm, lambda asked: _shape(asked, _found(asked, the_key(asked.path))),
        Query, parameters={"key": KEY},
    ),
    Operation(
        "/review/{key}/confirmation", "confirm", "review", "Confirm a value as it stands.",
        (Permission.CONTACT_EDIT,), ToConfirm, Change(_confirm, VALUE, VALUE, AsSeen), ChangeQuery,
        parameters={"key": KEY},
    ),
)  # fmt: skip
