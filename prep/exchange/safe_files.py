"""Plans and photographs that somebody brings: what they are by their content, and only what is safe of them."""

from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prep.attachments import LARGEST_BYTES, LARGEST_MIB, PDF, FileType
from prep.errors import Problem, Refused
from prep.exchange.child import read_in_child
from prep.language import Message, say

JPEG = FileType("JPEG", "image/jpeg", ".jpg")
PNG = FileType("PNG", "image/png", ".png")
# What is taken; WebP is kept as JPEG.
TAKEN = ("JPEG", "PNG", "WebP", "PDF")
_CHILD = Path(__file__).with_name("picture_child.py")
_KINDS = {kind.name: kind for kind in (JPEG, PNG, PDF)}
_HEADS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_WRONG: dict[str, tuple[Message, Message]] = {
    "picture": (say("It cannot be read as a picture: it is damaged."), say("Save it anew, and choose that.")),
    "moves": (say("It holds more than one picture."), say("Save the one that is meant by itself.")),
    "pdf": (say("It cannot be read as a PDF: it is damaged."), say("Print it anew as PDF, and choose that.")),
    "locked": (say("It is locked by a password."), say("Save it without one, and choose that.")),
    "objects": (say("It holds more than a plan ever does."), say("Print the sheet that is meant as PDF.")),
    "script": (
        say("It holds a script, which runs when it is opened."),
        say("Print it anew as PDF, and choose that."),
    ),
    "launch": (
        say("It holds an action that starts a program or sends something."),
        say("Print it anew as PDF, and choose that."),
    ),
    "embedded": (say("It holds another file."), say("Print it anew as PDF, and choose that.")),
}


@dataclass(frozen=True, slots=True)
class SafeFile:
    """A file of which nothing is left that harms or tells too much."""

    kind: FileType
    content: bytes = field(repr=False)


def made_safe(content: bytes, *, name: str) -> SafeFile:
    """A picture written anew, without what it told beside itself; or a PDF in which nothing runs.

    Raises
    ------
    Refused
        If it is empty, too large, none of `TAKEN`, damaged, or holds what could do harm.
    """
    if not content:
        raise _refused(name, say("It is empty."), say("Choose a file that holds something."))
    if len(content) > LARGEST_BYTES:
        raise _refused(
            name,
            say("It has at most {n} MB.", n=LARGEST_MIB),
            say("Save it smaller, for example with the pictures at a lower resolution."),
        )
    if not content.startswith(_HEADS) and not (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        raise _refused(
            name,
            say("It is one of {known}, whatever its name says.", known=list(TAKEN)),
            say("Save it as one of these, and choose that."),
        )
    try:
        answer = read_in_child(_CHILD, content, name=name)
    except Refused as error:
        raise _refused(
            name,
            say("Reading it needs more memory or time than a plan or a photograph ever should."),
            say("Save it anew, smaller, and choose that."),
        ) from error
    if "error" in answer:
        raise _refused(name, *_wrong(answer))
    kind = _KINDS[answer["kind"]]
    return SafeFile(kind, content if kind is PDF else b64decode(answer["content"]))


def _wrong(answer: dict[str, Any]) -> tuple[Message, Message]:
    if answer["error"] == "pixels":
        return (
            say("It has at most 50 million pixels; this has {width} × {height}.", **_sides(answer)),
            say("Save it with fewer pixels, and choose that."),
        )
    return _WRONG[answer["error"]]


def _sides(answer: dict[str, Any]) -> dict[str, str]:
    return {side: str(answer[side]) for side in ("width", "height")}


def _refused(name: str, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("The file"), value=name[:60] or None, rule=rule, remedy=remedy))
