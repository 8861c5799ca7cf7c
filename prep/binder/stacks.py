"""The prints of a binder set on sides: each begins on the front of a sheet and has an even number of sides."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from prep.binder.content import Leaflet
from prep.cards import action, contact, opening
from prep.cards.action import ActionCard
from prep.cards.contact import ContactCard
from prep.cards.face import Laid
from prep.cards.face import lay_out as lay_out_print
from prep.cards.flow import Side
from prep.cards.formats import measure_of
from prep.cards.frame import Frame
from prep.cards.opening import PremisesCard
from prep.cards.page import HEIGHT, SHEET, Page, Pen
from prep.cards.parts import Lines, Print
from prep.cards.poster import LaidPoster, draw_poster, lay_out_poster
from prep.cards.poster_content import Poster
from prep.cards.setting import fill_lines
from prep.language import in_language, say
from prep.terms import CardFormat, Paper

# Draws what stands on every side of a binder, on the side being drawn.
Head = Callable[[], None]


@dataclass(eq=False, slots=True)
class Stack:
    """Sides that follow each other, from the front of a sheet to the back of one."""

    sides: int
    draw: Callable[[Page, Head], None]
    # How the outline names it, and how deep: the whole way down to it where it is the first of something.
    bookmarks: tuple[tuple[str, int], ...] = ()
    # Its first side, counted from 1 over the whole binder; known when all is set.
    first: int = 0


def stack_of(leaflet: Leaflet) -> Stack:
    """A print on its sides.

    Raises
    ------
    Refused
        With everything on it that cannot be printed.
    """
    match leaflet.piece:
        case ActionCard() as card:
            return framed(*action.lay_out(card))
        case ContactCard() as card:
            return framed(*contact.lay_out(card))
        case PremisesCard() as card:
            return framed(*opening.lay_out(card))
        case Poster() as poster:
            return _hung(poster)
        case Print() as one:
            return _printed(one)


def framed(
    frame: Frame, sides: list[Side], *, beside: Callable[[Page, Side], None] = lambda _page, _side: None
) -> Stack:
    """Sides within a frame; an odd number gets a blank back side. ``beside`` draws what else stands on a side."""
    if len(sides) % 2:
        sides.append(frame.new_side(len(sides)))

    def draw(page: Page, head: Head) -> None:
        def around(side: Side) -> None:
            beside(page, side)
            head()

        frame.draw(page, sides, beside=around)

    return Stack(len(sides), draw)


def _printed(one: Print) -> Stack:
    measure = measure_of(CardFormat.A4)
    laid = lay_out_print(one, measure)
    if len(laid.sides) % 2:
        laid.sides.append(laid.surround.new_side(len(laid.sides)))
        notes = Lines(in_language(say("Notes"), one.language))
        fill_lines(notes, laid.sides[-1], measure, one.language)

    def draw(page: Page, head: Head) -> None:
        for face in range(len(laid.sides)):
            page.place(0, HEIGHT, partial(_draw_face, laid, face))
            head()
            page.end_side()

    return Stack(len(laid.sides), draw)


def _draw_face(laid: Laid, face: int, pen: Pen) -> None:
    laid.draw_around(pen, face)
    for piece in laid.sides[face].pieces:
        piece.draw_with(pen)


def _hung(poster: Poster) -> Stack:
    """A picture on one sheet of A4 if its text stays large enough there, else on A3, which is folded in."""
    laid = lay_out_poster(poster, Paper.A4)
    if laid.count > 1:
        laid = lay_out_poster(poster, Paper.A3)
    return Stack(2 * laid.count, partial(_draw_hung, laid))


def _draw_hung(laid: LaidPoster, page: Page, head: Head) -> None:
    """Each sheet with a blank back side, so that several can be joined."""
    page.turn_to(laid.sheet)

    def turned() -> None:
        head()
        page.end_side()

    draw_poster(page.canvas, laid, name=f"poster{page.number}", beside=head, after=turned)
    page.turn_to(SHEET)
