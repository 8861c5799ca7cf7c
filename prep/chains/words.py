"""The words of a chain as it is written: conditions and times."""

from prep.chains.form import ItemEntry
from prep.language import Message, say


def duration(seconds: int | None) -> str | None:
    """A time as it is typed and shown: minutes, or minutes and seconds; None where none is stated.

    >>> duration(300), duration(90), duration(0), duration(None)
    ('5 min', '1:30 min', '0 min', None)
    """
    return None if seconds is None else f"{clock_of(seconds)} min"


def clock_of(seconds: int) -> str:
    """Seconds as minutes, or as minutes and seconds.

    >>> clock_of(3600), clock_of(61)
    ('60', '1:01')
    """
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}" if rest else str(minutes)


def condition_words(item: ItemEntry, name: str) -> Message | None:
    """On what a line depends, where ``name`` is whom the other line is to reach; None if on nothing."""
    if item.if_answered is not None:
        return if_answered(name)
    return if_silent(name) if item.if_silent is not None else None


def if_answered(name: str) -> Message:
    """The condition that somebody has answered."""
    return say("only if {target} has answered", target=name)


def if_silent(name: str) -> Message:
    """The condition that somebody has not answered, though the wait is over."""
    return say("only if {target} has not answered", target=name)
