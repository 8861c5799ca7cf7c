"""What a spreadsheet may do to the program that reads it, and what prep does about it."""

import struct
import time
from datetime import date

import pytest
from xlsxwriter import Workbook

from prep.errors import Refused
from prep.exchange.tables import Table, read_table
from prep.exchange.workbook import MAX_UNPACKED_BYTES
from tests.exchange.files import HEADINGS, SCHOOL, ods, one_sheet, packed, repacked


def read(content: bytes, name: str = "lista.xlsx") -> Table:
    return read_table(content, name=name)


def test_open_document_is_read_like_xlsx() -> None:
    rows = [(*HEADINGS, "Vahvistettu"), ("Kokkola", "Merirannan koulu", 1040, date(2026, 11, 1))]
    for content in (ods(rows), one_sheet(*rows)):
        table = read(content)
        assert (table.sheet, table.heading_row, table.headings) == ("Tilat", 1, (*HEADINGS, "Vahvistettu"))
        assert table.rows[0].cells == ("Kokkola", "Merirannan koulu", 1040.0, date(2026, 11, 1))


def test_a_failed_formula_is_not_taken_for_an_empty_cell(tmp_path: object) -> None:
    import io

    content = io.BytesIO()
    with Workbook(content) as workbook:
        sheet = workbook.add_worksheet("Tilat & muut")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, SCHOOL)
        sheet.write_formula(1, 2, "=A9/0", None, "#DIV/0!")
    assert read(content.getvalue()).rows[0].cells[2] == "#DIV/0!"


def test_a_file_with_a_password_is_refused() -> None:
    container = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(400)
    )
    encrypted = ods([HEADINGS, SCHOOL], manifest="<manifest:encryption-data/>")
    for content in (container, encrypted):
        with pytest.raises(Refused, match=r"The file is protected by a password. Save a copy without"):
            read(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and then nothing", "The file is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "The file is damaged"),
        (
            packed({"word/document.xml": b"<w/>"}),
            "The file is not a table: it is another kind of packed file.",
        ),
        (packed({"xl/workbook.xml": b"<broken"}), "The file is damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read(content)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    sheet = b" " * (MAX_UNPACKED_BYTES + 1)
    bomb = repacked(one_sheet(HEADINGS, SCHOOL), {"xl/worksheets/sheet1.xml": sheet})
    assert len(bomb) < 100_000
    start = time.perf_counter()
    with pytest.raises(
        Refused, match=r"Unpacked the file would be 50 MiB in .* parts; at most 50 MiB are read."
    ):
        read(bomb)
    assert time.perf_counter() - start < 1


def test_a_file_that_is_packed_too_tightly_is_refused() -> None:
    with pytest.raises(Refused, match=r"Unpacked the file would be"):
        read(repacked(one_sheet(HEADINGS, SCHOOL), {"xl/media/a.xml": b" " * (5 << 20)}))


def test_a_file_of_too_many_parts_is_refused() -> None:
    with pytest.raises(Refused, match=r"MiB in 2.*parts"):
        read(repacked(one_sheet(HEADINGS, SCHOOL), {f"xl/{number}": b"x" for number in range(2000)}))


def test_a_size_that_is_not_true_is_found_out() -> None:
    content = bytearray(repacked(one_sheet(HEADINGS, SCHOOL), {"xl/more.xml": b"x" * 5000}))
    entry = content.rindex(b"xl/more.xml") - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    content[entry + 24 : entry + 28] = struct.pack("<I", 10)
    with pytest.raises(Refused, match=r"The file is damaged"):
        read(bytes(content))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("padding", [0, 65_530])
def test_a_document_type_is_refused_wherever_it_stands(declaration: str, padding: int) -> None:
    xml = "<?xml version='1.0'?>" + " " * padding + declaration + "<x>&a;</x>"
    with pytest.raises(Refused, match=r"The file holds a document type"):
        read(repacked(one_sheet(HEADINGS, SCHOOL), {"xl/sharedStrings.xml": xml.encode()}))


def test_a_cell_at_the_far_end_of_a_sheet_does_not_end_the_program() -> None:
    import io

    content = io.BytesIO()
    with Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "Kunta")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(Refused, match=r"Reading the file needs more memory or time"):
        read(content.getvalue())
