"""Each municipality on one line: its contact, its management group, its places, the age of what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from prep.alerting.answer_records import quorum_of
from prep.alerting.result import Share
from prep.evacuation.records import SiteView, totals
from prep.freshness import state_of
from prep.language import Message, say, sort_key
from prep.models import Chain, Municipality, Person
from prep.readiness.facts import Facts
from prep.readiness.finding import Finding, FindingKind
from prep.readiness.findings import municipal_states
from prep.readiness.judgement import reach_state
from prep.readiness.needs import places_needed
from prep.registry.contacts import PREPAREDNESS_CONTACT, RoleStanding, people_in_use
from prep.registry.names import name_of
from prep.terms import BodyKind, Language, State, worst


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


def municipalities_standing(
    facts: Facts, found: Iterable[Finding], *, language: Language
) -> list[MunicipalityStanding]:
    """Every municipality of the county in alphabetical order.

    ``found`` is the list of what is not in order; the state of a municipality is the worst of what is on it.
    """
    found = list(found)
    states = municipal_states(found, facts.municipalities)
    roles = {one.role.municipality_code: one for one in facts.roles if one.role.key == PREPAREDNESS_CONTACT}
    reached = _reached(facts, found)
    people = people_in_use(facts.bodies, facts.roles)
    return [
        _standing(
            place,
            states[place.code],
            roles.get(place.code),
            reached.get(place.code),
            [site for site in facts.sites if site.municipality_code == place.code],
            [person for person in people if person.municipality_code == place.code],
            on=facts.on,
        )
        for place in sorted(facts.municipalities, key=lambda place: sort_key(name_of(place, language)))
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
        need=places_needed(place),
        numbers_state=worst([state_of(point, on=on) for point in points]),
        oldest_days=max(ages) if ages and len(ages) == len(points) else None,
    )


def _contact(role: RoleStanding | None, *, on: date) -> tuple[State, Message]:
    """How the preparedness contact stands: named, with a deputy, with a number that was confirmed."""
    if role is None or role.holder is None:
        return State.FAULT, say("nobody named")
    number = worst([state_of(point, on=on) for point in role.holder.contact_points])
    if number is State.FAULT:
        return State.FAULT, say("number too old")
    if number is State.UNKNOWN:
        return State.UNKNOWN, say("number never confirmed")
    if not role.deputies:
        return State.WARNING, say("no deputy")
    if number is State.WARNING:
        return State.WARNING, say("number ageing")
    return State.OK, say("named")


def _reached(facts: Facts, found: Iterable[Finding]) -> dict[str, Reach]:
    """The newest answer for each municipality's management group, where there is one that still holds."""
    unknown = {
        one.about for one in found if one.kind is FindingKind.NOT_SIMULATED and one.state is State.UNKNOWN
    }
    reached = {}
    for chain in facts.chains:
        code = chain.body.municipality_code
        is_group = chain.body.kind is BodyKind.MANAGEMENT_GROUP
        if code and is_group and chain.id in facts.answers and ("chain", chain.key) not in unknown:
            share = quorum_of(facts.answers[chain.id])
            reached[code] = Reach(chain, share, reach_state(share))
    return reached
