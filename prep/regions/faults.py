"""What is wrong in a region pack, in words: where it stands, the rule, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from prep.errors import Problem
from prep.language import Message, say
from prep.regions.toml_lines import Location, line_of

_LONGEST_VALUE = 60


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
    return [_problem(fault, pack, model) for fault in error.errors(include_url=False)]


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
        rule, remedy = _rule(kind, context, fault["input"])
    return pack.problem(location, value, rule, remedy)


def _rule(kind: str, context: Mapping[str, Any], value: object) -> tuple[Message, Message]:
    match kind:
        case "code_is_number":
            return (
                say("A municipality's code is three digits as text, not a number."),
                say("Put the code in quotes, with its zeros: “{code}”.", code=f'"{value:03d}"'),
            )
        case "code_form":
            return (
                say("A municipality's code has exactly three digits."),
                say("Write the official code in quotes, such as “{code}”.", code='"074"'),
            )
        case "outside_finland":
            return (
                say(
                    "The coordinate is not in Finland: it has to be from {low} to {high} degrees.",
                    low=context["low"],
                    high=context["high"],
                ),
                say("Check the number, and that lat (north) and lon (east) have not changed places."),
            )
        case "no_words":
            return (
                say("A name or text is needed in at least one language."),
                say("Write it as {example}.", example='{ fi = "…", sv = "…", en = "…" }'),
            )
        case "clause_missing":
            return (
                say("A fact of an agreement names the clause it comes from."),
                say("Add the clause, or give another evidence, such as “{mark}”.", mark="proposal"),
            )
        case "source_missing":
            return (
                say("A fact from a public source names the source."),
                say("Add a line that begins “{field} =”.", field="source"),
            )
        case "days_in_wrong_order":
            return (
                say("The last day is before the first, {start}.", start=context["start"]),
                say("Correct one of the two days."),
            )
        case "end_and_no_end":
            return (
                say("An agreement that is in force until further notice has no last day."),
                say("Remove either “{one}” or “{other}”.", one="ends", other="until_further_notice"),
            )
        case "max_below_min":
            return (
                say("The most, max, is less than the least, min: {low}.", low=context["low"]),
                say("Correct one of the two numbers, or leave max out when there is no most."),
            )
        case "seat_basis":
            return (
                say(
                    "A seat of basis “{basis}” and the field “{field}” do not belong together.",
                    basis=str(context["basis"]),
                    field=str(context["field"]),
                ),
                say(
                    "Give the seat exactly the one field that its basis names; each municipality needs none."
                ),
            )
        case "shares_not_whole":
            return (
                say("The shares of a cost make one whole; these make {sum}.", sum=context["sum"]),
                say("Correct the shares so that they add up to 1, such as 0.5 and 0.5."),
            )
        case _:
            return _rule_of_form(kind, context)


def _rule_of_form(kind: str, context: Mapping[str, Any]) -> tuple[Message, Message]:
    match kind:
        case "enum" | "literal_error":
            return (
                say("Only certain values are known here."),
                say("Use one of these: {allowed}.", allowed=context["expected"]),
            )
        case "string_type":
            return say("This has to be text."), say("Put it in quotes.")
        case "string_too_short":
            return say("The text is empty."), say("Write the text, or remove the whole line.")
        case "string_pattern_mismatch":
            return (
                say("A key has small letters a–z, digits and single hyphens only."),
                say("Write the key as in {example}; å, ä and ö become a and o.", example='"etela-savo"'),
            )
        case "int_type" | "int_from_float":
            return say("This has to be a whole number."), say("Write digits only, without quotes.")
        case "float_type" | "finite_number":
            return (
                say("This has to be a number."),
                say("Write it without quotes, with a point: {example}.", example="63.84"),
            )
        case "bool_type":
            return say("This is either true or false."), say("Write true or false, without quotes.")
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return (
                say("This has to be a day."),
                say("Write year, month and day, without quotes: {example}.", example="2024-12-31"),
            )
        case "greater_than_equal":
            return (
                say("The number is too small: the least is {low}.", low=context["ge"]),
                say("Correct the number."),
            )
        case "less_than_equal":
            return (
                say("The number is too large: the most is {high}.", high=context["le"]),
                say("Correct the number."),
            )
        case "too_short":
            return (
                say("The list has too few entries: at least {low} needed.", low=context["min_length"]),
                say("Add what is missing, or remove the whole line."),
            )
        case "tuple_type":
            return (
                say("This has to be a list."),
                say("Write square brackets around it: {example}.", example='["074", "217"]'),
            )
        case "model_type":
            return (
                say("This has to be a table of fields."),
                say("Write braces around its fields: {example}.", example='{ fi = "…", sv = "…" }'),
            )
        case _:
            return (
                say("The value does not fit here."),
                say("Compare with the example in docs/region-packs.md."),
            )


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
