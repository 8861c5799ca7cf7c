"""Alert chains from a file: read, check every reference, write into the registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from prep.alerting.finding import Finding
from prep.alerting.lint import lint
from prep.alerting.records import load_network
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Body, Chain, ChainItem, ChainList, County, Person, Role, Seat
from prep.terms import Channel, HourClass, If, ListMode, State
from prep.toml_files import Location, TomlFile, read_model


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ItemEntry(_Entry):
    """One line of a caller's list."""

    target: str
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    rounds: Annotated[int, Field(ge=1, le=10)] = 1
    deputies: bool = True
    wait_s: Annotated[int, Field(ge=0, le=24 * 3600)] | None = None
    if_answered: str | None = None
    if_silent: str | None = None
    hours: tuple[HourClass, ...] = ()
    calls_back: bool = False


class ListEntry(_Entry):
    """One caller's list."""

    caller: str
    source: bool = False
    mode: ListMode = ListMode.SERIAL
    handover_s: Annotated[int, Field(ge=0, le=24 * 3600)] | None = None
    follow_up_s: Annotated[int, Field(ge=0, le=24 * 3600)] | None = None
    items: Annotated[tuple[ItemEntry, ...], Field(min_length=1)]


class ChainEntry(_Entry):
    """One chain."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    body: str
    deadline_min: Annotated[int, Field(ge=1, le=24 * 60)]
    one_of: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] = ()
    each_constituency: bool = False
    list: Annotated[tuple[ListEntry, ...], Field(min_length=1)]


class ChainFile(_Entry):
    """A file of chains; the form is explained in docs/chains.md."""

    chain: Annotated[tuple[ChainEntry, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Imported:
    """A chain taken into use, and what is doubtful about it: nobody calls a member, a seat is vacant."""

    chain: Chain
    findings: tuple[Finding, ...]


def import_chains(session: Session, path: Path, *, on: date) -> list[Imported]:
    """Write the chains of a file; a chain of the same key gets the new lists and keeps its stored results.

    Raises
    ------
    Refused
        With every fault of the file, every reference to something that does not exist, and every fault of the
        chains themselves as they stand on the day (a loop, a list without items); nothing is to be kept then.
    """
    file, content = read_model(path, ChainFile)
    known = _Known.of(session, file)
    bodies = [known.body(entry.body, ("chain", at, "body")) for at, entry in enumerate(content.chain)]
    lists = [_lists(entry, known, ("chain", at)) for at, entry in enumerate(content.chain)]
    _refuse_repeated(content, known)
    for at, (entry, body) in enumerate(zip(content.chain, bodies, strict=True)):
        _refuse_unknown_seats(entry, body, known, ("chain", at, "one_of"))
    if known.problems:
        raise Refused(known.problems)
    county = session.scalars(select(County)).one()
    made = [
        _write(session, county, body, entry, entry_lists)
        for body, entry, entry_lists in zip(bodies, content.chain, lists, strict=True)
        if body is not None
    ]
    session.expire_all()
    imported = [Imported(chain, lint(load_network([chain], on=on))) for chain in made]
    faults = [
        finding.problem for one in imported for finding in one.findings if finding.severity is State.FAULT
    ]
    if faults:
        raise Refused(faults)
    return imported


def _lists(entry: ChainEntry, known: "_Known", at: Location) -> list[ChainList]:
    if not any(one.source for one in entry.list):
        known.refuse(
            (*at, "list"),
            None,
            say("No list starts when the alarm comes."),
            say("Write “source = true” in the list of whoever gets the alarm first."),
        )
    return [
        ChainList(
            position=position,
            mode=one.mode,
            is_source=one.source,
            handover_s=one.handover_s,
            follow_up_s=one.follow_up_s,
            **_reference("caller", known.find(one.caller, (*at, "list", position, "caller"))),
            items=[
                ChainItem(
                    position=line,
                    channels=[str(channel) for channel in item.channels],
                    rounds=item.rounds,
                    with_deputies=item.deputies,
                    wait_s=item.wait_s,
                    hours=[str(hour) for hour in item.hours],
                    calls_back=item.calls_back,
                    **_condition(one, line, known, (*at, "list", position, "items", line)),
                    **_reference(
                        "target", known.find(item.target, (*at, "list", position, "items", line, "target"))
                    ),
                )
                for line, item in enumerate(one.items)
            ],
        )
        for position, one in enumerate(entry.list)
    ]


def _condition(one: ListEntry, line: int, known: "_Known", at: Location) -> dict[str, If | int]:
    """What a line depends on: the nearest line before it that is for the target named."""
    item = one.items[line]
    if item.if_answered is not None and item.if_silent is not None:
        known.refuse(
            at,
            item.target,
            say("A line depends on one other line only."),
            say("Keep “if_answered” or “if_silent”, not both."),
        )
    for kind, name in ((If.ANSWERED, item.if_answered), (If.SILENT, item.if_silent)):
        if name is None:
            continue
        earlier = [number for number in range(line) if one.items[number].target == name]
        if not earlier or name == item.target:
            known.refuse(
                (*at, f"if_{kind}"),
                name,
                say("A condition looks back, at another step that stands earlier on the list."),
                say("Put the conditional step after the one that it depends on."),
            )
            return {}
        return {"condition_kind": kind, "condition_position": earlier[-1]}
    return {}


def _refuse_repeated(content: ChainFile, known: "_Known") -> None:
    """What stands in a file twice: of two chains or two lists one would be lost without a word."""
    chains: set[str] = set()
    for number, entry in enumerate(content.chain):
        if entry.key in chains:
            known.refuse(
                ("chain", number, "key"),
                entry.key,
                say("A chain of this key stands in the file already."),
                say("Give each chain a key of its own, or remove one of them."),
            )
        chains.add(entry.key)
        callers: set[tuple[str, bool]] = set()
        for position, one in enumerate(entry.list):
            caller = one.caller, one.follow_up_s is not None
            if caller in callers:
                known.refuse(
                    ("chain", number, "list", position, "caller"),
                    one.caller,
                    say("This caller has a list in the chain already."),
                    say("Join the two lists into one."),
                )
            callers.add(caller)


def _refuse_unknown_seats(entry: ChainEntry, body: Body | None, known: "_Known", at: Location) -> None:
    seats = [seat.key for seat in body.seats] if body is not None else []
    for number, chosen in enumerate(entry.one_of):
        for key in chosen:
            if body is not None and key not in seats:
                known.refuse(
                    (*at, number),
                    key,
                    say("The body has no seat of this key."),
                    say("Use some of these: {known}.", known=seats),
                )


def _reference(prefix: str, found: Person | Role | Seat | None) -> dict[str, int]:
    kind = {Person: "person", Role: "role", Seat: "seat"}
    return {f"{prefix}_{kind[type(found)]}_id": found.id} if found is not None else {}


def _write(session: Session, county: County, body: Body, entry: ChainEntry, lists: list[ChainList]) -> Chain:
    chain = session.scalar(select(Chain).where(Chain.key == entry.key, Chain.county_id == county.id))
    if chain is None:
        chain = Chain(county_id=county.id, key=entry.key)
        session.add(chain)
    chain.name, chain.body_id, chain.deadline_min = entry.name, body.id, entry.deadline_min
    chain.one_of = [list(chosen) for chosen in entry.one_of]
    chain.each_constituency = entry.each_constituency
    if chain.lists:
        chain.lists = []
        # New lists alone would leave the row, and with it the version of the chain, as it was.
        flag_modified(chain, "name")
        # The old positions must be free before the new lists take them.
        session.flush()
    chain.lists = lists
    session.flush()
    return chain


@dataclass(slots=True)
class _Known:
    """All that a chain file can refer to, by the words that it uses."""

    file: TomlFile
    references: Mapping[str, Person | Role | Seat]
    bodies: Mapping[str, Body]
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, session: Session, file: TomlFile) -> "_Known":
        references: dict[str, Person | Role | Seat] = {}
        for person in session.scalars(select(Person).where(Person.key.is_not(None))):
            references[f"desk:{person.key}"] = person
        for role in session.scalars(select(Role)):
            at = f"@{role.municipality_code}" if role.municipality_code else ""
            references[f"role:{role.key}{at}"] = role
        for seat, body_key in session.execute(select(Seat, Body.key).join(Seat.body)):
            references[f"seat:{body_key}/{seat.key}"] = seat
        return cls(file, references, {body.key: body for body in session.scalars(select(Body))})

    def find(self, reference: str, location: Location) -> Person | Role | Seat | None:
        if reference in self.references:
            return self.references[reference]
        self.refuse(
            location,
            reference,
            say("There is nobody of this name: a desk, a role or a seat is meant."),
            self._nearest(reference, self.references),
        )
        return None

    def body(self, key: str, location: Location) -> Body | None:
        if key in self.bodies:
            return self.bodies[key]
        self.refuse(location, key, say("There is no body of this key."), self._nearest(key, self.bodies))
        return None

    def refuse(self, location: Location, value: object, rule: Message, remedy: Message) -> None:
        self.problems.append(self.file.problem(location, value, rule, remedy))

    def _nearest(self, wanted: str, known: Mapping[str, object]) -> Message:
        from rapidfuzz.process import extract

        nearest = [match for match, _, _ in extract(wanted, list(known), limit=3)]
        return say("Perhaps one of these is meant: {nearest}.", nearest=nearest)
