"""Signing in: a password or the word of the organisation's service, then a second factor; or a passkey alone.

Every answer to a stranger is a value; whoever opened the transaction commits it, and the failure is counted. An
unknown name, a wrong password and a closed account get the same answer after the same work.
"""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from prep.auth import (
    accounts,
    ceremonies,
    identities,
    passkeys,
    passwords,
    recovery,
    sessions,
    throttle,
    totp,
)
from prep.auth.callers import Caller
from prep.auth.identities import Said
from prep.auth.secret_key import SecretKey
from prep.auth.sessions import Entered
from prep.auth.turning_away import TurnedAway, failed, note_refused, refusal, too_many
from prep.errors import Problem
from prep.language import say
from prep.models import Account
from prep.terms import CeremonyPurpose, SignInMethod, SignInStep


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """The first step was right; ``token`` comes back with a code of the second factor, within five minutes."""

    token: str = field(repr=False)


def give_password(
    session: Session, login: str, password: str, *, caller: Caller
) -> CodeAsked | Entered | TurnedAway:
    """The first step. An account that has no second factor yet is let in to set one up, and for nothing else."""
    name, step = accounts.login_form(login), SignInStep.PASSWORD
    wait = throttle.wait_until(session, step=step, login=name, network=caller.network)
    if wait is not None:
        return too_many(session, wait, caller=caller)
    account = accounts.find_or_none(session, name)
    if account is not None:
        accounts.lock(session, account)
    is_right = passwords.matches(account.password_hash if account else None, password)
    if account is None or account.password_hash is None or not is_right or not account.is_open:
        return failed(session, _WRONG_PASSWORD, step=step, login=name, account=account, caller=caller)
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    if has_second_factor(session, account):
        return CodeAsked(ceremonies.begin(session, CeremonyPurpose.SECOND_FACTOR, account=account))
    return sessions.enter(session, account, method=SignInMethod.PASSWORD, caller=caller)


def give_code(
    session: Session, token: str, code: str, *, caller: Caller, key: SecretKey
) -> Entered | TurnedAway:
    """The second step: a code of the app, or a recovery code."""
    ceremony = ceremonies.under_way(session, token, CeremonyPurpose.SECOND_FACTOR)
    account = ceremony.account if ceremony else None
    if ceremony is None or account is None:
        return TurnedAway(_TOO_LATE)
    step = SignInStep.SECOND_FACTOR
    wait = throttle.wait_until(session, step=step, login=account.login, network=caller.network)
    if wait is not None:
        return too_many(session, wait, caller=caller)
    accounts.lock(session, account)
    method = _method_of(session, account, code, key=key)
    if method is None:
        return failed(session, _WRONG_CODE, step=step, login=account.login, account=account, caller=caller)
    if not ceremonies.finish(session, ceremony) or not account.is_open:
        return TurnedAway(_TOO_LATE)
    return sessions.enter(session, account, method=method, caller=caller)


def give_passkey(
    session: Session, token: str, answer: str, *, caller: Caller, party: passkeys.RelyingParty
) -> Entered | TurnedAway:
    """The only step with a passkey; nobody can use up its attempts by guessing at the account's password."""
    step = SignInStep.PASSKEY
    wait = throttle.wait_until(session, step=step, login=None, network=caller.network)
    if wait is not None:
        return too_many(session, wait, caller=caller)
    account = passkeys.owner(session, token, answer, party=party)
    if account is not None:
        accounts.lock(session, account)
    if account is None or not account.is_open:
        return failed(session, _WRONG_PASSKEY, step=step, login=None, account=account, caller=caller)
    return sessions.enter(session, account, method=SignInMethod.PASSKEY, caller=caller)


def give_identity(session: Session, said: Said, *, caller: Caller) -> CodeAsked | Entered | TurnedAway:
    """The first step by the word of the organisation's service, and the only one if it is trusted with the second.

    Who was not bound to an account is told by which subject an administrator can do so: it is their own.
    """
    identity = identities.of(session, said)
    account = identity.account if identity else None
    if account is not None:
        accounts.lock(session, account)
    if account is None or not account.is_open:
        # Nobody guesses here: the service has looked at them. So it is noted, and not counted.
        note_refused(session, account, step=SignInStep.PROVIDER, caller=caller, why="not bound")
        return TurnedAway(_not_bound(said))
    if said.is_strong:
        return sessions.enter(session, account, method=SignInMethod.PROVIDER, caller=caller)
    if has_second_factor(session, account):
        return CodeAsked(ceremonies.begin(session, CeremonyPurpose.SECOND_FACTOR, account=account))
    return sessions.enter(session, account, method=SignInMethod.PROVIDER_ALONE, caller=caller)


def mistrust(session: Session, why: str | None, *, caller: Caller) -> TurnedAway:
    """Turn away an answer in the name of the organisation's service that is not believed.

    ``why`` is written down; None for what was not even begun here, which anybody can send any number of times.
    """
    step = SignInStep.PROVIDER
    if why is not None:
        note_refused(session, None, step=step, caller=caller, why=why)
    return failed(session, _MISTRUSTED, step=step, login=None, account=None, caller=caller)


def has_second_factor(session: Session, account: Account) -> bool:
    """Whether an app or a passkey is set up. Recovery codes alone are none: they run out."""
    return totp.is_set_up(session, account) or bool(passkeys.listed(session, account))


def drop_second_factors(session: Session, account: Account) -> None:
    """Take app, passkeys and recovery codes from somebody who has lost them; the next sign-in sets up anew.

    An administrator makes sure first, by a call to a known number, that it is the owner who asks.
    """
    totp.drop(session, account)
    passkeys.drop_all(session, account)
    recovery.drop_all(session, account)
    sessions.end_all(session, account, why="second factor removed")


def _method_of(session: Session, account: Account, code: str, *, key: SecretKey) -> SignInMethod | None:
    plain = totp.plain_form(code)
    if totp.is_code(plain):
        return SignInMethod.TOTP if totp.verify(session, account, plain, key=key) else None
    return SignInMethod.RECOVERY_CODE if recovery.use(session, account, plain) else None


def _not_bound(said: Said) -> Problem:
    return refusal(
        say("The organisation’s account is bound to no open account here."),
        say(
            "Sign in with the name and the password and bind it on your own page, or give the administrator of "
            "accounts this subject: {subject}",
            subject=said.subject,
        ),
    )


_WRONG_PASSWORD = refusal(
    say("The sign-in name and the password do not belong together, or the account is closed."),
    say("Check both. If the password is forgotten, ask the administrator of accounts for a link."),
)
_WRONG_CODE = refusal(
    say("The code is not right, or has been used."),
    say("Wait for the next code in the app, or use a recovery code."),
)
_WRONG_PASSKEY = refusal(
    say("The passkey was not accepted."), say("Try again, or sign in with the name and the password.")
)
_MISTRUSTED = refusal(
    say(
        "The organisation’s service gave no answer that can be believed, or the sign-in was broken off there."
    ),
    say("Begin again, or sign in with the name and the password or with a passkey."),
)
_TOO_LATE = refusal(
    say("The sign-in took more than five minutes, or was not begun here."),
    say("Begin again with the sign-in name and the password."),
)
