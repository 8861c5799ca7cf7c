"""A binder as one PDF: cover, contents, dividers and every print, with page numbers over the whole."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from prep.binder.content import NOTES, Binder, Chapter, Leaflet, Part, PartKind
from prep.binder.listings import Listing, Row, set_listing
from prep.binder.stacks import Stack, stack_of
from prep.cards.code import spoken
from prep.cards.flow import Compositor
from prep.cards.imprint import Ground
from prep.cards.page import MM, Page
from prep.cards.typography import Font, Style
from prep.errors import NotFound, Problem, Refused
from prep.language import Message, say

_HEAD = Style(Font.REGULAR, 8.5, 11)
_HEAD_BOLD = Style(Font.BOLD, 8.5, 11)
_Bookmarks = tuple[tuple[str, int], ...]
# Of the line that stands on every side, above the type area: within what printers reach.
_HEAD_TOP = -5.4 * MM


@dataclass(frozen=True, slots=True)
class Printed:
    """What was written: how many prints, and how many sides with cover, contents and dividers."""

    prints: int
    sides: int


def write(
    file: BinaryIO, binder: Binder, *, tell: Callable[[Message], None] = lambda _message: None
) -> Printed:
    """Write a binder as one PDF; the same binder gives the same bytes.

    Parameters
    ----------
    tell
        Is told how the work goes on, once for each place.

    Raises
    ------
    NotFound
        There is nothing in the binder.
    Refused
        With everything in it that cannot be printed; nothing has been written then.
    """
    if not binder.leaflets:
        raise NotFound(_nothing(binder))
    set_up = _Setting(binder, tell)
    stacks = set_up.stacks()
    if set_up.problems:
        raise Refused(set_up.problems)
    total = 0
    for stack in stacks:
        stack.first = total + 1
        total += stack.sides
    page = Page(
        file,
        title=binder.title,
        subject=binder.ground.written(say("Version {version}", version=spoken(binder.version))),
        language=binder.ground.language,
        at=binder.ground.printed_at,
    )
    tell(say("Drawing {n} pages …", n=total))
    words = _head_words(binder)
    head = partial(_draw_head, page, words, binder.ground, total)
    for stack in stacks:
        page.mark()
        for title, level in stack.bookmarks:
            page.bookmark(title, level, closed=True)
        stack.draw(page, head)
    if page.number - 1 != total:
        raise AssertionError(f"{page.number - 1} sides were drawn where {total} were counted")
    page.save()
    return Printed(len(binder.leaflets), total)


class _Setting:
    """Sets a binder; collects everything in it that cannot be printed."""

    def __init__(self, binder: Binder, tell: Callable[[Message], None]):
        self._binder = binder
        self._tell = tell
        self.problems: list[Problem] = []

    def stacks(self) -> list[Stack]:
        """Everything in the order in which it stands. A divider knows what follows, so it is set after that."""
        binder, written = self._binder, self._binder.ground.written
        setter = Compositor(binder.place)
        setter.set(say("title of the page"), 1000, (_head_words(binder), _HEAD))
        self.problems += setter.problems()
        # An own row for each place in the binder of a county, for each entry in that of one place.
        rows: list[Row] = []
        inside: list[Stack] = []
        for number, chapter in enumerate(binder.chapters, start=1):
            told = say(
                "{number}/{count} {name} …", number=number, count=len(binder.chapters), name=chapter.name
            )
            self._tell(told)
            stacks, chapter_rows = self._chapter(chapter)
            inside += stacks
            rows += chapter_rows
        cover = self._stack(Leaflet(written(say("Cover")), binder.cover), ((written(say("Cover")), 0),))
        note = say(
            "Version {version}. Print on both sides of the paper, flipped on the long edge.",
            version=spoken(binder.version),
        )
        contents = self._listing(
            Listing(binder.title, written(say("Contents")), written(note), tuple(rows)),
            ((written(say("Contents")), 0),),
        )
        return [*cover, *contents, *inside]

    def _chapter(self, chapter: Chapter) -> tuple[list[Stack], list[Row]]:
        whole = self._binder.is_whole_county
        stacks: list[Stack] = []
        parts: list[Row] = []
        entries: list[Row] = []
        for part in chapter.parts:
            made, rows = self._part(chapter, part, level=1 if whole else 0)
            stacks += made
            if made:
                prints = sum(row.prints for row in rows)
                parts.append(
                    Row(self._binder.ground.written(part.title), made[0], prints, level=1 if whole else 0)
                )
                entries += [parts[-1], *(Row(row.text, row.target, row.prints, level=1) for row in rows)]
        if not whole:
            return stacks, entries
        listing = Listing(
            self._binder.place,
            chapter.name,
            "",
            tuple(Row(row.text, row.target, row.prints) for row in parts),
        )
        divider = self._listing(listing, ((chapter.name, 0),))
        prints = sum(row.prints for row in parts)
        return [*divider, *stacks], [*(Row(chapter.name, one, prints) for one in divider), *parts]

    def _part(self, chapter: Chapter, part: Part, *, level: int) -> tuple[list[Stack], list[Row]]:
        written = self._binder.ground.written
        stacks: list[Stack] = []
        rows: list[Row] = []
        for entry in part.entries:
            made: list[Stack] = []
            for leaflet in entry.leaflets:
                marks = [(entry.title, level + 1)] if not made else []
                if len(entry.leaflets) > 1:
                    marks.append((leaflet.name, level + 2))
                made += self._stack(leaflet, tuple(marks))
            if made:
                rows.append(Row(entry.title, made[0], len(entry.leaflets)))
            stacks += made
        tab = list(PartKind).index(part.kind) + 1
        title = written(part.title)
        divider = self._listing(
            Listing(chapter.name, title, written(NOTES[part.kind]), tuple(rows), tab), ((title, level),)
        )
        return [*divider, *stacks], rows

    def _stack(self, leaflet: Leaflet, bookmarks: _Bookmarks) -> list[Stack]:
        return self._made(lambda: stack_of(leaflet), bookmarks)

    def _listing(self, listing: Listing, bookmarks: _Bookmarks) -> list[Stack]:
        return self._made(lambda: set_listing(self._binder, listing), bookmarks)

    def _made(self, make: Callable[[], Stack], bookmarks: _Bookmarks) -> list[Stack]:
        """What was set; nothing if it cannot be, with the problems kept."""
        try:
            stack = make()
        except Refused as refused:
            self.problems += refused.problems
            return []
        stack.bookmarks = bookmarks
        return [stack]


def _head_words(binder: Binder) -> str:
    return binder.ground.written(
        say("{title} · version {version}", title=binder.title, version=spoken(binder.version))
    )


def _draw_head(page: Page, words: str, ground: Ground, total: int) -> None:
    """What stands on every side: which binder it belongs to, and which of its pages it is."""
    number = ground.written(say("Page {n} of {count}", n=page.number, count=total))
    # The words are drawn once; the number is not the same on any two sides.
    page.place(_HEAD_TOP, _HEAD.leading, lambda pen: pen.word(0, _HEAD.baseline, words, _HEAD), key="head")
    page.place(_HEAD_TOP, 0, lambda pen: pen.word(page.width, _HEAD.baseline, number, _HEAD_BOLD, anchor=1))


def _nothing(binder: Binder) -> Problem:
    return Problem(
        place=binder.title,
        value=None,
        rule=say("There is nothing to put in the binder."),
        remedy=say("Take bodies, contacts, chains or premises into the registry first."),
    )
