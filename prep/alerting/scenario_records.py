"""The county's own scenarios between the database and the simulator."""

from collections.abc import Iterable, Mapping
from datetime import date
from math import inf
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.alerting.chain import Network
from prep.alerting.own_scenarios import OwnScenario, unknown_parts
from prep.alerting.records import all_chains, load_network
from prep.alerting.scenarios import Scenario
from prep.alerting.windows import Window
from prep.errors import NotFound, Problem, Refused
from prep.language import say
from prep.models import County, StoredScenario
from prep.terms import HourClass, Language


def stored_scenarios(session: Session) -> list[StoredScenario]:
    """Every scenario of the county, in the order in which they were made."""
    return list(session.scalars(select(StoredScenario).order_by(StoredScenario.id)))


def own_scenarios(session: Session) -> Mapping[str, Scenario]:
    """What the simulator makes of them, by key."""
    return {row.key: own_scenario(row).scenario() for row in stored_scenarios(session)}


def own_scenario(row: StoredScenario) -> OwnScenario:
    """What a row says."""
    return OwnScenario(
        key=row.key,
        name=row.name,
        # In the order of the classes: which one a run draws must not hang on how the row was written.
        hours=tuple((hour, row.hours[hour.value]) for hour in HourClass if hour.value in row.hours),
        at=row.at,
        away_p=row.away_p,
        down=tuple(row.down),
        fails=tuple(row.fails.items()),
        note=row.note,
        windows=tuple((one["part"], _window(one)) for one in row.windows),
    )


def find_scenario(session: Session, key: str) -> StoredScenario:
    """The scenario of a key.

    Raises
    ------
    NotFound
        With the keys that there are.
    """
    rows = stored_scenarios(session)
    for row in rows:
        if row.key == key:
            return row
    raise NotFound(
        Problem(
            place=say("Scenario"),
            value=key[:60],
            rule=say("The county has no scenario of this key."),
            remedy=say("Use one of: {known}.", known=[row.key for row in rows])
            if rows
            else say("Make one first."),
        )
    )


def add_scenario(session: Session, scenario: OwnScenario, *, on: date) -> StoredScenario:
    """Keep a scenario more.

    Raises
    ------
    Refused
        If there is one of the same key, or it names infrastructure that no chain uses.
    """
    if any(row.key == scenario.key for row in stored_scenarios(session)):
        raise Refused(
            Problem(
                place=say("Key of the scenario"),
                value=scenario.key,
                rule=say("There is a scenario of this key already."),
                remedy=say("Choose another key, or change the one that there is."),
            )
        )
    _refuse_unknown(session, scenario, (), on=on)
    row = StoredScenario(county=session.scalars(select(County)).one(), key=scenario.key)
    _write(row, scenario)
    session.add(row)
    session.flush()
    return row


def change_scenario(session: Session, row: StoredScenario, scenario: OwnScenario, *, on: date) -> None:
    """Change what a scenario says; its key stays, so that addresses that carry it go on working.

    Raises
    ------
    Refused
        If it newly names infrastructure that no chain uses.
    """
    _refuse_unknown(session, scenario, own_scenario(row).parts, on=on)
    _write(row, scenario)
    session.flush()


def remove_scenario(session: Session, row: StoredScenario) -> None:
    session.delete(row)
    session.flush()


def whole_network(session: Session, *, on: date, language: Language = Language.FI) -> Network:
    """All chains at once: the infrastructure that a scenario can name stands in it."""
    return load_network(all_chains(session), on=on, language=language)


def part_names(network: Network) -> dict[str, str]:
    """The names of the infrastructure of a network, by key."""
    return {one.key: one.name for one in network.resources}


def _refuse_unknown(session: Session, scenario: OwnScenario, kept: Iterable[str], *, on: date) -> None:
    if not scenario.parts:
        return
    known = part_names(whole_network(session, on=on))
    if strange := unknown_parts(scenario, {*known, *kept}):
        raise Refused(
            Problem(
                place=say("Infrastructure of the scenario"),
                value=", ".join(strange)[:200],
                rule=say("There is no infrastructure of this key or kind."),
                remedy=say("Use one of these: {known}.", known=", ".join(sorted(known))),
            )
        )


def _write(row: StoredScenario, scenario: OwnScenario) -> None:
    row.name, row.note = scenario.name, scenario.note
    row.hours = {hour.value: weight for hour, weight in scenario.hours}
    row.at, row.away_p = scenario.at, scenario.away_p
    row.down, row.fails = list(scenario.down), dict(scenario.fails)
    row.windows = [
        {"part": part, "starts_s": one.starts_s, "ends_s": None if one.ends_s == inf else one.ends_s}
        for part, one in scenario.windows
    ]


def _window(stored: Mapping[str, Any]) -> Window:
    return Window(stored["starts_s"], inf if stored["ends_s"] is None else stored["ends_s"])
