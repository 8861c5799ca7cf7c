"""A binder that opens only with a password: AES-256 as PDF 2.0 has it (ISO 32000-2, revision 6)."""

import io

from pypdf import PdfReader, PdfWriter

from prep.errors import Problem, Refused
from prep.language import say

SHORTEST = 12
# What the standard takes of a password, in bytes of UTF-8: the rest would be cut off unseen.
_LONGEST_BYTES = 127


def encrypted(pdf: bytes, password: str) -> bytes:
    """The PDF under a password; each time other bytes, for the keys are drawn anew.

    Raises
    ------
    Refused
        The password is too short to keep anybody out, or too long to be kept whole.
    """
    require_password(password)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt(user_password=password, algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def require_password(password: str) -> None:
    """Go on only with a password that can protect a binder.

    Raises
    ------
    Refused
        If it is too short or too long.
    """
    if len(password) >= SHORTEST and len(password.encode()) <= _LONGEST_BYTES:
        return
    raise Refused(
        Problem(
            place=say("The password"),
            # Never shown, not even a wrong one.
            value=None,
            rule=say(
                "It has at least {shortest} characters, and at most {longest} bytes.",
                shortest=SHORTEST,
                longest=_LONGEST_BYTES,
            ),
            remedy=say("Take some words that belong to nobody else."),
        )
    )
