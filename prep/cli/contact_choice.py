"""Which contacts a command is about: by number, or all that fit what is asked."""

from typing import TYPE_CHECKING

from prep.cli import pairs
from prep.language import say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.models import Person


def chosen(
    session: "Session",
    *,
    municipality: str | None = None,
    state: str | None = None,
    kind: str | None = None,
    body: str | None = None,
    number: int | None = None,
) -> "list[Person]":
    """Those who fit every choice, in alphabetical order."""
    from prep import clock
    from prep.exchange.contact_importing import owner_called
    from prep.registry.bodies import members_of
    from prep.registry.contacts import numbers_state
    from prep.registry.people import people

    today = clock.today()
    found = people(session)
    if municipality is not None:
        owner = owner_called(session, municipality)
        found = [one for one in found if one.municipality_code == owner.code]
    if body is not None:
        members = members_of(session, body, on=today)
        found = [one for one in found if one.id in members]
    if number is not None:
        found = [person_of(session, number)]
    return [
        one
        for one in found
        if (state is None or numbers_state(one, on=today) == state) and (kind is None or one.kind == kind)
    ]


def two_of(session: "Session", one: int, other: int) -> "tuple[Person, Person]":
    """Two different people by their numbers."""
    return pairs.two_of(session, one, other, place=say("Contacts"), find=person_of)


def person_of(session: "Session", number: int) -> "Person":
    """Somebody by number, who has not been erased."""
    from prep.errors import NotFound, Problem
    from prep.models import Person

    found = session.get(Person, number)
    if found is None or found.erased_at is not None:
        raise NotFound(
            Problem(
                place=say("Contacts"),
                value=str(number),
                rule=say("There is nobody of this number."),
                remedy=say("“prep contacts list” tells the numbers."),
            )
        )
    return found
