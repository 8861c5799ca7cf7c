"""What a cell says of a day: past, to come, the last one; as people write it, or as a spreadsheet keeps it."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, not_taken, note, said
from prep.exchange.vocabulary import Field, meanings, plain_word, words
from prep.exchange.workbook import CellValue
from prep.language import HELSINKI, say

# Excel counts days from here; 1.1.2000 and 31.12.2079.
_EXCEL_START = date(1899, 12, 30)
_EXCEL_DAYS = (36526, 65745)
# Seconds since 1970 of days from 1980 on; an eight-digit number is a day written without signs, or no day at all.
_EPOCH_S = (315_532_800, 4_102_444_800)
_EARLIEST, _LATEST = date(1950, 1, 1), date(2100, 1, 1)
_PART_OF_A_DAY = re.compile(r"(?:\d{1,2}[./])?(?:19|20)\d{2}")


def read_past_day(cell: CellValue, _field: Field, *, on: date) -> Reading:
    """A day that is not in the future, such as 3.4.2026, 2026-04-03 or a spreadsheet's own date."""
    reading = _day(cell)
    if reading.value is None:
        return reading
    if reading.value > on:
        return not_taken(
            say("The day {day} is in the future.", day=reading.value),
            say("Write the day on which it was done."),
        )
    if reading.value < _EARLIEST:
        return not_taken(say("The day {day} is too long ago.", day=reading.value), say("Check the year."))
    return reading


def read_day(cell: CellValue, _field: Field) -> Reading:
    """A day of our time, past or to come."""
    reading = _day(cell)
    if reading.value is not None and not _EARLIEST <= reading.value < _LATEST:
        return not_taken(
            say("The day {day} is too far from today.", day=reading.value), say("Check the year.")
        )
    return reading


def read_last_day(cell: CellValue, field: Field) -> Reading:
    """The last day of something; ``date.max`` where the cell says that it goes on until further notice.

    A year or a month alone is not taken: it would end on its first day.
    """
    if isinstance(cell, str) and plain_word(cell) in meanings("open_end"):
        return said(date.max)
    if _PART_OF_A_DAY.fullmatch(as_text(cell).strip()):
        return not_taken(
            say("A last day is told as a whole day."), say("Write the day as 3.4.2026, or toistaiseksi.")
        )
    return read_day(cell, field)


def _day(cell: CellValue) -> Reading:
    match cell:
        case None:
            return NOTHING
        case datetime():
            return said(cell.date())
        case date():
            return said(cell)
        case bool():
            return _not_a_day()
        case int() | float():
            return _day_of_number(float(cell))
        case str():
            return _day_in_text(cell)
        case _:
            return _not_a_day()


def _day_of_number(number: float) -> Reading:
    if number == int(number) and 1950 <= number <= 2100:
        return _first_of(int(number), 1)
    for seconds in (number, number / 1000):
        if _EPOCH_S[0] <= seconds < _EPOCH_S[1]:
            return _day_of_moment(seconds)
    if _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        day = _EXCEL_START + timedelta(days=int(number))
        return said(
            day,
            note(
                say("The number is a spreadsheet's date: {day}.", day=day),
                say("Format the column as a date, so that others can read it."),
            ),
        )
    return _not_a_day()


def _day_of_moment(seconds: float) -> Reading:
    # Systems write midnight of our time or of Greenwich: in our time it is the same day either way.
    day = datetime.fromtimestamp(seconds, HELSINKI).date()
    return said(
        day,
        note(
            say("The number counts seconds or milliseconds since 1970: {day}.", day=day),
            say("Check one of the days against the list as its keeper sees it."),
        ),
    )


_Maker = Callable[[re.Match[str]], Reading]


def _day_in_text(cell: str) -> Reading:
    text = plain_word(cell)
    if text in words("unknown"):
        return NOT_KNOWN
    for pattern, make in _DAY_FORMS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return make(found)
            except ValueError:
                return _not_a_day()
    return _not_a_day()


def _finnish_day(found: re.Match[str]) -> Reading:
    year = int(found[3])
    return said(date(year + 2000 if year < 100 else year, int(found[2]), int(found[1])))


def _iso_day(found: re.Match[str]) -> Reading:
    return said(date(int(found[1]), int(found[2]), int(found[3])))


def _iso_moment(found: re.Match[str]) -> Reading:
    return said(datetime.fromisoformat(found[0].upper()).astimezone(HELSINKI).date())


def _slashed_day(found: re.Match[str]) -> Reading:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first <= 12 and second <= 12 and first != second:
        return not_taken(
            say("The day can be read in two ways: day or month first."), say("Write it as 3.4.2026.")
        )
    day, month = (first, second) if second <= 12 else (second, first)
    return said(date(year, month, day))


def _first_of(year: int, month: int) -> Reading:
    day = date(year, month, 1)
    return said(
        day,
        note(
            say("Without a day it is counted from the earliest: {day}.", day=day),
            say("Write the whole date, if it is known."),
        ),
    )


_DAY_FORMS: tuple[tuple[re.Pattern[str], _Maker], ...] = (
    (re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})"), _finnish_day),
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"), _iso_day),
    # With its distance from Greenwich: it may be the next day here.
    (re.compile(r"\d{4}-\d{2}-\d{2}[ t]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})"), _iso_moment),
    (re.compile(r"\d{9,10}|\d{12,13}"), lambda found: _day_of_number(float(found[0]))),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), _slashed_day),
    (re.compile(r"(\d{1,2})[./](\d{4})"), lambda found: _first_of(int(found[2]), int(found[1]))),
    (re.compile(r"((?:19|20)\d{2})"), lambda found: _first_of(int(found[1]), 1)),
)


def _not_a_day() -> Reading:
    return not_taken(say("It is not a day."), say("Write the day as 3.4.2026."))
