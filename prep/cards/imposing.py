"""Faces on sheets: so many beside each other as fit, backs behind their fronts, marks for cutting and folding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from prep.cards.face import Laid, lay_out
from prep.cards.formats import Measure, Slot, measure_of
from prep.cards.page import MM, THIN, Pen, open_canvas
from prep.cards.parts import Print
from prep.cards.tagging import Element, TaggedPen, Tree
from prep.errors import NotFound, Problem, Refused
from prep.language import in_language, say
from prep.terms import CardFormat, Language

_DASH, _DASH_GAP = 1.4 * MM, 1 * MM
_SLOT_WIDTH, _SLOT_HEIGHT = 14 * MM, 3 * MM


@dataclass(frozen=True, slots=True)
class Printed:
    """What was written: how many prints, and how many sides of paper."""

    prints: int
    sides: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Prints of one format."""

    chosen: CardFormat
    prints: Sequence[Print]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A face in its place on a side of paper."""

    laid: Laid
    face: int
    slot: Slot
    # It shows what has been read already.
    is_copy: bool = False


def write_prints(
    file: BinaryIO,
    batches: Sequence[Batch],
    *,
    title: str,
    language: Language,
    at: datetime,
    has_tree: bool = True,
) -> Printed:
    """Write prints, in the order given, as one PDF. The same prints give the same bytes.

    As soon as one of them has a back side, all sheets have one, so that the whole is printed on both sides.

    Parameters
    ----------
    title
        Of the document.
    at
        The moment of printing.
    has_tree
        With the structure tree by which a PDF is read aloud. It doubles the time.

    Raises
    ------
    NotFound
        There is nothing to print.
    Refused
        With everything that cannot be printed, and what does not fit the format; nothing has been written then.
    """
    count = sum(len(batch.prints) for batch in batches)
    if not count:
        raise NotFound(_nothing(title))
    laid = _lay_out(batches)
    has_backs = any(len(one.sides) > 1 and one.measure.backs for prints in laid for one in prints)
    subject = in_language(say("prints: {n}", n=count), language)
    canvas = open_canvas(file, title=title, subject=subject, language=language, at=at)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    drawing = _Drawing(canvas, has_tree=has_tree)
    for prints in laid:
        if prints:
            for paper in _papers(prints, prints[0].measure, has_backs=has_backs):
                drawing.draw(paper, prints[0].measure)
    sides = canvas.getPageNumber() - 1
    drawing.end()
    canvas.save()
    return Printed(prints=count, sides=sides)


def _lay_out(batches: Sequence[Batch]) -> list[list[Laid]]:
    laid, problems = [], list[Problem]()
    for batch in batches:
        measure = measure_of(batch.chosen)
        laid.append(list[Laid]())
        for one in batch.prints:
            try:
                laid[-1].append(lay_out(one, measure))
            except Refused as refused:
                problems += refused.problems
    if problems:
        raise Refused(problems)
    return laid


def _papers(laid: Sequence[Laid], measure: Measure, *, has_backs: bool) -> Iterator[list[_Standing]]:
    """The sides of paper, each with the faces on it; a back side follows its front side."""
    if not measure.backs:
        # On one side of a sheet, which is folded: one face over and over, or all faces of a print.
        for one in laid:
            if measure.is_repeated:
                yield [_Standing(one, 0, slot, is_copy=slot.turned) for slot in measure.fronts]
            else:
                yield [_Standing(one, face, measure.fronts[face]) for face in range(len(one.sides))]
            if has_backs:
                yield []
        return
    leaves = [(one, face) for one in laid for face in range(0, len(one.sides), 2)]
    at_once = len(measure.fronts)
    for start in range(0, len(leaves), at_once):
        here = leaves[start : start + at_once]
        yield [_Standing(one, face, slot) for (one, face), slot in zip(here, measure.fronts, strict=False)]
        if has_backs:
            yield [
                _Standing(one, face + 1, slot)
                for (one, face), slot in zip(here, measure.backs, strict=False)
                if face + 1 < len(one.sides)
            ]


class _Drawing:
    """A document being drawn, paper by paper."""

    def __init__(self, canvas: Canvas, *, has_tree: bool):
        self._canvas = canvas
        self._tree = Tree(canvas) if has_tree else None
        # The element of each print that has been begun.
        self._begun: dict[int, Element] = {}
        self._bookmarks = 0

    def draw(self, paper: Sequence[_Standing], measure: Measure) -> None:
        """One side of paper; without any face it stays white."""
        canvas = self._canvas
        canvas.setPageSize(measure.sheet)
        if paper:
            canvas.saveState()
            canvas.translate(0, measure.sheet[1])
            pen = self._pen()
            _draw_marks(pen, measure)
            pen.lift()
            canvas.restoreState()
        for standing in paper:
            self._draw_standing(standing)
        canvas.showPage()

    def end(self) -> None:
        self._canvas.showOutline()
        if self._tree:
            self._tree.write()

    def _pen(self) -> Pen:
        return TaggedPen(self._canvas, self._tree) if self._tree else Pen(self._canvas)

    def _draw_standing(self, standing: _Standing) -> None:
        laid, tree = standing.laid, None if standing.is_copy else self._tree
        if standing.face == 0 and not standing.is_copy:
            self._bookmark(laid.content)
        canvas = self._canvas
        canvas.saveState()
        self._move_to(standing)
        pen = self._pen() if tree else Pen(canvas)
        if standing.is_copy:
            canvas.addLiteral("/Artifact BMC")
        self._draw_around(pen, laid, standing.face)
        if tree and (known := self._begun.get(id(laid))):
            tree.resume(known)
        elif tree:
            tree.begin(element := Element("Sect", language=laid.content.language))
            self._begun[id(laid)] = element
        for piece in laid.sides[standing.face].pieces:
            piece.draw_with(pen)
        if tree:
            tree.end()
        pen.lift()
        if standing.is_copy:
            canvas.addLiteral("EMC")
        canvas.restoreState()

    def _move_to(self, standing: _Standing) -> None:
        measure, slot = standing.laid.measure, standing.slot
        upper = measure.sheet[1] - slot.y
        if slot.turned:
            self._canvas.translate(slot.x + measure.width, upper - measure.height)
            self._canvas.rotate(180)
        else:
            self._canvas.translate(slot.x, upper)
        self._canvas.translate(measure.left_of(standing.face), -measure.top)

    def _draw_around(self, pen: Pen, laid: Laid, face: int) -> None:
        measure = laid.measure
        laid.draw_around(pen, face)
        if measure.has_slot:
            x = measure.width / 2 - measure.left_of(face) - _SLOT_WIDTH / 2
            pen.box(x, 4 * MM - measure.top, _SLOT_WIDTH, _SLOT_HEIGHT, line=THIN)

    def _bookmark(self, content: Print) -> None:
        self._bookmarks += 1
        target = f"print{self._bookmarks}"
        self._canvas.bookmarkPage(target)
        self._canvas.addOutlineEntry(content.name, target, 0)


def _draw_marks(pen: Pen, measure: Measure) -> None:
    for stroke in measure.cuts:
        pen.rule(*stroke, width=THIN)
    for x, y, to_x, to_y in measure.folds:
        length = abs(to_x - x) + abs(to_y - y)
        count = int((length + _DASH_GAP) // (_DASH + _DASH_GAP))
        for number in range(count):
            begins = number * (_DASH + _DASH_GAP) / length
            ends = begins + _DASH / length
            pen.rule(
                x + begins * (to_x - x),
                y + begins * (to_y - y),
                x + ends * (to_x - x),
                y + ends * (to_y - y),
                width=THIN,
            )


def _nothing(title: str) -> Problem:
    return Problem(
        place=title,
        value=None,
        rule=say("There is nothing to print."),
        remedy=say("Choose something else, or write it first."),
    )
