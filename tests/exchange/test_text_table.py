import random
import unicodedata

import pytest

from prep.errors import Refused
from prep.exchange.findings import Severity
from prep.exchange.tables import Table, read_table
from tests.exchange.files import HEADINGS, csv_text

ROW = ("Kokkola", "Käyttäjäntien ÖLJYHALLI – Åsa", "1 040,5")


def read(content: bytes) -> Table:
    return read_table(content, name="lista.csv")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_and_separator_of_municipalities_is_read(encoding: str, separator: str) -> None:
    row = ROW if separator != "," else (*ROW[:2], '"1 040,5"')
    table = read(csv_text(HEADINGS, row, separator=separator).encode(encoding))
    assert table.headings == HEADINGS
    assert table.rows[0].cells == ROW


def test_latin_1_is_read() -> None:
    table = read(csv_text(HEADINGS, ("Perho", "Äyrämön åkeri", "3")).encode("latin-1"))
    assert table.rows[0].cells[1] == "Äyrämön åkeri"


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "mac_roman"])
def test_an_encoding_that_is_not_read_is_refused_by_name(encoding: str) -> None:
    rows = [("Perho", f"Hyökkäyksen väistötila {number}", "3") for number in range(5)]
    with pytest.raises(
        Refused, match=r"encoding that prep does not read: its å, ä and ö would be wrong. Save it as UTF-8"
    ):
        read(csv_text(HEADINGS, *rows).encode(encoding))


def test_lines_of_different_encodings_are_each_read_in_their_own() -> None:
    first = csv_text(HEADINGS, ("Perho", "Äyrämö", "1")).encode()
    table = read(first + csv_text(("Perho", "Öljytie", "2")).encode("cp1252"))
    assert [row.cells[1] for row in table.rows] == ["Äyrämö", "Öljytie"]
    (finding,) = table.findings
    assert (finding.severity, str(finding.rule)[:27]) == (Severity.NOTE, "Some lines are in UTF-8 and")


def test_the_separator_is_told_by_the_first_line_where_excel_writes_one() -> None:
    table = read(("sep=|\r\n" + csv_text(HEADINGS, ROW, separator="|")).encode())
    assert (table.heading_row, table.rows[0].number, table.rows[0].cells) == (2, 3, ROW)


def test_commas_in_cells_do_not_make_a_comma_the_separator() -> None:
    rows = [("Perho", f"Halli, sali, keittiö, {number}", "1,5") for number in range(9)]
    assert read(csv_text(HEADINGS, *rows).encode()).rows[8].cells == rows[8]


def test_a_cell_may_hold_lines_and_quotation_marks() -> None:
    table = read(csv_text(HEADINGS, ("Perho", '"Halli ""Iso""\r\npihan puoli"', "1")).encode())
    assert table.rows[0].cells[1] == 'Halli "Iso"\r\npihan puoli'


@pytest.mark.parametrize(
    ("cell", "value"), [("'=1+1", "=1+1"), ("'+358 40 1", "+358 40 1"), ("'- ei", "- ei"), ("'tis", "'tis")]
)
def test_the_sign_that_exports_put_before_formulas_is_taken_away(cell: str, value: str) -> None:
    assert read(csv_text(HEADINGS, ("Perho", cell, "1")).encode()).rows[0].cells[1] == value


def test_a_cut_utf_16_file_is_refused() -> None:
    with pytest.raises(Refused, match=r"some of its signs are cut in half"):
        read(csv_text(HEADINGS, ROW).encode("utf-16")[:-1])


def test_decomposed_letters_are_the_same_headings() -> None:
    text = unicodedata.normalize("NFD", csv_text(HEADINGS, ROW))
    assert read(text.encode()).heading_row == 1


@pytest.mark.slow
def test_random_bytes_are_read_or_refused_and_nothing_else() -> None:
    source = random.Random(1)
    good = csv_text(HEADINGS, *[ROW] * 5).encode()
    for _ in range(500):
        content = bytearray(good)
        for _ in range(source.randrange(1, 30)):
            content[source.randrange(len(content))] = source.randrange(256)
        try:
            table = read(bytes(content))
        except Refused:
            continue
        assert all(len(row.cells) == len(table.headings) for row in table.rows)
