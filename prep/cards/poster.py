"""The poster of an alert chain: the picture of the page with names and numbers, to hang on a wall.

One sheet where the text stays large enough on it; else the drawing goes over several sheets that are joined.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import BinaryIO

from reportlab.lib.pagesizes import A3, A4, landscape, portrait
from reportlab.pdfgen.canvas import Canvas

from prep.alerting.picture import Box, Part, Picture, Placed, Route, lay_out
from prep.cards.flow import Compositor
from prep.cards.frame import BAND, DEMO_BAND, FOOT, FOOT_BOLD, draw_band
from prep.cards.imprint import CLASSIFICATIONS
from prep.cards.page import INSET, MM, NORMAL, THICK, THIN, Pen, open_canvas
from prep.cards.poster_content import Poster, PosterBox
from prep.cards.typography import Font, Line, Style, register_fonts
from prep.errors import Problem, Refused
from prep.language import say
from prep.terms import Paper

_SHEETS = {Paper.A3: A3, Paper.A4: A4}
_KICKER = Style(Font.SEMIBOLD, 11, 15)
_TITLE = Style(Font.BOLD, 26, 31)
_BELOW = Style(Font.REGULAR, 13, 18)
_NAME = Style(Font.BOLD, 12, 15)
_PERSON = Style(Font.REGULAR, 11, 14)
_NUMBER = Style(Font.SEMIBOLD, 11, 14)
_SMALL = Style(Font.ITALIC, 10, 13)
_ORDER = Style(Font.BOLD, 11, 14)
# Of the text in a box; all boxes are equally wide, so that the layers stand in columns.
_TEXT_WIDTH = 53 * MM
_PADDING, _BELOW_NAME = 2 * MM, 1.6 * MM
_LAYER_GAP, _ROW_GAP = 17 * MM, 4 * MM
_TICK_HEIGHT, _TICK_SIZE = 7 * MM, 4 * MM
_WRITING_HEIGHT = 7 * MM
# No printer reaches the edge; neighbouring sheets repeat a strip, so that they can be glued.
_EDGE, _OVERLAP = 10 * MM, 8 * MM
# To write on, where there is nobody or no number.
_BLANK = "_" * 22
_BAND_HEIGHT = 7 * MM
_FOOT_HEIGHT = 2 * FOOT.leading + 2 * MM
# The text in the boxes is never smaller than 8 points: 11 × 0.75.
_LEAST_SCALE, _LARGEST_SCALE = 0.75, 1.4
_MOST_SHEETS = 24


@dataclass(frozen=True, slots=True)
class _Tiling:
    """So many sheets beside and below each other, each this large, and the scale of the drawing on them."""

    columns: int
    rows: int
    sheet: tuple[float, float]
    scale: float

    @property
    def field(self) -> tuple[float, float]:
        """What can be drawn on over all sheets: less the edges, the feet and the strips drawn twice."""
        width, height = _printed(self.sheet)
        return (
            self.columns * width - (self.columns - 1) * _OVERLAP,
            self.rows * height - (self.rows - 1) * _OVERLAP,
        )


@dataclass(frozen=True, slots=True)
class _Set:
    """The text of a box, broken into lines: its name, then what stands below, each line with its style."""

    box: PosterBox
    name: tuple[Line, ...]
    lines: tuple[tuple[Line, Style], ...]

    @property
    def head(self) -> float:
        """The height of the name with the space around it."""
        return _PADDING + len(self.name) * _NAME.leading + _BELOW_NAME

    @property
    def is_blank(self) -> bool:
        """Nobody is in the post: lines to write on."""
        return not self.box.people and self.box.part is not Part.BODY

    @property
    def height(self) -> float:
        written = sum(style.leading for _, style in self.lines)
        blank = 2 * _WRITING_HEIGHT if self.is_blank else 0
        tick = _TICK_HEIGHT if self.box.part is Part.SEAT else 0
        return self.head + written + blank + tick + _PADDING


@dataclass(frozen=True, slots=True)
class LaidPoster:
    """A poster on its sheets, all of one size."""

    poster: Poster
    picture: Picture
    boxes: dict[str, _Set]
    heading: "_Heading"
    tiling: _Tiling

    @property
    def sheet(self) -> tuple[float, float]:
        return self.tiling.sheet

    @property
    def count(self) -> int:
        return self.tiling.columns * self.tiling.rows


def write_poster(file: BinaryIO, poster: Poster, *, paper: Paper) -> int:
    """Write the poster as a PDF; returns how many sheets it takes. The same poster gives the same bytes.

    Raises
    ------
    Refused
        As ``lay_out_poster``.
    """
    laid = lay_out_poster(poster, paper)
    canvas = open_canvas(
        file,
        title=name_of_poster(poster),
        subject=poster.written(poster.below),
        language=poster.language,
        at=poster.printed_at,
        sheet=laid.sheet,
    )
    draw_poster(canvas, laid)
    canvas.save()
    return laid.count


def name_of_poster(poster: Poster) -> str:
    """The poster as a bookmark or a list names it."""
    return f"{poster.written(say('Alert chain'))}: {poster.title}"


def lay_out_poster(poster: Poster, paper: Paper) -> LaidPoster:
    """The poster on as few sheets as its text stays large enough on.

    Raises
    ------
    Refused
        With every sign that cannot be printed; or if the chain does not fit on the most sheets that can be joined.
    """
    register_fonts()
    setter = Compositor(poster.title)
    boxes = {box.key: _set(setter, poster, box) for box in poster.boxes}
    if problems := setter.problems():
        raise Refused(problems)
    width = _TEXT_WIDTH + 2 * _PADDING
    picture = lay_out(
        [Box(one.box.key, width, one.height) for one in boxes.values()],
        [(link.source, link.target) for link in poster.links],
        layer_gap=_LAYER_GAP,
        row_gap=_ROW_GAP,
    )
    heading = _Heading(poster)
    return LaidPoster(poster, picture, boxes, heading, _tiling(poster, picture, heading, _SHEETS[paper]))


def draw_poster(
    canvas: Canvas,
    laid: LaidPoster,
    *,
    name: str = "poster",
    beside: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
) -> None:
    """Draw the sheets one after the other; ``name`` keeps several posters of a document apart.

    ``beside`` is called on each sheet when all else has been drawn on it, ``after`` on the side that follows it.
    """
    poster, picture, boxes, heading, tiling = (
        laid.poster,
        laid.picture,
        laid.boxes,
        laid.heading,
        laid.tiling,
    )
    # Its stub asks for whole numbers; a form may be larger than what is drawn in it.
    canvas.beginForm(name, 0, -ceil(tiling.field[1]), ceil(tiling.field[0]), 0)
    _drawn(canvas, partial(heading.draw, width=tiling.field[0]))
    spare = [
        room - tiling.scale * size
        for room, size in zip(tiling.field, (picture.width, picture.height), strict=True)
    ]
    canvas.translate(spare[0] / 2, -heading.height - (spare[1] - heading.height) / 2)
    canvas.scale(tiling.scale, tiling.scale)
    _drawn(canvas, partial(_draw_picture, poster, picture, boxes))
    canvas.endForm()
    for row in range(tiling.rows):
        for column in range(tiling.columns):
            _sheet(canvas, poster, tiling, row, column, name)
            beside()
            canvas.showPage()
            after()


def _set(setter: Compositor, poster: Poster, box: PosterBox) -> _Set:
    place = say("box {name}", name=box.name)

    def lines(text: str, style: Style) -> list[tuple[Line, Style]]:
        return [(line, style) for line in setter.set(place, _TEXT_WIDTH, (text, style))]

    found = lines(box.note, _SMALL) if box.note else []
    for person in box.people:
        stands_in = say("stands in: {name}", name=person.name)
        if person.is_deputy or person.name != box.name:
            found += lines(poster.written(stands_in) if person.is_deputy else person.name, _PERSON)
        numbers = " · ".join(person.numbers) or _BLANK
        fits = _NUMBER.width(numbers) <= _TEXT_WIDTH
        found += lines(numbers if fits else "\n".join(person.numbers), _NUMBER)
        found += lines(person.remark, _SMALL) if person.remark else []
    return _Set(box, setter.set(place, _TEXT_WIDTH, (box.name, _NAME)), tuple(found))


def _tiling(poster: Poster, picture: Picture, heading: "_Heading", sheet: tuple[float, float]) -> _Tiling:
    """The fewest sheets on which the text is large enough; of those, on which it is largest."""
    for count in range(1, _MOST_SHEETS + 1):
        found = []
        for columns in (one for one in range(1, count + 1) if count % one == 0):
            for turned in (landscape(sheet), portrait(sheet)):
                bare = _Tiling(columns, count // columns, turned, 1.0)
                room = bare.field[0], bare.field[1] - heading.height
                scale = min(room[0] / picture.width, room[1] / picture.height, _LARGEST_SCALE)
                if scale >= _LEAST_SCALE and heading.width <= room[0]:
                    found.append(_Tiling(columns, count // columns, turned, scale))
        if found:
            return max(found, key=lambda one: one.scale)
    raise Refused(
        Problem(
            place=say("Poster of {chain}", chain=poster.title),
            value=str(len(poster.boxes)),
            rule=say("The chain is too large for {n} sheets of text that can be read.", n=_MOST_SHEETS),
            remedy=say("Choose the larger paper, or print the chains of its parts."),
        )
    )


class _Heading:
    """What stands above the picture."""

    def __init__(self, poster: Poster):
        self._poster = poster
        self._kicker = poster.written(say("Alert chain")).upper()
        self._below = poster.written(poster.below)
        self._band = _BAND_HEIGHT + 3 * MM if poster.is_demo else 0.0
        self.width = max(
            _TITLE.width(poster.title), _BELOW.width(self._below), BAND.width(DEMO_BAND) + 2 * INSET
        )
        self.height = self._band + _KICKER.leading + _TITLE.leading + _BELOW.leading + 8 * MM

    def draw(self, pen: Pen, *, width: float) -> None:
        if self._poster.is_demo:
            draw_band(pen, width=width, height=_BAND_HEIGHT)
        top = self._band
        for text, style in (
            (self._kicker, _KICKER),
            (self._poster.title, _TITLE),
            (self._below, _BELOW),
        ):
            pen.word(0, top + style.baseline, text, style)
            top += style.leading
        pen.rule(0, top + 2 * MM, width, top + 2 * MM, width=THICK)


def _drawn(canvas: Canvas, draw: "partial[None]") -> None:
    pen = Pen(canvas)
    draw(pen)
    pen.lift()


def _draw_picture(poster: Poster, picture: Picture, boxes: dict[str, _Set], pen: Pen) -> None:
    orders = {(link.source, link.target): link.order for link in poster.links}
    for route in picture.routes:
        _draw_arrow(pen, route)
        order = orders[route.source, route.target]
        if order is not None:
            _draw_order(pen, route, f"{order}.")
    for placed in picture.boxes:
        _draw_box(pen, poster, placed, boxes[placed.box.key])


def _draw_arrow(pen: Pen, route: Route) -> None:
    pen.curves(route.points[0], route.curves, width=NORMAL)
    upper, tip, lower = route.head
    pen.rule(*upper, *tip, width=THICK)
    pen.rule(*lower, *tip, width=THICK)


def _draw_order(pen: Pen, route: Route, order: str) -> None:
    """The place in the caller's list, on the line before its head."""
    x, y = route.order_at
    width = _ORDER.width(order) + 1 * MM
    pen.blank(x - width / 2, y - _ORDER.leading / 2, width, _ORDER.leading)
    pen.word(x, y - _ORDER.leading / 2 + _ORDER.baseline, order, _ORDER, anchor=0.5)


def _draw_box(pen: Pen, poster: Poster, placed: Placed, text: _Set) -> None:
    part, x, width = text.box.part, placed.x, placed.box.width
    left, right = x + _PADDING, x + width - _PADDING
    pen.box(x, placed.y, width, placed.box.height, line=THIN if part is Part.SEAT else THICK)
    # Where the alarm begins, and where it is to arrive, is seen from afar.
    is_dark = part in (Part.SOURCE, Part.BODY)
    if is_dark:
        pen.bar(x, placed.y, width, text.head - 0.8 * MM if text.lines else placed.box.height)
    for number, line in enumerate(text.name):
        baseline = placed.y + _PADDING + number * _NAME.leading + _NAME.baseline
        pen.line(left, baseline, line, white=is_dark)
    top = placed.y + text.head
    for line, style in text.lines:
        pen.line(left, top + style.baseline, line)
        top += style.leading
    if text.is_blank:
        for number in (1, 2):
            pen.rule(left, top + number * _WRITING_HEIGHT, right, top + number * _WRITING_HEIGHT)
    if part is Part.SEAT:
        _draw_tick(
            pen, left, placed.y + placed.box.height - _PADDING, right, poster.written(say("reached at"))
        )


def _draw_tick(pen: Pen, left: float, foot: float, right: float, word: str) -> None:
    """A square to tick, and a line for the time."""
    start = left + _TICK_SIZE + 2 * MM
    pen.box(left, foot - _TICK_SIZE, _TICK_SIZE, _TICK_SIZE, line=NORMAL)
    pen.word(start, foot - 0.6 * MM, word, _SMALL)
    pen.rule(start + _SMALL.width(word) + 1.5 * MM, foot, right, foot)


def _sheet(canvas: Canvas, poster: Poster, tiling: _Tiling, row: int, column: int, name: str) -> None:
    width, height = _printed(tiling.sheet)
    top = tiling.sheet[1] - _EDGE
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(_EDGE, top - height, width, height)
    canvas.clipPath(clip, stroke=0)
    canvas.translate(_EDGE - column * (width - _OVERLAP), top + row * (height - _OVERLAP))
    canvas.doForm(name)
    canvas.restoreState()
    canvas.saveState()
    canvas.translate(_EDGE, top - height - 2 * MM)
    _drawn(canvas, partial(_draw_foot, poster, tiling, row, column))
    canvas.restoreState()
    canvas.saveState()
    canvas.translate(_EDGE, top)
    _drawn(canvas, partial(_draw_joints, tiling, row, column))
    canvas.restoreState()


def _draw_foot(poster: Poster, tiling: _Tiling, row: int, column: int, pen: Pen) -> None:
    width, _ = _printed(tiling.sheet)
    count = tiling.columns * tiling.rows
    place = say("sheet {n}/{count}", n=row * tiling.columns + column + 1, count=count)
    if count > 1:
        place = say("{sheet} (row {row}, column {column})", sheet=place, row=row + 1, column=column + 1)
    version = say("Version {n} · printed {at}", n=poster.version, at=poster.printed_at)
    lines = (
        (poster.written(CLASSIFICATIONS[poster.classification]), FOOT_BOLD, poster.written(place)),
        (poster.written(version), FOOT, poster.written(poster.data_age.in_words())),
    )
    for number, (left, style, right) in enumerate(lines):
        baseline = number * FOOT.leading + FOOT.baseline
        pen.word(0, baseline, left, style)
        pen.word(width, baseline, right, FOOT, anchor=1)


def _draw_joints(tiling: _Tiling, row: int, column: int, pen: Pen) -> None:
    """Marks up to which the next sheet to the right, and the one below, is laid over this one."""
    width, height = _printed(tiling.sheet)
    mark = 4 * MM
    if column < tiling.columns - 1:
        for y in (0.0, height - mark):
            pen.rule(width - _OVERLAP, y, width - _OVERLAP, y + mark)
    if row < tiling.rows - 1:
        for x in (0.0, width - mark):
            pen.rule(x, height - _OVERLAP, x + mark, height - _OVERLAP)


def _printed(sheet: Sequence[float]) -> tuple[float, float]:
    """Width and height of what is drawn on a sheet, above its foot."""
    return sheet[0] - 2 * _EDGE, sheet[1] - 2 * _EDGE - _FOOT_HEIGHT
