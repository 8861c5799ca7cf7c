"""The heading of a part: a black bar with a title, over columns to write in also their names."""

from collections.abc import Callable, Sequence

from prep.cards.flow import Block, Compositor
from prep.cards.formats import Measure
from prep.cards.page import MM, Pen
from prep.cards.typography import height

GAP = 2.8 * MM
_Finish = Callable[[Pen, float, float, float], None]


def set_heading(
    setter: Compositor, title: str, measure: Measure, *, columns: Sequence[tuple[float, str]] = ()
) -> Block | None:
    """The bar of a title; None without one. ``columns`` are the middles of columns with their names."""
    if not title:
        return None
    kind, width, inset = measure.type, measure.inner_width, 2 * MM
    room = min((x for x, _ in columns), default=width) - 2 * inset
    lines = setter.set(title, room, (title, kind.bar))
    tall = height(lines, kind.bar) + 1.1 * MM

    def draw(pen: Pen, y: float) -> None:
        pen.bar(0, y, width, tall)
        with pen.element("H2"):
            for number, line in enumerate(lines):
                baseline = y + 0.55 * MM + number * kind.bar.leading + kind.bar.baseline
                pen.line(inset, baseline, line, white=True)
        for x, name in columns:
            with pen.element("P"):
                pen.word(x, y + 0.55 * MM + kind.bar.baseline, name, kind.bar_small, anchor=0.5, white=True)

    return Block(tall, draw)


def list_head(kind: str, heading: Block | None) -> Block:
    """A heading, with which a list or a table begins in the structure tree."""

    def draw(pen: Pen, y: float) -> None:
        if heading:
            heading.draw(pen, y)
        pen.begin(kind)

    return Block(heading.height if heading else 0, draw)


def with_end(finish: _Finish | None = None) -> _Finish:
    """What spans the rows on a side, with which the list or table ends in the structure tree."""

    def draw(pen: Pen, top: float, rows_top: float, bottom: float) -> None:
        if finish:
            finish(pen, top, rows_top, bottom)
        pen.end()

    return draw
