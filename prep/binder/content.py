"""What a binder consists of, as values: chapters of places, parts in them, entries in these, prints in the entries."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from prep.cards.action import ActionCard
from prep.cards.code import card_code, content_digest
from prep.cards.contact import ContactCard
from prep.cards.imprint import Ground
from prep.cards.opening import PremisesCard
from prep.cards.parts import Print
from prep.cards.poster_content import Poster
from prep.language import Message, say

Piece = ActionCard | ContactCard | PremisesCard | Print | Poster


class PartKind(StrEnum):
    """The parts of a chapter, in the order in which they stand."""

    CONTACTS = "contacts"
    BODIES = "bodies"
    CHAINS = "chains"
    PREMISES = "premises"
    CARDS = "cards"


PARTS = {
    PartKind.CONTACTS: say("Contact details"),
    PartKind.BODIES: say("Bodies"),
    PartKind.CHAINS: say("Alert chains"),
    PartKind.PREMISES: say("Evacuation premises"),
    PartKind.CARDS: say("Action cards"),
}
# What whoever opens the part has to know.
NOTES = {
    PartKind.CONTACTS: say(
        "Whom to call, in calling order. An empty line is a post that is vacant or a number not known."
    ),
    PartKind.BODIES: say("Members and those who stand in, with their numbers and when these were confirmed."),
    PartKind.CHAINS: say("Who alerts whom: the call list, the form for a drill, and the chain as a picture."),
    PartKind.PREMISES: say(
        "The map with numbered marks, then a card for each of the premises with its key holders."
    ),
    PartKind.CARDS: say("What each role does, by disruption; each card goes to whoever is in the role."),
}


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One print with its name within the entry."""

    name: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    title: str
    leaflets: tuple[Leaflet, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a chapter; it is there only if something is in it."""

    kind: PartKind
    entries: tuple[Entry, ...]

    @property
    def title(self) -> Message:
        return PARTS[self.kind]


@dataclass(frozen=True, slots=True)
class Chapter:
    """All of one place; ``code`` is None for the county itself."""

    code: str | None
    name: str
    parts: tuple[Part, ...]

    @property
    def leaflets(self) -> list[Leaflet]:
        return [one for part in self.parts for entry in part.entries for one in entry.leaflets]


@dataclass(frozen=True)
class Binder:
    """A binder, ready to be set. With more chapters than one it is that of a whole county."""

    # Its classification is the strictest of all that is in it.
    ground: Ground
    place: str
    cover: Print
    chapters: tuple[Chapter, ...]

    @property
    def is_whole_county(self) -> bool:
        return len(self.chapters) > 1

    @property
    def title(self) -> str:
        return self.ground.written(say("Preparedness binder – {place}", place=self.place))

    @property
    def leaflets(self) -> list[Leaflet]:
        return [one for chapter in self.chapters for one in chapter.leaflets]

    @cached_property
    def version(self) -> str:
        """A code of what stands in it: another content has another, a printing of the same has the same."""
        content = [
            [
                chapter.name,
                [[str(part.kind), [_contents(one) for one in part.entries]] for part in chapter.parts],
            ]
            for chapter in self.chapters
        ]
        return card_code(
            content_digest(
                {
                    "binder": self.place,
                    "language": self.ground.language,
                    "classification": self.ground.classification,
                    "is_demo": self.ground.is_demo,
                    "content": content,
                }
            )
        )


def _contents(entry: Entry) -> list[object]:
    return [entry.title, [[one.name, _code(one.piece)] for one in entry.leaflets]]


def _code(piece: Piece) -> str:
    if isinstance(piece, Poster):
        boxes = [
            [
                box.key,
                box.name,
                box.note,
                [[one.name, list(one.numbers), one.is_deputy] for one in box.people],
            ]
            for box in piece.boxes
        ]
        links = [[link.source, link.target, link.order] for link in piece.links]
        return content_digest(
            {"title": piece.title, "version": piece.version, "boxes": boxes, "links": links}
        )
    return piece.code
