"""What breaks if a channel or shared infrastructure is out: over all chains, every seat, person and printed card."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.alerting.chain import Item, Network
from prep.alerting.exact import Lost, lost_without
from prep.alerting.explanation import part_words
from prep.alerting.lint import faults
from prep.alerting.records import load_network, person_key, seat_key
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import Scenario
from prep.language import Message, say
from prep.models import Chain, IssuedCard, Municipality, Person
from prep.readiness.impact import Effect, Impact, Touched, worst_first
from prep.registry.names import name_of
from prep.terms import HourClass, Language, State

# What no hour of any kind lets through is lost.
_ANY_HOUR = Scenario(
    "outage",
    say("Something is out of order"),
    hours=tuple((hour, 1 / len(HourClass)) for hour in HourClass),
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A channel or piece of infrastructure that the chains use.

    ``chains`` and ``attempts`` count where it is used; ``silenced`` are the chains whose body nothing can reach
    without it, ``seats`` the seats that nothing can.
    """

    part: Part
    name: Message | str
    chains: int
    attempts: int
    silenced: int
    seats: int
    # Chains that use it and have a fault: what falls silent in them is not known.
    unknown: int

    @property
    def key(self) -> str:
        """A name of it that an address or a command can carry: its kind and its key."""
        return f"{self.part.kind}:{self.part.key}"

    @property
    def state(self) -> State:
        """A body that falls silent is a fault, a seat a warning; what is not known is never in order."""
        if self.silenced:
            return State.FAULT
        if self.unknown:
            return State.UNKNOWN
        return State.WARNING if self.seats else State.OK


@dataclass(frozen=True, slots=True)
class Outage:
    """What breaks without it."""

    shared: Shared
    impact: Impact


@dataclass(frozen=True, slots=True)
class _Read:
    """A chain with its network as it stands on a day, and what feeds each piece of its infrastructure."""

    chain: Chain
    network: Network
    parents: Mapping[str, str | None]
    is_faulty: bool

    def lost(self, parts: Iterable[Part]) -> dict[Part, Lost]:
        """What falls silent without each of the parts; of a chain with a fault nothing is told."""
        if self.is_faulty:
            return dict.fromkeys(parts, Lost(frozenset(), frozenset()))
        return lost_without(self.network, _ANY_HOUR, parts)

    def parts(self) -> set[Part]:
        """The channels and infrastructure that it uses."""
        channels = {Part(PartKind.CHANNEL, item.channel.value) for _, item in self.network.calls}
        return channels | {Part(PartKind.RESOURCE, one.key) for one in self.network.resources}

    def through(self, part: Part) -> list[tuple[Item, bool]]:
        """The attempts that pass a part; False: only what it feeds, which can go on for a while."""
        if part.kind is PartKind.CHANNEL:
            return [(item, True) for _, item in self.network.calls if item.channel.value == part.key]
        fed = {key for key, parent in self.parents.items() if parent == part.key}
        return [
            (item, part.key in item.resources)
            for _, item in self.network.calls
            if part.key in item.resources or fed.intersection(item.resources)
        ]


def everything_shared(chains: Iterable[Chain], *, on: date, language: Language) -> list[Shared]:
    """Every channel and piece of infrastructure that some chain uses, what silences most first.

    Cost: one pass over every chain for each of them: 0.2 s for the 16 chains of the demonstration.
    """
    read = _read(chains, on=on, language=language)
    parts = set().union(*(one.parts() for one in read))
    lost = [one.lost(one.parts()) for one in read]
    found = [_shared(part, list(zip(read, lost, strict=True))) for part in parts]
    return sorted(found, key=lambda one: (-one.silenced, -one.seats, -one.attempts, one.key))


def outage(
    session: Session, chains: Iterable[Chain], key: str, *, on: date, language: Language
) -> Outage | None:
    """What breaks without the channel or infrastructure of a key; None where no chain uses it."""
    kind, _, name = key.partition(":")
    if kind not in {PartKind.CHANNEL, PartKind.RESOURCE}:
        return None
    part, read = Part(PartKind(kind), name), _read(chains, on=on, language=language)
    using = [one for one in read if part in one.parts()]
    if not using:
        return None
    lost = [one.lost([part]) for one in using]
    people = _people_of(session, read, part)
    effects = [
        *(
            effect
            for one, gone in zip(using, lost, strict=True)
            for effect in _chain_effects(one, part, gone[part], language=language)
        ),
        *people,
        *_card_effects(session, {one.municipality for one in people}, language=language),
    ]
    return Outage(_shared(part, list(zip(using, lost, strict=True))), worst_first(effects))


def _read(chains: Iterable[Chain], *, on: date, language: Language) -> list[_Read]:
    networks = [(chain, load_network([chain], on=on, language=language)) for chain in chains]
    return [
        _Read(
            chain,
            network,
            {one.key: one.parent for one in network.resources},
            is_faulty=bool(faults(network)),
        )
        for chain, network in networks
    ]


def _shared(part: Part, read: Sequence[tuple[_Read, Mapping[Part, Lost]]]) -> Shared:
    using = [(one, lost[part]) for one, lost in read if part in lost]
    return Shared(
        part,
        part_words(part, using[0][0].network),
        chains=len(using),
        attempts=sum(len(one.through(part)) for one, _ in using),
        silenced=sum(bool(lost.groups) for _, lost in using),
        seats=sum(len(lost.seats) for _, lost in using),
        unknown=sum(one.is_faulty for one, _ in using),
    )


def _chain_effects(one: _Read, part: Part, lost: Lost, *, language: Language) -> Iterator[Effect]:
    body = one.chain.body
    facts = {"n": len(one.through(part)), "all": sum(1 for _ in one.network.calls)}
    if one.is_faulty:
        detail = say(
            "the chain has a fault: what falls silent is not known; attempts by it: {n} of {all}", **facts
        )
    elif lost.groups:
        detail = say("no way to reach the body without it; attempts by it: {n} of {all}", **facts)
    else:
        detail = say("attempts by it: {n} of {all}", **facts)
    yield Effect(
        Touched.CHAIN,
        one.chain.name,
        detail,
        ("chain", one.chain.key),
        body.municipality_code,
        is_left_empty=bool(lost.groups),
        otherwise=State.UNKNOWN if one.is_faulty else State.OK,
    )
    silent = {seat for _, seat in lost.seats}
    for seat in body.seats:
        if seat_key(seat) in silent:
            yield Effect(
                Touched.SEAT,
                f"{name_of(body, language)}: {name_of(seat, language)}",
                say("nothing else reaches anybody in it"),
                ("body", body.key),
                body.municipality_code,
                is_left_empty=True,
            )


def _people_of(session: Session, read: Iterable[_Read], part: Part) -> list[Effect]:
    """Those who are called by it; left empty is who is called by nothing else."""
    every: Counter[str] = Counter()
    by_it: Counter[str] = Counter()
    surely: Counter[str] = Counter()
    for one in read:
        every.update(item.target for _, item in one.network.calls)
        through = one.through(part)
        by_it.update(item.target for item, _ in through)
        surely.update(item.target for item, is_direct in through if is_direct)
    found = {person_key(one): one for one in session.scalars(select(Person).order_by(Person.id))}
    effects = []
    for key, count in by_it.items():
        person = found[key]
        is_only, otherwise = surely[key] == every[key], State.OK
        if is_only:
            detail = say("called in no other way")
        elif count == every[key]:
            detail = say("called only by it and by what it feeds, which can go on for a while")
            otherwise = State.WARNING
        else:
            detail = say("called in another way, too; attempts by it: {n}", n=count)
        effects.append(
            Effect(
                Touched.PERSON,
                person.name,
                detail,
                ("person", str(person.id)),
                person.municipality_code,
                is_left_empty=is_only,
                otherwise=otherwise,
            )
        )
    return effects


def _card_effects(session: Session, codes: set[str | None], *, language: Language) -> Iterator[Effect]:
    """The printed cards of the places whose people are called by it."""
    places = {one.code: name_of(one, language) for one in session.scalars(select(Municipality))}
    for code in sorted(codes, key=lambda one: one or ""):
        cards = session.scalars(select(IssuedCard).where(IssuedCard.municipality_code == code)).all()
        if cards:
            yield Effect(
                Touched.CARD,
                places.get(code or "", ""),
                say(
                    "printed cards that name people of this place: {n}, copies: {copies}",
                    n=len(cards),
                    copies=sum(card.copies for card in cards),
                ),
                ("cards", code or ""),
                code,
            )
