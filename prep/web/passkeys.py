"""Passkeys on the pages: signing in, setting up, removing, and showing once more who one is.

A script asks here what the device has to sign (JSON), lets the browser ask the device, and sends the answer with the
form that it belongs to. So every answer is a page, and without the script nothing else is missing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth import passkeys, proving, sessions, signing_in, turning_away
from prep.auth.passkeys import Asked, RelyingParty
from prep.auth.permissions import nothing_here
from prep.auth.turning_away import TurnedAway
from prep.auth.ways import ways_of
from prep.errors import Problem, Refused
from prep.language import say
from prep.models import Passkey
from prep.terms import SignInStep
from prep.web import identity, notices, proof
from prep.web.address import own_origin, party
from prep.web.database import reading, writing
from prep.web.forms import Form, sent_back, status_of, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.signing_in import let_in, turned_away

pages = Blueprint("passkeys", __name__)

Answer = str | tuple[str, int] | Response
_PLACES = {"The passkey": "name"}


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether passkeys work on the page that is being made; if not, where they do, if anywhere."""

    is_here: bool
    elsewhere: str | None


def offer_with(app: Flask) -> None:
    """Let the templates ask whether passkeys work here."""
    app.jinja_env.globals["passkey_offer"] = offer


def offer() -> Offer:
    """Whether passkeys work at the address that was asked for."""
    found = party()
    return Offer(
        is_here=found is not None and found.origin == own_origin(), elsewhere=found.origin if found else None
    )


@pages.post("/kirjaudu/paasyavain/pyynto")
@permission("public")
def ask_to_sign_in() -> Answer:
    """What any passkey of these pages has to sign."""
    return _asked(lambda session, found: passkeys.sign_in_options(session, party=found))


@pages.post("/kirjaudu/paasyavain")
@permission("public")
def sign_in() -> Answer:
    """Look at what the device has signed."""
    values = typed("token", "answer")
    with writing(identity.actor()) as session:
        given = signing_in.give_passkey(
            session, values["token"], values["answer"], caller=identity.caller(), party=_party()
        )
    return turned_away(given, "passkey") if isinstance(given, TurnedAway) else let_in(given)


@pages.post("/oma/vahvista/paasyavain/pyynto")
@permission("signed in")
def ask_for_proof() -> Answer:
    """What a passkey of the own account has to sign."""
    return _asked(
        lambda session, found: passkeys.proof_options(session, identity.signed_in(session), party=found)
    )


@pages.post("/oma/vahvista/paasyavain")
@permission("signed in")
def give_proof() -> Answer:
    """Look at what the device has signed, before something weighty."""
    values = typed("token", "answer")
    with writing(identity.actor()) as session:
        given = proving.with_passkey(
            session,
            identity.signed_in(session),
            values["token"],
            values["answer"],
            caller=identity.caller(),
            party=_party(),
        )
    return proof.turned_away(given, "passkey") if isinstance(given, TurnedAway) else proof.proven(given)


@pages.get("/oma/paasyavaimet/uusi")
@permission("signed in")
def new() -> Answer:
    """The form for a new passkey."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
    return _new(Form({"name": identity.caller().agent}))


@pages.post("/oma/paasyavaimet/pyynto")
@permission("signed in")
def ask_to_register() -> Answer:
    """What the new passkey has to sign."""
    return _asked(
        lambda session, found: passkeys.registration_options(
            session, identity.signed_in(session), party=found
        )
    )


@pages.post("/oma/paasyavaimet/uusi")
@permission("signed in")
def register() -> Answer:
    """Keep the passkey; recovery codes, if it is the first factor, are shown once."""
    values = typed("name", "token", "answer")
    try:
        with writing(identity.actor()) as session:
            enrolled = passkeys.register(
                session,
                identity.signed_in(session),
                values["token"],
                values["answer"],
                name=values["name"],
                party=_party(),
            )
    except Refused as error:
        return _new(sent_back({"name": values["name"]}, error, _PLACES)), 422
    identity.keep(enrolled.entered)
    if not enrolled.recovery_codes:
        return redirect(notices.after("account.show", "passkey"), code=303)
    return render_template(
        "recovery_codes.html", codes=enrolled.recovery_codes, begin=url_for("signing_in.begin")
    )


@pages.get("/oma/paasyavaimet/<int:number>/poista")
@permission("signed in")
def confirm_removal(number: int) -> Answer:
    """What it means to remove a passkey."""
    with reading() as session:
        signed = identity.signed_in(session)
        sessions.require_fresh_proof(signed)
        passkey = _own(session, number)
        return render_template(
            "factor_remove.html",
            name=passkey.name,
            left=ways_of(session, signed.account).without(passkey),
            action=url_for("passkeys.remove", number=number),
        )


@pages.post("/oma/paasyavaimet/<int:number>/poista")
@permission("signed in")
def remove(number: int) -> Answer:
    """Take a passkey away; another account's does not exist here."""
    with writing(identity.actor()) as session:
        passkeys.remove(session, identity.signed_in(session), _own(session, number))
    return redirect(notices.after("account.show", "removed"), code=303)


def _asked(ask: Callable[[Session, RelyingParty], Asked]) -> Answer:
    """What the script hands to the browser: the question, or in words why there is none."""
    found = _party()
    with writing(identity.actor()) as session:
        away = turning_away.kept_waiting(session, SignInStep.PASSKEY, caller=identity.caller())
        if away is not None:
            return _json({"problem": away.problem.in_language(page_language())}, status_of(away))
        asked = ask(session, found)
    return _json({"token": asked.token, "options": json.loads(asked.options)}, 200)


def _json(content: dict[str, object], status: int) -> Response:
    return Response(json.dumps(content), status=status, mimetype="application/json")


def _party() -> RelyingParty:
    found = party()
    if found is None:
        raise Refused(
            Problem(
                place=say("The passkey"),
                value=None,
                rule=say("Passkeys work where the pages have a name and are reached over TLS."),
                remedy=say("Whoever keeps the server sets public_address to such an address."),
            )
        )
    return found


def _own(session: Session, number: int) -> Passkey:
    found = session.get(Passkey, number)
    if found is None or found.account_id != identity.signed_in(session).account.id:
        raise nothing_here()
    return found


def _new(form: Form) -> str:
    return render_template("passkey_new.html", form=form)
