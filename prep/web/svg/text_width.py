"""How wide a text is on a page, measured in the font's own table."""

from functools import cache
from pathlib import Path
from typing import Any

import prep

_FONTS = Path(prep.__file__).parent / "cards" / "fonts"


@cache
def _font(weight: str) -> Any:
    from reportlab.pdfbase.ttfonts import TTFont

    return TTFont(f"web {weight}", str(_FONTS / f"SourceSans3-{weight}.ttf"))


def text_width(text: str, *, size: float, weight: str = "Semibold") -> float:
    """Width in units of the size; ``weight`` is Regular, Semibold or Bold."""
    return float(_font(weight).stringWidth(text, size))


def folded(text: str, *, width: float, size: float, weight: str = "Semibold") -> list[str]:
    """The text in lines no wider than ``width``, broken between words; a longer word stands alone.

    >>> folded("Hyvinvointialueen tilannekeskus", width=120, size=13)
    ['Hyvinvointialueen', 'tilannekeskus']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size=size, weight=weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
