"""Tables as files: nothing in them comes alive."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from prep.exchange.exporting import FileKind, Sheet, csv_file, table_file, xlsx_file
from prep.language import say
from prep.terms import Language

AT = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)
SHEET = Sheet(
    "Tilat",
    [say("Premises"), "Paikkoja", "Numero", "Vahvistettu", "Luettu"],
    [
        ["Halsuan kunnantalo", 1200, "+358 00 000 0001", date(2026, 11, 3), AT],
        ["=1+1", 2.5, "-", None, None],
    ],
)


def test_csv_is_what_a_finnish_spreadsheet_program_reads() -> None:
    text = csv_file(SHEET, language=Language.FI)
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").split("\r\n") == [
        "Tila;Paikkoja;Numero;Vahvistettu;Luettu",
        "Halsuan kunnantalo;1200;'+358 00 000 0001;3.11.2026;22.11.2026 10.46",
        "'=1+1;2,5;'-;;",
        "",
    ]


def test_a_workbook_holds_numbers_days_and_texts_and_no_formula() -> None:
    page = CalamineWorkbook.from_filelike(
        io.BytesIO(xlsx_file(SHEET, language=Language.SV))
    ).get_sheet_by_index(0)
    assert page.name == "Tilat"
    # A workbook knows no zones: what it shows is Finnish time.
    local = datetime(2026, 11, 22, 10, 46)  # noqa: DTZ001
    assert page.to_python()[1:] == [
        ["Halsuan kunnantalo", 1200.0, "+358 00 000 0001", date(2026, 11, 3), local],
        ["=1+1", 2.5, "-", "", ""],
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
@pytest.mark.parametrize("kind", FileKind)
def test_no_text_becomes_a_formula(sign: str, kind: FileKind) -> None:
    content = table_file(Sheet("x", ["a"], [[f"{sign}HYPERLINK(1)"]]), kind, language=Language.FI)
    if kind is FileKind.CSV:
        assert f"'{sign}HYPERLINK" in content.decode("utf-8-sig")
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("name", ["", "a/b:c*?[]", "x" * 80, "'quoted'"])
def test_any_name_makes_a_sheet(name: str) -> None:
    assert xlsx_file(Sheet(name, ["a"], [["b"]]), language=Language.FI)
