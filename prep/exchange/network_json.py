"""The text of a network file read as JSON within bounds, and what is wrong with its form, in words."""

import json
import re
from functools import partial
from pathlib import Path
from reprlib import Repr
from typing import Any

import numpy as np
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import HourClass
from prep.toml_files.rules import broken_rule

MOST_BYTES = 64 * 2**20
MOST_VALUES = 5_000_000
DEEPEST = 24
LONGEST_NUMBER = 40
_SHOWN = 20
# Never goes back over what it has read: a text that does not end would else be tried from every quote in it.
_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OPENING, _CLOSING = np.frombuffer(b"[{", np.uint8), np.frombuffer(b"]}", np.uint8)
_COMMA = ord(",")
# One number, or an object with one for each hour class: the form tells both readings, the planner meant one.
_BY_HOUR = frozenset({"works", "heard", "available"})
_BRIEFLY = Repr()
_BRIEFLY.maxstring = _BRIEFLY.maxother = 80


def read_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises
    ------
    Refused
        If it is too large, too deep, says a field twice, or is no JSON.
    """
    with path.open("rb") as file:
        text = file.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise refused(
            path,
            None,
            say("A network file has at most {most} MB.", most=MOST_BYTES // 2**20),
            say("Split it into several files."),
        )
    _refuse_bombs(path, text)
    try:
        return json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=partial(_object, path),
        )
    except (ValueError, RecursionError) as error:
        raise refused(
            path,
            None,
            say("The file is not sound JSON: {why}.", why=str(error)[:200]),
            say("Write it as docs/network-file.md shows."),
        ) from error


def form_problems(path: Path, error: ValidationError) -> list[Problem]:
    """What is wrong with the form, each with its place; the first of them, if there are many."""
    found = [one for one in error.errors(include_url=False) if not _is_other_reading(one)]
    problems = [_problem(path, one) for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        problems.append(
            Problem(
                place=path.name,
                value=None,
                rule=say("There are {n} more faults of this kind.", n=len(found) - _SHOWN),
                remedy=say("Mend the first ones and read the file again."),
            )
        )
    return problems


def refused(path: Path, value: str | None, rule: Message, remedy: Message) -> Refused:
    """The refusal of a file as a whole."""
    return Refused(Problem(place=path.name, value=value, rule=rule, remedy=remedy))


def _refuse_bombs(path: Path, text: bytes) -> None:
    """Refuse brackets within brackets, and too many values, before anything is built of them."""
    # Of a value and its name there are four quotes at most.
    _refuse_many(path, (text.count(b'"') - text.count(b'\\"')) // 4)
    signs = np.frombuffer(_TEXTS.sub(b"", text), np.uint8)
    opened = np.isin(signs, _OPENING).astype(np.int8) - np.isin(signs, _CLOSING).astype(np.int8)
    if len(signs) and int(np.cumsum(opened, dtype=np.int32).max()) > DEEPEST:
        raise refused(
            path,
            None,
            say("Brackets stand at most {most} deep in each other.", most=DEEPEST),
            say("Write it as docs/network-file.md shows."),
        )
    _refuse_many(path, int(np.count_nonzero(signs == _COMMA)))


def _refuse_many(path: Path, values: int) -> None:
    if values > MOST_VALUES:
        raise refused(
            path,
            str(values),
            say("A network file has at most {most} values.", most=MOST_VALUES),
            say("Split it into several files."),
        )


def _object(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of an object, each of which stands once: of two that disagree one would be lost silently."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise refused(
            path,
            _shown(twice),
            say("A field stands only once in its braces."),
            say("Leave one of the two away."),
        )
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:40]} is too large a number")
    return value


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"{text[:LONGEST_NUMBER]}… is too large a number")
    return int(text)


def _is_other_reading(one: ErrorDetails) -> bool:
    """Whether it is the fault of that reading of a probability which the planner did not mean."""
    at = _reading_at(one["loc"])
    if at is None:
        return False
    takes_object = one["loc"][at] == "HoursForm"
    if len(one["loc"]) > at + 1:  # within the object
        return False
    return takes_object != isinstance(one["input"], dict)


def _reading_at(location: tuple[int | str, ...]) -> int | None:
    """Where the name of a reading stands in a location; None if it has none."""
    return next((at for at, name in enumerate(location) if at and location[at - 1] in _BY_HOUR), None)


def _problem(path: Path, one: ErrorDetails) -> Problem:
    kind, reading = one["type"], _reading_at(one["loc"])
    location = [part for at, part in enumerate(one["loc"]) if at != reading and part != "[key]"]
    rule, remedy = _in_words(kind, one.get("ctx", {}), location)
    if reading is not None and kind == "float_type" and len(one["loc"]) == reading + 1:
        rule = say("A probability is one number from 0 to 1, or one for each hour class.")
        remedy = say("Write 0.7, or an object with: {hours}.", hours=[hour.value for hour in HourClass])
    where = _shown(".".join(map(str, location)))
    return Problem(
        place=f"{path.name}: {where}" if where else path.name,
        value=None if kind == "missing" else _shown(one["input"]),
        rule=rule,
        remedy=remedy,
    )


def _in_words(kind: str, context: dict[str, Any], location: list[int | str]) -> tuple[Message, Message]:
    match kind:
        case "missing":
            return say("This has to be told: {field}.", field=str(location[-1])), say("Add it.")
        case "extra_forbidden":
            return say("Nothing of this name is known here."), say("Take it away, or correct the name.")
        case "model_type" | "dict_type":
            return say("This has to be an object."), say("Write its fields in braces.")
        case "control_characters" | "string_unicode":
            return (
                say("A key or a name has no characters that cannot be shown."),
                say("Take the line breaks, tabs and half characters out of it."),
            )
        case "string_too_long":
            return (
                say("The text is too long: at most {most} characters.", most=context["max_length"]),
                say("Shorten it."),
            )
        case _ if kind.startswith(("no_moment", "timezone", "datetime")):
            return (
                say("A moment is given with its zone, so that a change to summer time cannot move it."),
                say("Write it as {example}.", example="2026-11-22T04:00+02:00"),
            )
        case _:
            return broken_rule(kind, context, example="docs/network-file.md")


def _shown(value: Any) -> str:
    """A value as it may stand in a sentence: short, as JSON writes it, and nothing in it unseen."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    text = value[:80] if isinstance(value, str) else _BRIEFLY.repr(value)
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
