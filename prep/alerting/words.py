"""Infrastructure and the weakest link in few words, for tables."""

from prep.alerting.chain import Network
from prep.alerting.explanation import part_name
from prep.alerting.result import GroupReach, Reason
from prep.language import Message, percent, say
from prep.terms import ResourceKind

_RESOURCES = {
    ResourceKind.MOBILE_CORE: say("mobile network"),
    ResourceKind.OPERATOR_AREA: say("mobile operator's sites"),
    ResourceKind.POWER_AREA: say("power supply"),
    ResourceKind.LANDLINE: say("landline network"),
    ResourceKind.SMS_GATEWAY: say("text-message gateway"),
    ResourceKind.MASS_ALERT: say("mass-alert service"),
    ResourceKind.EMERGENCY_CENTRE_SYSTEM: say("emergency-centre system"),
    ResourceKind.AUTHORITY_RADIO: say("authority radio network"),
    ResourceKind.PAGER_NETWORK: say("pager network"),
    ResourceKind.INTERNET: say("internet"),
}
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


def resource_name(kind: ResourceKind) -> Message:
    return _RESOURCES[kind]


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
