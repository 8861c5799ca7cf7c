"""The premises card: who opens them, how long it takes, what they lack, and what is done until they are closed."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from prep.cards.code import card_code, content_digest
from prep.cards.flow import Block, Compositor, Group, Side, remembered
from prep.cards.frame import (
    BAR,
    BAR_HEIGHT,
    BAR_SMALL,
    HEAD_BOLD,
    INITIALS_WIDTH,
    ROLE,
    TIME_WIDTH,
    Frame,
    add_log,
    card_frame,
    draw_bar,
    header_group,
)
from prep.cards.imprint import Imprint
from prep.cards.page import INSET, MM, NORMAL, RULE_GRAY, WIDTH, Page, Pen
from prep.cards.tables import LARGE, Cell, Table
from prep.cards.typography import Font, Style, height
from prep.language import Message, in_language, say
from prep.terms import Language

_GAP = 4 * MM
_BOX = 4 * MM
_PADDING = 1.1 * MM
_STEP = Style(Font.REGULAR, 11, 14)
_FACT_COLUMNS = (52 * MM, WIDTH - 52 * MM - INSET)
_KEY_COLUMNS = (66 * MM, 50 * MM, WIDTH - 116 * MM - INSET)
_LACK_COLUMNS = (84 * MM, WIDTH - 84 * MM - INSET)
_BLANK_ROWS = 2
# What a side has between the head and the foot of the card, with room for the name of the picture.
_PICTURE_HEIGHT = 200 * MM


@dataclass(frozen=True, slots=True)
class Opener:
    """Who opens the premises: the name, what they may do, the number (empty: a ruled line)."""

    name: str
    power: Message
    number: str


@dataclass(frozen=True, slots=True)
class Steps:
    """A part of the checklist."""

    title: Message
    lines: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A plan or a photograph (JPEG or PNG): what it is called, its bytes, and its sides in any one unit."""

    name: str
    content: bytes
    width: float
    height: float

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"a picture of {self.width} × {self.height}")


@dataclass(frozen=True)
class PremisesCard:
    """The card of one of the premises, ready to be set. None in a fact is not known: a ruled line is printed."""

    imprint: Imprint
    name: str
    where: str
    openers: tuple[Opener, ...]
    facts: tuple[tuple[Message, Message | str | None], ...]
    lacks: tuple[tuple[Message, Message | None], ...]
    steps: tuple[Steps, ...]
    # Behind the checklist, each as large as a side has room for.
    pictures: tuple[Picture, ...] = ()

    @property
    def title(self) -> str:
        return self.imprint.written(say("Premises card"))

    @cached_property
    def code(self) -> str:
        written = self.imprint.written
        return card_code(
            content_digest(
                {
                    "kind": "premises",
                    "language": self.imprint.language,
                    "version": self.imprint.version,
                    "classification": self.imprint.classification,
                    "for": [self.name, self.where],
                    "openers": [[one.name, written(one.power), one.number] for one in self.openers],
                    "facts": [[written(a), None if b is None else written(b)] for a, b in self.facts],
                    "lacks": [written(one) for one, _ in self.lacks],
                    "steps": [[written(one) for one in part.lines] for part in self.steps],
                    **({"pictures": [_digest(one) for one in self.pictures]} if self.pictures else {}),
                }
            ),
            self.imprint.attempt,
        )


def lay_out(card: PremisesCard) -> tuple[Frame, list[Side]]:
    """The card as sides.

    Raises
    ------
    Refused
        With every sign that cannot be printed, and every row that no side can hold.
    """
    setter = Compositor(f"{card.name}: {card.title}")
    frame = card_frame(card.imprint, code=card.code, title=((card.title, HEAD_BOLD),), for_whom=card.name)
    header = header_group(
        setter,
        card.imprint,
        code=card.code,
        kicker=card.title,
        title=card.name,
        below=((card.where, ROLE),) if card.where else (),
    )
    groups = [header, _openers(setter, card), _facts(setter, card)]
    if card.lacks:
        groups.append(_lacks(setter, card))
    groups += [_steps(setter, card.imprint.language, part) for part in card.steps]
    groups += [_picture(setter, one) for one in card.pictures]
    sides = setter.paginate(groups, frame.new_side)
    add_log(frame, card.imprint, sides)
    return frame, sides


def draw(page: Page, card: PremisesCard) -> int:
    """Draw a card; returns how many sides it has.

    Raises
    ------
    Refused
        See ``lay_out``.
    """
    frame, sides = lay_out(card)
    frame.draw(page, sides)
    return len(sides)


def _openers(setter: Compositor, card: PremisesCard) -> Group:
    table = Table(setter, say("key holders"), card.imprint.language, LARGE, _KEY_COLUMNS)
    rows = [
        table.row([table.cell(0, one.name), table.cell(1, one.power), table.cell(2, one.number)])
        for one in card.openers
    ]
    note = None
    if not rows:
        rows = [table.blank_row()] * _BLANK_ROWS
        note = say("nobody in the register: write down whom you reach")
    columns = (None, say("May"), say("Number"))
    return table.group(rows, columns, title=say("Who opens, in this order"), note=note, gap=_GAP, key=None)


def _facts(setter: Compositor, card: PremisesCard) -> Group:
    table = Table(setter, say("facts of the premises"), card.imprint.language, LARGE, _FACT_COLUMNS)
    rows = [table.row([table.cell(0, label), _value(table, value)]) for label, value in card.facts]
    columns = (None, say("As known"))
    return table.group(rows, columns, title=say("The premises"), note=None, gap=_GAP, key=None)


def _value(table: Table, value: Message | str | None) -> Cell:
    return None if value is None else table.cell(1, value)


def _lacks(setter: Compositor, card: PremisesCard) -> Group:
    table = Table(
        setter,
        say("what the premises lack"),
        card.imprint.language,
        LARGE,
        (84 * MM, WIDTH - 84 * MM - INSET),
    )
    rows = [table.row([table.cell(0, what), table.cell(1, remedy or "–")]) for what, remedy in card.lacks]
    columns = (None, say("What to do"))
    return table.group(rows, columns, title=say("What they lack"), note=None, gap=_GAP, key=None)


@remembered
def _steps(setter: Compositor, language: Language, part: Steps) -> Group:
    """A part of the checklist: a box to tick, the line, the time and the initials of who did it."""
    name, title = part.title, in_language(part.title, language)
    time, initials = (in_language(text, language) for text in (say("noted at"), say("initials")))
    left = _BOX + 2 * INSET
    right = WIDTH - INITIALS_WIDTH - TIME_WIDTH

    def bar(pen: Pen, y: float) -> None:
        baseline = draw_bar(pen, y)
        pen.word(INSET, baseline, title, BAR, white=True)
        pen.word(right + TIME_WIDTH / 2, baseline, time, BAR_SMALL, anchor=0.5, white=True)
        pen.word(WIDTH - INITIALS_WIDTH / 2, baseline, initials, BAR_SMALL, anchor=0.5, white=True)

    def row(text: Message) -> Block:
        lines = setter.set(name, right - left - INSET, (in_language(text, language), _STEP))
        tall = max(height(lines, _STEP), _BOX) + 2 * _PADDING

        def draw_row(pen: Pen, y: float) -> None:
            pen.box(INSET, y + (tall - _BOX) / 2, _BOX, _BOX, line=NORMAL)
            pen.lines(left, y + (tall - height(lines, _STEP)) / 2, lines, _STEP)
            pen.rule(0, y + tall, WIDTH, y + tall, gray=RULE_GRAY)

        return Block(tall, draw_row)

    def columns(pen: Pen, _top: float, rows_top: float, bottom: float) -> None:
        for x in (right, WIDTH - INITIALS_WIDTH):
            pen.rule(x, rows_top, x, bottom, gray=RULE_GRAY)

    return Group(
        name=name,
        key=("opening", language, part),
        rows=tuple(row(one) for one in part.lines),
        head=Block(BAR_HEIGHT, bar),
        again=Block(BAR_HEIGHT, bar),
        finish=columns,
        gap=_GAP,
        least_rows=2,
    )


def _picture(setter: Compositor, picture: Picture) -> Group:
    """A picture under its name: as wide as the text, or as high as there is room; never cut, never stretched."""
    scale = min(WIDTH / picture.width, _PICTURE_HEIGHT / picture.height)
    width, tall = picture.width * scale, picture.height * scale
    lines = setter.set(picture.name, WIDTH, (picture.name, _STEP))

    def name(pen: Pen, y: float) -> None:
        pen.lines(0, y, lines, _STEP)

    def row(pen: Pen, y: float) -> None:
        pen.image((WIDTH - width) / 2, y, width, tall, picture.content)

    return Group(
        name=picture.name,
        key=None,
        rows=(Block(tall, row),),
        head=Block(height(lines, _STEP) + _PADDING, name),
        gap=_GAP,
    )


def _digest(picture: Picture) -> str:
    return sha256(picture.content).hexdigest()
