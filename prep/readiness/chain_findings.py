"""What is not in order with the alert chains: who is not reached, on what all hangs, of whom nobody knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prep.alerting.answer_records import outline, quorum_of, single_points_of
from prep.alerting.chain import Network
from prep.alerting.explanation import part_name
from prep.alerting.records import load_network
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import parse
from prep.language import HELSINKI, Message, percent, say
from prep.models import Chain, SimulationResult
from prep.readiness.facts import Facts
from prep.readiness.finding import Finding, FindingKind
from prep.readiness.judgement import JUDGED_BY, RARELY, SURELY
from prep.registry.names import name_of
from prep.terms import ActorKind, BodyKind, Language, State

# How long an answer is taken as today's (a proposal): numbers age meanwhile.
ANSWER_INTERVAL_DAYS = 90
_TO_BE_REACHED = frozenset({BodyKind.MANAGEMENT_GROUP, BodyKind.READINESS_BOARD})


@dataclass(frozen=True, slots=True)
class _Judged:
    """A chain whose newest answer still holds, and what alone silences its group."""

    chain: Chain
    network: Network
    answer: SimulationResult
    points: tuple[Part, ...]


def chain_findings(facts: Facts, *, language: Language) -> Iterator[Finding]:
    """What the stored answers say, and where they say nothing, or nothing that still holds.

    A chain that has changed since, or whose people have, is told as unknown and not judged by its old answer.
    """
    yield from _without_chain(facts, language=language)
    judged = []
    for chain in facts.chains:
        answer = facts.answers.get(chain.id)
        network = load_network([chain], on=facts.on, language=language)
        if answer is None:
            sentence = say(
                "{body}: whether the alert chain reaches it is not known", body=name_of(chain.body, language)
            )
            yield _not_simulated(chain, State.UNKNOWN, sentence)
        elif answer.result.get("outline") != outline(network):
            sentence = say(
                "{body}: the alert chain, or who is on it, has changed since it was simulated",
                body=name_of(chain.body, language),
            )
            yield _not_simulated(chain, State.UNKNOWN, sentence)
        else:
            judged.append(_Judged(chain, network, answer, single_points_of(answer)))
    for one in judged:
        yield from _reach(one, language=language)
        yield from _age(one, facts, language=language)
    yield from _personal_points(judged, language=language)
    yield from _common_points(judged)


def _without_chain(facts: Facts, *, language: Language) -> Iterator[Finding]:
    reached = {chain.body_id for chain in facts.chains}
    for standing in facts.bodies:
        body = standing.body
        if body.kind in _TO_BE_REACHED and body.id not in reached:
            yield Finding(
                FindingKind.NOT_SIMULATED,
                State.UNKNOWN,
                say("{body} has no alert chain", body=name_of(body, language)),
                say("make one under “Alert chains”"),
                body.municipality_code,
                ("chains", ""),
            )


def _age(one: _Judged, facts: Facts, *, language: Language) -> Iterator[Finding]:
    days = (facts.on - one.answer.at.astimezone(HELSINKI).date()).days
    if days > ANSWER_INTERVAL_DAYS:
        sentence = say(
            "{body}: the alert chain was last simulated {days} days ago",
            body=name_of(one.chain.body, language),
            days=days,
        )
        yield _not_simulated(one.chain, State.WARNING, sentence)


def _not_simulated(chain: Chain, state: State, sentence: Message) -> Finding:
    return Finding(
        FindingKind.NOT_SIMULATED,
        state,
        sentence,
        say("simulate it: “prep alert simulate --group {chain}”", chain=chain.key),
        chain.body.municipality_code,
        ("chain", chain.key),
    )


def _reach(one: _Judged, *, language: Language) -> Iterator[Finding]:
    share = quorum_of(one.answer)
    if share.p >= SURELY:
        return
    body, hour = name_of(one.chain.body, language), parse(JUDGED_BY).name
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
        say("quorum within {minutes} min: {share}", minutes=one.chain.deadline_min, share=share.sentence()),
        one.chain.body.municipality_code,
        ("chain", one.chain.key),
    )


def _personal_points(judged: Iterable[_Judged], *, language: Language) -> Iterator[Finding]:
    for one in judged:
        for part in one.points:
            if part.kind is PartKind.ACTOR and one.network.actor(part.key).kind is ActorKind.PERSON:
                yield Finding(
                    FindingKind.SINGLE_POINT,
                    State.FAULT,
                    say(
                        "{body} hangs on one person: {name}",
                        body=name_of(one.chain.body, language),
                        name=one.network.actor(part.key).name,
                    ),
                    say("a single point of failure in the alert chain “{chain}”", chain=one.chain.name),
                    one.chain.body.municipality_code,
                    ("chain", one.chain.key),
                )


def _common_points(judged: Iterable[_Judged]) -> Iterator[Finding]:
    """Desks and infrastructure on which several groups hang at once."""
    hanging = _by_common_part(judged)
    for part, networks in sorted(hanging.items(), key=lambda one: -len(one[1])):
        if len(networks) < 2:
            continue
        network = networks[0]
        yield Finding(
            FindingKind.COMMON_POINT,
            State.WARNING,
            say(
                "{n} groups hang on one thing: {name}",
                n=len(networks),
                name=part_name(part, network.groups[0].key, network),
            ),
            say("a common single point of failure; give the chains a way past it"),
            None,
            ("chains", ""),
        )


def _by_common_part(judged: Iterable[_Judged]) -> dict[Part, list[Network]]:
    """The networks that hang on each part that is no person."""
    found: dict[Part, list[Network]] = {}
    for one in judged:
        for part in one.points:
            if part.kind is PartKind.RESOURCE or (
                part.kind is PartKind.ACTOR and one.network.actor(part.key).kind is not ActorKind.PERSON
            ):
                found.setdefault(part, []).append(one.network)
    return found
