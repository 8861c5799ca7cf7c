"""The action card (toimintaohjekortti): what one role does in the first hour of one disruption.

Front side: for whom, mission, the steps, whom to call. Back side: premises, messages, limits, log.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from prep.cards.calling import ContactRow, calling_list, places_list
from prep.cards.code import card_code, content_digest
from prep.cards.flow import Block, Compositor, Group, Side, remembered
from prep.cards.frame import (
    BAR,
    BAR_HEIGHT,
    BAR_SMALL,
    HEAD,
    HEAD_BOLD,
    INITIALS_WIDTH,
    ROLE,
    ROLE_BOLD,
    TIME_WIDTH,
    Frame,
    add_log,
    card_frame,
    draw_bar,
    header_group,
)
from prep.cards.imprint import Imprint
from prep.cards.later import Phase, Step, later_group
from prep.cards.page import INSET, MM, RULE_GRAY, THICK, WIDTH, Page, Pen
from prep.cards.premises import PremisesRow, premises_group
from prep.cards.tables import COMPACT
from prep.cards.typography import Font, Style, height
from prep.language import Message, in_language, say
from prep.terms import CardKind, CardRole, Disruption, Language

# Read standing, by torchlight, in a hurry: never smaller.
STEP = Style(Font.REGULAR, 12, 15)
STEP_BOLD = Style(Font.BOLD, 12, 15)
MESSAGE = Style(Font.REGULAR, 10.5, 13)
SMALL = Style(Font.REGULAR, 10, 12.5)
SMALL_BOLD = Style(Font.SEMIBOLD, 10, 12.5)
LABEL = Style(Font.SEMIBOLD, 9.5, 13)

# Space above and below the lines of a step and of a contact, tightest first: the widest with which the front
# side holds everything is taken. Type is never set smaller, and the lowest step is 6.3 mm high, enough to write
# a time in. Few different spaces, because rows that stand alike on many cards are drawn only once.
_PADDINGS = (
    (0.5 * MM, 0.2 * MM),
    (0.75 * MM, 0.35 * MM),
    (1.0 * MM, 0.5 * MM),
    (1.3 * MM, 0.65 * MM),
    (1.6 * MM, 0.8 * MM),
)
_CHECKBOX = 4.4 * MM
_CHECKBOX_X = 1.5 * MM
_NUMBER_RIGHT = 12.5 * MM
_STEP_X = 14.5 * MM
_STEP_WIDTH = WIDTH - _STEP_X - TIME_WIDTH - INITIALS_WIDTH - 2.5 * MM
_GAP = 3 * MM
_COLUMN_GAP = 7 * MM


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A message to send, always in Finnish and Swedish; ``to`` says to whom, in both."""

    to_fi: str
    to_sv: str
    fi: str
    sv: str


@dataclass(frozen=True, slots=True)
class LegalLine:
    """A statute with its section, what it says, and whether somebody checked that against the statute."""

    reference: str
    text: str
    is_verified: bool


@dataclass(frozen=True)
class ActionCard:
    """An action card, ready to be set: all texts are in the language of ``imprint``."""

    imprint: Imprint
    municipality_code: str | None
    # The municipality, or the county.
    for_whom: str
    role_code: CardRole
    disruption: Disruption
    title: str
    role: str
    reports_to: str
    mission: str
    limits: str
    phases: tuple[Phase, ...]
    contacts: tuple[ContactRow, ...]
    contacts_note: Message | None
    # None when the card needs no premises; empty when it needs some and the register has none.
    premises: tuple[PremisesRow, ...] | None
    premises_title: Message | None
    messages: tuple[MessageTemplate, ...]
    legal_basis: tuple[LegalLine, ...]
    linked: tuple[str, ...]

    kind = CardKind.ACTION

    @cached_property
    def content(self) -> dict[str, Any]:
        """Everything that can become wrong: not ages, nor when it was printed."""
        return {
            "kind": self.kind,
            **self.imprint.content(),
            "for": [self.municipality_code, self.for_whom],
            "role": [self.role_code, self.role, self.reports_to, self.limits],
            "disruption": [self.disruption, self.title, self.mission],
            "steps": [[p.title, [[s.number, s.text] for s in p.steps]] for p in self.phases],
            "contacts": [row.content() for row in self.contacts],
            "premises": None if self.premises is None else [row.content() for row in self.premises],
            "messages": [[m.to_fi, m.to_sv, m.fi, m.sv] for m in self.messages],
            "legal": [[line.reference, line.text, line.is_verified] for line in self.legal_basis],
            "linked": list(self.linked),
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
        return f"{self.for_whom}: {self.title}, {self.role} ({self.role_code})"


def lay_out(card: ActionCard) -> tuple[Frame, list[Side]]:
    """The card as sides.

    Raises
    ------
    Refused
        With every sign that cannot be printed, and every block that no side can hold.
    """
    setter = Compositor(card.name)
    title = ((card.title, HEAD_BOLD), (card.role, HEAD))
    frame = card_frame(card.imprint, code=card.code, title=title, for_whom=card.for_whom)
    back = _back_groups(setter, card)
    front = _front_groups(setter, card, *_PADDINGS[0])
    sides = setter.paginate(front, frame.new_side)
    if len(sides) == 1 and (widest := _widest_padding(card, front[-1], spare=sides[0].left)):
        sides = setter.paginate(_front_groups(setter, card, *_PADDINGS[widest]), frame.new_side)
    if len(sides) == 1:
        sides.append(frame.new_side(1))
    setter.paginate(back, frame.new_side, onto=sides)
    add_log(frame, card.imprint, sides)
    return frame, sides


def draw(page: Page, card: ActionCard) -> int:
    """Draw a card; returns how many sides it has.

    Raises
    ------
    Refused
        See ``lay_out``.
    """
    frame, sides = lay_out(card)
    frame.draw(page, sides)
    return len(sides)


def _widest_padding(card: ActionCard, contacts: Group, *, spare: float) -> int:
    """Which of the paddings uses most of the height that the tightest one leaves."""
    steps = sum(len(phase.steps) for phase in card.phases if phase.is_first_hour)
    tight_step, tight_contact = _PADDINGS[0]
    return max(
        number
        for number, (step, contact) in enumerate(_PADDINGS)
        # The last row of a table has its padding twice below it.
        if 2 * steps * (step - tight_step) + (2 * len(contacts.rows) + 1) * (contact - tight_contact) <= spare
    )


def _front_groups(
    setter: Compositor, card: ActionCard, step_padding: float, contact_padding: float
) -> list[Group]:
    reports = card.imprint.written(say("reports to: {who}", who=card.reports_to))
    kind = card.imprint.written(say("Action card"))
    header = header_group(
        setter,
        card.imprint,
        code=card.code,
        kicker=f"{kind} · {card.for_whom}",
        title=card.title,
        below=((card.role, ROLE_BOLD), (reports, ROLE)),
    )
    make_list = calling_list if card.municipality_code else places_list
    contacts = make_list(
        setter,
        card.contacts,
        title=say("Call in this order"),
        note=card.contacts_note,
        table_type=replace(COMPACT, padding=contact_padding),
        language=card.imprint.language,
        gap=_GAP,
    )
    phases = [
        _phase_group(setter, card.imprint.language, phase, step_padding)
        for phase in card.phases
        if phase.steps and phase.is_first_hour
    ]
    return [header, _mission_group(setter, card), *phases, contacts]


def _back_groups(setter: Compositor, card: ActionCard) -> list[Group]:
    groups = []
    language = card.imprint.language
    later = tuple(phase for phase in card.phases if phase.steps and not phase.is_first_hour)
    if later:
        groups.append(later_group(setter, language, later))
    if card.premises is not None and card.premises_title is not None:
        groups.append(
            premises_group(setter, card.premises, title=card.premises_title, language=language, gap=_GAP)
        )
    if card.messages:
        groups.append(_messages_group(setter, language, card.messages))
    groups.append(_notes_group(setter, language, card.limits, card.linked, card.legal_basis))
    return groups


def _mission_group(setter: Compositor, card: ActionCard) -> Group:
    label = card.imprint.written(say("Mission:"))
    lines = setter.set(say("mission"), WIDTH, (label, STEP_BOLD), (card.mission, STEP))
    block = Block(height(lines, STEP), lambda pen, y: pen.lines(0, y, lines, STEP))
    return Group(name=say("mission"), key=("mission", label, card.mission), rows=(block,), gap=2.5 * MM)


@remembered
def _phase_group(setter: Compositor, language: Language, phase: Phase, padding: float) -> Group:
    continued = in_language(say("{title} (continued)", title=phase.title), language)
    return Group(
        name=say("steps {title}", title=phase.title),
        key=("phase", language, phase, padding),
        head=_bar(phase.title, language),
        again=_bar(continued, language),
        rows=tuple(_step_block(setter, step, padding) for step in phase.steps),
        finish=_draw_step_columns,
        gap=_GAP,
        least_rows=1,
    )


def _bar(title: str, language: Language | None = None) -> Block:
    """A black bar with a title and, over columns to write in, their names in a language."""

    def draw(pen: Pen, y: float) -> None:
        baseline = draw_bar(pen, y)
        pen.word(INSET, baseline, title, BAR, white=True)
        if language:
            middle = WIDTH - INITIALS_WIDTH - TIME_WIDTH / 2
            pen.word(
                middle, baseline, in_language(say("noted at"), language), BAR_SMALL, anchor=0.5, white=True
            )
            middle = WIDTH - INITIALS_WIDTH / 2
            pen.word(
                middle, baseline, in_language(say("initials"), language), BAR_SMALL, anchor=0.5, white=True
            )

    return Block(BAR_HEIGHT, draw)


def _draw_step_columns(pen: Pen, _top: float, rows_top: float, bottom: float) -> None:
    for x in (WIDTH - INITIALS_WIDTH - TIME_WIDTH, WIDTH - INITIALS_WIDTH):
        pen.rule(x, rows_top, x, bottom, gray=RULE_GRAY)


def _step_block(setter: Compositor, step: Step, padding: float) -> Block:
    lines = setter.set(say("step {n}", n=step.number), _STEP_WIDTH, (step.text, STEP))
    row_height = height(lines, STEP) + 2 * padding

    def draw(pen: Pen, y: float) -> None:
        baseline = y + padding + STEP.baseline
        # The box stands level with the first line, where reading begins.
        pen.box(_CHECKBOX_X, y + padding + (STEP.leading - _CHECKBOX) / 2, _CHECKBOX, _CHECKBOX, line=THICK)
        pen.word(_NUMBER_RIGHT, baseline, str(step.number), STEP_BOLD, anchor=1)
        pen.lines(_STEP_X, y + padding, lines, STEP)
        pen.rule(0, y + row_height, WIDTH, y + row_height, gray=RULE_GRAY)

    return Block(row_height, draw)


@remembered
def _messages_group(setter: Compositor, language: Language, messages: tuple[MessageTemplate, ...]) -> Group:
    title = in_language(say("Message templates – fill in the blanks"), language)
    continued = in_language(say("{title} (continued)", title=title), language)
    return Group(
        name=say("message templates"),
        key=("messages", language, messages),
        head=_bar(title),
        again=_bar(continued),
        rows=tuple(_message_block(setter, message) for message in messages),
        gap=_GAP,
        least_rows=1,
    )


def _message_block(setter: Compositor, message: MessageTemplate) -> Block:
    """A message in two columns, Finnish at the left."""
    width = (WIDTH - _COLUMN_GAP) / 2
    name = say("message templates")
    columns = [
        (setter.set(name, width, (label, LABEL)), setter.set(name, width, (text, MESSAGE)))
        for label, text in ((message.to_fi, message.fi), (message.to_sv, message.sv))
    ]
    padding = 1.1 * MM
    row_height = max(height(head, LABEL) + height(body, MESSAGE) for head, body in columns) + 2 * padding

    def draw(pen: Pen, y: float) -> None:
        for number, (head, body) in enumerate(columns):
            x = number * (width + _COLUMN_GAP)
            pen.lines(x, pen.lines(x, y + padding, head, LABEL), body, MESSAGE)
        pen.rule(WIDTH / 2, y + padding, WIDTH / 2, y + row_height - padding, gray=RULE_GRAY)
        pen.rule(0, y + row_height, WIDTH, y + row_height, gray=RULE_GRAY)

    return Block(row_height, draw)


@remembered
def _notes_group(
    setter: Compositor,
    language: Language,
    limits: str,
    linked: tuple[str, ...],
    legal_basis: tuple[LegalLine, ...],
) -> Group:
    paragraphs: list[tuple[Message, Message | str]] = [(say("Limits:"), limits)]
    if linked:
        paragraphs.append((say("Cards of the same disruption:"), ", ".join(linked)))
    for line in legal_basis:
        text = line.text if line.is_verified else say("{text} (not yet checked)", text=line.text)
        paragraphs.append((say("Legal basis {act}:", act=line.reference), text))
    rows = tuple(
        _paragraph(setter, in_language(label, language), in_language(text, language))
        for label, text in paragraphs
    )
    return Group(
        name=say("limits and legal basis"),
        key=("notes", language, limits, linked, legal_basis),
        rows=rows,
        gap=_GAP,
        least_rows=1,
    )


def _paragraph(setter: Compositor, label: str, text: str) -> Block:
    lines = setter.set(say("limits and legal basis"), WIDTH, (label, SMALL_BOLD), (text, SMALL))
    return Block(height(lines, SMALL) + 0.8 * MM, lambda pen, y: pen.lines(0, y, lines, SMALL))
