"""What is sent twice is done once: a form whose button was pressed again, a program that asks anew after a silence.

The key is kept in the same transaction as the change, so it is there if and only if the change is.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from prep import clock
from prep.models import Submission

# Longer than anybody leaves a page open to come back to its button.
_KEPT = timedelta(days=2)


class AlreadyDone(Exception):
    """The same was sent before and carried out; ``answer`` is what was answered then."""

    def __init__(self, answer: str):
        super().__init__(answer)
        self.answer = answer


def key_of(sender: str, once: str, content: bytes) -> str:
    """The key of something sent: the same for the same sender, one-time key and content only."""
    whole = hashlib.sha256()
    for part in (sender.encode(), once.encode(), content):
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def begin(session: Session, key: str) -> Submission:
    """Note that something is being carried out; its ``answer`` is filled in before the transaction ends.

    Two that arrive together wait for each other here.

    Raises
    ------
    AlreadyDone
        If it has been carried out before.
    """
    at = clock.now()
    earlier = session.get(Submission, key)
    if earlier is None:
        session.execute(delete(Submission).where(Submission.at < at - _KEPT))
        made = Submission(key=key, at=at)
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:
            # In PostgreSQL the other transaction has just ended.
            earlier = session.get_one(Submission, key)
        else:
            return made
    raise AlreadyDone(earlier.answer)
