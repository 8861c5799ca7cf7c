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
    Reason.UNAVAILABLE: say("cannot be reached by anyone (asleep, travelling, ill)"),
    Reason.UNANSWERED: say("does not answer in time"),
    Reason.STALE: say("the number may be wrong"),
    Reason.NO_RELAY: say("is reached, but does not alert the others"),
    Reason.REFUSED: say("answers, but cannot come"),
    Reason.SEVERAL: say("for several reasons"),
    Reason.DOWN: say("is out of order"),
    Reason.VACANT: say("is vacant"),
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
        "{part}: {reason} ({share} of the failures)",
        part=part_name(weakest.part, reach.group, network),
        reason=_REASONS[weakest.reason],
        share=percent(weakest.saved.p),
    )
