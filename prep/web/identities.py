"""The identities of an account at the organisation's service, for the administrator."""

from flask import Blueprint, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth import identities, sessions
from prep.auth.permissions import nothing_here
from prep.auth.ways import ways_of
from prep.errors import Refused
from prep.models import Account
from prep.web import identity, notices
from prep.web.address import settings
from prep.web.database import reading, writing
from prep.web.forms import Form, sent_back, typed
from prep.web.permissions import permission

pages = Blueprint("identities", __name__, url_prefix="/hallinta/tilit/<int:number>/tunnukset")

Answer = str | tuple[str, int] | Response
_PLACES = {"The subject (sub)": "subject"}


@pages.get("")
@permission("account.manage")
def listed(number: int) -> Answer:
    """The identities that sign in to an account, and the form to bind another."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        return _listed(session, number, Form())


@pages.post("")
@permission("account.manage")
def bind(number: int) -> Answer:
    """Let a subject of the service sign in to an account."""
    values = typed("subject")
    try:
        with writing(identity.actor()) as session:
            sessions.require_fresh_proof(identity.signed_in(session))
            identities.bind(
                session,
                _account(session, number),
                issuer=settings().oidc_issuer or "",
                subject=values["subject"].strip(),
            )
    except Refused as error:
        with reading() as session:
            return _listed(session, number, sent_back(values, error, _PLACES)), 422
    return redirect(notices.after("identities.listed", "bound", number=number), code=303)


@pages.post("/<int:identity_number>/poista")
@permission("account.manage")
def unbind(number: int, identity_number: int) -> Answer:
    """Let an identity sign in no more; the account is signed out everywhere."""
    with writing(identity.actor()) as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        found = ways_of(session, _account(session, number)).identity(identity_number)
        if found is None:
            raise nothing_here()
        identities.unbind(session, found)
    return redirect(notices.after("identities.listed", "unbound", number=number), code=303)


def _account(session: Session, number: int) -> Account:
    found = session.get(Account, number)
    # Without a service there is nothing to bind anybody to.
    if found is None or settings().oidc_issuer is None:
        raise nothing_here()
    return found


def _listed(session: Session, number: int, form: Form) -> str:
    account = _account(session, number)
    return render_template(
        "account_identities.html",
        account=account,
        identities=ways_of(session, account).identities,
        issuer=settings().oidc_issuer,
        form=form,
    )
