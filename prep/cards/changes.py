"""What has changed between a card that was printed and the same card today, in words.

The register keeps no card: of each part it keeps a short digest, salted with the code of the card. That tells which
part is another today, and holds no name and no number.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prep.language import Message, say

# Kept as they are: they are no personal data, and the sentence names both values.
_PLAIN = ("version", "status", "classification")
_ROWS = ("contacts", "sections", "premises", "steps")
_NAMES = {
    "for": say("the name of the place"),
    "role": say("the role: its title, superior or limits"),
    "disruption": say("the title or the mission"),
    "messages": say("the message templates"),
    "legal": say("the legal basis"),
    "linked": say("the cards referred to"),
}
_STATUSES = {
    "approved": say("the text has been approved by the county since"),
    "draft": say("the text is a draft again"),
}
# Five hexadecimal digits: one change in a million looks the same, and then the digest of the whole still differs.
_DIGITS = 5


def parts_of(content: Mapping[str, Any], code: str) -> dict[str, Any]:
    """What the register keeps of a card's content: plain values, and digests of all that could be personal."""
    parts: dict[str, Any] = {}
    for key, value in content.items():
        if key in _PLAIN:
            parts[key] = value
        elif key in _ROWS and value is not None:
            parts[key] = _rows(key, value, code)
        else:
            parts[key] = _digest(value, code)
    return parts


def changes(before: Mapping[str, Any], content: Mapping[str, Any], code: str) -> list[Message]:
    """What is different on the card of today from the one printed under ``code``, a sentence each.

    ``before`` is what ``parts_of`` kept of it; empty where a card was printed before parts were kept.
    """
    if not before:
        return [say("something on it; it was printed before such changes were recorded")]
    now = parts_of(content, code)
    found = [
        change
        for key in dict.fromkeys((*before, *now))
        if before.get(key) != now.get(key)
        for change in _change(key, before.get(key), now.get(key))
    ]
    return found or [say("something on it")]


def _change(key: str, before: Any, now: Any) -> Iterator[Message]:
    match key:
        case "version":
            yield say("the text: version {before}, now {now}", before=str(before), now=str(now))
        case "status":
            yield _STATUSES.get(str(now), say("the state of the text"))
        case "classification":
            yield say("the classification")
        case "contacts" | "sections":
            yield from _people(before or [], now or [])
        case "premises":
            yield from _named(before or [], now or [], say("premises"))
        case "steps":
            yield from _named(before or [], now or [], say("steps"))
        case _:
            yield _NAMES.get(key, say("something on it"))


def _rows(key: str, value: Sequence[Any], code: str) -> list[list[Any]]:
    if key == "sections":
        return [row for title, rows in value for row in (_contact(one, code, section=title) for one in rows)]
    if key == "contacts":
        return [_contact(one, code) for one in value]
    return [[one[0], _digest(one[1:], code)] for one in value]


def _contact(row: Sequence[Any], code: str, section: str = "") -> list[Any]:
    post, name, numbers, is_deputy = row
    kept = (_digest(part, code) if part else "" for part in (name, numbers))
    return [section, post, is_deputy, *kept]


def _people(before: Sequence[Any], now: Sequence[Any]) -> Iterator[Message]:
    """Row by row of each post; the order of deputies counts."""
    old, new = _by_post(before), _by_post(now)
    for key in dict.fromkeys((*old, *new)):
        post = key[1]
        for was, is_now in _pairs(old.get(key, []), new.get(key, [])):
            if was != is_now:
                yield _person(post, was, is_now, is_deputy=key[2])
    if list(old) != list(new) and set(old) == set(new):
        yield say("the calling order")


def _person(
    post: str, was: tuple[str, str] | None, is_now: tuple[str, str] | None, *, is_deputy: bool
) -> Message:
    if is_now is None:
        return (
            say("{post}: one who stood in is not on it any more", post=post)
            if is_deputy
            else say("{post}: not on it any more", post=post)
        )
    if was is None:
        return (
            say("{post}: another one stands in", post=post)
            if is_deputy
            else say("{post}: new on it", post=post)
        )
    if was[0] != is_now[0]:
        if not is_now[0]:
            return say("{post}: vacant now", post=post)
        return (
            say("{post}: somebody else stands in", post=post)
            if is_deputy
            else say("{post}: another person", post=post)
        )
    return say("{post}: other numbers", post=post)


def _named(before: Sequence[Any], now: Sequence[Any], what: Message) -> Iterator[Message]:
    old, new = dict(map(tuple, before)), dict(map(tuple, now))
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield say("{what}: {name} is not on it any more", what=what, name=name)
        elif name not in old:
            yield say("{what}: {name} is new on it", what=what, name=name)
        elif old[name] != new[name]:
            yield say("{what}: {name}", what=what, name=name)
    if list(old) != list(new) and set(old) == set(new):
        yield say("{what}: another order", what=what)


def _by_post(rows: Sequence[Any]) -> dict[tuple[str, str, bool], list[tuple[str, str]]]:
    found: dict[tuple[str, str, bool], list[tuple[str, str]]] = {}
    for section, post, is_deputy, name, numbers in rows:
        found.setdefault((section, post, is_deputy), []).append((name, numbers))
    return found


def _pairs(
    old: list[tuple[str, str]], new: list[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str] | None, tuple[str, str] | None]]:
    for place in range(max(len(old), len(new))):
        yield (old[place] if place < len(old) else None, new[place] if place < len(new) else None)


def _digest(value: Any, code: str) -> str:
    plain = json.dumps([code, value], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()[:_DIGITS]
