"""The four states as shapes, the same in lists, on maps and in legends: told apart without colour.

A disc is in order, a triangle needs attention, a square is a fault, an open ring is not known.
"""

from functools import cache
from math import sqrt

from markupsafe import Markup

from prep.terms import State
from prep.web.svg.markup import drawing, path, tag

SIGN_SIZE = 20.0


def shape(state: State, x: float, y: float, radius: float, *, class_: str = "mark") -> Markup:
    """The shape of a state with its centre at (x, y); all four have about the same area."""
    names = f"{class_} {state.value}"
    match state:
        case State.OK:
            return tag("circle", cx=x, cy=y, r=radius, class_=names)
        case State.WARNING:
            side = radius * 2.6
            top, bottom = y - side * sqrt(3) / 3, y + side * sqrt(3) / 6
            corners = [(x, top), (x + side / 2, bottom), (x - side / 2, bottom)]
            return tag("path", d=path(corners, closed=True), class_=names)
        case State.FAULT:
            half = radius * 0.9
            return tag("rect", x=x - half, y=y - half, width=2 * half, height=2 * half, class_=names)
        case State.UNKNOWN:
            return tag("circle", cx=x, cy=y, r=radius - 1, class_=names)


@cache
def sign(state: State, *, title: str | None = None) -> Markup:
    """A state as a small picture: its shape with a tick, an exclamation mark, a cross or a question mark."""
    middle = SIGN_SIZE / 2
    inside = {
        State.OK: [tag("path", d="M6 10.4 8.8 13.2 14.2 7.4", class_="stroke")],
        State.WARNING: [
            tag("path", d="M10 7.4V11.8", class_="stroke"),
            tag("circle", cx=10, cy=14.6, r=1.2, class_="dot"),
        ],
        State.FAULT: [tag("path", d="M6.6 6.6 13.4 13.4M13.4 6.6 6.6 13.4", class_="stroke")],
        State.UNKNOWN: [
            tag("path", d="M7.6 8.2a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.6", class_="stroke"),
            tag("circle", cx=10, cy=14.4, r=1.1, class_="dot"),
        ],
    }[state]
    outline = {
        State.OK: tag("circle", cx=middle, cy=middle, r=9, class_="ground"),
        State.WARNING: tag("path", d="M10 1.6 19.2 18H.8Z", class_="ground"),
        State.FAULT: tag("rect", x=1.5, y=1.5, width=17, height=17, rx=1.5, class_="ground"),
        State.UNKNOWN: tag("circle", cx=middle, cy=middle, r=8.5, class_="ground"),
    }[state]
    return drawing(
        outline, *inside, width=SIGN_SIZE, height=SIGN_SIZE, class_=f"sign {state.value}", title=title
    )
