"""A map of the county: municipalities by state, premises by shape, names that stay readable."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup

from prep.regions.marks import kept_apart
from prep.terms import State
from prep.web.svg.markup import drawing, path, tag
from prep.web.svg.shapes import shape
from prep.web.svg.text_width import folded, text_width

Point = tuple[float, float]
Ring = tuple[Point, ...]

WIDTH = 360.0
_LABEL_SIZE = 12.5
_LINE_HEIGHT = 14.0
_MARK_RADIUS = 5.0
# Between the middles of two marks: they may touch, and a number needs room beside its mark.
_APART, _NUMBERED_APART = 2 * _MARK_RADIUS * 0.9, 4 * _MARK_RADIUS
# Room around the land for names at its edge.
_MARGIN = 14.0
# Shapes that carry the state in grey print, too: dots for a warning, stripes for a fault, a grid for unknown.
_PATTERNS = {
    State.WARNING: tag("circle", cx=3, cy=3, r=1.1),
    State.FAULT: tag("path", d="M-2 2 2-2M0 8 8 0M6 10 10 6"),
    State.UNKNOWN: tag("path", d="M0 4H8"),
}


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality on the map, its outline as rings in metres, y to the north."""

    name: str
    rings: tuple[Ring, ...]
    label_at: Point
    # None: the map shows only where it is.
    state: State | None = None
    # What is read out, and shown when a pointer rests on it: name and state in words.
    words: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Premises on the map."""

    at: Point
    state: State
    words: str
    href: str | None = None
    is_chosen: bool = False
    is_faint: bool = False
    # What stands beside the mark, for a key.
    number: str = ""


def county_map(
    areas: Sequence[Area],
    *,
    title: str,
    marks: Sequence[Mark] = (),
    zones: Sequence[Ring] = (),
    name: str = "map",
) -> Markup:
    """The map as a picture ``WIDTH`` wide and as high as the county asks.

    Marks that fall outside it are not drawn: ask ``holds`` first, and say which they are. ``zones`` are areas that
    somebody has drawn over it; what of them lies outside is cut off.

    ``name`` keeps the patterns of several maps on one page apart.
    """
    place, height = _projection(areas)
    marks = [mark for mark in marks if holds(areas, mark.at)]
    apart = _NUMBERED_APART if any(mark.number for mark in marks) else _APART
    dodged = kept_apart([place(mark.at) for mark in marks], apart)
    taken = [(x, y, _MARK_RADIUS + 1) for x, y in dodged]
    return drawing(
        _patterns(name),
        *(_area(area, place, name) for area in areas),
        *(_zone([place(point) for point in zone]) for zone in zones),
        *(_mark(mark, at) for mark, at in zip(marks, dodged, strict=True)),
        *(_label(area, place(area.label_at), taken, height) for area in areas),
        width=WIDTH,
        height=height,
        class_="map",
        title=title,
        has_links=any(one.href for one in areas) or any(one.href for one in marks),
    )


def holds(areas: Sequence[Area], point: Point) -> bool:
    """Whether a point falls inside the picture of these areas."""
    place, height = _projection(areas)
    x, y = place(point)
    return 0 <= x <= WIDTH and 0 <= y <= height


def _projection(areas: Sequence[Area]) -> tuple[Callable[[Point], Point], float]:
    points = [point for area in areas for ring in area.rings for point in ring]
    if not points:
        return lambda _: (WIDTH / 2, WIDTH / 4), WIDTH / 2
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    inner = WIDTH - 2 * _MARGIN
    scale = min(inner / max(east - west, 1e-9), 1.5 * inner / max(north - south, 1e-9))
    left = (WIDTH - (east - west) * scale) / 2

    def place(point: Point) -> Point:
        return left + (point[0] - west) * scale, _MARGIN + (north - point[1]) * scale

    return place, (north - south) * scale + 2 * _MARGIN


def _patterns(name: str) -> Markup:
    return tag(
        "defs",
        *(
            tag(
                "pattern",
                tag("rect", width=8, height=8, class_="ground"),
                inside,
                id=f"{name}-{state.value}",
                width=8,
                height=8,
                patternUnits="userSpaceOnUse",
                class_=f"pattern {state.value}",
            )
            for state, inside in _PATTERNS.items()
        ),
    )


def _area(area: Area, place: Callable[[Point], Point], name: str) -> Markup:
    outline = "".join(path([place(point) for point in ring], closed=True) for ring in area.rings)
    filled = f"url(#{name}-{area.state.value})" if area.state in _PATTERNS else None
    kind = area.state.value if area.state else "plain"
    drawn = tag(
        "path", _title(area.words), d=outline, class_=f"area {kind}", fill=filled, fill_rule="evenodd"
    )
    return tag("a", drawn, href=area.href, tabindex="-1") if area.href else drawn


def _zone(corners: Sequence[Point]) -> Markup:
    return tag("path", d=path(corners, closed=True), class_="zone")


def _mark(mark: Mark, at: Point) -> Markup:
    ring = tag("circle", cx=at[0], cy=at[1], r=_MARK_RADIUS + 5, class_="chosen") if mark.is_chosen else ""
    number = tag("text", mark.number, x=at[0] + 7, y=at[1] + 4, class_="label") if mark.number else ""
    kind = "faint" if mark.is_faint else None
    drawn = tag("g", _title(mark.words), ring, shape(mark.state, *at, _MARK_RADIUS), number, class_=kind)
    return tag("a", drawn, href=mark.href, tabindex="-1") if mark.href else drawn


def _title(words: str) -> Markup:
    return tag("title", words) if words else Markup("")


def _label(area: Area, at: Point, taken: list[tuple[float, float, float]], height: float) -> Markup:
    """The name where it covers the fewest marks and names; later names keep clear of earlier ones."""
    lines = folded(area.name, width=110, size=_LABEL_SIZE)
    half_width = max(text_width(line, size=_LABEL_SIZE) for line in lines) / 2
    half_height = len(lines) * _LINE_HEIGHT / 2
    x, y = min(
        ((at[0] + dx, at[1] + dy) for dy in (0, 16, -16, 28, -28, 44, -44, 60, -60) for dx in (0, 18, -18)),
        key=lambda spot: _cost(spot, at, half_width, half_height, taken, height),
    )
    # A name counts as a row of discs, so that the next one can keep clear of it.
    steps = max(int(half_width / half_height), 1)
    taken.extend((x + half_width * step / steps, y, half_height) for step in range(-steps, steps + 1))
    sign = 1 if area.state else 0
    rows = [
        tag("tspan", line, x=x, y=y + (row - (len(lines) - 1 + sign) / 2) * _LINE_HEIGHT + _LABEL_SIZE * 0.35)
        for row, line in enumerate(lines)
    ]
    text = tag("text", *rows, class_="label", text_anchor="middle")
    if area.state is None:
        return text
    below = y + (len(lines) - (len(lines) - 1 + sign) / 2) * _LINE_HEIGHT
    return tag("g", text, _sign(area.state, x, below), class_="named")


def _sign(state: State, x: float, y: float) -> Markup:
    signs = {State.OK: "✓", State.WARNING: "!", State.FAULT: "✕", State.UNKNOWN: "?"}
    return tag("text", signs[state], x=x, y=y + 4, class_=f"label {state.value}", text_anchor="middle")


def _cost(
    spot: Point,
    wanted: Point,
    half_width: float,
    half_height: float,
    taken: Iterable[tuple[float, float, float]],
    height: float,
) -> float:
    x, y = spot
    moved = sqrt((x - wanted[0]) ** 2 + (y - wanted[1]) ** 2)
    outside = max(0.0, half_width - x, x + half_width - WIDTH, half_height - y, y + half_height - height)
    covered = sum(
        max(0.0, half_width + radius - abs(px - x)) * max(0.0, half_height + radius - abs(py - y))
        for px, py, radius in taken
    )
    return moved + covered + 100 * outside
