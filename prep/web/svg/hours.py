"""The hours of a day as one bar: free, with notice, taken, not known. The hours stand beside it in words."""

from collections.abc import Sequence

from markupsafe import Markup

from prep.terms import State
from prep.web.svg.markup import drawing, tag

_WIDTH, _HEIGHT, _EVERY = 288.0, 20.0, 6


def hour_bar(stretches: Sequence[tuple[State, int]]) -> Markup:
    """Stretches of hours in their order, each with its state; a day has 23, 24 or 25 hours.

    >>> hour_bar([(State.OK, 8), (State.FAULT, 16)]).count("<rect")
    2
    """
    hours = sum(count for _, count in stretches) or 1
    drawn, at = [], 0.0
    for state, count in stretches:
        width = _WIDTH * count / hours
        drawn.append(tag("rect", x=at + 0.5, y=1, width=width - 1, height=18, class_=f"part {state.value}"))
        at += width
    ticks = [
        tag("path", d=f"M{_WIDTH * hour / hours:.2f} 14V20", class_="tick")
        for hour in range(_EVERY, hours, _EVERY)
    ]
    return drawing(*drawn, *ticks, width=_WIDTH, height=_HEIGHT, class_="hours")
