"""What a request carries: JSON, read strictly, and everything that is wrong with it said at once."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.web.api.parameters import rule_of, shown
from prep.web.api.shapes import Shape

Content = TypeVar("Content", bound=Shape)
MEDIA_TYPE = "application/json"
# A change tells of one person, number or post.
LARGEST_BYTES = 16 * 1024


class Malformed(Refused):
    """The content is no JSON object at all."""


def sent() -> bytes:
    """The content of the request as it came.

    Raises
    ------
    UnsupportedMediaType
        If it says that it is something else than JSON, or not what it is.
    RequestEntityTooLarge
        If it is larger than any change.
    """
    if request.mimetype != MEDIA_TYPE or request.content_encoding not in {None, "identity"}:
        raise UnsupportedMediaType
    request.max_content_length = LARGEST_BYTES
    raw = request.get_data(cache=False)
    if len(raw) > LARGEST_BYTES:
        raise RequestEntityTooLarge
    return raw


def read(raw: bytes, kind: type[Content]) -> Content:
    """The content as values.

    Raises
    ------
    Malformed
        If it is no JSON object.
    Refused
        If a field is unknown, missing, wrong or given twice: every one of them.
    """
    pairs = _pairs(raw)
    problems = list(_problems_of_names([name for name, _ in pairs], kind))
    given = {name: value for name, value in pairs if name in kind.model_fields}
    try:
        found = kind.model_validate_json(json.dumps(given))
    except ValidationError as error:
        names = dict.fromkeys(str(one["loc"][0]) for one in error.errors())
        problems += [_problem_of_value(name, given, kind) for name in names]
    if problems:
        raise Refused(problems)
    return found


def _pairs(raw: bytes) -> list[tuple[str, Any]]:
    """The fields of the object, in order, with those that are there twice."""
    try:
        whole = json.loads(raw.decode(), object_pairs_hook=_Fields, parse_constant=_refuse_constant)
        # Half a sign, which only an escape can write, is no text.
        json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(whole, _Fields):
        raise _malformed()
    return whole


class _Fields(list[tuple[str, Any]]):
    """The fields of an object as they stand."""


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _malformed() -> Malformed:
    return Malformed(
        Problem(
            place=_whole(),
            value=None,
            rule=say("It is one JSON object in UTF-8, such as {example}.", example='{"name": "…"}'),
            remedy=say("Correct the JSON; the document of the API says what each operation takes."),
        )
    )


def _problems_of_names(names: list[str], kind: type[Shape]) -> Iterator[Problem]:
    for name in dict.fromkeys(names):
        if name not in kind.model_fields:
            yield Problem(
                place=_field(name),
                value=None,
                rule=say("This operation takes no such field."),
                remedy=say("Use only: {names}.", names=sorted(kind.model_fields)),
            )
        elif names.count(name) > 1:
            yield Problem(
                place=_field(name),
                value=None,
                rule=say("It is given once at the most."),
                remedy=say("Leave one of them."),
            )


def _problem_of_value(name: str, given: dict[str, Any], kind: type[Shape]) -> Problem:
    rule = rule_of(name, kind)
    if name not in given:
        return Problem(
            place=_field(name),
            value=None,
            rule=say("It is needed. {rule}", rule=rule),
            remedy=say("Add it to what is sent."),
        )
    value = given[name]
    return Problem(
        place=_field(name),
        value=shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)),
        rule=rule,
        remedy=say("Correct the value."),
    )


def _whole() -> Message:
    return say("The content of the request")


def _field(name: str) -> Message:
    return say("The field “{name}”", name=shown(name))
