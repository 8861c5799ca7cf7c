"""Which permission a route asks for. Every route names one; what is not named is not served.

Asked before a view runs: is somebody signed in, and may they do this anywhere. Where the thing belongs to a
municipality the view asks again with its code (``require``).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from prep.auth.permissions import nothing_here
from prep.auth.permissions import require as require_of
from prep.auth.roles import Permission
from prep.auth.sessions import sign_in_needed
from prep.language import say
from prep.web import identity

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """Who may open what no role decides."""

    # Says nothing about the county (the style, the sign-in), or is opened by a key in the address itself.
    PUBLIC = "public"
    # The own account, second factor set up or not.
    SIGNED_IN = "signed in"


class FactorNeeded(Exception):
    """Signed in with a password alone: nothing but setting up a second factor is open."""


def permission(needed: str) -> Callable[[View], View]:
    """Name the permission that a view asks for: a ``Permission``, ``public`` or ``signed in``."""
    named = Access(needed) if needed in set(Access) else Permission(needed)

    def mark(view: View) -> View:
        view.permission = named  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> Permission | Access | None:
    """The permission a view names, None if it names none."""
    return getattr(view, "permission", None)


def guard(app: Flask) -> None:
    """Let nobody to a view without its permission."""
    app.before_request(_let_in)


def require(needed: Permission, municipality: str | None = None) -> None:
    """Go on only if whoever asks may do this in a municipality, or (None) on what is the county's or shared.

    Raises
    ------
    NotFound
        If they may not, in the same words as for what does not exist.
    """
    require_of(identity.viewer(), needed, municipality)


def require_named(app: Flask) -> None:
    """Refuse to start with a route that names no permission.

    Raises
    ------
    TypeError
        With the routes that name none.
    """
    # Flask's own view of the files in static/, the same for everyone.
    views = {name: view for name, view in app.view_functions.items() if name != "static"}
    nameless = sorted(name for name, view in views.items() if permission_of(view) is None)
    if nameless:
        raise TypeError(f"routes that name no permission: {', '.join(nameless)}")


def _let_in() -> None:
    # Without an endpoint there is no page at this address: that is public knowledge.
    if request.endpoint is None or request.endpoint == "static":
        return
    needed = permission_of(current_app.view_functions[request.endpoint])
    if needed is Access.PUBLIC:
        return
    identity.raise_if_unreachable()
    who = identity.who()
    if who is None:
        raise identity.refusal() or sign_in_needed(say("This page is for those who are signed in."))
    if needed is Access.SIGNED_IN:
        return
    if not who.has_second_factor:
        raise FactorNeeded
    if needed is None or not identity.viewer().may_somewhere(Permission(needed)):
        raise nothing_here()
