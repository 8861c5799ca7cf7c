"""Reads a workbook from stdin and writes its cells to stdout: a program of its own, run by ``workbook``.

A crafted file can make the reader ask for more memory than there is, and that ends the process. So it is a
process of its own, with little memory and time. It imports nothing of prep, so that it starts fast.
"""

import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

MEMORY_BYTES = 512 << 20
CPU_SECONDS = 20
# What stands in place of a formula whose value the file does not hold; prep.exchange.cells knows it.
UNCOUNTED = "#FORMULA!"
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_MOST_HIDDEN, _MOST_COLUMNS = 20_000, 200
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    json.dump(_read(content), sys.stdout, default=_encoded)


def _read(content: bytes) -> dict[str, Any]:
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content))
        parts = _parts_of(content)
        sheets = []
        for one in workbook.sheets_metadata:
            if one.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(one.name)
            part = parts.get(one.name, b"")
            rows = _rows(sheet, _told_cells(part))
            hidden_rows, hidden_columns = _hidden(part)
            sheets.append(
                {
                    "name": one.name,
                    "is_visible": one.visible == SheetVisibleEnum.Visible,
                    "rows": rows,
                    "merged": sheet.merged_cell_ranges or [],
                    "hidden_rows": hidden_rows,
                    "hidden_columns": hidden_columns,
                }
            )
    except PasswordError:
        return {"error": "password"}
    except (
        CalamineError,
        zipfile.BadZipFile,
        ElementTree.ParseError,
        KeyError,
        OSError,
        ValueError,
    ) as error:
        return {"error": "unreadable", "reason": str(error)}
    return {"sheets": sheets}


def _rows(sheet: Any, errors: dict[tuple[int, int], str]) -> list[list[Any]]:
    """The rows that are not empty, each with its number from 1, without the empty cells at its end."""
    rows = []
    for index, cells in enumerate(sheet.to_python(skip_empty_area=False)):
        for (row, column), text in errors.items():
            if row == index and column < len(cells):
                cells[column] = text
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            rows.append([index + 1, cells])
    return rows


def _parts_of(content: bytes) -> dict[str, bytes]:
    """The XML of each sheet of an XLSX file, by the name of the sheet."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        # A document type, and with it all expansion of entities, has been refused before.
        targets = {
            one.get("Id"): one.get("Target", "")
            for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        }
        found = {}
        for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):  # noqa: S314
            target = targets.get(one.get(_REL), "")
            path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
            if path in names:
                found[one.get("name", "")] = archive.read(path)
        return found


def _told_cells(xml: bytes) -> dict[tuple[int, int], str]:
    """Cells that the reader shows as empty and are not: a failed formula (``#REF!``), or one without a value."""
    if b't="e"' not in xml and b"<f" not in xml:
        return {}
    found = {}
    for _, cell in ElementTree.iterparse(io.BytesIO(xml)):  # noqa: S314
        if cell.tag != f"{_MAIN}c":
            continue
        value = cell.findtext(f"{_MAIN}v")
        is_failed = cell.get("t") == "e"
        # A formula that yields no text has an empty value, of the kind "str".
        is_uncounted = cell.find(f"{_MAIN}f") is not None and not value and cell.get("t") != "str"
        place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell.get("r", ""))
        if place and (is_failed or is_uncounted):
            found[int(place[2]) - 1, _column(place[1])] = (value or "#") if is_failed else UNCOUNTED
        cell.clear()
    return found


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _hidden(xml: bytes) -> tuple[list[int], list[int]]:
    """The numbers of the rows that are hidden, from 1, and of the columns, from 0."""
    rows = [
        int(number[1])
        for row in re.finditer(rb"<row\b[^>]*>", xml)
        if _HIDDEN.search(row[0]) and (number := re.search(rb'\br="(\d{1,7})"', row[0]))
    ]
    columns: list[int] = []
    for column in re.finditer(rb"<col\b[^>]*>", xml):
        ends = [re.search(rb'\b%s="(\d{1,5})"' % end, column[0]) for end in (b"min", b"max")]
        if _HIDDEN.search(column[0]) and ends[0] and ends[1]:
            columns += range(int(ends[0][1]) - 1, min(int(ends[1][1]), _MOST_COLUMNS))
    return rows[:_MOST_HIDDEN], columns


def _encoded(value: Any) -> dict[str, Any]:
    match value:
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
        case _:
            raise TypeError(type(value))


if __name__ == "__main__":
    main()
