"""Saving what a form says: all of it or nothing, once however often it is sent, and such that it can be taken back."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import submissions, undo
from prep.models import Submission
from prep.web import identity, notices
from prep.web.database import writing
from prep.web.forgery import FIELD as FORM_TOKEN
from prep.web.forgery import ONCE

WHY = "syy"
UNDO = "kumoa"
BACK = "paluu"
_LONGEST_WHY = 1000


@contextmanager
def saving(*, why: str = "") -> Iterator[Session]:
    """A session for what a form changes. The reason is ``why``, or what stands in the form's own field for it.

    Raises
    ------
    AlreadyDone
        If the very same was sent before and carried out.
    """
    reason = why or " ".join(request.form.get(WHY, "").split())[:_LONGEST_WHY]
    with writing(identity.actor(), why=reason) as session:
        once = request.form.get(ONCE)
        if once:
            key = submissions.key_of(identity.login(), once, _content())
            g.submission = submissions.begin(session, key)
        yield session


def saved(session: Session, endpoint: str, done: str, *, back: str | None = None, **values: Any) -> Response:
    """To the page that comes after, which says what was done and offers to take it back.

    Called inside the transaction, so that the form is led to the same page when it is sent a second time.
    ``back`` is where one is led after taking it back, where the page itself may be gone then.
    """
    return saved_at(session, url_for(endpoint, **values), done, back=back)


def saved_at(session: Session, path: str, done: str, *, back: str | None = None) -> Response:
    """As `saved`, to an address of these pages; a place on the page (``#…``) is kept."""
    rows = undo.last_change(session)
    offered = {UNDO: f"{rows[0]}-{rows[1]}"} if rows else {}
    if rows and back is not None:
        offered[BACK] = back
    return led_to(notices.on(path, done, **offered))


def done(endpoint: str, done: str, **values: Any) -> Response:
    """To the page that comes after something that cannot be taken back."""
    return led_to(notices.after(endpoint, done, **values))


def led_to(address: str) -> Response:
    """To an address of these pages, remembered for the form's second sending."""
    submission: Submission | None = g.get("submission")
    if submission is not None:
        submission.answer = address
    return redirect(address, code=303)


def _content() -> bytes:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in {FORM_TOKEN, ONCE}]
    for name, file in request.files.items(multi=True):
        kept.append((name, hashlib.sha256(file.stream.read()).hexdigest()))
        file.stream.seek(0)
    return f"{request.path}?{urlencode(kept)}".encode()
