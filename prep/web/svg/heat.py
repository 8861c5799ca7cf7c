"""A heat map: how often something fails at each hour, as steps of one tone, with the figure in every cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from prep.web.svg.markup import drawing, tag

# A failing share up to and including each of these belongs to the step; beyond the last one begins the darkest.
STEPS = (0.01, 0.05, 0.2, 0.5)
_HEIGHT, _TOP, _WIDEST = 28.0, 24.0, 72.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its place, the share of failures (which gives its tone), and the figure that is written in it."""

    row: int
    column: int
    failing: float
    figure: str
    is_marked: bool = False

    @property
    def step(self) -> int:
        """The tone, from 0 (hardly ever fails) to 4.

        >>> [Cell(0, 0, failing, "").step for failing in (0.0, 0.01, 0.03, 0.5, 0.51)]
        [0, 0, 1, 3, 4]
        """
        return sum(self.failing > limit for limit in STEPS)


def heat_map(
    cells: Sequence[Cell],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    width: float,
    label_width: float,
    class_: str,
) -> Markup:
    """The picture, at most ``width`` wide. Two cells in one place (the hour when the clocks go back) share it."""
    across = min((width - label_width - 4) / max(len(columns), 1), _WIDEST)
    places: dict[tuple[int, int], list[Cell]] = {}
    for cell in cells:
        places.setdefault((cell.row, cell.column), []).append(cell)
    heads = [
        tag(
            "text",
            words,
            x=label_width + (at + 0.5) * across,
            y=_TOP - 8,
            class_="tick",
            text_anchor="middle",
        )
        for at, words in enumerate(columns)
    ]
    sides = [
        tag(
            "text", words, x=label_width - 8, y=_TOP + (at + 0.65) * _HEIGHT, class_="tick", text_anchor="end"
        )
        for at, words in enumerate(rows)
    ]
    drawn = [
        part
        for some in places.values()
        for at, cell in enumerate(some)
        for part in _drawn(cell, label_width + (cell.column + at / len(some)) * across, across / len(some))
    ]
    # Last, so that no neighbour covers its frame.
    frames = [
        tag(
            "rect",
            x=label_width + (cell.column + at / len(some)) * across + 1,
            y=_TOP + cell.row * _HEIGHT + 1,
            width=across / len(some) - 2,
            height=_HEIGHT - 2,
            class_="worst",
        )
        for some in places.values()
        for at, cell in enumerate(some)
        if cell.is_marked
    ]
    return drawing(
        *heads,
        *sides,
        *drawn,
        *frames,
        width=label_width + len(columns) * across + 4,
        height=_TOP + len(rows) * _HEIGHT + 4,
        class_=f"heat {class_}",
        title=title,
    )


def _drawn(cell: Cell, x: float, width: float) -> tuple[Markup, Markup]:
    y = _TOP + cell.row * _HEIGHT
    return (
        tag("rect", x=x + 0.5, y=y + 0.5, width=width - 1, height=_HEIGHT - 1, class_=f"step s{cell.step}"),
        tag(
            "text",
            cell.figure,
            x=x + width / 2,
            y=y + 0.65 * _HEIGHT,
            class_=f"value s{cell.step}",
            text_anchor="middle",
        ),
    )
