"""The form of a chain as it is written: in a file, in a stored version, and while somebody edits it.

Whom a list or a line names is told by a reference, such as ``desk:kp-command-centre``; docs/chains.md explains all.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from prep.chain_versions import content_of
from prep.language import Message, say
from prep.models import Chain
from prep.terms import Channel, HourClass, ListMode

LONGEST_S = 24 * 3600
MOST_ROUNDS = 10
MOST_LISTS, MOST_LINES = 200, 200
LONGEST_NAME, LONGEST_NOTE = 200, 4000
LONGEST_DEADLINE_MIN = 24 * 60

_Seconds = Annotated[int, Field(ge=0, le=LONGEST_S)]


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ItemEntry(_Entry):
    """One line of a caller's list."""

    target: str
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=len(Channel))]
    rounds: Annotated[int, Field(ge=1, le=MOST_ROUNDS)] = 1
    deputies: bool = True
    wait_s: _Seconds | None = None
    if_answered: str | None = None
    if_silent: str | None = None
    hours: tuple[HourClass, ...] = ()
    calls_back: bool = False

    @property
    def depends_on(self) -> str | None:
        """The target of the earlier line on which this one depends."""
        return self.if_answered or self.if_silent


class ListEntry(_Entry):
    """One caller's list."""

    caller: str
    source: bool = False
    mode: ListMode = ListMode.SERIAL
    handover_s: _Seconds | None = None
    follow_up_s: _Seconds | None = None
    items: tuple[ItemEntry, ...] = ()

    @property
    def whose(self) -> tuple[str, bool]:
        """By what a list is known in its chain: the caller, and whether it is the one that follows up."""
        return self.caller, self.follow_up_s is not None


class ChainEntry(_Entry):
    """One chain."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    body: str
    deadline_min: Annotated[int, Field(ge=1, le=LONGEST_DEADLINE_MIN)]
    one_of: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] = ()
    each_constituency: bool = False
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    list: tuple[ListEntry, ...] = ()

    @property
    def references(self) -> Iterator[str]:
        """Whomever the chain names, as often as it does."""
        for one in self.list:
            yield one.caller
            yield from (item.target for item in one.items)


class ChainFile(_Entry):
    """A file of chains."""

    chain: Annotated[tuple[ChainEntry, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a chain breaks in itself, whoever is meant: the numbers of the list and the line, and the field."""

    list_number: int
    line_number: int | None
    field: str
    value: str
    rule: Message
    remedy: Message


def entry_of(chain: Chain) -> ChainEntry:
    """What a chain says as it stands."""
    return read_content(content_of(chain))


def read_content(content: dict[str, Any]) -> ChainEntry:
    """What a stored version says."""
    return ChainEntry.model_validate_json(json.dumps(content))


def breaches(entry: ChainEntry) -> Iterator[Breach]:
    """Every rule that the lists and lines of a chain break among themselves."""
    callers: set[tuple[str, bool]] = set()
    if len(entry.list) > MOST_LISTS:
        yield Breach(
            MOST_LISTS,
            None,
            "caller",
            str(len(entry.list)),
            say("A chain has at most {n} lists.", n=MOST_LISTS),
            say("Take lists away that are not needed."),
        )
    for number, one in enumerate(entry.list):
        if one.whose in callers:
            yield Breach(
                number,
                None,
                "caller",
                one.caller,
                say("This caller has a list in the chain already."),
                say("Join the two lists into one."),
            )
        callers.add(one.whose)
        if len(one.items) > MOST_LINES:
            yield Breach(
                number,
                None,
                "items",
                str(len(one.items)),
                say("A list has at most {n} lines.", n=MOST_LINES),
                say("Divide it between several callers."),
            )
            continue
        for line in range(len(one.items)):
            yield from _of_line(one, number, line)


def _of_line(one: ListEntry, number: int, line: int) -> Iterator[Breach]:
    item, earlier = one.items[line], one.items[:line]
    # A seat or role that calls itself calls its deputies.
    if item.target == one.caller and item.target.startswith(("desk:", "person:")):
        yield Breach(
            number,
            line,
            "target",
            item.target,
            say("Nobody calls themselves."),
            say("Choose somebody else, or take the line off the list."),
        )
    if item in earlier:
        yield Breach(
            number,
            line,
            "target",
            item.target,
            say("The very same line stands on the list already."),
            say("To try again, raise the rounds of the line that is there."),
        )
    if item.if_answered is not None and item.if_silent is not None:
        yield Breach(
            number,
            line,
            "",
            item.target,
            say("A line depends on one other line only."),
            say("Keep “if_answered” or “if_silent”, not both."),
        )
    for field in ("if_answered", "if_silent"):
        name = getattr(item, field)
        if name is not None and (name == item.target or all(name != before.target for before in earlier)):
            yield Breach(
                number,
                line,
                field,
                name,
                say("A condition looks back, at another step that stands earlier on the list."),
                say("Put the conditional step after the one that it depends on."),
            )
