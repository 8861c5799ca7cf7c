"""The list of premises on paper: sheets that lie, the headings on each, and the age of the data at the foot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from reportlab.lib.pagesizes import A4, landscape

from prep.cards.flow import Block, Compositor, Group, Side
from prep.cards.frame import FOOT, FOOT_BOLD, draw_band
from prep.cards.imprint import CLASSIFICATIONS, Ground
from prep.cards.page import (
    BOTTOM_MARGIN,
    MM,
    NORMAL,
    OUTER_MARGIN,
    RULE_GRAY,
    THICK,
    TOP_MARGIN,
    Page,
    Pen,
)
from prep.cards.tables import age_words
from prep.cards.typography import Font, Line, Style, height
from prep.language import Message, say

_SHEET = landscape(A4)
_WIDTH = _SHEET[0] - 2 * OUTER_MARGIN
_HEIGHT = _SHEET[1] - TOP_MARGIN - BOTTOM_MARGIN
_TITLE = Style(Font.BOLD, 18, 23)
_BELOW = Style(Font.REGULAR, 10.5, 14)
_HEAD = Style(Font.SEMIBOLD, 9, 11.5)
_BODY = Style(Font.REGULAR, 9.5, 12)
_BOLD = Style(Font.SEMIBOLD, 9.5, 12)
_COLUMN_GAP, _ROW_PADDING = 3 * MM, 0.9 * MM
_BAND_HEIGHT = 8 * MM
_FOOT_HEIGHT = 2 * FOOT.leading + 1.5 * MM
# Premises and place; uses with their places; what limits them; availability and age; what they have; key holders.
_WIDTHS = (60 * MM, 50 * MM, 34 * MM, 32 * MM, 52 * MM)
_COLUMNS = (*_WIDTHS, _WIDTH - sum(_WIDTHS))


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """Premises as they stand on the list; what is not known stands there as not known."""

    name: str
    # Address, municipality, owner: each on a line of its own where it is known.
    where: tuple[str, ...]
    places: tuple[Message | str, ...]
    limits: tuple[Message | str, ...]
    availability: Message
    equipment: tuple[Message, ...]
    # Name and number of each who holds the key, in calling order.
    key_holders: tuple[tuple[str, str], ...]
    # None: never confirmed.
    age_days: int | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Register(Ground):
    """A list of premises as it is printed; ``chosen`` says which premises are on it."""

    title: Message | str
    chosen: Message | str
    rows: tuple[RegisterRow, ...]


def write_register(file: BinaryIO, register: Register) -> int:
    """Write the list as a PDF; returns how many sides it has. The same list gives the same bytes.

    Raises
    ------
    Refused
        With every sign that cannot be printed, and every row that no side can hold.
    """
    setter = Compositor(register.written(register.title))
    group = _rows(setter, register)
    sides = setter.paginate([_title(setter, register), group], partial(_new_side, register))
    page = Page(
        file,
        title=register.written(register.title),
        subject=register.written(say("Premises: {n}", n=len(register.rows))),
        language=register.language,
        at=register.printed_at,
        sheet=_SHEET,
    )
    for number, side in enumerate(sides, start=1):
        if number == 1:
            page.bookmark(register.written(register.title), 0)
        if register.is_demo:
            page.place(0, 6 * MM, partial(draw_band, width=_WIDTH))
        for piece in side.pieces:
            piece.draw(page)
        page.place(_HEIGHT - _FOOT_HEIGHT, _FOOT_HEIGHT, partial(_draw_foot, register, number, len(sides)))
        page.end_side()
    page.save()
    return len(sides)


def _new_side(register: Register, _number: int) -> Side:
    start = _BAND_HEIGHT if register.is_demo else 0
    return Side(start=start, room=_HEIGHT - start - _FOOT_HEIGHT - 2 * MM)


def _title(setter: Compositor, register: Register) -> Group:
    name = say("title of the document")
    title = setter.set(name, _WIDTH, (register.written(register.title), _TITLE))
    below = setter.set(name, _WIDTH, (register.written(register.chosen), _BELOW))

    def draw(pen: Pen, y: float) -> None:
        pen.lines(0, pen.lines(0, y, title, _TITLE), below, _BELOW)

    return Group(name=name, key=None, rows=(Block(height(title, _TITLE) + height(below, _BELOW), draw),))


def _rows(setter: Compositor, register: Register) -> Group:
    head = _head(setter, register)
    return Group(
        name=say("table of premises"),
        key=None,
        rows=tuple(_row(setter, register, row) for row in register.rows),
        head=head,
        again=head,
        gap=4 * MM,
        least_rows=1,
    )


def _head(setter: Compositor, register: Register) -> Block:
    names = (
        say("Premises"),
        say("Uses and places"),
        say("Limited by"),
        say("Availability and age"),
        say("Equipment"),
        say("Key holders"),
    )
    cells = [_cell(setter, register, column, [(name, _HEAD)]) for column, name in enumerate(names)]
    tallest = max(len(cell) for cell in cells) * _HEAD.leading + 1.5 * MM

    def draw(pen: Pen, y: float) -> None:
        for cell, x in zip(cells, _edges(), strict=True):
            pen.lines(x, y, cell, _HEAD)
        pen.rule(0, y + tallest - 0.5 * MM, _WIDTH, y + tallest - 0.5 * MM, width=THICK)

    return Block(tallest, draw)


def _row(setter: Compositor, register: Register, row: RegisterRow) -> Block:
    age = age_words(row.age_days, is_stale=row.is_stale)
    is_fresh = row.age_days is not None and not row.is_stale
    texts: list[list[tuple[Message | str, Style]]] = [
        [(row.name, _BOLD), *((one, _BODY) for one in row.where)],
        [(one, _BODY) for one in row.places],
        [(one, _BODY) for one in row.limits],
        [(row.availability, _BODY), (age, _BODY if is_fresh else _BOLD)],
        [(one, _BODY) for one in row.equipment],
        [(text, _BODY) for name, number in row.key_holders for text in (name, number) if text],
    ]
    cells = [_cell(setter, register, column, one) for column, one in enumerate(texts)]
    tallest = max(len(cell) for cell in cells) * _BODY.leading + 2 * _ROW_PADDING

    def draw(pen: Pen, y: float) -> None:
        for cell, x in zip(cells, _edges(), strict=True):
            pen.lines(x, y + _ROW_PADDING, cell, _BODY)
        pen.rule(0, y + tallest, _WIDTH, y + tallest, gray=RULE_GRAY)

    return Block(tallest, draw)


def _cell(
    setter: Compositor, register: Register, column: int, texts: Sequence[tuple[Message | str, Style]]
) -> tuple[Line, ...]:
    """The lines of a cell, each text on lines of its own."""
    room = _COLUMNS[column] - (0 if column == len(_COLUMNS) - 1 else _COLUMN_GAP)
    name = say("table of premises")
    return tuple(
        line for text, style in texts for line in setter.set(name, room, (register.written(text), style))
    )


def _edges() -> list[float]:
    return [sum(_COLUMNS[:number]) for number in range(len(_COLUMNS))]


def _draw_foot(register: Register, number: int, count: int, pen: Pen) -> None:
    pen.rule(0, 0, _WIDTH, 0, width=NORMAL)
    first, second = 1.5 * MM + FOOT.baseline, 1.5 * MM + FOOT.leading + FOOT.baseline
    pen.word(0, first, register.written(say("printed {at}", at=register.printed_at)), FOOT)
    pen.word(_WIDTH, first, f"{number}/{count}", FOOT_BOLD, anchor=1)
    pen.word(0, second, register.written(CLASSIFICATIONS[register.classification]), FOOT_BOLD)
    pen.word(_WIDTH, second, register.written(register.data_age.in_words()), FOOT, anchor=1)
