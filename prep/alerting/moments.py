"""The moment of an alarm as it is written: a day and a time by the clocks of Finland, twice a year not quite plain."""

from datetime import datetime

from prep.errors import Problem, Refused
from prep.language import HELSINKI, Message, say

EXAMPLE = "2026-12-25T04:00"
_YEARS = range(2000, 2101)


def moment_written(text: str, *, place: Message, second: bool | None = None) -> datetime:
    """The moment that somebody wrote, by the clocks of Finland where it names no zone.

    Parameters
    ----------
    second
        Of a time that comes twice, when the clocks go back: whether the second one, by winter time, is meant.

    Raises
    ------
    Refused
        If it is no day and time, does not exist because the clocks go forward over it, or comes twice and nobody
        says which is meant.

    >>> moment_written("2026-10-25T03:30", place=say("Moment of the alarm"), second=True).isoformat()
    '2026-10-25T03:30:00+02:00'
    """
    try:
        found = datetime.fromisoformat(text.strip())
        if found.year not in _YEARS or "T" not in text.strip().replace(" ", "T"):
            raise ValueError(text)
    except ValueError as error:
        raise _refused(
            place,
            text,
            say("A moment is a day and a time."),
            say("Write it as {example}.", example=EXAMPLE),
        ) from error
    if found.tzinfo is not None:
        return found.astimezone(HELSINKI)
    first, later = (found.replace(tzinfo=HELSINKI, fold=fold) for fold in (0, 1))
    if first.utcoffset() == later.utcoffset():
        return first
    if (first.utcoffset() or later.utcoffset()) < later.utcoffset():  # type: ignore[operator]
        raise _refused(
            place,
            text,
            say("There is no such time on that day: the clocks go from 3 to 4 in the night."),
            say("Choose a time before 3 or from 4 on."),
        )
    if second is None:
        raise _refused(
            place,
            text,
            say("This time comes twice on that day: the clocks go back from 4 to 3 in the night."),
            say(
                "Say which is meant: the first, by summer time ({first}), or the second, by winter time ({second}).",
                first=first.isoformat(timespec="minutes"),
                second=later.isoformat(timespec="minutes"),
            ),
        )
    return later if second else first


def comes_twice(at: datetime) -> bool:
    """Whether the same time comes twice on that day.

    >>> comes_twice(datetime(2026, 10, 25, 3, 30, tzinfo=HELSINKI))
    True
    """
    local = at.astimezone(HELSINKI)
    first, later = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first != later


def is_second(at: datetime) -> bool:
    """Whether a moment is the second of two that the clocks call alike."""
    return comes_twice(at) and at.astimezone(HELSINKI).fold == 1


def _refused(place: Message, value: str, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=place, value=value[:40] or None, rule=rule, remedy=remedy))
