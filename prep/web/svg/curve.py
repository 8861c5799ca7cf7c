"""The curve of reaching: the share of runs in which it had happened by each minute, with its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from prep.web.svg.markup import drawing, path, tag

Scale = Callable[[float], float]

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 14.0, 20.0, 44.0
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
# The curve's end and the deadline carry their names; closer than this they would cover each other.
_CLEARANCE = 16.0


@dataclass(frozen=True, slots=True)
class Instant:
    """The share reached by a minute, and its interval."""

    minute: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of the picture; the present one is whole, another is dashed."""

    name: str
    instants: tuple[Instant, ...]
    is_present: bool = True


def reach_curve(
    curves: Sequence[Curve],
    *,
    deadline_min: float,
    horizon_min: float,
    title: str,
    percents: Sequence[str],
    axis: str,
    deadline: str,
    width: float = 640.0,
) -> Markup:
    """The picture, ``width`` wide: draw it narrow again for a narrow screen, so that its text stays legible.

    ``percents`` are the five marks of the upright axis from 0 to 1, ``axis`` what the level one counts,
    ``deadline`` the words beside the dotted line, all in the language of the page.
    """
    height = 300.0 if width > 400 else 250.0
    across, up = width - _LEFT - _RIGHT, height - _TOP - _BOTTOM

    def x(minute: float) -> float:
        return _LEFT + across * min(minute / horizon_min, 1.0)

    def y(share: float) -> float:
        return _TOP + up * (1 - share)

    grid = [
        part
        for share, words in zip(_SHARES, percents, strict=True)
        for part in (
            tag("path", d=path([(_LEFT, y(share)), (width - _RIGHT, y(share))]), class_="grid"),
            tag("text", words, x=_LEFT - 8, y=y(share) + 4, class_="tick", text_anchor="end"),
        )
    ]
    ticks = [
        tag("text", str(minute), x=x(minute), y=height - 26, class_="tick", text_anchor="middle")
        for minute in _minutes(horizon_min, narrow=width <= 400)
    ]
    at = x(deadline_min)
    left_of_line = at > _LEFT + across * 0.6
    line = [
        tag("path", d=path([(at, _TOP), (at, y(0))]), class_="deadline"),
        tag(
            "text",
            deadline,
            x=at - 6 if left_of_line else at + 6,
            y=y(0) - 8,
            class_="note",
            text_anchor="end" if left_of_line else "start",
        ),
    ]
    name = tag("text", axis, x=_LEFT + across / 2, y=height - 6, class_="tick", text_anchor="middle")
    bands = [_band(curve, x, y) for curve in curves]
    lines = [_line(curve, x, y) for curve in curves]
    names = _names(curves, y, right=width - _RIGHT) if len(curves) > 1 else []
    return drawing(
        *grid,
        *ticks,
        name,
        *bands,
        *line,
        *lines,
        *names,
        width=width,
        height=height,
        class_="curve broad" if width > 400 else "curve slim",
        title=title,
    )


def _minutes(horizon_min: float, *, narrow: bool) -> list[int]:
    """Round marks, seven to nine of them on a wide picture, half as many on a narrow one."""
    wanted = 4 if narrow else 8
    step = next((one for one in (5, 10, 15, 30, 60, 120, 240) if horizon_min / one <= wanted), 480)
    return list(range(0, int(horizon_min) + 1, step))


def _band(curve: Curve, x: Scale, y: Scale) -> Markup:
    upper = [(x(one.minute), y(one.high)) for one in curve.instants]
    lower = [(x(one.minute), y(one.low)) for one in reversed(curve.instants)]
    return tag("path", d=path([*upper, *lower], closed=True), class_=f"band {_kind(curve)}")


def _line(curve: Curve, x: Scale, y: Scale) -> Markup:
    points = [(x(one.minute), y(one.share)) for one in curve.instants]
    return tag("path", d=path(points), class_=f"line {_kind(curve)}")


def _names(curves: Sequence[Curve], y: Scale, *, right: float) -> list[Markup]:
    """The name of each curve at its end: the higher one above its line, the lower one below."""
    ranked = sorted((curve for curve in curves if curve.instants), key=lambda one: -one.instants[-1].share)
    return [
        tag(
            "text",
            curve.name,
            x=right,
            y=max(y(curve.instants[-1].share) + (-8 if rank == 0 else _CLEARANCE), 11),
            class_=f"name {_kind(curve)}",
            text_anchor="end",
        )
        for rank, curve in enumerate(ranked)
    ]


def _kind(curve: Curve) -> str:
    return "present" if curve.is_present else "better"
