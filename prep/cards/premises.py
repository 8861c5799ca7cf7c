"""The premises that a card offers, and the table in which they stand."""

from dataclasses import dataclass
from typing import Any

from prep.cards.flow import Block, Compositor, Group, remembered
from prep.cards.page import MM
from prep.cards.tables import COMPACT, Cell, Table
from prep.language import Message, in_language, say
from prep.terms import Language

# Name and address, places, backup power, key holder, age.
_COLUMNS = (56 * MM, 31 * MM, 24 * MM, 40.5 * MM, 27.5 * MM)
# Empty rows to write on where the register has no premises.
_BLANK_ROWS = 2


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


@remembered
def premises_group(
    setter: Compositor, rows: tuple[PremisesRow, ...], *, title: Message, language: Language, gap: float
) -> Group:
    """The premises to open, in the order given, with who holds the key."""
    table = Table(setter, say("table of premises"), language, COMPACT, _COLUMNS)
    blocks = [_premises_block(table, row) for row in rows]
    note = None
    if not rows:
        note = say("none in the register for this use: write down what you find")
        blocks = [table.blank_row()] * _BLANK_ROWS
    columns = (None, say("Places"), say("Backup power"), say("Key holder"), say("Age"))
    key = ("premises", language, rows, title)
    return table.group(blocks, columns, title=title, note=note, gap=gap, key=key)


def _premises_block(table: Table, row: PremisesRow) -> Block:
    body, bold = table.type.body, table.type.bold
    where = ", ".join(part for part in (row.address, in_language(row.status, table.language)) if part)
    name = table.set(0, row.name, bold) + table.set(0, where, body)
    places = table.cell(1, "" if row.stated_capacity is None else say("{n} stated", n=row.stated_capacity))
    if row.fire_max_persons is not None:
        limit = say("fire inspection: at most {n}", n=row.fire_max_persons)
        places = (places or ()) + table.set(1, limit, body)
    power = table.cell(2, "" if row.backup_power_h is None else _power(row.backup_power_h))
    key = _key_cell(table, row)
    age = table.age(4, row.age_days, is_stale=row.is_stale)
    return table.row([name, places, power, key, age])


def _key_cell(table: Table, row: PremisesRow) -> Cell:
    """Name and number under each other, a line to write on for a number that is missing."""
    return table.cell(3, *(text for name, number in row.key_holders for text in (name, number or "_" * 18)))


def _power(hours: float) -> Message:
    if hours == 0:
        return say("no backup power")
    return say("{n} h", n=int(hours) if hours == int(hours) else hours)
