"""Pages that say what follows and where: the contents of a binder, and its dividers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from prep.binder.content import Binder
from prep.binder.stacks import Stack, framed
from prep.cards.code import spoken
from prep.cards.flow import Block, Compositor, Group, Side
from prep.cards.frame import FootLine, Frame
from prep.cards.imprint import CLASSIFICATIONS
from prep.cards.page import MM, NORMAL, OUTER_MARGIN, RULE_GRAY, THICK, WIDTH, Page, Pen
from prep.cards.typography import Font, Style, height
from prep.language import as_written, say

_KICKER = Style(Font.SEMIBOLD, 12, 16)
_TITLE = Style(Font.BOLD, 34, 40)
_NOTE = Style(Font.REGULAR, 13, 18)
_HEAD = Style(Font.SEMIBOLD, 10, 14)
_BOLD = Style(Font.SEMIBOLD, 12, 16)
_BODY = Style(Font.REGULAR, 12, 16)
_TAB = Style(Font.BOLD, 15, 18)
# Right edges of the columns of figures, from the right edge of the side.
_COUNT, _PAGE = 26 * MM, 1 * MM
_NAME_WIDTH = WIDTH - 48 * MM
_INDENT = 6 * MM
_PADDING = 1.1 * MM
# Space above the title: on a divider it stands where the eye falls first.
_ABOVE = 14 * MM
_TAB_HEIGHT, _TAB_STEP, _TAB_GAP = 26 * MM, 30 * MM, 3 * MM


@dataclass(frozen=True, slots=True)
class Row:
    """A line that leads to a stack: what it is, how deep it stands, and how many prints it has."""

    text: str
    target: Stack
    prints: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that says what follows; ``tab`` counts the tabs at the outer edge from 1, 0: it has none."""

    kicker: str
    title: str
    note: str
    rows: tuple[Row, ...]
    tab: int = 0


def set_listing(binder: Binder, listing: Listing) -> Stack:
    """The listing on its sides; the numbers of pages are read as it is drawn, when all is known.

    Raises
    ------
    Refused
        With every sign that cannot be printed.
    """
    ground = binder.ground
    setter = Compositor(listing.title)
    version = say("Version {version} · printed {at}", version=spoken(binder.version), at=ground.printed_at)
    foot = (
        FootLine(ground.written(version), ""),
        FootLine(ground.written(CLASSIFICATIONS[ground.classification]), "", is_bold=True),
    )
    frame = Frame(ground.is_demo, ((listing.title, _HEAD),), binder.place, foot)
    group = _rows(setter, listing.rows, binder)
    sides = setter.paginate([_title(setter, listing), group], frame.new_side)

    def beside(page: Page, side: Side) -> None:
        _link_rows(page, group, listing.rows, side)
        if side is sides[0] and listing.tab:
            page.place(0, 0, partial(_draw_tab, page.width, listing.tab))

    return framed(frame, sides, beside=beside)


def _title(setter: Compositor, listing: Listing) -> Group:
    name = say("title of the page")
    texts = [
        (setter.set(name, WIDTH, (text, style)), style)
        for text, style in ((listing.kicker.upper(), _KICKER), (listing.title, _TITLE), (listing.note, _NOTE))
        if text
    ]
    tall = _ABOVE + sum(height(lines, style) for lines, style in texts) + 4 * MM

    def draw(pen: Pen, y: float) -> None:
        top = y + _ABOVE
        for lines, style in texts:
            top = pen.lines(0, top, lines, style) + (2 * MM if style is _TITLE else 0)
        pen.rule(0, y + tall, WIDTH, y + tall, width=THICK)

    return Group(name=name, key=None, rows=(Block(tall, draw),))


def _rows(setter: Compositor, rows: Sequence[Row], binder: Binder) -> Group:
    heads = ((_COUNT, say("prints")), (_PAGE, say("from page")))

    def head(pen: Pen, y: float) -> None:
        for column, text in heads:
            pen.word(WIDTH - column, y + _HEAD.baseline, binder.ground.written(text), _HEAD, anchor=1)

    def rule(pen: Pen, _top: float, rows_top: float, _bottom: float) -> None:
        pen.rule(0, rows_top, WIDTH, rows_top, width=NORMAL)

    block = Block(_HEAD.leading + 1 * MM, head)
    return Group(
        name=say("table of contents"),
        key=None,
        rows=tuple(_row(setter, row, binder) for row in rows),
        head=block,
        again=block,
        finish=rule,
        gap=8 * MM,
        least_rows=2,
    )


def _row(setter: Compositor, row: Row, binder: Binder) -> Block:
    indent = row.level * _INDENT
    style = _BODY if row.level else _BOLD
    lines = setter.set(say("table of contents"), _NAME_WIDTH - indent, (row.text, style))
    tall = height(lines, style) + 2 * _PADDING

    def draw(pen: Pen, y: float) -> None:
        pen.lines(indent, y + _PADDING, lines, style)
        baseline = y + _PADDING + style.baseline
        for column, figure in ((_COUNT, row.prints), (_PAGE, row.target.first)):
            written = as_written(figure, binder.ground.language)
            pen.word(WIDTH - column, baseline, written, style, anchor=1)
        pen.rule(indent, y + tall, WIDTH, y + tall, gray=RULE_GRAY)

    return Block(tall, draw)


def _link_rows(page: Page, group: Group, rows: Sequence[Row], side: Side) -> None:
    for piece in side.pieces:
        if piece.group is group:
            top = piece.top + (group.head.height if group.head else 0)
            for number in range(piece.start, piece.stop):
                page.link(top, group.rows[number].height, rows[number].target.first)
                top += group.rows[number].height


def _draw_tab(width: float, number: int, pen: Pen) -> None:
    """At the outer edge, each part a step lower than the one before, so that it is found from the closed binder."""
    top = 4 * MM + (number - 1) * _TAB_STEP
    left, wide = width + _TAB_GAP, OUTER_MARGIN - _TAB_GAP
    pen.bar(left, top, wide, _TAB_HEIGHT)
    # Printers leave the last 4 mm blank: what is read stands left of them.
    middle = left + (wide - 4 * MM) / 2 + 0.6 * MM
    pen.word(middle, top + _TAB_HEIGHT / 2 + _TAB.size / 3, str(number), _TAB, anchor=0.5, white=True)
