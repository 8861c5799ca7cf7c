"""Signing in: a password, then a second factor, or a passkey alone.

Every answer to a stranger is a value; whoever opened the transaction commits it, and the failure is counted. An
unknown name, a wrong password and a closed account get the same answer after the same work.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from prep import audit
from prep.auth import accounts, ceremonies, passkeys, passwords, recovery, sessions, throttle, totp
from prep.auth.callers import Caller
from prep.auth.secret_key import SecretKey
from prep.auth.sessions import Entered, SignedIn
from prep.errors import Problem
from prep.language import Message, say
from prep.models import Account
from prep.terms import CeremonyPurpose, SignInMethod, SignInStep


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """The password was right; ``token`` comes back with a code of the second factor, within five minutes."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Not let in, and why; ``retry_at`` is when the next attempt may be made, if not at once."""

    problem: Problem
    retry_at: datetime | None = None


def give_password(
    session: Session, login: str, password: str, *, caller: Caller
) -> CodeAsked | Entered | TurnedAway:
    """The first step. An account that has no second factor yet is let in to set one up, and for nothing else."""
    name, step = accounts.login_form(login), SignInStep.PASSWORD
    wait = throttle.wait_until(session, step=step, login=name, network=caller.network)
    if wait is not None:
        return _too_many(session, wait, caller=caller)
    account = accounts.find_or_none(session, name)
    if account is not None:
        accounts.lock(session, account)
    is_right = passwords.matches(account.password_hash if account else None, password)
    if account is None or account.password_hash is None or not is_right or not account.is_open:
        return _failed(session, _WRONG_PASSWORD, step=step, login=name, account=account, caller=caller)
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
        return _too_many(session, wait, caller=caller)
    accounts.lock(session, account)
    method = _method_of(session, account, code, key=key)
    if method is None:
        return _failed(session, _WRONG_CODE, step=step, login=account.login, account=account, caller=caller)
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
        return _too_many(session, wait, caller=caller)
    account = passkeys.owner(session, token, answer, party=party)
    if account is not None:
        accounts.lock(session, account)
    if account is None or not account.is_open:
        return _failed(session, _WRONG_PASSKEY, step=step, login=None, account=account, caller=caller)
    return sessions.enter(session, account, method=SignInMethod.PASSKEY, caller=caller)


def prove(
    session: Session, signed_in: SignedIn, secret: str, *, caller: Caller, key: SecretKey
) -> Entered | TurnedAway:
    """Show once more who one is, with the password or a code of the app, before something weighty is done."""
    account, step = signed_in.account, SignInStep.PASSWORD
    wait = throttle.wait_until(session, step=step, login=account.login, network=caller.network)
    if wait is not None:
        return _too_many(session, wait, caller=caller)
    accounts.lock(session, account)
    # A password has 15 characters at the least, so the two cannot be mistaken for each other.
    is_code = totp.is_code(totp.plain_form(secret))
    is_right = (
        totp.verify(session, account, secret, key=key)
        if is_code
        else passwords.matches(account.password_hash, secret)
    )
    if not is_right:
        return _failed(session, _WRONG_PROOF, step=step, login=account.login, account=account, caller=caller)
    return sessions.prove(session, signed_in.login_session)


def prove_with_passkey(
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
        return _too_many(session, wait, caller=caller)
    purpose = CeremonyPurpose.PASSKEY_PROOF
    found = passkeys.owner(session, token, answer, party=party, purpose=purpose)
    accounts.lock(session, account)
    if found is not account or not account.is_open:
        return _failed(session, _WRONG_PASSKEY, step=step, login=None, account=account, caller=caller)
    return sessions.prove(session, signed_in.login_session)


def passkey_wait(session: Session, *, caller: Caller) -> TurnedAway | None:
    """Whether too many have failed for a passkey to be asked for now; None when it may be."""
    wait = throttle.wait_until(session, step=SignInStep.PASSKEY, login=None, network=caller.network)
    return None if wait is None else _too_many(session, wait, caller=caller)


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


def _failed(
    session: Session,
    problem: Problem,
    *,
    step: SignInStep,
    login: str | None,
    account: Account | None,
    caller: Caller,
) -> TurnedAway:
    throttle.count_failure(session, step=step, login=login, network=caller.network)
    wait = throttle.wait_until(session, step=step, login=login, network=caller.network)
    # Of names that do not exist only the limit is written down: anybody can make up any number of them.
    if account is not None or wait is not None:
        audit.note(
            session,
            "refused" if wait is None else "throttled",
            account or "sign-in",
            {"step": step, "address": caller.network},
        )
    return TurnedAway(problem, wait)


def _too_many(session: Session, wait: datetime, *, caller: Caller) -> TurnedAway:
    # A passkey passes by the limit of the account, not by that of the address.
    step = SignInStep.PASSKEY
    is_shut = throttle.wait_until(session, step=step, login=None, network=caller.network) is not None
    remedy = (
        say("Try again at {moment}.", moment=wait)
        if is_shut
        else say("Try again at {moment}, or sign in with a passkey.", moment=wait)
    )
    return TurnedAway(_problem(say("There have been too many failed attempts."), remedy), wait)


def _problem(rule: Message, remedy: Message) -> Problem:
    return Problem(place=say("Sign-in"), value=None, rule=rule, remedy=remedy)


_WRONG_PASSWORD = _problem(
    say("The sign-in name and the password do not belong together, or the account is closed."),
    say("Check both. If the password is forgotten, ask the administrator of accounts for a link."),
)
_WRONG_CODE = _problem(
    say("The code is not right, or has been used."),
    say("Wait for the next code in the app, or use a recovery code."),
)
_WRONG_PASSKEY = _problem(
    say("The passkey was not accepted."), say("Try again, or sign in with the name and the password.")
)
_WRONG_PROOF = _problem(
    say("The password or the code is not right, or the code has been used."),
    say("Check it, or wait for the next code in the app."),
)
_TOO_LATE = _problem(
    say("The sign-in took more than five minutes, or was not begun here."),
    say("Begin again with the sign-in name and the password."),
)
