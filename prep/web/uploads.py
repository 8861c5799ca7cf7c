"""Files that a form brings: larger than other bodies, and carried from page to page by the form itself.

Nothing is kept on the server between looking at a file and doing something with it: whoever closes the page leaves no
list of people behind.
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app, request

from prep.errors import Problem, Refused
from prep.language import Message, say

View = TypeVar("View", bound=Callable[..., Any])

FILE, NAME, CONTENT = "tiedosto", "tiedoston-nimi", "sisalto"
_LONGEST_NAME = 200
# Four letters for three bytes, and the other fields.
_LARGER_IN_A_FORM, _OTHER_FIELDS = 1.4, 256 << 10


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: what it is called, and its bytes."""

    name: str
    content: bytes = field(repr=False)

    @property
    def carried(self) -> str:
        """Its bytes for a hidden field of the form that goes on with it."""
        return b64encode(zlib.compress(self.content)).decode("ascii")


def takes_file(largest: int) -> Callable[[View], View]:
    """Mark a view whose form brings a file of at most so many bytes; every other body stays small."""

    def mark(view: View) -> View:
        view.largest_file = largest  # type: ignore[attr-defined]
        return view

    return mark


def admit(app: Flask) -> None:
    """Let files to the views that take them. Asked after the permission: a stranger's file is never read."""
    app.before_request(_admit)


def sent_file(largest: int) -> Upload:
    """The file that was chosen, or the one that the form carries from the page before.

    Raises
    ------
    Refused
        If there is none, it is too large, or what is carried was changed on the way.
    """
    chosen = request.files.get(FILE)
    if chosen is not None and chosen.filename:
        name = chosen.filename.replace("\\", "/").rpartition("/")[2]
        return _named(name, chosen.read(), largest)
    if not request.form.get(CONTENT):
        raise _refused(say("No file was chosen."), say("Choose the list: XLSX, ODS or CSV."))
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(b64decode(request.form[CONTENT], validate=True), largest + 1)
    except (ValueError, zlib.error) as error:
        raise _not_whole() from error
    if not unpacking.eof and len(content) <= largest:
        raise _not_whole()
    return _named(request.form.get(NAME, ""), content, largest)


def _named(name: str, content: bytes, largest: int) -> Upload:
    if len(content) > largest:
        raise _refused(
            say("A file has at most {n} MiB.", n=largest >> 20), say("Leave pictures and other sheets away.")
        )
    kept = "".join(sign for sign in name if sign.isprintable()).strip()
    return Upload(kept[:_LONGEST_NAME] or "–", content)


def _admit() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest: int | None = getattr(view, "largest_file", None)
    if largest is not None:
        request.max_content_length = int(largest * _LARGER_IN_A_FORM) + _OTHER_FIELDS
        request.max_form_memory_size = request.max_content_length


def _not_whole() -> Refused:
    return _refused(say("The file did not come through whole."), say("Choose it once more."))


def _refused(rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("The file"), value=None, rule=rule, remedy=remedy))
