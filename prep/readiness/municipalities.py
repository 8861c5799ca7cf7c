"""Each municipality on one line: its contact, its management group, its places, the age of what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.alerting import records
from prep.alerting.result import Share
from prep.evacuation.records import SiteView, site_states, totals
from prep.evacuation.rules import worst
from prep.language import Message, say, sort_key
from prep.models import Chain, Municipality, Person
from prep.readiness.findings import JUDGED_BY, RARELY, SURELY, Finding, municipal_states
from prep.registry.bodies import bodies_standing
from prep.registry.contacts import RoleStanding, contact_state, people_in_use, roles_standing
from prep.registry.names import name_of
from prep.terms import BodyKind, Language, State

CONTACT_ROLE = "preparedness-contact"
# The magnitude that places are held against: one resident in twenty (a planning value).
EVACUATED_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Reach:
    """How surely the management group was reached when its chain was last simulated."""

    chain: Chain
    share: Share
    state: State


@dataclass(frozen=True, slots=True)
class MunicipalityStanding:
    """One municipality on one day.

    ``places`` are confirmed places of temporary accommodation, ``need`` those that one resident in twenty would
    take, None where the population is not known. ``oldest_days`` is the age of the oldest number in use;
    None when some number was never confirmed, or there is none.
    """

    municipality: Municipality
    state: State
    contact_state: State
    contact_words: Message
    reach: Reach | None
    places: int
    unknown_sites: int
    need: int | None
    numbers_state: State
    oldest_days: int | None

    @property
    def places_state(self) -> State:
        """Fewer places than the need are to be looked at; where nothing is confirmed, nothing is known."""
        if self.places == 0 or self.need is None:
            return State.UNKNOWN
        return State.OK if self.places >= self.need else State.WARNING


def reach_state(share: Share) -> State:
    """How a simulated share is judged.

    >>> [reach_state(Share(count, 100)).value for count in (80, 79, 50, 49)]
    ['ok', 'warning', 'warning', 'fault']
    """
    if share.p >= SURELY:
        return State.OK
    return State.WARNING if share.p >= RARELY else State.FAULT


def municipalities_standing(
    session: Session, found: Iterable[Finding], *, on: date, language: Language
) -> list[MunicipalityStanding]:
    """Every municipality of the county in alphabetical order.

    ``found`` is the list of what is not in order; the state of a municipality is the worst of what is on it.
    """
    places = session.scalars(select(Municipality)).all()
    states = municipal_states(found, places)
    roles = {
        one.role.municipality_code: one
        for one in roles_standing(session, on=on)
        if one.role.key == CONTACT_ROLE
    }
    reached = _reached(session)
    sites = site_states(session, on=on)
    people = people_in_use(bodies_standing(session, on=on), roles_standing(session, on=on))
    return [
        _standing(
            place,
            states[place.code],
            roles.get(place.code),
            reached.get(place.code),
            [site for site in sites if site.municipality_code == place.code],
            [person for person in people if person.municipality_code == place.code],
            on=on,
        )
        for place in sorted(places, key=lambda place: sort_key(name_of(place, language)))
    ]


def _standing(
    place: Municipality,
    state: State,
    role: RoleStanding | None,
    reach: Reach | None,
    sites: Sequence[SiteView],
    people: Sequence[Person],
    *,
    on: date,
) -> MunicipalityStanding:
    contact, words = _contact(role, on=on)
    total = totals(sites)
    points = [point for person in people for point in person.contact_points]
    ages = [age for point in points if (age := point.age_days(on=on)) is not None]
    return MunicipalityStanding(
        municipality=place,
        state=state,
        contact_state=contact,
        contact_words=words,
        reach=reach,
        places=total.confirmed_places,
        unknown_sites=total.unknown_sites,
        need=None if place.population is None else round(place.population * EVACUATED_SHARE),
        numbers_state=worst([contact_state(point, on=on) for point in points]),
        oldest_days=max(ages) if ages and len(ages) == len(points) else None,
    )


def _contact(role: RoleStanding | None, *, on: date) -> tuple[State, Message]:
    """How the preparedness contact stands: named, with a deputy, with a number that was confirmed."""
    if role is None or role.holder is None:
        return State.FAULT, say("nobody named")
    number = worst([contact_state(point, on=on) for point in role.holder.contact_points])
    if number is State.FAULT:
        return State.FAULT, say("number too old")
    if number is State.UNKNOWN:
        return State.UNKNOWN, say("number never confirmed")
    if not role.deputies:
        return State.WARNING, say("no deputy")
    if number is State.WARNING:
        return State.WARNING, say("number ageing")
    return State.OK, say("named")


def _reached(session: Session) -> dict[str, Reach]:
    """The newest answer for each municipality's management group."""
    stored = records.latest_results(session, scenario=JUDGED_BY)
    found = {}
    for chain in records.all_chains(session):
        code = chain.body.municipality_code
        if chain.id in stored and code and chain.body.kind is BodyKind.MANAGEMENT_GROUP:
            share = records.stored_result(stored[chain.id]).groups[0].quorum
            found[code] = Reach(chain, share, reach_state(share))
    return found
