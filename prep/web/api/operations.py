"""What an operation of the API is, and what it is given when somebody asks."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from prep.auth.permissions import Viewer, nothing_here
from prep.auth.roles import Permission
from prep.auth.tokens import TokenUse
from prep.config import Settings
from prep.language import Message, in_language
from prep.terms import Language
from prep.web.api.shapes import Page, Paged, Shape

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class File:
    """A document that is answered as it is."""

    content: bytes = field(repr=False)
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, after its key and its parameters were found good."""

    session: Session
    use: TokenUse
    viewer: Viewer
    language: Language
    on: date
    settings: Settings
    path: Mapping[str, str]
    query: Any
    # What the request carries; None where it carries nothing.
    content: Any = None

    def words(self, message: Message | str) -> str:
        """A sentence in the language of the request."""
        return in_language(message, self.language)

    def page(self, kind: type[Page[Any]], found: Sequence[Item], shape: Callable[[Item], Shape]) -> Page[Any]:
        """The page asked for of everything found; only what stands on it is put in shape."""
        paged: Paged = self.query
        first = (paged.page - 1) * paged.per_page
        items = tuple(shape(one) for one in found[first : first + paged.per_page])
        return kind(page=paged.page, per_page=paged.per_page, total=len(found), items=items)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of the path: its form as a regular expression, and what it is."""

    pattern: str
    meaning: str
    example: str

    def fits(self, value: str) -> bool:
        """Whether a value has the form."""
        return re.fullmatch(self.pattern, value, re.ASCII) is not None


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be changed: where it stands, and how it is found by whoever may change it.

    ``find`` raises NotFound for what does not exist and for what the key may not change; ``shape`` is also what
    reading the thing answers, so that both have the same mark.
    """

    path: str
    find: Callable[[Asked, str], Any]
    key: Callable[[Any], str]
    shape: Callable[[Asked, Any], Shape]


@dataclass(frozen=True, slots=True)
class Change:
    """How an operation changes something.

    ``do`` is given what stands at the path of ``at`` (None: nothing stands there yet) and gives back what is
    answered as ``thing``.
    """

    do: Callable[[Asked, Any], Any]
    at: Thing | None
    thing: Thing
    content: type[Shape] | None = None
    method: str = "POST"

    @property
    def makes(self) -> bool:
        """Whether there is a thing more afterwards."""
        return self.method == "POST" and self.at is not self.thing

    @property
    def removes(self) -> bool:
        """Whether there is a thing less afterwards."""
        return self.method == "DELETE"

    @property
    def status(self) -> int:
        """The status of its answer when it was done."""
        return 201 if self.makes else 204 if self.removes else 200

    @property
    def needs_version(self) -> bool:
        """Whether the request must say which version of the thing it changes."""
        return self.method != "POST"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the API does.

    ``permissions`` are all needed; without any a good key is enough. ``answer`` is the shape of the answer, or the
    media type of a document. ``is_personal``: people's names or numbers are in the answer.
    """

    path: str
    key: str
    area: str
    summary: str
    permissions: tuple[Permission, ...]
    answer: type[Shape] | str
    act: Callable[[Asked], Shape | File] | Change
    query: type[BaseModel]
    is_personal: bool = True
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if set(re.findall(r"\{(\w+)\}", self.path)) != set(self.parameters):
            raise ValueError(f"{self.path} and its parameters differ")

    @property
    def method(self) -> str:
        return self.act.method if isinstance(self.act, Change) else "GET"

    @property
    def media_type(self) -> str:
        return self.answer if isinstance(self.answer, str) else "application/json"


CODE = Parameter("[0-9]{3}", "Code of the municipality by Statistics Finland, three digits.", "272")
KEY = Parameter("[a-z0-9][a-z0-9_-]{0,79}", "Key by which the thing is known.", "perho")
NUMBER = Parameter("[1-9][0-9]{0,8}", "Number by which the thing is known.", "1")


def the_key(path: Mapping[str, str]) -> str:
    """What the one parameter of a path says."""
    return next(iter(path.values()))


def flask_rule(path: str) -> str:
    """A path with its parameters as Flask writes them.

    >>> flask_rule("/chains/{key}/simulation")
    '/chains/<key>/simulation'
    """
    return re.sub(r"\{(\w+)\}", r"<\1>", path)


def the_one(found: Sequence[Item], wanted: Callable[[Item], bool]) -> Item:
    """The thing asked for, among those that the viewer may see.

    Raises
    ------
    NotFound
        If it is not among them: the same answer for what does not exist and for what somebody may not see.
    """
    for one in found:
        if wanted(one):
            return one
    raise nothing_here()
