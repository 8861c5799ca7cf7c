"""Many cards in one PDF: a table of contents, then the cards, each beginning on a sheet of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import BinaryIO

from prep.cards import action, contact
from prep.cards.action import ActionCard
from prep.cards.contact import ContactCard
from prep.cards.flow import Block, Compositor, Group, Side
from prep.cards.frame import BAR, FootLine, Frame
from prep.cards.imprint import CLASSIFICATIONS
from prep.cards.page import MM, NORMAL, RULE_GRAY, WIDTH, Page, Pen
from prep.cards.typography import Font, Style, height
from prep.errors import Problem, Refused
from prep.language import Message, as_written, in_language, say
from prep.terms import CardKind, Language, strictest

Card = ActionCard | ContactCard

_TITLE = Style(Font.BOLD, 28, 34)
_BODY = Style(Font.REGULAR, 12, 18)
_BOLD = Style(Font.SEMIBOLD, 12, 18)
_HEAD = Style(Font.SEMIBOLD, 10, 14)
# Right edges of the columns of figures, from the right edge of the side.
_COLUMNS = (92 * MM, 55 * MM, 30 * MM, 2 * MM)
_NAME_WIDTH = WIDTH - 128 * MM


@dataclass(frozen=True, slots=True)
class Printed:
    """What was written: how many cards, and how many sides with those of the contents."""

    cards: int
    sides: int


@dataclass(frozen=True, slots=True)
class _Laid:
    card: Card
    frame: Frame
    sides: list[Side]


@dataclass(frozen=True, slots=True)
class _Chapter:
    """The cards of one place, and the side on which they begin, counted from the first card."""

    name: str
    cards: Sequence[_Laid]
    first_side: int

    @property
    def side_count(self) -> int:
        return sum(len(laid.sides) for laid in self.cards)

    def count(self, kind: CardKind) -> int:
        return sum(1 for laid in self.cards if laid.card.kind is kind)


def write(
    file: BinaryIO,
    cards: Sequence[Card],
    *,
    title: str,
    language: Language,
    at: datetime,
    tell: Callable[[Message], None] = lambda _message: None,
) -> Printed:
    """Write cards, in the order given, as one PDF; a single card has no contents before it.

    The same cards give the same bytes.

    Parameters
    ----------
    title
        Of the document, as it stands on its first side.
    at
        The moment of printing.
    tell
        Is told how the work goes on, once for each place.

    Raises
    ------
    Refused
        With everything on all cards that cannot be printed; nothing has been written then.
    """
    tell(say("Setting cards: {n} …", n=len(cards)))
    laid = _lay_out(cards)
    chapters = _chapters(laid)
    page = Page(file, title=title, subject=_subject(language, len(cards)), language=language, at=at)
    if len(cards) > 1:
        _draw_contents(page, chapters, title=title, language=language, at=at)
    page.label_sides("ARABIC")
    for number, chapter in enumerate(chapters, start=1):
        tell(
            say(
                "{number}/{count} {name}: cards {cards}, sides {sides}",
                number=number,
                count=len(chapters),
                name=chapter.name,
                cards=len(chapter.cards),
                sides=chapter.side_count,
            )
        )
        _draw_chapter(page, chapter)
    sides = page.number - 1
    page.save()
    return Printed(cards=len(cards), sides=sides)


def _lay_out(cards: Sequence[Card]) -> list[_Laid]:
    laid, problems = [], list[Problem]()
    for card in cards:
        try:
            frame, sides = action.lay_out(card) if isinstance(card, ActionCard) else contact.lay_out(card)
        except Refused as refused:
            problems += refused.problems
        else:
            laid.append(_Laid(card, frame, sides))
    if problems:
        raise Refused(problems)
    return laid


def _chapters(laid: Sequence[_Laid]) -> list[_Chapter]:
    chapters, first_side = [], 1
    for name, cards in groupby(laid, key=lambda one: one.card.for_whom):
        chapter = _Chapter(name, list(cards), first_side)
        chapters.append(chapter)
        first_side += chapter.side_count
    return chapters


def _draw_chapter(page: Page, chapter: _Chapter) -> None:
    page.mark()
    page.bookmark(chapter.name, 0, closed=True)
    for title, cards in groupby(chapter.cards, key=lambda one: one.card.title):
        for number, laid in enumerate(cards):
            if isinstance(laid.card, ActionCard):
                if number == 0:
                    page.bookmark(title, 1, closed=True)
                page.bookmark(f"{laid.card.role} ({laid.card.role_code})", 2)
            else:
                page.bookmark(title, 1)
            laid.frame.draw(page, laid.sides)


def _draw_contents(
    page: Page, chapters: Sequence[_Chapter], *, title: str, language: Language, at: datetime
) -> None:
    """The contents, on an even number of sides so that the first card begins on a sheet of its own."""
    page.label_sides("ROMAN_LOWER")
    setter = Compositor(title)
    cards = [laid.card for chapter in chapters for laid in chapter.cards]
    labels = [card.imprint.classification for card in cards]
    label = CLASSIFICATIONS[strictest(labels)]
    foot = (
        FootLine(in_language(say("printed {at}", at=at), language), ""),
        FootLine(in_language(label, language), "", is_bold=True),
    )
    frame = Frame(any(card.imprint.is_demo for card in cards), ((title, BAR),), "", foot)
    group = _contents_group(setter, chapters, language)
    sides = setter.paginate([_title_group(setter, title, len(cards), language), group], frame.new_side)
    if len(sides) % 2:
        sides.append(frame.new_side(len(sides)))
    page.bookmark(in_language(say("Contents"), language), 0)
    frame.draw(page, sides, beside=partial(_link_rows, page, group, chapters, len(sides)))


def _link_rows(page: Page, group: Group, chapters: Sequence[_Chapter], contents: int, side: Side) -> None:
    for piece in side.pieces:
        if piece.group is group:
            top = piece.top + group.head.height if group.head else piece.top
            for row, chapter in zip(
                group.rows[piece.start : piece.stop], chapters[piece.start :], strict=False
            ):
                page.link(top, row.height, contents + chapter.first_side)
                top += row.height


def _title_group(setter: Compositor, title: str, count: int, language: Language) -> Group:
    name = say("title of the document")
    titles = setter.set(name, WIDTH, (title, _TITLE))
    what = say("{n} cards. Print on both sides of the paper, flipped on the long edge.", n=count)
    notes = setter.set(name, WIDTH, (in_language(what, language), _BODY))

    def draw(pen: Pen, y: float) -> None:
        pen.lines(0, pen.lines(0, y + 12 * MM, titles, _TITLE) + 3 * MM, notes, _BODY)

    block = Block(12 * MM + height(titles, _TITLE) + 3 * MM + height(notes, _BODY), draw)
    return Group(name=name, key=None, rows=(block,))


def _contents_group(setter: Compositor, chapters: Sequence[_Chapter], language: Language) -> Group:
    heads = (say("contact cards"), say("action cards"), say("sides"), say("from side"))

    def head(pen: Pen, y: float) -> None:
        for column, text in zip(_COLUMNS, heads, strict=True):
            pen.word(WIDTH - column, y + _HEAD.baseline, in_language(text, language), _HEAD, anchor=1)

    rows = tuple(_contents_row(setter, chapter, language) for chapter in chapters)
    block = Block(_HEAD.leading + 1 * MM, head)
    return Group(
        name=say("table of contents"),
        key=None,
        rows=rows,
        head=block,
        again=block,
        finish=_rule_rows,
        gap=10 * MM,
        least_rows=2,
    )


def _contents_row(setter: Compositor, chapter: _Chapter, language: Language) -> Block:
    lines = setter.set(say("table of contents"), _NAME_WIDTH, (chapter.name, _BOLD))
    figures = (
        chapter.count(CardKind.CONTACT),
        chapter.count(CardKind.ACTION),
        chapter.side_count,
        chapter.first_side,
    )
    padding = 1 * MM
    row_height = height(lines, _BOLD) + 2 * padding

    def draw(pen: Pen, y: float) -> None:
        pen.lines(0, y + padding, lines, _BOLD)
        for column, figure in zip(_COLUMNS, figures, strict=True):
            written = as_written(figure, language)
            pen.word(WIDTH - column, y + padding + _BODY.baseline, written, _BODY, anchor=1)
        pen.rule(0, y + row_height, WIDTH, y + row_height, gray=RULE_GRAY)

    return Block(row_height, draw)


def _rule_rows(pen: Pen, _top: float, rows_top: float, _bottom: float) -> None:
    pen.rule(0, rows_top, WIDTH, rows_top, width=NORMAL)


def _subject(language: Language, count: int) -> str:
    return in_language(say("{n} cards", n=count), language)
