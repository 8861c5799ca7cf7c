"""How a contact point is written on paper."""

from prep.language import Message, say
from prep.terms import ContactKind

_NBSP = "\xa0"


def as_dialled(kind: ContactKind, value: str) -> Message | str:
    """A number in groups that can be read out, with the kind where it is not a telephone.

    >>> as_dialled(ContactKind.MOBILE, "+358000000101")
    '+358\\xa000\\xa0000\\xa00101'
    >>> as_dialled(ContactKind.AUTHORITY_RADIO, "VIRVE 000 11")
    'VIRVE\\xa0000\\xa011'
    """
    written = _grouped(value)
    match kind:
        case ContactKind.AUTHORITY_RADIO:
            return f"VIRVE{_NBSP}{written.removeprefix('VIRVE').strip()}"
        case ContactKind.PAGER:
            return say("pager {number}", number=written)
        case ContactKind.SATELLITE:
            return say("satellite {number}", number=written)
        case _:
            return written


def _grouped(value: str) -> str:
    """Finnish numbers as +358 00 000 0000; others as they are stored, and never broken at a line's end."""
    digits = value.removeprefix("+358")
    if digits == value or not digits.isascii() or not digits.isdigit() or len(digits) < 6:
        return value.replace(" ", _NBSP)
    return _NBSP.join(("+358", digits[:2], digits[2:5], digits[5:]))
