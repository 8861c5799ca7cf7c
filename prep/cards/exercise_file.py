"""An exercise from a TOML file: read strictly, every fault named with its place and line."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from prep.cards.exercise import Evaluator, Exercise, Inject, Objective, PlayerRole, Situation
from prep.cards.exercise_terms import ExerciseKind, InjectWay, Reliability
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import Classification, Language
from prep.toml_files import Location, TomlFile, read_model

# The exercise that is shipped: invented, whole, in three languages.
SAMPLE = Path(__file__).parent / "samples" / "exercise.toml"
FORMAT = "prep-exercise-1"
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
_MOST = 200


class _Row(BaseModel):
    """A table in the file: only the fields named here, each of exactly its kind."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Said(_Row):
    """A text in the languages of the exercise."""

    fi: Annotated[str | None, Field(min_length=1)] = None
    sv: Annotated[str | None, Field(min_length=1)] = None
    en: Annotated[str | None, Field(min_length=1)] = None


_Name = Annotated[str, Field(min_length=1)]
_Time = Annotated[str, Field(pattern=_TIME)]
_Number = Annotated[int, Field(ge=1, le=9999)]
_Said = tuple[Said, ...]
_SomeSaid = Annotated[_Said, Field(min_length=1)]


class ExerciseRow(_Row):
    name: Said
    kind: ExerciseKind
    day: date
    begins: _Time
    ends: _Time
    place: Said
    version: _Number
    classification: Classification
    control: _Name
    stop_word: Said
    rules: _Said = ()


class ObjectiveRow(_Row):
    key: _Name
    text: Said
    criteria: _SomeSaid


class RoleRow(_Row):
    key: _Name
    title: Said
    organisation: Said
    mission: Said
    knows: _Said = ()
    tasks: _Said = ()


class SituationRow(_Row):
    number: _Number
    title: Said
    game_day: date
    game_time: _Time
    real_time: _Time | None = None
    place: Said | None = None
    known: _SomeSaid
    unknown: _Said = ()
    source: Said
    reliability: Reliability
    affected: Said | None = None
    services_down: _Said = ()
    weather: Said | None = None
    decisions: _Said = ()
    next_update: _Time | None = None


class InjectRow(_Row):
    number: _Number
    real_time: _Time
    game_time: _Time
    to: _Name
    sender: Said
    way: InjectWay
    text: Said
    expected: _SomeSaid
    objectives: tuple[_Name, ...] = ()
    controller: str = ""


class EvaluatorRow(_Row):
    post: Said
    objectives: Annotated[tuple[_Name, ...], Field(min_length=1)]


class ExerciseFile(_Row):
    """The whole file; its form is described in docs/exercise-file.md."""

    format: Annotated[str, Field(pattern=f"^{FORMAT}$")]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    exercise: ExerciseRow
    objectives: Annotated[tuple[ObjectiveRow, ...], Field(max_length=_MOST)] = ()
    roles: Annotated[tuple[RoleRow, ...], Field(max_length=_MOST)] = ()
    situations: Annotated[tuple[SituationRow, ...], Field(max_length=_MOST)] = ()
    injects: Annotated[tuple[InjectRow, ...], Field(max_length=2000)] = ()
    evaluators: Annotated[tuple[EvaluatorRow, ...], Field(max_length=_MOST)] = ()


def read_exercise(path: Path, language: Language | None = None) -> Exercise:
    """The exercise of a file in one of its languages, by default the first that the file names.

    Raises
    ------
    Refused
        With everything that is wrong in the file, each with its place; or the exercise has no such language.
    """
    file, content = read_model(path, ExerciseFile, own_rules=_own_rule)
    if problems := list(_faults(file, content)):
        raise Refused(problems)
    chosen = language or content.languages[0]
    if chosen not in content.languages:
        raise Refused(
            file.problem(
                ("languages",),
                str(chosen),
                say("The exercise is not written in this language."),
                say("Choose one of {known}, or write it in this one too.", known=map(str, content.languages)),
            )
        )
    return _InLanguage(chosen).exercise(content)


def schema_text() -> str:
    """The JSON schema of the file, by which an editor checks while one writes."""
    return json.dumps(ExerciseFile.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _own_rule(kind: str, context: Mapping[str, Any], _value: object) -> tuple[Message, Message] | None:
    if kind == "string_pattern_mismatch" and context.get("pattern") == _TIME:
        return (
            say("This has to be a time of day."),
            say("Write hours and minutes with two digits each: {example}.", example='"08:05"'),
        )
    if kind == "string_pattern_mismatch":
        return (
            say("This is not the form of file that prep reads as an exercise."),
            say("Write {line} on the first line.", line=f'format = "{FORMAT}"'),
        )
    if kind == "too_long":
        most = context["max_length"]
        return say("The list has more than {most} entries.", most=most), say("Divide the exercise.")
    return None


def _faults(file: TomlFile, content: ExerciseFile) -> Iterator[Problem]:
    """What is wrong between the entries of a file that has the right form."""
    yield from _languages(file, content, content, ())
    if content.exercise.ends <= content.exercise.begins:
        rule = say("The exercise ends before it has begun.")
        yield file.problem(
            ("exercise", "ends"), content.exercise.ends, rule, say("Correct one of the times.")
        )
    yield from _twice(file, "objectives", "key", [row.key for row in content.objectives])
    yield from _twice(file, "roles", "key", [row.key for row in content.roles])
    yield from _twice(file, "situations", "number", [row.number for row in content.situations])
    yield from _twice(file, "injects", "number", [row.number for row in content.injects])
    objectives, roles = {row.key for row in content.objectives}, {row.key for row in content.roles}
    for number, inject in enumerate(content.injects):
        if inject.to not in roles:
            yield _unknown(file, ("injects", number, "to"), inject.to, roles)
        yield from _known(file, ("injects", number, "objectives"), inject.objectives, objectives)
    for number, evaluator in enumerate(content.evaluators):
        yield from _known(file, ("evaluators", number, "objectives"), evaluator.objectives, objectives)


def _languages(file: TomlFile, content: ExerciseFile, here: object, location: Location) -> Iterator[Problem]:
    """Every text has the languages of the exercise, all of them and no other."""
    if isinstance(here, Said):
        for language in Language:
            written = getattr(here, language) is not None
            if written and language not in content.languages:
                rule = say("The text is in a language that the exercise does not have.")
                remedy = say("Add the language to “languages”, or remove the text.")
                yield file.problem((*location, str(language)), getattr(here, language), rule, remedy)
            elif language in content.languages and not written:
                rule = say(
                    "The text is missing in one language of the exercise ({language}).",
                    language=str(language),
                )
                yield file.problem(
                    location, None, rule, say("Write it, or take the language out of “languages”.")
                )
    elif isinstance(here, BaseModel):
        for name in type(here).model_fields:
            yield from _languages(file, content, getattr(here, name), (*location, name))
    elif isinstance(here, tuple):
        for number, one in enumerate(here):
            yield from _languages(file, content, one, (*location, number))


def _twice(file: TomlFile, table: str, field: str, values: list[Any]) -> Iterator[Problem]:
    for number, value in enumerate(values):
        if value in values[:number]:
            rule = say("This stands in the file already.")
            yield file.problem((table, number, field), value, rule, say("Give each entry its own."))


def _known(file: TomlFile, location: Location, keys: tuple[str, ...], known: set[str]) -> Iterator[Problem]:
    for key in keys:
        if key not in known:
            yield _unknown(file, location, key, known)


def _unknown(file: TomlFile, location: Location, key: str, known: set[str]) -> Problem:
    rule = say("Nothing in the file has this key.")
    return file.problem(location, key, rule, say("Use one of these: {allowed}.", allowed=sorted(known)))


class _InLanguage:
    """Makes values of rows, in one language."""

    def __init__(self, language: Language):
        self._language = language

    def exercise(self, content: ExerciseFile) -> Exercise:
        row = content.exercise
        objectives = {
            one.key: Objective(one.key, self._text(one.text), self._texts(one.criteria))
            for one in content.objectives
        }
        roles = {one.key: self._role(one) for one in content.roles}
        return Exercise(
            language=self._language,
            name=self._text(row.name),
            kind=row.kind,
            day=row.day,
            begins=_clock(row.begins),
            ends=_clock(row.ends),
            place=self._text(row.place),
            version=row.version,
            classification=row.classification,
            control=row.control,
            stop_word=self._text(row.stop_word),
            rules=self._texts(row.rules),
            objectives=tuple(objectives.values()),
            roles=tuple(roles.values()),
            situations=tuple(self._situation(one) for one in content.situations),
            injects=tuple(self._inject(one, roles, objectives) for one in content.injects),
            evaluators=tuple(
                Evaluator(self._text(one.post), tuple(objectives[key] for key in one.objectives))
                for one in content.evaluators
            ),
        )

    def _role(self, row: RoleRow) -> PlayerRole:
        return PlayerRole(
            row.key,
            self._text(row.title),
            self._text(row.organisation),
            self._text(row.mission),
            self._texts(row.knows),
            self._texts(row.tasks),
        )

    def _situation(self, row: SituationRow) -> Situation:
        return Situation(
            number=row.number,
            title=self._text(row.title),
            game_day=row.game_day,
            game_time=_clock(row.game_time),
            real_time=_clock(row.real_time) if row.real_time else None,
            place=self._text(row.place),
            known=self._texts(row.known),
            unknown=self._texts(row.unknown),
            source=self._text(row.source),
            reliability=row.reliability,
            affected=self._text(row.affected),
            services_down=self._texts(row.services_down),
            weather=self._text(row.weather),
            decisions=self._texts(row.decisions),
            next_update=_clock(row.next_update) if row.next_update else None,
        )

    def _inject(
        self, row: InjectRow, roles: Mapping[str, PlayerRole], objectives: Mapping[str, Objective]
    ) -> Inject:
        return Inject(
            number=row.number,
            real_time=_clock(row.real_time),
            game_time=_clock(row.game_time),
            to=roles[row.to],
            sender=self._text(row.sender),
            way=row.way,
            text=self._text(row.text),
            expected=self._texts(row.expected),
            objectives=tuple(objectives[key] for key in row.objectives),
            controller=row.controller,
        )

    def _text(self, said: Said | None) -> str:
        return str(getattr(said, self._language)) if said else ""

    def _texts(self, said: _Said) -> tuple[str, ...]:
        return tuple(self._text(one) for one in said)


def _clock(text: str) -> time:
    return time.fromisoformat(text)
