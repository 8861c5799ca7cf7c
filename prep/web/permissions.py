"""Which permission a route asks for. Every route names one; what is not named is not served."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What somebody may be allowed to do on the pages."""

    # Says nothing about the county: the style, the accessibility statement.
    PUBLIC = "public"
    OVERVIEW_READ = "overview.read"
    MUNICIPALITY_READ = "municipality.read"
    BODY_READ = "body.read"
    CHAIN_READ = "chain.read"
    SITE_READ = "site.read"
    CARD_READ = "card.read"
    CARD_PRINT = "card.print"
    AUDIT_READ = "audit.read"


def permission(needed: str) -> Callable[[View], View]:
    """Name the permission that a view asks for."""
    named = Permission(needed)

    def mark(view: View) -> View:
        view.permission = named  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """The permission a view names, None if it names none."""
    return getattr(view, "permission", None)


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
