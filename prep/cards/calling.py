"""Whom to call in which order: the lines of a calling list, and the two forms of table for them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from prep.cards.flow import Block, Compositor, Group, remembered
from prep.cards.page import MM
from prep.cards.tables import COMPACT, EMPTY, LARGE, Cell, Table, TableType
from prep.cards.typography import Line
from prep.language import Message, say
from prep.terms import Language

# Post, name, two numbers, age.
_COLUMNS = {
    COMPACT.body: (49.5 * MM, 40 * MM, 31 * MM, 31 * MM, 27.5 * MM),
    LARGE.body: (43 * MM, 38 * MM, 34 * MM, 34 * MM, 30 * MM),
}
# Place, name and number of the first, name and number of those who stand in, age.
_PLACE_COLUMNS = (27 * MM, 37 * MM, 30 * MM, 37 * MM, 30 * MM, 18 * MM)
# Of a desk in the same table: its name, first number, further numbers, age.
_DESK_COLUMNS = (64 * MM, 30 * MM, 67 * MM, 18 * MM)
_DEPUTY_INDENT = 3.5 * MM
# Empty rows to write on where the register has nobody.
_BLANK_ROWS = 5


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
    # A desk staffed round the clock.
    is_desk: bool = False
    # Older than the county lets a number grow before it is confirmed again.
    is_stale: bool = False

    def content(self) -> list[Any]:
        """What of it can become wrong: all but the age."""
        return [self.post, self.name, list(self.numbers), self.is_deputy]


@dataclass(frozen=True, slots=True)
class _Post:
    """Who holds a post, and who stands in."""

    first: ContactRow
    deputies: list[ContactRow]

    @property
    def everyone(self) -> list[ContactRow]:
        return [row for row in (self.first, *self.deputies) if row.numbers]


@remembered
def calling_list(
    setter: Compositor,
    rows: tuple[ContactRow, ...],
    *,
    title: Message | str,
    language: Language,
    note: Message | None = None,
    table_type: TableType = COMPACT,
    gap: float,
) -> Group:
    """The list of a municipality: a line for everyone, deputies below those they stand in for."""
    table = Table(setter, say("calling list"), language, table_type, _COLUMNS[table_type.body])
    blocks = [_contact_block(table, row) for row in rows]
    if not rows:
        note = say("none in the register: write down whom you reach")
        blocks = [table.blank_row()] * _BLANK_ROWS
    columns = (None, None, say("1st number"), say("2nd number"), say("Age"))
    key = ("calling", language, rows, title, note, table_type)
    return table.group(blocks, columns, title=title, note=note, gap=gap, key=key)


@remembered
def places_list(
    setter: Compositor,
    rows: tuple[ContactRow, ...],
    *,
    title: Message,
    language: Language,
    note: Message | None = None,
    table_type: TableType = COMPACT,
    gap: float,
) -> Group:
    """The list of a county: its desks, then a line for every place, those who stand in beside the first."""
    table = Table(setter, say("calling list"), language, table_type, _PLACE_COLUMNS)
    desks = replace(table, widths=_DESK_COLUMNS)
    blocks = [
        _desk_block(desks, post.first) if post.first.is_desk else _place_block(table, post)
        for post in _posts(rows)
    ]
    columns = (None, None, say("Number"), say("Stands in"), say("Number"), say("Age"))
    key = ("places", language, rows, title, note, table_type)
    return table.group(blocks, columns, title=title, note=note, gap=gap, key=key)


def _contact_block(table: Table, row: ContactRow) -> Block:
    body, bold = table.type.body, table.type.bold
    indent = _DEPUTY_INDENT if row.is_deputy else 0
    post = table.set(0, *((say("stands in"), body) if row.is_deputy else (row.post, bold)), indent=indent)
    cells = [
        post,
        table.cell(1, row.name),
        table.cell(2, *row.numbers[::2]),
        table.cell(3, *row.numbers[1::2]),
        table.age(4, row.age_days, is_stale=row.is_stale) if row.numbers else EMPTY,
    ]
    # Between a post and its deputies the rule is short, so that they read as one.
    rule_from = table.edges()[1] if row.is_deputy else 0
    return table.row(cells, rule_from=rule_from, indent=indent)


def _desk_block(table: Table, desk: ContactRow) -> Block:
    """A desk needs nobody to stand in, so its numbers have the whole line."""
    return table.row(
        [
            table.set(0, desk.post, table.type.bold),
            table.cell(1, *desk.numbers[:1]),
            table.cell(2, "  ".join(desk.numbers[1:])) or EMPTY,
            table.age(3, desk.age_days, is_stale=desk.is_stale) if desk.numbers else EMPTY,
        ]
    )


def _place_block(table: Table, post: _Post) -> Block:
    place = table.set(0, post.first.post, table.type.bold)
    first = _people(table, 1, [post.first])
    others = _people(table, 3, post.deputies)
    return table.row([place, *first, *others, _oldest(table, post)])


def _people(table: Table, column: int, rows: Iterable[ContactRow]) -> tuple[Cell, Cell]:
    """Names and numbers of people in two columns, those of each person level with each other."""
    names: list[Line] = []
    numbers: list[Line] = []
    for row in rows:
        name = table.cell(column, row.name or "_" * 16) or ()
        reach = table.cell(column + 1, *(row.numbers or ("_" * 14,))) or ()
        lines = max(len(name), len(reach))
        names += [*name, *[()] * (lines - len(name))]
        numbers += [*reach, *[()] * (lines - len(reach))]
    return tuple(names) or None, tuple(numbers) or None


def _oldest(table: Table, post: _Post) -> Cell:
    """The age of the oldest number of a line: the worst is what there is to know."""
    known = [row for row in post.everyone if row.age_days is not None]
    if not post.everyone:
        return EMPTY
    if len(known) < len(post.everyone):
        return table.age(5, None, is_stale=False)
    oldest = max(known, key=lambda row: row.age_days or 0)
    return table.age(5, oldest.age_days, is_stale=oldest.is_stale)


def _posts(rows: Iterable[ContactRow]) -> list[_Post]:
    posts: list[_Post] = []
    for row in rows:
        if row.is_deputy:
            posts[-1].deputies.append(row)
        else:
            posts.append(_Post(row, []))
    return posts
