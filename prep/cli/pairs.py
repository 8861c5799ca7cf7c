"""What commands about two rows that may be one have in common, of contacts and of premises alike."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from prep.cli.output import remark, show_json, show_table, text
from prep.language import Message, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_F = TypeVar("_F", bound=Callable[..., Any])
_Row = TypeVar("_Row")


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


class _Pair(Protocol):
    @property
    def one(self) -> _Named: ...
    @property
    def other(self) -> _Named: ...
    @property
    def reasons(self) -> Iterable[Message]: ...


def not_same_option(command: _F) -> _F:
    """Two numbers that were looked at and are not the same."""
    return click.option(
        "--not-same",
        "apart",
        nargs=2,
        type=int,
        metavar="NUMBER NUMBER",
        help="Remember that these two are not the same.",
    )(command)


def told_apart() -> None:
    """Say that two were told apart."""
    remark(say("Remembered: these two are not asked about again."))


def show_pairs(found: Iterable[_Pair], *, kind: str, heading: Message, json_wanted: bool) -> None:
    """The candidates as a table under a heading, or as JSON with the two under ``kind``."""
    if json_wanted:
        show_json([_as_json(pair, kind) for pair in found])
        return
    show_table(
        [say("Number"), heading, say("Number"), heading, say("Why")],
        [
            [
                *(str(pair.one.id), pair.one.name, str(pair.other.id), pair.other.name),
                say("{parts}", parts=pair.reasons),
            ]
            for pair in found
        ],
    )


def two_of(
    session: "Session",
    one: int,
    other: int,
    *,
    place: Message,
    find: "Callable[[Session, int], _Row]",
) -> tuple[_Row, _Row]:
    """Two different rows by their numbers.

    Raises
    ------
    Refused
        If it is twice the same number.
    """
    from prep.errors import Problem, Refused

    if one == other:
        raise Refused(
            Problem(
                place=place,
                value=str(one),
                rule=say("This is one and the same."),
                remedy=say("Name two different numbers."),
            )
        )
    return find(session, one), find(session, other)


def _as_json(pair: _Pair, kind: str) -> dict[str, Any]:
    return {
        kind: [{"number": one.id, "name": one.name} for one in (pair.one, pair.other)],
        "reasons": [text(reason) for reason in pair.reasons],
    }
