"""The faces of a print: head and band at the top, the parts below each other, the foot."""

from dataclasses import dataclass

from prep.cards import qr
from prep.cards.code import spoken
from prep.cards.flow import Block, Compositor, Group, Side
from prep.cards.formats import Measure
from prep.cards.frame import DEMO_BAND
from prep.cards.page import MM, NORMAL, THICK, Pen
from prep.cards.parts import Lines, Print
from prep.cards.setting import fill_lines, set_part
from prep.cards.typography import Line, Style, height, line_width
from prep.errors import Problem, Refused
from prep.language import in_language, say

# In all three languages at once, at the head and at the foot of every sheet of an exercise.
EXERCISE_BAND = "HARJOITUS / ÖVNING / EXERCISE"
_BAND_PADDING = 1 * MM
_BAND_GAP = 1.8 * MM
_FOOT_PADDING = 1.2 * MM
_FOOT_GAP = 2 * MM


@dataclass(frozen=True, slots=True)
class Laid:
    """A print on its faces, in the order in which they are read."""

    content: Print
    measure: Measure
    sides: list[Side]
    surround: "_Surround"

    def draw_around(self, pen: Pen, face: int) -> None:
        """What surrounds the parts of a face; the origin is the upper left corner of what is printed on it."""
        self.surround.draw(pen, face, len(self.sides))


def lay_out(content: Print, measure: Measure) -> Laid:
    """A print in a format.

    Raises
    ------
    Refused
        With every sign that cannot be printed and every block that no face can hold; or, in a format with a fixed
        number of faces, with the block that no longer fits and the missing millimetres.
    """
    setter = Compositor(content.name)
    surround = _Surround.of(setter, content, measure)
    fills = [one for one in content.parts if isinstance(one, Lines) and one.count is None]
    groups = [] if measure.is_repeated else [_head(setter, content, measure)]
    groups += [set_part(setter, one, measure, content.language) for one in content.parts if one not in fills]
    sides = setter.paginate(groups, surround.new_side)
    if measure.most_faces is not None and len(sides) > measure.most_faces:
        raise Refused(_too_much(content, measure, sides))
    for fill in fills:
        fill_lines(fill, sides[-1], measure, content.language)
    return Laid(content, measure, sides, surround)


def _too_much(content: Print, measure: Measure, sides: list[Side]) -> Problem:
    """Names the first block beyond the last face, and how high all that is too much is."""
    beyond = sides[measure.most_faces :]
    missing = -int(-sum(side.used for side in beyond) // MM)
    return Problem(
        place=say("{card}, {block}", card=content.name, block=beyond[0].pieces[0].group.name),
        value=None,
        rule=say(
            "The text is {mm} mm too high for the {n} sides of this format; cards are not set smaller.",
            mm=missing,
            n=measure.most_faces,
        ),
        remedy=say("Shorten the text, or choose a larger format."),
    )


@dataclass(frozen=True, slots=True)
class _Band:
    """A band across a face; that of an exercise has stripes at its ends."""

    lines: tuple[Line, ...]
    is_striped: bool
    measure: Measure

    @property
    def height(self) -> float:
        return height(self.lines, self.measure.type.band) + 2 * _BAND_PADDING

    def draw(self, pen: Pen, y: float) -> None:
        width, style = self.measure.inner_width, self.measure.type.band
        pen.box(THICK / 2, y + THICK / 2, width - THICK, self.height - THICK, line=THICK)
        if self.is_striped:
            end = (width - max(line_width(line) for line in self.lines)) / 2 - 3 * MM
            pen.hatch(0, y, end, self.height)
            pen.hatch(width - end, y, end, self.height)
        for number, line in enumerate(self.lines):
            baseline = y + _BAND_PADDING + number * style.leading + style.baseline
            pen.line((width - line_width(line)) / 2, baseline, line)


@dataclass(frozen=True, slots=True)
class _Surround:
    """The bands, the running head and the foot, broken into lines."""

    content: Print
    measure: Measure
    bands: tuple[_Band, ...]
    running: tuple[Line, ...]
    foot: tuple[Line, ...]

    @classmethod
    def of(cls, setter: Compositor, content: Print, measure: Measure) -> "_Surround":
        kind, width = measure.type, measure.inner_width
        bands = [
            # The stripes at both ends take their share.
            _Band(
                setter.set(say("band"), width - (24 if is_striped else 4) * MM, (text, kind.band)),
                is_striped,
                measure,
            )
            for text, is_striped, is_there in (
                (EXERCISE_BAND, True, content.is_exercise),
                (DEMO_BAND, False, content.is_demo),
            )
            if is_there
        ]
        running = setter.set(
            say("running head"), width, (content.title, kind.small_bold), (f"· {content.kicker}", kind.small)
        )
        room = width - kind.foot_bold.width("  88/88")
        foot = setter.set(say("foot"), room, (f"{content.foot} · {spoken(content.code)}", kind.foot))
        aged = [(f"· {content.data_age}", kind.foot)] if content.data_age else []
        foot += setter.set(say("foot"), room, (content.classification, kind.foot_bold), *aged)
        return cls(content, measure, tuple(bands), running, foot)

    def new_side(self, number: int) -> Side:
        """An empty face; ``number`` counts from 0."""
        start = self._top
        if number:
            start += height(self.running, self.measure.type.small) + 2.5 * MM
        return Side(start=start, room=self._foot_top - _FOOT_GAP - start)

    def draw(self, pen: Pen, face: int, faces: int) -> None:
        top = 0.0
        for band in self.bands:
            band.draw(pen, top)
            top += band.height + _BAND_GAP
        for band in self._low_bands:
            band.draw(pen, self.measure.inner_height - band.height)
        if face:
            bottom = pen.lines(0, self._top, self.running, self.measure.type.small) + 0.6 * MM
            pen.rule(0, bottom, self.measure.inner_width, bottom, width=NORMAL)
        self._draw_foot(pen, f"{face + 1}/{faces}")

    @property
    def _low_bands(self) -> tuple[_Band, ...]:
        """An exercise is known by the foot of a sheet too."""
        return tuple(band for band in self.bands if band.is_striped)

    @property
    def _top(self) -> float:
        return sum(band.height + _BAND_GAP for band in self.bands)

    @property
    def _foot_top(self) -> float:
        below = sum(band.height + _BAND_GAP for band in self._low_bands)
        return self.measure.inner_height - below - height(self.foot, self.measure.type.foot) - _FOOT_PADDING

    def _draw_foot(self, pen: Pen, number: str) -> None:
        style, top = self.measure.type.foot, self._foot_top
        pen.rule(0, top, self.measure.inner_width, top, width=NORMAL)
        pen.lines(0, top + _FOOT_PADDING, self.foot, style)
        end = self.measure.inner_width
        pen.word(end, top + _FOOT_PADDING + style.baseline, number, self.measure.type.foot_bold, anchor=1)


def _head(setter: Compositor, content: Print, measure: Measure) -> Group:
    """The box at the top: what it is, for whom, and its code."""
    kind, name = measure.type, say("head of the card")
    inset = (2 if measure.is_small else 3) * MM
    # The quiet zone of the code is part of its square.
    cell = measure.qr + 1.5 * MM
    room = measure.inner_width - cell - 2 * inset
    texts: list[tuple[str, tuple[Line, ...], Style]] = [
        ("P", setter.set(name, room, (content.kicker.upper(), kind.kicker)), kind.kicker),
        ("H1", setter.set(name, room, (content.title, kind.title)), kind.title),
    ]
    for number, text in enumerate(content.below):
        style = kind.below if number else kind.below_bold
        texts.append(("P", setter.set(name, room, (text, style)), style))
    text_height = sum(height(lines, style) for _, lines, style in texts)
    square = measure.qr + kind.kicker.leading - 1 * MM
    box = max(square + 1.5 * MM, text_height + 2 * inset * 0.8)
    alt = in_language(say("QR code of the print {code}", code=spoken(content.code)), content.language)

    def draw(pen: Pen, y: float) -> None:
        width = measure.inner_width
        pen.box(THICK / 2, y + THICK / 2, width - THICK, box - THICK, line=THICK)
        pen.rule(width - cell, y, width - cell, y + box, width=THICK)
        top = y + (box - text_height) / 2
        for tag, lines, style in texts:
            with pen.element(tag):
                top = pen.lines(inset, top, lines, style)
        corner = y + (box - square) / 2
        with pen.picture(alt):
            qr.draw(pen, width - cell / 2 - measure.qr / 2, corner, measure.qr, content.code)
        baseline = corner + measure.qr + kind.kicker.baseline - 1 * MM
        with pen.element("P"):
            pen.word(width - cell / 2, baseline, spoken(content.code), kind.kicker, anchor=0.5)

    return Group(name=name, key=None, rows=(Block(box, draw),))
