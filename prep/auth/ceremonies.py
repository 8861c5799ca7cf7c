"""What the server has asked a browser and waits for: kept on the server, good once, for five minutes."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.bearer import digest, new_token
from prep.models import Account, Ceremony
from prep.terms import CeremonyPurpose

LASTS = timedelta(minutes=5)


def begin(
    session: Session, purpose: CeremonyPurpose, *, account: Account | None = None, challenge: str = ""
) -> str:
    """The token by which the browser comes back with its answer."""
    at, token = clock.now(), new_token()
    session.execute(delete(Ceremony).where(Ceremony.expires_at < at))
    session.add(
        Ceremony(
            token_hash=digest(token),
            purpose=purpose,
            account=account,
            challenge=challenge,
            expires_at=at + LASTS,
        )
    )
    session.flush()
    return token


def under_way(session: Session, token: str, purpose: CeremonyPurpose) -> Ceremony | None:
    """What was asked under this token; None when it was never asked, has been answered or is too old."""
    at = clock.now()
    return session.scalar(
        select(Ceremony).where(
            Ceremony.token_hash == digest(token),
            Ceremony.purpose == purpose,
            Ceremony.expires_at > at,
            # From a clock that was ahead: it would be good for longer than it should.
            Ceremony.expires_at <= at + LASTS,
        )
    )


def finish(session: Session, ceremony: Ceremony) -> bool:
    """Use it up; False when somebody else has just done so."""
    done = session.execute(delete(Ceremony).where(Ceremony.id == ceremony.id).returning(Ceremony.id))
    return done.first() is not None


def drop_all(session: Session, account: Account) -> None:
    """Break off everything that is under way for an account."""
    session.execute(delete(Ceremony).where(Ceremony.account_id == account.id))
