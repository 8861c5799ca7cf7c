"""How the register of issued cards is said in words: what a card is, what has become of its copies."""

from prep.cards.code import printed
from prep.cards.content import Library
from prep.language import Message, say
from prep.terms import CardRole, CopyState, Language, State

STATES = {
    CopyState.OUT: say("in use"),
    CopyState.RETURNED: say("returned"),
    CopyState.DESTROYED: say("destroyed"),
    CopyState.LOST: say("lost"),
}
CURRENT = say("current")
WRONG = say("out of date")


def name_of_card(title: str, role: CardRole | None, library: Library, language: Language) -> str:
    """The card as a list names it: ``Laaja sähkökatko, Viestintä``.

    The title is that of the printing, in its language; the role is in the reader's.
    """
    return title if role is None else f"{title}, {library.roles[role].title.in_language(language)} ({role})"


def state_of(*, is_current: bool) -> tuple[State, Message]:
    """Whether a card may be acted on, as a state and its word."""
    return (State.OK, CURRENT) if is_current else (State.FAULT, WRONG)


def verdict(code: str, today: str | None) -> Message:
    """What somebody who holds a card has to know, in a sentence; ``today`` is the code of the card of today."""
    if code == today:
        return say("{code} is current: nothing on it has changed.", code=printed(code))
    if today is None:
        return say("{code} is out of date: there is no such card any more.", code=printed(code))
    return say("{code} is out of date. The card of today is {new}.", code=printed(code), new=printed(today))
