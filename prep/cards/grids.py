"""Sets tables: columns that share the width, unknown cells with a line to write on, rows to be written in."""

from prep.cards.flow import Block, Compositor, Group
from prep.cards.formats import Measure
from prep.cards.heading import GAP, set_heading, with_end
from prep.cards.page import MM, NORMAL, RULE_GRAY, Pen
from prep.cards.parts import Choices, Grid
from prep.cards.typography import Line, height, line_width
from prep.language import in_language, say
from prep.terms import Language

_PADDING = 1.1 * MM
_CELL_GAP = 1.4 * MM
# High enough for handwriting.
_BLANK_ROW = 8.5 * MM
_BOX = 4 * MM


def set_grid(setter: Compositor, part: Grid, measure: Measure, language: Language) -> Group:
    """A table; where it goes on overleaf, its title and the names of its columns stand again."""
    kind = measure.type
    whole = sum(column.share for column in part.columns)
    widths = [measure.inner_width * column.share / whole for column in part.columns]
    edges = [sum(widths[:number]) for number in range(len(widths))]
    indent = 3 * MM

    def cell(number: int, text: str | None, *, is_below: bool) -> tuple[Line, ...] | None:
        if text is None:
            return None
        name = f"{part.title}: {part.columns[number].name}"
        room = widths[number] - _CELL_GAP * (1 if number == 0 else 2)
        # Where a row is too long for its line the rest of the cell goes on below.
        style = kind.body if number or is_below else kind.bold
        return setter.set(name, room - (0 if number else indent * is_below), (text, style)) if text else ()

    def row(texts: tuple[str | None, ...], *, is_below: bool) -> Block:
        cells = [cell(number, text, is_below=is_below) for number, text in enumerate(texts)]
        tall = max(kind.body.leading, *(height(one or (), kind.body) for one in cells)) + 2 * _PADDING

        def draw(pen: Pen, y: float) -> None:
            with pen.element("TR"):
                for number, (lines, x) in enumerate(zip(cells, edges, strict=True)):
                    with pen.element("TD"):
                        start = x + (_CELL_GAP if number else indent * is_below)
                        if lines is None:
                            foot = y + _PADDING + kind.body.baseline + 1.5
                            pen.rule(start, foot, x + widths[number] - _CELL_GAP, foot)
                        else:
                            pen.lines(start, y + _PADDING, lines, kind.body)
            pen.rule(0, y + tall, measure.inner_width, y + tall, gray=RULE_GRAY)

        return Block(tall, draw)

    def blank(pen: Pen, y: float) -> None:
        pen.rule(0, y + _BLANK_ROW, measure.inner_width, y + _BLANK_ROW, gray=RULE_GRAY)

    def columns(pen: Pen, _top: float, rows_top: float, bottom: float) -> None:
        for x in edges[1:]:
            pen.rule(x, rows_top, x, bottom, gray=RULE_GRAY)

    again = in_language(say("{title} (continued)", title=part.title), language)
    return Group(
        name=part.title,
        key=None,
        head=_table_head(setter, part, part.title, measure, widths, edges),
        again=_table_head(setter, part, again, measure, widths, edges),
        rows=(
            *(row(texts, is_below=number in part.below) for number, texts in enumerate(part.rows)),
            *(Block(_BLANK_ROW, blank),) * part.blank_rows,
        ),
        finish=with_end(columns),
        gap=GAP,
        least_rows=1,
    )


def _table_head(
    setter: Compositor, part: Grid, title: str, measure: Measure, widths: list[float], edges: list[float]
) -> Block:
    kind, name = measure.type, part.title
    bar = set_heading(setter, title, measure)
    bar_height = bar.height if bar else 0
    note = setter.set(name, measure.inner_width, (part.note, kind.small)) if part.note else ()
    names = [
        setter.set(name, width - 2 * _CELL_GAP, (column.name, kind.small_bold)) if column.name else ()
        for column, width in zip(part.columns, widths, strict=True)
    ]
    heads = max(height(lines, kind.small_bold) for lines in names) + 1.4 * MM
    notes = height(note, kind.small) + 1 * MM if note else 0

    def draw(pen: Pen, y: float) -> None:
        # The note is read before the table, so the bar with which the table begins is drawn in two.
        if bar:
            bar.draw(pen, y)
        if note:
            with pen.element("P"):
                pen.lines(0, y + bar_height + 0.6 * MM, note, kind.small)
        pen.begin("Table")
        top = y + bar_height + notes + 0.7 * MM
        with pen.element("TR"):
            for number, (lines, x) in enumerate(zip(names, edges, strict=True)):
                with pen.element("TH"):
                    pen.lines(x + (_CELL_GAP if number else 0), top, lines, kind.small_bold)
        foot = y + bar_height + notes + heads
        pen.rule(0, foot, measure.inner_width, foot, width=NORMAL)

    return Block(bar_height + notes + heads, draw)


def set_choices(setter: Compositor, part: Choices, measure: Measure) -> Group:
    """Statements with a square for every answer."""
    kind, width = measure.type, measure.inner_width
    answer_width = (14 if measure.is_small else 20) * MM
    answers_width = answer_width * len(part.answers)
    middles = [width - answers_width + (number + 0.5) * answer_width for number in range(len(part.answers))]
    name = part.title

    def row(text: str) -> Block:
        lines = setter.set(name, width - answers_width - 2 * MM, (text, kind.body))
        tall = max(height(lines, kind.body), _BOX) + 2 * _PADDING

        def draw(pen: Pen, y: float) -> None:
            with pen.element("LI"), pen.element("LBody"):
                pen.lines(0, y + _PADDING, lines, kind.body)
            for middle in middles:
                pen.box(
                    middle - _BOX / 2, y + _PADDING + (kind.body.leading - _BOX) / 2, _BOX, _BOX, line=NORMAL
                )
            pen.rule(0, y + tall, width, y + tall, gray=RULE_GRAY)

        return Block(tall, draw)

    bar = set_heading(setter, part.title, measure)
    note = setter.set(name, width - answers_width, (part.note, kind.small)) if part.note else ()
    answers = [setter.set(name, answer_width - 1 * MM, (one, kind.small_bold)) for one in part.answers]
    heads = max(height(note, kind.small), *(height(one, kind.small_bold) for one in answers)) + 1.6 * MM
    bar_height = bar.height if bar else 0

    def head(pen: Pen, y: float) -> None:
        if bar:
            bar.draw(pen, y)
        top = y + bar_height + 0.8 * MM
        with pen.element("P"):
            pen.lines(0, top, note, kind.small)
            for middle, lines in zip(middles, answers, strict=True):
                for number, line in enumerate(lines):
                    baseline = top + number * kind.small.leading + kind.small_bold.baseline
                    pen.line(middle - line_width(line) / 2, baseline, line)
        pen.rule(0, y + bar_height + heads, width, y + bar_height + heads, width=NORMAL)
        pen.begin("L")

    return Group(
        name=name,
        key=None,
        head=Block(bar_height + heads, head),
        again=Block(bar_height + heads, head),
        rows=tuple(row(text) for text in part.statements),
        finish=with_end(),
        gap=GAP,
        least_rows=1,
    )
