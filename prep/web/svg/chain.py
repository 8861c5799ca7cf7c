"""An alert chain as a picture: who calls whom, from the alarm on the left to the body on the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from prep.alerting.picture import Box, Link, Part, Placed, Point, Route, lay_out
from prep.terms import State
from prep.web.svg.markup import drawing, number, tag
from prep.web.svg.shapes import SIGN_SIZE, sign
from prep.web.svg.text_width import folded, text_width

_NAME_SIZE, _NOTE_SIZE = 13.0, 12.0
_LINE_HEIGHT = 16.0
_PADDING_X, _PADDING_Y = 10.0, 7.0
_TEXT_WIDTH = 150.0
_EDGE = 2.0


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the picture: its name, a line below it, and how it stands."""

    key: str
    name: str
    part: Part
    note: str = ""
    state: State | None = None
    # The state in words, read out with the box.
    words: str = ""


def chain_picture(nodes: Sequence[Node], links: Sequence[Link], *, title: str) -> Markup:
    """The picture in its natural size: a page that is narrower lets it be scrolled."""
    texts = {node.key: _text(node) for node in nodes}
    picture = lay_out(
        [Box(node.key, *_size(node, texts[node.key])) for node in nodes],
        [(link.source, link.target) for link in links],
    )
    named = {node.key: node for node in nodes}
    orders = {(link.source, link.target): link.order for link in links}
    return drawing(
        tag(
            "g",
            *(_arrow(route) for route in picture.routes),
            *(_order(route, orders) for route in picture.routes),
            *(_box(placed, named[placed.box.key], texts[placed.box.key]) for placed in picture.boxes),
            transform=f"translate({number(_EDGE)} {number(_EDGE)})",
        ),
        width=picture.width + 2 * _EDGE,
        height=picture.height + 2 * _EDGE,
        class_="chain",
        title=title,
    )


def _text(node: Node) -> list[tuple[str, str]]:
    """The lines of a box with their classes."""
    names = [(line, "name") for line in folded(node.name, width=_TEXT_WIDTH, size=_NAME_SIZE)]
    notes = folded(node.note, width=_TEXT_WIDTH, size=_NOTE_SIZE, weight="Regular")
    return names + [(line, "note") for line in notes]


def _size(node: Node, lines: list[tuple[str, str]]) -> tuple[float, float]:
    widths = [
        text_width(line, size=_NAME_SIZE)
        if kind == "name"
        else text_width(line, size=_NOTE_SIZE, weight="Regular")
        for line, kind in lines
    ]
    beside = SIGN_SIZE + 6 if node.state else 0.0
    return max(widths, default=0) + beside + 2 * _PADDING_X, len(lines) * _LINE_HEIGHT + 2 * _PADDING_Y


def _box(placed: Placed, node: Node, lines: list[tuple[str, str]]) -> Markup:
    width, height = placed.box.width, placed.box.height
    beside = SIGN_SIZE + 6 if node.state else 0.0
    middle = placed.x + beside + (width - beside) / 2
    first = placed.y + (height - len(lines) * _LINE_HEIGHT) / 2 + _LINE_HEIGHT * 0.76
    texts = [
        tag("text", line, x=middle, y=first + row * _LINE_HEIGHT, class_=kind, text_anchor="middle")
        for row, (line, kind) in enumerate(lines)
    ]
    at = f"translate({number(placed.x + _PADDING_X - 2)} {number(placed.y + (height - SIGN_SIZE) / 2)})"
    return tag(
        "g",
        tag("title", f"{node.name}: {node.words}" if node.words else node.name),
        tag("rect", x=placed.x, y=placed.y, width=width, height=height, rx=3, class_="box"),
        tag("g", sign(node.state), transform=at) if node.state else "",
        *texts,
        class_=f"node {node.part.value} {node.state.value if node.state else ''}".strip(),
    )


def _arrow(route: Route) -> Markup:
    """A line with its head at the end."""
    curves = "".join(f"C{' '.join(_at(point) for point in curve)}" for curve in route.curves)
    head = "L".join(_at(point) for point in route.head)
    data = f"M{_at(route.points[0])}{curves}M{head}"
    return tag("path", d=data, class_="arrow back" if route.goes_back else "arrow")


def _at(point: Point) -> str:
    return " ".join(map(number, point))


def _order(route: Route, orders: Mapping[tuple[str, str], int | None]) -> Markup:
    order = orders[route.source, route.target]
    if order is None:
        return Markup("")
    x, y = route.order_at
    return tag("text", f"{order}.", x=x, y=y + 4, class_="order", text_anchor="middle")
