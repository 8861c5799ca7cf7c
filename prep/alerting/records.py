"""Alert chains between the database and the engine: who is meant today, by which numbers, over which
networks.

A chain names seats, roles and desks. Here they become persons: the holder on the day, then the deputies.
Keys are made of database identifiers, so that chance is drawn alike however a chain is edited.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from prep import models
from prep.alerting import defaults
from prep.alerting.chain import (
    Actor,
    CallList,
    Condition,
    ContactPoint,
    Group,
    Handset,
    Item,
    Network,
    Resource,
    Seat,
    paused,
)
from prep.alerting.contact_records import at_the_desk_only, days_away, handset_key, points_for
from prep.alerting.duty import DutyCalendar, Shift, Span
from prep.alerting.infrastructure import RESOURCES
from prep.errors import NotFound, Problem
from prep.language import in_language, say
from prep.models import (
    Body,
    Chain,
    ChainItem,
    ChainList,
    Person,
    Role,
    RoleTerm,
    SeatTerm,
)
from prep.terms import ActorKind, Channel, ContactKind, HourClass, Language, ResourceKind

# These stand in one place each; the others are one for the whole county.
_LOCAL = frozenset({ResourceKind.OPERATOR_AREA, ResourceKind.POWER_AREA})


def chains_query() -> Select[Chain]:
    """Chains with all that a simulation of them needs, in a fixed number of queries."""
    ways = (selectinload(Person.contact_points), selectinload(Person.absences))
    shifts = selectinload(Role.duty_shifts).selectinload(models.DutyShift.person).options(*ways)
    holders = (
        selectinload(Role.terms).selectinload(RoleTerm.person).options(*ways),
        selectinload(models.Seat.terms).selectinload(SeatTerm.person).options(*ways),
    )
    lists = selectinload(Chain.lists)
    items = lists.selectinload(ChainList.items)
    return (
        select(Chain)
        .order_by(Chain.id)
        .options(
            selectinload(Chain.body).selectinload(Body.municipality),
            selectinload(Chain.body).selectinload(Body.seats).options(holders[1]),
            lists.selectinload(ChainList.caller_person).options(*ways),
            lists.selectinload(ChainList.caller_role).options(holders[0], shifts),
            lists.selectinload(ChainList.caller_seat).options(holders[1]),
            items.selectinload(ChainItem.target_person).options(*ways),
            items.selectinload(ChainItem.target_role).options(holders[0], shifts),
            items.selectinload(ChainItem.target_seat).options(holders[1]),
        )
    )


def all_chains(session: Session) -> list[Chain]:
    """Every chain of the county, in the order in which they were made."""
    return list(session.scalars(chains_query()))


def find_chain(session: Session, key: str) -> Chain:
    """The chain of that key, or the one that reaches the body of that key.

    Raises
    ------
    NotFound
        With the keys that there are.
    """
    wanted = or_(Chain.key == key, Body.key == key)
    chain = session.scalars(chains_query().join(Chain.body).where(wanted)).first()
    if chain is None:
        known = session.scalars(select(Chain.key).order_by(Chain.key)).all()
        raise NotFound(
            Problem(
                place=say("Alert chain"),
                value=key,
                rule=say("There is no chain of this key."),
                remedy=say("Use one of: {known}.", known=list(known)),
            )
        )
    return chain


def load_network(
    chains: Iterable[Chain],
    *,
    on: date,
    language: Language = Language.FI,
    absences: Mapping[int, tuple[Span, ...]] = MappingProxyType({}),
) -> Network:
    """The network of one chain, or of several that are alerted at once, as it stands on a day.

    A person in several chains runs one list, once: the items of all of them, chain after chain. The
    language is that of the names; it changes no figure. ``absences`` are spans by the number of the person,
    besides those that the registry knows; they and the turns of duty count in scenarios with a moment.
    """
    build = _Building(on, language, absences)
    for chain in chains:
        for call_list in chain.lists:
            build.add_list(call_list)
        build.add_group(chain)
    return build.network()


@dataclass(slots=True)
class _Building:
    """A network that is growing; everything in it once, by key."""

    on: date
    language: Language
    absences: Mapping[int, tuple[Span, ...]]
    resources: dict[str, Resource] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    points: dict[str, ContactPoint] = field(default_factory=dict)
    handsets: dict[str, Handset] = field(default_factory=dict)
    duties: dict[str, DutyCalendar] = field(default_factory=dict)
    lists: dict[tuple[str, bool], CallList] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    sources: dict[str, None] = field(default_factory=dict)

    def network(self) -> Network:
        return Network(
            resources=tuple(self.resources.values()),
            actors=tuple(self.actors.values()),
            points=tuple(self.points.values()),
            handsets=tuple(self.handsets.values()),
            duties=tuple(self.duties.values()),
            lists=tuple(self.lists.values()),
            groups=tuple(self.groups),
            sources=tuple(self.sources),
        )

    def add_group(self, chain: Chain) -> None:
        body = chain.body
        seats = []
        for seat in body.seats:
            people = _in_order(seat.terms, on=self.on)
            for person in people:
                self.actor(person)
            seats.append(
                Seat(
                    seat_key(seat),
                    getattr(seat, f"name_{self.language}"),
                    tuple(person_key(one) for one in people),
                    tuple(_expired(seat.terms, on=self.on)),
                )
            )
        self.groups.append(
            Group(
                key=body.key,
                name=getattr(body, f"name_{self.language}"),
                seats=tuple(seats),
                quorum=body.quorum or max(len(seats), 1),
                deadline_s=chain.deadline_min * 60.0,
                required=frozenset(seat_key(seat) for seat in body.seats if seat.is_required),
                one_of=tuple(_one_of(chain)),
            )
        )

    def add_list(self, call_list: ChainList) -> None:
        callers = self.named(call_list.caller_person, call_list.caller_role, call_list.caller_seat)
        for caller in callers:
            key = self.actor(caller)
            if call_list.is_source and caller is callers[0]:
                self.sources[key] = None
            if call_list.handover_s is not None:
                self.actors[key] = replace(self.actors[key], start_delay_s=float(call_list.handover_s))
            items = tuple(self.items(caller, call_list.items))
            place = key, call_list.follow_up_s is not None
            before = self.lists.get(place)
            self.lists[place] = CallList(
                key,
                before.mode if before else call_list.mode,
                (*(before.items if before else ()), *items),
                None if call_list.follow_up_s is None else float(call_list.follow_up_s),
            )

    def items(self, caller: Person, lines: Iterable[ChainItem]) -> Iterator[Item]:
        """Round by round: every line of the list once, then those that are tried again."""
        lines = list(lines)
        slots = {line.position: slot_key(line) for line in lines}
        attempts: dict[tuple[int, str], int] = {}
        for turn in range(max((line.rounds for line in lines), default=0)):
            for line in lines:
                if turn >= line.rounds:
                    continue
                found = [_as_told(line, item, slots) for item in self.attempts_of(caller, line, attempts)]
                if turn == 0 and not found and not line.calls_back and not self.is_alone(caller, line):
                    found = [paused(person_key(caller), slot_key(line), wait_s=float(line.wait_s or 0))]
                yield from found

    def is_alone(self, caller: Person, line: ChainItem) -> bool:
        """Whether the only one behind a line is the caller, who needs no call."""
        return self.named(line.target_person, line.target_role, line.target_seat)[:1] == [caller]

    def named(self, person: Person | None, role: Role | None, seat: models.Seat | None) -> list[Person]:
        """Who is meant: the desk itself; everybody who has turns of duty; or the holder and the deputies."""
        if role is not None and role.duty_shifts:
            self.duty(role)
            return list({one.person.id: one.person for one in role.duty_shifts if one.person}.values())
        return _named(person, role, seat, on=self.on)

    def duty(self, role: Role) -> str:
        key = f"duty/{role.id}"
        if key not in self.duties:
            shifts = tuple(
                Shift(
                    Span(one.starts_at, one.ends_at),
                    person_key(one.person) if one.person else None,
                    one.is_override,
                )
                for one in role.duty_shifts
            )
            for one in role.duty_shifts:
                if one.person is not None:
                    self.actor(one.person)
            self.duties[key] = DutyCalendar(key, getattr(role, f"name_{self.language}"), shifts)
        return key

    def attempts_of(
        self, caller: Person, line: ChainItem, attempts: dict[tuple[int, str], int]
    ) -> Iterator[Item]:
        people = self.named(line.target_person, line.target_role, line.target_seat)
        duty = self.duty(line.target_role) if line.target_role and line.target_role.duty_shifts else None
        slot = slot_key(line)
        for target in people if line.with_deputies or duty else people[:1]:
            if target is caller:
                continue
            key = self.actor(target)
            for channel in map(Channel, line.channels):
                for point in points_for(target, channel):
                    count = attempts[target.id, point] = attempts.get((target.id, point), 0) + 1
                    item = self.item(caller, target, key, slot, channel, point, count)
                    yield replace(item, duty=duty)

    def item(
        self,
        caller: Person,
        target: Person,
        key: str,
        slot: str,
        channel: Channel,
        point_key: str,
        count: int,
    ) -> Item:
        point = next((one for one in target.contact_points if point_key.endswith(f"/{one.id}")), None)
        kinds = list(defaults.needs(channel, point.kind if point else None))
        if target.kind is ActorKind.SYSTEM:
            # A system is set off at the caller's own desk.
            kinds = []
        kinds = list(dict.fromkeys(kind for kind in (caller.depends_on, *kinds, target.depends_on) if kind))
        made = defaults.item(
            channel,
            key,
            slot,
            kind=target.kind,
            attempt=count,
            resources=tuple(self.resource(kind, target, point) for kind in kinds),
            point=self.point(target, point) if point else None,
            on_handset=point is not None and handset_key(target, point) is not None,
        )
        if point and point.kind is ContactKind.LANDLINE and target.kind is ActorKind.PERSON:
            return replace(made, works=at_the_desk_only(made.works))
        return made

    def actor(self, person: Person) -> str:
        key = person_key(person)
        if key not in self.actors:
            actor = defaults.actor(key, person.name, person.kind)
            away = (*map(days_away, person.absences), *self.absences.get(person.id, ()))
            self.actors[key] = replace(actor, absences=away)
        return key

    def point(self, person: Person, point: models.ContactPoint) -> str:
        key = f"point/{point.id}"
        if key not in self.points:
            age = point.age_days(on=self.on)
            handset = handset_key(person, point)
            if handset is not None and handset not in self.handsets:
                self.handsets[handset] = defaults.handset(handset, person_key(person))
            self.points[key] = defaults.point(
                key, person_key(person), age_days=age, evidence=point.evidence, handset=handset
            )
        return key

    def resource(self, kind: ResourceKind, target: Person, point: models.ContactPoint | None) -> str:
        """The key of a piece of infrastructure, made when it is first needed."""
        where: list[str] = []
        key = str(kind)
        if kind in _LOCAL:
            key += f"/{target.municipality_code or 'county'}"
            where += [target.municipality.name_fi] if target.municipality else []
        if kind is ResourceKind.OPERATOR_AREA:
            operator = (point.operator if point else None) or ""
            key += f"/{operator or defaults.UNKNOWN_OPERATOR}"
            where += [operator] if operator else []
        if key not in self.resources:
            # Base stations live on batteries when the power of their area is cut.
            fed = kind is ResourceKind.OPERATOR_AREA
            parent = self.resource(ResourceKind.POWER_AREA, target, point) if fed else None
            name = ", ".join([in_language(RESOURCES[kind], self.language), *where])
            self.resources[key] = defaults.resource(key, kind, name, parent)
        return key


def person_key(person: Person) -> str:
    return f"person/{person.id}"


def seat_key(seat: models.Seat) -> str:
    return f"seat/{seat.id}"


def slot_key(line: ChainItem) -> str:
    if line.target_seat is not None:
        return seat_key(line.target_seat)
    if line.target_role is not None:
        return f"role/{line.target_role.id}"
    return f"person/{line.target_person_id}"


def _named(person: Person | None, role: Role | None, seat: models.Seat | None, *, on: date) -> list[Person]:
    """Who is meant on a day: the desk itself, or the holder and the deputies in order."""
    if person is not None:
        return [person]
    held = role or seat
    return _in_order(held.terms, on=on) if held else []


def _in_order(terms: Iterable[RoleTerm] | Iterable[SeatTerm], *, on: date) -> list[Person]:
    current = sorted((term for term in terms if term.covers(on)), key=lambda term: term.rank)
    return list({term.person.id: term.person for term in current}.values())


def _expired(terms: Iterable[SeatTerm], *, on: date) -> Iterator[str]:
    """Whose term as the holder ended last while nobody came after them."""
    held = [term for term in terms if term.rank == 0]
    ended = [term for term in held if term.ends is not None and term.ends < on]
    if ended and not any(term.covers(on) for term in held):
        yield max(ended, key=lambda term: term.ends or on).person.name


def _one_of(chain: Chain) -> Iterator[frozenset[str]]:
    """The sets of seats of each of which one must be reached; seats that are no longer there do not count."""
    keys = {seat.key: seat_key(seat) for seat in chain.body.seats}
    for names in chain.one_of:
        if chosen := frozenset(keys[name] for name in names if name in keys):
            yield chosen
    if chain.each_constituency:
        constituencies: dict[int, list[str]] = {}
        for seat in chain.body.seats:
            if seat.constituency_id is not None:
                constituencies.setdefault(seat.constituency_id, []).append(seat_key(seat))
        yield from map(frozenset, constituencies.values())


def _as_told(line: ChainItem, item: Item, slots: Mapping[int, str]) -> Item:
    """An attempt with what its line says beyond the defaults."""
    condition = None
    if line.condition_kind is not None and line.condition_position is not None:
        condition = Condition(line.condition_kind, slots[line.condition_position])
    return replace(
        item,
        gap_s=item.gap_s if line.wait_s is None else float(line.wait_s),
        condition=condition,
        hours=frozenset(map(HourClass, line.hours)),
        calls_back=line.calls_back,
    )
