"""What is wrong in a region pack, in words: where it stands, the rule, and how to mend it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from prep.errors import Problem
from prep.language import Message, say
from prep.regions.toml_lines import Location, line_of

_LONGEST_VALUE = 60

_CORRECT = say("Correct the number.")
# Kind of fault: the rule, and the remedy. Names in braces are facts that come with the fault.
_SENTENCES: dict[str, tuple[Message, Message]] = {
    "code_is_number": (
        say("A municipality's code is three digits as text, not a number."),
        say("Put the code in quotes, with its zeros: {code}."),
    ),
    "code_form": (
        say("A municipality's code has exactly three digits."),
        say("Write the official code in quotes, such as {code}.", code='"074"'),
    ),
    "outside_finland": (
        say("The coordinate is not in Finland: it has to be from {low} to {high} degrees."),
        say("Check the number, and that lat (north) and lon (east) have not changed places."),
    ),
    "no_words": (
        say("A name or text is needed in at least one language."),
        say("Write it as {example}.", example='{ fi = "…", sv = "…", en = "…" }'),
    ),
    "clause_missing": (
        say("A fact of an agreement names the clause it comes from."),
        say("Add the clause, or give another evidence, such as “{mark}”.", mark="proposal"),
    ),
    "source_missing": (
        say("A fact from a public source names the source."),
        say("Add a line that begins “{field} =”.", field="source"),
    ),
    "days_in_wrong_order": (
        say("The last day is before the first, {start}."),
        say("Correct one of the two days."),
    ),
    "end_and_no_end": (
        say("An agreement that is in force until further notice has no last day."),
        say("Remove either “{one}” or “{other}”.", one="ends", other="until_further_notice"),
    ),
    "max_below_min": (
        say("The greatest number is less than the least, {low}."),
        say("Correct one of the two numbers, or leave the greatest out when there is none."),
    ),
    "seat_basis": (
        say("A seat of basis “{basis}” and the field “{field}” do not fit together."),
        say("Give the seat the one field that its basis names; a seat of each municipality needs none."),
    ),
    "shares_not_whole": (
        say("The shares of a cost make one whole; these make {sum}."),
        say("Correct the shares so that they add up to 1, such as {example}.", example="0.5, 0.5"),
    ),
    "enum": (
        say("Only certain values are known here."),
        say("Use one of these: {expected}."),
    ),
    "string_type": (say("This has to be text."), say("Put it in quotes.")),
    "string_too_short": (say("The text is empty."), say("Write the text, or remove the whole line.")),
    "string_pattern_mismatch": (
        say("A key has small letters a–z, digits and single hyphens only."),
        say("Write the key as in {example}; å, ä and ö become a and o.", example='"etela-savo"'),
    ),
    "int_type": (say("This has to be a whole number."), say("Write digits only, without quotes.")),
    "float_type": (
        say("This has to be a number."),
        say("Write it without quotes, with a point: {example}.", example="63.84"),
    ),
    "bool_type": (say("This is either true or false."), say("Write true or false, without quotes.")),
    "date_type": (
        say("This has to be a day."),
        say("Write year, month and day, without quotes: {example}.", example="2024-12-31"),
    ),
    "greater_than_equal": (say("The number is too small: the least is {ge}."), _CORRECT),
    "less_than_equal": (say("The number is too large: the greatest is {le}."), _CORRECT),
    "too_short": (
        say("The list has too few entries: at least {min_length} needed."),
        say("Add what is missing, or remove the whole line."),
    ),
    "tuple_type": (
        say("This has to be a list."),
        say("Write square brackets around it: {example}.", example='["074", "217"]'),
    ),
    "model_type": (
        say("This has to be a table of fields."),
        say("Write braces around its fields: {example}.", example='{ fi = "…", sv = "…" }'),
    ),
    "any": (
        say("The value does not fit here."),
        say("Compare with the example in docs/region-packs.md."),
    ),
}
_SAME = {
    "literal_error": "enum",
    "int_from_float": "int_type",
    "finite_number": "float_type",
    "date_parsing": "date_type",
    "date_from_datetime_parsing": "date_type",
    "date_from_datetime_inexact": "date_type",
}


@dataclass(frozen=True, slots=True)
class PackText:
    """A pack as it was read: the name of its file, its text, and the tables in it."""

    name: str
    text: str
    tables: Mapping[str, Any]

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


def problems_of(error: ValidationError, pack: PackText, model: type[BaseModel]) -> list[Problem]:
    """Each fault that the form has, as a problem with its place, value, rule and remedy."""
    return [
        _problem(fault, pack, model)
        for fault in error.errors(include_url=False)
        if not _counts_faulty_entries(fault)
    ]


def _counts_faulty_entries(fault: Mapping[str, Any]) -> bool:
    """Whether a list is called too short only because its entries, reported already, are faulty."""
    return fault["type"] == "too_short" and len(fault["input"]) >= int(fault["ctx"]["min_length"])


def _problem(fault: Mapping[str, Any], pack: PackText, model: type[BaseModel]) -> Problem:
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
        remedy = _known_fields(model, location)
    else:
        rule, remedy = _rule(kind, context)
    return pack.problem(location, value, rule, remedy)


def _rule(kind: str, context: Mapping[str, Any]) -> tuple[Message, Message]:
    rule, remedy = _SENTENCES.get(_SAME.get(kind, kind), _SENTENCES["any"])
    facts: dict[str, Any] = {
        name: value if isinstance(value, int | float | date) else str(value)
        for name, value in context.items()
    }
    if "expected" in context:
        # The form lists its values in English: 'a', 'b' or 'c'.
        facts["expected"] = [word for word in re.findall(r"[\w-]+", facts["expected"]) if word != "or"]
    return replace(rule, facts=rule.facts | facts), replace(remedy, facts=remedy.facts | facts)


def _known_fields(model: type[BaseModel], location: Location) -> Message:
    fields = sorted(_model_at(model, location[:-1]).model_fields)
    if close := get_close_matches(str(location[-1]), fields, n=1):
        return say("Perhaps “{field}” is meant; if not, remove the line.", field=close[0])
    return say("Remove the line, or use one of these: {allowed}.", allowed=fields)


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    for step in location:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


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
