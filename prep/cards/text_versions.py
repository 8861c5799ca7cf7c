"""The county's own texts against the common ones: their blocks, how two versions differ, and a merge of three.

A block is what is edited as one: a mission, the lines of a role at one time, a message; its lines in three languages.
Neither layout nor database here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tomli_w

from prep.cards.content import CardRow, DisruptionText, MessageText, StepText, Texts
from prep.terms import CardPhase, CardRole, TextStatus

Line = tuple[str, str, str]
Lines = tuple[Line, ...]
# What a block is called: ``PC/mission``, ``PC/first_15_min``, ``message/first``.
Blocks = dict[str, Lines]
MISSION, MESSAGE = "mission", "message"


@dataclass(frozen=True, slots=True)
class Merge:
    """A text brought up to a new common one; of the blocks in conflict the county's stands in it."""

    text: DisruptionText
    conflicts: tuple[str, ...]
    # Blocks that were taken over from the common text.
    taken: tuple[str, ...]


def blocks(text: DisruptionText) -> Blocks:
    """All blocks of a text that a county may edit, in the order of the card."""
    found: Blocks = {}
    for row in text.card:
        if row.mission is not None:
            found[f"{row.role}/{MISSION}"] = (_line(row.mission),)
        for phase in CardPhase:
            found[f"{row.role}/{phase}"] = tuple(_line(step) for step in row.step if step.phase is phase)
    for message in text.message:
        found[f"{MESSAGE}/{message.key}"] = (_line(message),)
    return found


def with_blocks(text: DisruptionText, changed: Mapping[str, Lines]) -> DisruptionText:
    """A text with some of its blocks as given; those that it has not are passed over."""
    now = {**blocks(text), **{key: lines for key, lines in changed.items() if _fits(text, key)}}
    cards = tuple(
        row.model_copy(update={"mission": _mission(row, now), "step": _steps(row, now)}) for row in text.card
    )
    messages = tuple(_message(message, now[f"{MESSAGE}/{message.key}"]) for message in text.message)
    return text.model_copy(update={"card": cards, "message": messages})


def merged(base: DisruptionText, common: DisruptionText, county: DisruptionText) -> Merge:
    """The county's text on the newest common one: what only one side has changed is taken from that side.

    Within a block, lines that were only added survive beside changes of the other side. Where both have changed or
    removed lines of it, the county's block stands and is in conflict.
    """
    was, new, own = blocks(base), blocks(common), blocks(county)
    result: Blocks = {}
    conflicts, taken = [], []
    for key, lines in new.items():
        before = was.get(key, ())
        mine = own.get(key, before)
        if mine in (before, lines):
            result[key] = lines
            if lines != mine:
                taken.append(key)
            continue
        if lines == before:
            result[key] = mine
            continue
        both = _both(before, lines, mine)
        if both is None or key.endswith(f"/{MISSION}") or key.startswith(f"{MESSAGE}/"):
            result[key] = mine
            conflicts.append(key)
        else:
            result[key] = both
            taken.append(key)
    return Merge(with_blocks(common, result), tuple(conflicts), tuple(taken))


def different(one: DisruptionText, other: DisruptionText) -> list[tuple[str, Lines, Lines]]:
    """Every block of either with its lines in both, where they are not the same."""
    first, second = blocks(one), blocks(other)
    return [
        (key, first.get(key, ()), second.get(key, ()))
        for key in dict.fromkeys((*first, *second))
        if first.get(key, ()) != second.get(key, ())
    ]


def as_content(text: DisruptionText) -> dict[str, Any]:
    """A text as it is stored: plain values, without version and status, which belong to the row."""
    return text.model_dump(mode="json", exclude={"version", "status"}, exclude_none=True)


def from_content(content: Mapping[str, Any], *, version: int, status: TextStatus) -> DisruptionText:
    """A stored text with its version and status."""
    return DisruptionText.model_validate({**content, "version": version, "status": status.value})


def as_toml(text: DisruptionText) -> str:
    """A text as a file in the form of the shipped ones."""
    return tomli_w.dumps(text.model_dump(mode="json", exclude_none=True, exclude_defaults=False))


def _line(text: Texts) -> Line:
    return text.fi, text.sv, text.en


def _texts(line: Line) -> Texts:
    return Texts(fi=line[0], sv=line[1], en=line[2])


def _fits(text: DisruptionText, key: str) -> bool:
    owner, _, name = key.partition("/")
    if owner == MESSAGE:
        return any(message.key == name for message in text.message)
    return owner in {row.role.value for row in text.card} and name in {MISSION, *CardPhase}


def _mission(row: CardRow, now: Blocks) -> Texts | None:
    lines = now.get(f"{row.role}/{MISSION}", ())
    return _texts(lines[0]) if lines else row.mission


def _steps(row: CardRow, now: Blocks) -> tuple[StepText, ...]:
    return tuple(
        StepText(phase=phase, fi=line[0], sv=line[1], en=line[2])
        for phase in CardPhase
        for line in now[f"{row.role}/{phase}"]
    )


def _message(message: MessageText, lines: Lines) -> MessageText:
    return message.model_copy(update=dict(zip(("fi", "sv", "en"), lines[0], strict=True)))


def _both(before: Lines, common: Lines, own: Lines) -> Lines | None:
    """The lines of both sides; None when both have changed or removed some that were there before."""
    gone_here = [line for line in before if line not in own]
    gone_there = [line for line in before if line not in common]
    if not gone_here:
        return _with_added(common, own, before)
    if not gone_there:
        return _with_added(own, common, before)
    return None


def _with_added(lines: Lines, other: Lines, before: Lines) -> Lines:
    return (*lines, *(line for line in other if line not in before and line not in lines))


def role_of(key: str) -> CardRole | None:
    """Whose card a block belongs to; None for a message."""
    owner = key.partition("/")[0]
    return None if owner == MESSAGE else CardRole(owner)
