"""The own keys for programs: made, shown once, listed, revoked. Nobody makes one in another's name here."""

from collections.abc import Collection

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth import sessions, tokens, viewers
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.auth.words import PERMISSION_NAMES
from prep.errors import Problem, Refused
from prep.language import say
from prep.models import ApiToken
from prep.web import identity, notices
from prep.web.api.table import OPERATIONS
from prep.web.database import reading, writing
from prep.web.forms import Form, sent_back, typed
from prep.web.permissions import permission
from prep.web.saving import led_to, saving

pages = Blueprint("own_keys", __name__, url_prefix="/oma/avaimet")

Answer = str | tuple[str, int] | Response
_PLACES = {"The key’s name": "name", "The key’s days": "days", "The key’s permissions": "scope"}
_DAYS = "90"


@pages.get("")
@permission("signed in")
def listed() -> Answer:
    """The own keys that are still good."""
    with reading() as session:
        account = identity.signed_in(session).account
        return render_template(
            "own_keys.html", keys=tokens.listed(session, account), ends_soon=tokens.ends_soon
        )


@pages.get("/uusi")
@permission("signed in")
def new() -> Answer:
    """The form of a new key."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        return _form(session, Form({"days": _DAYS}), ())


@pages.post("/uusi")
@permission("signed in")
def make() -> Answer:
    """Make a key; it is shown once."""
    values, scopes = typed("name", "days"), _scopes()
    try:
        with saving() as session:
            made = tokens.create(
                session,
                identity.signed_in(session),
                name=values["name"],
                scopes=scopes,
                days=_days(values["days"]),
            )
            # The key itself is shown once: sent a second time, the form leads to the list.
            led_to(url_for("own_keys.listed"))
            return render_template("own_key_made.html", key=made.row, token=made.token)
    except Refused as error:
        with reading() as session:
            return _form(session, sent_back(values, error, _PLACES), scopes), 422


@pages.post("/<int:number>/mitatoi")
@permission("signed in")
def revoke(number: int) -> Answer:
    """Make an own key useless; another account's does not exist here."""
    with writing(identity.actor()) as session:
        row = session.get(ApiToken, number)
        if row is None or row.account_id != identity.signed_in(session).account.id:
            raise nothing_here()
        tokens.revoke(session, row)
    return redirect(notices.after("own_keys.listed", "revoked"), code=303)


def _form(session: Session, form: Form, chosen: Collection[Permission]) -> str:
    viewer = viewers.viewer_of(session, identity.signed_in(session), on=clock.today())
    # What no operation of the API asks for would only make a lost key worse.
    useful = viewer.permissions() & {needed for one in OPERATIONS for needed in one.permissions}
    return render_template(
        "own_key_new.html",
        form=form,
        choices=[(one, PERMISSION_NAMES[one], one in chosen) for one in Permission if one in useful],
        longest=tokens.LONGEST_DAYS,
    )


def _scopes() -> list[Permission]:
    """What was ticked; what is no permission was not on the form."""
    return [Permission(one) for one in request.form.getlist("scope") if one in set(Permission)]


def _days(value: str) -> int:
    if value.isascii() and value.isdecimal() and len(value) <= len(str(tokens.LONGEST_DAYS)):
        return int(value)
    raise Refused(
        Problem(
            place=say("The key’s days"),
            value=value[:20] or None,
            rule=say("A key is good for 1 to {longest} days.", longest=tokens.LONGEST_DAYS),
            remedy=say("Choose a number of days within these."),
        )
    )
