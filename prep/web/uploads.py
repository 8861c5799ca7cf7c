"""Where a file is taken: only there may a request be larger than a form, and only once its sender may send it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from prep.web.security import LARGEST_BODY_BYTES, refuse_zero, texts

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(largest_bytes: int) -> Callable[[View], View]:
    """Let a view take a file of so many bytes, beside the fields of its form."""

    def mark(view: View) -> View:
        view.largest_body = largest_bytes + LARGEST_BODY_BYTES  # type: ignore[attr-defined]
        return view

    return mark


def take_files(app: Flask) -> None:
    """Let the marked views take more. Registered behind the permissions: a stranger's file is not read."""
    app.before_request(_let_in)


def _let_in() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, "largest_body", None)
    if largest is not None:
        request.max_content_length = largest
        refuse_zero(*texts(request.form))
