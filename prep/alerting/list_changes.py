"""What a change to a chain is, and those that concern a whole list: all at once, another order, shorter waits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from prep.alerting.chain import CallList, Item, Network
from prep.language import Message, say
from prep.terms import ActorKind, ListMode

_SHORTEST_WAIT_S = 60.0


class FixKind(StrEnum):
    """What kind of change a fix is."""

    FILL_SEAT = "fill_seat"
    ADD_DEPUTY = "add_deputy"
    ADD_CHANNEL = "add_channel"
    VERIFY_NUMBER = "verify_number"
    DESK_DIRECT = "desk_direct"
    PARALLEL = "parallel"
    SHORTER_WAIT = "shorter_wait"
    REORDER = "reorder"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change that could be made: ``subject`` is the key of the seat, number or caller that it concerns.

    ``detail`` tells apart what could be done with one subject in several ways (by which channel).
    """

    kind: FixKind
    subject: str
    sentence: Message
    network: Network
    detail: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.kind.value, self.subject, self.detail


def list_changes(network: Network, lists: Iterable[CallList]) -> Iterator[Candidate]:
    """Desks and systems that alert all at once, and shorter waits."""
    for one in lists:
        caller = network.actor(one.caller)
        if one.mode is ListMode.SERIAL and caller.kind is not ActorKind.PERSON:
            yield Candidate(
                FixKind.PARALLEL,
                one.caller,
                say("Let {caller} alert all at once instead of one after another.", caller=caller.name),
                with_list(network, replace(one, mode=ListMode.PARALLEL)),
            )
        yield from _orders(network, one)
        shorter = replace(one, items=tuple(_sooner(item) for item in one.items))
        if shorter != one:
            yield Candidate(
                FixKind.SHORTER_WAIT,
                one.caller,
                say("Halve the waits on the call list of {caller}.", caller=caller.name),
                with_list(network, shorter),
            )


def _orders(network: Network, one: CallList) -> Iterator[Candidate]:
    """For one who calls one after another: everybody once before anybody twice; the required seats first.

    Lists with conditions keep their order: these look back at what stood before them.
    """
    if one.mode is not ListMode.SERIAL or any(item.condition is not None for item in one.items):
        return
    turn: dict[str, int] = {}
    rounds = []
    for item in one.items:
        rounds.append(turn.get(item.target, 0))
        turn[item.target] = rounds[-1] + 1
    by_round = tuple(item for _, item in sorted(zip(rounds, one.items, strict=True), key=lambda row: row[0]))
    if by_round != one.items:
        sentence = say("Let {caller} try everybody once before anybody twice.", caller=_name(network, one))
        better = with_list(network, replace(one, items=by_round))
        yield Candidate(FixKind.REORDER, one.caller, sentence, better, "rounds")
    required = {
        holder
        for group in network.groups
        for seat in group.seats
        if seat.key in group.required
        for holder in seat.holders
    }
    first = tuple(sorted(one.items, key=lambda item: item.target not in required))
    if required and first != one.items:
        sentence = say("Let {caller} call the required seats first.", caller=_name(network, one))
        better = with_list(network, replace(one, items=first))
        yield Candidate(FixKind.REORDER, one.caller, sentence, better, "required")


def _name(network: Network, one: CallList) -> str:
    return network.actor(one.caller).name


def _sooner(item: Item) -> Item:
    """Half the wait before the slot's next attempt, but never less than the ringing or a minute."""
    least = max(item.ring_s if item.synchronous else 0.0, _SHORTEST_WAIT_S)
    return replace(item, gap_s=min(item.gap_s, max(item.gap_s / 2, least)))


def with_list(network: Network, changed: CallList) -> Network:
    """The network with one of its lists changed."""
    lists = tuple(
        changed if (one.caller, one.follows_up) == (changed.caller, changed.follows_up) else one
        for one in network.lists
    )
    return replace(network, lists=lists)
