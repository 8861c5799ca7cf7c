"""A TOML file of ours, read into a strict form: every fault with its place, value, rule and remedy."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.outages import why
from prep.toml_files.lines import Location, line_of
from prep.toml_files.rules import broken_rule, known_fields

__all__ = ["Location", "TomlFile", "problems_of", "read_json", "read_model", "read_toml"]

# The longest pack of prep is 40 KiB.
MAX_BYTES = 1 << 20
_LONGEST_VALUE = 60
_Model = TypeVar("_Model", bound=BaseModel)
# The rule and remedy of a kind of fault that only one sort of file knows; None for all others.
OwnRules = Callable[[str, Mapping[str, Any], object], tuple[Message, Message] | None]


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file as it was read: its name, its text, and the tables in it."""

    name: str
    text: str
    tables: Mapping[str, Any]

    def as_model(self, model: type[_Model]) -> _Model:
        """The tables in a strict form; pydantic's ValidationError when they break it."""
        # As JSON, so that lists and words become what the strict form asks for, and nothing else does.
        return model.model_validate_json(json.dumps(self.tables, default=str))

    def problem(self, location: Location, value: object, rule: Message, remedy: Message) -> Problem:
        """A problem at a place: ``file: bodies[2].key (own name, line 40)``; the first entry is [1]."""
        return Problem(place=self._place(location), value=_written(value), rule=rule, remedy=remedy)

    def _place(self, location: Location) -> Message:
        path = _path(location)
        name = self._own_name(location)
        line = line_of(self.text, location)
        match name, line:
            case None, None:
                return say("{file}: {path}", file=self.name, path=path)
            case None, _:
                return say("{file}: {path} (line {line})", file=self.name, path=path, line=str(line))
            case _, None:
                return say("{file}: {path} ({name})", file=self.name, path=path, name=name)
            case _:
                return say(
                    "{file}: {path} ({name}, line {line})",
                    file=self.name,
                    path=path,
                    name=name,
                    line=str(line),
                )

    def _own_name(self, location: Location) -> str | None:
        """The key or name of the innermost entry around a location that has one."""
        here: Any = self.tables
        found = None
        for step in location:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                break
            if isinstance(here, dict):
                found = _name_of(here) or found
        return found


def read_model(
    path: Path, model: type[_Model], *, own_rules: OwnRules | None = None
) -> tuple[TomlFile, _Model]:
    """A file in its strict form, and the text it came from.

    Raises
    ------
    Refused
        When the file cannot be read, is not TOML, or breaks the form; all its problems are in the error.
    """
    file = read_toml(path)
    try:
        return file, file.as_model(model)
    except ValidationError as error:
        raise Refused(problems_of(error, file, model, own_rules=own_rules)) from error


def read_toml(path: Path) -> TomlFile:
    """The text and tables of a file; Refused when it cannot be read, is too large or is not TOML."""
    text = _text_of(path)
    try:
        return TomlFile(name=path.name, text=text, tables=tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(_syntax_problem(error, path.name, text)) from error
    except RecursionError as error:
        raise _too_deep(path) from error


def read_json(path: Path) -> TomlFile:
    """The same tables written as JSON by a program; places are told without lines."""
    text = _text_of(path)
    try:
        tables = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Refused(
            Problem(
                place=say("{file}: line {line}", file=path.name, line=str(error.lineno)),
                value=None,
                rule=say("The line cannot be read as JSON ({remark}).", remark=error.msg),
                remedy=say(
                    "Look for a missing quote, bracket, comma or colon on this line or the one before."
                ),
            )
        ) from error
    except ValueError as error:
        raise _refused(
            path,
            say("The file is not sound JSON: {why}.", why=str(error)[:200]),
            say("Write the numbers as digits."),
        ) from error
    except RecursionError as error:
        raise _too_deep(path) from error
    if not isinstance(tables, dict):
        raise _refused(
            path,
            say("The file is one table, between curly brackets."),
            say("Compare with an example."),
        )
    return TomlFile(name=path.name, text="", tables=tables)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            # Not one byte more: a device never ends.
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(
            path,
            say("The file cannot be read: {reason}.", reason=why(error)),
            say("Check the name of the file and the right to read it."),
        ) from error
    if len(content) > MAX_BYTES:
        raise _refused(
            path,
            say(
                "The file is larger than {most} KiB, and nobody writes so much by hand.", most=MAX_BYTES >> 10
            ),
            say("Check that it is the right file, or divide it."),
        )
    try:
        # utf-8-sig: Windows' Notepad puts a mark before the first letter.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Refused(
            Problem(
                place=say("{file}: line {line}", file=path.name, line=str(line)),
                value=None,
                rule=say("The file is not in UTF-8, so its letters å, ä and ö cannot be read."),
                remedy=say("Save it again in the editor with the encoding UTF-8."),
            )
        ) from error


def _too_deep(path: Path) -> Refused:
    return _refused(
        path,
        say("Brackets stand inside brackets too many times over."),
        say("Compare with an example, and take brackets away."),
    )


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _refused(path: Path, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=str(path), value=None, rule=rule, remedy=remedy))


def problems_of(
    error: ValidationError, file: TomlFile, model: type[BaseModel], *, own_rules: OwnRules | None = None
) -> list[Problem]:
    """Each fault that the form has, as a problem with its place, value, rule and remedy."""
    return [
        _problem(fault, file, model, own_rules)
        for fault in error.errors(include_url=False)
        if not _counts_faulty_entries(fault)
    ]


def _counts_faulty_entries(fault: Mapping[str, Any]) -> bool:
    """Whether a list is called too short only because its entries, reported already, are faulty."""
    return fault["type"] == "too_short" and len(fault["input"]) >= int(fault["ctx"]["min_length"])


def _problem(
    fault: Mapping[str, Any], file: TomlFile, model: type[BaseModel], own_rules: OwnRules | None
) -> Problem:
    location: Location = fault["loc"]
    kind: str = fault["type"]
    context: Mapping[str, Any] = fault.get("ctx", {})
    value = None if kind in {"missing", "clause_missing", "source_missing"} else fault["input"]
    if kind == "missing":
        rule = say("This has to be told: {field}.", field=str(location[-1]))
        remedy = say("Add a line that begins “{field} =”.", field=str(location[-1]))
    elif kind == "extra_forbidden":
        value = location[-1]
        rule = say("There is no field of this name here.")
        remedy = known_fields(model, location)
    else:
        own = own_rules(kind, context, fault["input"]) if own_rules else None
        rule, remedy = own or broken_rule(kind, context)
    return file.problem(location, value, rule, remedy)


def _syntax_problem(error: tomllib.TOMLDecodeError, name: str, text: str) -> Problem:
    lines = text.splitlines()
    at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    number = int(at[1]) if at else max(len(lines), 1)
    line = lines[number - 1].strip() if number <= len(lines) else ""
    remedy = say("Look for a missing quote, bracket, comma or equals sign on this line or the one before.")
    if bare := re.search(r"[=\[,]\s*(0\d+)\b", line):
        remedy = say("Put the code in quotes, with its zeros: {code}.", code=f'"{bare[1]}"')
    return Problem(
        place=say("{file}: line {line}", file=name, line=str(number)),
        value=line[:60],
        rule=say("The line cannot be read as TOML ({remark}).", remark=re.sub(r" \(at .*\)", "", str(error))),
        remedy=remedy,
    )


def _name_of(table: Mapping[str, Any]) -> str | None:
    name = table.get("name")
    name = name.get("fi") or name.get("sv") if isinstance(name, dict) else None
    for candidate in (table.get("key"), name, table.get("code")):
        if isinstance(candidate, str) and candidate:
            return candidate
    return None


def _path(location: Location) -> str:
    path = ""
    for step in location:
        # A planner counts the third [[municipalities]] as number 3.
        path += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _written(value: object) -> str | None:
    """A value as it stands in the file, shortened."""
    if value is None:
        return None
    match value:
        case bool():
            text = str(value).lower()
        case date():
            text = value.isoformat()
        case dict():
            text = "{" + ", ".join(map(str, value)) + "}"
        case list() | tuple():
            text = "[" + ", ".join(map(str, value)) + "]"
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
