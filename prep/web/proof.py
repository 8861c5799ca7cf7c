"""Showing once more who one is, before something weighty."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from prep.auth import proving
from prep.auth.sessions import Entered
from prep.auth.turning_away import TurnedAway
from prep.auth.ways import ways_of
from prep.errors import Problem
from prep.web import identity, notices
from prep.web.database import reading, writing
from prep.web.forms import Form, sent_back, status_of, typed
from prep.web.permissions import permission
from prep.web.returning import wanted

pages = Blueprint("proof", __name__, url_prefix="/oma/vahvista")

Answer = str | tuple[str, int] | Response


@pages.get("")
@permission("signed in")
def ask() -> Answer:
    """Ask for the password, a code or a passkey."""
    return _ask(Form())


@pages.post("")
@permission("signed in")
def give() -> Answer:
    """Look at the password or the code."""
    values = typed("secret")
    with writing(identity.actor()) as session:
        given = proving.with_secret(
            session,
            identity.signed_in(session),
            values["secret"],
            caller=identity.caller(),
            key=identity.secret_key(),
        )
    return turned_away(given, "secret") if isinstance(given, TurnedAway) else proven(given)


def turned_away(given: TurnedAway, field: str) -> Answer:
    """The page once more for somebody who has not shown it, with the reason at the way that was tried."""
    return ask_again([given.problem], field), status_of(given)


def ask_again(problems: Iterable[Problem], field: str) -> str:
    """The page with what is wrong with one of the ways."""
    return _ask(sent_back({}, problems, {"Sign-in": field}))


def proven(given: Entered, *, after: str | None = None) -> Response:
    """The answer to somebody who has shown who they are: on to what they were about to do."""
    identity.keep(given)
    return redirect(after or wanted() or notices.after("account.show", "proven"), code=303)


def _ask(form: Form) -> str:
    with reading() as session:
        found = ways_of(session, identity.signed_in(session).account)
        return render_template("account_proof.html", form=form, after=wanted() or "", ways=found)
