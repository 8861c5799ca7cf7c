import io
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from prep.errors import Refused
from prep.exchange.findings import Severity
from prep.exchange.tables import MAX_BYTES, MAX_ROWS, Table, column_letter, read_file, read_table
from tests.exchange.files import HEADINGS, SCHOOL, csv_text, one_sheet, xlsx


def read(content: bytes, name: str = "lista.xlsx", *, sheet: str | None = None) -> Table:
    return read_table(content, name=name, sheet=sheet)


def test_a_row_knows_its_file_sheet_row_and_column() -> None:
    content = one_sheet(
        ["Evakuointitilat 2026"], [], ["Päivitetty 3.2.2026", "Tekninen toimi"], HEADINGS, SCHOOL
    )
    table = read(content, "evakuointitilat.xlsx")
    assert (table.heading_row, table.rows[0].number) == (4, 5)
    place = table.place(row=table.rows[0].number, column=2)
    assert str(place.message()) == "evakuointitilat.xlsx, sheet “Tilat”, row 5, column C"


def test_empty_rows_count_and_are_passed_over() -> None:
    table = read(one_sheet(HEADINGS, [], SCHOOL, [None, " "], SCHOOL))
    assert [row.number for row in table.rows] == [3, 5]
    text = csv_text(HEADINGS, (), SCHOOL, ("", ""), SCHOOL)
    assert [row.number for row in read(text.encode(), "a.csv").rows] == [3, 5]


def test_columns_without_a_heading_are_kept() -> None:
    table = read(one_sheet(HEADINGS, (*SCHOOL, None, "x")))
    assert table.headings == (*HEADINGS, "", "")
    assert table.rows[0].cells == (*SCHOOL, None, "x")


def test_the_sheet_that_looks_most_like_a_list_is_read_and_the_others_are_told() -> None:
    content = xlsx(
        ("Ohje", [["Täytä kaikki rivit"]]),
        ("Tilat", [HEADINGS, SCHOOL]),
        ("Vanha", [HEADINGS, SCHOOL]),
        ("Tyhjä", []),
        hidden=["Vanha"],
    )
    table = read(content)
    assert table.sheet == "Tilat"
    assert [(one.place.sheet, one.severity, str(one.rule)) for one in table.findings] == [
        ("Ohje", Severity.WARNING, "Only one sheet is read at a time: this one was not."),
        ("Vanha", Severity.WARNING, "The sheet is hidden and was not read."),
    ]


def test_a_hidden_sheet_is_read_only_when_it_is_named() -> None:
    content = xlsx(("Muu", []), ("Vanha", [HEADINGS, SCHOOL]), hidden=["Vanha"])
    with pytest.raises(Refused, match=r"All sheets with something on them are hidden."):
        read(content)
    assert read(content, sheet="Vanha").sheet == "Vanha"
    with pytest.raises(Refused, match=r"“Tila” The file has no sheet of this name. Its sheets: Muu, Vanha."):
        read(content, sheet="Tila")


def test_a_merged_cell_holds_for_all_its_rows_and_that_is_told() -> None:
    content = io.BytesIO()
    with Workbook(content) as workbook:
        sheet = workbook.add_worksheet("Tilat")
        sheet.merge_range(0, 0, 0, 2, "Evakuointitilat")
        sheet.write_row(1, 0, HEADINGS)
        sheet.write_row(2, 1, ("A-koulu", 100))
        sheet.write_row(3, 1, ("B-koulu", 200))
        sheet.write_row(4, 1, ("C-koulu", 300))
        sheet.merge_range(2, 0, 3, 0, "Perho")
    table = read(content.getvalue())
    assert [row.cells[0] for row in table.rows] == ["Perho", "Perho", None]
    (finding,) = table.findings
    assert (finding.severity, finding.value) == (Severity.NOTE, "3–4")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b" \r\n ", "The file is empty."),
        (b"%PDF-1.7 ...", "“PDF” The file is not a table. Import the list as XLSX, ODS or CSV."),
        (b"\x89PNG\r\n", "“PNG” The file is not a table."),
        (b"<html><table><tr><td>Kunta", "The file is a page of text with tags, not a table."),
        (b"Kunta;Kohteen nimi\x00;x", "The file is not a table in text form."),
        (csv_text(HEADINGS).encode(), "There are no rows below the headings."),
        (b"yksi;kaksi\r\n1;2\r\n", "“yksi, kaksi” No row has headings that prep knows"),
        (b"Kunta;Kohteen nimi\r\nPerho;\"Koulu\r\nPerho;Halli\r\n", "row 2: A quotation mark is opened and not closed"),
        (b"Kunta;Kohteen nimi\r\nPerho;\"Koulu\" vanha\r\n", "row 2: A quotation mark is opened and not closed"),
        (csv_text(("Kunta", "Nimi"), *[("Perho", f"Halli {n}") for n in range(MAX_ROWS + 1)]).encode(), "has 20.001 rows and 2 columns. Import at most 20.000 rows of 200"),
        (csv_text(("Kunta", "Nimi", *["x"] * 199), ("Perho", "Halli")).encode(), "has 1 rows and 201 columns"),
        (bytes(MAX_BYTES + 1), "The file is 10 MiB; at most 10 MiB are read."),
        (one_sheet(), "There are no rows below the headings."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read(content)


def test_a_text_file_has_no_sheets() -> None:
    with pytest.raises(Refused, match=r"“Tilat” A text file has no sheets."):
        read(csv_text(HEADINGS, SCHOOL).encode(), "a.csv", sheet="Tilat")


def test_a_missing_file_a_folder_and_a_large_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "puuttuu.xlsx", tmp_path):
        with pytest.raises(Refused, match=r"There is no file here that can be read."):
            read_file(path)
    large = tmp_path / "suuri.xlsx"
    with large.open("wb") as file:
        file.truncate(11 << 20)
    with pytest.raises(Refused, match=r"suuri.xlsx: The file is 11 MiB; at most 10 MiB are read."):
        read_file(large)


def test_letters_of_columns_go_on_after_z() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
