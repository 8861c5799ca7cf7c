"""The language of a page: the link, what was chosen before, the account's, what the browser asks for."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from prep.language import OWN_NAMES
from prep.terms import Language
from prep.web import cookies, identity
from prep.web.address import settings

_COOKIE = "prep_language"
_YEAR = timedelta(days=365)


def speak(app: Flask) -> None:
    """Keep a chosen language for the next pages and say in the answer which one it is in."""
    app.after_request(_remember)


def page_language() -> Language:
    """The language of the page that is being made."""
    if "language" not in g:
        g.language = _chosen()
    language: Language = g.language
    return language


def prefer(language: Language) -> None:
    """Speak to somebody who is not signed in in their own language, unless another was chosen by a link."""
    known = {one.value for one in Language}
    chosen = {request.args.get("lang"), request.cookies.get(_COOKIE)} & known
    if not chosen and identity.who() is None:
        g.language = language


def language_links() -> list[tuple[Language, str, str]]:
    """The other languages: which, its own name, and the address of this page in it."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return [
        (language, name, f"{request.path}?{urlencode([*kept, ('lang', language.value)])}")
        for language, name in OWN_NAMES.items()
        if language is not page_language()
    ]


def forget_choice() -> None:
    """Forget what was chosen by a link, so that the account's language counts again."""
    g.forget_language = True


def _chosen() -> Language:
    known = [language.value for language in Language]
    for wanted in (request.args.get("lang"), cookies.held(_COOKIE)):
        if wanted in known:
            return Language(wanted)
    who = identity.who()
    if who is not None:
        return who.language
    return Language(request.accept_languages.best_match(known) or settings().language or Language.FI)


def _remember(response: Response) -> Response:
    if request.endpoint == "static":
        return response
    response.headers["Content-Language"] = page_language().value
    if g.get("forget_language"):
        cookies.drop(response, _COOKIE)
        return response
    wanted = request.args.get("lang")
    if wanted == page_language().value and wanted != cookies.held(_COOKIE):
        cookies.put(response, _COOKIE, wanted, lasts=_YEAR)
    return response
