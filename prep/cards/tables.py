"""A framed table with a title: rows that may go on overleaf, ruled lines where a value is missing."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from prep.cards.flow import Block, Compositor, Group
from prep.cards.page import INSET, MM, NORMAL, RULE_GRAY, THICK, WIDTH, Pen
from prep.cards.typography import Font, Line, Style, height
from prep.language import Message, in_language, say
from prep.terms import Language

_COLUMN_GAP = 2.5 * MM
_HEAD_PADDING = 1.2 * MM
# High enough for handwriting.
_BLANK_ROW = 7.5 * MM


@dataclass(frozen=True, slots=True)
class TableType:
    """The type of a table: its styles, and the space above and below the lines of a row."""

    title: Style
    head: Style
    body: Style
    bold: Style
    padding: float


COMPACT = TableType(
    title=Style(Font.BOLD, 12, 15),
    head=Style(Font.SEMIBOLD, 9.5, 12),
    body=Style(Font.REGULAR, 10.5, 13),
    bold=Style(Font.SEMIBOLD, 10.5, 13),
    padding=0.5 * MM,
)
LARGE = TableType(
    title=Style(Font.BOLD, 14, 18),
    head=Style(Font.SEMIBOLD, 10.5, 13),
    body=Style(Font.REGULAR, 12, 15),
    bold=Style(Font.SEMIBOLD, 12, 15),
    padding=1.2 * MM,
)

# What stands in a cell: lines, or None where it is missing and there is a ruled line to write on.
Cell = tuple[Line, ...] | None
EMPTY: tuple[Line, ...] = ((),)


@dataclass(frozen=True, slots=True)
class Table:
    """What the rows of one table have in common."""

    setter: Compositor
    name: Message
    language: Language
    type: TableType
    widths: tuple[float, ...]

    def edges(self) -> list[float]:
        """The left edge of each column; the last column ends inside the frame."""
        return [INSET + sum(self.widths[:number]) for number in range(len(self.widths))]

    def room(self, column: int) -> float:
        return self.widths[column] - (INSET if column == len(self.widths) - 1 else _COLUMN_GAP)

    def set(self, column: int, text: Message | str, style: Style, *, indent: float = 0) -> tuple[Line, ...]:
        written = in_language(text, self.language)
        return self.setter.set(self.name, self.room(column) - indent, (written, style))

    def cell(self, column: int, *texts: Message | str) -> Cell:
        """A cell with each text on a line of its own; missing when all are empty."""
        found = [text for text in texts if text]
        return tuple(line for text in found for line in self.set(column, text, self.type.body)) or None

    def age(self, column: int, age_days: int | None, *, is_stale: bool) -> tuple[Line, ...]:
        """The age of data; what is old or unknown stands in bold, with a sign and a word."""
        is_fresh = age_days is not None and not is_stale
        return self.set(
            column, age_words(age_days, is_stale=is_stale), self.type.body if is_fresh else self.type.bold
        )

    def row(self, cells: Sequence[Cell], *, rule_from: float = 0, indent: float = 0) -> Block:
        """A row of cells, the first one indented; ``rule_from`` is where the rule above it begins."""
        body, padding = self.type.body, self.type.padding
        tallest = max(height(cell or EMPTY, body) for cell in cells)

        def draw(pen: Pen, y: float) -> None:
            pen.rule(rule_from, y, WIDTH, y, gray=RULE_GRAY)
            for column, (cell, x) in enumerate(zip(cells, self.edges(), strict=True)):
                if cell is None:
                    blank = y + padding + body.baseline + 1.5
                    pen.rule(x, blank, x + self.room(column), blank)
                else:
                    pen.lines(x + (0 if column else indent), y + padding, cell, body)

        return Block(tallest + 2 * padding, draw)

    def blank_row(self) -> Block:
        """A row to write in by hand, a line in each column."""

        def draw(pen: Pen, y: float) -> None:
            for column, x in enumerate(self.edges()):
                pen.rule(x, y + _BLANK_ROW - 1 * MM, x + self.room(column), y + _BLANK_ROW - 1 * MM)

        return Block(_BLANK_ROW, draw)

    def head(self, columns: Sequence[Message | None], *, title: Message | str, note: Message | None) -> Block:
        """The title, and on the level of its first line the names of the columns; it spans those without."""
        title_style, head_style = self.type.title, self.type.head
        first_named = next(number for number, name in enumerate(columns) if name)
        room = self.edges()[first_named] - INSET - _COLUMN_GAP
        titles = self.setter.set(self.name, room, (in_language(title, self.language), title_style))
        written = in_language(note, self.language) if note else ""
        notes = self.setter.set(self.name, room, (written, self.type.body)) if note else ()
        titles_height = height(titles, title_style) + height(notes, self.type.body)
        names = [self.set(number, name, head_style) if name else () for number, name in enumerate(columns)]
        tallest = max(titles_height, *(height(lines, head_style) for lines in names))

        def draw(pen: Pen, y: float) -> None:
            below = pen.lines(INSET, y + _HEAD_PADDING, titles, title_style)
            pen.lines(INSET, below, notes, self.type.body)
            for lines, x in zip(names, self.edges(), strict=True):
                # On the baseline of the title.
                pen.lines(
                    x, y + _HEAD_PADDING + title_style.baseline - head_style.baseline, lines, head_style
                )

        return Block(tallest + 2 * _HEAD_PADDING, draw)

    def group(
        self,
        rows: Sequence[Block],
        columns: Sequence[Message | None],
        *,
        title: Message | str,
        note: Message | None,
        gap: float,
        key: Hashable,
    ) -> Group:
        more, style = in_language(say("Continues overleaf"), self.language), self.type.head
        # The last row keeps its distance from the frame.
        last = Block(rows[-1].height + self.type.padding, rows[-1].draw)
        return Group(
            name=self.name,
            key=key,
            rows=(*rows[:-1], last),
            head=self.head(columns, title=title, note=note),
            again=self.head(columns, title=say("{title} (continued)", title=title), note=None),
            overleaf=Block(
                style.leading + 1 * MM,
                lambda pen, y: pen.word(WIDTH - INSET, y + style.baseline, more, style, anchor=1),
            ),
            finish=_frame,
            gap=gap,
            least_rows=3,
        )


def age_words(age_days: int | None, *, is_stale: bool) -> Message:
    """The age of data as it is printed.

    >>> str(age_words(12, is_stale=False)), str(age_words(181, is_stale=True))
    ('12 d', '! 181 d, old')
    >>> str(age_words(None, is_stale=False))
    '? unknown'
    """
    if age_days is None:
        return say("? unknown")
    return say("! {n} d, old", n=age_days) if is_stale else say("{n} d", n=age_days)


def _frame(pen: Pen, top: float, rows_top: float, bottom: float) -> None:
    pen.rule(0, rows_top, WIDTH, rows_top, width=NORMAL)
    pen.box(THICK / 2, top + THICK / 2, WIDTH - THICK, bottom - top - THICK, line=THICK)
