"""The list of premises of the invented county, as a municipality would have typed it into a spreadsheet.

The cells stand in ``premises.csv``. The faults in them are planted, and listed in ``premises_faults.toml``: they
show what an import does with such things.
"""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

_CELLS = Path(__file__).with_name("premises.csv")
SHEET = "Tilat"
# Title, day, an empty line: the headings stand in the fourth row.
HEADING_ROW = 4
_OFFSET = re.compile(r"([−+])(\d+) d")
_NUMBER = re.compile(r"-?\d+(,\d+)?")
# A spreadsheet program keeps what is typed into these columns as text.
_TEXT_COLUMNS = frozenset({"Puhelin", "Varahenkilön puhelin", "Luvan antajan puhelin", "Osoite"})


def write_premises(path: Path, *, on: date) -> None:
    """Write the list as it would stand on a day. The same day gives the same bytes."""
    from xlsxwriter import Workbook

    with _CELLS.open(encoding="utf-8", newline="") as file:
        headings, *rows = csv.reader(file, delimiter=";")
    with Workbook(path) as workbook:
        workbook.set_properties(
            # The file otherwise carries the moment of its making.
            {"title": "Evakuointitilat", "created": datetime(on.year, on.month, on.day, tzinfo=UTC)}
        )
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "d.m.yyyy", "align": "left"})
        sheet = workbook.add_worksheet(SHEET)
        sheet.write_string(0, 0, "Keski-Pohjanmaa, evakuointitilat (KEKSITTY ESIMERKKI)", bold)
        sheet.write_string(1, 0, f"Tilanne {on.day}.{on.month}.{on.year}")
        for column, heading in enumerate(headings):
            sheet.write_string(HEADING_ROW - 1, column, heading, bold)
            sheet.set_column(column, column, max(10, min(30, len(heading) + 2)))
        sheet.freeze_panes(HEADING_ROW, 2)
        for number, cells in enumerate(rows, start=HEADING_ROW):
            for column, (heading, cell) in enumerate(zip(headings, cells, strict=True)):
                value = _typed(cell, heading, on)
                match value:
                    case "":
                        continue
                    case date():
                        sheet.write_datetime(number, column, value, day)
                    case float():
                        sheet.write_number(number, column, value)
                    case _:
                        sheet.write_string(number, column, value)


def _typed(cell: str, heading: str, on: date) -> str | float | date:
    """What a Finnish spreadsheet program makes of what is typed."""
    offset = _OFFSET.fullmatch(cell)
    if offset:
        days = int(offset[2])
        return on + timedelta(days=days if offset[1] == "+" else -days)
    if heading not in _TEXT_COLUMNS and _NUMBER.fullmatch(cell):
        return float(cell.replace(",", "."))
    return cell
