"""What is wrong with a parameter of a request, said with the rule that its model states."""

from collections.abc import Mapping
from typing import Any

from flask import request
from pydantic import BaseModel, ValidationError

from prep.errors import Problem, Refused
from prep.language import Message, say

_LONGEST_SHOWN = 40


def read(kind: type[BaseModel]) -> Any:
    """The parameters of the request as values.

    Raises
    ------
    Refused
        If one is unknown, missing, wrong or given twice: every one of them.
    """
    problems = [
        *(unknown(name, kind) for name in dict.fromkeys(request.args) if name not in kind.model_fields),
        *(
            Problem(
                place=say("The parameter “{name}”", name=name),
                value=None,
                rule=say("It is given once at the most."),
                remedy=say("Leave one of them."),
            )
            for name in dict.fromkeys(request.args)
            if name in kind.model_fields and len(request.args.getlist(name)) > 1
        ),
    ]
    known = {name: value for name, value in request.args.items() if name in kind.model_fields}
    try:
        read = kind.model_validate(known)
    except ValidationError as error:
        problems += [problem_of(str(one["loc"][0]), known, kind) for one in error.errors()]
    if problems:
        raise Refused(problems)
    return read


def unknown(name: str, kind: type[BaseModel]) -> Problem:
    """A parameter that the operation does not have."""
    names = sorted(kind.model_fields)
    return Problem(
        place=say("The parameter “{name}”", name=shown(name)),
        value=None,
        rule=say("This operation has no such parameter."),
        remedy=say("Use only: {names}.", names=names)
        if names
        else say("Leave it out: there are no parameters."),
    )


def problem_of(name: str, given: Mapping[str, str], kind: type[BaseModel]) -> Problem:
    """What is wrong with a parameter that the operation has."""
    rule = rule_of(name, kind)
    if name not in given:
        return Problem(
            place=say("The parameter “{name}”", name=name),
            value=None,
            rule=say("It is needed. {rule}", rule=rule),
            remedy=say("Add it to the address."),
        )
    return Problem(
        place=say("The parameter “{name}”", name=name),
        value=shown(given[name]),
        rule=rule,
        remedy=say("Correct the value."),
    )


def shown(text: str) -> str:
    """What somebody sent, short and without signs that cannot be seen."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in text)
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"


def rule_of(name: str, kind: type[BaseModel]) -> Message:
    """The rule that a model states for one of its fields."""
    schema = kind.model_json_schema()
    found = _without_null(schema["properties"][name], schema.get("$defs", {}))
    if "enum" in found:
        return say("It is one of: {known}.", known=list(found["enum"]))
    if "maximum" in found:
        return say(
            "It is a whole number from {low} to {high}, in figures only.",
            low=found["minimum"],
            high=found["maximum"],
        )
    if "formatMinimum" in found:
        return say(
            "It is a day from {first} to {last}, written like this: {example}.",
            first=found["formatMinimum"],
            last=found["formatMaximum"],
            example=str(found["examples"][0]),
        )
    if "examples" in found:
        return say("It has a form like this: {example}.", example=str(found["examples"][0]))
    match found.get("type"):
        case "boolean":
            return say("It is one of: {known}.", known=["true", "false"])
        case "string":
            return say("It is text of at most {n} letters, all of which can be seen.", n=found["maxLength"])
        case "array":
            known = _without_null(found["items"], schema.get("$defs", {}))["enum"]
            return say("It is a list of these: {known}.", known=list(known))
    raise ValueError(f"the parameter {name} of {kind.__name__} states no rule")


def _without_null(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = known[str(schema["$ref"]).rpartition("/")[2]]
        return found
    if "anyOf" in schema:
        return _without_null(next(one for one in schema["anyOf"] if one.get("type") != "null"), known)
    return schema
