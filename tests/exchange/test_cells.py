from datetime import date, datetime, time, timedelta

import pytest

from prep.exchange.cells import (
    NOTHING,
    Reading,
    read_count,
    read_hours,
    read_number,
    read_text,
    read_yes_no,
)
from prep.exchange.days import read_past_day
from prep.exchange.findings import Severity
from prep.exchange.vocabulary import fields
from prep.exchange.workbook import CellValue

ON = date(2026, 11, 22)
AREA, TOILETS, HOURS, FLOOR = (
    fields()[key] for key in ("net_area_m2", "toilets", "backup_power_h", "floor_level")
)
YES_NO, DAY, NAME = (fields()[key] for key in ("is_accessible", "confirmed_on", "name"))


def why_not(reading: Reading) -> str:
    """The rule by which nothing was taken."""
    assert not reading.is_said
    (remark,) = reading.remarks
    assert remark.severity is Severity.WARNING
    return str(remark.rule)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (1040.0, 1040), ("1040", 1040), ("1 040", 1040), ("1\u00a0040 m²", 1040), ("1\u202f040", 1040), ("1 040 m2", 1040),
        ("1.040,5", 1040.5), ("1,040.5", 1040.5), ("1 040,50", 1040.5), ("12.345.678,0", None), ("1.234.567,5", None),
        ("104,5", 104.5), ("104.5", 104.5), ("0,5", 0.5), ("0.500", 0.5), ("350 neliötä", 350), ("350 kvm", 350), ("0", 0),
    ],
)  # fmt: skip
def test_areas_are_read_as_people_write_them(cell: CellValue, number: float | None) -> None:
    reading = read_number(cell, AREA)
    if number is None:
        assert "not plausible" in why_not(reading)
    else:
        assert (reading.value, reading.is_said, reading.remarks) == (number, True, ())


@pytest.mark.parametrize(
    "cell",
    [
        "noin 300",
        "n. 300",
        "n 300",
        "~300 m2",
        "ca 300",
        "c. 300",
        "yli 300",
        "max 300",
        "<300",
        "± 300",
        "300-350",
        "300–350 m²",
        "300+",
        "enintään 300",
        "arviolta 300",
    ],
)
def test_an_estimate_is_never_taken_for_a_number(cell: str) -> None:
    assert (
        why_not(read_number(cell, AREA)) == "It is an estimate, a limit or a range: the value stays unknown."
    )


@pytest.mark.parametrize(
    ("cell", "thousand", "decimal"),
    [
        ("1.040", "1040", "1,04"),
        ("1,240", "1240", "1,24"),
        ("12,500 m2", "12500", "12,5"),
        ("2.000", "2000", "2"),
        ("1.245", "1245", "1,2450"),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_not_taken(cell: str, thousand: str, decimal: str) -> None:
    reading = read_number(cell, AREA)
    assert "can be read in two ways" in why_not(reading)
    assert [str(one.remedy) for one in reading.remarks] == [f"Write {thousand} or {decimal}."]
    # Written so, it is read in one way.
    assert read_number(thousand, AREA).value == float(thousand)
    assert read_number(decimal, AREA).value == float(decimal.replace(",", "."))


@pytest.mark.parametrize("cell", ["?", "–", "-", "ei tiedossa", "EI TIETOA", "Okänt", "ei tied.", "n/a"])
def test_unknown_is_said_and_is_no_zero(cell: str) -> None:
    for reading in (
        read_number(cell, AREA),
        read_yes_no(cell, YES_NO),
        read_past_day(cell, DAY, on=ON),
        read_hours(cell, HOURS),
    ):
        assert (reading.value, reading.is_said, reading.remarks) == (None, True, ())


def test_an_empty_cell_says_nothing() -> None:
    for reading in (
        read_number(None, AREA),
        read_yes_no(None, YES_NO),
        read_past_day(None, DAY, on=ON),
        read_hours(None, HOURS),
        read_text(None, NAME),
    ):
        assert reading == NOTHING


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("-4", "It cannot be less than zero."),
        (-4.0, "It cannot be less than zero."),
        ("−4", "It cannot be less than zero."),
        ("4,5", "This is counted in whole numbers."),
        ("3 + 1 inva", "It is not a number."),
        ("kolme", "It is not a number."),
        (True, "It is not a number."),
        (date(2026, 1, 1), "It is not a number."),
        ("#REF!", "The formula in the cell has failed."),
        ("#JAKO/0!", "The formula in the cell has failed."),
        (5_000_000_000.0, "The number is not plausible: it is from 0 to 1\xa0000."),
        (float("inf"), "The number is not plausible: it is from 0 to 1\xa0000."),
        ("1" * 40, "The number is not plausible: it is from 0 to 1\xa0000."),
    ],
)
def test_what_is_no_count_is_not_taken(cell: CellValue, rule: str) -> None:
    assert why_not(read_count(cell, TOILETS)) == rule


def test_none_is_zero_only_where_there_can_be_none() -> None:
    assert read_count("ei", TOILETS).value == read_count("Inga", TOILETS).value == 0
    assert read_hours("ei", HOURS).value == 0
    assert why_not(read_number("ei", AREA)) == "It is not a number."
    # That there is backup power does not say for how long.
    assert why_not(read_hours("on", HOURS)) == "It is not a number."


def test_a_cellar_is_below_the_ground() -> None:
    assert read_count("-1", FLOOR).value == -1
    assert "not plausible" in why_not(read_count("-8", FLOOR))


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("72 h", 72), ("72h", 72), ("72 tuntia", 72), ("3 vrk", 72), ("3 dygn", 72), ("3 päivää", 72), ("1 vko", 168),
        ("30 min", 0.5), ("1 h 30 min", 1.5), ("1,5 h", 1.5), ("1:30", 1.5), ("72:00", 72), ("4 tim.", 4), (4.0, 4), ("4", 4),
        (timedelta(days=3), 72), (time(4, 30), 4.5), ("heti", 0), ("omedelbart", 0),
    ],
)  # fmt: skip
def test_times_are_read_in_hours(cell: CellValue, hours: float) -> None:
    assert read_hours(cell, HOURS) == Reading(hours, is_said=True)


def test_the_heading_gives_the_unit_of_a_bare_number() -> None:
    assert read_hours(3.0, HOURS, unit="d").value == 72
    assert read_hours("90", HOURS, unit="min").value == 1.5
    # A unit in the cell goes before that of the heading.
    assert read_hours("72 h", HOURS, unit="d").value == 72


@pytest.mark.parametrize("cell", ["noin 3 vrk", "yli 24 h", "2-3 h", "~ 4 h"])
def test_an_estimated_time_is_not_taken(cell: str) -> None:
    assert "estimate" in why_not(read_hours(cell, HOURS))


@pytest.mark.parametrize("cell", ["kyllä", "K", "x", "X", "on", "ja", "Yes", "1", True, 1.0, "✓"])
def test_yes(cell: CellValue) -> None:
    assert read_yes_no(cell, YES_NO) == Reading(True, is_said=True)


@pytest.mark.parametrize("cell", ["ei", "E", "nej", "no", "0", False, 0.0, "ei ole"])
def test_no(cell: CellValue) -> None:
    assert read_yes_no(cell, YES_NO) == Reading(False, is_said=True)


@pytest.mark.parametrize("cell", ["osittain", "kyllä, paitsi alakerta", "ei/kyllä", 2.0, "rakenteilla"])
def test_half_a_yes_is_not_taken(cell: CellValue) -> None:
    assert why_not(read_yes_no(cell, YES_NO)) == "It is neither a clear yes nor a clear no."


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("3.4.2026", date(2026, 4, 3)), ("03.04.2026", date(2026, 4, 3)), ("3. 4. 2026", date(2026, 4, 3)), ("3.4.26", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)), ("2026-04-03 12:30", date(2026, 4, 3)), ("13/4/2026", date(2026, 4, 13)), ("4/13/2026", date(2026, 4, 13)),
        (date(2026, 4, 3), date(2026, 4, 3)), (datetime.fromisoformat("2026-04-03T12:00"), date(2026, 4, 3)), ("22.11.2026", ON), ("5/5/2026", date(2026, 5, 5)),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(cell: CellValue, day: date) -> None:
    assert read_past_day(cell, DAY, on=ON) == Reading(day, is_said=True)


@pytest.mark.parametrize(
    ("cell", "day", "rule"),
    [
        # 45 231 days after 30.12.1899.
        (45231.0, date(2023, 11, 1), "The number is a spreadsheet's date: 1.11.2023."),
        ("2019", date(2019, 1, 1), "Without a day it is counted from the earliest: 1.1.2019."),
        (2019.0, date(2019, 1, 1), "Without a day it is counted from the earliest: 1.1.2019."),
        ("3/2024", date(2024, 3, 1), "Without a day it is counted from the earliest: 1.3.2024."),
        ("03.2024", date(2024, 3, 1), "Without a day it is counted from the earliest: 1.3.2024."),
    ],
)
def test_a_day_that_is_not_whole_is_taken_from_its_beginning_and_told(
    cell: CellValue, day: date, rule: str
) -> None:
    reading = read_past_day(cell, DAY, on=ON)
    assert (reading.value, [(one.severity, str(one.rule)) for one in reading.remarks]) == (
        day,
        [(Severity.NOTE, rule)],
    )


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("23.11.2026", "The day 23.11.2026 is in the future."),
        ("3/4/2026", "The day can be read in two ways: day or month first."),
        ("31.2.2026", "It is not a day."),
        ("13/13/2026", "It is not a day."),
        ("viime kesänä", "It is not a day."),
        (12.0, "It is not a day."),
        (True, "It is not a day."),
        ("1.1.1920", "The day 1.1.1920 is too long ago."),
    ],
)
def test_what_is_no_past_day_is_not_taken(cell: CellValue, rule: str) -> None:
    assert why_not(read_past_day(cell, DAY, on=ON)) == rule


def test_texts_are_put_in_order_and_never_cut() -> None:
    assert read_text("  Perhon \u00a0 koulu ", NAME).value == "Perhon koulu"
    assert read_text(12.0, NAME).value == "12"
    assert read_text("A\u0308yra\u0308", NAME).value == "Äyrä"
    assert read_text("ei tiedossa", fields()["address"]) == Reading("", is_said=True)
    assert why_not(read_text("x" * 201, NAME)) == "The text has 201 characters; at most 200 are kept."
    hidden = read_text("Perhon\u202e \x00koulu\u200b", NAME)
    assert (hidden.value, hidden.remarks[0].severity) == ("Perhon koulu", Severity.NOTE)


@pytest.mark.parametrize("cell", ["KÃ¤yttÃ¶talo", "K\ufffdytt\ufffdtalo"])
def test_damaged_letters_are_not_taken(cell: str) -> None:
    assert why_not(read_text(cell, NAME)) == "Letters in it have been damaged on the way."
