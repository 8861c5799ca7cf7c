"""The keys for programs of all accounts, for the administrator: seen and revoked here, made by their owners."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from prep.auth import sessions, tokens
from prep.auth.permissions import nothing_here
from prep.models import ApiToken
from prep.web import identity, notices
from prep.web.database import reading, writing
from prep.web.permissions import permission

pages = Blueprint("keys", __name__, url_prefix="/hallinta/avaimet")


@pages.get("")
@permission("account.manage")
def listed() -> str:
    """Every key that is still good."""
    with reading() as session:
        return render_template("keys.html", keys=tokens.listed(session), ends_soon=tokens.ends_soon)


@pages.post("/<int:number>/mitatoi")
@permission("account.manage")
def revoke(number: int) -> Response:
    """Make a key useless from its next request on."""
    with writing(identity.actor()) as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        row = session.get(ApiToken, number)
        if row is None:
            raise nothing_here()
        tokens.revoke(session, row)
    return redirect(notices.after("keys.listed", "revoked"), code=303)
