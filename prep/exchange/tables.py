"""A municipality's list, from XLSX, ODS, CSV, GeoJSON, JSON or KML, as rows which know where they stand.

Nothing is half-read in silence: what is not read (another sheet, a hidden sheet) is a finding, and what cannot
be read whole is refused before anything is done with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prep.errors import Problem, Refused
from prep.exchange.features import FeatureList, is_feature_file, mixed_encodings, read_features
from prep.exchange.findings import Finding, Place, RowKind, Severity
from prep.exchange.text_table import read_rows
from prep.exchange.vocabulary import ListKind, recognised
from prep.exchange.workbook import CellValue, RawSheet, is_workbook, read_workbook
from prep.language import Message, say

MAX_BYTES = 10 << 20
MAX_ROWS = 20_000
MAX_COLUMNS = 200
# Titles, dates and instructions stand above the headings, but not pages of them.
_LAST_HEADING_ROW = 40
_FEWEST_HEADINGS = 2
# Of hidden rows and of lines so many are named.
_MOST_NAMED = 20
_NOT_TABLES = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number as a spreadsheet program shows it (of an object: which it is), a value for every column."""

    number: int
    cells: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its headings; every row has as many cells as there are headings."""

    file: str
    sheet: str | None
    heading_row: int
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    findings: tuple[Finding, ...]
    kind: ListKind = ListKind.PREMISES
    rows_are: RowKind = RowKind.ROW

    def place(self, *, row: int | None = None, column: int | None = None) -> Place:
        """A place in this table; the column counts from 0."""
        return Place(
            self.file,
            self.sheet,
            # Objects have no row of headings.
            row or None,
            None if column is None else self.column_name(column),
            self.rows_are,
        )

    def column_name(self, column: int) -> str:
        """How a column is called in its file: by its letter, or by its key."""
        return column_letter(column) if self.rows_are is RowKind.ROW else self.headings[column]


def column_letter(index: int) -> str:
    """The letter of a column that counts from 0.

    >>> column_letter(2), column_letter(27)
    ('C', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_file(path: Path, *, sheet: str | None = None, kind: ListKind = ListKind.PREMISES) -> Table:
    """The table in a file.

    Raises
    ------
    Refused
        If there is no such file, or as :func:`read_table`.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FileNotFoundError(path)
        if size > MAX_BYTES:
            raise _too_large(path.name, size)
        content = path.read_bytes()
    except OSError as error:
        raise Refused(
            Problem(
                place=str(path),
                value=None,
                rule=say("There is no file here that can be read."),
                remedy=say("Check the name and the folder, and whether you may read it."),
            )
        ) from error
    return read_table(content, name=path.name, sheet=sheet, kind=kind)


def read_table(
    content: bytes, *, name: str, sheet: str | None = None, kind: ListKind = ListKind.PREMISES
) -> Table:
    """The table in the content of a file; of several sheets the one with most known headings.

    Parameters
    ----------
    name
        What the file is called, for the places of findings.
    sheet
        The sheet to read; by default the visible one that looks most like such a list.
    kind
        What the list is about: which headings are known.

    Raises
    ------
    Refused
        If it is too large, encrypted, damaged, not a table, has no headings that are known, or no rows.
    """
    if len(content) > MAX_BYTES:
        raise _too_large(name, len(content))
    if not content.strip():
        raise _refused(name, None, say("The file is empty."), say("Import the list itself."))
    for magic, what in _NOT_TABLES.items():
        if content.startswith(magic):
            raise _refused(
                name, what, say("The file is not a table."), say("Import the list as XLSX, ODS or CSV.")
            )
    if is_workbook(content):
        return _from_workbook(read_workbook(content, name=name), name, sheet, kind)
    if is_feature_file(content):
        return _from_features(read_features(content, name=name), name, sheet, kind)
    if sheet is not None:
        raise _refused(
            name, sheet, say("A text file has no sheets."), say("Leave the name of the sheet away.")
        )
    rows, odd_lines = read_rows(content, name=name, is_heading=lambda text: bool(recognised(text, kind)))
    findings = [mixed_encodings(name, odd_lines)] if odd_lines else []
    return _table(Place(name), rows, findings, kind)


def _from_workbook(sheets: Sequence[RawSheet], name: str, wanted: str | None, kind: ListKind) -> Table:
    filled = [one for one in sheets if one.rows]
    if not filled:
        raise _no_rows(name)
    if wanted is not None:
        chosen = next((one for one in sheets if one.name == wanted), None)
        if chosen is None:
            raise _refused(
                name,
                wanted,
                say("The file has no sheet of this name."),
                say("Its sheets: {names}.", names=[one.name for one in sheets]),
            )
        findings = []
    else:
        visible = [one for one in filled if one.is_visible]
        if not visible:
            raise _refused(
                name,
                None,
                say("All sheets with something on them are hidden."),
                say("Show the sheet that is meant, or name it."),
            )
        chosen = max(visible, key=lambda one: _known_headings(one.rows, kind))
        findings = [_unread_sheet(name, one) for one in filled if one is not chosen]
    rows, filled_down = _without_merges(chosen)
    place = Place(name, chosen.name)
    if filled_down:
        findings.append(_merged_cells(place, filled_down))
    findings += _hidden(place, chosen)
    return _table(place, rows, findings, kind)


def _from_features(lists: Sequence[FeatureList], name: str, wanted: str | None, kind: ListKind) -> Table:
    chosen = max(lists, key=lambda one: _headings_in(one.keys, kind))
    if wanted is not None:
        named = next((one for one in lists if one.name == wanted), None)
        if named is None:
            raise _refused(
                name,
                wanted,
                say("The file has no list of this name."),
                say("Its lists: {names}.", names=[one.name for one in lists if one.name] or ["–"]),
            )
        chosen = named
    if not chosen.rows:
        raise _no_rows(name)
    unread = [
        Finding(
            place=Place(name, one.name, rows=one.kind),
            severity=Severity.WARNING,
            value=None,
            rule=say("Only one list is read at a time: this one was not."),
            remedy=say("Look whether it belongs to the list; if so, import it by its name."),
        )
        for one in lists
        if one is not chosen and wanted is None
    ]
    return Table(
        file=name,
        sheet=chosen.name,
        heading_row=0,
        headings=chosen.keys,
        rows=tuple(TableRow(number, cells) for number, cells in chosen.rows),
        findings=(*unread, *chosen.findings),
        kind=kind,
        rows_are=chosen.kind,
    )


def _table(
    place: Place,
    rows: Sequence[tuple[int, tuple[CellValue, ...]]],
    findings: list[Finding],
    kind: ListKind,
) -> Table:
    if not rows:
        raise _no_rows(place.file)
    heading_at = _heading_at(rows, kind)
    if heading_at is None:
        seen = [str(cell) for cell in rows[0][1] if cell is not None][:6]
        raise Refused(
            Problem(
                place=Place(place.file, place.sheet).message(),
                value=", ".join(seen),
                rule=_NO_HEADINGS[kind],
                remedy=say("Put a row of headings above the list; the page on lists says which are known."),
            )
        )
    number, cells = rows[heading_at]
    body = rows[heading_at + 1 :]
    width = max([len(cells), *(len(one) for _, one in body)])
    if len(body) > MAX_ROWS or width > MAX_COLUMNS:
        raise _refused(
            place.file,
            None,
            say("The list has {rows} rows and {columns} columns.", rows=len(body), columns=width),
            say("Import at most {rows} rows of {columns} columns.", rows=MAX_ROWS, columns=MAX_COLUMNS),
        )
    if not body:
        raise _no_rows(place.file)
    headings = tuple("" if cell is None else str(cell) for cell in cells)
    return Table(
        file=place.file,
        sheet=place.sheet,
        heading_row=number,
        headings=headings + ("",) * (width - len(headings)),
        rows=tuple(TableRow(number, one + (None,) * (width - len(one))) for number, one in body),
        findings=tuple(findings),
        kind=kind,
    )


_NO_HEADINGS = {
    ListKind.PREMISES: say("No row has headings that prep knows, such as Kunta and Kohteen nimi."),
    ListKind.CONTACTS: say("No row has headings that prep knows, such as Nimi and Puhelin."),
}


def _heading_at(rows: Sequence[tuple[int, tuple[CellValue, ...]]], kind: ListKind) -> int | None:
    """Where the headings are: the row with most known ones, the first of equals."""
    counts = [_headings_in(cells, kind) for _, cells in rows[:_LAST_HEADING_ROW]]
    most = max(counts)
    return counts.index(most) if most >= _FEWEST_HEADINGS else None


def _known_headings(rows: Sequence[tuple[int, tuple[CellValue, ...]]], kind: ListKind) -> int:
    return max((_headings_in(cells, kind) for _, cells in rows[:_LAST_HEADING_ROW]), default=0)


def _headings_in(cells: Sequence[CellValue], kind: ListKind) -> int:
    # The fields, not the cells, are counted: a row of "x" and "n" marks is no row of headings.
    return len({found[0][1] for cell in cells if isinstance(cell, str) and (found := recognised(cell, kind))})


def _without_merges(
    sheet: RawSheet,
) -> tuple[list[tuple[int, tuple[CellValue, ...]]], list[tuple[int, int]]]:
    """The rows with a value that was merged over several of them in each, and the (first, last) rows so filled."""
    cells_of = {number: list(cells) for number, cells in sheet.rows}
    filled = []
    for (top, left), (bottom, _right) in sheet.merged:
        source = cells_of.get(top + 1, [])
        value = source[left] if left < len(source) else None
        below = [number for number in range(top + 2, bottom + 2) if number in cells_of]
        if value is None or not below:
            continue
        for number in below:
            cells = cells_of[number]
            cells.extend([None] * (left + 1 - len(cells)))
            cells[left] = value
        filled.append((top + 1, bottom + 1))
    return [(number, tuple(cells)) for number, cells in cells_of.items()], filled


def _hidden(place: Place, sheet: RawSheet) -> list[Finding]:
    """What nobody sees who looks at the sheet, and is read all the same."""
    shown = {number for number, _ in sheet.rows}
    rows = [str(number) for number in sheet.hidden_rows if number in shown]
    columns = [column_letter(column) for column in sheet.hidden_columns]
    told = []
    if rows:
        told.append((rows, say("These rows are hidden in the sheet and were read too.")))
    if columns:
        told.append((columns, say("These columns are hidden in the sheet and were read too.")))
    return [
        Finding(
            place=place.at(row=int(names[0])) if names is rows else place.at(column=names[0]),
            severity=Severity.WARNING,
            value=", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else ""),
            rule=rule,
            remedy=say("Look whether they still hold; if not, delete them from the list."),
        )
        for names, rule in told
    ]


def _unread_sheet(name: str, sheet: RawSheet) -> Finding:
    hidden = say("The sheet is hidden and was not read.")
    return Finding(
        place=Place(name, sheet.name),
        severity=Severity.WARNING,
        value=None,
        rule=say("Only one sheet is read at a time: this one was not.") if sheet.is_visible else hidden,
        remedy=say("Look whether it belongs to the list; if so, import it by its name."),
    )


def _merged_cells(place: Place, filled: list[tuple[int, int]]) -> Finding:
    return Finding(
        place=place,
        severity=Severity.NOTE,
        value=", ".join(f"{first}–{last}" for first, last in filled),
        rule=say("Cells were merged over these rows: the value was taken for each of them."),
        remedy=say("Check that it holds for every row."),
    )


def _too_large(name: str, size: int) -> Refused:
    return _refused(
        name,
        None,
        say(
            "The file is {size} MiB; at most {most} MiB are read.",
            size=round(size / (1 << 20), 1),
            most=MAX_BYTES >> 20,
        ),
        say("Take pictures and other sheets away, or import it in parts."),
    )


def _no_rows(name: str) -> Refused:
    return _refused(
        name, None, say("There are no rows below the headings."), say("Import the sheet that holds the list.")
    )


def _refused(name: str, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=name, value=value, rule=rule, remedy=remedy))
