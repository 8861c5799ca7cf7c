"""The sheet: its measures, the pen that draws on it, and the sides of a document one after the other."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from prep.cards.typography import Font, Line, Span, Style, register_fonts
from prep.language import HELSINKI
from prep.terms import Language

MM = 72 / 25.4
SHEET = SIDE_WIDTH, SIDE_HEIGHT = A4
# Room for the holes of a ring binder (12 mm from the edge, 6 mm wide): left on front sides, right on back sides.
BINDING_MARGIN = 17 * MM
OUTER_MARGIN = 11 * MM
TOP_MARGIN = 10 * MM
BOTTOM_MARGIN = 9 * MM
WIDTH = SIDE_WIDTH - BINDING_MARGIN - OUTER_MARGIN
HEIGHT = SIDE_HEIGHT - TOP_MARGIN - BOTTOM_MARGIN

# From the edge of a box, bar or frame to the text in it.
INSET = 3 * MM
THIN, NORMAL, THICK = 0.5, 1.0, 1.5
# Share of white: the rules between rows stay visible on a poor copier, and quiet beside the text.
RULE_GRAY = 0.55
# As ReportLab numbers the ways of filling: what lies within two rings is outside.
_EVEN_ODD = 0


class Pen:
    """Draws downwards from an origin: ``y`` grows towards the foot of the side, all in points."""

    def __init__(self, canvas: Canvas):
        self._canvas = canvas
        self._text = canvas.beginText()

    def line(self, x: float, baseline: float, line: Line, *, white: bool = False) -> None:
        """A broken line of text, its baseline at ``baseline``."""
        self._text.setFillGray(1 if white else 0)
        for span in line:
            self._text.setFont(span.style.font, span.style.size)
            self._text.setTextOrigin(x + span.x, -baseline)
            self._text.textOut(span.text)

    def lines(self, x: float, top: float, lines: tuple[Line, ...], style: Style) -> float:
        """Lines under each other; returns where they end."""
        for number, line in enumerate(lines):
            self.line(x, top + number * style.leading + style.baseline, line)
        return top + len(lines) * style.leading

    def word(
        self, x: float, baseline: float, text: str, style: Style, *, anchor: float = 0, white: bool = False
    ) -> None:
        """Text that is known to fit: ``anchor`` 0 begins at ``x``, 0.5 is centred there, 1 ends there."""
        self.line(x - anchor * style.width(text), baseline, (Span(0, text, style),), white=white)

    def rule(
        self, x: float, y: float, to_x: float, to_y: float, *, width: float = THIN, gray: float = 0
    ) -> None:
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeGray(gray)
        self._canvas.line(x, -y, to_x, -to_y)

    def box(self, x: float, y: float, width: float, height: float, *, line: float = NORMAL) -> None:
        self._canvas.setLineWidth(line)
        self._canvas.setStrokeGray(0)
        self._canvas.rect(x, -y - height, width, height)

    def curves(
        self, start: tuple[float, float], curves: Iterable[tuple[tuple[float, float], ...]], *, width: float
    ) -> None:
        """A line through Bézier curves, each of two points that draw it and the one where it ends."""
        path = self._canvas.beginPath()
        path.moveTo(start[0], -start[1])
        for curve in curves:
            path.curveTo(*(value for x, y in curve for value in (x, -y)))
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeGray(0)
        self._canvas.drawPath(path)

    def areas(self, rings: Iterable[Sequence[tuple[float, float]]], *, gray: float) -> None:
        """Areas with an edge, closed; a ring inside another is a hole."""
        path = self._canvas.beginPath()
        for first, *others in rings:
            path.moveTo(first[0], -first[1])
            for x, y in others:
                path.lineTo(x, -y)
            path.close()
        self._canvas.setLineWidth(NORMAL)
        self._canvas.setStrokeGray(RULE_GRAY)
        self._canvas.setFillGray(gray)
        self._canvas.drawPath(path, stroke=1, fill=1, fillMode=_EVEN_ODD)

    def disc(self, x: float, y: float, radius: float) -> None:
        """A white disc with a black edge."""
        self._canvas.setLineWidth(NORMAL)
        self._canvas.setStrokeGray(0)
        self._canvas.setFillGray(1)
        self._canvas.circle(x, -y, radius, stroke=1, fill=1)

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A black area."""
        self._canvas.setFillGray(0)
        self._canvas.rect(x, -y - height, width, height, stroke=0, fill=1)

    def blank(self, x: float, y: float, width: float, height: float) -> None:
        """A white area over what has been drawn."""
        self._canvas.setFillGray(1)
        self._canvas.rect(x, -y - height, width, height, stroke=0, fill=1)

    def squares(self, x: float, y: float, unit: float, runs: Iterable[tuple[int, int, int]]) -> None:
        """Black stretches of a grid: column, row and length of each, in units."""
        self._canvas.saveState()
        self._canvas.translate(x, -y)
        self._canvas.scale(unit, unit)
        self._canvas.setFillGray(0)
        # As whole numbers and one operator: through paths a county takes a second longer.
        stretches = (f"{column} {-row - 1} {length} 1 re" for column, row, length in runs)
        self._canvas.addLiteral(f"{' '.join(stretches)} f")
        self._canvas.restoreState()

    def hatch(self, x: float, y: float, width: float, height: float) -> None:
        """An area of slanting stripes, black and white: seen in grey and on a poor copy."""
        canvas = self._canvas
        canvas.saveState()
        area = canvas.beginPath()
        area.rect(x, -y - height, width, height)
        canvas.clipPath(area, stroke=0)
        canvas.setFillGray(0)
        stripe = height * 0.55
        stripes = canvas.beginPath()
        for number in range(-1, int(width / (2 * stripe)) + 2):
            left = x + 2 * number * stripe
            stripes.moveTo(left, -y - height)
            stripes.lineTo(left + stripe, -y - height)
            stripes.lineTo(left + stripe + height, -y)
            stripes.lineTo(left + height, -y)
            stripes.close()
        canvas.drawPath(stripes, stroke=0, fill=1)
        canvas.restoreState()

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None:
        """A picture (JPEG or PNG), as large as it is asked for: the sides have to be those of the picture."""
        self._canvas.drawImage(ImageReader(BytesIO(content)), x, -y - height, width, height)

    def begin(self, kind: str, *, language: Language | None = None) -> None:
        """From here on an element is drawn, in a document that has a structure tree (``prep.cards.tagging``)."""

    def end(self) -> None:
        """The element that was begun last ends."""

    @contextmanager
    def element(self, kind: str, *, language: Language | None = None) -> Iterator[None]:
        """What is drawn within is an element of the structure tree, in a document that has one."""
        self.begin(kind, language=language)
        yield
        self.end()

    def picture(self, alt: str) -> AbstractContextManager[None]:
        """What is drawn within is a picture, which ``alt`` describes, in a document with a structure tree."""
        return nullcontext()

    def lift(self) -> None:
        """Ends the drawing; text lies above all lines and areas."""
        self._canvas.drawText(self._text)


def open_canvas(
    file: BinaryIO,
    *,
    title: str,
    subject: str,
    language: Language,
    at: datetime,
    sheet: tuple[float, float] = A4,
) -> Canvas:
    """A document of one kind of sheet, width and height in points; the same drawing gives the same bytes."""
    register_fonts()
    canvas = Canvas(
        file,
        pagesize=sheet,
        pageCompression=1,
        invariant=1,
        # Without it the first font is Helvetica, which is not embedded. (Its stub asks for a number.)
        initialFontName=Font.REGULAR,  # type: ignore[arg-type]
        lang=str(language),
        pdfVersion=(1, 7),
    )
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setAuthor("prep")
    canvas.setCreator("prep")
    offset = at.astimezone(HELSINKI).strftime("%z")
    moment = f"D:{at.astimezone(HELSINKI):%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}'"
    canvas.setDateFormatter(lambda *_: moment)
    return canvas


class Page:
    """A document being drawn, side by side.

    What is drawn under a key is drawn once and from then on only referred to: the same steps stand on the
    cards of all municipalities. For a county this saves a third of the time and two fifths of the file.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        title: str,
        subject: str,
        language: Language,
        at: datetime,
        sheet: tuple[float, float] = A4,
    ):
        self._canvas = open_canvas(file, title=title, subject=subject, language=language, at=at, sheet=sheet)
        self._sheet = sheet
        self._known: dict[Hashable, str] = {}
        self._bookmarks = 0

    @property
    def number(self) -> int:
        """The number of the side now being drawn, from 1."""
        return self._canvas.getPageNumber()

    @property
    def canvas(self) -> Canvas:
        """For what draws whole sides by itself."""
        return self._canvas

    def turn_to(self, sheet: tuple[float, float]) -> None:
        """From this side on, sheets are of this width and height."""
        self._sheet = sheet
        self._canvas.setPageSize(sheet)

    @property
    def width(self) -> float:
        """The width of the type area of this side."""
        margins = 2 * OUTER_MARGIN if self._sheet[0] > self._sheet[1] else OUTER_MARGIN + BINDING_MARGIN
        return self._sheet[0] - margins

    @property
    def left(self) -> float:
        """The left edge of the type area of this side; a sheet that lies has its holes above or below it."""
        if self._sheet[0] > self._sheet[1]:
            return OUTER_MARGIN
        return BINDING_MARGIN if self.number % 2 else OUTER_MARGIN

    def place(self, top: float, height: float, draw: Callable[[Pen], None], *, key: Hashable = None) -> None:
        """Draw with the origin at the left of the type area, ``top`` below its upper edge."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(self.left, self._sheet[1] - TOP_MARGIN - top)
        if key is None:
            self._draw(draw)
        else:
            canvas.doForm(self._known.get(key) or self._form(key, height, draw))
        canvas.restoreState()

    def end_side(self) -> None:
        self._canvas.showPage()

    def bookmark(self, title: str, level: int, *, closed: bool = False) -> None:
        """An entry of the outline that leads to this side."""
        # Of two entries with one target only the last would be shown.
        self._bookmarks += 1
        target = f"bookmark{self._bookmarks}"
        self._canvas.bookmarkPage(target)
        self._canvas.addOutlineEntry(title, target, level, closed)

    def link(self, top: float, height: float, to_side: int) -> None:
        """A band over the whole width that leads to another side when clicked."""
        upper = SIDE_HEIGHT - TOP_MARGIN - top
        box = (self.left, upper - height, self.left + WIDTH, upper)
        self._canvas.linkAbsolute("", f"side{to_side}", box, Border="[0 0 0]")

    def mark(self) -> None:
        """Make this side one that links lead to."""
        self._canvas.bookmarkPage(f"side{self.number}")

    def label_sides(self, style: str) -> None:
        """From this side on, sides are counted anew: "ROMAN_LOWER" or "ARABIC"."""
        self._canvas.addPageLabel(self.number - 1, style, start=1)

    def save(self) -> None:
        self._canvas.showOutline()
        self._canvas.save()

    def _draw(self, draw: Callable[[Pen], None]) -> None:
        pen = Pen(self._canvas)
        draw(pen)
        pen.lift()

    def _form(self, key: Hashable, height: float, draw: Callable[[Pen], None]) -> str:
        name = self._known[key] = f"part{len(self._known)}"
        # Lines on the edge are half outside.
        self._canvas.beginForm(name, -2, -ceil(height) - 2, ceil(WIDTH) + 2, 2)
        self._draw(draw)
        self._canvas.endForm()
        return name
