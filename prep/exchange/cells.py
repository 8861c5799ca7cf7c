"""What a cell of a list says: numbers, counts, hours, yes or no, and texts, as people write them.

A reading has a value (None is “not known”, which can be said too) or says nothing at all. What is not certain is
not taken: a remark says why.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from prep.exchange.findings import Remark, Severity
from prep.exchange.vocabulary import Field, plain_word, words
from prep.exchange.workbook import CellValue
from prep.language import Message, say

_ESTIMATE = re.compile(
    r"(noin|n\.?|ca\.?|c\.|cirka|about|approx\.?|arviolta|yli|alle|max\.?|min\.?|enint\w*\.?|vähint\w*\.?|över|under"
    r"|högst|minst|[~≈±<>≤≥])\s*(?=[-−]?\d)"
)
_RANGE = re.compile(r"\d\s*[-–—]\s*\d|\d\s*\+$")
_UNIT = re.compile(
    r"\s*(m2|neliötä|neliöä|neliömetriä|kvm|kvadratmeter|sqm|kpl|st|pcs|hlö|hlöä|henk|henkilöä|henkilö|pers|personer"
    r"|persons|paikkaa|platser)\.?$"
)
_NUMBER = re.compile(r"[-−]?\d+([.,]\d+)?")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GROUPED_BY_DOT = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}")
_GROUPED_BY_COMMA = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")
_GROUPED_BY_SPACE = re.compile(r"\d{1,3}( \d{3})+([.,]\d+)?")
_HOURS_OF = {
    **dict.fromkeys(("h", "t", "tuntia", "tunti", "tim", "timmar", "timme", "hour", "hours"), 1.0),
    **dict.fromkeys(("min", "minuuttia", "minuter", "minute", "minutes"), 1 / 60),
    **dict.fromkeys(("vrk", "pv", "päivää", "d", "dygn", "dagar", "day", "days"), 24.0),
    **dict.fromkeys(("vko", "viikkoa", "veckor", "vecka", "week", "weeks"), 168.0),
}
# The longest first: "t" must not be taken for the whole of "tuntia".
_DURATION = re.compile(
    rf"(\d+(?:[.,]\d+)?)\s*({'|'.join(sorted(_HOURS_OF, key=len, reverse=True))})(?![a-zåäö])\.?"
)
_FAILED_FORMULA = re.compile(r"#[\wÅÄÖ/]+[!?]?|#N/A")
# What the reader of workbooks puts for a formula whose value the file does not hold.
_UNCOUNTED = "#FORMULA!"
# UTF-8 read as Windows-1252 (Ã¤), or signs that were lost on the way (�).
_DAMAGED = re.compile("Ã[¤¶¥„–…]|\ufffd")
# Control signs, and signs that turn the direction of writing: nobody sees them, and they hide things.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says. ``is_said`` is False when nothing was taken from it: then what is known already stays."""

    value: Any = None
    is_said: bool = False
    remarks: tuple[Remark, ...] = ()


NOTHING = Reading()
NOT_KNOWN = Reading(None, is_said=True)


def said(value: Any, *remarks: Remark) -> Reading:
    return Reading(value, is_said=True, remarks=remarks)


def not_taken(rule: Message, remedy: Message) -> Reading:
    """Nothing is taken from the cell, and this is why."""
    return Reading(remarks=(Remark(Severity.WARNING, rule, remedy),))


def note(rule: Message, remedy: Message) -> Remark:
    return Remark(Severity.NOTE, rule, remedy)


def read_text(cell: CellValue, field: Field) -> Reading:
    """A text: its spaces are put in order, nothing is cut."""
    if cell is None:
        return NOTHING
    whole = as_text(cell)
    if _DAMAGED.search(whole):
        return not_taken(
            say("Letters in it have been damaged on the way."),
            say("Write it again, or save the list as UTF-8 or XLSX where it is still right."),
        )
    if _FAILED_FORMULA.fullmatch(whole):
        return _failed_formula(whole)
    shown = _UNSEEN.sub("", whole)
    text = "\n".join(" ".join(line.split()) for line in shown.splitlines()).strip()
    if field.kind == "text" and plain_word(text) in words("unknown"):
        return said("")
    if len(text) > field.longest:
        return not_taken(
            say("The text has {n} characters; at most {most} are kept.", n=len(text), most=field.longest),
            say("Shorten it: a text is never cut."),
        )
    if shown != whole:
        return said(
            text,
            note(
                say("Signs that cannot be seen were left out."), say("Check that the text is what was meant.")
            ),
        )
    return said(text) if text else NOTHING


def read_number(cell: CellValue, field: Field) -> Reading:
    """A number of any kind, such as 1 040 m², 1.040,5 or 12."""
    match cell:
        case None:
            return NOTHING
        case bool():
            return _not_a_number()
        case int() | float():
            return _in_range(float(cell), field)
        case str():
            return _number_in_text(cell, field)
        case _:
            return _not_a_number()


def read_count(cell: CellValue, field: Field) -> Reading:
    """A whole number."""
    reading = read_number(cell, field)
    if reading.value is None:
        return reading
    if reading.value != int(reading.value):
        return not_taken(say("This is counted in whole numbers."), say("Write a whole number."))
    return Reading(int(reading.value), is_said=True, remarks=reading.remarks)


def read_hours(cell: CellValue, field: Field, *, unit: str = "h") -> Reading:
    """A time in hours, such as 72 h, 3 vrk, 30 min, 1:30; ``unit`` is that of a bare number."""
    match cell:
        case timedelta():
            return _in_range(cell.total_seconds() / 3600, field)
        case time():
            return _in_range(cell.hour + cell.minute / 60, field)
        case str():
            text = plain_word(cell)
            if text in words("at_once"):
                return said(0.0)
            clock = re.fullmatch(r"(\d{1,3}):(\d{2})(?::00)?", text)
            if clock:
                return _in_range(int(clock[1]) + int(clock[2]) / 60, field)
            parts = _DURATION.findall(text)
            if parts and not _DURATION.sub("", text).strip(" ,") and not _ESTIMATE.match(text):
                hours = sum(float(n.replace(",", ".")) * _HOURS_OF[kind] for n, kind in parts)
                return _in_range(round(hours, 4), field)
            bare = _ESTIMATE.match(text) and _DURATION.search(text)
            if bare:
                return _an_estimate()
    reading = read_number(cell, field)
    if reading.value is None or unit == "h":
        return reading
    return _in_range(round(reading.value * _HOURS_OF[unit], 4), field)


def read_yes_no(cell: CellValue, _field: Field) -> Reading:
    """Yes or no, in many words and signs; an empty cell says neither."""
    match cell:
        case None:
            return NOTHING
        case bool():
            return said(cell)
        case int() | float() if cell in (0, 1):
            return said(bool(cell))
        case str():
            text = plain_word(cell)
            if text in words("unknown"):
                return NOT_KNOWN
            if text in words("yes") or text == "1":
                return said(True)
            if text in words("no") or text == "0":
                return said(False)
    return not_taken(
        say("It is neither a clear yes nor a clear no."),
        say("Write kyllä, ei or ei tiedossa; explain in the column of remarks."),
    )


def as_text(cell: CellValue) -> str:
    """A cell as a person sees it; a number without its needless decimals."""
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float() if cell == int(cell) and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() | date():
            return cell.isoformat()
        case _:
            return unicodedata.normalize("NFC", str(cell))


def plain_number(text: str) -> float | None:
    """A number as it is written in Finnish, Swedish or English; None when it is no number or has two meanings.

    >>> plain_number("1 040"), plain_number("1.040,5"), plain_number("1,040.5"), plain_number("3,5")
    (1040.0, 1040.5, 1040.5, 3.5)
    >>> plain_number("1.040") is None
    True
    """
    text = " ".join(text.replace("−", "-").split())
    sign = -1.0 if text.startswith("-") else 1.0
    digits = text.removeprefix("-").strip()
    if _AMBIGUOUS.fullmatch(digits):
        return None
    if _GROUPED_BY_DOT.fullmatch(digits):
        digits = digits.replace(".", "")
    elif _GROUPED_BY_COMMA.fullmatch(digits):
        digits = digits.replace(",", "")
    elif _GROUPED_BY_SPACE.fullmatch(digits):
        digits = digits.replace(" ", "")
    if not _NUMBER.fullmatch(digits):
        return None
    return sign * float(digits.replace(",", "."))


def _number_in_text(cell: str, field: Field) -> Reading:
    text = plain_word(cell)
    if text in words("unknown"):
        return NOT_KNOWN
    if field.none_is_zero and text in words("no"):
        return said(0.0)
    if _FAILED_FORMULA.fullmatch(cell.strip()):
        return _failed_formula(cell.strip())
    bare = _UNIT.sub("", text).strip()
    if _ESTIMATE.match(text) or _RANGE.search(bare):
        return _an_estimate()
    if _AMBIGUOUS.fullmatch(bare):
        return _in_two_ways(*re.split("[.,]", bare))
    number = plain_number(bare)
    return _not_a_number() if number is None else _in_range(number, field)


def _failed_formula(text: str) -> Reading:
    if text == _UNCOUNTED:
        return not_taken(
            say("The file holds the formula of the cell and not its value."),
            say("Open the list in a spreadsheet program, save it, and import it then."),
        )
    return not_taken(say("The formula in the cell has failed."), say("Mend the formula or write the value."))


def _in_two_ways(whole: str, part: str) -> Reading:
    # What is advised has to be read in one way only: any number of decimals but three.
    decimals = part.rstrip("0") if part.endswith("0") else f"{part}0"
    return not_taken(
        say("The number can be read in two ways: with a thousand or with a decimal."),
        say(
            "Write {thousand} or {decimal}.",
            thousand=whole + part,
            decimal=f"{whole},{decimals}" if decimals else whole,
        ),
    )


def _in_range(number: float, field: Field) -> Reading:
    if field.least == 0 and number < 0:
        return not_taken(say("It cannot be less than zero."), say("Write the right number."))
    if (field.least is not None and number < field.least) or (field.most is not None and number > field.most):
        return not_taken(
            say(
                "The number is not plausible: it is from {least} to {most}.",
                least=field.least,
                most=field.most,
            ),
            say("Check the number and its unit."),
        )
    return said(number)


def _an_estimate() -> Reading:
    return not_taken(
        say("It is an estimate, a limit or a range: the value stays unknown."),
        say("Count or measure it, and write one number."),
    )


def _not_a_number() -> Reading:
    return not_taken(
        say("It is not a number."), say("Write one number, or ei tiedossa when it is not known.")
    )
