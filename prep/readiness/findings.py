"""The list that a planner reads first: what is not in order, worst first, each with where it is mended."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from prep.alerting import records
from prep.alerting.chain import Network
from prep.alerting.explanation import part_name
from prep.alerting.result import Part, PartKind, Share
from prep.alerting.scenarios import parse
from prep.evacuation.records import SiteView, site_states
from prep.evacuation.rules import RuleKey
from prep.language import Message, percent, say
from prep.models import Chain, Municipality, Person
from prep.registry.bodies import BodyStanding, SeatStanding, bodies_standing
from prep.registry.contacts import RoleStanding, contact_state, people_in_use, roles_standing
from prep.registry.freshness import SITE_INTERVAL_DAYS
from prep.registry.names import clause_of, name_of
from prep.terms import ActorKind, BodyKind, Language, SiteUse, State

# The hour by which chains are judged: the worst of the year.
JUDGED_BY = "holiday"
# Below this share a group is rarely reached, below the other it is not surely reached (proposals).
RARELY = 0.5
SURELY = 0.8
# A list of premises is stale as a whole when more of it than this is (a proposal); each row shows its own age.
STALE_SHARE = 0.25


class FindingKind(StrEnum):
    VACANT_SEAT = "vacant_seat"
    VACANT_ROLE = "vacant_role"
    GROUP_NOT_REACHED = "group_not_reached"
    SINGLE_POINT = "single_point"
    COMMON_POINT = "common_point"
    STALE_CONTACT = "stale_contact"
    NO_CONTACT = "no_contact"
    NO_DEPUTY = "no_deputy"
    SITE_RULE = "site_rule"
    SITE_STALE = "site_stale"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not in order. ``about`` is the kind and key of what it is mended on."""

    kind: FindingKind
    state: State
    sentence: Message
    detail: Message | str | None
    municipality: str | None
    about: tuple[str, str]


def findings(session: Session, *, on: date, language: Language) -> list[Finding]:
    """Everything that is not in order on a day, faults first.

    Names inside the sentences are in ``language``; the sentences themselves are put into one when they are shown.
    """
    bodies = bodies_standing(session, on=on)
    roles = roles_standing(session, on=on)
    found = [
        *_vacancies(bodies, on=on, language=language),
        *_roles(roles, language=language),
        *_chains(session, on=on, language=language),
        *_contacts(people_in_use(bodies, roles), on=on),
        *_chairs_without_deputy(bodies, language=language),
        *_sites(session, on=on, language=language),
    ]
    order = list(FindingKind)
    return sorted(found, key=lambda one: (one.state is not State.FAULT, order.index(one.kind)))


def _vacancies(bodies: Iterable[BodyStanding], *, on: date, language: Language) -> Iterator[Finding]:
    for body in bodies:
        for one in body.vacancies:
            yield Finding(
                FindingKind.VACANT_SEAT,
                State.FAULT,
                say(
                    "{body}: the seat “{seat}” is vacant",
                    body=name_of(body.body, language),
                    seat=name_of(one.seat, language),
                ),
                _since(one, on=on, language=language),
                body.body.municipality_code,
                ("body", body.body.key),
            )


def _since(one: SeatStanding, *, on: date, language: Language) -> Message | None:
    clause = clause_of(one.seat, language)
    if one.vacant_since is None:
        return say("never filled · {clause}", clause=clause) if clause else say("never filled")
    days = (on - one.vacant_since).days
    return (
        say("{days} days · {clause}", days=days, clause=clause) if clause else say("{days} days", days=days)
    )


def _roles(roles: Iterable[RoleStanding], *, language: Language) -> Iterator[Finding]:
    for one in roles:
        place = one.role.municipality
        facts = {"role": name_of(one.role, language), "where": name_of(place, language) if place else ""}
        about = ("municipality", place.code) if place else ("bodies", one.role.key)
        clause = clause_of(one.role, language) or None
        if one.holder is None:
            sentence = (
                say("{where}: nobody is named as “{role}”", **facts)
                if place
                else say("Nobody is named as “{role}”", role=facts["role"])
            )
            yield Finding(
                FindingKind.VACANT_ROLE, State.FAULT, sentence, clause, place.code if place else None, about
            )
        elif not one.deputies and one.role.key == "preparedness-contact":
            yield Finding(
                FindingKind.NO_DEPUTY,
                State.WARNING,
                say("{where}: “{role}” has no deputy", **facts),
                clause,
                place.code if place else None,
                about,
            )


def _chairs_without_deputy(bodies: Iterable[BodyStanding], *, language: Language) -> Iterator[Finding]:
    for body in bodies:
        judged = body.body.kind in {BodyKind.MANAGEMENT_GROUP, BodyKind.READINESS_BOARD}
        for one in body.seats:
            wanted = one.seat.is_chair or body.body.kind is BodyKind.READINESS_BOARD
            if judged and wanted and one.holder is not None and not one.deputies:
                yield Finding(
                    FindingKind.NO_DEPUTY,
                    State.WARNING,
                    say(
                        "{body}: “{seat}” has no deputy",
                        body=name_of(body.body, language),
                        seat=name_of(one.seat, language),
                    ),
                    None,
                    body.body.municipality_code,
                    ("body", body.body.key),
                )


def _contacts(people: Iterable[Person], *, on: date) -> Iterator[Finding]:
    for person in people:
        about = (
            ("municipality", person.municipality_code)
            if person.municipality_code
            else ("person", str(person.id))
        )
        if not person.contact_points:
            yield Finding(
                FindingKind.NO_CONTACT,
                State.FAULT,
                say("{name} has no number", name=person.name),
                _where(person),
                person.municipality_code,
                about,
            )
            continue
        states = [contact_state(point, on=on) for point in person.contact_points]
        if all(state is State.OK for state in states):
            continue
        ages = [point.age_days(on=on) for point in person.contact_points]
        known = [age for age in ages if age is not None]
        sentence = (
            say("{name}: nobody has ever confirmed the number", name=person.name)
            if len(known) < len(ages)
            else say(
                "{name}: the number was last confirmed {days} days ago", name=person.name, days=max(known)
            )
        )
        state = State.FAULT if State.FAULT in states else State.WARNING
        yield Finding(
            FindingKind.STALE_CONTACT, state, sentence, _where(person), person.municipality_code, about
        )


def _where(person: Person) -> str | None:
    parts = [part for part in (person.title, person.organisation) if part]
    return ", ".join(parts) or None


def _sites(session: Session, *, on: date, language: Language) -> Iterator[Finding]:
    """Evacuation centres that break a rule, one by one; lists that are stale as a whole, by municipality."""
    views = site_states(session, on=on)
    for view in views:
        if SiteUse.EVACUATION_CENTRE not in view.uses:
            continue
        broken = [
            check
            for check in view.checks
            if check.state is State.FAULT and check.rule is not RuleKey.CONFIRMATION
        ]
        if broken:
            yield Finding(
                FindingKind.SITE_RULE,
                State.WARNING,
                say(
                    "{site}, {where}: {checks}",
                    site=(language is Language.SV and view.name_sv) or view.name,
                    where=_municipality_name(view, language),
                    checks=[check.sentence for check in broken],
                ),
                broken[0].remedy,
                view.municipality_code,
                ("site", str(view.site_id)),
            )
    by_place: dict[str, list[SiteView]] = {}
    for view in views:
        by_place.setdefault(view.municipality_code, []).append(view)
    for code, local in sorted(by_place.items()):
        stale = [one for one in local if one.age_days is None or one.age_days > SITE_INTERVAL_DAYS]
        if len(stale) > STALE_SHARE * len(local):
            yield Finding(
                FindingKind.SITE_STALE,
                State.WARNING,
                say(
                    "{where}: {n} of {all} premises have not been confirmed within a year",
                    where=_municipality_name(local[0], language),
                    n=len(stale),
                    all=len(local),
                ),
                say("confirm them, or withdraw what is no longer there"),
                code,
                ("sites", code),
            )


def _municipality_name(view: SiteView, language: Language) -> str:
    return view.municipality_sv if language is Language.SV else view.municipality_fi


def _chains(session: Session, *, on: date, language: Language) -> Iterator[Finding]:
    stored = records.latest_results(session, scenario=JUDGED_BY)
    chains = [chain for chain in records.all_chains(session) if chain.id in stored]
    networks = {chain.id: records.load_network([chain], on=on, language=language) for chain in chains}
    points = {chain.id: _single_points(stored[chain.id].result) for chain in chains}
    for chain in chains:
        result = records.stored_result(stored[chain.id])
        yield from _reach(chain, result.groups[0].quorum, language=language)
    yield from _personal_points(chains, networks, points, language=language)
    yield from _common_points(chains, networks, points)


def _reach(chain: Chain, share: Share, *, language: Language) -> Iterator[Finding]:
    if share.p >= SURELY:
        return
    body, hour = name_of(chain.body, language), parse(JUDGED_BY).name
    if share.count == 0:
        sentence = say("{body} was reached in none of the runs: {hour}", body=body, hour=hour)
    elif share.p < RARELY:
        sentence = say(
            "{body} is rarely reached: {hour}, {share}", body=body, hour=hour, share=percent(share.p)
        )
    else:
        sentence = say(
            "{body} is not surely reached: {hour}, {share}", body=body, hour=hour, share=percent(share.p)
        )
    yield Finding(
        FindingKind.GROUP_NOT_REACHED,
        State.FAULT if share.p < RARELY else State.WARNING,
        sentence,
        say("quorum within {minutes} min: {share}", minutes=chain.deadline_min, share=share.sentence()),
        chain.body.municipality_code,
        ("chain", chain.key),
    )


def _single_points(stored: dict[str, list[dict[str, str]]]) -> list[Part]:
    """The parts that alone silence the group, as they were when the result was stored."""
    return [
        Part(PartKind(one["kind"]), one["key"])
        for one in stored["single_points"]
        if one["kind"] in {PartKind.ACTOR, PartKind.RESOURCE}
    ]


def _personal_points(
    chains: Iterable[Chain],
    networks: dict[int, Network],
    points: dict[int, list[Part]],
    *,
    language: Language,
) -> Iterator[Finding]:
    for chain in chains:
        network = networks[chain.id]
        for part in points[chain.id]:
            if part.kind is PartKind.ACTOR and network.actor(part.key).kind is ActorKind.PERSON:
                yield Finding(
                    FindingKind.SINGLE_POINT,
                    State.FAULT,
                    say(
                        "{body} hangs on one person: {name}",
                        body=name_of(chain.body, language),
                        name=network.actor(part.key).name,
                    ),
                    say("a single point of failure in the alert chain “{chain}”", chain=chain.name),
                    chain.body.municipality_code,
                    ("chain", chain.key),
                )


def _common_points(
    chains: list[Chain], networks: dict[int, Network], points: dict[int, list[Part]]
) -> Iterator[Finding]:
    """Desks and infrastructure on which several groups hang at once."""
    hanging = Counter(
        part
        for chain in chains
        for part in points[chain.id]
        if part.kind is PartKind.RESOURCE or networks[chain.id].actor(part.key).kind is not ActorKind.PERSON
    )
    for part, number in hanging.most_common():
        if number < 2:
            continue
        network = next(networks[chain.id] for chain in chains if part in points[chain.id])
        yield Finding(
            FindingKind.COMMON_POINT,
            State.WARNING,
            say(
                "{n} groups hang on one thing: {name}",
                n=number,
                name=part_name(part, network.groups[0].key, network),
            ),
            say("a common single point of failure; give the chains a way past it"),
            None,
            ("chains", ""),
        )


def municipal_states(found: Iterable[Finding], municipalities: Iterable[Municipality]) -> dict[str, State]:
    """The worst state of each municipality, by code: what the map shows."""
    states = {one.code: State.OK for one in municipalities}
    for one in found:
        if one.municipality in states and states[one.municipality] is not State.FAULT:
            states[one.municipality] = one.state
    return states
