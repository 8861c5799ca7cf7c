"""Who was, is or will be in which post: the terms of seats and named roles, with the decisions behind them."""

from datetime import date

from pydantic import Field

from prep.auth.roles import Permission
from prep.models import Seat
from prep.registry.appointments import Term, every_term, municipality_of_post, post_of
from prep.web.api.bodies import reference
from prep.web.api.operations import Asked, Operation
from prep.web.api.shapes import (
    Day,
    MunicipalityCode,
    Names,
    Page,
    Paged,
    PersonReference,
    RowNumber,
    Shape,
    names_of,
)


class Appointment(Shape):
    """A term (kausi): somebody in a seat or role, from a day to a day."""

    id: str = Field(description="“seat-” or “role-” with the number of the term.")
    body: str | None = Field(description="Key of the body whose seat it is; null for a role.")
    post: str = Field(description="Key of the seat within its body, or of the role.")
    name: Names = Field(description="What the post is called.")
    municipality: str | None = Field(
        description="Code of the municipality of the post; null for the county’s."
    )
    person: PersonReference = Field(description="Who is in it. A person who was erased has the name “–”.")
    rank: int = Field(ge=0, description="0: holder. 1 and up: deputies in order.")
    starts: date = Field(description="The first day.")
    ends: date | None = Field(description="The last day; null while it is open.")
    decided_by: str = Field(description="Who decided it; may be empty.")
    decided_on: date | None = Field(description="The day of the decision; null where not known.")
    decision_section: str = Field(description="The section (§) of the decision; may be empty.")


class AppointmentPage(Page[Appointment]):
    """Terms, by their first days."""


class AppointmentQuery(Paged):
    """Which terms are wanted."""

    municipality: MunicipalityCode | None = Field(None, description="Only posts of this municipality.")
    person: RowNumber | None = Field(None, description="Only of this contact.")
    on: Day | None = Field(None, description="Only terms that cover this day.")


def listed(asked: Asked) -> Page[Appointment]:
    """The terms in the posts that the key may see."""
    query: AppointmentQuery = asked.query
    wanted = [
        term
        for term in every_term(asked.session, on=query.on)
        if may_see(asked, term)
        and query.municipality in (None, municipality_of_post(post_of(term)))
        and query.person in (None, term.person_id)
    ]
    return asked.page(AppointmentPage, wanted, lambda term: appointment(asked, term))


def may_see(asked: Asked, term: Term) -> bool:
    """Whether the key may know of a term."""
    needed = Permission.BODY_READ if isinstance(post_of(term), Seat) else Permission.CONTACT_READ
    return asked.viewer.may(needed, municipality=municipality_of_post(post_of(term)))


def key_of(term: Term) -> str:
    """The key by which a term is known."""
    return f"{'seat' if isinstance(post_of(term), Seat) else 'role'}-{term.id}"


def appointment(_: Asked, term: Term) -> Appointment:
    """A term in the shape in which it is answered."""
    post = post_of(term)
    return Appointment(
        id=key_of(term),
        body=post.body.key if isinstance(post, Seat) else None,
        post=post.key,
        name=names_of(post),
        municipality=municipality_of_post(post),
        person=reference(term.person),
        rank=term.rank,
        starts=term.starts,
        ends=term.ends,
        decided_by=term.decided_by,
        decided_on=term.decided_on,
        decision_section=term.decision_section,
    )


OPERATIONS = (
    Operation(
        "/appointments", "listAppointments", "contacts", "Who was, is or will be in which post.",
        (Permission.BODY_READ, Permission.CONTACT_READ), AppointmentPage, listed, AppointmentQuery,
    ),
)  # fmt: skip
