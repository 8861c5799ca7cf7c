"""The contact card of a municipality: everyone to call, in calling order, large enough to read by torchlight."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from prep.cards.calling import ContactRow, calling_list
from prep.cards.code import card_code, content_digest
from prep.cards.flow import Compositor, Side
from prep.cards.frame import HEAD_BOLD, ROLE, Frame, add_log, card_frame, header_group
from prep.cards.imprint import Imprint
from prep.cards.page import MM, Page
from prep.cards.tables import LARGE
from prep.language import Message, say
from prep.terms import CardKind

_GAP = 4 * MM


@dataclass(frozen=True, slots=True)
class ContactSection:
    """A calling list under its title: the management group, the named roles, the situation centre."""

    title: Message | str
    rows: tuple[ContactRow, ...]


@dataclass(frozen=True)
class ContactCard:
    """A contact card, ready to be set."""

    imprint: Imprint
    municipality_code: str
    for_whom: str
    sections: tuple[ContactSection, ...]

    kind = CardKind.CONTACT

    @property
    def title(self) -> str:
        return self.imprint.written(say("Contact card"))

    @cached_property
    def content(self) -> dict[str, Any]:
        """Everything that can become wrong: not ages, nor when it was printed."""
        written = self.imprint.written
        return {
            "kind": self.kind,
            **self.imprint.content(),
            "for": [self.municipality_code, self.for_whom],
            "sections": [[written(one.title), [row.content() for row in one.rows]] for one in self.sections],
        }

    @cached_property
    def digest(self) -> str:
        """Of the content."""
        return content_digest(self.content)

    @cached_property
    def code(self) -> str:
        return card_code(self.digest, self.imprint.attempt)

    @property
    def name(self) -> str:
        """The card as a message or a list names it."""
        return f"{self.for_whom}: {self.title}"


def lay_out(card: ContactCard) -> tuple[Frame, list[Side]]:
    """The card as sides.

    Raises
    ------
    Refused
        With every sign that cannot be printed, and every row that no side can hold.
    """
    setter = Compositor(card.name)
    title = ((card.title, HEAD_BOLD),)
    frame = card_frame(card.imprint, code=card.code, title=title, for_whom=card.for_whom)
    below = card.imprint.written(say("Call from top to bottom. No answer in 3 minutes: the next one."))
    header = header_group(
        setter,
        card.imprint,
        code=card.code,
        kicker=card.title,
        title=card.for_whom,
        below=((below, ROLE),),
    )
    lists = [
        calling_list(
            setter,
            section.rows,
            title=section.title,
            language=card.imprint.language,
            table_type=LARGE,
            gap=_GAP,
        )
        for section in card.sections
    ]
    sides = setter.paginate([header, *lists], frame.new_side)
    add_log(frame, card.imprint, sides)
    return frame, sides


def draw(page: Page, card: ContactCard) -> int:
    """Draw a card; returns how many sides it has.

    Raises
    ------
    Refused
        See ``lay_out``.
    """
    frame, sides = lay_out(card)
    frame.draw(page, sides)
    return len(sides)
