"""Sets the parts of a print on a width: each part becomes a group of blocks that flow from side to side."""

from collections.abc import Callable, Sequence
from math import floor

from prep.cards.flow import Block, Compositor, Group, Side
from prep.cards.formats import Measure
from prep.cards.frame import INITIALS_WIDTH, TIME_WIDTH
from prep.cards.grids import set_choices, set_grid
from prep.cards.heading import GAP, list_head, set_heading, with_end
from prep.cards.page import MM, RULE_GRAY, THICK, Pen
from prep.cards.parts import (
    Banner,
    Choices,
    Facts,
    Framed,
    Grid,
    Lines,
    Part,
    People,
    PersonLine,
    Plot,
    Points,
    Prose,
    Steps,
)
from prep.cards.plots import set_plot
from prep.cards.typography import Font, Style, height, line_width
from prep.language import in_language, say
from prep.terms import Language

_CHECKBOX = 4.4 * MM
_STEP_PADDING = 1.2 * MM
_ROW_PADDING = 0.9 * MM
_WRITING_ROW = 8 * MM
# Fewer lines than this are not worth a heading.
_LEAST_LINES = 3
_BANNER_SIZES = (72, 64, 56, 50, 44, 38, 32, 28, 24)
_BANNER_BELOW = Style(Font.REGULAR, 22, 28)
# Between the bands and the foot of a face of a table card.
_BANNER_ROOM = 88 * MM


def set_part(setter: Compositor, part: Part, measure: Measure, language: Language) -> Group:
    """A part as a group; what cannot be printed in it is collected by the setter."""
    match part:
        case Banner():
            return _banner(setter, part, measure)
        case Facts():
            return _facts(setter, part, measure)
        case Steps():
            return _steps(setter, part, measure, language)
        case Prose():
            return _prose(setter, part, measure)
        case Points():
            return _points(setter, part, measure)
        case Framed():
            return _framed(setter, part, measure)
        case Grid():
            return set_grid(setter, part, measure, language)
        case People():
            return _people(setter, part, measure, language)
        case Choices():
            return set_choices(setter, part, measure)
        case Plot():
            return set_plot(setter, part, measure)
        case Lines():
            return _lines(part, part.count or _LEAST_LINES, _WRITING_ROW, measure, setter)


def fill_lines(part: Lines, side: Side, measure: Measure, language: Language) -> None:
    """Lines to write on, down to the foot of a side; none where there is no room for a few."""
    setter = Compositor(in_language(part.title, language))
    empty = _lines(part, 1, _WRITING_ROW, measure, setter)
    head = empty.head.height if empty.head else 0
    room = side.left - (GAP if side.pieces else 0) - head
    count = int(room // _WRITING_ROW)
    if count >= _LEAST_LINES:
        # A little higher than the least, so that the last line stands at the foot.
        group = _lines(part, count, floor(10 * room / count) / 10, measure, setter)
        side.add(group, 0, count)


def _banner(setter: Compositor, part: Banner, measure: Measure) -> Group:
    """The name as large as it fits on at most four lines without a word being broken."""
    name, width = say("name of the role"), measure.inner_width
    words = part.text.split()
    for size in _BANNER_SIZES:
        style = Style(Font.BOLD, size, size * 1.12)
        lines = setter.set(name, width, (part.text, style))
        below = setter.set(name, width, (part.below, _BANNER_BELOW))
        tall = height(lines, style) + height(below, _BANNER_BELOW) + 4 * MM
        if len(lines) <= 4 and tall <= _BANNER_ROOM and all(style.width(one) <= width for one in words):
            break

    def draw(pen: Pen, y: float) -> None:
        top = y + max(0.0, (_BANNER_ROOM - tall) / 2)
        for tag, text, kind in (("H1", lines, style), ("P", below, _BANNER_BELOW)):
            with pen.element(tag):
                for number, line in enumerate(text):
                    baseline = top + number * kind.leading + kind.baseline
                    pen.line((width - line_width(line)) / 2, baseline, line)
            top += height(text, kind) + 4 * MM

    return Group(name=name, key=None, rows=(Block(max(tall, _BANNER_ROOM), draw),))


def _facts(setter: Compositor, part: Facts, measure: Measure) -> Group:
    kind, width = measure.type, measure.inner_width
    label_width = width * (0.36 if measure.is_small else 0.27)
    value_x = label_width + 2 * MM

    def row(label: str, value: str) -> Block:
        labels = setter.set(part.title, label_width, (label, kind.small_bold))
        values = setter.set(label, width - value_x, (value, kind.body)) if value else ()
        tall = max(height(labels, kind.small_bold), height(values, kind.body), kind.body.leading)
        tall = max(tall + 2 * _ROW_PADDING, 0 if value else _WRITING_ROW)
        # On the baseline of the value.
        drop = kind.body.baseline - kind.small_bold.baseline

        def draw(pen: Pen, y: float) -> None:
            top = y + _ROW_PADDING
            with pen.element("LI"):
                with pen.element("Lbl"):
                    pen.lines(0, top + drop, labels, kind.small_bold)
                with pen.element("LBody"):
                    pen.lines(value_x, top, values, kind.body)
            # Unknown: the line is black and has room above it to write on.
            pen.rule(0, y + tall, width, y + tall, gray=RULE_GRAY if value else 0)

        return Block(tall, draw)

    rows = tuple(row(*pair) for pair in part.rows)
    return _listed(setter, part.title, rows, measure)


def _steps(setter: Compositor, part: Steps, measure: Measure, language: Language) -> Group:
    kind, width = measure.type, measure.inner_width
    ruled = () if measure.is_small else (width - INITIALS_WIDTH - TIME_WIDTH, width - INITIALS_WIDTH)
    number_right = _CHECKBOX + 7.5 * MM
    text_x = number_right + 2 * MM
    room = (ruled[0] if ruled else width) - text_x - (2 * MM if ruled else 0)

    def row(number: int, text: str) -> Block:
        lines = setter.set(say("step {n}", n=number), room, (text, kind.step))
        tall = height(lines, kind.step) + 2 * _STEP_PADDING

        def draw(pen: Pen, y: float) -> None:
            top = y + _STEP_PADDING
            pen.box(0.6 * MM, top + (kind.step.leading - _CHECKBOX) / 2, _CHECKBOX, _CHECKBOX, line=THICK)
            with pen.element("LI"):
                with pen.element("Lbl"):
                    pen.word(number_right, top + kind.step.baseline, str(number), kind.step_bold, anchor=1)
                with pen.element("LBody"):
                    pen.lines(text_x, top, lines, kind.step)
            pen.rule(0, y + tall, width, y + tall, gray=RULE_GRAY)

        return Block(tall, draw)

    rows = tuple(row(number, text) for number, text in enumerate(part.steps, start=part.first))
    columns: tuple[tuple[float, str], ...] = ()
    if ruled:
        columns = (
            (ruled[0] + TIME_WIDTH / 2, in_language(say("noted at"), language)),
            (ruled[1] + INITIALS_WIDTH / 2, in_language(say("initials"), language)),
        )
    return _listed(setter, part.title, rows, measure, columns=columns, ruled=ruled)


def _prose(setter: Compositor, part: Prose, measure: Measure) -> Group:
    kind, width = measure.type, measure.inner_width

    def row(text: str) -> Block:
        lines = setter.set(part.title, width, (text, kind.body))

        def draw(pen: Pen, y: float) -> None:
            with pen.element("P", language=part.language):
                pen.lines(0, y + 0.8 * MM, lines, kind.body)

        return Block(height(lines, kind.body) + 1.4 * MM, draw)

    head = set_heading(setter, part.title, measure)
    return Group(
        name=part.title,
        key=None,
        head=head,
        again=head,
        rows=tuple(row(text) for text in part.paragraphs),
        gap=GAP,
        least_rows=1,
    )


def _points(setter: Compositor, part: Points, measure: Measure) -> Group:
    kind, width = measure.type, measure.inner_width

    def row(text: str) -> Block:
        lines = setter.set(part.title, width - 5 * MM, (text, kind.body))
        tall = height(lines, kind.body) + 2 * _ROW_PADDING

        def draw(pen: Pen, y: float) -> None:
            top = y + _ROW_PADDING
            with pen.element("LI"):
                with pen.element("Lbl"):
                    pen.word(1 * MM, top + kind.body.baseline, "–", kind.bold)
                with pen.element("LBody"):
                    pen.lines(5 * MM, top, lines, kind.body)
            pen.rule(0, y + tall, width, y + tall, gray=RULE_GRAY)

        return Block(tall, draw)

    return _listed(setter, part.title, tuple(row(text) for text in part.items), measure)


def _framed(setter: Compositor, part: Framed, measure: Measure) -> Group:
    """Words as they are to be said; they stay together, so that nobody reads out half a message."""
    kind, inset = measure.type, 3 * MM
    width = measure.inner_width - 2 * inset
    name = part.title
    marks = setter.set(name, width, (part.mark, kind.step_bold)) if part.mark else ()
    lines = setter.set(name, width, (part.text, kind.step))
    tall = height(lines, kind.step) + 2 * height(marks, kind.step_bold) + 2 * inset * 0.8

    def draw(pen: Pen, y: float) -> None:
        pen.box(THICK / 2, y, measure.inner_width - THICK, tall - THICK / 2, line=THICK)
        top = y + inset * 0.7
        for text, style in ((marks, kind.step_bold), (lines, kind.step), (marks, kind.step_bold)):
            if text:
                with pen.element("P", language=part.language):
                    top = pen.lines(inset, top, text, style)

    head = set_heading(setter, part.title, measure)
    return Group(name=name, key=None, head=head, again=head, rows=(Block(tall, draw),), gap=GAP)


def _people(setter: Compositor, part: People, measure: Measure, language: Language) -> Group:
    """Post and name at the left, the numbers at the right, large; deputies indented below the post."""
    kind, width = measure.type, measure.inner_width
    widest = max((kind.step_bold.width(one) for row in part.rows for one in row.numbers), default=0.0)
    # A number is not broken if it can be helped: it is dialled from the card.
    numbers_width = min(max(width * 0.46, widest + 0.5), width * 0.62)
    name = part.title
    stands_in = in_language(say("stands in"), language)

    def row(person: PersonLine, *, is_first: bool) -> Block:
        indent = 3 * MM if person.is_deputy else 0
        room = width - numbers_width - indent - 2 * MM
        posts = () if person.is_deputy else setter.set(name, room, (person.post, kind.small_bold))
        before = [(stands_in, kind.small)] if person.is_deputy else []
        after = [(person.name, kind.body)] if person.name else []
        names = setter.set(name, room, *before, *after) if before or after else ()
        remarks = setter.set(name, room, (person.remark, kind.small)) if person.remark else ()
        numbers = [
            line for one in person.numbers for line in setter.set(name, numbers_width, (one, kind.step_bold))
        ]
        left = height(posts, kind.small) + max(
            height(names, kind.body), 0 if person.name else kind.body.leading
        )
        left += height(remarks, kind.small)
        tall = max(left, height(numbers, kind.step_bold), kind.step_bold.leading) + 2 * _ROW_PADDING

        def draw(pen: Pen, y: float) -> None:
            top = y + _ROW_PADDING
            if not is_first:
                pen.rule(indent, y, width, y, gray=RULE_GRAY)
            with pen.element("LI"), pen.element("LBody"):
                below = pen.lines(indent, top, posts, kind.small)
                end = pen.lines(indent, below, names, kind.body)
                pen.lines(indent, end, remarks, kind.small)
                pen.lines(width - numbers_width, top, tuple(numbers), kind.step_bold)
            if not person.name:
                pen.rule(indent, below + kind.body.leading, indent + room, below + kind.body.leading)
            if not person.numbers:
                pen.rule(width - numbers_width, y + tall - 1 * MM, width, y + tall - 1 * MM)

        return Block(tall, draw)

    rows = tuple(row(one, is_first=not number) for number, one in enumerate(part.rows))
    return _listed(setter, part.title, rows, measure)


def _lines(part: Lines, count: int, row_height: float, measure: Measure, setter: Compositor) -> Group:
    def rule(pen: Pen, y: float) -> None:
        pen.rule(0, y + row_height, measure.inner_width, y + row_height, gray=RULE_GRAY)

    return Group(
        name=part.title,
        key=None,
        head=set_heading(setter, part.title, measure),
        rows=(Block(row_height, rule),) * count,
        gap=GAP,
    )


def _listed(
    setter: Compositor,
    title: str,
    rows: tuple[Block, ...],
    measure: Measure,
    *,
    columns: Sequence[tuple[float, str]] = (),
    ruled: Sequence[float] = (),
) -> Group:
    """Rows that are a list in the structure tree, with ruled columns to write in."""

    def column_rules(pen: Pen, _top: float, rows_top: float, bottom: float) -> None:
        for x in ruled:
            pen.rule(x, rows_top, x, bottom, gray=RULE_GRAY)

    finish: Callable[[Pen, float, float, float], None] = with_end(column_rules)
    return Group(
        name=title,
        key=None,
        head=list_head("L", set_heading(setter, title, measure, columns=columns)),
        again=list_head("L", set_heading(setter, title, measure, columns=columns)),
        rows=rows,
        finish=finish,
        gap=GAP,
        least_rows=1,
    )
