"""The premises of a municipality on a sheet: the map with numbered marks, and what each number is."""

from dataclasses import dataclass

from prep.cards.imprint import Ground
from prep.cards.parts import Column, Grid, Part, Plot, Print
from prep.cards.sheets import sheet_print
from prep.language import Message, say
from prep.terms import SheetKind


@dataclass(frozen=True, slots=True)
class Listed:
    """Premises on a map: its number there (empty: not on it), what it is, and None for what is not known."""

    number: str
    name: str
    address: str
    uses: str
    places: int | None
    status: Message


@dataclass(frozen=True, slots=True)
class MapSheet:
    """The premises of a municipality on a map, and what each number is; ``plot`` None: there is no map."""

    ground: Ground
    place: str
    plot: Plot | None
    rows: tuple[Listed, ...]


def map_sheet(sheet: MapSheet) -> Print:
    """The map with numbered marks, and below it what each number is."""
    written = sheet.ground.written
    columns = (
        Column(written(say("No.")), 8),
        Column(written(say("Premises")), 34),
        Column(written(say("Use")), 26),
        Column(written(say("Places")), 12),
        Column(written(say("Availability")), 20),
    )
    rows = tuple(
        (
            one.number or "–",
            "\n".join(part for part in (one.name, one.address) if part),
            one.uses or None,
            None if one.places is None else str(one.places),
            written(one.status),
        )
        for one in sheet.rows
    )
    without = any(not one.number for one in sheet.rows)
    note = written(say("–: its place is not known, or is off the map.")) if without and sheet.plot else ""
    parts: list[Part] = [
        *([sheet.plot] if sheet.plot else []),
        Grid(written(say("Premises")), columns, rows, note=note),
    ]
    content: list[object] = [
        [list(row) for row in rows],
        [list(one) for one in sheet.plot.marks] if sheet.plot else [],
    ]
    return sheet_print(SheetKind.MAP, sheet.ground, sheet.place, (), parts, content)
