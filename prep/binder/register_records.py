"""The cards of a binder in the register of issued cards."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from prep import audit
from prep.binder.content import Binder
from prep.cards.action import ActionCard
from prep.cards.contact import ContactCard
from prep.cards.register_records import Run, register

_Cards = ActionCard | ContactCard


def enter(
    session: Session,
    binder: Binder,
    *,
    name: str,
    by: str,
    among: Callable[[_Cards], bool] = lambda _card: True,
) -> int:
    """Note that a binder was printed into a file of this name, and each of its cards; returns how many cards.

    ``among`` leaves out cards that bear masked numbers: those are not what the register knows.
    """
    pieces = [one.piece for one in binder.leaflets]
    cards = [one for one in pieces if isinstance(one, ActionCard | ContactCard) and among(one)]
    audit.note(
        session,
        "print",
        "binder",
        {"place": binder.place, "version": binder.version, "prints": len(pieces), "file": name},
    )
    if cards:
        register(session, cards, binder.ground.printed_at, Run(name, by))
    return len(cards)
