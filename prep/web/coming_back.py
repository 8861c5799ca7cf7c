"""Back from the organisation's sign-in service: what the browser brings, and what comes of it."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth import ceremonies, identities, proving, sessions
from prep.auth import signing_in as steps
from prep.auth.bearer import TOKEN_SIGNS
from prep.auth.identities import Said
from prep.auth.sessions import Entered, SignedIn
from prep.auth.signing_in import CodeAsked
from prep.auth.turning_away import TurnedAway
from prep.errors import Refused, Unavailable
from prep.language import say
from prep.terms import CeremonyPurpose
from prep.web import cookies, identity, notices, proof, signing_in
from prep.web.database import writing
from prep.web.permissions import permission
from prep.web.provider import BACK, COOKIE, FIELD, provider, question
from prep.web.returning import own_path

if TYPE_CHECKING:
    from prep.auth.id_tokens import Question
    from prep.auth.provider import Provider

pages = Blueprint("coming_back", __name__)

Answer = str | tuple[str, int] | Response


@pages.get(BACK)
@permission("public")
def come_back() -> Answer:
    """Look at what the browser has brought back from there."""
    found, held = provider(), cookies.held(COOKIE) or ""
    token, after = held[:TOKEN_SIGNS], own_path(held[TOKEN_SIGNS:])
    asked = _taken(token, request.args.get("state", ""))
    if asked is None:
        with writing(identity.actor()) as session:
            given = steps.mistrust(session, None, caller=identity.caller())
        return signing_in.turned_away(given, FIELD)
    answer = make_response(_ANSWERS[asked.purpose](found, asked, after))
    cookies.drop(answer, COOKIE)
    return answer


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the browser was led there for."""

    purpose: CeremonyPurpose
    account_id: int | None
    question: "Question"
    since: datetime


def _taken(token: str, state: str) -> _Asked | None:
    """What was asked under the cookie's token, used up now; None if it was not, or ``state`` is not its own."""
    with writing(identity.actor()) as session:
        for purpose in _ANSWERS:
            ceremony = ceremonies.under_way(session, token, purpose)
            if ceremony is None:
                continue
            its = question(token, ceremony.challenge)
            # Left standing otherwise: another site cannot break off what is under way by sending somebody here.
            if not hmac.compare_digest(its.state.encode(), state.encode()):
                return None
            since = ceremony.expires_at - ceremonies.LASTS
            asked = _Asked(purpose, ceremony.account_id, its, since)
            return asked if ceremonies.finish(session, ceremony) else None
    return None


def _signed_in(found: "Provider", asked: _Asked, after: str | None) -> Answer:
    try:
        said = found.said(request.args, asked.question)
    except Unavailable as error:
        return signing_in.ask_again(error.problems, FIELD), 503
    with writing(identity.actor()) as session:
        given = (
            steps.give_identity(session, said, caller=identity.caller())
            if isinstance(said, Said)
            else steps.mistrust(session, said.why, caller=identity.caller())
        )
    match given:
        case TurnedAway():
            return signing_in.turned_away(given, FIELD)
        case CodeAsked():
            return signing_in.to_code(given, after=after)
        case Entered():
            return signing_in.let_in(given, after=after)


def _proven(found: "Provider", asked: _Asked, after: str | None) -> Answer:
    try:
        said = found.said(request.args, asked.question)
    except Unavailable as error:
        return proof.ask_again(error.problems, FIELD), 503
    with writing(identity.actor()) as session:
        signed = _as_asked(session, asked)
        given = (
            proving.with_identity(session, signed, said, since=asked.since, caller=identity.caller())
            if isinstance(said, Said)
            else steps.mistrust(session, said.why, caller=identity.caller())
        )
    return (
        proof.turned_away(given, FIELD) if isinstance(given, TurnedAway) else proof.proven(given, after=after)
    )


def _bound(found: "Provider", asked: _Asked, _: str | None) -> Answer:
    try:
        said = found.said(request.args, asked.question)
    except Unavailable as error:
        raise Refused(error.problems) from error
    with writing(identity.actor()) as session:
        signed = _as_asked(session, asked)
        given = (
            identities.bind_own(session, signed, said)
            if isinstance(said, Said)
            else steps.mistrust(session, said.why, caller=identity.caller())
        )
    if isinstance(given, TurnedAway):
        raise Refused(given.problem)
    identity.keep(given)
    return redirect(notices.after("account.show", "identity"), code=303)


def _as_asked(session: Session, asked: _Asked) -> SignedIn:
    """Whoever makes this request, if it is still the one who was asked."""
    signed = identity.signed_in(session)
    if signed.account.id != asked.account_id:
        raise sessions.sign_in_needed(say("Somebody else is signed in here meanwhile."))
    return signed


_ANSWERS: dict[CeremonyPurpose, Callable[["Provider", _Asked, str | None], Answer]] = {
    CeremonyPurpose.PROVIDER_SIGN_IN: _signed_in,
    CeremonyPurpose.PROVIDER_PROOF: _proven,
    CeremonyPurpose.PROVIDER_BINDING: _bound,
}
