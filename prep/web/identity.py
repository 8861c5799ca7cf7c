"""Who asks: the token in the browser's cookie, looked up in the database anew at every request."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from prep import clock
from prep.auth import sessions
from prep.auth.callers import Caller
from prep.auth.permissions import NOBODY, Viewer
from prep.auth.secret_key import FILE_NAME, SecretKey, load_key
from prep.auth.sessions import Entered, SignedIn
from prep.auth.viewers import viewer_of
from prep.db import write_session
from prep.errors import SignInNeeded, Unavailable
from prep.terms import Language, SignInMethod
from prep.web import cookies
from prep.web.address import settings
from prep.web.database import engine_of, reading

_COOKIE = "prep_session"


@dataclass(frozen=True, slots=True)
class Who:
    """The account that makes this request, as it was at its beginning."""

    account_id: int
    session_id: int
    login: str
    name: str
    language: Language
    method: SignInMethod
    has_second_factor: bool
    is_proof_fresh: bool
    at: datetime


def recognise(app: Flask) -> None:
    """Look up who asks before anything else is done, and keep or forget the token in the answer."""
    app.before_request(_look_up)
    app.after_request(_hand_over)


def who() -> Who | None:
    """The account that makes this request; None for a stranger."""
    found: Who | None = g.get("who")
    return found


def viewer() -> Viewer:
    """What whoever makes this request may do; nothing for a stranger."""
    found: Viewer = g.get("viewer", NOBODY)
    return found


def refusal() -> SignInNeeded | None:
    """Why the token that came with this request opens nothing, where there is a reason to tell."""
    found: SignInNeeded | None = g.get("refusal")
    return found


def raise_if_unreachable() -> None:
    """Fail where the database could not say who asks."""
    error: SQLAlchemyError | None = g.get("unreachable")
    if error is not None:
        raise error


def actor() -> str:
    """Who acts, as the audit trail names it."""
    found = who()
    return f"account: {found.login}" if found else "page: sign-in"


def name() -> str:
    """The name of whoever makes this request; empty for a stranger."""
    found = who()
    return found.name if found else ""


def login() -> str:
    """The sign-in name of whoever makes this request; empty for a stranger."""
    found = who()
    return found.login if found else ""


def signed_in(session: Session) -> SignedIn:
    """Whoever makes this request, inside a session of the database.

    Raises
    ------
    SignInNeeded
        If nobody is signed in, or no longer.
    """
    return sessions.session_of(session, token() or "")


def token() -> str | None:
    """The token in the browser's cookie."""
    return cookies.held(_COOKIE)


def caller() -> Caller:
    """Where this request comes from."""
    return Caller(request.remote_addr or "", request.user_agent.string)


def secret_key() -> SecretKey:
    """The installation's key; it is made at the first use."""
    return load_key(settings().instance / FILE_NAME)


def keep(entered: Entered) -> None:
    """Put a new token in the browser with this answer."""
    g.new_token = entered.token


def forget() -> None:
    """Take the token out of the browser with this answer."""
    g.new_token = ""


def _look_up() -> None:
    given = token()
    # A program comes with its own key and must not borrow what a browser happens to hold.
    if not given or request.endpoint == "static" or "Authorization" in request.headers:
        return
    try:
        with reading() as session:
            found = sessions.session_of(session, given)
            g.viewer = viewer_of(session, found, on=clock.today())
            g.who = _as_it_is(found)
            is_to_be_seen = found.is_to_be_seen
    except SignInNeeded as error:
        g.refusal = error
        return
    except (SQLAlchemyError, Unavailable) as error:
        # Told only where it matters who asks: a page for everyone can do without the database.
        g.unreachable = error
        return
    if is_to_be_seen:
        with write_session(engine_of(current_app), actor=actor()) as session:
            sessions.see(session, sessions.session_of(session, given))


def _as_it_is(found: SignedIn) -> Who:
    account = found.account
    return Who(
        account_id=account.id,
        session_id=found.login_session.id,
        login=account.login,
        name=account.name,
        language=account.language,
        method=found.login_session.method,
        has_second_factor=found.has_second_factor,
        is_proof_fresh=found.is_proof_fresh,
        at=found.at,
    )


def _hand_over(response: Response) -> Response:
    new: str | None = g.get("new_token")
    if new:
        cookies.put(response, _COOKIE, new)
    elif new == "":
        cookies.drop(response, _COOKIE)
    return response
