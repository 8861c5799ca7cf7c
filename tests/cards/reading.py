"""Reading printed cards back: text and its place with poppler, marks and lines from the picture of a side."""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from prep.cards import document
from prep.cards.assembly import Card
from prep.terms import Language
from tests.cards.builders import AT

MM = 72 / 25.4
DPI = 100


@dataclass(frozen=True)
class Word:
    """A word, and its box in points from the upper left corner of the side."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def printed(cards: Sequence[Card], *, language: Language = Language.FI, title: str = "Kortit") -> bytes:
    file = io.BytesIO()
    document.write(file, cards, title=title, language=language, at=AT)
    return file.getvalue()


def text_of(pdf: bytes, *, first: int = 1, last: int = 0) -> str:
    """The text in reading order, spaces and line ends as one space."""
    command = ["pdftotext", "-f", str(first), *(["-l", str(last)] if last else []), "-", "-"]
    run = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", run.stdout.decode())


def words_of(pdf: bytes, side: int = 1) -> list[Word]:
    command = ["pdftotext", "-bbox", "-f", str(side), "-l", str(side), "-", "-"]
    run = subprocess.run(command, input=pdf, capture_output=True, check=True)
    page = re.sub(r"<!DOCTYPE[^>]*>", "", run.stdout.decode())
    return [
        Word(node.text or "", *(float(node.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax")))
        for node in ET.fromstring(page).iter()
        if node.tag.endswith("word")
    ]


def word(pdf: bytes, text: str, side: int = 1) -> Word:
    """The only word of a text on a side."""
    (found,) = [one for one in words_of(pdf, side) if one.text == text]
    return found


def picture(pdf: bytes, side: int = 1, *, dpi: int = DPI) -> Image.Image:
    command = ["pdftoppm", "-gray", "-r", str(dpi), "-f", str(side), "-l", str(side), "-"]
    run = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(run.stdout))


def fonts_of(pdf: bytes, folder: Path) -> list[list[str]]:
    """Per font its columns: name, type, encoding, embedded, subset, unicode, …"""
    path = folder / "fonts.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True)
    return [line.split() for line in run.stdout.splitlines()[2:]]


def ruled_lines(pdf: bytes, side: int, left: float, right: float, top: float, bottom: float) -> list[float]:
    """The heights, in points, of horizontal lines that span a stretch of a side from left to right."""
    image = picture(pdf, side)
    scale = DPI / 72
    columns = range(int(left * scale) + 2, int(right * scale) - 2)
    rows = range(int(top * scale), int(bottom * scale))
    dark = [y for y in rows if all(image.getpixel((x, y)) < 200 for x in columns)]
    return [y / scale for number, y in enumerate(dark) if number == 0 or dark[number - 1] < y - 1]
