"""Who answers for what is known: who is asked to confirm it, and who is where they cannot be.

A municipality's preparedness contact answers for what is the municipality's; a deputy while the contact is away or
the post is vacant; the county's planners where nobody of them is there, and for what no municipality keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from prep.language import Message, say
from prep.models import Person
from prep.registry.contacts import PREPAREDNESS_CONTACT, RoleStanding, roles_standing
from prep.registry.names import name_of
from prep.registry.sites import municipalities
from prep.terms import Language


class Answering(StrEnum):
    """In which place somebody answers."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for what a municipality keeps, or (None) for what it does not.

    ``person`` is None where the county's planners do. ``words`` says who and, where it is not the contact, why.
    """

    municipality: str | None
    person: Person | None
    answering: Answering
    words: Message


def owners(session: Session, *, on: date, language: Language) -> Mapping[str | None, Owner]:
    """Who answers on a day, by municipality; under None who answers for what is the county's or shared."""
    contacts = {
        one.role.municipality_code: one
        for one in roles_standing(session, on=on)
        if one.role.key == PREPAREDNESS_CONTACT
    }
    found: dict[str | None, Owner] = {
        None: Owner(None, None, Answering.COUNTY, say("the county’s planners")),
    }
    for place in municipalities(session):
        found[place.code] = _owner(place.code, name_of(place, language), contacts.get(place.code))
    return found


def _owner(code: str, where: str, role: RoleStanding | None) -> Owner:
    acting = role.acting if role else None
    if role is None or acting is None:
        words = (
            say(
                "the county’s planners: the preparedness contact of {where} and all deputies are away",
                where=where,
            )
            if role is not None and (role.holder or role.deputies)
            else say("the county’s planners: {where} has no preparedness contact", where=where)
        )
        return Owner(code, None, Answering.COUNTY, words)
    if acting is role.holder:
        words = say("{name}, preparedness contact", name=acting.name)
        return Owner(code, acting, Answering.HOLDER, words)
    words = (
        say("{name} stands in: {holder} is away", name=acting.name, holder=role.holder.name)
        if role.holder
        else say("{name} stands in: the post of the preparedness contact is vacant", name=acting.name)
    )
    return Owner(code, acting, Answering.DEPUTY, words)
