"""Where somebody goes after signing in: back to where they came from, if that is a page of this service."""

from urllib.parse import urlencode, urlsplit

from flask import request

FIELD = "seuraava"
_LONGEST = 2000


def own_path(target: str) -> str | None:
    r"""The path if it is one of this service, None for anything that could lead elsewhere.

    >>> own_path("/kunnat/272?lang=sv"), own_path("//evil.example"), own_path("/\\evil.example")
    ('/kunnat/272?lang=sv', None, None)
    """
    if not target.startswith("/") or len(target) > _LONGEST:
        return None
    # Browsers read a backslash as a slash and pass over control characters.
    if not target.isprintable() or "\\" in target or target.startswith("//"):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def asked_page() -> str | None:
    """The page of this request, where one can come back to; None for a form that was sent."""
    if request.method != "GET" or request.endpoint is None:
        return None
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def wanted() -> str | None:
    """Where this request says to go afterwards."""
    return own_path(request.values.get(FIELD, ""))
