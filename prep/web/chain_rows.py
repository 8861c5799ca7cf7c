"""A chain as its editor shows it: lists and lines by the names of those called, and what is wrong with each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from prep.alerting.chain import Network
from prep.alerting.finding import Finding, Rule
from prep.alerting.labels import HOURS, LIST_MODES
from prep.alerting.records import person_key, seat_key
from prep.auth.roles import Permission
from prep.chains.form import ChainEntry, ItemEntry, ListEntry
from prep.chains.references import References, slot_of
from prep.chains.words import condition_words, duration
from prep.language import Message, in_language, say
from prep.models import Person, Role, Seat
from prep.registry.appointments import Term, office
from prep.web.chain_people import called
from prep.web.language import page_language
from prep.web.posts import appoint_at
from prep.web.sight import may
from prep.web.words import word

# What concerns a whole list and not one of its lines.
_OF_LISTS = frozenset(
    {
        Rule.CYCLE,
        Rule.SELF_CALL,
        Rule.EMPTY_LIST,
        Rule.UNREACHABLE_LIST,
        Rule.NO_CALL_BACK,
        Rule.TOO_MANY_CALLS,
    }
)
_MENDED_BY_APPOINTING = frozenset(
    {Rule.VACANT_SEAT, Rule.EXPIRED_TERM, Rule.NO_DEPUTY, Rule.DEPUTY_IS_HOLDER, Rule.EMPTY_STEP}
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong, and where it is mended if not on this list: the address and its words."""

    finding: Finding
    href: str | None = None
    link: Message | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line: whom it reaches, who that is today, how, and what is wrong with it."""

    number: int
    name: str
    who: Message | str
    channels: str
    rounds: int
    more: tuple[Message, ...]
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRow:
    """A caller's list."""

    number: int
    name: str
    who: Message | str
    facts: tuple[Message, ...]
    lines: tuple[LineRow, ...]
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class ChainRows:
    """The lists of a chain, and what is wrong with it as a whole."""

    lists: tuple[ListRow, ...]
    told: tuple[Told, ...]


def chain_rows(
    entry: ChainEntry, known: References, network: Network, findings: Iterable[Finding], *, on: date
) -> ChainRows:
    """The lists and lines of a chain with every finding once, at the first line or list that it concerns."""
    lists = list(list_rows(entry, known, on=on))
    place = _Places(entry, known, network)
    rest: list[Told] = []
    for finding in findings:
        told = _told(finding, known, network)
        match place.of(finding):
            case None:
                rest.append(told)
            case (number, None):
                lists[number] = replace(lists[number], told=(*lists[number].told, told))
            case (number, int(at)):
                lines = list(lists[number].lines)
                lines[at] = replace(lines[at], told=(*lines[at].told, told))
                lists[number] = replace(lists[number], lines=tuple(lines))
    return ChainRows(tuple(lists), tuple(rest))


def list_rows(entry: ChainEntry, known: References, *, on: date) -> tuple[ListRow, ...]:
    """The lists and lines of a chain, with nobody's findings."""
    return tuple(_list_row(number, one, entry, known, on=on) for number, one in enumerate(entry.list))


def who_today(row: Person | Role | Seat | None, *, on: date) -> Message | str:
    """Who stands behind a post on a day; nothing for a desk, which is itself."""
    match row:
        case Role() | Seat():
            held = office(row.terms, on=on)
            if held.holder is None:
                return say("vacant")
            if held.deputies:
                deputies = [one.name for one in held.deputies]
                return say("{holder}, then {deputies}", holder=held.holder.name, deputies=deputies)
            return held.holder.name
        case None:
            return say("not in the registry any more")
        case _:
            return ""


def line_words(item: ItemEntry, known: References, body: str) -> tuple[Message, ...]:
    """What a line says beyond whom, by which channels and how often."""
    return tuple(_line_words(item, known, body))


def list_words(one: ListEntry) -> tuple[Message, ...]:
    """What a list says beyond its caller and lines."""
    return tuple(_list_words(one))


def channels_of(item: ItemEntry) -> str:
    """The channels of a line in words, in turn."""
    return ", ".join(in_language(word(channel), page_language()) for channel in item.channels)


def _list_row(number: int, one: ListEntry, entry: ChainEntry, known: References, *, on: date) -> ListRow:
    lines = tuple(
        LineRow(
            number=line,
            name=called(known, item.target, entry.body),
            who=who_today(known.rows.get(item.target), on=on),
            channels=channels_of(item),
            rounds=item.rounds,
            more=line_words(item, known, entry.body),
        )
        for line, item in enumerate(one.items, start=1)
    )
    return ListRow(
        number=number + 1,
        name=called(known, one.caller, entry.body),
        who=who_today(known.rows.get(one.caller), on=on),
        facts=list_words(one),
        lines=lines,
    )


def _list_words(one: ListEntry) -> Iterator[Message]:
    yield LIST_MODES[one.mode]
    if one.source:
        yield say("starts at the alarm")
    if one.handover_s is not None:
        yield say("begins {time} after being reached", time=duration(one.handover_s))
    if one.follow_up_s is not None:
        yield say("follows up {time} later, unless somebody has called back", time=duration(one.follow_up_s))


def _line_words(item: ItemEntry, known: References, body: str) -> Iterator[Message]:
    if not item.deputies:
        yield say("without deputies")
    if item.wait_s is not None:
        yield say("waits {time} for an answer", time=duration(item.wait_s))
    if condition := condition_words(item, called(known, item.depends_on or "", body)):
        yield condition
    if item.hours:
        yield say("at: {hours}", hours=[HOURS[hour] for hour in item.hours])
    if item.calls_back:
        yield say("calls back")


class _Places:
    """Which keys of a network stand behind which line and list."""

    def __init__(self, entry: ChainEntry, known: References, network: Network) -> None:
        slots = {reference: slot_of(row) for reference, row in known.rows.items()}
        targets: dict[str, set[str]] = {}
        for _, call in network.calls:
            behind = targets.setdefault(call.slot, set())
            behind |= {key for key in (call.target, call.point) if key is not None}
        names = {actor.key: actor.name for actor in network.actors}
        self.lines: list[tuple[int, int, set[str], str]] = []
        self.callers: dict[str, int] = {}
        for number, one in enumerate(entry.list):
            callers = _people(known.rows.get(one.caller), network)
            for key in callers:
                self.callers.setdefault(key, number)
            caller = next((names[key] for key in callers if key in names), "")
            for line, item in enumerate(one.items):
                slot = slots.get(item.target, "")
                self.lines.append((number, line, {slot, *targets.get(slot, ())}, caller))

    def of(self, finding: Finding) -> tuple[int, int | None] | None:
        """The place that a finding concerns first; None where it concerns the whole."""
        if finding.rule in _OF_LISTS and finding.subject in self.callers:
            return self.callers[finding.subject], None
        place = finding.problem.place
        caller = place.facts.get("caller") if isinstance(place, Message) else None
        found = [one for one in self.lines if finding.subject in one[2]]
        own = [one for one in found if caller is not None and one[3] == caller]
        for number, line, _, _ in (*own, *found):
            return number, line
        return (self.callers[finding.subject], None) if finding.subject in self.callers else None


def _people(row: Person | Role | Seat | None, network: Network) -> list[str]:
    """The keys of those behind a caller, the first first, as far as the network knows them."""
    known = {actor.key for actor in network.actors}
    match row:
        case None:
            return []
        case Person():
            found = [person_key(row)]
        case _:
            terms: Sequence[Term] = row.terms
            found = [person_key(term.person) for term in sorted(terms, key=lambda term: term.rank)]
    return [key for key in found if key in known]


def _told(finding: Finding, known: References, network: Network) -> Told:
    """A finding with the way to where it is mended, for those who may mend it there."""
    kind, _, number = finding.subject.partition("/")
    if kind == "seat" and finding.rule in _MENDED_BY_APPOINTING:
        seats: Mapping[str, Seat] = {
            seat_key(seat): seat for body in known.bodies.values() for seat in body.seats
        }
        seat = seats.get(finding.subject)
        href = appoint_at(seat) if seat is not None else None
        return Told(finding, href, say("Appoint") if href else None)
    if kind == "point":
        owner = next((one.actor for one in network.points if one.key == finding.subject), "")
        number = owner.partition("/")[2]
        if number.isdecimal() and may(Permission.CONTACT_EDIT):
            return Told(finding, url_for("people.one", number=int(number)), say("To the number"))
    return Told(finding)
