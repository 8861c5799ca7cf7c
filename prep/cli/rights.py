"""Which right the act of a command asks for on the pages: declared at every command, shown in its help.

Whoever runs a command as the account that owns the instance folder can read and write the database anyway, and is
not asked who they are. The declaration says what the same act needs on the pages, so that everybody knows who else
may do it, and what belongs to the server alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import click

from prep.auth.roles import Permission


class Reserved(StrEnum):
    """What no permission of the pages opens, and what needs none."""

    # Says nothing about the county.
    PUBLIC = "public"
    # No page does it: it is for whoever keeps the server.
    SERVER = "server"


_WORDS = {
    Reserved.PUBLIC: "none needed: it says nothing about the county",
    Reserved.SERVER: "no page does this: for whoever keeps the server",
}


@dataclass(frozen=True, slots=True)
class Right:
    """What the act asks for, all of it, and what exit status 1 of the command tells."""

    asked: tuple[Permission | Reserved, ...]
    status_1: str


def right(*asked: str, status_1: str = "refused") -> Callable[[click.Command], click.Command]:
    """Declare the right of a command; it stands above everything else at it.

    Raises
    ------
    ValueError
        If there is no permission of this name.
    """
    declared = Right(
        tuple(Reserved(one) if one in set(Reserved) else Permission(one) for one in asked), status_1
    )

    def declare(command: click.Command) -> click.Command:
        command.right = declared  # type: ignore[attr-defined]
        command.epilog = (
            f"Permission on the pages: {words(declared)}. Exit status: 0 done, 1 {status_1}, 2 misuse."
        )
        return command

    return declare


def right_of(command: click.Command) -> Right | None:
    """The right that a command declares, None if it declares none."""
    return getattr(command, "right", None)


def words(declared: Right) -> str:
    """The right in words."""
    return " and ".join(_WORDS[one] if isinstance(one, Reserved) else one.value for one in declared.asked)
