"""Pages for what went wrong: what happened, what was kept, what to do. HTTP status is decided here only."""

import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Conflict as HttpConflict
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from prep.errors import Conflict, NotFound, PrepError, ProofNeeded, Refused, SignInNeeded, Unavailable
from prep.language import Message, say
from prep.submissions import AlreadyDone
from prep.web import identity
from prep.web.forgery import ForeignForm
from prep.web.language import page_language
from prep.web.permissions import FactorNeeded
from prep.web.returning import FIELD, asked_page
from prep.web.security import ForeignHost

log = logging.getLogger("prep.web")


@dataclass(frozen=True, slots=True)
class Failure:
    """What an error page shows."""

    status: int
    title: Message
    happened: Message
    remedy: Message
    # Whole sentences of the problems found, in the page's language.
    problems: tuple[str, ...] = field(default=())
    # By which the failure is found in the log.
    number: str | None = None
    # Without the frame: whoever asked is on another site and gets no links.
    is_bare: bool = False


def answer_failures(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(SignInNeeded, _to_sign_in)
    app.register_error_handler(ProofNeeded, _to_proof)
    app.register_error_handler(FactorNeeded, _to_factor)
    app.register_error_handler(PrepError, _of_prep)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(AlreadyDone, lambda error: redirect(error.answer or "/", code=303))
    for conflict in (Conflict, StaleDataError):
        app.register_error_handler(conflict, lambda _: _of_http(HttpConflict()))
    app.register_error_handler(Exception, _of_programmer)


def _to_sign_in(_: SignInNeeded) -> Response:
    """The page that was asked for waits behind the sign-in; what does not exist waits there as well."""
    why = "over" if identity.refusal() is not None else None
    address = url_for("signing_in.ask", **_back(), tehty=why)
    return redirect(address, code=303)


def _to_proof(_: ProofNeeded) -> Response:
    return redirect(url_for("proof.ask", **_back()), code=303)


def _to_factor(_: FactorNeeded) -> Response:
    return redirect(url_for("account.second_factor"), code=303)


def _back() -> dict[str, Any]:
    """Where to go on afterwards; the first page needs no telling."""
    page = asked_page()
    return {FIELD: page} if page and page != "/" else {}


def _of_prep(error: PrepError) -> tuple[str, int]:
    sentences = tuple(problem.in_language(page_language()) for problem in error.problems)
    match error:
        case NotFound():
            status, title = 404, say("Not found")
            happened = say("What you asked for is not here.")
            remedy = say("Go back and choose from the list, or begin at the situation overview.")
        case Refused():
            status, title = 422, say("This cannot be done as asked")
            happened = say("Nothing has been changed. Here is what is wrong and how to mend it.")
            remedy = say("Go back, change what is named and try again.")
        case Unavailable():
            status, title = 503, say("The service is not available")
            happened = say(
                "Something that the pages stand on does not do its part. Nothing has been changed."
            )
            remedy = say("Try again in a moment. If it goes on, tell whoever maintains prep.")
            # Where the database lies is not for every reader: the page names no problem, the log does.
            log.error("unavailable at %s: %s", request.endpoint, error)
            sentences = ()
        case _:
            return _of_programmer(error)
    return _page(Failure(status, title, happened, remedy, sentences))


def _of_http(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]]:
    status = error.code or 500
    match status:
        case 404:
            failure = Failure(
                404,
                say("Not found"),
                say("There is no page at this address."),
                say("Check the address, or begin at the situation overview."),
            )
        case 405:
            failure = Failure(
                405,
                say("This page is for reading"),
                say(
                    "The request asked the page to do something that it does not do. Nothing has been changed."
                ),
                say("Go back and open the page by its link."),
            )
        case 400 if isinstance(error, ForeignHost):
            failure = Failure(
                400,
                say("The address is not one of this service"),
                say("The pages answer only to the name of the machine that they are served from."),
                say("Open the address that “prep serve” printed when it was started."),
                is_bare=True,
            )
        case 403 if isinstance(error, ForeignForm):
            failure = Failure(
                403,
                say("The form is too old, or not from here"),
                say("Nothing has been changed: the form does not belong to your sign-in as it is now."),
                say("Go back, load the page again, and fill in the form once more."),
            )
        case 409:
            failure = Failure(
                409,
                say("Somebody else has changed the same"),
                say("Nothing of yours has been saved, so that nothing of theirs is lost."),
                say("Go back, load the page again, look at what has changed, and save anew."),
            )
        case 429:
            failure = Failure(
                429,
                say("Too many attempts"),
                say("There have been too many attempts in a short time. Nothing has been changed."),
                say("Wait some minutes and try again."),
            )
        case 413:
            failure = Failure(
                413,
                say("Too much was sent"),
                say("The request was larger than these pages take. Nothing has been changed."),
                say("Go back and open the page by its link."),
            )
        case _ if status < 500:
            failure = Failure(
                status,
                say("The request cannot be understood"),
                say(
                    "Something in the address or in what was sent has the wrong form. Nothing has been changed."
                ),
                say("Go back and try again."),
            )
        case _:
            failure = _unexpected(status)
    allowed = [("Allow", ", ".join(error.valid_methods or ()))] if isinstance(error, MethodNotAllowed) else []
    return *_page(failure), allowed


def _of_programmer(error: Exception) -> tuple[str, int]:
    failure = _unexpected(500)
    # The text of an error can carry what was in the database: the log gets the trace, the page only the number.
    log.error("failure %s at %s", failure.number, request.endpoint, exc_info=error)
    return _page(failure)


def _unexpected(status: int) -> Failure:
    return Failure(
        status,
        say("Something went wrong"),
        say("The page could not be made because of a fault in the program. Nothing has been changed."),
        say("Try again. If it goes on, tell whoever maintains prep the number below."),
        number=secrets.token_hex(4),
    )


def _page(failure: Failure) -> tuple[str, int]:
    template = "error_bare.html" if failure.is_bare else "error.html"
    return render_template(template, failure=failure), failure.status
