"""Tables out: CSV and XLSX for spreadsheet programs, in which no cell can come alive as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from prep import clock
from prep.exchange.text_table import QUOTED
from prep.language import HELSINKI, Message, day, in_language, moment
from prep.terms import Language

# What can stand in a cell: None is not known, and left empty.
Value = Message | str | int | float | date | datetime | None

# With one of these a spreadsheet program begins a formula (OWASP, CSV injection).
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDEST_COLUMN = 60
_LONGEST_SHEET_NAME = 31


class FileKind(StrEnum):
    """What a table can be taken along as."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def mime(self) -> str:
        """The content type."""
        return _MIME[self.value]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written: a name, a heading for each column, and rows as long as the headings."""

    name: str
    headings: Sequence[Message | str]
    rows: Sequence[Sequence[Value]]


def table_file(sheet: Sheet, kind: FileKind, *, language: Language) -> bytes:
    """The table as a file of a kind."""
    return (csv_file if kind is FileKind.CSV else xlsx_file)(sheet, language=language)


def csv_file(sheet: Sheet, *, language: Language) -> bytes:
    """A table as CSV the way spreadsheet programs in Finland read it: semicolons, decimal commas, UTF-8 with a mark.

    A text that would begin a formula gets an apostrophe before it, which prep takes away again when it reads a
    table.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_texts(sheet.headings, language))
    writer.writerows(_texts(row, language) for row in sheet.rows)
    # The mark at the beginning tells spreadsheet programs that it is UTF-8.
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(sheet: Sheet, *, language: Language) -> bytes:
    """A table as a workbook of one sheet: numbers as numbers, days as days, all else as text.

    A text is written as a text whatever it begins with, so a telephone number stays as it is.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": clock.now().replace(tzinfo=None)})
        page = book.add_worksheet(_sheet_name(sheet.name))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            date: book.add_format({"num_format": "d.m.yyyy"}),
            datetime: book.add_format({"num_format": "d.m.yyyy h:mm"}),
        }
        headings = [in_language(one, language) for one in sheet.headings]
        widths = [len(one) for one in headings]
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                match value:
                    case None:
                        continue
                    case bool():
                        raise TypeError("a yes or no is written as a word")
                    case int() | float():
                        page.write_number(number, column, value)
                    case datetime():
                        local = value.astimezone(HELSINKI).replace(tzinfo=None)
                        page.write_datetime(number, column, local, formats[datetime])
                    case date():
                        page.write_datetime(number, column, value, formats[date])
                    case _:
                        page.write_string(number, column, in_language(value, language))
                widths[column] = max(widths[column], len(_text(value, language)))
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width + 2, _WIDEST_COLUMN))
        page.freeze_panes(1, 0)
        if headings:
            page.autofilter(0, 0, len(sheet.rows), len(headings) - 1)
    return stream.getvalue()


def harmless(cell: str) -> str:
    """A text of a CSV cell that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("+358 00 000 0001"), harmless("Kokkola")
    ("'=1+1", "'+358 00 000 0001", 'Kokkola')
    """
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) or QUOTED.match(cell) else cell


def _texts(values: Iterable[Value], language: Language) -> list[str]:
    return [
        _text(value, language) if _is_figure(value) else harmless(_text(value, language)) for value in values
    ]


def _is_figure(value: Value) -> bool:
    return isinstance(value, (int, float, date))


def _text(value: Value, language: Language) -> str:
    match value:
        case None:
            return ""
        case Message() | str():
            return in_language(value, language)
        case float():
            # Not grouped: a space between thousands would make a text of it.
            return repr(value).replace(".", ",")
        case int():
            return str(value)
        case datetime():
            return moment(value, Language.EN)
        case date():
            return day(value)


def _sheet_name(name: str) -> str:
    """A name that a workbook takes: 31 signs, none of ``[]:*?/\\``."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip("' ")
    return kept[:_LONGEST_SHEET_NAME] or "prep"
