"""The code of a card: eight characters that a person can read out, made from what stands on the card."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

# Crockford's base 32: no I, L, O, U, so that nothing is mistaken for a digit or read as a word.
# https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


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
    return _base32(int(hashlib.sha256(code.encode()).hexdigest()[:8], 16) % 1024, 2)


def _base32(number: int, length: int) -> str:
    signs = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        signs.append(ALPHABET[rest])
    return "".join(reversed(signs))
