"""From blocks to sides: what stays together, what may be split, what does not fit.

Text is never cut and never shrunk. A block that no side can hold is refused with the missing millimetres.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec

from prep.cards.page import MM, Page, Pen
from prep.cards.typography import Line, Style, set_text
from prep.errors import Problem, Refused
from prep.language import Message, say

_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece that stays together: its height in points, and how it is drawn when its top is at ``y``."""

    height: float
    draw: Callable[[Pen, float], object]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a head. Where a side ends the rows go on at the next one, under ``again``.

    ``finish`` draws what spans all the rows on a side: frames and column rules, from the foot of the head to
    the foot of the last row. ``overleaf`` stands below the last row of a side when more follow.
    """

    name: Message | str
    key: Hashable
    rows: tuple[Block, ...]
    head: Block | None = None
    again: Block | None = None
    overleaf: Block | None = None
    finish: Callable[[Pen, float, float, float], None] | None = None
    # Space above, in points; falls away at the top of a side.
    gap: float = 0
    # So many rows at least stand on each side when the group is split; None: it is never split.
    least_rows: int | None = None

    @property
    def height(self) -> float:
        return (self.head.height if self.head else 0) + sum(row.height for row in self.rows)


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of a group that stand on one side, with their place there."""

    group: Group
    start: int
    stop: int
    top: float

    @property
    def blocks(self) -> list[Block]:
        head = self.group.head if self.start == 0 else self.group.again
        rows = self.group.rows[self.start : self.stop]
        overleaf = self.group.overleaf if self.stop < len(self.group.rows) else None
        return [block for block in (head, *rows, overleaf) if block]

    @property
    def height(self) -> float:
        return sum(block.height for block in self.blocks)

    def draw(self, page: Page) -> None:
        key = (self.group.key, self.start, self.stop) if self.group.key is not None else None
        page.place(self.top, self.height, self._draw, key=key)

    def draw_with(self, pen: Pen) -> None:
        """Draw with a pen whose origin is the upper left corner of the type area."""
        y = self.top
        for block in self.blocks:
            block.draw(pen, y)
            y += block.height
        if self.group.finish:
            head = self.group.head if self.start == 0 else self.group.again
            self.group.finish(pen, self.top, self.top + (head.height if head else 0), y)

    def _draw(self, pen: Pen) -> None:
        replace(self, top=0.0).draw_with(pen)


@dataclass(slots=True)
class Side:
    """One side being filled, ``room`` points high from ``start`` below the upper edge of the type area."""

    start: float
    room: float
    used: float = 0
    pieces: list[Piece] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.room - self.used

    def gap(self, group: Group) -> float:
        return group.gap if self.pieces else 0

    def add(self, group: Group, start: int, stop: int) -> None:
        piece = Piece(group, start, stop, self.start + self.used + self.gap(group))
        self.used += self.gap(group) + piece.height
        self.pieces.append(piece)


class Compositor:
    """Sets the text of one card, and collects what cannot be printed on it."""

    def __init__(self, card: str):
        self.card = card
        # Blocks with the signs in them that cannot be printed.
        self.faults: list[tuple[Message | str, str]] = []

    def set(self, block: Message | str, width: float, *runs: tuple[str, Style]) -> tuple[Line, ...]:
        """Text broken into lines: the one way by which text comes onto a card."""
        lines, wrong = set_text(runs, width)
        if wrong:
            self.faults.append((block, wrong))
        return lines

    def paginate(
        self, groups: Sequence[Group], new_side: Callable[[int], Side], *, onto: list[Side] | None = None
    ) -> list[Side]:
        """The sides that the groups fill, in order, going on from the last of ``onto`` if given.

        Parameters
        ----------
        groups
            In the order in which they are read.
        new_side
            Makes the empty side of a number, counted from 0.

        Raises
        ------
        Refused
            Signs that cannot be printed, and rows that are higher than a side.
        """
        sides = [new_side(0)] if onto is None else onto
        problems = self.problems()
        for group in groups:
            if problem := self._too_high(group, new_side(len(sides))):
                problems.append(problem)
            else:
                self._add(group, sides, new_side)
        if problems:
            raise Refused(problems)
        return sides

    def problems(self) -> list[Problem]:
        """Every block with signs that cannot be printed, named."""
        return [self._unprintable(*fault) for fault in dict.fromkeys(self.faults)]

    def _add(self, group: Group, sides: list[Side], new_side: Callable[[int], Side]) -> None:
        start = 0
        while start < len(group.rows):
            side = sides[-1]
            stop = _rows_that_fit(group, start, side)
            if stop == start:
                if not side.pieces:
                    # A head that leaves no room for the least number of rows: as many as there is room for.
                    stop = max(start + 1, _rows_in(group, start, side))
                else:
                    sides.append(new_side(len(sides)))
                    continue
            side.add(group, start, stop)
            start = stop

    def _too_high(self, group: Group, side: Side) -> Problem | None:
        heads = max((block.height for block in (group.head, group.again) if block), default=0)
        if group.overleaf:
            heads += group.overleaf.height
        together = sum(row.height for row in group.rows) if group.least_rows is None else 0
        tallest = max(together, max((row.height for row in group.rows), default=0)) + heads
        if tallest <= side.room:
            return None
        missing = max(1, round((tallest - side.room) / MM))
        return Problem(
            place=say("{card}, {block}", card=self.card, block=group.name),
            value=None,
            rule=say("The text is {mm} mm too high for one side; cards are not set smaller.", mm=missing),
            remedy=say("Shorten the text, or divide it into several parts."),
        )

    def _unprintable(self, block: Message | str, signs: str) -> Problem:
        named = ", ".join(f"{sign if sign.isprintable() else ''} U+{ord(sign):04X}".strip() for sign in signs)
        return Problem(
            place=say("{card}, {block}", card=self.card, block=block),
            value=named,
            rule=say("These signs cannot be printed on a card."),
            remedy=say("Write the text without them: letters, numbers and common signs."),
        )


def remembered(
    make: Callable[Concatenate[Compositor, _P], Group],
) -> Callable[Concatenate[Compositor, _P], Group]:
    """Set what stands alike on many cards only once; its faults count for every card on which it stands.

    The arguments must be hashable. Kept are as many groups as the cards of one municipality have, and some more.
    """

    def alone(*args: _P.args, **options: _P.kwargs) -> tuple[Group, list[tuple[Message | str, str]]]:
        setter = Compositor("")
        return make(setter, *args, **options), setter.faults

    cached: Any = lru_cache(maxsize=1024)(alone)

    @wraps(make)
    def recall(setter: Compositor, /, *args: _P.args, **options: _P.kwargs) -> Group:
        group: Group
        group, faults = cached(*args, **options)
        setter.faults += faults
        return group

    return recall


def _rows_that_fit(group: Group, start: int, side: Side) -> int:
    """The row before which the side ends; ``start`` itself when the group has to wait for the next side."""
    stop = _rows_in(group, start, side)
    whole = len(group.rows)
    if stop == whole:
        return stop
    if group.least_rows is None:
        return start
    # Not a last row alone on the next side, not a first one alone on this.
    stop = min(stop, whole - group.least_rows)
    return stop if stop - start >= group.least_rows else start


def _rows_in(group: Group, start: int, side: Side) -> int:
    head = group.head if start == 0 else group.again
    room = side.left - side.gap(group) - (head.height if head else 0) + 0.01
    rest = sum(row.height for row in group.rows[start:])
    if rest <= room:
        return len(group.rows)
    room -= group.overleaf.height if group.overleaf else 0
    stop = start
    while stop < len(group.rows) and group.rows[stop].height <= room:
        room -= group.rows[stop].height
        stop += 1
    return stop
