"""How often a sign-in may fail, counted in the database: over restarts, processes and machines.

Only failures are counted. A limit is a sliding window: when its oldest failure has become old, one more attempt
is free. A stranger can therefore keep somebody out only for as long as the stranger goes on; a passkey and a
fresh one-time link are ways in all the while.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.bearer import digest
from prep.models import LoginAttempt
from prep.terms import SignInStep

# Orders the sign-ins in PostgreSQL, so that parallel guesses are counted one after the other.
_LOCK = 0x70726571
# A clock that was ahead and has been put right must lock nobody out until it catches up with itself.
_CLOCK_ERROR = timedelta(minutes=1)


class _Per(StrEnum):
    ACCOUNT = "account"
    ADDRESS = "address"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures of these steps within a time."""

    number: int
    within: timedelta
    per: _Per
    steps: frozenset[SignInStep] = frozenset(SignInStep)


# OWASP ASVS 5.0, 6.3.1 asks for limits and leaves the figures to the tool. The last one: whoever has stolen a
# password guesses a six-digit code with a chance of 3 in 1 000 000 each time, 1 in 10 000 a day.
LIMITS = (
    Limit(10, timedelta(minutes=5), _Per.ACCOUNT),
    Limit(20, timedelta(hours=1), _Per.ADDRESS),
    Limit(1000, timedelta(minutes=5), _Per.ALL),
    Limit(30, timedelta(days=1), _Per.ACCOUNT, frozenset({SignInStep.SECOND_FACTOR})),
)
_KEPT = max(limit.within for limit in LIMITS)


def wait_until(session: Session, *, step: SignInStep, login: str | None, network: str) -> datetime | None:
    """When the next attempt may be made, to the full minute; None when at once.

    From here to the end of the transaction no other attempt is counted.
    """
    _alone(session)
    waits = [
        freed
        for limit in LIMITS
        if step in limit.steps and (freed := _freed(session, limit, login=login, network=network))
    ]
    return _full_minute(max(waits)) if waits else None


def count_failure(session: Session, *, step: SignInStep, login: str | None, network: str) -> None:
    """Count a failed attempt, and forget those that no limit looks at any more."""
    at = clock.now()
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - _KEPT))
    session.add(
        LoginAttempt(at=at, step=step, account_key=None if login is None else digest(login), address=network)
    )
    session.flush()


def forgive(session: Session, login: str) -> None:
    """Forget the failures of an account whose owner has just shown who they are in another way."""
    _alone(session)
    session.execute(delete(LoginAttempt).where(LoginAttempt.account_key == digest(login)))


def _alone(session: Session) -> None:
    # In SQLite a session for writing is alone already.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _freed(session: Session, limit: Limit, *, login: str | None, network: str) -> datetime | None:
    if limit.per is _Per.ACCOUNT and login is None:
        return None
    at = clock.now()
    whose: dict[_Per, list[ColumnElement[bool]]] = {
        _Per.ACCOUNT: [LoginAttempt.account_key == digest(login or "")],
        _Per.ADDRESS: [LoginAttempt.address == network],
        _Per.ALL: [],
    }
    # The failure that has to become old before there is room for another.
    oldest = session.scalar(
        select(LoginAttempt.at)
        .where(
            LoginAttempt.at > at - limit.within,
            LoginAttempt.at <= at + _CLOCK_ERROR,
            LoginAttempt.step.in_(sorted(limit.steps)),
            *whose[limit.per],
        )
        .order_by(LoginAttempt.at.desc())
        .offset(limit.number - 1)
        .limit(1)
    )
    return None if oldest is None else oldest + limit.within


def _full_minute(at: datetime) -> datetime:
    """Rounded up: people read minutes, and must not be told one that is too early."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)
