"""What surrounds the text of a card: header, band of a demonstration, running head, foot, log lines."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import floor

from prep.cards import qr
from prep.cards.code import printed, spoken
from prep.cards.flow import Block, Compositor, Group, Side
from prep.cards.imprint import CLASSIFICATIONS, DRAFT, Imprint
from prep.cards.page import HEIGHT, INSET, MM, NORMAL, RULE_GRAY, THICK, WIDTH, Page, Pen
from prep.cards.typography import Font, Line, Run, Style, height
from prep.language import say
from prep.terms import TextStatus

# In all three languages at once: whoever finds the sheet must not take it for true.
DEMO_BAND = "KUVITTEELLINEN AINEISTO  /  PÅHITTAT MATERIAL  /  INVENTED DATA"

KICKER = Style(Font.SEMIBOLD, 9.5, 12)
TITLE = Style(Font.BOLD, 22, 26)
ROLE = Style(Font.REGULAR, 13, 17)
ROLE_BOLD = Style(Font.SEMIBOLD, 13, 17)
HEAD = Style(Font.REGULAR, 10.5, 13)
HEAD_BOLD = Style(Font.BOLD, 10.5, 13)
BAND = Style(Font.BOLD, 11, 14)
BAR = Style(Font.BOLD, 12, 15)
BAR_SMALL = Style(Font.REGULAR, 9.5, 15)
FOOT = Style(Font.REGULAR, 8.5, 11)
FOOT_BOLD = Style(Font.BOLD, 8.5, 11)

BAR_HEIGHT = 6.4 * MM
TIME_WIDTH = 15 * MM
INITIALS_WIDTH = 18 * MM
_QR_CELL = 26 * MM
_QR_SIZE = 23 * MM
_HEADER_PADDING = 2.4 * MM
_HEADER_HEIGHT = 27 * MM
_BAND_HEIGHT = 6 * MM
_BAND_GAP = 2 * MM
_FOOT_PADDING = 1.5 * MM
_FOOT_HEIGHT = 2 * FOOT.leading + _FOOT_PADDING
_FOOT_GAP = 2.6 * MM
_LOG_ROW = 8 * MM
_LOG_GAP = 4 * MM
# Fewer lines than this are no log: it then begins on the next side.
_LEAST_LOG_ROWS = 3


@dataclass(frozen=True, slots=True)
class FootLine:
    """A line of the foot: what stands at its left and at its right."""

    left: str
    right: str
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the text on each side."""

    is_demo: bool
    # Of the running head from the second side on: at the left, and at the right.
    title: tuple[Run, ...]
    for_whom: str
    # The number of the side stands at the end of the first line.
    foot: tuple[FootLine, FootLine]

    def new_side(self, number: int) -> Side:
        """An empty side; ``number`` counts from 0."""
        start = self._head_top
        if number:
            start += height(self._running_head[0], HEAD) + 4 * MM
        return Side(start=start, room=HEIGHT - start - _FOOT_HEIGHT - _FOOT_GAP)

    def draw(
        self, page: Page, sides: list[Side], *, beside: Callable[[Side], None] = lambda _side: None
    ) -> None:
        """Draws the sides; afterwards the page stands at the side that follows.

        ``beside`` is called on each side when all else has been drawn on it.
        """
        for number, side in enumerate(sides):
            if self.is_demo:
                page.place(0, _BAND_HEIGHT, draw_band, key="band")
            if number:
                page.place(self._head_top, 0, self._draw_running_head)
            for piece in side.pieces:
                piece.draw(page)
            page.place(HEIGHT - _FOOT_HEIGHT, _FOOT_HEIGHT, partial(self._draw_foot, number + 1, len(sides)))
            beside(side)
            page.end_side()

    @property
    def _head_top(self) -> float:
        return _BAND_HEIGHT + _BAND_GAP if self.is_demo else 0

    @property
    def _running_head(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The lines at the left and at the right, as many of both."""
        setter = Compositor(self.for_whom)
        name = say("running head")
        left = setter.set(name, WIDTH * 0.68, *_joined(self.title))
        right = setter.set(name, WIDTH * 0.28, (self.for_whom, HEAD_BOLD))
        count = max(len(left), len(right))
        return left + ((),) * (count - len(left)), right + ((),) * (count - len(right))

    def _draw_running_head(self, pen: Pen) -> None:
        left, right = self._running_head
        bottom = pen.lines(0, 0, left, HEAD) + 0.8 * MM
        for number, line in enumerate(right):
            width = line[-1].x + line[-1].style.width(line[-1].text) if line else 0
            pen.line(WIDTH - width, number * HEAD.leading + HEAD.baseline, line)
        pen.rule(0, bottom, WIDTH, bottom, width=THICK)

    def _draw_foot(self, number: int, count: int, pen: Pen) -> None:
        pen.rule(0, 0, WIDTH, 0, width=NORMAL)
        side = f"{number}/{count}"
        pen.word(WIDTH, _FOOT_PADDING + FOOT.baseline, side, FOOT_BOLD, anchor=1)
        for place, line in enumerate(self.foot):
            baseline = _FOOT_PADDING + place * FOOT.leading + FOOT.baseline
            end = WIDTH if place else WIDTH - FOOT_BOLD.width(f"   {side}")
            pen.word(0, baseline, line.left, FOOT_BOLD if line.is_bold else FOOT)
            pen.word(end, baseline, line.right, FOOT, anchor=1)


def card_frame(imprint: Imprint, *, code: str, title: tuple[Run, ...], for_whom: str) -> Frame:
    """The frame of a card: its foot says version, validity, classification, printing and age of the data."""
    printed = imprint.written(say("printed {at}", at=imprint.printed_at))
    label = imprint.written(CLASSIFICATIONS[imprint.classification])
    foot = (
        FootLine(imprint.validity(), f"{printed} · {spoken(code)}"),
        FootLine(label, imprint.written(imprint.data_age.in_words()), is_bold=True),
    )
    return Frame(imprint.is_demo, title, for_whom, foot)


def header_group(
    setter: Compositor, imprint: Imprint, *, code: str, kicker: str, title: str, below: tuple[Run, ...]
) -> Group:
    """The box at the top of the first side: what the card is, for whom, and its code.

    What stands ``below`` the title is set on one line if it fits, else each part on lines of its own.
    """
    name = say("head of the card")
    inner = WIDTH - _QR_CELL - 2 * INSET
    kickers = setter.set(name, inner, (kicker.upper(), KICKER))
    titles = setter.set(name, inner, (title, TITLE))
    roles = setter.set(name, inner, *_joined(below))
    if len(roles) > 1:
        roles = tuple(line for part in below for line in setter.set(name, inner, part))
    status = imprint.written(DRAFT) if imprint.status is TextStatus.DRAFT else ""
    # The status stands at the end of the first line if there is room, else below.
    kicker_width = max(line[-1].x + line[-1].style.width(line[-1].text) for line in kickers if line)
    has_room = kicker_width + KICKER.width(status) + 4 * MM <= inner
    text_height = height(kickers, KICKER) + height(titles, TITLE) + height(roles, ROLE)
    if status and not has_room:
        text_height += KICKER.leading + 1 * MM
    box_height = max(_HEADER_HEIGHT, text_height + 2 * _HEADER_PADDING)

    def draw(pen: Pen, y: float) -> None:
        pen.box(THICK / 2, y + THICK / 2, WIDTH - THICK, box_height - THICK, line=THICK)
        pen.rule(WIDTH - _QR_CELL, y, WIDTH - _QR_CELL, y + box_height, width=THICK)
        top = y + (box_height - text_height) / 2
        if status and has_room:
            pen.word(INSET + inner, top + KICKER.baseline, status, KICKER, anchor=1)
        top = pen.lines(INSET, top, kickers, KICKER)
        top = pen.lines(INSET, top, titles, TITLE)
        top = pen.lines(INSET, top, roles, ROLE)
        if status and not has_room:
            pen.word(INSET, top + 1 * MM + KICKER.baseline, status, KICKER)
        middle = WIDTH - _QR_CELL / 2
        square = y + (box_height - _QR_SIZE - KICKER.leading) / 2
        qr.draw(pen, middle - _QR_SIZE / 2, square, _QR_SIZE, code)
        pen.word(middle, square + _QR_SIZE + KICKER.baseline - 1 * MM, printed(code), KICKER, anchor=0.5)

    return Group(name=name, key=None, rows=(Block(box_height, draw),))


def _joined(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple((f"· {text}" if number else text, style) for number, (text, style) in enumerate(runs))


def draw_bar(pen: Pen, y: float) -> float:
    """A black bar over the whole width; returns the baseline of the words on it."""
    pen.bar(0, y, WIDTH, BAR_HEIGHT)
    return y + (BAR_HEIGHT - BAR.leading) / 2 + BAR.baseline


def add_log(frame: Frame, imprint: Imprint, sides: list[Side]) -> None:
    """Fill the rest of the last side with lines to write on, and make the sides an even number.

    Cards are printed on both sides of a sheet: a card with an odd number of sides gets one more of log lines.
    """
    logged = _fill(imprint, sides[-1])
    while len(sides) % 2 or not logged:
        sides.append(frame.new_side(len(sides)))
        logged = _fill(imprint, sides[-1])


def _fill(imprint: Imprint, side: Side) -> bool:
    """Log lines to the foot of a side; False when there is too little room for any."""
    room = side.left - (_LOG_GAP if side.pieces else 0) - BAR_HEIGHT
    rows = int(room // _LOG_ROW)
    if rows < _LEAST_LOG_ROWS:
        return False
    # A little higher than the least, so that the last line stands at the foot.
    side.add(_log_group(imprint, rows, floor(10 * room / rows) / 10), 0, rows)
    return True


def _log_group(imprint: Imprint, rows: int, row_height: float) -> Group:
    title, time, initials = (imprint.written(text) for text in (say("Log"), say("noted at"), say("initials")))

    def bar(pen: Pen, y: float) -> None:
        baseline = draw_bar(pen, y)
        pen.word(TIME_WIDTH / 2, baseline, time, BAR_SMALL, anchor=0.5, white=True)
        pen.word(TIME_WIDTH + INSET, baseline, title, BAR, white=True)
        pen.word(WIDTH - INITIALS_WIDTH / 2, baseline, initials, BAR_SMALL, anchor=0.5, white=True)

    def columns(pen: Pen, _top: float, rows_top: float, bottom: float) -> None:
        for x in (TIME_WIDTH, WIDTH - INITIALS_WIDTH):
            pen.rule(x, rows_top, x, bottom, gray=RULE_GRAY)

    def rule(pen: Pen, y: float) -> None:
        pen.rule(0, y + row_height, WIDTH, y + row_height, gray=RULE_GRAY)

    return Group(
        name=say("log lines"),
        key=("log", imprint.language, rows, row_height),
        head=Block(BAR_HEIGHT, bar),
        rows=(Block(row_height, rule),) * rows,
        finish=columns,
        gap=_LOG_GAP,
    )


def draw_band(pen: Pen, *, width: float = WIDTH, height: float = _BAND_HEIGHT) -> None:
    """The band of a demonstration, at the top of whatever is drawn."""
    pen.box(THICK / 2, THICK / 2, width - THICK, height - THICK, line=THICK)
    pen.word(width / 2, (height - BAND.leading) / 2 + BAND.baseline, DEMO_BAND, BAND, anchor=0.5)
