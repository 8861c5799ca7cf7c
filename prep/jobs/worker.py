"""The worker: takes messages from the outbox one by one, hands each over, and writes down what became of it."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy import Engine

from prep import outbox
from prep.db import write_session
from prep.outbox import Answer, Letter, Outcome

# Hands one message over and says what became of it. What it does not expect it raises; the message is then unknown.
Channel: TypeAlias = Callable[[Letter], Answer]

ACTOR = "command: jobs run"
# The other side is out of order: the rest is left for the next round, with its tries.
_IN_A_ROW = 3
_ROUND = timedelta(minutes=1)


def work(engine: Engine, channel: Channel, *, stop: threading.Event | None = None) -> Counter[Outcome]:
    """Send everything that is due; gives how often each thing became of it.

    Several may work at the same time. One that is killed leaves at most one message of which nobody knows.
    """
    became: Counter[Outcome] = Counter()
    in_a_row = 0
    while in_a_row < _IN_A_ROW and not (stop is not None and stop.is_set()):
        with write_session(engine, actor=ACTOR) as session:
            outbox.give_up(session)
            letter = outbox.claim(session)
        if letter is None:
            break
        answer = channel(letter)
        with write_session(engine, actor=ACTOR) as session:
            outbox.settle(session, letter, answer)
        became[answer.outcome] += 1
        in_a_row = in_a_row + 1 if answer.outcome is Outcome.NOT_NOW else 0
    return became


def work_on(
    engine: Engine, channel: Channel, stop: threading.Event, *, tell: Callable[[Counter[Outcome]], None]
) -> None:
    """Go on, once a minute, until told to stop; the message in hand is finished first."""
    while not stop.is_set():
        became = work(engine, channel, stop=stop)
        if became:
            tell(became)
        stop.wait(_ROUND.total_seconds())
