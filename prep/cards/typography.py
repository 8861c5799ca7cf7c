"""Type on paper: the fonts, what can be printed with them, and the breaking of text into lines.

All lengths are in points. Text is text: no markup is known here, so none can be smuggled in.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS_DIR = Path(__file__).parent / "fonts"
NBSP = "\xa0"
# Height of capitals in Source Sans 3, of its 1 000 units.
_CAP_HEIGHT = 0.66
_NO_BREAK_AFTER = re.compile(r"(?<!\S)(\d+(?:[.,]\d+)?|klo|kl\.|at|noin|ca) (?=\S)")
_NO_BREAK_BEFORE = re.compile(r" (?=[–§%])")
_BREAK_AFTER_SIGN = re.compile(r"(?<=[-/–_@.,;:])(?=\w)")
_CLAUSE_ENDS = (".", ":", ";", "?", "!")
# A line may end early for the sense in texts with at most so many further lines.
_SHORT_TEXT_LINES = 2
# A last line that fills less than this share of the width is avoided.
_SHORT_LAST_LINE = 0.35
_VOWELS = set("aeiouyåäöáâéõüæøAEIOUYÅÄÖÁÂÉÕÜÆØ")
# Signs without width that come along when text is copied from a table or a page.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = re.compile(r"[^\S\n\xa0]+")


class Font(StrEnum):
    """A weight of Source Sans 3, by the name of its file."""

    REGULAR = "SourceSans3-Regular"
    SEMIBOLD = "SourceSans3-Semibold"
    BOLD = "SourceSans3-Bold"
    ITALIC = "SourceSans3-It"


@dataclass(frozen=True, slots=True)
class Style:
    """A weight at a size, and the distance from line to line; in points."""

    font: Font
    size: float
    leading: float

    @property
    def baseline(self) -> float:
        """From the top of a line to its baseline, so that capitals stand in the middle of the line."""
        return (self.leading + _CAP_HEIGHT * self.size) / 2

    def width(self, text: str) -> float:
        return float(pdfmetrics.stringWidth(text, self.font, self.size))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one style in a line, ``x`` from the start of the line."""

    x: float
    text: str
    style: Style


Line = tuple[Span, ...]
Run = tuple[str, Style]


@cache
def register_fonts() -> None:
    """Make the fonts known to ReportLab, whose list of fonts is one for the whole process."""
    # Streams in base 85 are a quarter larger and take a second longer for a county.
    rl_config.useA85 = 0
    for font in Font:
        pdfmetrics.registerFont(TTFont(font, FONTS_DIR / f"{font}.ttf"))


def clean(text: str) -> str:
    """Text as it is set: composed letters, single spaces, no invisible signs; line ends are kept.

    >>> clean("  Pa\\u0308iva\\u0308koti \\u200b 1 ")
    'Päiväkoti 1'
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_INVISIBLE)
    return "\n".join(_SPACES.sub(" ", line).strip() for line in composed.split("\n")).strip()


@lru_cache(maxsize=50_000)
def set_text(runs: tuple[Run, ...], width: float) -> tuple[tuple[Line, ...], str]:
    """Text as it is printed: cleaned and broken into lines, and the signs in it that cannot be printed."""
    cleaned = tuple((clean(text), style) for text, style in runs)
    wrong = "".join(unprintable(text, style.font) for text, style in cleaned)
    return break_lines(cleaned, width), "".join(dict.fromkeys(wrong))


def unprintable(text: str, font: Font) -> str:
    """The signs of a cleaned text that the font lacks, or that would be set wrongly; empty when all is well.

    Right-to-left scripts, emoji, marks that would have to be placed over another letter, control signs.
    """
    glyphs = _glyphs(font)
    return "".join(
        sign for sign in text if sign != "\n" and (ord(sign) not in glyphs or _is_troublesome(sign))
    )


def break_lines(runs: tuple[Run, ...], width: float) -> tuple[Line, ...]:
    """Cleaned text, broken into the fewest lines no wider than ``width``; always at least one line.

    A number stays with its unit, a dash with the word before it. A word that is wider than the line is broken
    at a sign or a syllable. Of all ways to break, the one with the evenest edge is taken; in a text of a few
    lines they end, where they can, at the end of a clause, and the last is not one short word.

    Cost: words × words in a line.
    """
    paragraphs: list[list[_Word]] = [[]]
    for word in (word for run in runs for word in _words(*run)):
        paragraphs[-1] += _pieces(word, width)
        if word.ends_line:
            paragraphs.append([])
    return tuple(_placed(line) for words in paragraphs for line in _composed(words, width)) or ((),)


def height(lines: Iterable[Line], style: Style) -> float:
    """The height of lines set in a style."""
    return style.leading * sum(1 for _ in lines)


def line_width(line: Line) -> float:
    """How far a line reaches."""
    return line[-1].x + line[-1].style.width(line[-1].text) if line else 0


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    style: Style
    ends_line: bool = False

    @property
    def width(self) -> float:
        return self.style.width(self.text)


@cache
def _glyphs(font: Font) -> frozenset[int]:
    register_fonts()
    registered: Any = pdfmetrics.getFont(font)
    return frozenset(registered.face.charToGlyph)


def _is_troublesome(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Me", "Cc", "Cf", "Co", "Cs"}


def _words(text: str, style: Style) -> Iterator[_Word]:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        kept = _NO_BREAK_BEFORE.sub(NBSP, _NO_BREAK_AFTER.sub(rf"\1{NBSP}", line))
        words = kept.split(" ") if kept else []
        for place, word in enumerate(words):
            last = place == len(words) - 1 and number < len(lines) - 1
            yield _Word(word, style, ends_line=last)


def _composed(words: list[_Word], width: float) -> list[list[_Word]]:
    """The fewest lines, and of those the least cost; found from the end, where each line may begin."""
    count = len(words)
    widths = [word.width for word in words]
    spaces = [word.style.width(" ") for word in words]
    # For the words from each on: lines, cost, and where the second line begins.
    best: list[tuple[int, float, int]] = [(0, 0.0, count)] * (count + 1)
    for start in range(count - 1, -1, -1):
        choices = []
        length = 0.0
        for stop in range(start + 1, count + 1):
            length += widths[stop - 1] + (spaces[stop - 1] if stop - start > 1 else 0)
            if length > width + 0.01 and stop - start > 1:
                break
            lines, cost, _ = best[stop]
            cost += _cost(words[stop - 1].text, length / width, is_last=stop == count, lines_below=lines)
            choices.append((lines + 1, cost, stop))
        best[start] = min(choices)
    lines_of_words, start = [], 0
    while start < count:
        stop = best[start][2]
        lines_of_words.append(words[start:stop])
        start = stop
    return lines_of_words


def _cost(last_word: str, filled: float, *, is_last: bool, lines_below: int) -> float:
    """How bad a line is: its empty part squared, less where it ends with a clause of a short text."""
    if is_last:
        return max(0.0, _SHORT_LAST_LINE - filled) * 1.5
    cost = (1 - filled) ** 2
    if lines_below <= _SHORT_TEXT_LINES and filled > 0.5:
        cost -= 0.08 if last_word.endswith(_CLAUSE_ENDS) else 0.03 if last_word.endswith(",") else 0
    return cost


def _pieces(word: _Word, width: float) -> list[_Word]:
    """The word itself, or what it has to be broken into to fit."""
    if word.width <= width:
        return [word]
    if NBSP in word.text.strip(NBSP):
        parts = [part for part in word.text.split(NBSP) if part]
        pieces = [piece for part in parts for piece in _pieces(_Word(part, word.style), width)]
    else:
        pieces = [_Word(text, word.style) for text in _broken(word.text, word.style, width)]
    pieces[-1] = _Word(pieces[-1].text, word.style, word.ends_line)
    return pieces


def _broken(text: str, style: Style, width: float) -> Iterator[str]:
    while style.width(text) > width and len(text) > 1:
        fitting = (
            (place, sign) for place, sign in _breaks(text) if style.width(text[:place] + sign) <= width
        )
        place, sign = next(fitting, (1, ""))
        yield text[:place] + sign
        text = text[place:]
    yield text


def _breaks(text: str) -> Iterator[tuple[int, str]]:
    """Where a word may be broken, the best place first: after a sign, at a syllable, anywhere."""
    for match in reversed(list(_BREAK_AFTER_SIGN.finditer(text))):
        yield match.start(), ""
    for place in range(len(text) - 3, 2, -1):
        if _starts_syllable(text, place):
            yield place, "-"
    for place in range(len(text) - 1, 0, -1):
        # A hyphen inside a number would read as part of it.
        yield place, "-" if text[place - 1].isalpha() and text[place].isalpha() else ""


def _starts_syllable(text: str, place: int) -> bool:
    """Whether a Finnish syllable starts here: a consonant before a vowel, a vowel somewhere before them."""
    before, here, after = text[:place], text[place], text[place + 1]
    return (
        before.isalpha()
        and here.isalpha()
        and here not in _VOWELS
        and after in _VOWELS
        and any(sign in _VOWELS for sign in before)
    )


def _placed(words: list[_Word]) -> Line:
    """The words of a line as few spans as there are changes of style."""
    spans: list[Span] = []
    x = 0.0
    for word in words:
        space = word.style.width(" ") if spans else 0
        if spans and spans[-1].style == word.style:
            last = spans[-1]
            spans[-1] = Span(last.x, f"{last.text} {word.text}", word.style)
        else:
            spans.append(Span(x + space, word.text, word.style))
        x += space + word.width
    return tuple(spans)
