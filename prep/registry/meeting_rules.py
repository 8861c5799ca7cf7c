"""Changing how often a body is agreed to meet: what a pack brought can be corrected, and what is missing added."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Body, MeetingRule
from prep.regions.kinds import Period

MOST_TIMES = 366
_MOST_RULES = 9


@dataclass(frozen=True, slots=True)
class RuleDetails:
    """How often a body meets in a period: at least ``min`` times, at most ``max`` where that is agreed.

    Raises
    ------
    Refused
        If it is less than once, too often, or the most is less than the least.
    """

    min: int
    max: int | None
    period: Period
    is_per_area: bool = False

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise Refused(problems)

    def _problems(self) -> Iterator[Problem]:
        for place, value in ((say("The least number of meetings"), self.min), (say("The most"), self.max)):
            if value is not None and not 1 <= value <= MOST_TIMES:
                yield _problem(place, value, say("It is a whole number from 1 to {most}.", most=MOST_TIMES))
        if self.max is not None and 1 <= self.max < self.min <= MOST_TIMES:
            yield _problem(
                say("The most"), self.max, say("It is not less than the least, {least}.", least=self.min)
            )


def add_rule(session: Session, body: Body, details: RuleDetails) -> MeetingRule:
    """A frequency more.

    Raises
    ------
    Refused
        If the body has the same already, or too many.
    """
    if len(body.meeting_rules) >= _MOST_RULES:
        raise Refused(
            _problem(
                say("The agreed frequency"),
                len(body.meeting_rules),
                say("A body has at most {n} of them.", n=_MOST_RULES),
            )
        )
    _require_other(body, details)
    position = 1 + max((one.position for one in body.meeting_rules), default=0)
    rule = MeetingRule(position=position)
    _write(rule, details)
    body.meeting_rules.append(rule)
    session.flush()
    return rule


def change_rule(session: Session, rule: MeetingRule, details: RuleDetails) -> None:
    """Change what is agreed of how often a body meets.

    Raises
    ------
    Refused
        If the body has the same already.
    """
    _require_other(rule.body, details, besides=rule)
    _write(rule, details)
    session.flush()


def remove_rule(session: Session, rule: MeetingRule) -> None:
    """Take a frequency away that is not agreed, or no longer."""
    rule.body.meeting_rules.remove(rule)
    session.flush()


def _require_other(body: Body, details: RuleDetails, *, besides: MeetingRule | None = None) -> None:
    for one in body.meeting_rules:
        kept = (one.min, one.max, one.period, one.is_per_area)
        if one is not besides and kept == (details.min, details.max, details.period, details.is_per_area):
            raise Refused(
                _problem(say("The agreed frequency"), None, say("The body has the same frequency already."))
            )


def _write(rule: MeetingRule, details: RuleDetails) -> None:
    rule.min, rule.max = details.min, details.max
    rule.period, rule.is_per_area = details.period, details.is_per_area


def _problem(place: Message, value: int | None, rule: Message) -> Problem:
    return Problem(
        place=place, value=None if value is None else str(value), rule=rule, remedy=say("Correct it.")
    )
