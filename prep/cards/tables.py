"""The tables that cards share: whom to call in which order, and which premises to open."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from prep.cards.flow import Block, Compositor, Group
from prep.cards.page import INSET, MM, NORMAL, RULE_GRAY, THICK, WIDTH, Pen
from prep.cards.typography import Font, Line, Style, height
from prep.language import Message, in_language, say
from prep.registry.freshness import CONTACT_INTERVAL_DAYS
from prep.terms import Language

_COLUMN_GAP = 2.5 * MM
_DEPUTY_INDENT = 3.5 * MM
_HEAD_PADDING = 1.2 * MM


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One line of a calling list.

    ``age_days`` is the age of the oldest of the numbers; None: at least one was never confirmed.
    Without a name the post is vacant, without numbers nobody knows how to reach it: both are ruled lines.
    """

    post: str
    name: str = ""
    numbers: tuple[str, ...] = ()
    age_days: int | None = None
    is_deputy: bool = False

    @property
    def is_stale(self) -> bool:
        return self.age_days is not None and self.age_days > CONTACT_INTERVAL_DAYS

    def content(self) -> list[Any]:
        """What of it can become wrong: all but the age."""
        return [self.post, self.name, list(self.numbers), self.is_deputy]


@dataclass(frozen=True, slots=True)
class PremisesRow:
    """Premises as they stand on a card; None is unknown, and is printed as a ruled line."""

    name: str
    address: str
    status: Message
    # As its keeper states it, and the most that a fire inspection allows.
    stated_capacity: int | None
    fire_max_persons: int | None
    backup_power_h: float | None
    # Name and number of each who holds the key, in calling order.
    key_holders: tuple[tuple[str, str], ...]
    # The oldest of what the row says; None: something in it was never confirmed.
    age_days: int | None
    is_stale: bool

    def content(self) -> list[Any]:
        """What of it can become wrong: all but the age."""
        return [
            self.name,
            self.address,
            self.status.template,
            self.stated_capacity,
            self.fire_max_persons,
            self.backup_power_h,
            [list(holder) for holder in self.key_holders],
        ]


@dataclass(frozen=True, slots=True)
class TableType:
    """The type of a table: its styles, and the space above and below the lines of a row."""

    title: Style
    head: Style
    body: Style
    bold: Style
    padding: float
    # Widths of the columns of a calling list: post, name, two numbers, age.
    contact_columns: tuple[float, ...]


COMPACT = TableType(
    title=Style(Font.BOLD, 12, 15),
    head=Style(Font.SEMIBOLD, 9.5, 12),
    body=Style(Font.REGULAR, 10.5, 13),
    bold=Style(Font.SEMIBOLD, 10.5, 13),
    padding=0.5 * MM,
    contact_columns=(49.5 * MM, 40 * MM, 31 * MM, 31 * MM, 27.5 * MM),
)
# Where the posts are only names of municipalities.
PLACES = replace(COMPACT, contact_columns=(34 * MM, 55.5 * MM, 31 * MM, 31 * MM, 27.5 * MM))
LARGE = TableType(
    title=Style(Font.BOLD, 14, 18),
    head=Style(Font.SEMIBOLD, 10.5, 13),
    body=Style(Font.REGULAR, 12, 15),
    bold=Style(Font.SEMIBOLD, 12, 15),
    padding=1.2 * MM,
    contact_columns=(43 * MM, 38 * MM, 34 * MM, 34 * MM, 30 * MM),
)
_PREMISES_COLUMNS = (56 * MM, 31 * MM, 24 * MM, 40.5 * MM, 27.5 * MM)
# Empty rows to write on where nothing is known.
BLANK_CONTACTS = 5
_BLANK_PREMISES = 2

# What stands in a cell: lines, or None where it is missing and there is a ruled line to write on.
_Cell = tuple[Line, ...] | None
_EMPTY: tuple[Line, ...] = ((),)


def contacts_group(
    setter: Compositor,
    rows: Sequence[ContactRow],
    *,
    title: Message | str,
    language: Language,
    note: Message | None = None,
    table_type: TableType = COMPACT,
    gap: float,
) -> Group:
    """The calling list: a framed table in calling order, deputies below those they stand in for."""
    table = _Table(setter, say("calling list"), language, table_type, table_type.contact_columns)
    blocks = [_contact_block(table, row) for row in rows]
    if not rows:
        note = say("none in the register: write down whom you reach")
        blocks = [table.row([None] * len(table.widths)) for _ in range(BLANK_CONTACTS)]
    columns = (None, None, say("1st number"), say("2nd number"), say("Age"))
    key = ("contacts", language, tuple(rows), title, note, table_type)
    return table.group(blocks, columns, title=title, note=note, gap=gap, key=key)


def premises_group(
    setter: Compositor, rows: Sequence[PremisesRow], *, title: Message, language: Language, gap: float
) -> Group:
    """The premises to open, in the order given, with who holds the key."""
    table = _Table(setter, say("table of premises"), language, COMPACT, _PREMISES_COLUMNS)
    blocks = [_premises_block(table, row) for row in rows]
    note = None
    if not rows:
        note = say("none in the register for this use: write down what you find")
        blocks = [table.row([None] * len(table.widths)) for _ in range(_BLANK_PREMISES)]
    columns = (None, say("Places"), say("Backup power"), say("Key holder"), say("Age"))
    key = ("premises", language, tuple(rows), title)
    return table.group(blocks, columns, title=title, note=note, gap=gap, key=key)


def age_words(row: ContactRow | PremisesRow) -> Message:
    """The age of data; old ones are marked by a sign and a word.

    >>> ages = (12, 181, None)
    >>> [str(age_words(ContactRow("Post", "Name", ("1",), age))) for age in ages]
    ['12 d', '! 181 d, old', '? unknown']
    """
    if row.age_days is None:
        return say("? unknown")
    return say("! {n} d, old", n=row.age_days) if row.is_stale else say("{n} d", n=row.age_days)


def _contact_block(table: "_Table", row: ContactRow) -> Block:
    body, bold = table.type.body, table.type.bold
    indent = _DEPUTY_INDENT if row.is_deputy else 0
    post = table.set(0, *((say("stands in"), body) if row.is_deputy else (row.post, bold)), indent=indent)
    age = table.set(4, age_words(row), body if _is_fresh(row) else bold) if row.numbers else _EMPTY
    cells = [
        post,
        table.cell(1, row.name),
        table.cell(2, *row.numbers[::2]),
        table.cell(3, *row.numbers[1::2]),
    ]
    # Between a post and its deputies the rule is short, so that they read as one.
    rule_from = table.edges()[1] if row.is_deputy else 0
    return table.row([*cells, age], rule_from=rule_from, indent=indent)


def _premises_block(table: "_Table", row: PremisesRow) -> Block:
    body, bold = table.type.body, table.type.bold
    where = ", ".join(part for part in (row.address, in_language(row.status, table.language)) if part)
    name = table.set(0, row.name, bold) + table.set(0, where, body)
    places = table.cell(1, "" if row.stated_capacity is None else say("{n} stated", n=row.stated_capacity))
    if row.fire_max_persons is not None:
        limit = say("fire inspection: at most {n}", n=row.fire_max_persons)
        places = (places or ()) + table.set(1, limit, body)
    power = table.cell(2, "" if row.backup_power_h is None else _power(row.backup_power_h))
    key = _key_cell(table, row)
    age = table.set(4, age_words(row), body if _is_fresh(row) else bold)
    return table.row([name, places, power, key, age])


def _key_cell(table: "_Table", row: PremisesRow) -> "_Cell":
    """Name and number under each other, a line to write on for a number that is missing."""
    return table.cell(3, *(text for name, number in row.key_holders for text in (name, number or "_" * 18)))


def _power(hours: float) -> Message:
    if hours == 0:
        return say("no backup power")
    return say("{n} h", n=int(hours) if hours == int(hours) else hours)


def _is_fresh(row: ContactRow | PremisesRow) -> bool:
    return row.age_days is not None and not row.is_stale


@dataclass(frozen=True, slots=True)
class _Table:
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

    def cell(self, column: int, *texts: Message | str) -> _Cell:
        """A cell with each text on a line of its own; missing when all are empty."""
        found = [text for text in texts if text]
        return tuple(line for text in found for line in self.set(column, text, self.type.body)) or None

    def row(self, cells: Sequence[_Cell], *, rule_from: float = 0, indent: float = 0) -> Block:
        """A row of cells, the first one indented; ``rule_from`` is where the rule above it begins."""
        body, padding = self.type.body, self.type.padding
        tallest = max(height(cell or _EMPTY, body) for cell in cells)

        def draw(pen: Pen, y: float) -> None:
            pen.rule(rule_from, y, WIDTH, y, gray=RULE_GRAY)
            for column, (cell, x) in enumerate(zip(cells, self.edges(), strict=True)):
                if cell is None:
                    blank = y + padding + body.baseline + 1.5
                    pen.rule(x, blank, x + self.room(column), blank)
                else:
                    pen.lines(x + (0 if column else indent), y + padding, cell, body)

        return Block(tallest + 2 * padding, draw)

    def head(self, columns: Sequence[Message | None], *, title: Message | str, note: Message | None) -> Block:
        """The title, and on the level of its first line the names of the columns; it spans those without."""
        title_style, head_style = self.type.title, self.type.head
        runs = [(in_language(title, self.language), title_style)]
        if note:
            runs.append((f"– {in_language(note, self.language)}", self.type.body))
        first_named = next(number for number, name in enumerate(columns) if name)
        titles = self.setter.set(self.name, self.edges()[first_named] - INSET - _COLUMN_GAP, *runs)
        names = [self.set(number, name, head_style) if name else () for number, name in enumerate(columns)]
        tallest = max(height(titles, title_style), *(height(lines, head_style) for lines in names))

        def draw(pen: Pen, y: float) -> None:
            pen.lines(INSET, y + _HEAD_PADDING, titles, title_style)
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


def _frame(pen: Pen, top: float, rows_top: float, bottom: float) -> None:
    pen.rule(0, rows_top, WIDTH, rows_top, width=NORMAL)
    pen.box(THICK / 2, top + THICK / 2, WIDTH - THICK, bottom - top - THICK, line=THICK)
