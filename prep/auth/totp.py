"""Authenticator apps: a new six-digit code every 30 seconds (TOTP, RFC 6238), each accepted once."""

import hmac
import unicodedata
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.auth import recovery, sessions
from prep.auth.secret_key import SecretKey
from prep.auth.sessions import Entered, SignedIn
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Account, SecondFactor
from prep.terms import SignInMethod

ISSUER = "prep"
DIGITS, STEP_S = 6, 30
# A telephone's clock may be half a minute off.
_STEPS_OFF = 1


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is shown while an app is set up: the secret to type, or the address to show as a QR code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A second factor is set up: recovery codes if there were none left, and the token to go on with."""

    recovery_codes: tuple[str, ...] = field(repr=False)
    entered: Entered


def enrol(session: Session, signed_in: SignedIn, *, key: SecretKey) -> Enrolment:
    """Begin to set up an app; it counts only when ``confirm`` has seen a code of it.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    Refused
        If an app is set up already.
    """
    sessions.require_fresh_proof(signed_in)
    account = signed_in.account
    factor = _of(session, account)
    if factor is not None and factor.confirmed_at is not None:
        raise _refused(
            say("An app is set up already."), say("Remove it first, if you want to change to another.")
        )
    secret = pyotp.random_base32()
    sealed = key.encrypt(secret, bound_to=_binding(account.id))
    if factor is None:
        session.add(SecondFactor(account_id=account.id, secret=sealed, created_at=clock.now()))
    else:
        factor.secret = sealed
    session.flush()
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER))


def confirm(session: Session, signed_in: SignedIn, code: str, *, key: SecretKey) -> Enrolled:
    """End setting up an app with a code of it. The account is signed out everywhere else.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    Refused
        If no app is being set up, or the code is not right.
    """
    sessions.require_fresh_proof(signed_in)
    account = signed_in.account
    factor = _of(session, account)
    if factor is None or factor.confirmed_at is not None:
        raise _refused(say("No app is being set up."), say("Begin again at your own page."))
    if not _accepted(session, factor, code, key=key):
        raise _refused(
            say("The code is not the one that the app should show now."),
            say("Check that the telephone’s clock is set automatically, and type the code shown now."),
        )
    factor.confirmed_at = clock.now()
    sessions.end_all(session, account, why="second factor added", keep=signed_in.login_session)
    codes = () if recovery.left(session, account) else recovery.renew(session, account)
    entered = sessions.prove(session, signed_in.login_session, method=SignInMethod.TOTP)
    return Enrolled(codes, entered)


def verify(session: Session, account: Account, code: str, *, key: SecretKey) -> bool:
    """Whether this is a code of the account's app that has not been used; it is used now.

    ``code`` is in plain form. A code counts for its own 30 seconds and the 30 before and after.
    """
    factor = _of(session, account)
    return (
        factor is not None and factor.confirmed_at is not None and _accepted(session, factor, code, key=key)
    )


def remove(session: Session, signed_in: SignedIn) -> None:
    """Take the app away. The account is signed out everywhere else.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    """
    sessions.require_fresh_proof(signed_in)
    drop(session, signed_in.account)
    sessions.end_all(session, signed_in.account, why="second factor removed", keep=signed_in.login_session)


def drop(session: Session, account: Account) -> None:
    """Take away the app of somebody who has lost it."""
    factor = _of(session, account)
    if factor is not None:
        session.delete(factor)
        session.flush()


def is_set_up(session: Session, account: Account) -> bool:
    """Whether the account has an app that counts."""
    factor = _of(session, account)
    return factor is not None and factor.confirmed_at is not None


def plain_form(typed: str) -> str:
    """A code without the spaces and dashes with which it is shown.

    One code must have one form only, or the same code in another dress would be accepted a second time.

    >>> plain_form(" 123\\u00a0456 "), plain_form("K7QWM\\u20133XHTZ")
    ('123456', 'K7QWM3XHTZ')
    """
    kept = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in kept if not sign.isspace() and unicodedata.category(sign) != "Pd")


def is_code(plain: str) -> bool:
    """Whether this looks like a code of an app.

    >>> is_code("123456"), is_code("١٢٣٤٥٦"), is_code("K7QWM3XHTZ")
    (True, False, False)
    """
    return len(plain) == DIGITS and plain.isascii() and plain.isdigit()


def _accepted(session: Session, factor: SecondFactor, code: str, *, key: SecretKey) -> bool:
    plain = plain_form(code)
    if not is_code(plain):
        return False
    # The lock comes before the look: of two who use a code at once, the second finds it used.
    session.refresh(factor, with_for_update=True)
    secret = key.decrypt(factor.secret, bound_to=_binding(factor.account_id))
    app = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    now = app.timecode(clock.now())
    for step in range(now - _STEPS_OFF, now + _STEPS_OFF + 1):
        is_new = factor.last_step is None or step > factor.last_step
        if hmac.compare_digest(app.generate_otp(step), plain) and is_new:
            factor.last_step = step
            session.flush()
            return True
    return False


def _of(session: Session, account: Account) -> SecondFactor | None:
    return session.scalar(select(SecondFactor).where(SecondFactor.account_id == account.id))


def _binding(account_id: int) -> str:
    # A secret that was copied to another account's row cannot be read there.
    return f"totp {account_id}"


def _refused(rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("The authenticator app"), value=None, rule=rule, remedy=remedy))
