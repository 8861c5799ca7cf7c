"""Signing in and out, and the one-time links. Works the same for names that exist and names that do not."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from prep.addresses import is_loopback
from prep.auth import links, sessions, signing_in
from prep.auth.sessions import Entered
from prep.auth.signing_in import CodeAsked
from prep.auth.turning_away import TurnedAway
from prep.errors import Problem, Refused
from prep.language import say
from prep.models import OneTimeLink
from prep.terms import LinkPurpose, SignInMethod
from prep.web import cookies, identity, notices
from prep.web.address import settings
from prep.web.database import reading, writing
from prep.web.forms import Form, require_same, sent_back, status_of, typed
from prep.web.frame import home
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.returning import FIELD, wanted

pages = Blueprint("signing_in", __name__)

_CODE_COOKIE = "prep_code"
_CODE_LASTS = timedelta(minutes=5)
_PLACES = {"Sign-in": "login"}
_CODE_PLACES = {"Sign-in": "code"}
_LINK_PLACES = {
    "The password": "password",
    "The password again": "again",
    "The sign-in name": "login",
    "The name of the account’s owner": "name",
}

Answer = str | tuple[str, int] | Response


@pages.get("/kirjaudu")
@permission("public")
def ask() -> Answer:
    """The first step: sign-in name and password."""
    if identity.who() is not None:
        return redirect(wanted() or _home(), code=303)
    return _ask(Form())


@pages.post("/kirjaudu")
@permission("public")
def give_password() -> Answer:
    """Look at the sign-in name and the password."""
    values = typed("login", "password")
    with writing(identity.actor()) as session:
        given = signing_in.give_password(
            session, values["login"], values["password"], caller=identity.caller()
        )
    match given:
        case TurnedAway():
            return _ask(sent_back(values, [given.problem], _PLACES)), status_of(given)
        case CodeAsked():
            return to_code(given)
        case Entered():
            return let_in(given)


@pages.get("/kirjaudu/koodi")
@permission("public")
def ask_code() -> Answer:
    """The second step: a code of the app, or a recovery code."""
    if cookies.held(_CODE_COOKIE) is None:
        return redirect(url_for("signing_in.ask", **_kept()), code=303)
    return _ask_code(Form())


@pages.post("/kirjaudu/koodi")
@permission("public")
def give_code() -> Answer:
    """Look at the code."""
    values = typed("code")
    with writing(identity.actor()) as session:
        given = signing_in.give_code(
            session,
            cookies.held(_CODE_COOKIE) or "",
            values["code"],
            caller=identity.caller(),
            key=identity.secret_key(),
        )
    if isinstance(given, TurnedAway):
        return _ask_code(sent_back(values, [given.problem], _CODE_PLACES)), status_of(given)
    return let_in(given)


@pages.post("/kirjaudu/ulos")
@permission("signed in")
def leave() -> Answer:
    """Sign out here; the token opens nothing from now on."""
    with writing(identity.actor()) as session:
        here = identity.signed_in(session).login_session
        sessions.end(session, here)
        # Whoever came by way of the organisation may still be signed in there, and the next one here would be, too.
        is_elsewhere = here.method in {SignInMethod.PROVIDER, SignInMethod.PROVIDER_ALONE}
    identity.forget()
    answer = redirect(notices.after("signing_in.ask", "out-here" if is_elsewhere else "out"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@pages.get("/link/<token>")
@permission("public")
def open_link(token: str) -> Answer:
    """What a one-time link is for; looking at it uses nothing."""
    with reading() as session:
        return _show_link(links.look_up(session, token), token, Form())


@pages.post("/link/<token>")
@permission("public")
def use_link(token: str) -> Answer:
    """Use a one-time link: a password is chosen, the first administrator is made, or a demonstration opened."""
    values = typed("login", "name", "password", "again")
    with reading() as session:
        purpose = links.look_up(session, token).purpose
    if purpose is LinkPurpose.DEMONSTRATION:
        return _enter_demonstration(token)
    try:
        _redeem(token, purpose, values)
    except Refused as error:
        with reading() as session:
            form = sent_back(values, error, _LINK_PLACES)
            return _show_link(links.look_up(session, token), token, form), 422
    return redirect(notices.after("signing_in.ask", "chosen"), code=303)


@pages.get("/alkuun")
@permission("signed in")
def begin() -> Answer:
    """On to the first page that the one who is signed in may open."""
    who = identity.who()
    if who is not None and not who.has_second_factor:
        return redirect(url_for("account.second_factor"), code=303)
    return redirect(home().href, code=303)


def let_in(entered: Entered, *, after: str | None = None) -> Response:
    """The answer to somebody who has just been signed in: their token, and the page they wanted.

    ``after`` is that page where the request itself cannot say it.
    """
    identity.keep(entered)
    # The pages are in the account's language from here on, unless another was chosen by a link.
    g.pop("language", None)
    answer = redirect(after or wanted() or _home(), code=303)
    cookies.drop(answer, _CODE_COOKIE)
    return answer


def to_code(asked: CodeAsked, *, after: str | None = None) -> Response:
    """The answer to somebody who has shown one thing: the page that asks for the second."""
    kept = {FIELD: after} if after else _kept()
    answer = redirect(url_for("signing_in.ask_code", **kept), code=303)
    cookies.put(answer, _CODE_COOKIE, asked.token, lasts=_CODE_LASTS)
    return answer


def turned_away(given: TurnedAway, field: str) -> Answer:
    """The sign-in page once more for somebody who was not let in, with the reason at the way they tried."""
    return ask_again([given.problem], field), status_of(given)


def ask_again(problems: Iterable[Problem], field: str) -> str:
    """The sign-in page with what is wrong with one of the ways to sign in."""
    return _ask(sent_back({}, problems, {"Sign-in": field}))


def _redeem(token: str, purpose: LinkPurpose, values: dict[str, str]) -> None:
    require_same(values)
    with writing("one-time link") as session:
        if purpose is LinkPurpose.SETUP:
            links.redeem_setup(
                session,
                token,
                login=values["login"],
                name=values["name"],
                password=values["password"],
                language=page_language(),
            )
        else:
            links.redeem(session, token, values["password"])


def _enter_demonstration(token: str) -> Answer:
    # A link that needs no password is for the machine on which the demonstration runs, whatever else is set.
    if settings().is_for_others or not is_loopback(request.remote_addr or ""):
        raise Refused(
            Problem(
                place=say("The link of the demonstration"),
                value=None,
                rule=say("It works only on the machine on which prep was started."),
                remedy=say("Open it there, or make an account with “prep user add”."),
            )
        )
    with writing("one-time link") as session:
        entered = links.redeem_demonstration(session, token, caller=identity.caller())
    return let_in(entered)


def _show_link(link: OneTimeLink, token: str, form: Form) -> str:
    return render_template("link.html", link=link, token=token, form=form, purposes=LinkPurpose)


def _ask(form: Form) -> str:
    return render_template("sign_in.html", form=form, after=wanted() or "")


def _ask_code(form: Form) -> str:
    return render_template("sign_in_code.html", form=form, after=wanted() or "")


def _home() -> str:
    # Whatever they may open: the page itself sends them on.
    return url_for("signing_in.begin")


def _kept() -> dict[str, Any]:
    after = wanted()
    return {FIELD: after} if after else {}
