"""How a chain and its failures are put in words: parts of the network by their names, reasons as sentences."""

from collections.abc import Mapping

from prep.alerting.chain import Network
from prep.alerting.result import Part, PartKind, Reason
from prep.language import Message, say
from prep.terms import ResourceKind

_REASONS: dict[Reason, Message] = {
    Reason.UNAVAILABLE: say("is not available at this hour"),
    Reason.UNANSWERED: say("does not answer"),
    Reason.STALE: say("has a number that no longer leads there"),
    Reason.NO_RELAY: say("is reached but does not pass the alarm on in time"),
    Reason.REFUSED: say("answers, and cannot come"),
    Reason.SEVERAL: say("fails for several reasons"),
    Reason.DOWN: say("is out of order"),
    Reason.VACANT: say("is vacant"),
}
_RESOURCES: dict[ResourceKind, Message] = {
    ResourceKind.MOBILE_CORE: say("The mobile network of the whole country"),
    ResourceKind.OPERATOR_AREA: say("Mobile network of operator {operator}, {place}"),
    ResourceKind.POWER_AREA: say("Electricity, {place}"),
    ResourceKind.LANDLINE: say("The landline network"),
    ResourceKind.SMS_GATEWAY: say("The text message service"),
    ResourceKind.MASS_ALERT: say("The mass alert service"),
    ResourceKind.EMERGENCY_CENTRE_SYSTEM: say("The emergency-centre system"),
    ResourceKind.AUTHORITY_RADIO: say("The Virve network"),
    ResourceKind.PAGER_NETWORK: say("The pager network"),
    ResourceKind.INTERNET: say("The internet"),
}


def reason_words(reason: Reason) -> Message:
    """Why a part fails, to follow its name."""
    return _REASONS[reason]


def part_name(
    part: Part, network: Network, *, seats: Mapping[str, str], places: Mapping[str, str]
) -> Message | str:
    """The name of a part; ``seats`` by their keys and ``places`` by municipality code, in the page's language."""
    match part.kind:
        case PartKind.ACTOR:
            return network.actor(part.key).name
        case PartKind.SEAT:
            return seats.get(part.key, part.key)
        case PartKind.POINT:
            owner = next((point.actor for point in network.points if point.key == part.key), None)
            return say("A number of {name}", name=network.actor(owner).name) if owner else part.key
        case PartKind.RESOURCE:
            return resource_name(part.key, places)


def resource_name(key: str, places: Mapping[str, str]) -> Message | str:
    """The name of a piece of infrastructure from its key, such as ``operator_area/421/A``.

    >>> str(resource_name("operator_area/421/A", {"421": "Lestijärvi"}))
    'Mobile network of operator A, Lestijärvi'
    """
    kind, _, rest = key.partition("/")
    code, _, operator = rest.partition("/")
    place: Message | str = places.get(code, "") or say("the county")
    try:
        sentence = _RESOURCES[ResourceKind(kind)]
    except ValueError:
        return key
    facts: dict[str, Message | str] = {"place": place, "operator": _operator(operator)}
    return Message(
        sentence.template, {name: facts[name] for name in facts if f"{{{name}}}" in sentence.template}
    )


def _operator(name: str) -> Message | str:
    return say("not known") if name in {"", "unknown"} else name
