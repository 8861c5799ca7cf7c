"""What a cell of a list of contacts says: numbers, addresses, languages, holder or deputy."""

import re

from prep.errors import Refused
from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, not_taken, note, read_text, said
from prep.exchange.findings import Remark, Severity
from prep.exchange.telephones import is_masked, read_telephones
from prep.exchange.vocabulary import Field, meanings, plain_word, words
from prep.exchange.workbook import CellValue
from prep.language import say
from prep.registry.contact_values import kept_form, telephones_in
from prep.terms import ContactKind, Language

_SEVERAL = re.compile(r"[;,/\n]|\s(?:ja|sekä|och|samt|and|tai|eller|or)\s")
_ORDINAL = re.compile(r"(\d)\s*\.?|\((\d)\)")
# Names with a year or a house number are names.
_FEWEST_DIGITS = 5


def is_telephone_like(text: str) -> bool:
    """Whether a text is mostly a telephone number.

    >>> is_telephone_like("040 100 1000"), is_telephone_like("Päivystys 24/7")
    (True, False)
    """
    digits = re.sub(r"\D", "", text)
    return len(digits) >= _FEWEST_DIGITS and bool(telephones_in(text) or digits == text.strip())


def read_numbers(cell: CellValue, *, allow_invented: bool) -> Reading:
    """The telephone numbers of a cell, as a tuple."""
    if is_masked(cell):
        return _masked()
    if "@" in as_text(cell):
        return not_taken(
            say("It is an e-mail address, not a telephone number."),
            say("Have two columns changed places? Say which column is which."),
        )
    return read_telephones(cell, allow_invented=allow_invented)


def read_addresses(cell: CellValue, *, allow_invented: bool) -> Reading:
    """The e-mail addresses of a cell, as a tuple."""
    text = as_text(cell).strip()
    if not text:
        return NOTHING
    if is_masked(cell):
        return _masked()
    if plain_word(text) in words("unknown"):
        return NOT_KNOWN
    if "@" not in text and telephones_in(text):
        return not_taken(
            say("It is a telephone number, not an e-mail address."),
            say("Have two columns changed places? Say which column is which."),
        )
    found, remarks = [], []
    for one in (part.strip() for part in _SEVERAL.split(text)):
        if not one:
            continue
        try:
            found.append(kept_form(ContactKind.EMAIL, one, allow_invented=allow_invented))
        except Refused as error:
            problem = error.problems[0]
            remarks.append(Remark(Severity.WARNING, problem.rule, problem.remedy))
    if len(found) > 1:
        remarks.append(
            note(
                say("Several addresses in one cell: each is kept, in this order."),
                say("Put each in a column of its own, if one can be had."),
            )
        )
    return Reading(tuple(found) or None, is_said=bool(found), remarks=tuple(remarks))


def read_call_sign(cell: CellValue, field: Field) -> Reading:
    """A call sign or number of a radio, pager or app, as a tuple of one."""
    if is_masked(cell):
        return _masked()
    reading = read_text(as_text(cell) or None, field)
    text = " ".join((reading.value or "").split())
    if not text or plain_word(text) in words("unknown"):
        return Reading(remarks=reading.remarks)
    return Reading((text,), is_said=True, remarks=reading.remarks)


def read_language(cell: CellValue, _field: Field) -> Reading:
    """The language in which somebody is spoken to."""
    text = plain_word(as_text(cell))
    if not text:
        return NOTHING
    if text in words("unknown"):
        return NOT_KNOWN
    if text in meanings("language"):
        return said(Language(meanings("language")[text]))
    return not_taken(
        say("It is not a language that prep knows."), say("Write suomi, ruotsi or englanti; or fi, sv, en.")
    )


def read_languages(cell: CellValue, field: Field) -> Reading:
    """The languages that somebody speaks, as a frozenset."""
    parts = [part.strip() for part in _SEVERAL.split(as_text(cell)) if part and part.strip()]
    if not parts:
        return NOTHING
    readings = [read_language(part, field) for part in parts]
    known = frozenset(one.value for one in readings if one.value is not None)
    remarks = tuple(remark for one in readings for remark in one.remarks)
    return Reading(known or None, is_said=bool(known), remarks=remarks[:1])


def read_rank(cell: CellValue, _field: Field) -> Reading:
    """Whether somebody holds a post or stands in, and as which: a pair of ``is_deputy`` and the rank, None if not told.

    >>> from prep.exchange.vocabulary import ListKind, fields
    >>> rank = fields(ListKind.CONTACTS)["rank"]
    >>> [read_rank(text, rank).value for text in ("varsinainen", "2. varajäsen", "vara")]
    [(False, 0), (True, 2), (True, None)]
    """
    text = plain_word(as_text(cell))
    if not text or text in words("unknown"):
        return NOTHING
    order = _ORDINAL.search(text)
    word = _ORDINAL.sub("", text).strip(" .")
    number = int(order[1] or order[2]) if order else None
    if not word and number is not None:
        return said((number > 0, number))
    match meanings("rank").get(word):
        case "holder" if number in {None, 0, 1}:
            return said((False, 0))
        case "deputy" if number != 0:
            return said((True, number))
        case _:
            return not_taken(
                say("It does not say whether the person holds the post or stands in."),
                say("Write varsinainen, or varahenkilö with its order: 1. varahenkilö."),
            )


def _masked() -> Reading:
    return Reading(
        remarks=(
            note(
                say("It is masked: what the registry knows of it stays."),
                say("Whoever may see it can export the list with it."),
            ),
        )
    )
