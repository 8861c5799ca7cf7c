"""The form of an own scenario: what stands in its fields, and what they say together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from math import inf, isfinite
from urllib.parse import quote

from prep.alerting.chain import Network
from prep.alerting.infrastructure import RESOURCES
from prep.alerting.labels import HOURS
from prep.alerting.moments import comes_twice, is_second, moment_written
from prep.alerting.own_scenarios import MOST_WINDOWS, OwnScenario
from prep.alerting.scenarios import Scenario
from prep.alerting.windows import Window, in_minutes, window_written
from prep.errors import Problem, Refused, no_such_choice
from prep.language import HELSINKI, Message, say
from prep.terms import HourClass, ResourceKind
from prep.web.forms import Form, Gathering

Hours = tuple[tuple[HourClass, float], ...]
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
    "Outage for a part of the time": "infrastructure",
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

    @property
    def spans(self) -> tuple[tuple[str, str], ...]:
        """The fields for the beginning and the end of each outage that lasts for a part of the time."""
        name = quote(self.key, safe="")
        return tuple((f"from-{n}-{name}", f"until-{n}-{name}") for n in range(1, MOST_WINDOWS + 1))

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.down, self.fails, *(name for span in self.spans for name in span))

    def shown_spans(self, form: Form) -> tuple[tuple[str, str], ...]:
        """The fields of the outages that there are, and of one more."""
        used = [at for at, span in enumerate(self.spans) if any(form.value(name) for name in span)]
        return self.spans[: max(used, default=-1) + 2] if used else self.spans[:1]


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
    return (*_FIELDS, *(name for row in rows for name in row.fields))


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
    for key in dict.fromkeys(key for key, _ in scenario.windows):
        row = PartRow(key, "")
        values[row.down] = "1"
        found = [window for part, window in scenario.windows if part == key]
        for (first, last), window in zip(row.spans, found, strict=False):
            values[first] = in_minutes(window.starts_s)
            values[last] = "" if window.ends_s == inf else in_minutes(window.ends_s)
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
        windows=(*((kind.value, window) for kind, window in scenario.kind_windows), *scenario.windows),
    )
    return {**values_of(said), "name": ""}


def scenario_typed(key: str, values: Mapping[str, str], rows: Iterable[PartRow]) -> OwnScenario:
    """What the fields say.

    Raises
    ------
    Refused
        With everything that is wrong in them.
    """
    gathering = Gathering()
    problems, tried = gathering.problems, gathering.tried
    listed = list(rows)
    # An hour that cannot be read is stood in for by any, so that the rest is looked through all the same.
    some_hour: tuple[Hours, datetime | None] = (((HourClass.NIGHT, 1.0),), None)
    no_fails: tuple[tuple[str, float], ...] = ()
    hours, at = tried(lambda: _when(values), some_hour)
    away_p = tried(lambda: _away(values["away"]), None)
    fails = tried(lambda: _fails(values, listed), no_fails)
    timed = [row for row in listed if any(values[name].strip() for span in row.spans for name in span)]
    no_windows: tuple[Window, ...] = ()
    windows = [
        (row.key, window) for row in timed for window in tried(partial(_windows, values, row), no_windows)
    ]
    made = tried(
        lambda: OwnScenario(
            key=key.strip(),
            name=" ".join(values["name"].split()),
            hours=hours,
            at=at,
            away_p=away_p,
            down=tuple(row.key for row in listed if values[row.down] and row not in timed),
            fails=fails,
            note=" ".join(values["note"].split()),
            windows=tuple(windows),
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


def _windows(values: Mapping[str, str], row: PartRow) -> tuple[Window, ...]:
    """The outages of a part; none typed is one for all the time, which is not told here."""
    if not values[row.down]:
        raise Refused(
            Problem(
                place=say("Outage for a part of the time"),
                value=row.name,
                rule=say("It has a beginning or an end, and is not ticked as out of order."),
                remedy=say("Tick it, or empty the two fields."),
            )
        )
    found: list[Window] = []
    problems: list[Problem] = []
    for first, last in row.spans:
        if not (values[first].strip() or values[last].strip()):
            continue
        try:
            found.append(window_written(values[first], values[last]))
        except Refused as error:
            problems += [
                replace(one, value=say("{part} {when}", part=row.name, when=one.value or ""))
                for one in error.problems
            ]
    if problems:
        raise Refused(problems)
    return tuple(found)


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
