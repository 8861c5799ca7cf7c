"""The rules that every strict form can break, in words."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

from prep.language import Message, say
from prep.toml_files.lines import Location


def broken_rule(
    kind: str, context: Mapping[str, Any], *, example: str = "docs/region-packs.md"
) -> tuple[Message, Message]:
    """The rule and the remedy; ``example`` is the page that shows how such a file is written."""
    match kind:
        case "enum" | "literal_error":
            return (
                say("Only certain values are known here."),
                say("Use one of these: {allowed}.", allowed=_values(context["expected"])),
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
                say("Compare with the example in {page}.", page=example),
            )


def _values(expected: str) -> list[str]:
    """The values that a form lists in English as ``'a', 'b' or 'c'``."""
    return [word for word in re.findall(r"[\w-]+", expected) if word != "or"]


def known_fields(model: type[BaseModel], location: Location) -> Message:
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
