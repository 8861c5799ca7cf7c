"""Files as municipalities send them, made on the spot."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook

HEADINGS = ("Kunta", "Kohteen nimi", "Hyötyala m2")
SCHOOL = ("Kokkola", "Merirannan koulu", "1 040")


def xlsx(*sheets: tuple[str, Iterable[Sequence[Any]]], hidden: Iterable[str] = ()) -> bytes:
    content = io.BytesIO()
    with Workbook(content) as workbook:
        day = workbook.add_format({"num_format": "d.m.yyyy"})
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if hasattr(cell, "year"):
                        sheet.write_datetime(number, column, cell, day)
                    elif cell is not None:
                        sheet.write(number, column, cell)
            if name in hidden:
                sheet.hide()
    return content.getvalue()


def one_sheet(*rows: Sequence[Any]) -> bytes:
    return xlsx(("Tilat", rows))


def ods(rows: Iterable[Sequence[Any]], *, manifest: str = "") -> bytes:
    """A table as LibreOffice writes it, with its million empty rows at the end."""
    cells = "".join(
        "<table:table-row>" + "".join(_ods_cell(cell) for cell in row) + "</table:table-row>" for row in rows
    )
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    spaces = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Tilat">{cells}{empty}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": xml.encode(),
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>".encode(),
        }
    )


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    if hasattr(cell, "year"):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The same archive with some of its parts exchanged or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(parts | changes)


def csv_text(*rows: Sequence[str], separator: str = ";") -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)
