"""Marks on a map that stay apart, on a page and on paper alike."""

from collections.abc import Sequence
from math import cos, pi, sin

from prep.regions.outlines import Point

# So far a mark is moved at the most, in radii: enough for a hundred at one place.
_RINGS = 13


def kept_apart(points: Sequence[Point], apart: float) -> list[Point]:
    """The points moved apart, each to the nearest free place on rings around it, in their order.

    >>> kept_apart([(0, 0), (9, 9)], 4)
    [(0, 0), (9, 9)]
    """
    placed: list[Point] = []
    for x, y in points:
        spots = [(x, y)] + [
            (
                x + ring * apart / 2 * cos(pi * step / (3 * ring)),
                y + ring * apart / 2 * sin(pi * step / (3 * ring)),
            )
            for ring in range(1, _RINGS)
            for step in range(6 * ring)
        ]
        free = (
            spot
            for spot in spots
            if all((spot[0] - px) ** 2 + (spot[1] - py) ** 2 >= apart**2 for px, py in placed)
        )
        placed.append(next(free, (x, y)))
    return placed
