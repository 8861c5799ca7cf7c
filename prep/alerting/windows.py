"""Outages for a part of the time: from a moment after the alarm up to another, or to the end.

What is down in a window is down for certain from its start on, the start included, and works again at its end. Between
two such moments the world stands still, so that it is told as a few stretches, each with what is held down in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from prep.errors import Problem, Refused
from prep.language import Message, say

HORIZON_S = 4 * 3600.0  # what comes later has not come
PLACE = say("Outage for a part of the time")

_Named = TypeVar("_Named", bound=str)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """From ``starts_s`` up to, and without, ``ends_s``, in seconds since the alarm; without end: inf.

    Raises
    ------
    Refused
        If it does not begin before it ends, or not within the time that is looked at.

    >>> Window(0.0, 3600.0).covers(3600.0)
    False
    """

    starts_s: float
    ends_s: float = inf

    def __post_init__(self) -> None:
        if not (0 <= self.starts_s < HORIZON_S and (self.ends_s <= HORIZON_S or self.ends_s == inf)):
            raise self._refused(
                say(
                    "An outage begins and ends within the {most} minutes after the alarm that are looked at.",
                    most=int(HORIZON_S / 60),
                ),
                say("Correct it; without an end it lasts until the end of that time."),
            )
        if not self.starts_s < self.ends_s:
            raise self._refused(
                say("An outage ends later than it begins."), say("Correct its beginning or its end.")
            )

    @property
    def is_always(self) -> bool:
        """Whether it lasts all the time, as an outage without a window does."""
        return self.starts_s == 0 and self.ends_s == inf

    def covers(self, at_s: float) -> bool:
        return self.starts_s <= at_s < self.ends_s

    def words(self) -> Message:
        """As "from 0 to 60 min", in minutes since the alarm."""
        start, end = round(self.starts_s / 60, 2), round(self.ends_s / 60, 2)
        if end == inf:
            return say("from {start} min on", start=start)
        return say("from {start} to {end} min", start=start, end=end)

    @property
    def typed(self) -> str:
        """As it is typed, in minutes: 30–60, or 30– without an end."""
        return f"{in_minutes(self.starts_s)}–{'' if self.ends_s == inf else in_minutes(self.ends_s)}"

    def _refused(self, rule: Message, remedy: Message) -> Refused:
        return Refused(
            Problem(
                place=PLACE,
                value=f"{self.typed} min",
                rule=rule,
                remedy=remedy,
            )
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, up to the next one, and the keys of what windows hold down in it."""

    starts_s: float
    down: frozenset[str]


def in_minutes(time_s: float) -> str:
    """Minutes as they are typed.

    >>> in_minutes(90.0)
    '1,5'
    """
    return f"{round(time_s / 60, 4):g}".replace(".", ",")


def window_written(first: str, last: str) -> Window:
    """The window of two texts in minutes; an empty first is the alarm itself, an empty last means without end.

    Raises
    ------
    Refused
        If one of them is no number, or the window makes no sense.

    >>> window_written("", "1,5")
    Window(starts_s=0.0, ends_s=90.0)
    """

    def seconds(text: str, otherwise: float) -> float:
        if not text.strip():
            return otherwise
        try:
            # To the second, so that what is shown again in minutes is the same.
            return float(round(float(text.replace(",", ".")) * 60))
        except (ValueError, OverflowError) as error:
            raise Refused(
                Problem(
                    place=PLACE,
                    value=text[:20],
                    rule=say("The beginning and the end of an outage are minutes since the alarm."),
                    remedy=say("Write a number such as 30, or leave the field empty."),
                )
            ) from error

    return Window(seconds(first, 0.0), seconds(last, inf))


def merged(windows: Iterable[tuple[_Named, Window]]) -> tuple[tuple[_Named, Window], ...]:
    """The same outages in order, those of one part that overlap or touch made one."""
    found: list[tuple[_Named, Window]] = []
    for part, window in sorted(windows):
        last = found[-1] if found else None
        if last is not None and last[0] == part and window.starts_s <= last[1].ends_s:
            found[-1] = (part, Window(last[1].starts_s, max(last[1].ends_s, window.ends_s)))
        else:
            found.append((part, window))
    return tuple(found)


def stretches(windows: Mapping[str, Sequence[Window]]) -> tuple[Stretch, ...]:
    """The time from the alarm on in stretches, by the windows of each part; one without any window.

    >>> [(one.starts_s, sorted(one.down)) for one in stretches({"a": [Window(0, 60)], "b": [Window(30)]})]
    [(0.0, ['a']), (30.0, ['a', 'b']), (60.0, ['b'])]
    """
    bounds = {0.0} | {
        float(at) for found in windows.values() for one in found for at in (one.starts_s, one.ends_s)
    }
    return tuple(
        Stretch(
            at, frozenset(part for part, found in windows.items() if any(one.covers(at) for one in found))
        )
        for at in sorted(bounds - {inf})
    )
