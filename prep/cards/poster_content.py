"""What stands on the poster of an alert chain, as values."""

from dataclasses import dataclass

from prep.alerting.picture import Link, Part
from prep.cards.imprint import Ground
from prep.language import Message


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
class Poster(Ground):
    """A chain as it is drawn on paper."""

    title: str
    below: Message
    version: int
    boxes: tuple[PosterBox, ...]
    links: tuple[Link, ...]
