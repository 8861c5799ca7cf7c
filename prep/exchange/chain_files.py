"""Alert chains from a file: read, check every reference, write into the registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.alerting.lint import faults
from prep.alerting.records import load_network
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Body, Chain, ChainItem, ChainList, County, Person, Role, Seat
from prep.terms import Channel, ListMode
from prep.toml_files import Location, TomlFile, read_model


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ItemEntry(_Entry):
    """One line of a caller's list."""

    target: str
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    rounds: Annotated[int, Field(ge=1, le=10)] = 1
    deputies: bool = True


class ListEntry(_Entry):
    """One caller's list."""

    caller: str
    source: bool = False
    mode: ListMode = ListMode.SERIAL
    items: Annotated[tuple[ItemEntry, ...], Field(min_length=1)]


class ChainEntry(_Entry):
    """One chain."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    body: str
    deadline_min: Annotated[int, Field(ge=1, le=24 * 60)]
    list: Annotated[tuple[ListEntry, ...], Field(min_length=1)]


class ChainFile(_Entry):
    """A file of chains; the form is explained in docs/chains.md."""

    chain: Annotated[tuple[ChainEntry, ...], Field(min_length=1)]


def import_chains(session: Session, path: Path, *, on: date) -> list[Chain]:
    """Write the chains of a file; a chain of the same key is replaced.

    Raises
    ------
    Refused
        With every fault of the file, every reference to something that does not exist, and every fault of the
        chains themselves as they stand on the day (a loop, a list without items); nothing is to be kept then.
    """
    file, content = read_model(path, ChainFile)
    known = _Known.of(session, file)
    county = session.scalars(select(County)).one()
    made = []
    for number, entry in enumerate(content.chain):
        body = known.body(entry.body, ("chain", number, "body"))
        if body is not None:
            made.append(_chain(county, body, entry, known, number))
    if known.problems:
        raise Refused(known.problems)
    for chain in made:
        _replace(session, chain)
    session.flush()
    session.expire_all()
    found = [problem for chain in made for problem in faults(load_network([chain], on=on))]
    if found:
        raise Refused(found)
    return made


def _chain(county: County, body: Body, entry: ChainEntry, known: "_Known", number: int) -> Chain:
    lists = []
    for position, one in enumerate(entry.list):
        at: Location = ("chain", number, "list", position)
        lists.append(
            ChainList(
                position=position,
                mode=one.mode,
                is_source=one.source,
                **_reference("caller", known.find(one.caller, (*at, "caller"))),
                items=[
                    ChainItem(
                        position=line,
                        channels=[str(channel) for channel in item.channels],
                        rounds=item.rounds,
                        with_deputies=item.deputies,
                        **_reference("target", known.find(item.target, (*at, "items", line, "target"))),
                    )
                    for line, item in enumerate(one.items)
                ],
            )
        )
    if not any(one.source for one in entry.list):
        known.refuse(
            ("chain", number, "list"),
            None,
            say("No list starts when the alarm comes."),
            say("Write “source = true” in the list of whoever gets the alarm first."),
        )
    return Chain(
        county_id=county.id,
        key=entry.key,
        name=entry.name,
        body_id=body.id,
        deadline_min=entry.deadline_min,
        lists=lists,
    )


def _reference(prefix: str, found: Person | Role | Seat | None) -> dict[str, int]:
    kind = {Person: "person", Role: "role", Seat: "seat"}
    return {f"{prefix}_{kind[type(found)]}_id": found.id} if found is not None else {}


def _replace(session: Session, chain: Chain) -> None:
    old = session.scalar(select(Chain).where(Chain.key == chain.key, Chain.county_id == chain.county_id))
    if old is not None:
        session.delete(old)
        session.flush()
    session.add(chain)


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
