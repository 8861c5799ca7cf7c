"""The parts of a chain in words: channels, infrastructure, the weakest link."""

from prep.alerting.chain import Network
from prep.alerting.result import Failures, Part, PartKind, Reason
from prep.language import Message, percent, say
from prep.terms import Channel, ResourceKind

_CHANNELS = {
    Channel.CALL: say("call"),
    Channel.ROBOT_CALL: say("robot call"),
    Channel.SMS: say("text message"),
    Channel.APP_OVERRIDE: say("app that breaks through silence"),
    Channel.APP: say("app"),
    Channel.PAGER: say("pager"),
    Channel.RADIO: say("authority radio"),
    Channel.DUTY_CALL: say("duty line"),
    Channel.EMAIL: say("e-mail"),
    Channel.SATELLITE_CALL: say("satellite telephone"),
    Channel.RUNNER: say("runner"),
}
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


def channel_name(channel: Channel | str) -> Message:
    return _CHANNELS[Channel(channel)]


def resource_kind_name(kind: ResourceKind) -> Message:
    return _RESOURCES[kind]


def part_name(network: Network, part: Part) -> Message | str:
    """A part by the name that people know it by.

    Infrastructure that stands in one place is named with it: its key is kind/place/operator.
    """
    if part.kind is PartKind.ACTOR:
        return network.actor(part.key).name
    if part.kind is PartKind.POINT:
        owner = next(one.actor for one in network.points if one.key == part.key)
        return say("number of {name}", name=network.actor(owner).name)
    if part.kind is PartKind.SEAT:
        seats = (seat for group in network.groups for seat in group.seats)
        return next(seat.name for seat in seats if seat.key == part.key)
    resource = next(one for one in network.resources if one.key == part.key)
    name = resource_kind_name(resource.kind)
    return say("{what} ({where})", what=name, where=resource.name) if resource.name else name


def weakest_link(network: Network, failures: Failures) -> Message | None:
    """What, had it not failed, would have saved most of the runs that failed; None if nothing would."""
    weakest = failures.weakest
    if weakest is None:
        return None
    return say(
        "{part}: {reason} ({share} of the failures)",
        part=part_name(network, weakest.part),
        reason=_REASONS[weakest.reason],
        share=percent(weakest.saved.p),
    )
