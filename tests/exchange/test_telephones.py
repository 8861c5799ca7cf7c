import pytest

from prep.exchange.cells import Reading
from prep.exchange.findings import Severity
from prep.exchange.telephones import masked, read_telephones
from prep.exchange.workbook import CellValue

# No telephone rings: Traficom keeps these numbers for films and books. https://www.traficom.fi, fiktiiviset numerot.
FICTION = "+358401001000"


def read(cell: CellValue, *, allow_invented: bool = False) -> Reading:
    return read_telephones(cell, allow_invented=allow_invented)


@pytest.mark.parametrize(
    "cell",
    [
        "040 100 1000",
        "0401001000",
        "+358 40 1001000",
        "00358 40 100 1000",
        "040-1001000",
        "(040) 100 1000",
        "040 100 1000 (virka-aikana)",
    ],
)
def test_a_number_is_kept_in_one_form(cell: str) -> None:
    assert read(cell) == Reading((FICTION,), is_said=True)


@pytest.mark.parametrize(
    "cell",
    [
        "040 100 1000 / 06 100 1001",
        "040 100 1000, 06 1001001",
        "040 100 1000 tai 061001001",
        "Vahti: 040 100 1000; koti 06-100 1001",
    ],
)
def test_two_numbers_in_one_cell_are_both_kept(cell: str) -> None:
    reading = read(cell)
    assert reading.value == (FICTION, "+35861001001")
    assert [(one.severity, str(one.rule)) for one in reading.remarks] == [
        (Severity.NOTE, "Several numbers in one cell: each is kept, in this order.")
    ]


def test_a_zero_that_the_spreadsheet_dropped_is_put_back() -> None:
    reading = read(401001000.0)
    assert reading.value == (FICTION,)
    assert str(reading.remarks[0].rule) == "The spreadsheet had dropped the first zero: it was put back."
    assert read(358401001000.0) == Reading((FICTION,), is_said=True)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("112", "It is an emergency number, not the number of a person or desk."),
        ("soita 112", "It is an emergency number, not the number of a person or desk."),
        ("040 10", "It is not a telephone number that can be dialled."),
        ("vahtimestari", "It is words, not a telephone number."),
        ("040 100 10001000 1", "It is not a telephone number that can be dialled."),
        ("12345 040 100 1000", "It is not a telephone number that can be dialled."),
        ("040 100 1000 1000 1000", "It is not a telephone number that can be dialled."),
        ("3,58401E+11", "The spreadsheet has shortened the number: its last digits are lost."),
        ("+358 00 000 1234", "The number is invented and cannot be dialled."),
    ],
)
def test_what_cannot_be_dialled_is_not_taken(cell: str, rule: str) -> None:
    reading = read(cell)
    assert (reading.is_said, str(reading.remarks[0].rule)) == (False, rule)
    assert reading.remarks[0].severity is Severity.WARNING


def test_invented_numbers_are_taken_in_a_demonstration_only() -> None:
    assert read("+358 00 000 1234", allow_invented=True) == Reading(("+358000001234",), is_said=True)
    both = read("+358 00 000 1234 / +358 00 000 1235", allow_invented=True)
    assert both.value == ("+358000001234", "+358000001235")


def test_a_wrong_number_beside_a_right_one_is_told() -> None:
    reading = read("040 100 1000 / 040 123")
    assert reading.value == (FICTION,)
    assert str(reading.remarks[0].rule) == "One of the numbers cannot be dialled: it was left out."


def test_unknown_and_empty() -> None:
    assert read(None) == Reading()
    assert read("ei tiedossa") == Reading(None, is_said=True)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("040 100 1067", "… 67"), (401001067.0, "… 67"), ("112", "112"), (None, None), ("puuttuu", "puuttuu")],
)
def test_a_message_shows_two_digits_of_a_number(cell: CellValue, shown: str | None) -> None:
    assert masked(cell) == shown
