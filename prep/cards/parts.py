"""What a print consists of, as values: the head, and parts of a few kinds, all in the language of the print.

Every printed kind says what it consists of; ``prep.cards.setting`` sets it in any format.
"""

from dataclasses import dataclass

from prep.terms import Language


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values; an empty value is unknown and a line to write on."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """Lines to tick, numbered from ``first``, on a wide format with columns for the time and for initials."""

    title: str
    steps: tuple[str, ...]
    first: int = 1


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, perhaps in another language than the print."""

    title: str
    paragraphs: tuple[str, ...]
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """A list in which the order does not matter."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Framed:
    """Words to be said or sent as they stand, in a frame; ``mark`` stands before and after them."""

    title: str
    text: str
    mark: str = ""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grid: its name and its share of the width."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, its first column in bold. ``None`` in a cell is unknown: a line to write on; "" stays empty.

    ``blank_rows`` more rows are there to be written in.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    blank_rows: int = 0
    note: str = ""
    # The rows, counted from 0, that belong to the one above them: those who stand in.
    below: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Whom to call, for narrow formats: the post, the name and the numbers below each other."""

    post: str
    name: str
    numbers: tuple[str, ...]
    remark: str = ""
    is_deputy: bool = False


@dataclass(frozen=True, slots=True)
class People:
    title: str
    rows: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Statements, each with squares of which one is ticked."""

    title: str
    statements: tuple[str, ...]
    answers: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to write on; ``count`` None: as many as there is room for on the last side."""

    title: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """A name to be read across a room, and below it to what it belongs."""

    text: str
    below: str


Outline = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A map: outlines with names, and numbered marks; all in its own units, ``y`` downwards.

    ``alt`` says in words what is to be seen, ``source`` from where the outlines come.
    """

    title: str
    alt: str
    width: float
    height: float
    # Of each area its rings, those after the first one holes.
    areas: tuple[tuple[Outline, ...], ...]
    names: tuple[tuple[float, float, str], ...]
    marks: tuple[tuple[float, float, str], ...]
    # The bar by which distances are measured: how long it is, and what it says.
    bar: tuple[float, str]
    source: str


Part = Banner | Facts | Steps | Prose | Points | Framed | Grid | People | Choices | Lines | Plot


@dataclass(frozen=True, slots=True)
class Print:
    """One thing to be printed, ready to be set."""

    # As a message or a bookmark names it.
    name: str
    kicker: str
    title: str
    # Below the title; the first of them in bold.
    below: tuple[str, ...]
    code: str
    language: Language
    parts: tuple[Part, ...]
    # What it says about itself: version, validity, when printed; then its classification, and the age of its data.
    foot: str
    classification: str
    data_age: str
    # Both must be seen before anything else: that the data are invented, that it is for an exercise.
    is_demo: bool = False
    is_exercise: bool = False

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.code:
            raise ValueError("a print has a title and a code")
