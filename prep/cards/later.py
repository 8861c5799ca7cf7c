"""The steps of an action card after its first hour, as they stand on the back."""

from dataclasses import dataclass

from prep.cards.flow import Block, Compositor, Group, remembered
from prep.cards.frame import BAR, BAR_HEIGHT, draw_bar
from prep.cards.page import INSET, MM, RULE_GRAY, THICK, WIDTH, Pen
from prep.cards.typography import Font, Style, height
from prep.language import in_language, say
from prep.terms import Language

# Read sitting down, when the first hour is over.
_TEXT = Style(Font.REGULAR, 10.5, 13)
_BOLD = Style(Font.SEMIBOLD, 10.5, 13)
_PADDING = 0.7 * MM
_BOX = 3.6 * MM
_NUMBER_RIGHT = 11.5 * MM
_WHEN_X = 13.5 * MM
_TEXT_X = 34 * MM
_TEXT_WIDTH = WIDTH - _TEXT_X - 1 * MM
_GAP = 3 * MM


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps of one time: ``title`` is such as "0–15 min"."""

    title: str
    steps: tuple[Step, ...]
    # On the front side; what comes later stands on the back.
    is_first_hour: bool = True


@remembered
def later_group(setter: Compositor, language: Language, phases: tuple[Phase, ...]) -> Group:
    """One table of all later times, each row with its time, so that it takes little of the side."""
    title = in_language(say("After the first hour"), language)
    continued = in_language(say("{title} (continued)", title=title), language)
    rows = tuple(_row(setter, phase.title, step) for phase in phases for step in phase.steps)
    return Group(
        name=say("steps after the first hour"),
        key=("later", language, phases),
        head=_bar(title),
        again=_bar(continued),
        rows=rows,
        gap=_GAP,
        least_rows=1,
    )


def _bar(title: str) -> Block:
    return Block(BAR_HEIGHT, lambda pen, y: pen.word(INSET, draw_bar(pen, y), title, BAR, white=True))


def _row(setter: Compositor, when: str, step: Step) -> Block:
    name = say("step {n}", n=step.number)
    times = setter.set(name, _TEXT_X - _WHEN_X - 1 * MM, (when, _BOLD))
    lines = setter.set(name, _TEXT_WIDTH, (step.text, _TEXT))
    row_height = max(height(times, _BOLD), height(lines, _TEXT)) + 2 * _PADDING

    def draw(pen: Pen, y: float) -> None:
        top = y + _PADDING
        pen.box(1.5 * MM, top + (_TEXT.leading - _BOX) / 2, _BOX, _BOX, line=THICK)
        pen.word(_NUMBER_RIGHT, top + _TEXT.baseline, str(step.number), _BOLD, anchor=1)
        pen.lines(_WHEN_X, top, times, _BOLD)
        pen.lines(_TEXT_X, top, lines, _TEXT)
        pen.rule(0, y + row_height, WIDTH, y + row_height, gray=RULE_GRAY)

    return Block(row_height, draw)
