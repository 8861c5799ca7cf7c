"""The formats of prints: the face of each, its type, and how its faces stand on a sheet of A4."""

from dataclasses import dataclass
from functools import cached_property

from reportlab.lib.pagesizes import A4, landscape

from prep.cards.page import BINDING_MARGIN, BOTTOM_MARGIN, MM, OUTER_MARGIN, TOP_MARGIN
from prep.cards.typography import Font, Style
from prep.terms import CardFormat

# Of a mark at the edge of a sheet; most printers leave 4 mm blank.
_MARK = 7 * MM


@dataclass(frozen=True, slots=True)
class TypeSet:
    """The styles of a format. Steps are never smaller than 12 points, whatever the format."""

    kicker: Style
    title: Style
    below: Style
    below_bold: Style
    bar: Style
    bar_small: Style
    step: Style
    step_bold: Style
    body: Style
    bold: Style
    small: Style
    small_bold: Style
    band: Style
    foot: Style
    foot_bold: Style


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a face on a sheet: its upper left corner from that of the sheet; ``turned``: upside down."""

    x: float
    y: float
    turned: bool = False


Stroke = tuple[float, float, float, float]


@dataclass(frozen=True)
class Measure:
    """The face of a format and the sheet it is printed on; all in points."""

    width: float
    height: float
    # At the binding and at the outer edge of a front side; they change sides on a back side.
    left: float
    right: float
    top: float
    bottom: float
    type: TypeSet
    qr: float
    sheet: tuple[float, float]
    fronts: tuple[Slot, ...]
    backs: tuple[Slot, ...] = ()
    # Marks for cutting, and dashed ones for folding, on the sheet.
    cuts: tuple[Stroke, ...] = ()
    folds: tuple[Stroke, ...] = ()
    # How many faces a print may have; None: as many as it needs.
    most_faces: int | None = None
    # A place for the hole of a lanyard, centred at the top.
    has_slot: bool = False
    # All slots of a sheet show the same face, which is a banner and has no head.
    is_repeated: bool = False

    @cached_property
    def inner_width(self) -> float:
        return self.width - self.left - self.right

    @cached_property
    def inner_height(self) -> float:
        return self.height - self.top - self.bottom

    @property
    def is_small(self) -> bool:
        """Too narrow for columns to write in beside the text."""
        return self.width < 140 * MM

    def left_of(self, face: int) -> float:
        """The left margin of a face, counted from 0."""
        return self.right if face % 2 else self.left


def measure_of(chosen: CardFormat) -> Measure:
    """The measure of a format."""
    return _MEASURES[chosen]


def _type_set(*, title: float, below: float, body: float, small: float, foot: float, bar: float) -> TypeSet:
    def style(font: Font, size: float, leading: float = 1.25) -> Style:
        return Style(font, size, round(size * leading * 2) / 2)

    return TypeSet(
        kicker=style(Font.SEMIBOLD, max(small - 0.5, 8)),
        title=style(Font.BOLD, title, 1.18),
        below=style(Font.REGULAR, below, 1.3),
        below_bold=style(Font.SEMIBOLD, below, 1.3),
        bar=style(Font.BOLD, bar),
        bar_small=style(Font.REGULAR, small - 0.5),
        step=style(Font.REGULAR, 12),
        step_bold=style(Font.BOLD, 12),
        body=style(Font.REGULAR, body),
        bold=style(Font.SEMIBOLD, body),
        small=style(Font.REGULAR, small),
        small_bold=style(Font.SEMIBOLD, small),
        band=style(Font.BOLD, max(small, 8)),
        foot=style(Font.REGULAR, foot, 1.3),
        foot_bold=style(Font.BOLD, foot, 1.3),
    )


_BIG = _type_set(title=22, below=13, body=12, small=10, foot=8.5, bar=12)
_MIDDLE = _type_set(title=18, below=12, body=12, small=10, foot=8, bar=12)
_SMALL = _type_set(title=15, below=11, body=11, small=9.5, foot=7.5, bar=11)
_TINY = _type_set(title=13, below=10.5, body=10.5, small=8.5, foot=7, bar=10)


def _whole() -> Measure:
    return Measure(
        width=A4[0],
        height=A4[1],
        left=BINDING_MARGIN,
        right=OUTER_MARGIN,
        top=TOP_MARGIN,
        bottom=BOTTOM_MARGIN,
        type=_BIG,
        qr=23 * MM,
        sheet=A4,
        fronts=(Slot(0, 0),),
        backs=(Slot(0, 0),),
    )


def _halves() -> Measure:
    sheet = landscape(A4)
    middle = sheet[0] / 2
    slots = (Slot(0, 0), Slot(middle, 0))
    return Measure(
        width=middle,
        height=sheet[1],
        left=9 * MM,
        right=9 * MM,
        top=8 * MM,
        bottom=8 * MM,
        type=_MIDDLE,
        qr=20 * MM,
        sheet=sheet,
        fronts=slots,
        backs=slots[::-1],
        cuts=((middle, 0, middle, _MARK), (middle, sheet[1] - _MARK, middle, sheet[1])),
    )


def _quarters() -> Measure:
    x, y = A4[0] / 2, A4[1] / 2
    slots = (Slot(0, 0), Slot(x, 0), Slot(0, y), Slot(x, y))
    return Measure(
        width=x,
        height=y,
        left=7 * MM,
        right=7 * MM,
        top=7 * MM,
        bottom=6.5 * MM,
        type=_SMALL,
        qr=17 * MM,
        sheet=A4,
        fronts=slots,
        backs=(slots[1], slots[0], slots[3], slots[2]),
        cuts=(
            (x, 0, x, _MARK),
            (x, A4[1] - _MARK, x, A4[1]),
            (0, y, _MARK, y),
            (A4[0] - _MARK, y, A4[0], y),
            (x - 2 * MM, y, x + 2 * MM, y),
            (x, y - 2 * MM, x, y + 2 * MM),
        ),
        # The leaves of one sheet, held together by a ring.
        most_faces=8,
    )


def _lanyards() -> Measure:
    width, height, gap = 90 * MM, 130 * MM, 6 * MM
    left, top = (A4[0] - 2 * width - gap) / 2, (A4[1] - 2 * height - gap) / 2
    xs, ys = (left, left + width + gap), (top, top + height + gap)
    slots = tuple(Slot(x, y) for y in ys for x in xs)
    return Measure(
        width=width,
        height=height,
        left=5 * MM,
        right=5 * MM,
        top=11 * MM,
        bottom=5 * MM,
        type=_SMALL,
        qr=17 * MM,
        sheet=A4,
        fronts=slots,
        backs=(slots[1], slots[0], slots[3], slots[2]),
        cuts=_corner_marks(xs, ys, width, height),
        # Two leaves back to back in one pouch.
        most_faces=4,
        has_slot=True,
    )


def _corner_marks(
    xs: tuple[float, ...], ys: tuple[float, ...], width: float, height: float
) -> tuple[Stroke, ...]:
    """Marks outside the corners of each card, none of which lies on a card."""
    near, far = 0.8 * MM, 4.5 * MM
    upright = [
        stroke
        for x in (edge for left in xs for edge in (left, left + width))
        for stroke in (
            (x, ys[0] - far, x, ys[0] - near),
            (x, ys[-1] + height + near, x, ys[-1] + height + far),
        )
    ]
    level = [
        stroke
        for y in (edge for top in ys for edge in (top, top + height))
        for stroke in ((xs[0] - far, y, xs[0] - near, y), (xs[-1] + width + near, y, xs[-1] + width + far, y))
    ]
    return (*upright, *level)


def _panels() -> Measure:
    """Folded once lengthwise with the print outside, then in a zigzag: four faces in front, four behind."""
    sheet = landscape(A4)
    width, height = sheet[0] / 4, sheet[1] / 2
    behind = tuple(Slot(number * width, 0, turned=True) for number in (3, 2, 1, 0))
    upright = [
        stroke
        for number in (1, 2, 3)
        for stroke in (
            (number * width, 0, number * width, _MARK),
            (number * width, sheet[1] - _MARK, number * width, sheet[1]),
        )
    ]
    return Measure(
        width=width,
        height=height,
        left=6 * MM,
        right=6 * MM,
        top=6.5 * MM,
        bottom=6.5 * MM,
        type=_TINY,
        qr=15 * MM,
        sheet=sheet,
        fronts=(*(Slot(number * width, height) for number in range(4)), *behind),
        folds=(*upright, (0, height, _MARK, height), (sheet[0] - _MARK, height, sheet[0], height)),
        most_faces=8,
    )


def _tent() -> Measure:
    height = A4[1] / 2
    return Measure(
        width=A4[0],
        height=height,
        left=12 * MM,
        right=12 * MM,
        top=10 * MM,
        bottom=10 * MM,
        type=_MIDDLE,
        qr=20 * MM,
        sheet=A4,
        fronts=(Slot(0, height), Slot(0, 0, turned=True)),
        folds=((0, height, _MARK, height), (A4[0] - _MARK, height, A4[0], height)),
        most_faces=1,
        is_repeated=True,
    )


_MEASURES = {
    CardFormat.A4: _whole(),
    CardFormat.A5: _halves(),
    CardFormat.A6: _quarters(),
    CardFormat.LANYARD: _lanyards(),
    CardFormat.POCKET: _panels(),
    CardFormat.TENT: _tent(),
}
