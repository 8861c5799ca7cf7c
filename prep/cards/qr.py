"""The QR code of a card, drawn as rectangles.

It holds ``PREP:<code>:<check characters>`` and nothing else: no name, no number, no address of a server.
"""

from functools import lru_cache
from itertools import groupby

import segno

from prep.cards.code import check_characters
from prep.cards.page import Pen

# 16 characters fill version 1 at error correction Q exactly: 21 modules, a quarter of which may be spoilt.
# Choosing version and mask by trial would take nine times as long; any mask can be read.
_VERSION, _ERROR, _MASK = 1, "q", 3
MODULES = 21
QUIET_MODULES = 4


def content(code: str) -> str:
    """What the QR code of a card says.

    >>> content("K7Q2M4ZD")[:14]
    'PREP:K7Q2M4ZD:'
    """
    return f"PREP:{code}:{check_characters(code)}"


def draw(pen: Pen, x: float, y: float, size: float, code: str) -> None:
    """The code with its quiet zone, in a square of ``size`` points with its corner at (x, y)."""
    module = size / (MODULES + 2 * QUIET_MODULES)
    pen.squares(x + QUIET_MODULES * module, y + QUIET_MODULES * module, module, _runs(content(code)))


@lru_cache(maxsize=4096)
def _runs(text: str) -> tuple[tuple[int, int, int], ...]:
    """Dark stretches: column, row and length, in modules."""
    matrix = segno.make_qr(
        text, version=_VERSION, error=_ERROR, mask=_MASK, mode="alphanumeric", boost_error=False
    ).matrix
    runs = []
    for row, modules in enumerate(matrix):
        column = 0
        for dark, stretch in groupby(modules):
            length = len(list(stretch))
            if dark:
                runs.append((column, row, length))
            column += length
    return tuple(runs)
