"""Every failure in one shape: problem+json (RFC 9457), in the language of the request."""

import logging
import secrets
from collections.abc import Iterable

from flask import Flask, Response, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from prep.auth.roles import Permission
from prep.errors import Conflict, NotFound, PrepError, Problem, Refused, SignInNeeded, Unavailable
from prep.language import Message, in_language, say
from prep.web.api.content import Malformed
from prep.web.api.language import answer_language
from prep.web.api.shapes import ProblemDocument, ProblemLine

MEDIA_TYPE = "application/problem+json"
# What a program compares; the words beside it change with the language.
KINDS = {
    400: "bad-request",
    401: "key-needed",
    403: "scope-lacking",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "changed-meanwhile",
    412: "version-stale",
    413: "content-too-large",
    414: "address-too-long",
    415: "not-json",
    422: "refused",
    428: "version-needed",
    500: "fault",
    503: "unavailable",
}
log = logging.getLogger("prep.web.api")


class ScopeLacking(Refused):
    """The key, or whoever it belongs to, has not what an operation asks for."""

    def __init__(self, lacking: Iterable[Permission]):
        super().__init__(
            Problem(
                place=say("The key"),
                value=None,
                rule=say(
                    "For this it needs what it does not have: {permissions}.",
                    permissions=[one.value for one in lacking],
                ),
                remedy=say("Make a key with these permissions, of an account that holds them."),
            )
        )


class VersionNeeded(Refused):
    """A change does not say which version of the thing it is to change."""

    def __init__(self) -> None:
        super().__init__(
            Problem(
                place="If-Match",
                value=None,
                rule=say("Every change says which version it changes, so that nobody’s work is lost."),
                remedy=say("Read the thing, and send the ETag of that answer as If-Match."),
            )
        )


class VersionStale(Conflict):
    """The thing is not, or no longer, as it was when the program read it. ``present`` is its mark now."""

    def __init__(self, sent: str, *, present: str | None):
        super().__init__(
            Problem(
                place="If-Match",
                value=sent,
                rule=say("The thing is another by now; its ETag is {present}.", present=present)
                if present
                else say("There is nothing yet of which a version could be named."),
                remedy=say("Read it anew, look at what has changed, and send the change with its ETag.")
                if present
                else say("Leave If-Match out."),
            )
        )
        self.present = present


def answer_failures(api: Flask) -> None:
    """Answer every error with a problem document."""
    api.register_error_handler(PrepError, _of_prep)
    api.register_error_handler(StaleDataError, lambda _: _document(409))
    api.register_error_handler(HTTPException, _of_http)
    api.register_error_handler(Exception, _of_programmer)


def kind_of(status: int) -> str:
    """The name of a kind of problem, as a URI."""
    return f"urn:prep:problem:{KINDS[status]}"


def _of_prep(error: PrepError) -> Response:
    match error:
        case SignInNeeded():
            response = _document(401, error.problems)
            sent = "Authorization" in request.headers
            response.headers["WWW-Authenticate"] = (
                'Bearer realm="prep", error="invalid_token"' if sent else 'Bearer realm="prep"'
            )
            return response
        case ScopeLacking():
            response = _document(403, error.problems)
            response.headers["WWW-Authenticate"] = 'Bearer realm="prep", error="insufficient_scope"'
            return response
        case NotFound():
            return _document(404, error.problems)
        case Malformed():
            return _document(400, error.problems)
        case VersionNeeded():
            return _document(428, error.problems)
        case VersionStale():
            response = _document(412, error.problems)
            if error.present:
                response.headers["ETag"] = error.present
            return response
        case Conflict():
            return _document(409, error.problems)
        case Refused():
            return _document(422, error.problems)
        case Unavailable():
            # Where the database lies is not for every program: the answer names no problem, the log does.
            log.error("unavailable at %s: %s", request.endpoint, error)
            return _document(503)
        case _:
            return _of_programmer(error)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status >= 500:
        return _of_programmer(error)
    response = _document(status if status in KINDS else 400)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _of_programmer(error: Exception) -> Response:
    number = secrets.token_hex(4)
    # The text of an error can carry what was in the database: the log gets the trace, the answer the number.
    log.error("failure %s at %s", number, request.endpoint, exc_info=error)
    return _document(500, number=number)


def _document(status: int, found: Iterable[Problem] = (), *, number: str | None = None) -> Response:
    language = answer_language()
    title, detail = _words(status)
    document = ProblemDocument(
        type=kind_of(status),
        title=in_language(title, language),
        status=status,
        detail=in_language(detail, language),
        problems=tuple(
            ProblemLine(
                place=in_language(one.place, language),
                value=None if one.value is None else in_language(one.value, language),
                rule=in_language(one.rule, language),
                remedy=in_language(one.remedy, language),
            )
            for one in found
        ),
        number=number,
    )
    return Response(document.model_dump_json(), status=status, content_type=MEDIA_TYPE)


def _words(status: int) -> tuple[Message, Message]:
    match status:
        case 401:
            return say("A key is needed"), say("Send a key that is good: “Authorization: Bearer prep_…”.")
        case 403:
            return say("The key does not reach so far"), say("The key is good, but not for this operation.")
        case 404:
            return say("There is nothing here"), say("It does not exist, or the key has no right to it.")
        case 405:
            return say("Not by this method"), say(
                "The header Allow names the methods that this address knows. Nothing has been changed."
            )
        case 406:
            return say("Not in this form"), say("What the request accepts is not what this operation gives.")
        case 409:
            return say("Changed meanwhile"), say(
                "Somebody else has changed the same. Nothing has been changed; read it anew."
            )
        case 412:
            return say("Another version"), say("The change names a version that is not the present one.")
        case 413:
            return say("The content is too large"), say(
                "Operations that read or remove take no content; a change takes a small one."
            )
        case 414:
            return say("The address is too long"), say("Ask with fewer or shorter parameters.")
        case 415:
            return say("The content is not JSON"), say("Send it as application/json, in UTF-8, as it is.")
        case 428:
            return say("The version is needed"), say(
                "A change names the version that it changes: If-Match with the ETag of the thing."
            )
        case 422:
            return say("The request was refused"), say(
                "What is wrong is listed under “problems”. Nothing has been changed."
            )
        case 500:
            return say("Fault in the program"), say(
                "Nothing has been changed. Tell whoever maintains prep the number beside this."
            )
        case 503:
            return say("Not available"), say(
                "Something that the API stands on does not do its part. Try again in a moment."
            )
        case _:
            return say("The request was not understood"), say("It has the wrong form, or the wrong address.")
