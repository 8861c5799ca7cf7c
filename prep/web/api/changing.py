"""Carrying out a change: all of it or nothing, of the version that was read, and once however often it is sent."""

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

from flask import Response, request
from pydantic import BaseModel

from prep import submissions
from prep.errors import PrepError, Problem, Refused
from prep.language import say
from prep.models import Submission
from prep.web.api import content, parameters
from prep.web.api.marks import keep, require_version
from prep.web.api.operations import Asked, Change, the_key

ONCE = "Idempotency-Key"
# Signs that can be seen, so that the same key is the same whatever passes it on.
ONCE_PATTERN = "[!-~]{1,100}"


def carry_out(change: Change, asked: Asked, raw: bytes, *, query: type[BaseModel]) -> Response:
    """Change what the request says, inside its transaction, and answer what came of it.

    Raises
    ------
    NotFound
        If what it changes does not exist or the key may not change it.
    Refused
        If what is sent breaks a rule, or the one-time key was used for something else before.
    """
    submission: Submission | None = None
    if change.method == "POST" and ONCE in request.headers:
        try:
            submission = submissions.begin(asked.session, _one_time_key(asked))
        except submissions.AlreadyDone as earlier:
            return _again(change, asked, earlier.answer, raw)
    found = change.at.find(asked, the_key(asked.path)) if change.at else None
    seen = change.at.shape(asked, found) if change.at else None
    require_version(seen, is_needed=change.needs_version)
    asked = _with_what_is_sent(change, asked, raw, query)
    row = change.do(asked, found)
    asked.session.flush()
    if change.removes:
        return Response(status=change.status)
    if submission is not None:
        submission.answer = json.dumps({"sent": _digest(raw), "key": change.thing.key(row)})
    return _answer(change, asked, row)


def _with_what_is_sent(change: Change, asked: Asked, raw: bytes, query: type[BaseModel]) -> Asked:
    """The parameters and the content read; what is wrong with either is said together."""
    problems: list[Problem] = []
    given: Any = None
    carried: Any = None
    try:
        given = parameters.read(query)
    except Refused as error:
        problems += error.problems
    if change.content is not None:
        try:
            carried = content.read(raw, change.content)
        except content.Malformed:
            raise
        except PrepError as error:
            problems += error.problems
    if problems:
        raise Refused(problems)
    return replace(asked, query=given, content=carried)


def _one_time_key(asked: Asked) -> str:
    once = request.headers[ONCE]
    if not re.fullmatch(ONCE_PATTERN, once):
        raise Refused(
            Problem(
                place=ONCE,
                value=parameters.shown(once),
                rule=say("It has 1 to {n} signs of ASCII, without spaces.", n=100),
                remedy=say("Send a new random value for each thing that is to be done once."),
            )
        )
    return submissions.key_of(f"API, key {asked.use.row.id}", once, b"")


def _again(change: Change, asked: Asked, earlier: str, raw: bytes) -> Response:
    """What was done before, as it stands now: what it said then is not kept, for people are in it."""
    kept = json.loads(earlier)
    if kept["sent"] != _digest(raw):
        raise Refused(
            Problem(
                place=ONCE,
                value=parameters.shown(request.headers[ONCE]),
                rule=say("This key was used before, for something else."),
                remedy=say("Send the very same again, or a new key for something new."),
            )
        )
    return _answer(change, asked, change.thing.find(asked, kept["key"]))


def _answer(change: Change, asked: Asked, row: Any) -> Response:
    shape = change.thing.shape(asked, row)
    response = Response(shape.model_dump_json(), status=change.status, mimetype=content.MEDIA_TYPE)
    if change.makes:
        name = re.sub(r"\{\w+\}", change.thing.key(row), change.thing.path)
        response.headers["Location"] = f"{request.script_root}{name}"
    keep(response, is_personal=True)
    return response


def _digest(raw: bytes) -> str:
    whole = f"{request.method} {request.full_path}\n".encode() + raw
    return hashlib.sha256(whole).hexdigest()
