"""Choices that are links: the page stays the same address with another question in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from flask import request, url_for

from prep.errors import Problem, Refused
from prep.language import Message, say

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, as a link."""

    label: Message | str
    href: str
    is_chosen: bool = False


def choices(name: str, options: Iterable[tuple[str, Message | str]], *, chosen: str) -> list[Choice]:
    """The options of one question of this page as links; the empty value leaves the question out.

    What was chosen from the old answer (``paikka``), and its page, are not kept: the new one may not have them.
    """
    return [
        Choice(label, asked({name: value}, without=("paikka", "sivu")), is_chosen=value == chosen)
        for value, label in options
    ]


def asked(changes: Mapping[str, str], *, without: Iterable[str] = ()) -> str:
    """This page with some questions answered otherwise; an empty answer leaves the question out."""
    left_out = {*changes, *without, "lang"}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in left_out]
    given = [*kept, *((name, value) for name, value in changes.items() if value)]
    return f"{request.path}?{urlencode(given)}" if given else request.path


def file_address(endpoint: str, kind: str = "") -> str:
    """The address of a file of what the list of this page shows."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    asked += [("muoto", kind)] if kind else []
    return f"{url_for(endpoint)}?{urlencode(asked)}" if asked else url_for(endpoint)


def one_of(kinds: type[Kind], name: str) -> Kind | None:
    """The kind that the address asks for, None if it asks for none.

    Raises
    ------
    Refused
        If there is no such kind.
    """
    asked = request.args.get(name)
    if not asked:
        return None
    try:
        return kinds(asked)
    except ValueError as error:
        known = [kind.value for kind in kinds]
        raise address_refused(name, asked, say("There is no such choice."), known) from error


def address_refused(name: str, value: str, rule: Message, known: Sequence[str] = ()) -> Refused:
    """The refusal of what the address asks under a name; ``known`` is what it may ask, where that can be listed."""
    remedy = say("Use one of {known}.", known=known) if known else say("Change it, or leave it out.")
    place = say("The address of the page, “{name}”", name=name)
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))
