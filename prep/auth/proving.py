"""Showing once more who one is, before something weighty: with a password or a code, a passkey, or at the provider."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from prep.auth import accounts, identities, passkeys, passwords, sessions, throttle, totp
from prep.auth.callers import Caller
from prep.auth.identities import Said
from prep.auth.secret_key import SecretKey
from prep.auth.sessions import Entered, SignedIn
from prep.auth.turning_away import TurnedAway, failed, note_refused, refusal, too_many
from prep.language import say
from prep.terms import CeremonyPurpose, SignInStep

# Two machines' clocks are rarely closer than that.
_CLOCK_ERROR = timedelta(minutes=1)


def with_secret(
    session: Session, signed_in: SignedIn, secret: str, *, caller: Caller, key: SecretKey
) -> Entered | TurnedAway:
    """Show once more who one is, with the password or a code of the app, before something weighty is done."""
    account, step = signed_in.account, SignInStep.PASSWORD
    wait = throttle.wait_until(session, step=step, login=account.login, network=caller.network)
    if wait is not None:
        return too_many(session, wait, caller=caller)
    accounts.lock(session, account)
    # A password has 15 characters at the least, so the two cannot be mistaken for each other.
    is_code = totp.is_code(totp.plain_form(secret))
    is_right = (
        totp.verify(session, account, secret, key=key)
        if is_code
        else passwords.matches(account.password_hash, secret)
    )
    if not is_right:
        return failed(session, _WRONG_SECRET, step=step, login=account.login, account=account, caller=caller)
    return sessions.prove(session, signed_in.login_session)


def with_passkey(
    session: Session,
    signed_in: SignedIn,
    token: str,
    answer: str,
    *,
    caller: Caller,
    party: passkeys.RelyingParty,
) -> Entered | TurnedAway:
    """Show once more who one is, with a passkey of the account that is signed in."""
    account, step = signed_in.account, SignInStep.PASSKEY
    wait = throttle.wait_until(session, step=step, login=None, network=caller.network)
    if wait is not None:
        return too_many(session, wait, caller=caller)
    purpose = CeremonyPurpose.PASSKEY_PROOF
    found = passkeys.owner(session, token, answer, party=party, purpose=purpose)
    accounts.lock(session, account)
    if found is not account or not account.is_open:
        return failed(session, _WRONG_PASSKEY, step=step, login=None, account=account, caller=caller)
    return sessions.prove(session, signed_in.login_session)


def with_identity(
    session: Session, signed_in: SignedIn, said: Said, *, since: datetime, caller: Caller
) -> Entered | TurnedAway:
    """Show once more who one is, by having signed in at the organisation's service anew ``since`` it was asked."""
    account, step = signed_in.account, SignInStep.PROVIDER
    identity = identities.of(session, said)
    accounts.lock(session, account)
    is_new = said.authenticated_at is not None and said.authenticated_at >= since - _CLOCK_ERROR
    if identity is None or identity.account_id != account.id or not is_new or not account.is_open:
        note_refused(session, account, step=step, caller=caller, why="proof")
        return TurnedAway(_WRONG_IDENTITY)
    return sessions.prove(session, signed_in.login_session)


_WRONG_SECRET = refusal(
    say("The password or the code is not right, or the code has been used."),
    say("Check it, or wait for the next code in the app."),
)
_WRONG_PASSKEY = refusal(
    say("The passkey was not accepted."), say("Try again, or give your password or a code.")
)
_WRONG_IDENTITY = refusal(
    say("It was somebody else who signed in there, or nobody did so anew."),
    say("Try again with the organisation’s account that is bound to this one, or in another way."),
)
