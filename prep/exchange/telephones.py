"""Telephone numbers as they stand in lists."""

import re

from prep.errors import Problem, Refused
from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, not_taken
from prep.exchange.findings import Remark, Severity
from prep.exchange.vocabulary import plain_word, words
from prep.exchange.workbook import CellValue
from prep.language import say
from prep.registry.contact_values import kept_form, telephones_in
from prep.terms import ContactKind

# As prep shows a number to those who may not see it; see prep.auth.permissions.shown_number.
_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MASKED = re.compile(r"[+\d\s]*\*\*[*\s]*\d{0,2}|…\s?\d\d")


def masked(cell: CellValue) -> str | None:
    """A cell with a number as a message may show it: its last two digits.

    >>> masked("040 123 4567")
    '… 67'
    """
    digits = re.sub(r"\D", "", as_text(cell))
    return f"… {digits[-2:]}" if len(digits) > 4 else (as_text(cell) or None)


def is_masked(cell: CellValue) -> bool:
    """Whether a cell holds a number or address that prep itself has masked.

    >>> is_masked("+358 ** *** **01"), is_masked("***"), is_masked("… 67"), is_masked("040 123 4567")
    (True, True, True, False)
    """
    return bool(_MASKED.fullmatch(as_text(cell).strip()))


def read_telephones(cell: CellValue, *, allow_invented: bool) -> Reading:
    """The numbers of a cell as a tuple in E.164 form, such as ``+358401234567``.

    ``allow_invented``: whether numbers that cannot be dialled are taken, as they are in a demonstration.
    """
    text = as_text(cell).strip()
    if not text:
        return NOTHING
    if plain_word(text) in words("unknown"):
        return NOT_KNOWN
    # The digits of a web address are no number.
    bare = " ".join(_WEB_ADDRESS.sub(" ", text).split())
    if not re.search(r"\d", bare):
        return _no_digits(is_web_address=bare != text)
    usable, faults = _numbers([bare], allow_invented=allow_invented)
    if faults:
        # Not one number: perhaps there are words or others beside it.
        found = telephones_in(bare)
        usable, faults = _numbers(found or [bare], allow_invented=allow_invented)
    if not usable:
        return not_taken(faults[0].rule, faults[0].remedy)
    remarks = []
    if faults:
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
    if bare != text:
        remarks.append(
            Remark(
                Severity.NOTE,
                say("A web address stands beside the number: it was left out."),
                say("Write it in the column of remarks if it is needed."),
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
    return Reading(tuple(usable), is_said=True, remarks=tuple(remarks))


def _no_digits(*, is_web_address: bool) -> Reading:
    if is_web_address:
        return not_taken(
            say("It is a web address, not a telephone number."),
            say("Write the number that is answered; the address belongs into the column of remarks."),
        )
    return not_taken(
        say("It is words, not a telephone number."),
        say("Write the number; who is called belongs into the column of the key holder."),
    )


def _numbers(texts: list[str], *, allow_invented: bool) -> tuple[list[str], list[Problem]]:
    """The texts that are numbers, in the form in which they are kept, and what is wrong with the others."""
    usable: list[str] = []
    faults: list[Problem] = []
    for one in texts:
        try:
            usable.append(kept_form(ContactKind.MOBILE, one, allow_invented=allow_invented))
        except Refused as error:
            faults += error.problems
    return usable, faults


def _has_lost_its_zero(cell: CellValue) -> bool:
    text = as_text(cell)
    return not isinstance(cell, str) and not text.startswith(("0", "358"))
