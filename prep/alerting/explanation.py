"""The weakest link of a group, facts and outages as sentences; names come from the network, a result has none."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from prep.alerting.chain import Network
from prep.alerting.infrastructure import RESOURCES
from prep.alerting.labels import CHANNELS
from prep.alerting.result import GroupReach, Part, PartKind, Reason
from prep.alerting.scenarios import Scenario
from prep.language import Message, percent, say
from prep.terms import Channel


def weakest_link(reach: GroupReach, network: Network) -> Message:
    """One sentence on what would have saved most of the failing runs of a group."""
    failures = reach.failures
    if failures.failing == 0:
        return say("The group was reached in every one of {runs} runs.", runs=reach.quorum.runs)
    if failures.examined == 0:
        return say("The failing runs have not been examined.")
    weakest = failures.weakest
    if weakest is None:
        return say("No single part would have saved a failing run: several things fail at once.")
    return _sentence(weakest.reason, part_name(weakest.part, reach.group, network), percent(weakest.saved.p))


def part_name(part: Part, group: str, network: Network) -> str:
    """What a part is called: the name of the actor, resource or seat, of the owner for a contact point."""
    if part.kind is PartKind.ACTOR:
        return network.actor(part.key).name
    if part.kind is PartKind.POINT:
        return next(network.actor(one.actor).name for one in network.points if one.key == part.key)
    if part.kind is PartKind.HANDSET:
        return next(network.actor(one.actor).name for one in network.handsets if one.key == part.key)
    if part.kind is PartKind.RESOURCE:
        return next(one.name for one in network.resources if one.key == part.key)
    return next(seat.name for seat in network.group(group).seats if seat.key == part.key)


def part_words(part: Part, network: Network) -> Message | str:
    """What a part of a cut is called, with what it is where the name alone would not tell."""
    if part.kind is PartKind.CHANNEL:
        return CHANNELS[Channel(part.key)]
    if part.kind is PartKind.SEAT:
        return next(seat.name for group in network.groups for seat in group.seats if seat.key == part.key)
    name = part_name(part, "", network)
    if part.kind is PartKind.POINT:
        return say("a number of {person}", person=name)
    if part.kind is PartKind.HANDSET:
        return say("the telephone of {person}", person=name)
    return name


_FACTS: Mapping[str, Message] = MappingProxyType(
    {
        "available": say("{name} is available"),
        "comes": say("{name} can come"),
        "relay": say("{name} passes the alarm on"),
        "point": say("the number of {name} is right"),
        "handset": say("the telephone of {name} is heard"),
        "resource": say("{name} works"),
        "fed": say("{name} works though what feeds it is down"),
    }
)


def fact_words(fact: tuple[str, str], network: Network) -> Message:
    """A fact of the exact solver in words; attempts are told by caller and target."""
    kind, key = fact
    if kind == "link":
        caller, target = key.split("\x1f")[:2]
        names = network.actor(caller).name, network.actor(target).name
        return say("an attempt of {caller} on {target} is answered", caller=names[0], target=names[1])
    kinds = {"point": PartKind.POINT, "handset": PartKind.HANDSET}
    part = kinds.get(kind, PartKind.RESOURCE if kind in {"resource", "fed"} else PartKind.ACTOR)
    return Message(_FACTS[kind].template, {"name": part_name(Part(part, key), "", network)})


def windows_told(network: Network, scenario: Scenario) -> list[Message]:
    """The outages for a part of the time that touch a network, each in words."""
    kinds = {one.kind for one in network.resources}
    names = {one.key: one.name for one in network.resources}
    found = [(RESOURCES[kind], window) for kind, window in scenario.kind_windows if kind in kinds]
    own = [(names[key], window) for key, window in scenario.windows if key in names]
    return [say("{part} {when}", part=name, when=window.words()) for name, window in (*found, *own)]


def left_out_of_bound(network: Network, scenario: Scenario) -> Message | None:
    """What the exact answer leaves out, and which bound it is because of that; None where it leaves nothing out."""
    if not (told := windows_told(network, scenario)):
        return None
    return say(
        "Left out here, as if it did not happen: {outages} out of order. With that no more can get through than this:"
        " the answer is an upper bound for this reason too.",
        outages=told,
    )


def left_out_of_cuts(network: Network, scenario: Scenario) -> Message | None:
    """The same for what silences a group."""
    if not (told := windows_told(network, scenario)):
        return None
    return say(
        "Left out here, as if it did not happen: {outages} out of order. What silences a group here silences it with"
        " that too; while that lasts, fewer failures may be enough.",
        outages=told,
    )


def silent_already_told(network: Network, scenario: Scenario, groups: Iterable[str]) -> Message | None:
    """Which of the groups need no failure to be silent; None if none: an empty list of sets would look like safety."""
    from prep.alerting.cuts import silent_already

    found = set(silent_already(network, scenario)).intersection(groups)
    if not found:
        return None
    return say(
        "Silent already, although nothing more fails: {groups}. Nothing that is in order leads to enough of the seats.",
        groups=[one.name for one in network.groups if one.key in found],
    )


_WHY: Mapping[Reason, Message] = MappingProxyType(
    {
        Reason.UNAVAILABLE: say("who is often out of reach"),
        Reason.UNANSWERED: say("who often does not answer"),
        Reason.STALE: say("whose number is doubtful"),
        Reason.NO_RELAY: say("who does not always pass the alarm on"),
        Reason.REFUSED: say("who often cannot come"),
    }
)


def _sentence(reason: Reason, name: str, share: str) -> Message:
    if reason is Reason.DOWN:
        return say(
            "Weakest link: the shared connection {name}. Had it stayed up, {share} of the failing runs would"
            " have succeeded.",
            name=name,
            share=share,
        )
    if reason is Reason.VACANT:
        return say(
            "Weakest link: the vacant seat {name}. Had its holder been reached, {share} of the failing runs"
            " would have succeeded.",
            name=name,
            share=share,
        )
    if reason is Reason.SEVERAL:
        return say(
            "Weakest link: {name}. Had they answered every attempt and passed the alarm on, {share} of the"
            " failing runs would have succeeded.",
            name=name,
            share=share,
        )
    return say(
        "Weakest link: {name}, {why}. Had they answered every attempt and passed the alarm on, {share} of the"
        " failing runs would have succeeded.",
        name=name,
        why=_WHY[reason],
        share=share,
    )
