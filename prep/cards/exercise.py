"""An exercise (harjoitus) as it is printed: values in one language, from which cards and sheets are made.

They come from a file (``prep.cards.exercise_file``); ``prep.cards.exercise_prints`` says what each print consists of.
"""

import json
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, time
from functools import cached_property
from typing import Any

from prep.cards.code import content_digest
from prep.cards.exercise_terms import ExerciseKind, ExercisePrint, InjectWay, Reliability
from prep.terms import Classification, Language


@dataclass(frozen=True, slots=True)
class Objective:
    """What the exercise is to train (harjoituksen tavoite), and what can be observed of it."""

    key: str
    text: str
    criteria: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.criteria:
            raise ValueError("an objective has a criterion that can be observed")


@dataclass(frozen=True, slots=True)
class PlayerRole:
    """A role that is played (peluutettava rooli)."""

    key: str
    title: str
    organisation: str
    mission: str
    knows: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """The situation at one moment of the exercise (tilannekortti). What is empty is not told to the players."""

    number: int
    title: str
    game_day: date
    game_time: time
    real_time: time | None
    place: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    source: str
    reliability: Reliability
    affected: str
    services_down: tuple[str, ...]
    weather: str
    decisions: tuple[str, ...]
    next_update: time | None

    def __post_init__(self) -> None:
        if not self.known:
            raise ValueError("a situation tells something")


@dataclass(frozen=True, slots=True)
class Inject:
    """What exercise control brings in (syöte): when, to whom, in whose name, by what, and what should follow."""

    number: int
    real_time: time
    game_time: time
    to: PlayerRole
    sender: str
    way: InjectWay
    text: str
    expected: tuple[str, ...]
    objectives: tuple[Objective, ...]
    controller: str

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.expected:
            raise ValueError("an inject has a text, and something is expected of the player")


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Who observes what, and where (arvioija)."""

    post: str
    objectives: tuple[Objective, ...]


@dataclass(frozen=True)
class Exercise:
    """An exercise in one language."""

    language: Language
    name: str
    kind: ExerciseKind
    day: date
    begins: time
    ends: time
    place: str
    version: int
    classification: Classification
    control: str
    stop_word: str
    rules: tuple[str, ...]
    objectives: tuple[Objective, ...]
    roles: tuple[PlayerRole, ...]
    situations: tuple[Situation, ...]
    injects: tuple[Inject, ...]
    evaluators: tuple[Evaluator, ...]

    def __post_init__(self) -> None:
        if self.ends <= self.begins:
            raise ValueError("an exercise ends after it begins")

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What every print of the exercise has in its digest."""
        return {
            "exercise": self.name,
            "language": self.language,
            "version": self.version,
            "day": self.day.isoformat(),
            "classification": self.classification,
        }

    def digest_of(self, kind: ExercisePrint, *content: object) -> str:
        """Of all that stands on one print."""
        plain = json.dumps([_plain(one) for one in content], default=str)
        return content_digest({**self.identity, "kind": kind, "content": plain})


def _plain(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
