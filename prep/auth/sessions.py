"""Being signed in: a random token in the browser, everything else in the database.

Ended after 30 minutes without a request and 12 hours after the sign-in (OWASP ASVS 5.0, 7.3.1 and 7.3.2 ask for
both). That somebody was seen is written down once a minute at the most, so the 30 minutes can end up to one
minute early, never late.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from prep import audit, clock
from prep.auth import ceremonies
from prep.auth.bearer import digest, new_token
from prep.auth.callers import Caller
from prep.errors import Problem, ProofNeeded, SignInNeeded
from prep.language import Message, say
from prep.models import Account, LoginSession
from prep.terms import SignInMethod

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
PROOF_LASTS = timedelta(minutes=15)
_SEEN_EVERY = timedelta(minutes=1)
# A session from the future would not end in time: the clock has been put back since.
_CLOCK_ERROR = timedelta(minutes=1)
# Ended ones stay in the list of one's own sign-ins for a month.
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entered:
    """A new token, to be put in the browser; it cannot be read again."""

    token: str = field(repr=False)
    login_session: LoginSession


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who makes a request, at the moment of asking."""

    account: Account
    login_session: LoginSession
    at: datetime

    @property
    def has_second_factor(self) -> bool:
        """Whether more than one thing was shown; without it only a second factor can be set up."""
        return self.login_session.method not in {SignInMethod.PASSWORD, SignInMethod.PROVIDER_ALONE}

    @property
    def is_proof_fresh(self) -> bool:
        """Whether a password, code or passkey was given in the last 15 minutes."""
        return self.at - self.login_session.proven_at <= PROOF_LASTS

    @property
    def is_to_be_seen(self) -> bool:
        """Whether ``see`` should write down that the account was here."""
        return self.at - self.login_session.last_seen_at >= _SEEN_EVERY


def enter(session: Session, account: Account, *, method: SignInMethod, caller: Caller) -> Entered:
    """Sign an account in, with a new token whatever the browser had before."""
    at, token = clock.now(), new_token()
    session.execute(delete(LoginSession).where(LoginSession.created_at < at - _KEPT))
    login_session = LoginSession(
        account=account,
        token_hash=digest(token),
        method=method,
        created_at=at,
        last_seen_at=at,
        proven_at=at,
        agent=caller.agent,
        address=caller.network,
    )
    session.add(login_session)
    audit.note(
        session,
        "sign_in",
        account,
        {"login": account.login, "method": method, "address": caller.network, "agent": caller.agent},
    )
    return Entered(token, login_session)


def session_of(session: Session, token: str) -> SignedIn:
    """Who a token belongs to. It only reads.

    Raises
    ------
    SignInNeeded
        If it belongs to nobody, has ended, was not used for too long, or the account is closed.
    """
    at = clock.now()
    found = session.scalar(
        select(LoginSession)
        .where(LoginSession.token_hash == digest(token))
        .options(joinedload(LoginSession.account))
    )
    if found is None or found.ended_at is not None or not found.account.is_open:
        raise sign_in_needed(say("Nobody is signed in here."))
    if _is_over(found, at):
        raise sign_in_needed(say("You were signed out because time had run out."))
    return SignedIn(found.account, found, at)


def see(session: Session, signed_in: SignedIn) -> None:
    """Write down that the account was here."""
    signed_in.login_session.last_seen_at = signed_in.at
    session.flush()


def listed(session: Session, account: Account | None = None) -> Sequence[LoginSession]:
    """Where an account, or (None) anybody, is signed in now, the latest first."""
    at = clock.now()
    query = (
        select(LoginSession).where(LoginSession.ended_at.is_(None)).options(joinedload(LoginSession.account))
    )
    if account is not None:
        query = query.where(LoginSession.account_id == account.id)
    rows = session.scalars(query.order_by(LoginSession.created_at.desc(), LoginSession.id.desc()))
    return [row for row in rows if not _is_over(row, at)]


def end(session: Session, login_session: LoginSession, *, why: str = "signed out") -> None:
    """Sign out; the token opens nothing from now on."""
    if login_session.ended_at is None:
        login_session.ended_at = clock.now()
        audit.note(session, "sign_out", login_session.account, {"why": why, "sessions": 1})


def end_all(session: Session, account: Account, *, why: str, keep: LoginSession | None = None) -> int:
    """Sign an account out everywhere, or everywhere but here; what was under way is broken off too."""
    ceremonies.drop_all(session, account)
    rows = session.scalars(
        select(LoginSession).where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
    )
    ended = [row for row in rows if row is not keep]
    for row in ended:
        row.ended_at = clock.now()
    if ended:
        audit.note(session, "sign_out", account, {"why": why, "sessions": len(ended)})
    return len(ended)


def prove(session: Session, login_session: LoginSession, *, method: SignInMethod | None = None) -> Entered:
    """Note that somebody has just shown who they are, stronger than before when ``method`` is given.

    The token is exchanged: one that was seen by others before is worth nothing after.
    """
    token = new_token()
    login_session.token_hash = digest(token)
    login_session.proven_at = clock.now()
    if method is not None:
        login_session.method = method
    session.flush()
    return Entered(token, login_session)


def require_fresh_proof(signed_in: SignedIn) -> None:
    """Go on only if a password, code or passkey was given in the last 15 minutes.

    Raises
    ------
    ProofNeeded
        If it was longer ago.
    """
    if not signed_in.is_proof_fresh:
        raise ProofNeeded(
            Problem(
                place=say("This action"),
                value=None,
                rule=say("For it you show once more who you are: it was more than 15 minutes ago."),
                remedy=say("Give your password or a code from the app."),
            )
        )


def sign_in_needed(rule: Message) -> SignInNeeded:
    """The refusal of a request that comes from nobody."""
    return SignInNeeded(Problem(place=say("Sign-in"), value=None, rule=rule, remedy=say("Sign in again.")))


def _is_over(login_session: LoginSession, at: datetime) -> bool:
    began, seen = login_session.created_at, login_session.last_seen_at
    return at - began > ABSOLUTE or at - seen > IDLE or max(began, seen) > at + _CLOCK_ERROR
