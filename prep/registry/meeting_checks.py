"""What is not in order with the meetings of a body: too few, not invited to, not noted, without quorum or minutes."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from prep.language import say
from prep.registry.bodies import BodyStanding
from prep.registry.body_check import Asked, BodyCheck, BodyRule
from prep.registry.meetings import MeetingStanding, next_meeting, rules_standing
from prep.terms import Language, MeetingStatus, State

# Minutes take a while to be checked and signed.
MINUTES_WITHIN = timedelta(days=30)


def meeting_checks(
    standing: BodyStanding, several: Sequence[MeetingStanding], *, on: date, language: Language
) -> list[BodyCheck]:
    """Everything that is not in order with the meetings of one body on a day.

    What was is asked of the last meeting only: what nobody mended for an earlier one stands in the list of meetings.

    Parameters
    ----------
    several
        The meetings of the body, in order of time.
    """
    asked = Asked(standing, (), on, language)
    return [*_frequency(asked, several), *_to_come(asked, several), *_past(asked, several)]


def _frequency(asked: Asked, several: Sequence[MeetingStanding]) -> Iterator[BodyCheck]:
    if asked.standing.body.is_to_be_established and not several:
        return
    for one in rules_standing(asked.standing.body, several, on=asked.on):
        if one.state is not State.OK:
            yield asked.about(
                BodyRule.TOO_FEW_MEETINGS,
                one.state,
                say("{body}, meetings: {words}", body=asked.name, words=one.words),
                say("Plan a meeting, or add those that were held."),
            )


def _to_come(asked: Asked, several: Sequence[MeetingStanding]) -> Iterator[BodyCheck]:
    one = next_meeting(several)
    if one is not None and one.state is not State.OK:
        yield asked.about(
            BodyRule.INVITATION,
            one.state,
            say("{body}, meeting {day}: {words}", body=asked.name, day=one.day, words=one.words),
            say("Send the invitation, and note the day."),
        )


def _past(asked: Asked, several: Sequence[MeetingStanding]) -> Iterator[BodyCheck]:
    past = [
        one for one in several if not one.is_to_come and one.meeting.status is not MeetingStatus.CANCELLED
    ]
    if not past:
        return
    last = past[-1]
    facts = {"body": asked.name, "day": last.day, "words": last.words}
    if not last.meeting.attendances:
        yield asked.about(
            BodyRule.NOT_NOTED,
            State.WARNING,
            say("{body}, meeting {day}: {words}", **facts),
            say("Note who came, or mark the meeting as cancelled."),
        )
    elif last.quorum is not None and not last.quorum.is_reached:
        yield asked.about(
            BodyRule.HELD_WITHOUT_QUORUM,
            State.WARNING,
            say("{body}, meeting {day}: {words}", **facts),
            say("Have the next meeting confirm what was decided."),
        )
    elif not last.files and asked.on - last.day > MINUTES_WITHIN:
        yield asked.about(
            BodyRule.NO_MINUTES,
            State.WARNING,
            say("{body}, meeting {day}: {words}", **facts),
            say("Attach the minutes."),
        )
