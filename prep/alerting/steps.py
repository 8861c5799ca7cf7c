"""The rules of a chain's steps: what is tried on one slot, by one caller and by all."""

from collections.abc import Iterator

from prep.alerting.chain import CallList, Item, Network
from prep.alerting.finding import Finding, Rule, name, warning
from prep.errors import Problem
from prep.language import Message, say
from prep.terms import ActorKind, ListMode


def steps(network: Network) -> Iterator[Finding]:
    """What is wrong with single steps, each told once."""
    told: set[str] = set()
    for one in network.lists:
        place = say("Call list of {caller}", caller=name(network, one.caller))
        for slot, attempts in _by_slot(one).items():
            names = ", ".join(dict.fromkeys(name(network, item.target) for item in attempts))
            if not any(item.two_way for item in attempts):
                yield _found(
                    Rule.ONE_WAY_ONLY,
                    slot,
                    place,
                    names,
                    say("Delivered is not reached: nothing comes back on this channel."),
                    say("Add a channel that can be answered."),
                )
            elif slot not in told and _on_one_channel(network, attempts):
                told.add(slot)
                yield _found(
                    Rule.ONE_CHANNEL,
                    slot,
                    place,
                    names,
                    say("All attempts of this step use one channel and fail together with it."),
                    say("Make one of them by another channel."),
                )
            if one.mode is ListMode.PARALLEL and any(
                item.synchronous and item.gap_s < item.ring_s for item in attempts[:-1]
            ):
                yield _found(
                    Rule.OVERLAPPING_CALLS,
                    slot,
                    place,
                    names,
                    say("The next attempt begins while the call before is still ringing."),
                    say("Make the wait at least as long as the ringing."),
                )


def _found(rule: Rule, slot: str, place: Message, names: str, broken: Message, remedy: Message) -> Finding:
    return warning(rule, slot, Problem(place=place, value=names, rule=broken, remedy=remedy))


def _on_one_channel(network: Network, attempts: list[Item]) -> bool:
    """Whether several attempts on persons use one channel, and nobody else tries them by another."""
    targets = {item.target for item in attempts}
    if len(attempts) < 2 or not any(network.actor(key).kind is ActorKind.PERSON for key in targets):
        return False
    tried = {item.channel for one in network.lists for item in one.items if item.target in targets}
    return len(tried) == 1


def _by_slot(one: CallList) -> dict[str, list[Item]]:
    slots: dict[str, list[Item]] = {}
    for item in one.items:
        slots.setdefault(item.slot, []).append(item)
    return slots
