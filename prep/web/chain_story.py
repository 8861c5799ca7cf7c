"""One alarm told line by line: the one in the middle, the worst plausible one, or any run by its number."""

from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, render_template, request

from prep import clock
from prep.alerting.defaults import caution
from prep.alerting.scenarios import Scenario
from prep.alerting.story import Line, Story, median_run, tell, worst_run
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.web.chain_asking import Asked, asked_chain, chain_of, chain_parts, scenario_asked, scenario_choices
from prep.web.chain_reading import SEED
from prep.web.choices import Choice, one_of
from prep.web.choices import asked as address
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission

pages = Blueprint("chain_story", __name__)

LAST_RUN = 9_999_999
_NUMBER = "ajo"


class Alarm(StrEnum):
    """Which of the runs is told."""

    MIDDLE = "middle"
    WORST = "worst"


_NAMES: dict[Alarm, Message] = {
    Alarm.MIDDLE: say("The one in the middle"),
    Alarm.WORST: say("The worst plausible one"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the page: of the story, or the deadline between two of them."""

    line: Line
    is_deadline: bool = False


@pages.get("/halytysketjut/<key>/kertomus")
@permission("chain.read")
def show(key: str) -> str:
    """One chain, one alarm."""
    scenario = scenario_asked()
    with reading() as session:
        asked = asked_chain(chain_of(session, key), on=clock.today(), language=page_language())
        number = _number_asked()
        alarm = one_of(Alarm, "halytys") or Alarm.MIDDLE
        story = None if asked.is_faulty else _tell(asked, scenario, alarm, number)
        return render_template(
            "chain_story.html",
            chain=asked.chain,
            scenario=scenario.name,
            story=story,
            reached=story.groups[0][1] if story else None,
            is_in_time=story is not None and _in_time(asked, story),
            lines=_lines(story, asked) if story else (),
            name=_NAMES[alarm] if number is None else say("Run {n}", n=str(number)),
            last_run=LAST_RUN,
            caution=caution(),
            alarms=[
                Choice(
                    _NAMES[one],
                    address({"halytys": one.value}, without=(_NUMBER,)),
                    is_chosen=number is None and one is alarm,
                )
                for one in Alarm
            ],
            parts=chain_parts(asked.chain),
            **scenario_choices(),
        )


def _tell(asked: Asked, scenario: Scenario, alarm: Alarm, number: int | None) -> Story:
    if number is None:
        choose = worst_run if alarm is Alarm.WORST else median_run
        number = choose(asked.network, scenario, asked.group, seed=SEED)
    return tell(asked.network, scenario, seed=SEED, run=number)


def _in_time(asked: Asked, story: Story) -> bool:
    reached = story.groups[0][1]
    return reached is not None and reached <= asked.chain.deadline_min * 60


def _lines(story: Story, asked: Asked) -> list[Told]:
    """The lines with the deadline put in its place."""
    limit_s = asked.chain.deadline_min * 60.0
    deadline = Told(Line(limit_s, say("The deadline of {n} minutes.", n=asked.chain.deadline_min)), True)
    before = [Told(line) for line in story.lines if line.at_s <= limit_s]
    return [*before, deadline, *(Told(line) for line in story.lines if line.at_s > limit_s)]


def _number_asked() -> int | None:
    """The run that the address asks for, None if it asks for none."""
    written = request.args.get(_NUMBER, "").strip()
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or int(written) > LAST_RUN:
        raise Refused(
            Problem(
                place=say("Number of the run"),
                value=written[:40],
                rule=say("A run is a whole number from 0 to {last}.", last=LAST_RUN),
                remedy=say("Write such a number, or leave it out."),
            )
        )
    return int(written)
