"""The form of an own scenario: what stands in its fields, and what they say together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import TypeVar
from urllib.parse import quote

from prep.alerting.chain import Network
from prep.alerting.infrastructure import RESOURCES
from prep.alerting.labels import HOURS
from prep.alerting.moments import comes_twice, is_second, moment_written
from prep.alerting.own_scenarios import OwnScenario
from prep.alerting.scenarios import Scenario
from prep.errors import Problem, Refused, no_such_choice
from prep.language import HELSINKI, Message, say
from prep.terms import HourClass, ResourceKind

Hours = tuple[tuple[HourClass, float], ...]
_Read = TypeVar("_Read")
MIX, MOMENT = "mix", "moment"
FIRST, SECOND = "first", "second"
WHEN = (
    ("", say("It says nothing about the hour")),
    *((hour.value, HOURS[hour]) for hour in HourClass),
    (MIX, say("drawn by shares of the hours")),
    (MOMENT, say("a certain moment")),
)
WHICH = (
    ("", say("it does not")),
    (FIRST, say("the first one, by summer time")),
    (SECOND, say("the second one, by winter time")),
)
PLACES = {
    "Name of the scenario": "name",
    "Key of the scenario": "key",
    "Hour of the scenario": "when",
    "Moment of the alarm": "moment",
    "Share of people away": "away",
    "Infrastructure of the scenario": "infrastructure",
    "Note on the scenario": "note",
}
_FIELDS = ("name", "when", "moment", "which", "away", "note", *(f"share-{hour}" for hour in HourClass))


@dataclass(frozen=True, slots=True)
class PartRow:
    """A kind of infrastructure, or a single part, as a row of the form. One that no chain uses is told apart."""

    key: str
    name: Message | str
    is_gone: bool = False

    @property
    def down(self) -> str:
        return f"down-{quote(self.key, safe='')}"

    @property
    def fails(self) -> str:
        return f"fails-{quote(self.key, safe='')}"


def part_rows(network: Network, named: Iterable[str] = ()) -> tuple[list[PartRow], list[PartRow]]:
    """The rows for whole kinds, and those for the single parts of a network; parts once ``named`` stay there."""
    kinds = [PartRow(kind.value, RESOURCES[kind]) for kind in ResourceKind]
    whole = {one.key for one in kinds}
    single = {one.key: one.name for one in network.resources if one.key not in whole}
    gone = [key for key in named if key not in single and key not in whole]
    rows = [PartRow(key, name) for key, name in sorted(single.items(), key=lambda one: one[1])]
    return kinds, [*rows, *(PartRow(key, key, is_gone=True) for key in gone)]


def fields(rows: Iterable[PartRow]) -> tuple[str, ...]:
    """The names of all fields."""
    return (*_FIELDS, *(name for row in rows for name in (row.down, row.fails)))


def values_of(scenario: OwnScenario) -> dict[str, str]:
    """What stands in the fields for a scenario."""
    when = MIX if scenario.hours else ""
    if len(scenario.hours) == 1:
        when = scenario.hours[0][0].value
    values = {
        "name": scenario.name,
        "when": MOMENT if scenario.at is not None else when,
        "moment": "",
        "which": "",
        "away": "" if scenario.away_p is None else _written(scenario.away_p),
        "note": scenario.note,
    }
    if scenario.at is not None:
        values["moment"] = f"{scenario.at.astimezone(HELSINKI):%Y-%m-%dT%H:%M}"
        if comes_twice(scenario.at):
            values["which"] = SECOND if is_second(scenario.at) else FIRST
    weights = dict(scenario.hours) if when == MIX else {}
    values |= {f"share-{hour}": _written(weights[hour]) if hour in weights else "" for hour in HourClass}
    values |= {PartRow(key, "").down: "1" for key in scenario.down}
    values |= {PartRow(key, "").fails: _written(p) for key, p in scenario.fails}
    return values


def with_all(values: Mapping[str, str], rows: Iterable[PartRow]) -> dict[str, str]:
    """The same with every field of the form in it, so that two versions can be compared."""
    return {name: values.get(name, "") for name in fields(rows)}


def values_from(scenario: Scenario) -> dict[str, str]:
    """What stands in the fields when a scenario that was only asked about is to be kept."""
    down = (*sorted(kind.value for kind in scenario.down_kinds), *sorted(scenario.down))
    fails = (*((kind.value, p) for kind, p in scenario.kind_failure_p), *scenario.failure_p)
    said = OwnScenario(
        "x",
        "x",
        hours=() if scenario.at else scenario.hours,
        at=scenario.at,
        away_p=None if scenario.at or not scenario.away_p else scenario.away_p,
        down=down,
        # What is down for certain in one of two scenarios is down in both together.
        fails=tuple((key, p) for key, p in fails if key not in down),
    )
    return {**values_of(said), "name": ""}


def scenario_typed(key: str, values: Mapping[str, str], rows: Iterable[PartRow]) -> OwnScenario:
    """What the fields say.

    Raises
    ------
    Refused
        With everything that is wrong in them.
    """
    problems: list[Problem] = []

    def tried(read: Callable[[], _Read], otherwise: _Read) -> _Read:
        try:
            return read()
        except Refused as error:
            problems.extend(error.problems)
            return otherwise

    listed = list(rows)
    # An hour that cannot be read is stood in for by any, so that the rest is looked through all the same.
    some_hour: tuple[Hours, datetime | None] = (((HourClass.NIGHT, 1.0),), None)
    no_fails: tuple[tuple[str, float], ...] = ()
    hours, at = tried(lambda: _when(values), some_hour)
    away_p = tried(lambda: _away(values["away"]), None)
    fails = tried(lambda: _fails(values, listed), no_fails)
    made = tried(
        lambda: OwnScenario(
            key=key.strip(),
            name=" ".join(values["name"].split()),
            hours=hours,
            at=at,
            away_p=away_p,
            down=tuple(row.key for row in listed if values[row.down]),
            fails=fails,
            note=" ".join(values["note"].split()),
        ),
        None,
    )
    if problems or made is None:
        raise Refused(problems)
    return made


def _when(values: Mapping[str, str]) -> tuple[Hours, datetime | None]:
    when = values["when"]
    if when == MOMENT:
        second = {FIRST: False, SECOND: True}.get(values["which"])
        return (), moment_written(values["moment"], place=say("Moment of the alarm"), second=second)
    if when == MIX:
        return _shares_of_hours(values), None
    if when in set(HourClass):
        return ((HourClass(when), 1.0),), None
    if when:
        raise Refused(no_such_choice(say("Hour of the scenario"), when))
    return (), None


def _shares_of_hours(values: Mapping[str, str]) -> Hours:
    place = say("Hour of the scenario")
    given = [(hour, values[f"share-{hour}"]) for hour in HourClass if values[f"share-{hour}"].strip()]
    if not given:
        raise Refused(
            Problem(
                place=place,
                value=None,
                rule=say("The shares of the hours are not negative and come to 100 % together."),
                remedy=say("Write a share for each hour that can be."),
            )
        )
    return tuple((hour, _share(place, HOURS[hour], text)) for hour, text in given)


def _away(text: str) -> float | None:
    return _share(say("Share of people away"), "", text) if text.strip() else None


def _fails(values: Mapping[str, str], rows: Iterable[PartRow]) -> tuple[tuple[str, float], ...]:
    place = say("Infrastructure of the scenario")
    return tuple(
        (row.key, _share(place, row.name, values[row.fails])) for row in rows if values[row.fails].strip()
    )


def _share(place: Message, name: Message | str, text: str) -> float:
    """The share of a text in per cent; Refused if it is none."""
    try:
        share = float(text.replace("%", "").replace("\xa0", "").replace(",", ".").strip()) / 100
        if not isfinite(share):
            raise ValueError(text)
        return share
    except ValueError as error:
        raise Refused(
            Problem(
                place=place,
                value=say("{hour} {share}", hour=name, share=text[:20]) if name else text[:20],
                rule=say("A share is a number from 0 to 100, in per cent."),
                remedy=say("Write it as 15 or 2,5."),
            )
        ) from error


def _written(share: float) -> str:
    return f"{round(share * 100, 4):g}".replace(".", ",")
