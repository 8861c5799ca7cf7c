"""What stands on the poster of an alert chain, as values."""

from dataclasses import dataclass
from datetime import datetime

from prep.alerting.picture import Link, Part
from prep.cards.imprint import DataAge
from prep.language import Message, in_language
from prep.terms import Classification, Language


@dataclass(frozen=True, slots=True)
class PosterPerson:
    """Somebody in a post with the numbers in calling order; ``remark`` says if they are not to be trusted."""

    name: str
    numbers: tuple[str, ...]
    remark: str = ""
    is_deputy: bool = False


@dataclass(frozen=True, slots=True)
class PosterBox:
    """A box of the poster; ``people`` is empty where the post is vacant, ``note`` stands below its name."""

    key: str
    part: Part
    name: str
    people: tuple[PosterPerson, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Poster:
    """A chain as it is drawn on paper."""

    title: str
    below: Message
    version: int
    boxes: tuple[PosterBox, ...]
    links: tuple[Link, ...]
    language: Language
    classification: Classification
    printed_at: datetime
    data_age: DataAge
    is_demo: bool

    def written(self, message: Message | str) -> str:
        return in_language(message, self.language)
