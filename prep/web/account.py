"""The own account: password, second factor, recovery codes, where one is signed in, language."""

import re

import pyotp
import segno
from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from prep import clock
from prep.auth import accounts, proving, recovery, sessions, signing_in, totp
from prep.auth.permissions import nothing_here
from prep.auth.turning_away import TurnedAway
from prep.auth.ways import ways_of
from prep.auth.words import METHOD_NAMES, ROLE_NAMES
from prep.errors import Problem, Refused
from prep.language import OWN_NAMES, say
from prep.models import LoginSession
from prep.terms import Language
from prep.web import identity, notices
from prep.web.database import reading, writing
from prep.web.forms import Form, require_same, sent_back, status_of, typed
from prep.web.language import forget_choice
from prep.web.permissions import permission

pages = Blueprint("account", __name__, url_prefix="/oma")

Answer = str | tuple[str, int] | Response
_PLACES = {"The password": "password", "The password again": "again", "Sign-in": "old"}
_APP_PLACES = {"The authenticator app": "code"}
_SECRET = re.compile(r"[A-Z2-7]{32}")


@pages.get("")
@permission("signed in")
def show() -> Answer:
    """Everything about the own account."""
    with reading() as session:
        signed = identity.signed_in(session)
        account = signed.account
        return render_template(
            "account.html",
            account=account,
            grants=accounts.in_force(account.grants, on=clock.today()),
            role_names=ROLE_NAMES,
            method_names=METHOD_NAMES,
            ways=ways_of(session, account),
            sessions=sessions.listed(session, account),
            here=signed.login_session.id,
            languages=[(one.value, name) for one, name in OWN_NAMES.items()],
            form=Form({"language": account.language.value}),
        )


@pages.get("/salasana")
@permission("signed in")
def password() -> Answer:
    """Change the password."""
    return render_template("account_password.html", form=Form())


@pages.post("/salasana")
@permission("signed in")
def change_password() -> Answer:
    """Change the password: the old one is asked for, and all other sign-ins end."""
    values = typed("old", "password", "again")
    try:
        require_same(values)
        with writing(identity.actor()) as session:
            signed = identity.signed_in(session)
            given = proving.with_secret(
                session, signed, values["old"], caller=identity.caller(), key=identity.secret_key()
            )
            if not isinstance(given, TurnedAway):
                accounts.set_password(session, signed.account, values["password"], keep=given.login_session)
    except Refused as error:
        return render_template("account_password.html", form=sent_back(values, error, _PLACES)), 422
    if isinstance(given, TurnedAway):
        form = sent_back(values, [given.problem], _PLACES)
        return render_template("account_password.html", form=form), status_of(given)
    identity.keep(given)
    return redirect(notices.after("account.show", "password"), code=303)


@pages.get("/vaihe2")
@permission("signed in")
def second_factor() -> Answer:
    """Why a second factor, and the ways to set one up."""
    with reading() as session:
        signed = identity.signed_in(session)
        sessions.require_fresh_proof(signed)
        found = ways_of(session, signed.account)
        if found.app:
            return redirect(url_for("account.show"), code=303)
        return render_template("factor_begin.html", ways=found, form=Form({"name": identity.caller().agent}))


@pages.post("/vaihe2/alku")
@permission("signed in")
def begin_factor() -> Answer:
    """Make a secret and show it as a QR code."""
    with writing(identity.actor()) as session:
        enrolment = totp.enrol(session, identity.signed_in(session), key=identity.secret_key())
    return _factor_page(enrolment.secret, Form())


@pages.post("/vaihe2")
@permission("signed in")
def confirm_factor() -> Answer:
    """Look at the first code of the app; the recovery codes are shown once."""
    values = typed("code", "secret")
    try:
        with writing(identity.actor()) as session:
            enrolled = totp.confirm(
                session, identity.signed_in(session), values["code"], key=identity.secret_key()
            )
    except Refused as error:
        if not _SECRET.fullmatch(values["secret"]):
            raise
        return _factor_page(values["secret"], sent_back(values, error, _APP_PLACES)), 422
    identity.keep(enrolled.entered)
    if not enrolled.recovery_codes:
        return redirect(notices.after("account.show", "factor"), code=303)
    return render_template(
        "recovery_codes.html", codes=enrolled.recovery_codes, begin=url_for("signing_in.begin")
    )


@pages.get("/vaihe2/poista")
@permission("signed in")
def confirm_removal() -> Answer:
    """What it means to remove the app."""
    with reading() as session:
        signed = identity.signed_in(session)
        sessions.require_fresh_proof(signed)
        found = ways_of(session, signed.account)
        if not found.app:
            return redirect(url_for("account.show"), code=303)
        return render_template(
            "factor_remove.html",
            name=None,
            left=found.without_app(),
            action=url_for("account.remove_factor"),
        )


@pages.post("/vaihe2/poista")
@permission("signed in")
def remove_factor() -> Answer:
    """Take the app away; without another second factor one is set up at the next sign-in."""
    with writing(identity.actor()) as session:
        totp.remove(session, identity.signed_in(session))
    return redirect(notices.after("account.show", "removed"), code=303)


@pages.post("/varakoodit")
@permission("signed in")
def renew_codes() -> Answer:
    """Ten new recovery codes, shown once; the old ones are void."""
    with writing(identity.actor()) as session:
        signed = identity.signed_in(session)
        sessions.require_fresh_proof(signed)
        if not signing_in.has_second_factor(session, signed.account):
            raise nothing_here()
        codes = recovery.renew(session, signed.account)
    return render_template("recovery_codes.html", codes=codes, begin=url_for("account.show"))


@pages.post("/istunnot/<int:number>/lopeta")
@permission("signed in")
def end_session(number: int) -> Answer:
    """Sign out somewhere else; another account's sign-in does not exist here."""
    with writing(identity.actor()) as session:
        signed = identity.signed_in(session)
        found = session.get(LoginSession, number)
        if found is None or found.account_id != signed.account.id:
            raise nothing_here()
        sessions.end(session, found)
    return redirect(notices.after("account.show", "ended"), code=303)


@pages.post("/kieli")
@permission("signed in")
def choose_language() -> Answer:
    """The language in which the pages greet this account."""
    chosen = typed("language")["language"]
    if chosen not in set(Language):
        raise Refused(
            Problem(
                place=say("Language"),
                value=chosen[:20],
                rule=say("The pages are in Finnish, Swedish and English."),
                remedy=say("Choose one of the three."),
            )
        )
    with writing(identity.actor()) as session:
        identity.signed_in(session).account.language = Language(chosen)
    forget_choice()
    return redirect(notices.after("account.show", "language"), code=303)


def _factor_page(secret: str, form: Form) -> str:
    address = pyotp.TOTP(secret).provisioning_uri(name=identity.login(), issuer_name=totp.ISSUER)
    return render_template(
        "factor_confirm.html",
        secret=secret,
        spoken=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        picture=segno.make_qr(address, error="m").png_data_uri(scale=6, border=4),
        form=form,
    )
