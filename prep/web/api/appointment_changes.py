"""Filling posts: appointing, correcting, ending and removing terms of seats and named roles."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select

from prep import models
from prep.auth.permissions import nothing_here, require
from prep.auth.roles import Permission
from prep.models import Body, RoleTerm, SeatTerm
from prep.registry.appointments import (
    LONGEST_ORGAN,
    LONGEST_SECTION,
    MOST_DEPUTIES,
    Decision,
    Post,
    Term,
    appoint,
    candidate,
    change_term,
    end_term,
    municipality_of_post,
    post_of,
    remove_term,
    right_to_fill,
)
from prep.web.api.appointments import Appointment, appointment, key_of, may_see
from prep.web.api.operations import Asked, Change, Operation, Parameter, Thing
from prep.web.api.problems import ScopeLacking
from prep.web.api.shapes import (
    FIRST_DAY,
    ChangeQuery,
    MunicipalityCode,
    Partial,
    Query,
    Seen,
    Shape,
    SomeDay,
)

TERM = Parameter("(seat|role)-[1-9][0-9]{0,8}", "“seat-” or “role-” with the number of the term.", "seat-1")
_Organ = Annotated[str, Field(max_length=LONGEST_ORGAN), Seen]
_Section = Annotated[str, Field(max_length=LONGEST_SECTION), Seen]
_Key = Annotated[str, Field(max_length=80), Seen]
_Rank = Annotated[int, Field(ge=0, le=MOST_DEPUTIES)]
_Person = Annotated[int, Field(ge=1, le=999_999_999)]


class NewAppointment(Shape):
    """Somebody in a post from a day on. An open term at the same rank ends the day before."""

    body: _Key | None = Field(None, description="Key of the body whose seat it is; null for a role.")
    post: _Key = Field(description="Key of the seat within its body, or of the role.")
    municipality: MunicipalityCode | None = Field(
        None, description="Code of the municipality whose role it is; null for the county’s, and for a seat."
    )
    person: _Person = Field(description="Number of the contact.")
    rank: _Rank = Field(0, description="0: holder. 1 and up: deputies in order.")
    starts: SomeDay = Field(description="The first day.")
    ends: SomeDay | None = Field(None, description="The last day; null while it is open.")
    decided_by: _Organ = Field("", description="The organ that decided it.")
    decided_on: SomeDay | None = Field(None, description="The day of the decision; null where not known.")
    decision_section: _Section = Field("", description="The section (§) of the decision.")


class ChangedAppointment(Partial):
    """What is to be different on record of a term."""

    rank: _Rank = Field(0, description="0: holder. 1 and up: deputies in order.")
    starts: SomeDay = Field(FIRST_DAY, description="The first day.")
    ends: SomeDay | None = Field(None, description="The last day; null while it is open.")
    decided_by: _Organ = Field("", description="The organ that decided it.")
    decided_on: SomeDay | None = Field(None, description="The day of the decision; null where not known.")
    decision_section: _Section = Field("", description="The section (§) of the decision.")


class End(Shape):
    """When a term ends."""

    ends: SomeDay = Field(description="The last day in the post.")


def _require_right(asked: Asked, post: Post) -> None:
    """Filling a seat takes another permission than filling a role."""
    needed = right_to_fill(post)
    if not asked.viewer.may_somewhere(needed):
        raise ScopeLacking([needed])
    require(asked.viewer, needed, municipality_of_post(post))


def _term(asked: Asked, key: str) -> Term:
    kind, _, number = key.partition("-")
    found: Term | None = (
        asked.session.get(SeatTerm, int(number))
        if kind == "seat"
        else asked.session.get(RoleTerm, int(number))
    )
    if found is None:
        raise nothing_here()
    return found


def _found(asked: Asked, key: str) -> Term:
    term = _term(asked, key)
    _require_right(asked, post_of(term))
    return term


def _post(asked: Asked, new: NewAppointment) -> Post:
    post: Post | None
    if new.body is not None:
        of_body = select(models.Seat).join(Body).where(Body.key == new.body, models.Seat.key == new.post)
        post = asked.session.scalars(of_body).first()
    else:
        named = models.Role.municipality_code == new.municipality
        post = asked.session.scalars(select(models.Role).where(models.Role.key == new.post, named)).first()
    if post is None:
        raise nothing_here()
    _require_right(asked, post)
    return post


def _appoint(asked: Asked, _: None) -> Term:
    new: NewAppointment = asked.content
    return appoint(
        asked.session,
        _post(asked, new),
        candidate(asked.session, new.person, viewer=asked.viewer),
        starts=new.starts,
        ends=new.ends,
        rank=new.rank,
        decision=_decision(dict(new)),
    )


def _change(asked: Asked, term: Term) -> Term:
    kept = {name: getattr(term, name) for name in ChangedAppointment.model_fields}
    kept |= {name: getattr(asked.content, name) for name in asked.content.model_fields_set}
    change_term(
        asked.session,
        term,
        starts=kept["starts"],
        ends=kept["ends"],
        rank=kept["rank"],
        decision=_decision(kept),
    )
    return term


def _end(asked: Asked, term: Term) -> Term:
    end_term(asked.session, term, last_day=asked.content.ends)
    return term


def _remove(asked: Asked, term: Term) -> None:
    remove_term(asked.session, term)


def _decision(said: Mapping[str, Any]) -> Decision:
    return Decision(
        by=" ".join(said["decided_by"].split()),
        on=said["decided_on"],
        section=" ".join(said["decision_section"].split()),
    )


def _one(asked: Asked) -> Appointment:
    term = _term(asked, asked.path["id"])
    if not may_see(asked, term):
        raise nothing_here()
    return appointment(asked, term)


APPOINTMENT = Thing("/appointments/{id}", _found, key_of, appointment)
_EDIT = (Permission.CONTACT_EDIT,)

OPERATIONS = (
    Operation(
        "/appointments", "appoint", "contacts", "Give a post to somebody from a day on.",
        _EDIT, Appointment, Change(_appoint, None, APPOINTMENT, NewAppointment), ChangeQuery,
    ),
    Operation(
        "/appointments/{id}", "getAppointment", "contacts", "One term.",
        (Permission.CONTACT_READ,), Appointment, _one, Query, parameters={"id": TERM},
    ),
    Operation(
        "/appointments/{id}", "changeAppointment", "contacts", "Correct what is on record of a term.",
        _EDIT, Appointment, Change(_change, APPOINTMENT, APPOINTMENT, ChangedAppointment, "PATCH"), ChangeQuery,
        parameters={"id": TERM},
    ),
    Operation(
        "/appointments/{id}", "removeAppointment", "contacts", "Take away a term recorded by mistake.",
        _EDIT, Appointment, Change(_remove, APPOINTMENT, APPOINTMENT, None, "DELETE"), ChangeQuery,
        parameters={"id": TERM},
    ),
    Operation(
        "/appointments/{id}/end", "endAppointment", "contacts", "End a term on a day.",
        _EDIT, Appointment, Change(_end, APPOINTMENT, APPOINTMENT, End), ChangeQuery, parameters={"id": TERM},
    ),
)  # fmt: skip
