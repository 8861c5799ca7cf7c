"""On to the organisation's sign-in service (OpenID Connect), for whatever one has to show there.

The browser is led there by a page of its own, not by the answer to a form: browsers hold to ``form-action`` along
the whole way, and the service may lead it on to others. What ties the way back to this browser is in a cookie.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from prep.addresses import ServiceUrl
from prep.auth import ceremonies, identities, sessions, turning_away
from prep.auth.bearer import digest, new_token
from prep.auth.permissions import nothing_here
from prep.auth.turning_away import TurnedAway
from prep.auth.ways import ways_of
from prep.config import Settings
from prep.errors import Problem, Refused, Unavailable
from prep.language import say
from prep.terms import CeremonyPurpose, SignInStep
from prep.web import cookies, identity, notices, proof, signing_in
from prep.web.address import absolute, is_at_public_address, settings
from prep.web.database import reading, writing
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.returning import wanted

if TYPE_CHECKING:
    from prep.auth.id_tokens import Question
    from prep.auth.provider import Provider

pages = Blueprint("provider", __name__)

Answer = str | tuple[str, int] | Response
COOKIE = "prep_provider"
BACK = "/kirjaudu/organisaatio/paluu"
_LIBRARIES = frozenset({"authlib", "joserfc", "requests"})
# The id of its button: what is wrong is told there.
FIELD = "provider"


@dataclass(frozen=True, slots=True)
class Offer:
    """The organisation's service as a page offers it."""

    label: str
    # Where it works, if not at the address that was asked for.
    elsewhere: str | None
    # Where people sign out there, if the service has said so.
    sign_out: str | None


def connect(app: Flask, settings: Settings) -> None:
    """Give the application the service that the settings name, and the templates the question for it.

    Raises
    ------
    Refused
        If the libraries that it needs are not installed.
    """
    app.jinja_env.globals["provider_offer"] = offer
    issuer = settings.oidc_issuer
    app.extensions["prep_provider"] = None if issuer is None else _made(settings, issuer)


def offer() -> Offer | None:
    """The service as this page offers it; None where there is none."""
    found = _provider_or_none()
    if found is None:
        return None
    return Offer(
        label=settings().oidc_label,
        elsewhere=None if is_at_public_address() else absolute(request.path),
        sign_out=found.sign_out_address(absolute(url_for("signing_in.ask"))),
    )


def provider() -> "Provider":
    """The service.

    Raises
    ------
    NotFound
        If there is none.
    """
    found = _provider_or_none()
    if found is None:
        raise nothing_here()
    return found


def question(token: str, challenge: str) -> "Question":
    """What a sign-in is known by on its way, made from what is kept of it here and in the cookie."""
    from prep.auth.id_tokens import Question

    nonce, _, verifier = challenge.partition(".")
    # Made from the cookie and not the cookie itself: it stands in addresses and in logs on the way.
    return Question(state=digest(f"state {token}"), nonce=nonce, verifier=verifier)


@pages.post("/kirjaudu/organisaatio")
@permission("public")
def sign_in() -> Answer:
    """Begin to sign in there."""
    try:
        begun = _there(CeremonyPurpose.PROVIDER_SIGN_IN)
    except Unavailable as error:
        return signing_in.ask_again(error.problems, FIELD), 503
    return signing_in.turned_away(begun, FIELD) if isinstance(begun, TurnedAway) else begun


@pages.post("/oma/vahvista/organisaatio")
@permission("signed in")
def prove() -> Answer:
    """Begin to show once more who one is, by signing in there anew."""
    try:
        begun = _there(CeremonyPurpose.PROVIDER_PROOF)
    except Unavailable as error:
        return proof.ask_again(error.problems, FIELD), 503
    return proof.turned_away(begun, FIELD) if isinstance(begun, TurnedAway) else begun


@pages.post("/oma/tunnukset")
@permission("signed in")
def bind() -> Answer:
    """Begin to bind the own account there to the own account here."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
    try:
        begun = _there(CeremonyPurpose.PROVIDER_BINDING)
    except Unavailable as error:
        raise Refused(error.problems) from error
    if isinstance(begun, TurnedAway):
        raise Refused(begun.problem)
    return begun


@pages.get("/oma/tunnukset/<int:number>/poista")
@permission("signed in")
def confirm_removal(number: int) -> Answer:
    """What it means to unbind the own account there."""
    with reading() as session:
        signed = identity.signed_in(session)
        sessions.require_fresh_proof(signed)
        own = ways_of(session, signed.account).identity(number)
        if own is None:
            raise nothing_here()
        return render_template("identity_remove.html", one=own)


@pages.post("/oma/tunnukset/<int:number>/poista")
@permission("signed in")
def remove(number: int) -> Answer:
    """Unbind the own account there; another account's does not exist here."""
    with writing(identity.actor()) as session:
        signed = identity.signed_in(session)
        own = ways_of(session, signed.account).identity(number)
        if own is None:
            raise nothing_here()
        identities.unbind_own(session, signed, own)
    return redirect(notices.after("account.show", "removed"), code=303)


def _made(settings: Settings, issuer: ServiceUrl) -> "Provider":
    try:
        from prep.auth.id_tokens import Registration
        from prep.auth.provider import Provider
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        raise Refused(
            Problem(
                place="oidc_issuer",
                value=issuer,
                rule=say("Signing in through the organisation needs libraries that are not installed."),
                remedy=say("Install prep with its extra “oidc”, or leave oidc_issuer empty."),
            )
        ) from error
    return Provider(
        Registration(
            issuer=issuer,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            redirect_uri=f"{settings.address}{BACK}",
            acr=settings.oidc_acr,
            amr=settings.oidc_amr,
        )
    )


def _provider_or_none() -> "Provider | None":
    found: Provider | None = current_app.extensions["prep_provider"]
    return found


def _there(purpose: CeremonyPurpose) -> Response | TurnedAway:
    """The page that leads the browser to the service.

    Raises
    ------
    Unavailable
        If the service does not answer.
    """
    found, challenge = provider(), f"{new_token()}.{new_token()}"
    with writing(identity.actor()) as session:
        away = turning_away.kept_waiting(session, SignInStep.PROVIDER, caller=identity.caller())
        if away is not None:
            return away
        is_own = purpose is not CeremonyPurpose.PROVIDER_SIGN_IN
        account = identity.signed_in(session).account if is_own else None
        token = ceremonies.begin(session, purpose, account=account, challenge=challenge)
    # After the transaction: nobody else waits for the service.
    address = found.authorization_address(
        question(token, challenge),
        language=page_language(),
        is_proof=purpose is CeremonyPurpose.PROVIDER_PROOF,
    )
    answer = make_response(render_template("provider_there.html", address=address))
    cookies.put(answer, COOKIE, f"{token}{wanted() or ''}", lasts=ceremonies.LASTS)
    return answer
