"""The list that a planner reads first: what is not in order, worst first, each with where it is mended."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from prep.evacuation.records import SiteView
from prep.evacuation.rules import RuleKey
from prep.freshness import state_of
from prep.language import say
from prep.models import Municipality, Person
from prep.readiness.chain_findings import chain_findings
from prep.readiness.facts import Facts
from prep.readiness.finding import Finding, FindingKind
from prep.registry.body_check import BodyRule
from prep.registry.body_checks import body_checks, ended_agreements
from prep.registry.contacts import PREPAREDNESS_CONTACT, RoleStanding, people_in_use
from prep.registry.meeting_checks import meeting_checks
from prep.registry.names import clause_of, name_of, name_of_site
from prep.terms import Language, SiteUse, State, worst

# A list of premises is stale as a whole when more of it than this is (a proposal); each row shows its own age.
STALE_SHARE = 0.25
_KIND_OF = dict.fromkeys(BodyRule, FindingKind.BODY_RULE) | {
    BodyRule.VACANT: FindingKind.VACANT_SEAT,
    BodyRule.EXPIRED: FindingKind.VACANT_SEAT,
    BodyRule.NO_DEPUTY: FindingKind.NO_DEPUTY,
}


def findings(facts: Facts, *, language: Language) -> list[Finding]:
    """Everything that is not in order on a day, faults first.

    Names inside the sentences are in ``language``; the sentences themselves are put into one when they are shown.
    """
    found = [
        *_bodies(facts, language=language),
        *_roles(facts.roles, language=language),
        *chain_findings(facts, language=language),
        *_contacts(people_in_use(facts.bodies, facts.roles), on=facts.on),
        *_broken_rules(facts.sites, language=language),
        *_stale_lists(facts.sites, language=language),
    ]
    order = list(FindingKind)
    return sorted(found, key=lambda one: (one.state is not State.FAULT, order.index(one.kind)))


def municipal_states(found: Iterable[Finding], municipalities: Iterable[Municipality]) -> dict[str, State]:
    """The worst state of each municipality, by code: what the map shows."""
    states = {one.code: State.OK for one in municipalities}
    for one in found:
        if one.municipality in states:
            states[one.municipality] = worst([states[one.municipality], one.state])
    return states


def _bodies(facts: Facts, *, language: Language) -> Iterator[Finding]:
    """What is wrong with bodies and seats; what is only not known stands on their own pages."""
    for body in facts.bodies:
        meetings = facts.meetings.get(body.body.id, [])
        for one in [
            *body_checks(body, facts.roles, on=facts.on, language=language),
            *meeting_checks(body, meetings, on=facts.on, language=language),
        ]:
            if one.state in {State.FAULT, State.WARNING}:
                yield Finding(
                    _KIND_OF[one.rule],
                    one.state,
                    one.sentence,
                    say("{remedy} · {clause}", remedy=one.remedy, clause=one.clause)
                    if one.clause
                    else one.remedy,
                    body.body.municipality_code,
                    ("body", body.body.key),
                )
    for name, last_day, count in ended_agreements(facts.pack, facts.bodies, on=facts.on, language=language):
        yield Finding(
            FindingKind.AGREEMENT_ENDED,
            State.WARNING,
            say("{agreement} ended on {day}", agreement=name, day=last_day),
            say("{n} bodies rest on it; renew it, or note the new one", n=count),
            None,
            ("bodies", ""),
        )


def _roles(roles: Iterable[RoleStanding], *, language: Language) -> Iterator[Finding]:
    for one in roles:
        place = one.role.municipality
        facts = {"role": name_of(one.role, language), "where": name_of(place, language) if place else ""}
        about = ("municipality", place.code) if place else ("roles", one.role.key)
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
        elif not one.deputies and one.role.key == PREPAREDNESS_CONTACT:
            yield Finding(
                FindingKind.NO_DEPUTY,
                State.WARNING,
                say("{where}: “{role}” has no deputy", **facts),
                clause,
                place.code if place else None,
                about,
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
        states = [state_of(point, on=on) for point in person.contact_points]
        if all(state is State.OK for state in states):
            continue
        ages = [point.age_days(on=on) for point in person.contact_points]
        known = [age for age in ages if age is not None]
        if any(point.objection for point in person.contact_points):
            sentence = say("{name}: the number is said to be wrong", name=person.name)
        elif len(known) < len(ages):
            sentence = say("{name}: nobody has ever confirmed the number", name=person.name)
        else:
            sentence = say(
                "{name}: the number was last confirmed {days} days ago", name=person.name, days=max(known)
            )
        state = State.FAULT if State.FAULT in states else State.WARNING
        yield Finding(
            FindingKind.STALE_CONTACT, state, sentence, _where(person), person.municipality_code, about
        )


def _where(person: Person) -> str | None:
    parts = [part for part in (person.title, person.organisation) if part]
    return ", ".join(parts) or None


def _broken_rules(sites: Iterable[SiteView], *, language: Language) -> Iterator[Finding]:
    """Evacuation centres that break a rule, one by one."""
    for site in sites:
        if SiteUse.EVACUATION_CENTRE not in site.uses:
            continue
        broken = [
            check
            for check in site.checks
            if check.state is State.FAULT and check.rule is not RuleKey.CONFIRMATION
        ]
        if broken:
            yield Finding(
                FindingKind.SITE_RULE,
                State.WARNING,
                say(
                    "{site}, {where}: {checks}",
                    site=name_of_site(site, language),
                    where=_municipality_name(site, language),
                    checks=[check.sentence for check in broken],
                ),
                broken[0].remedy,
                site.municipality_code,
                ("site", str(site.site_id)),
            )


def _stale_lists(sites: Sequence[SiteView], *, language: Language) -> Iterator[Finding]:
    """Lists that are stale as a whole, by municipality."""
    by_place: dict[str, list[SiteView]] = {}
    for site in sites:
        by_place.setdefault(site.municipality_code, []).append(site)
    for code, local in sorted(by_place.items()):
        stale = [site for site in local if not _is_confirmed(site)]
        if len(stale) > STALE_SHARE * len(local):
            yield Finding(
                FindingKind.SITE_STALE,
                State.WARNING,
                say(
                    "{where}: {n} of {all} premises have not been confirmed in time",
                    where=_municipality_name(local[0], language),
                    n=len(stale),
                    all=len(local),
                ),
                say("confirm them, or withdraw what is no longer there"),
                code,
                ("sites", code),
            )


def _is_confirmed(site: SiteView) -> bool:
    return any(check.rule is RuleKey.CONFIRMATION and check.state is State.OK for check in site.checks)


def _municipality_name(view: SiteView, language: Language) -> str:
    return view.municipality_sv if language is Language.SV else view.municipality_fi
