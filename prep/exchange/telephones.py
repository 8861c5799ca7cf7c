"""Telephone numbers as they stand in lists."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, not_taken
from prep.exchange.findings import Remark, Severity
from prep.exchange.vocabulary import plain_word, words
from prep.exchange.workbook import CellValue
from prep.language import say

# No Finnish number goes on with 00 after the country's code: numbers of this form can be invented safely.
_INVENTED = re.compile(r"\+358[\s-]*0[\s-]*0(?:[\s-]*\d){5,9}(?!\d)")
_EMERGENCY = re.compile(r"\b112\b")
# Digits just before or after what was taken for a number: then it was only a part of something longer.
_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"\d[\s().-]*$"), re.compile(r"[\s().-]*\d")
_LOST_DIGITS = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    number: str
    is_usable: bool


def masked(cell: CellValue) -> str | None:
    """A cell with a number as a message may show it: its last two digits.

    >>> masked("040 123 4567")
    '… 67'
    """
    digits = re.sub(r"\D", "", as_text(cell))
    return f"… {digits[-2:]}" if len(digits) > 4 else (as_text(cell) or None)


def read_telephones(cell: CellValue, *, allow_invented: bool) -> Reading:
    """The numbers of a cell as a tuple in E.164 form, such as ``+358401234567``.

    ``allow_invented``: whether numbers that cannot be dialled are taken, as they are in a demonstration.
    """
    text = as_text(cell).strip()
    if not text:
        return NOTHING
    if plain_word(text) in words("unknown"):
        return NOT_KNOWN
    if _LOST_DIGITS.fullmatch(text.strip()):
        return not_taken(
            say("The spreadsheet has shortened the number: its last digits are lost."),
            say("Write the number again, in a column of text."),
        )
    found, invented = _numbers_in(text)
    if invented and not allow_invented:
        return not_taken(say("The number is invented and cannot be dialled."), say("Write the real number."))
    usable = tuple(one.number for one in found if one.is_usable)
    if not usable:
        if _EMERGENCY.search(text):
            return not_taken(
                say("112 is the emergency number, not the number of a key holder."),
                say("Write the number of the person or of the desk on call."),
            )
        return not_taken(
            say("It is not a telephone number that can be dialled."), say("Check the number, digit by digit.")
        )
    remarks = []
    if len(usable) < len(found):
        remarks.append(
            Remark(
                Severity.WARNING,
                say("One of the numbers cannot be dialled: it was left out."),
                say("Check the number, digit by digit."),
            )
        )
    if len(usable) > 1:
        remarks.append(
            Remark(
                Severity.NOTE,
                say("Several numbers in one cell: each is kept, in this order."),
                say("Put the number that is answered first in front."),
            )
        )
    if _has_lost_its_zero(cell):
        remarks.append(
            Remark(
                Severity.NOTE,
                say("The spreadsheet had dropped the first zero: it was put back."),
                say("Format the column as text."),
            )
        )
    return Reading(usable, is_said=True, remarks=tuple(remarks))


def _numbers_in(text: str) -> tuple[list[_Found], bool]:
    invented = [
        _Found(one.start(), re.sub(r"[\s-]", "", one[0]), is_usable=True) for one in _INVENTED.finditer(text)
    ]
    # What is invented is blotted out, so that it is not found again as a wrong number.
    rest = _INVENTED.sub(lambda one: " " * len(one[0]), text)
    real = [
        _Found(
            one.start,
            phonenumbers.format_number(one.number, PhoneNumberFormat.E164),
            phonenumbers.is_valid_number(one.number) and not _is_a_part(rest, one.start, one.end),
        )
        for one in PhoneNumberMatcher(rest, "FI", leniency=Leniency.POSSIBLE)
    ]
    return sorted(invented + real, key=lambda one: one.start), bool(invented)


def _is_a_part(text: str, start: int, end: int) -> bool:
    return bool(_DIGIT_BEFORE.search(text[:start]) or _DIGIT_AFTER.match(text[end:]))


def _has_lost_its_zero(cell: CellValue) -> bool:
    text = as_text(cell)
    return not isinstance(cell, str) and not text.startswith(("0", "358"))
