"""What breaks? What rests on a contact, a number, a seat, premises, or on what the alert chains share."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from prep import models
from prep.alerting.records import all_chains
from prep.alerting.result import PartKind
from prep.auth.permissions import nothing_here, require
from prep.auth.roles import Permission
from prep.evacuation.records import site_states
from prep.models import Body, Chain, ContactPoint, Person, Site
from prep.readiness import impact, outage_impact
from prep.readiness.impact import Touched
from prep.terms import State
from prep.web.api.operations import KEY, NUMBER, Asked, Operation
from prep.web.api.shapes import Page, Paged, Query, Shape
from prep.web.sight import NEEDED


class Effect(Shape):
    """One thing that rests on it."""

    kind: Touched = Field(description="What kind of thing.")
    name: str = Field(
        description="What it is called, in the language of the request; of cards, their place or kinds."
    )
    detail: str = Field(description="What becomes of it, as a sentence.")
    is_left_empty: bool = Field(description="Whether nobody and nothing stands in for it.")
    state: State = Field(
        description="fault: left empty. Else whether it is in order, doubtful, or not known."
    )
    municipality: str | None = Field(description="Code of the municipality; null for what is the county’s.")
    about_kind: str = Field(description="On what kind of thing it is mended.")
    about: str = Field(description="Key or number of that thing.")


class Impact(Shape):
    """What breaks without it, among what the key may see."""

    left_empty: int = Field(ge=0, description="How many effects leave something without anybody or anything.")
    effects: tuple[Effect, ...] = Field(description="Everything that rests on it, the worst first.")


class SharedPart(Shape):
    """A channel or piece of infrastructure that alert chains share."""

    key: str = Field(description="Its kind and key, by which it is asked about.")
    kind: PartKind = Field(description="channel or resource.")
    name: str = Field(description="What it is called, in the language of the request.")
    chains: int = Field(ge=0, description="Chains that use it.")
    attempts: int = Field(ge=0, description="Attempts on their lists that pass it, or what it feeds.")
    silenced: int = Field(ge=0, description="Chains whose body nothing can reach without it.")
    seats: int = Field(ge=0, description="Seats that nothing can reach without it.")
    unknown: int = Field(ge=0, description="Chains with a fault, of which neither is known.")


class SharedPartPage(Page[SharedPart]):
    """What alert chains share, what silences most first."""


class SharedPartQuery(Query):
    """What is asked about."""

    key: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="Key of the channel or infrastructure, as listShared tells it."
    )


def of_contact(asked: Asked) -> Impact:
    """What rests on a contact."""
    person = asked.session.get(Person, int(asked.path["id"]))
    if person is None or person.erased_at is not None:
        raise nothing_here()
    require(asked.viewer, Permission.CONTACT_READ, person.municipality_code)
    found = impact.impact_of_person(asked.session, person, on=asked.on, language=asked.language)
    return _shape(asked, found)


def of_number(asked: Asked) -> Impact:
    """What rests on a number."""
    point = asked.session.get(ContactPoint, int(asked.path["id"]))
    if point is None:
        raise nothing_here()
    require(asked.viewer, Permission.CONTACT_READ, point.person.municipality_code)
    return _shape(asked, impact.impact_of_point(asked.session, point, on=asked.on, language=asked.language))


def of_seat(asked: Asked) -> Impact:
    """What rests on a seat."""
    wanted = select(models.Seat).join(Body).where(Body.key == asked.path["key"])
    seat = asked.session.scalars(wanted.where(models.Seat.key == asked.path["seat"])).first()
    if seat is None:
        raise nothing_here()
    require(asked.viewer, Permission.BODY_READ, seat.body.municipality_code)
    return _shape(asked, impact.impact_of_seat(asked.session, seat, on=asked.on, language=asked.language))


def of_premises(asked: Asked) -> Impact:
    """What rests on premises."""
    site = asked.session.get(Site, int(asked.path["id"]))
    if site is None:
        raise nothing_here()
    require(asked.viewer, Permission.SITE_READ, site.municipality_code)
    views = site_states(asked.session, on=asked.on)
    return _shape(asked, impact.impact_of_site(asked.session, site, views, language=asked.language))


def shared(asked: Asked) -> Page[SharedPart]:
    """What the chains share that the key may see."""
    found = outage_impact.everything_shared(_chains(asked), on=asked.on, language=asked.language)
    return asked.page(SharedPartPage, found, lambda one: _shared(asked, one))


def of_shared(asked: Asked) -> Impact:
    """What breaks without a channel or infrastructure."""
    found = outage_impact.outage(
        asked.session, _chains(asked), asked.query.key, on=asked.on, language=asked.language
    )
    if found is None:
        raise nothing_here()
    return _shape(asked, found.impact)


def _chains(asked: Asked) -> list[Chain]:
    return [
        one
        for one in all_chains(asked.session)
        if asked.viewer.may(Permission.CHAIN_READ, municipality=one.body.municipality_code)
    ]


def _shared(asked: Asked, one: outage_impact.Shared) -> SharedPart:
    return SharedPart(
        key=one.key,
        kind=one.part.kind,
        name=asked.words(one.name),
        chains=one.chains,
        attempts=one.attempts,
        silenced=one.silenced,
        seats=one.seats,
        unknown=one.unknown,
    )


def _shape(asked: Asked, found: impact.Impact) -> Impact:
    seen = [
        one for one in found.effects if asked.viewer.may(NEEDED[one.about[0]], municipality=one.municipality)
    ]
    return Impact(
        left_empty=sum(one.is_left_empty for one in seen),
        effects=tuple(
            Effect(
                kind=one.kind,
                name=one.name,
                detail=asked.words(one.detail),
                is_left_empty=one.is_left_empty,
                state=one.state,
                municipality=one.municipality,
                about_kind=one.about[0],
                about=one.about[1],
            )
            for one in seen
        ),
    )


OPERATIONS = (
    Operation(
        "/contacts/{id}/impact", "whatBreaksWithoutContact", "impact", "What rests on somebody.",
        (Permission.CONTACT_READ,), Impact, of_contact, Query, parameters={"id": NUMBER},
    ),
    Operation(
        "/numbers/{id}/impact", "whatBreaksWithoutNumber", "impact", "What rests on a number or address.",
        (Permission.CONTACT_READ,), Impact, of_number, Query, parameters={"id": NUMBER},
    ),
    Operation(
        "/bodies/{key}/seats/{seat}/impact", "whatBreaksWithoutSeat", "impact", "What rests on a seat.",
        (Permission.BODY_READ,), Impact, of_seat, Query, parameters={"key": KEY, "seat": KEY},
    ),
    Operation(
        "/premises/{id}/impact", "whatBreaksWithoutPremises", "impact", "What rests on premises.",
        (Permission.SITE_READ,), Impact, of_premises, Query, parameters={"id": NUMBER},
    ),
    Operation(
        "/shared", "listShared", "impact", "The channels and infrastructure that alert chains share.",
        (Permission.CHAIN_READ,), SharedPartPage, shared, Paged,
    ),
    Operation(
        "/shared/impact", "whatBreaksWithoutShared", "impact", "What breaks without a channel or infrastructure.",
        (Permission.CHAIN_READ,), Impact, of_shared, SharedPartQuery,
    ),
)  # fmt: skip
