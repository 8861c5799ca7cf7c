"""Who is signed in where, for the administrator, and ending it: the next request of that browser finds nobody."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from prep.auth import sessions
from prep.auth.permissions import nothing_here
from prep.auth.words import METHOD_NAMES
from prep.models import Account, LoginSession
from prep.web import identity, notices
from prep.web.database import reading, writing
from prep.web.permissions import permission

pages = Blueprint("sign_ins", __name__, url_prefix="/hallinta")
_WHY = "ended by an administrator"


@pages.get("/kirjautumiset")
@permission("account.manage")
def listed() -> str:
    """Every sign-in that holds now, the latest first."""
    with reading() as session:
        return render_template(
            "sign_ins.html",
            sessions=sessions.listed(session),
            here=identity.signed_in(session).login_session.id,
            method_names=METHOD_NAMES,
        )


@pages.post("/kirjautumiset/<int:number>/lopeta")
@permission("account.manage")
def end(number: int) -> Response:
    """End one sign-in."""
    with writing(identity.actor()) as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        found = session.get(LoginSession, number)
        if found is None or found.ended_at is not None:
            raise nothing_here()
        sessions.end(session, found, why=_WHY)
    return redirect(notices.after("sign_ins.listed", "ended"), code=303)


@pages.post("/tilit/<int:number>/kirjaa-ulos")
@permission("account.manage")
def end_all(number: int) -> Response:
    """Sign an account out everywhere; one's own account everywhere but here."""
    with writing(identity.actor()) as session:
        signed = identity.signed_in(session)
        sessions.require_fresh_proof(signed)
        account = session.get(Account, number)
        if account is None:
            raise nothing_here()
        sessions.end_all(session, account, why=_WHY, keep=signed.login_session)
    return redirect(notices.after("administration.one", "signed-out", number=number), code=303)
