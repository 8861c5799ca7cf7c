"""What is kept in a browser: never readable for scripts, never sent along by other sites' forms.

Over TLS the names begin with ``__Host-``: browsers take such a cookie from this very host only, and over TLS only.
"""

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from prep.web.address import is_secure


def held(name: str) -> str | None:
    """What the browser that asks holds under a name."""
    return request.cookies.get(_full(name))


def put(response: Response, name: str, value: str, *, lasts: timedelta | None = None) -> None:
    """Let the browser hold a value, until it is closed if nothing else is said."""
    response.set_cookie(
        _full(name), value, max_age=lasts, path="/", httponly=True, samesite="Lax", secure=is_secure()
    )


def drop(response: Response, name: str) -> None:
    """Take a value out of the browser."""
    response.delete_cookie(_full(name), path="/", httponly=True, samesite="Lax", secure=is_secure())


def _full(name: str) -> str:
    return f"__Host-{name}" if is_secure() else name
