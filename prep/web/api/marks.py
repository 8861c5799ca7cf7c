"""The mark (ETag) of an answer: who has it already gets 304, and a change names the version that it changes."""

import hashlib

from flask import Response, request
from werkzeug.http import quote_etag

from prep.terms import Language
from prep.web.api.language import answer_language
from prep.web.api.problems import VersionNeeded, VersionStale
from prep.web.api.shapes import Shape


def mark(content: bytes, language: Language) -> str:
    """The mark of a content in a language."""
    return hashlib.sha256(language.value.encode() + b"\n" + content).hexdigest()[:32]


def keep(response: Response, *, is_personal: bool) -> None:
    """Give the answer its mark; who has it already gets 304 instead."""
    response.set_etag(mark(response.get_data(), answer_language()))
    response.headers["X-Prep-Keep"] = "no-store" if is_personal else "private, no-cache"
    response.make_conditional(request)


def require_version(thing: Shape | None, *, is_needed: bool) -> None:
    """Go on only if the request names the present version of a thing (None: of nothing), where it names one.

    In whatever language it was read, it is the same thing.

    Raises
    ------
    VersionNeeded
        If it names none and has to. “*” names none.
    VersionStale
        If it names another.
    """
    sent = request.headers.get("If-Match")
    if sent is None or (is_needed and (not sent.strip() or request.if_match.star_tag)):
        if is_needed:
            raise VersionNeeded
        return
    if thing is None:
        raise VersionStale(sent, present=None)
    content = thing.model_dump_json().encode()
    if not any(request.if_match.contains(mark(content, one)) for one in Language):
        raise VersionStale(sent, present=quote_etag(mark(content, answer_language())))
