"""The county's own scenarios from and to a file, so that counties can give them to each other."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from math import inf
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from prep.alerting.moments import moment_written
from prep.alerting.own_scenarios import OwnScenario
from prep.alerting.scenario_records import add_scenario, change_scenario, stored_scenarios
from prep.alerting.windows import HORIZON_S, Window
from prep.errors import Problem, Refused
from prep.language import HELSINKI, say
from prep.models import StoredScenario
from prep.terms import HourClass
from prep.toml_files import TomlFile, read_model

_Share = Annotated[float, Field(ge=0, le=1)]
_Minutes = Annotated[float, Field(ge=0, le=HORIZON_S / 60)]


class OutageEntry(BaseModel):
    """An outage for a part of the time, in minutes since the alarm; without an end it lasts."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    part: str
    from_min: _Minutes = 0
    until_min: _Minutes | None = None


class ScenarioEntry(BaseModel):
    """One scenario."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    key: str
    name: str
    hour: HourClass | None = None
    hours: dict[HourClass, _Share] = Field(default_factory=dict)
    at: str | None = None
    away: _Share | None = None
    down: tuple[str, ...] = ()
    outages: tuple[OutageEntry, ...] = ()
    fails: dict[str, _Share] = Field(default_factory=dict)
    note: str = ""


class ScenarioFile(BaseModel):
    """A file of scenarios; the form is explained in docs/chains.md."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    scenario: Annotated[tuple[ScenarioEntry, ...], Field(min_length=1)]


def import_scenarios(session: Session, path: Path, *, on: date) -> list[StoredScenario]:
    """Keep the scenarios of a file; one of the same key is replaced.

    Raises
    ------
    Refused
        With everything that is wrong in the file, each with its place; nothing is to be kept then.
    """
    file, content = read_model(path, ScenarioFile)
    problems: list[Problem] = []
    stored = {row.key: row for row in stored_scenarios(session)}
    seen: set[str] = set()
    made = []
    for number, entry in enumerate(content.scenario):
        try:
            if entry.key in seen:
                raise Refused(
                    file.problem(
                        ("scenario", number, "key"),
                        entry.key,
                        say("A scenario of this key stands in the file already."),
                        say("Give each scenario a key of its own."),
                    )
                )
            seen.add(entry.key)
            scenario = _scenario(entry, file, number)
            if row := stored.get(entry.key):
                change_scenario(session, row, scenario, on=on)
            else:
                row = add_scenario(session, scenario, on=on)
            made.append(row)
        except Refused as error:
            problems += [_placed(one, file, number) for one in error.problems]
    if problems:
        raise Refused(problems)
    return made


def scenarios_as_toml(scenarios: Iterable[OwnScenario]) -> str:
    """A file that ``import_scenarios`` reads back as it was."""
    return "\n".join("\n".join(_lines(one)) + "\n" for one in scenarios)


def _scenario(entry: ScenarioEntry, file: TomlFile, number: int) -> OwnScenario:
    if sum(bool(one) for one in (entry.hour, entry.hours, entry.at)) > 1:
        raise Refused(
            file.problem(
                ("scenario", number),
                entry.key,
                say("A scenario has hours or a moment, not both."),
                say("Keep one of “hour”, “hours” and “at”."),
            )
        )
    return OwnScenario(
        key=entry.key,
        name=entry.name,
        hours=((entry.hour, 1.0),)
        if entry.hour
        else tuple((hour, entry.hours[hour]) for hour in HourClass if hour in entry.hours),
        at=moment_written(entry.at, place=say("Moment of the alarm")) if entry.at else None,
        away_p=entry.away,
        down=entry.down,
        fails=tuple(entry.fails.items()),
        note=entry.note,
        windows=tuple((one.part, _window(one)) for one in entry.outages),
    )


def _window(entry: OutageEntry) -> Window:
    """To the second, so that what is written again in minutes is the same."""
    end = inf if entry.until_min is None else float(round(entry.until_min * 60))
    return Window(float(round(entry.from_min * 60)), end)


def _placed(problem: Problem, file: TomlFile, number: int) -> Problem:
    """A problem of a scenario with its place in the file; one that has it already keeps it."""
    here = file.problem(("scenario", number), None, problem.rule, problem.remedy).place
    if isinstance(problem.place, str) or "{file}" in problem.place.template:
        return problem
    place = say("{place}, {what}", place=here, what=problem.place)
    return Problem(place=place, value=problem.value, rule=problem.rule, remedy=problem.remedy)


def _lines(one: OwnScenario) -> Iterator[str]:
    yield "[[scenario]]"
    yield f"key = {_text(one.key)}"
    yield f"name = {_text(one.name)}"
    if one.at is not None:
        yield f"at = {_text(one.at.astimezone(HELSINKI).isoformat(timespec='minutes'))}"
    elif len(one.hours) == 1:
        yield f"hour = {_text(one.hours[0][0])}"
    elif one.hours:
        yield f"hours = {{ {', '.join(f'{hour} = {weight!r}' for hour, weight in one.hours)} }}"
    if one.away_p is not None:
        yield f"away = {one.away_p!r}"
    if one.down:
        yield f"down = [{', '.join(map(_text, one.down))}]"
    if one.windows:
        yield f"outages = [{', '.join(_outage(part, window) for part, window in one.windows)}]"
    if one.fails:
        yield f"fails = {{ {', '.join(f'{_text(key)} = {p!r}' for key, p in one.fails)} }}"
    if one.note:
        yield f"note = {_text(one.note)}"


def _outage(part: str, window: Window) -> str:
    end = "" if window.ends_s == inf else f", until_min = {window.ends_s / 60!r}"
    return f"{{ part = {_text(part)}, from_min = {window.starts_s / 60!r}{end} }}"


def _text(value: str) -> str:
    # A text of JSON is a basic string of TOML; DEL is the one sign that TOML wants escaped and JSON does not.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
