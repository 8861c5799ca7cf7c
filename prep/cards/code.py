"""The code of a card: eight characters that a person can read out, made from what stands on the card."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prep.errors import Problem, Refused
from prep.language import Message, say

# Crockford's base 32: no I, L, O, U, so that nothing is mistaken for a digit or read as a word.
# https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
CHECK_LENGTH = 2
_READ_AS = str.maketrans("OIL", "011")


def content_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of values that JSON can hold, independent of their order in the mapping."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def card_code(digest: str, attempt: int = 0) -> str:
    """The code of a content; ``attempt`` counts up when another card already has the code.

    >>> card_code("0" * 64), card_code("f" * 64), len(card_code("0" * 64, 1))
    ('00000000', 'ZZZZZZZZ', 8)
    """
    source = hashlib.sha256(f"{digest}/{attempt}".encode()).hexdigest() if attempt else digest
    return _base32(int(source[:10], 16), LENGTH)


def spoken(code: str) -> str:
    """The code as printed.

    >>> spoken("K7Q2M4ZD")
    'K7Q2-M4ZD'
    """
    return f"{code[:4]}-{code[4:]}"


def check_characters(code: str) -> str:
    """Two characters by which a misread code is found out (all but one in 1 024)."""
    return _base32(int(hashlib.sha256(code.encode()).hexdigest()[:8], 16) % 1024, CHECK_LENGTH)


def printed(code: str) -> str:
    """The code with its check characters, as it stands on a card.

    >>> printed("K7Q2M4ZD")
    'K7Q2-M4ZD-TJ'
    """
    return f"{spoken(code)}-{check_characters(code)}"


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as somebody typed or scanned it; ``is_checked`` when its check characters came along and fit."""

    code: str
    is_checked: bool


def read_code(typed: str) -> TypedCode:
    """What was typed or scanned as a code: ``K7Q2M4ZD``, ``k7q2-m4zd-tj`` or the text of the QR code.

    O is read as 0, I and L as 1, as Crockford's base 32 has it.

    Raises
    ------
    Refused
        If it cannot be a code, or the check characters do not fit: then it was not typed right.
    """
    signs = re.sub(r"[\s:.\u2010-\u2015-]", "", typed.strip().upper().removeprefix("PREP:"))
    signs = signs.translate(_READ_AS)
    if len(signs) not in (LENGTH, LENGTH + CHECK_LENGTH) or not set(signs) <= set(ALPHABET):
        rule = say("A card’s code has eight characters, with the check characters ten; no I, L, O or U.")
        raise _mistyped(typed, rule)
    code, check = signs[:LENGTH], signs[LENGTH:]
    if check and check != check_characters(code):
        rule = say("The two check characters do not fit the eight before them.")
        raise _mistyped(typed, rule)
    return TypedCode(code, bool(check))


def _mistyped(typed: str, rule: Message) -> Refused:
    remedy = say("Type it once more as it stands below the QR code of the card.")
    return Refused(Problem(place=say("The code"), value=typed.strip()[:40] or None, rule=rule, remedy=remedy))


def _base32(number: int, length: int) -> str:
    signs = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        signs.append(ALPHABET[rest])
    return "".join(reversed(signs))
