"""Small bars that stand in tables: a share with its interval, and a limit among limits."""

from markupsafe import Markup

from prep.web.svg.markup import drawing, tag

_HEIGHT = 16.0


def share_bar(share: float, *, low: float, high: float, width: float = 96.0) -> Markup:
    """A share as a bar, its interval as two upright ticks. The figures stand beside it, so it is decoration.

    >>> 'class="tick"' in share_bar(0.71, low=0.70, high=0.72)
    True
    """
    ticks = [
        tag("rect", x=min(max(end * width - 0.75, 0), width - 1.5), y=1, width=1.5, height=14, class_="tick")
        for end in (low, high)
    ]
    return drawing(
        tag("rect", x=0, y=4, width=width, height=8, rx=1, class_="rail"),
        tag("rect", x=0, y=4, width=share * width, height=8, rx=1, class_="fill"),
        *ticks,
        width=width,
        height=_HEIGHT,
        class_="bar",
    )


def limit_bar(value: float, *, largest: float, binds: bool, width: float = 240.0) -> Markup:
    """One limit of a capacity as a bar; the one that binds is marked."""
    filled = width * min(value / largest, 1.0) if largest > 0 else 0.0
    return drawing(
        tag("rect", x=0, y=2, width=width, height=12, class_="rail"),
        tag("rect", x=0, y=2, width=filled, height=12, class_="fill binds" if binds else "fill"),
        width=width,
        height=_HEIGHT,
        class_="bar wide",
    )
