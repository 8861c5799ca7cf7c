"""What a check says: how a thing stands, what that means, and what to do."""

from dataclasses import dataclass

from prep.language import Message, say
from prep.terms import State


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``remedy`` is None where there is nothing to do."""

    key: str
    name: Message
    state: State
    meaning: Message
    remedy: Message | None = None


def not_looked_at(key: str, name: Message) -> Check:
    """Nobody looked: that is not the same as in order."""
    meaning = say("Not looked at now, because that can take long.")
    return Check(key, name, State.UNKNOWN, meaning, say("Look at everything with “prep doctor”."))
