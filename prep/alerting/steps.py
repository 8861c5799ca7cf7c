"""The rules of a chain's steps: what is tried on one slot, by one caller and by all."""

from collections.abc import Iterator

from prep.alerting.chain import CallList, Item, Network
from prep.alerting.defaults import UNKNOWN_OPERATOR
from prep.alerting.finding import Finding, Rule, fault, name, warning
from prep.errors import Problem
from prep.language import Message, say
from prep.terms import ActorKind, If, ListMode, ResourceKind


def steps(network: Network) -> Iterator[Finding]:
    """What is wrong with single steps, each told once."""
    told: set[tuple[Rule, str]] = set()
    used = _Used(network)
    for one in network.lists:
        place = say("Call list of {caller}", caller=name(network, one.caller))
        for slot, attempts in _by_slot(one).items():
            for rule, broken, remedy in (*_of_step(used, attempts), *_of_list(one, attempts)):
                if (rule, slot) in told and rule in _TOLD_ONCE:
                    continue
                told.add((rule, slot))
                targets = dict.fromkeys(item.target for item in attempts if not item.pause)
                names = ", ".join(name(network, target) for target in targets) or slot
                yield warning(rule, slot, Problem(place=place, value=names, rule=broken, remedy=remedy))
        yield from _conditions(one, place)
        yield from _follow_up(network, one, place)
        yield from _load(network, one, place)


# What holds of a step whoever makes it.
_TOLD_ONCE = frozenset({Rule.ONE_CHANNEL, Rule.ONE_OPERATOR, Rule.ONE_HANDSET, Rule.EMPTY_STEP})
_Broken = tuple[Rule, Message, Message]


class _Used:
    """By which channels, networks and handsets anybody tries each target."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.items: dict[str, list[Item]] = {}
        for _, item in network.calls:
            self.items.setdefault(item.target, []).append(item)
        self.handset = {point.key: point.handset for point in network.points}
        self.operators = {
            one.key
            for one in network.resources
            if one.kind is ResourceKind.OPERATOR_AREA and not one.key.endswith(f"/{UNKNOWN_OPERATOR}")
        }

    def all_of(self, attempts: list[Item]) -> list[Item]:
        """All attempts that anybody makes on the targets of these."""
        return [
            item for target in dict.fromkeys(item.target for item in attempts) for item in self.items[target]
        ]


def _of_step(used: _Used, attempts: list[Item]) -> Iterator[_Broken]:
    calls = [item for item in attempts if item.alerts]
    if not calls:
        if any(item.pause for item in attempts):
            yield (
                Rule.EMPTY_STEP,
                say("Somebody stands behind every step of a call list."),
                say("Appoint somebody with a number that the step can use, or take the step off the list."),
            )
        return
    if not any(item.two_way for item in calls):
        yield (
            Rule.ONE_WAY_ONLY,
            say("Delivered is not reached: nothing comes back on this channel."),
            say("Add a channel that can be answered."),
        )
        return
    persons = {used.network.actor(item.target).kind for item in calls} & {ActorKind.PERSON}
    everything = used.all_of(calls)
    if len(calls) < 2 or not persons:
        return
    if len({item.channel for item in everything}) == 1:
        yield (
            Rule.ONE_CHANNEL,
            say("All attempts of this step use one channel and fail together with it."),
            say("Make one of them by another channel."),
        )
    operators = [used.operators.intersection(item.resources) for item in everything]
    targets = {item.target for item in calls}
    if len(targets) > 1 and all(operators) and len(set().union(*operators)) == 1:
        yield (
            Rule.ONE_OPERATOR,
            say("All attempts of this step pass one operator's sites and fail together with them."),
            say("Give one of them a number of another operator, or a channel without the mobile network."),
        )
    handsets = {used.handset.get(item.point) if item.point else None for item in everything}
    if len({item.channel for item in everything}) > 1 and len(handsets) == 1 and None not in handsets:
        yield (
            Rule.ONE_HANDSET,
            say("All channels of this step end in one telephone: when it is not heard, none is."),
            say("Add a deputy, or a channel that does not end in that telephone."),
        )


def _of_list(one: CallList, attempts: list[Item]) -> Iterator[_Broken]:
    if one.mode is not ListMode.PARALLEL:
        return
    if any(item.synchronous and item.gap_s < item.ring_s for item in attempts[:-1]):
        yield (
            Rule.OVERLAPPING_CALLS,
            say("The next attempt begins while the call before is still ringing."),
            say("Make the wait at least as long as the ringing."),
        )
    if any(item.pause and item.gap_s > 0 for item in attempts[:-1]):
        yield (
            Rule.BURNT_WAIT,
            say("The system waits for an answer though nobody stands behind the step."),
            say("Fill the step, or shorten its wait to nothing."),
        )


def _conditions(one: CallList, place: Message) -> Iterator[Finding]:
    """Conditions on what comes later, and those that can never hold."""
    seen: dict[str, bool] = {}  # whether the slot can answer
    for item in one.items:
        if item.condition is not None:
            if item.condition.slot == item.slot or item.condition.slot not in seen:
                yield fault(
                    Rule.LATER_CONDITION,
                    item.slot,
                    Problem(
                        place=place,
                        value=item.condition.slot,
                        rule=say("A condition looks back, at another step that stands earlier on the list."),
                        remedy=say("Put the conditional step after the one that it depends on."),
                    ),
                )
            elif item.condition.kind is If.ANSWERED and not seen[item.condition.slot]:
                yield warning(
                    Rule.UNREACHABLE_STEP,
                    item.slot,
                    Problem(
                        place=place,
                        value=item.slot,
                        rule=say("This step waits for an answer that cannot come, so it is never made."),
                        remedy=say("Let it depend on a step that can be answered."),
                    ),
                )
        answers = item.two_way and not item.pause
        seen[item.slot] = seen.get(item.slot, False) or answers


def _follow_up(network: Network, one: CallList, place: Message) -> Iterator[Finding]:
    if one.follows_up and not any(
        item.calls_back and item.target == one.caller for other in network.lists for item in other.items
    ):
        yield warning(
            Rule.NO_CALL_BACK,
            one.caller,
            Problem(
                place=place,
                value=None,
                rule=say("A follow-up waits for a call-back, and nobody calls back."),
                remedy=say("Let the last in the chain call back to this caller."),
            ),
        )


def _load(network: Network, one: CallList, place: Message) -> Iterator[Finding]:
    """A caller whose line is held past the deadline before every member on the list was tried once."""
    if one.mode is not ListMode.SERIAL or one.follows_up:
        return
    begins_s = 0.0
    first: dict[str, float] = {}
    for item in one.items:
        if item.pause or item.condition is not None:
            continue
        first.setdefault(item.slot, begins_s)
        begins_s += item.ring_s if item.synchronous else item.send_s
    slots_of = {item.slot: item.target for item in reversed(one.items) if item.alerts}
    for group in network.groups:
        holders = {key for seat in group.seats for key in seat.holders}
        late = [slot for slot, at in first.items() if at > group.deadline_s and slots_of.get(slot) in holders]
        on_time = [
            slot for slot, at in first.items() if at <= group.deadline_s and slots_of.get(slot) in holders
        ]
        if late and len(on_time) < group.quorum:
            yield warning(
                Rule.TOO_MANY_CALLS,
                one.caller,
                Problem(
                    place=place,
                    value=say(
                        "{group}: {n} of {all} after the deadline",
                        group=group.name,
                        n=len(late),
                        all=len(late) + len(on_time),
                    ),
                    rule=say("One line is enough to try everybody once before the deadline."),
                    remedy=say("Share the calls among several callers, or let a system alert all at once."),
                ),
            )


def _by_slot(one: CallList) -> dict[str, list[Item]]:
    slots: dict[str, list[Item]] = {}
    for item in one.items:
        if not item.calls_back:
            slots.setdefault(item.slot, []).append(item)
    return slots
