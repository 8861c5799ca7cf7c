"""Alert chains from and to files: read, check every reference, compare with the registry, write into it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.alerting.finding import Finding
from prep.alerting.lint import lint
from prep.alerting.records import load_network
from prep.chains.form import ChainEntry, ChainFile, breaches, entry_of
from prep.chains.references import References, everybody, nearest, nobody
from prep.chains.writing import loose_chain, write_chain
from prep.errors import Problem, Refused
from prep.language import say
from prep.models import Chain
from prep.terms import State
from prep.toml_files import Location, TomlFile, problems_of, read_json, read_model


@dataclass(frozen=True, slots=True)
class Planned:
    """A chain of a file: what it says, what it would change, and what is doubtful about it.

    ``before`` is what the chain of the same key says now, None if there is none yet; ``known`` is whom both name.
    """

    entry: ChainEntry
    before: ChainEntry | None
    known: References
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A chain taken into use, and what is doubtful about it: nobody calls a member, a seat is vacant."""

    chain: Chain
    findings: tuple[Finding, ...]


def plan_chains(session: Session, path: Path, *, on: date) -> list[Planned]:
    """Look through a file of chains, TOML or JSON, without changing anything.

    Raises
    ------
    Refused
        With every fault of the file, every reference to something that does not exist, and every fault of the
        chains themselves as they stand on the day (a loop, a list without items).
    """
    file, content = _read(path)
    known = everybody(session)
    problems = [*_repeated(content, file)]
    for at, entry in enumerate(content.chain):
        problems += _unsound(entry, known, file, ("chain", at))
    if problems:
        raise Refused(problems)
    standing = {chain.key: chain for chain in session.scalars(select(Chain))}
    planned = [
        Planned(
            entry,
            entry_of(standing[entry.key]) if entry.key in standing else None,
            known,
            lint(load_network([loose_chain(entry, known)], on=on)),
        )
        for entry in content.chain
    ]
    faults = [
        finding.problem for one in planned for finding in one.findings if finding.severity is State.FAULT
    ]
    if faults:
        raise Refused(faults)
    return planned


def import_chains(session: Session, path: Path, *, on: date) -> list[Imported]:
    """Write the chains of a file; a chain of the same key gets the new lists and keeps its stored results.

    Raises
    ------
    Refused
        As `plan_chains`; nothing is to be kept then.
    """
    return [
        Imported(write_chain(session, one.entry, one.known), one.findings)
        for one in plan_chains(session, path, on=on)
    ]


def export_chain(entry: ChainEntry) -> str:
    """A chain as a JSON file that `plan_chains` reads; what is as usual is left out."""
    content = {"chain": [entry.model_dump(mode="json", exclude_defaults=True)]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _read(path: Path) -> tuple[TomlFile, ChainFile]:
    if path.suffix.lower() != ".json":
        return read_model(path, ChainFile)
    file = read_json(path)
    try:
        return file, file.as_model(ChainFile)
    except ValidationError as error:
        raise Refused(problems_of(error, file, ChainFile)) from error


def _unsound(entry: ChainEntry, known: References, file: TomlFile, at: Location) -> Iterator[Problem]:
    """Whomever there is not, what does not fit together, and what keeps the alarm from beginning."""
    body = known.bodies.get(entry.body)
    if body is None:
        rule, remedy = say("There is no body of this key."), nearest(entry.body, known.bodies)
        yield file.problem((*at, "body"), entry.body, rule, remedy)
    if not any(one.source for one in entry.list):
        yield file.problem(
            (*at, "list"),
            None,
            say("No list starts when the alarm comes."),
            say("Write “source = true” in the list of whoever gets the alarm first."),
        )
    for number, one in enumerate(entry.list):
        places = [("caller",), *(("items", line, "target") for line in range(len(one.items)))]
        for place, reference in zip(places, [one.caller, *(item.target for item in one.items)], strict=True):
            if reference not in known.rows:
                yield file.problem((*at, "list", number, *place), reference, *nobody(reference, known.rows))
    for breach in breaches(entry):
        line = () if breach.line_number is None else ("items", breach.line_number)
        field = (breach.field,) if breach.field else ()
        place = (*at, "list", breach.list_number, *line, *field)
        yield file.problem(place, breach.value, breach.rule, breach.remedy)
    seats = [seat.key for seat in body.seats] if body is not None else []
    for number, chosen in enumerate(entry.one_of):
        for key in chosen:
            if body is not None and key not in seats:
                yield file.problem(
                    (*at, "one_of", number),
                    key,
                    say("The body has no seat of this key."),
                    say("Use some of these: {known}.", known=seats),
                )


def _repeated(content: ChainFile, file: TomlFile) -> Iterator[Problem]:
    """Chains that stand in a file twice: one of the two would be lost without a word."""
    keys: set[str] = set()
    for number, entry in enumerate(content.chain):
        if entry.key in keys:
            yield file.problem(
                ("chain", number, "key"),
                entry.key,
                say("A chain of this key stands in the file already."),
                say("Give each chain a key of its own, or remove one of them."),
            )
        keys.add(entry.key)
