"""Where the parts of an alert chain stand when it is drawn: in layers from left to right, for web and print.

The layout is Sugiyama's (layers, few crossings, straight long lines) by ``fast_sugiyama``; one millisecond
for sixty boxes. Lengths are in the units of the boxes that come in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import networkx as nx
from fast_sugiyama import from_edges

Point = tuple[float, float]

# As high as the figure of a place in a list.
_ENDS_APART = 15.0


class Part(StrEnum):
    """What a box of the picture of a chain stands for."""

    SOURCE = "source"
    CALLER = "caller"
    SEAT = "seat"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow of the picture; ``order`` is the place in the caller's list, None where all are reached at once."""

    source: str
    target: str
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A part to be placed, as large as its text needs."""

    key: str
    width: float
    height: float

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"box {self.key} has no size: {self.width} by {self.height}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with its upper left corner; y grows downwards."""

    box: Box
    x: float
    y: float

    @property
    def left(self) -> Point:
        return self.x, self.y + self.box.height / 2

    @property
    def right(self) -> Point:
        return self.x + self.box.width, self.y + self.box.height / 2


@dataclass(frozen=True, slots=True)
class Route:
    """A line from box to box through points, the first and last at the sides of the boxes."""

    source: str
    target: str
    points: tuple[Point, ...]
    # The target stands left of the source: the chain runs in a circle.
    goes_back: bool

    @property
    def curves(self) -> tuple[tuple[Point, Point, Point], ...]:
        """The line as Bézier curves from its first point on: it leaves and arrives level."""
        found = []
        for (x, y), (to_x, to_y) in pairwise(self.points):
            bend = (to_x - x) / 2
            found.append(((x + bend, y), (to_x - bend, to_y), (to_x, to_y)))
        return tuple(found)

    @property
    def head(self) -> tuple[Point, Point, Point]:
        """The head of the arrow, its tip in the middle."""
        x, y = self.points[-1]
        back = 6 if self.goes_back else -6
        return (x + back, y - 3.5), (x, y), (x + back, y + 3.5)

    @property
    def order_at(self) -> Point:
        """Where the place in the caller's list stands: its middle, on the line before the head."""
        x, y = self.points[-1]
        return x + (14 if self.goes_back else -14), y


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole chain, placed in a field from (0, 0) to (width, height)."""

    boxes: tuple[Placed, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def lay_out(
    boxes: Sequence[Box], links: Sequence[tuple[str, str]], *, layer_gap: float = 56, row_gap: float = 14
) -> Picture:
    """Place boxes so that links run from left to right as far as they can.

    The same boxes and links give the same picture. Boxes without a link stand below, in the first layer.

    Parameters
    ----------
    boxes
        What is placed, each key once.
    links
        Pairs of keys, from and to. A link from a box to itself is not drawn.

    Raises
    ------
    KeyError
        If a link names a box that is not there.

    Examples
    --------
    >>> picture = lay_out([Box("a", 80, 30), Box("b", 80, 30)], [("a", "b")], layer_gap=40)
    >>> picture.width, picture.height, picture.routes[0].points
    (200.0, 30.0, ((80.0, 15.0), (120.0, 15.0)))
    """
    if not boxes:
        return Picture((), (), 0.0, 0.0)
    index = {box.key: number for number, box in enumerate(boxes)}
    edges = list(
        dict.fromkeys((index[source], index[target]) for source, target in links if source != target)
    )
    pitch = max(box.height for box in boxes) + row_gap
    spots, passed = _spots(edges, len(boxes), pitch)
    if _upside_down(edges, spots):
        spots = [_Spot(spot.layer, -spot.across) for spot in spots]
    widths = [0.0] * (1 + max(spot.layer for spot in spots))
    for box, spot in zip(boxes, spots, strict=False):
        widths[spot.layer] = max(widths[spot.layer], box.width)
    middles = [sum(widths[:layer]) + layer_gap * layer + width / 2 for layer, width in enumerate(widths)]
    # A line may pass above all boxes: the field holds it, too.
    halves = [box.height / 2 for box in boxes] + [0.0] * (len(spots) - len(boxes))
    top = min(spot.across - half for spot, half in zip(spots, halves, strict=True))
    height = max(spot.across + half for spot, half in zip(spots, halves, strict=True)) - top
    placed = [
        Placed(box, middles[spot.layer] - box.width / 2, spot.across - box.height / 2 - top)
        for box, spot in zip(boxes, spots, strict=False)
    ]
    routes = []
    for source, target in edges:
        goes_back = spots[target].layer < spots[source].layer
        start = placed[source].left if goes_back else placed[source].right
        end = placed[target].right if goes_back else placed[target].left
        # Level past the boxes of a layer, so that no line runs over one.
        between = [
            (middles[spots[one].layer] + side * widths[spots[one].layer] / 2, spots[one].across - top)
            for one in passed[source, target]
            for side in ((1, -1) if goes_back else (-1, 1))
        ]
        routes.append(Route(boxes[source].key, boxes[target].key, (start, *between, end), goes_back))
    return Picture(
        tuple(placed),
        tuple(_apart(routes, {one.box.key: one.box.height for one in placed})),
        max(one.x + one.box.width for one in placed),
        height,
    )


def _apart(routes: Sequence[Route], heights: Mapping[str, float]) -> Iterator[Route]:
    """The routes with their ends apart, where several arrive at one side of a box."""
    arriving: dict[tuple[str, bool], list[Route]] = {}
    for route in routes:
        arriving.setdefault((route.target, route.goes_back), []).append(route)
    for route in routes:
        beside = sorted(arriving[route.target, route.goes_back], key=lambda one: one.points[-2][1])
        step = min(_ENDS_APART, heights[route.target] / (len(beside) + 1))
        x, y = route.points[-1]
        moved = y + step * (beside.index(route) - (len(beside) - 1) / 2)
        yield replace(route, points=(*route.points[:-1], (x, moved)))


@dataclass(frozen=True, slots=True)
class _Spot:
    layer: int
    # The middle, across the layers: downwards in the picture.
    across: float


def _spots(
    edges: list[tuple[int, int]], count: int, pitch: float
) -> tuple[list[_Spot], dict[tuple[int, int], tuple[int, ...]]]:
    """The spot of each box, then of each point where a long line passes a layer; and which points a line
    passes.
    """
    turned = _turned(edges)
    forward = list(dict.fromkeys((b, a) if (a, b) in turned else (a, b) for a, b in edges))
    spots: dict[int, _Spot] = {}
    passed: dict[tuple[int, int], tuple[int, ...]] = {}
    begin, free = 0.0, count
    for part in _parts(forward):
        # The library numbers its own points after the boxes, and mistakes one for the other where it is given
        # several parts at once or a number is left out.
        boxes = sorted({end for edge in part for end in edge})
        number = {box: place for place, box in enumerate(boxes)}
        [(positions, _, depth, pieces)] = from_edges(
            [(number[source], number[target]) for source, target in part],
            vertex_spacing=pitch,
            dummy_vertices=True,
            dummy_size=0.5,
        )
        own: dict[int, int] = {}
        left = min(x for _, (x, _) in positions)
        for vertex, (x, y) in positions:
            node = int(vertex)
            own[node] = boxes[node] if node < len(boxes) else free
            free += node >= len(boxes)
            spots[own[node]] = _Spot(round((depth - y) / pitch), begin + x - left)
        passed |= _passed([(own[int(source)], own[int(target)]) for source, target in pieces or ()], count)
        begin += max(x for _, (x, _) in positions) - left + pitch
    passed |= {(source, target): passed[target, source][::-1] for source, target in turned}
    for box in range(count):
        if box not in spots:
            spots[box] = _Spot(0, begin)
            begin += pitch
    return [spots[place] for place in range(free)], passed


def _parts(edges: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The links of each part that hangs together, in the order of their first links."""
    whole = {
        box: number for number, boxes in enumerate(nx.connected_components(nx.Graph(edges))) for box in boxes
    }
    found: dict[int, list[tuple[int, int]]] = {}
    for edge in edges:
        found.setdefault(whole[edge[0]], []).append(edge)
    return list(found.values())


def _turned(edges: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The links that have to run against the others so that no circle is left: those that lead back on a walk.

    The library looks for them itself, and on some circles it never comes to an end.
    """
    after: dict[int, list[int]] = {}
    for source, target in edges:
        after.setdefault(source, []).append(target)
    found: set[tuple[int, int]] = set()
    seen: set[int] = set()
    for begin, first in after.items():
        if begin in seen:
            continue
        seen.add(begin)
        path, on_path = [(begin, iter(first))], {begin}
        while path:
            box, targets = path[-1]
            for target in targets:
                if target in on_path:
                    found.add((box, target))
                elif target not in seen:
                    seen.add(target)
                    on_path.add(target)
                    path.append((target, iter(after.get(target, ()))))
                    break
            else:
                path.pop()
                on_path.remove(box)
    return found


def _upside_down(edges: Sequence[tuple[int, int]], spots: Sequence[_Spot]) -> bool:
    """Whether most of what is called one after the other stands in the reverse order."""
    turned = 0
    for (source, first), (other, second) in pairwise(edges):
        if source == other and spots[first].layer == spots[second].layer:
            turned += 1 if spots[first].across > spots[second].across else -1
    return turned > 0


def _passed(parts: Sequence[tuple[int, int]], count: int) -> dict[tuple[int, int], tuple[int, ...]]:
    """For each link the points it passes between its ends; points are numbered from ``count``."""
    after = {source: target for source, target in parts if source >= count}
    found = {}
    for source, first in parts:
        if source < count:
            target, points = first, []
            while target >= count:
                points.append(target)
                target = after[target]
            found[source, target] = tuple(points)
    return found
