"""Single changes of a chain in its form: a list or a line put in, changed, moved, taken away.

Places are counted from nought. A place that there is not is an IndexError: whoever asks has looked at another version.
"""

from collections.abc import Sequence
from typing import TypeVar

from prep.chains.form import ChainEntry, ItemEntry, ListEntry

_Part = TypeVar("_Part")


def add_list(entry: ChainEntry, one: ListEntry) -> ChainEntry:
    """The chain with one list more, at the end."""
    return _with(entry, (*entry.list, one))


def change_list(entry: ChainEntry, number: int, one: ListEntry) -> ChainEntry:
    """The chain with another list in the place of one."""
    return _with(entry, _put(entry.list, number, one))


def move_list(entry: ChainEntry, number: int, *, by: int) -> ChainEntry:
    """The chain with a list moved up (-1) or down (1); at the end of the row it stays."""
    return _with(entry, _moved(entry.list, number, by))


def remove_list(entry: ChainEntry, number: int) -> ChainEntry:
    """The chain without one of its lists."""
    return _with(entry, _without(entry.list, number))


def add_line(entry: ChainEntry, number: int, item: ItemEntry) -> ChainEntry:
    """The chain with one line more at the end of a list."""
    one = _list(entry, number)
    return change_list(entry, number, one.model_copy(update={"items": (*one.items, item)}))


def change_line(entry: ChainEntry, number: int, line: int, item: ItemEntry) -> ChainEntry:
    """The chain with another line in the place of one; lines that depend on it go on depending on it."""
    one = _list(entry, number)
    before = one.items[line].target if 0 <= line < len(one.items) else ""
    items = list(_put(one.items, line, item))
    if before not in {other.target for other in items}:
        items = [_following(other, before, item.target) for other in items]
    return change_list(entry, number, one.model_copy(update={"items": tuple(items)}))


def move_line(entry: ChainEntry, number: int, line: int, *, by: int) -> ChainEntry:
    """The chain with a line moved up (-1) or down (1) on its list; at the end of the list it stays."""
    one = _list(entry, number)
    return change_list(entry, number, one.model_copy(update={"items": _moved(one.items, line, by)}))


def remove_line(entry: ChainEntry, number: int, line: int) -> ChainEntry:
    """The chain without one line of a list."""
    one = _list(entry, number)
    return change_list(entry, number, one.model_copy(update={"items": _without(one.items, line)}))


def _with(entry: ChainEntry, lists: tuple[ListEntry, ...]) -> ChainEntry:
    return entry.model_copy(update={"list": lists})


def _list(entry: ChainEntry, number: int) -> ListEntry:
    _require(entry.list, number)
    return entry.list[number]


def _put(parts: Sequence[_Part], place: int, part: _Part) -> tuple[_Part, ...]:
    _require(parts, place)
    return (*parts[:place], part, *parts[place + 1 :])


def _without(parts: Sequence[_Part], place: int) -> tuple[_Part, ...]:
    _require(parts, place)
    return (*parts[:place], *parts[place + 1 :])


def _moved(parts: Sequence[_Part], place: int, by: int) -> tuple[_Part, ...]:
    _require(parts, place)
    there = min(max(place + by, 0), len(parts) - 1)
    rest = [*parts[:place], *parts[place + 1 :]]
    return (*rest[:there], parts[place], *rest[there:])


def _require(parts: Sequence[object], place: int) -> None:
    if not 0 <= place < len(parts):
        raise IndexError(f"there is no place {place} of {len(parts)}")


def _following(item: ItemEntry, before: str, after: str) -> ItemEntry:
    changed = {name: after for name in ("if_answered", "if_silent") if getattr(item, name) == before}
    return item.model_copy(update=changed) if changed else item
