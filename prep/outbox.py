"""Messages on their way out: written with the decision that they tell of, handed over by one worker each, never lost.

    pending ── claimed ──► sending ──► sent
       ▲                      ├──────► pending   nothing was sent; tried again later, three times in all
       │                      ├──────► failed    never, or three times not
       └── (written)          └──────► unknown   it may have arrived, and a mail server cannot be asked

Nothing is sent a second time that may have arrived: a reminder that comes twice costs trust, one that does not come
is seen here as unknown. So a message goes out at most once.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from prep import audit, clock
from prep.models import OutboxMessage
from prep.terms import OutboxState

MOST_TRIES = 3
# Longer than any hand-over takes; whoever has not answered by then is taken for dead.
LEASE = timedelta(minutes=10)
# Ten minutes, then an hour, each a fifth more or less: many that failed together do not come back together.
_FIRST_WAIT = timedelta(minutes=10)
_FACTOR = 6
_LONGEST_WAIT = timedelta(hours=2)
_SPREAD = 0.2
# What was sent names people: it is kept as long as somebody may ask about it.
KEPT = timedelta(days=90)
_LONGEST_ANSWER = 300
_ADDRESS = re.compile(r"\S+@\S+")
# The key in a link (prep.auth.bearer): its recipient has it once the message has gone, and nobody else needs it.
_KEY = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
_EVENT = "message"


class Outcome(StrEnum):
    """What became of a message that was handed over."""

    SENT = "sent"
    NOT_NOW = "not_now"  # nothing was sent; the same can be tried later
    NEVER = "never"
    PERHAPS = "perhaps"  # it may have been sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel says of a message, with the other side's words where there are any."""

    outcome: Outcome
    words: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in the hands of one worker. ``lease`` is what its word counts by."""

    number: int
    reason: str
    recipient: str
    subject: str
    body: str
    lease: str


def write(
    session: Session,
    *,
    reason: str,
    kind: str,
    recipient: str,
    subject: str,
    body: str,
    due_at: datetime | None = None,
) -> OutboxMessage | None:
    """Write a message with the decision that it tells of: it is there if and only if the decision is.

    None where one of the same reason was written before; two that arrive together make one.
    """
    at = clock.now()
    row = OutboxMessage(
        reason=reason,
        kind=kind,
        recipient=recipient,
        subject=subject,
        body=body,
        state=OutboxState.PENDING,
        written_at=at,
        due_at=due_at or at,
        attempts=0,
        lease="",
        answer="",
    )
    if is_written(session, reason):
        return None
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # In PostgreSQL the other transaction has just ended.
        return None
    _note(session, row)
    return row


def is_written(session: Session, reason: str) -> bool:
    """Whether a message of this reason is there."""
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.reason == reason)) is not None


def claim(session: Session) -> Letter | None:
    """Take the message that has been due longest; nobody else takes it. None when none is due."""
    at = clock.now()
    row = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.PENDING, OutboxMessage.due_at <= at)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    row.state, row.attempts = OutboxState.SENDING, row.attempts + 1
    row.lease, row.leased_until = secrets.token_hex(16), at + LEASE
    session.flush()
    return Letter(row.id, row.reason, row.recipient, row.subject, row.body, row.lease)


def settle(session: Session, letter: Letter, answer: Answer) -> bool:
    """Write down what became of a message. False when somebody else has it by now: then the word does not count."""
    row = session.get(OutboxMessage, letter.number, with_for_update=True, populate_existing=True)
    if (
        row is None
        or row.lease != letter.lease
        or row.state not in {OutboxState.SENDING, OutboxState.UNKNOWN}
    ):
        return False
    at = clock.now()
    row.answer = _ADDRESS.sub("…", " ".join(answer.words.split()))[:_LONGEST_ANSWER]
    row.leased_until = None
    match answer.outcome:
        case Outcome.SENT:
            row.sent_at = at
            _end(session, row, OutboxState.SENT)
        case Outcome.NOT_NOW if row.attempts < MOST_TRIES:
            row.state, row.due_at = OutboxState.PENDING, at + _wait(row)
            session.flush()
        case Outcome.NOT_NOW | Outcome.NEVER:
            _end(session, row, OutboxState.FAILED)
        case Outcome.PERHAPS:
            _end(session, row, OutboxState.UNKNOWN)
    return True


def give_up(session: Session) -> int:
    """Tell as unknown what a worker took and never spoke of again; gives how many."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.leased_until <= clock.now())
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        _end(session, row, OutboxState.UNKNOWN)
    return len(rows)


def doubt(session: Session) -> int:
    """Tell as unknown everything that waits, in a database from a backup: it may have gone since; gives how many."""
    waiting = (OutboxState.PENDING, OutboxState.SENDING)
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.state.in_(waiting))).all()
    for row in rows:
        row.lease, row.leased_until = "", None
        _end(session, row, OutboxState.UNKNOWN)
    return len(rows)


def forget(session: Session) -> int:
    """Remove what was settled longer ago than `KEPT`; gives how many."""
    settled = (OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN)
    gone = session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.state.in_(settled), OutboxMessage.written_at < clock.now() - KEPT)
        .returning(OutboxMessage.id)
    )
    return len(gone.all())


def listed(session: Session, *, state: OutboxState | None = None) -> Sequence[OutboxMessage]:
    """The messages, the newest first; those in one state, if given."""
    query = select(OutboxMessage).order_by(OutboxMessage.id.desc())
    if state is not None:
        query = query.where(OutboxMessage.state == state)
    return session.scalars(query).all()


def _end(session: Session, row: OutboxMessage, state: OutboxState) -> None:
    row.state = state
    row.body = _KEY.sub("…", row.body)
    _note(session, row)


def _note(session: Session, row: OutboxMessage) -> None:
    audit.note(session, _EVENT, row, {"reason": row.reason, "kind": row.kind, "state": row.state})


def _wait(row: OutboxMessage) -> timedelta:
    """Until the next try. The jitter comes from the message itself, so that no chance is needed."""
    whole = hashlib.sha256(f"{row.reason} {row.attempts}".encode()).digest()
    part = int.from_bytes(whole[:4], "big") / 2**32
    wait = min(_FIRST_WAIT.total_seconds() * _FACTOR ** (row.attempts - 1), _LONGEST_WAIT.total_seconds())
    return timedelta(seconds=wait * (1 - _SPREAD + 2 * _SPREAD * part))
