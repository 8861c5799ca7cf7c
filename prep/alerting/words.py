"""The weakest link in few words, for tables."""

from prep.alerting.chain import Network
from prep.alerting.explanation import part_name
from prep.alerting.result import GroupReach, Reason
from prep.language import Message, percent, say

_REASONS = {
    Reason.UNAVAILABLE: say("out of reach"),
    Reason.UNANSWERED: say("does not answer in time"),
    Reason.STALE: say("doubtful number"),
    Reason.NO_RELAY: say("does not pass the alarm on"),
    Reason.REFUSED: say("cannot come"),
    Reason.SEVERAL: say("several reasons"),
    Reason.DOWN: say("out of order"),
    Reason.VACANT: say("vacant"),
}


def reason_words(reason: Reason) -> Message:
    """Why a part fails a group, to follow its name."""
    return _REASONS[reason]


def weakest_in_short(reach: GroupReach, network: Network) -> Message | None:
    """What, had it not failed, would have saved most of the runs that failed; None if nothing would."""
    weakest = reach.failures.weakest
    if weakest is None:
        return None
    return say(
        "{part}: {reason} ({share})",
        part=part_name(weakest.part, reach.group, network),
        reason=_REASONS[weakest.reason],
        share=percent(weakest.saved.p),
    )
