"""Sets the map of a print: outlines in grey, numbered marks, names, and below them where the outlines come from."""

from prep.cards.flow import Block, Compositor, Group
from prep.cards.formats import Measure
from prep.cards.heading import GAP, set_heading
from prep.cards.page import MM, NORMAL, Pen
from prep.cards.parts import Plot
from prep.cards.typography import Font, Style, height

# So large a mark is on paper, and so far the middles of two are apart at the least.
MARK_RADIUS = 2.6 * MM
MARKS_APART = 2 * MARK_RADIUS + 0.4 * MM
_NUMBER = Style(Font.BOLD, 8.5, 11)
_GROUND = 0.94


def set_plot(setter: Compositor, part: Plot, measure: Measure) -> Group:
    """A map as one block over the whole width."""
    kind, width = measure.type, measure.inner_width
    scale = width / part.width
    sources = setter.set(part.title, width, (part.source, kind.small))
    drawn = part.height * scale
    length, distance = part.bar[0] * scale, part.bar[1]
    bar_top = drawn + 2 * MM
    for _, _, text in (*part.names, *part.marks, (0, 0, distance)):
        # Words of a map stand where they belong and are not broken; what cannot be printed is told all the same.
        setter.set(part.title, width, (text, kind.small_bold))

    def draw(pen: Pen, y: float) -> None:
        with pen.picture(part.alt):
            for rings in part.areas:
                pen.areas(
                    [[(x * scale, y + down * scale) for x, down in ring] for ring in rings], gray=_GROUND
                )
            for x, down, _ in part.marks:
                pen.disc(x * scale, y + down * scale, MARK_RADIUS)
        for x, down, text in part.marks:
            baseline = y + down * scale + 0.35 * _NUMBER.size
            pen.word(x * scale, baseline, text, _NUMBER, anchor=0.5)
        for x, down, text in part.names:
            pen.word(x * scale, y + down * scale + kind.small.size / 3, text, kind.small_bold, anchor=0.5)
        for x, top in ((0.0, y + bar_top), (length, y + bar_top)):
            pen.rule(x, top - 1 * MM, x, top + 1 * MM, width=NORMAL)
        pen.rule(0, y + bar_top, length, y + bar_top, width=NORMAL)
        pen.word(length + 2 * MM, y + bar_top + kind.small.size / 3, distance, kind.small_bold)
        with pen.element("P"):
            pen.lines(0, y + bar_top + 2.5 * MM, sources, kind.small)

    block = Block(bar_top + 2.5 * MM + height(sources, kind.small), draw)
    head = set_heading(setter, part.title, measure)
    return Group(name=part.title, key=None, head=head, again=head, rows=(block,), gap=GAP)
