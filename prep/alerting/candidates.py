"""The single changes that could be made to a chain for one group: pure transformations of a network.

Whoever or whatever is new is assumed to be as ``defaults`` say: a new deputy is an ordinary person with a
number checked today. Only changes that touch the group's weakest actors are offered, a few of each kind.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from prep.alerting import defaults
from prep.alerting.chain import Actor, ByHour, CallList, Group, Item, Network, Seat, members
from prep.alerting.delay import Delay
from prep.alerting.labels import CHANNELS
from prep.alerting.list_changes import Candidate, FixKind, list_changes, with_list
from prep.alerting.subnetwork import relevant_actors
from prep.language import say
from prep.terms import ActorKind, Channel, HourClass, ListMode, ResourceKind

OFFERED_OF_A_KIND = 4
# These concern one group, which their ``detail`` names.
OF_ONE_GROUP = frozenset({FixKind.FILL_SEAT, FixKind.ADD_DEPUTY, FixKind.DESK_DIRECT})
_CALLS_OF_A_DEPUTY = 2
_ORDER_TO_DESK_S = 60.0
_SECOND_CHANNELS = (Channel.APP_OVERRIDE, Channel.CALL, Channel.SMS)


def candidates(
    network: Network, group: str, *, weakest: Sequence[str], offered: int | None = OFFERED_OF_A_KIND
) -> Iterator[Candidate]:
    """The changes worth trying for a group; ``weakest`` are keys of actors, the weightiest first.

    At most ``offered`` of a kind; None: all there are.
    """
    wanted = network.group(group)
    yield from _deputies(network, wanted, weakest, offered)
    yield from _channels_of_all(network, wanted)
    yield from _channels_of(network, weakest, offered)
    yield from _numbers(network, wanted, weakest, offered)
    yield from _desks(network, wanted)
    callers = relevant_actors(network, members(wanted))
    yield from _of_lists(network, callers)


def found_again(network: Network, kind: FixKind, subject: str, detail: str) -> Candidate | None:
    """The change of that name on a network, None if it does not fit it.

    A name from before changes told the group (``detail`` empty) means the first group that it fits.
    """
    groups = [one for one in network.groups if kind not in OF_ONE_GROUP or detail in ("", one.key)]
    for made in _of_kind(network, kind, subject, groups):
        if (made.kind, made.subject) == (kind, subject) and (
            made.detail == detail or (kind in OF_ONE_GROUP and not detail)
        ):
            return made
    return None


def _of_kind(network: Network, kind: FixKind, subject: str, groups: Sequence[Group]) -> Iterator[Candidate]:
    """The changes of one kind, those about the subject among them, and some of other kinds."""
    match kind:
        case FixKind.FILL_SEAT | FixKind.ADD_DEPUTY:
            for group in groups:
                holders = [key for seat in group.seats if seat.key == subject for key in seat.holders]
                yield from _deputies(network, group, holders, None)
        case FixKind.ADD_CHANNEL:
            for group in groups:
                if group.key == subject:
                    yield from _channels_of_all(network, group)
            yield from _channels_of(network, [one.key for one in network.actors if one.key == subject], None)
        case FixKind.VERIFY_NUMBER:
            yield from _numbers(network, None, [p.actor for p in network.points if p.key == subject], None)
        case FixKind.DESK_DIRECT:
            for group in groups:
                yield from _desks(network, group)
        case FixKind.PARALLEL | FixKind.SHORTER_WAIT | FixKind.REORDER:
            yield from _of_lists(network, {subject})


def _of_lists(network: Network, callers: set[str]) -> Iterator[Candidate]:
    yield from list_changes(
        network, [one for one in network.lists if one.caller in callers and not one.follows_up]
    )


def _deputies(
    network: Network, group: Group, weakest: Sequence[str], offered: int | None
) -> Iterator[Candidate]:
    """A holder for each vacant seat, a deputy for the seats of the weakest holders."""
    rank = {key: at for at, key in enumerate(weakest)}
    filled = [seat for seat in group.seats if seat.holders]
    filled.sort(key=lambda seat: (min(rank.get(key, len(rank)) for key in seat.holders), len(seat.holders)))
    for seat in group.seats:
        if not seat.holders and (caller := _usual_caller(network, group)) is not None:
            newcomer, better = _newcomer(network, group, seat)
            extra = _calls(newcomer, f"{group.key}/{seat.key}", like=None)
            better = _with_list(better, caller, partial(_joined, after=extra))
            sentence = say(
                "Appoint a holder for {seat}; {caller} calls them.",
                seat=seat.name,
                caller=network.actor(caller).name,
            )
            yield Candidate(FixKind.FILL_SEAT, seat.key, sentence, better, group.key)
    for seat in filled[:offered]:
        newcomer, better = _newcomer(network, group, seat)
        for one in network.lists:
            better = _with_list(better, one.caller, _after_holders(seat, newcomer))
        if better.lists != network.lists:
            sentence = (
                say("Name a deputy for {seat}.", seat=seat.name)
                if len(seat.holders) == 1
                else say("Name one more deputy for {seat}.", seat=seat.name)
            )
            yield Candidate(FixKind.ADD_DEPUTY, seat.key, sentence, better, group.key)


def _channels_of_all(network: Network, group: Group) -> Iterator[Candidate]:
    """A second channel for every member, on every list that calls them."""
    called = [key for key in members(group) if network.actor(key).kind is ActorKind.PERSON]
    for channel in _SECOND_CHANNELS:
        if any(
            item.channel is channel and item.target in called for one in network.lists for item in one.items
        ):
            continue
        better = network
        for key in called:
            for one in better.lists:
                better = _with_list(better, one.caller, _after_target(network, key, channel))
        if better is not network:
            sentence = say("Reach every member by one more channel: {channel}.", channel=CHANNELS[channel])
            yield Candidate(FixKind.ADD_CHANNEL, group.key, sentence, better, channel.value)


def _channels_of(network: Network, weakest: Sequence[str], offered: int | None) -> Iterator[Candidate]:
    """A second channel for the weakest persons, on every list that calls them."""
    persons = [key for key in weakest if network.actor(key).kind is ActorKind.PERSON]
    for key in persons[:offered]:
        used = {item.channel for one in network.lists for item in one.items if item.target == key}
        for channel in [channel for channel in _SECOND_CHANNELS if channel not in used][:2]:
            better = network
            for one in network.lists:
                better = _with_list(better, one.caller, _after_target(network, key, channel))
            if better is not network:
                sentence = say(
                    "Add one more way to reach {person}: {channel}.",
                    person=network.actor(key).name,
                    channel=CHANNELS[channel],
                )
                yield Candidate(FixKind.ADD_CHANNEL, key, sentence, better, channel.value)


def _numbers(
    network: Network, group: Group | None, weakest: Sequence[str], offered: int | None
) -> Iterator[Candidate]:
    """The doubtful numbers of the weakest actors and of a group's members, checked today."""
    concerned = {*weakest, *(members(group) if group else ())}
    doubtful = [point for point in network.points if point.stale_p > 0 and point.actor in concerned]
    doubtful.sort(key=lambda point: -point.stale_p)
    for point in doubtful[: None if offered is None else 2 * offered]:
        checked = tuple(replace(one, stale_p=0.0) if one.key == point.key else one for one in network.points)
        sentence = say("Check the number of {person}.", person=network.actor(point.actor).name)
        yield Candidate(FixKind.VERIFY_NUMBER, point.key, sentence, replace(network, points=checked))


def _desks(network: Network, group: Group) -> Iterator[Candidate]:
    """A desk that is staffed round the clock alerts all seats itself, at once, beside the chain as it
    stands: one that calls some of them already, or where there is none, any.
    """
    staffed = [one for one in network.actors if one.kind is ActorKind.DUTY_DESK]
    wanted = set(members(group))
    calling = {one.caller for one in network.lists if wanted & {item.target for item in one.items}}
    for desk in [one for one in staffed if one.key in calling] or staffed:
        system = Actor(_unused(network, f"{desk.key}/direct/{group.key}"), desk.name, ActorKind.SYSTEM)
        order = Item(
            slot=system.key,
            target=system.key,
            channel=Channel.APP,
            works=ByHour.always(1.0),
            delay=Delay(_ORDER_TO_DESK_S, 0),
            send_s=_ORDER_TO_DESK_S,
        )
        alarms = tuple(
            _as_alarm(network, found, f"{group.key}/{seat.key}")
            for seat in group.seats
            for holder in seat.holders
            if holder != desk.key and (found := _first_call(network, holder)) is not None
        )
        better = replace(
            network,
            actors=(*network.actors, system),
            lists=(*network.lists, CallList(system.key, ListMode.PARALLEL, alarms)),
        )
        better = _with_list(better, desk.key, partial(_joined, before=(order,)))
        if not any(item.target == desk.key for one in network.lists for item in one.items):
            better = replace(better, sources=tuple(dict.fromkeys((*better.sources, desk.key))))
        sentence = say("Let {desk} alert all seats at once.", desk=desk.name)
        yield Candidate(FixKind.DESK_DIRECT, desk.key, sentence, better, group.key)


def _first_call(network: Network, target: str) -> Item | None:
    """The first attempt that anybody makes on a target; it tells by which number, over which networks."""
    return next((item for one in network.lists for item in one.items if item.target == target), None)


def _as_alarm(network: Network, call: Item, slot: str) -> Item:
    """A call as the automated one that a system makes: to the same number, answered a little less often."""
    # It is sent to everybody at once: it waits for no other step of the list from which it is taken.
    call = replace(call, slot=slot, condition=None)
    if call.channel is not Channel.CALL:
        return call
    robot = defaults.CHANNELS[Channel.ROBOT_CALL]
    person = defaults.CHANNELS[Channel.CALL]
    services = (one.key for one in network.resources if one.kind is ResourceKind.MASS_ALERT)
    return replace(
        call,
        channel=Channel.ROBOT_CALL,
        works=ByHour(
            *(
                call.works.at(hour) * min(1.0, robot.answers.at(hour) / person.answers.at(hour))
                for hour in HourClass
            )
        ),
        delay=robot.delay,
        resources=(*services, *call.resources),
        gap_s=robot.gap_s,
    )


def _newcomer(network: Network, group: Group, seat: Seat) -> tuple[str, Network]:
    """The network with one more person behind a seat, and that person's key."""
    key = _unused(network, f"{group.key}/{seat.key}/new")
    wider = replace(seat, holders=(*seat.holders, key))
    seats = tuple(wider if one.key == seat.key else one for one in group.seats)
    groups = tuple(replace(one, seats=seats) if one.key == group.key else one for one in network.groups)
    return key, replace(network, actors=(*network.actors, defaults.actor(key, seat.name)), groups=groups)


def _after_holders(seat: Seat, newcomer: str) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    """Put calls to the newcomer after the last attempt on a holder of the seat."""

    def insert(items: tuple[Item, ...]) -> tuple[Item, ...]:
        last = max((at for at, item in enumerate(items) if item.target in seat.holders), default=None)
        if last is None:
            return items
        extra = _calls(newcomer, items[last].slot, like=items[last])
        return (*items[: last + 1], *extra, *items[last + 1 :])

    return insert


def _after_target(
    network: Network, target: str, channel: Channel
) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    """Put an attempt by another channel after the last one on the target."""

    def insert(items: tuple[Item, ...]) -> tuple[Item, ...]:
        last = max((at for at, item in enumerate(items) if item.target == target), default=None)
        if last is None:
            return items
        actor = network.actor(target)
        extra = defaults.item(
            channel,
            target,
            items[last].slot,
            kind=actor.kind,
            on_duty=actor.on_duty,
            resources=_way(network, channel, target),
            point=items[last].point,
            on_handset=_on_handset(network, items[last].point),
        )
        return (*items[: last + 1], extra, *items[last + 1 :])

    return insert


def _calls(newcomer: str, slot: str, *, like: Item | None) -> tuple[Item, ...]:
    """Two calls to someone new, over the same infrastructure as an attempt on the present holder."""
    resources = () if like is None else like.resources
    channel = like.channel if like is not None and like.synchronous else Channel.CALL
    return tuple(
        defaults.item(channel, newcomer, slot, attempt=attempt + 1, resources=resources)
        for attempt in range(_CALLS_OF_A_DEPUTY)
    )


def _way(network: Network, channel: Channel, target: str) -> tuple[str, ...]:
    """The resources that a channel to a target passes: those of their other attempts, else the only one."""
    kinds = {one.key: one.kind for one in network.resources}
    known = {
        kinds[key]: key
        for one in network.lists
        for item in one.items
        if item.target == target
        for key in item.resources
    }
    found = []
    for kind in defaults.needs(channel):
        alike = [key for key, one in kinds.items() if one is kind]
        if kind in known:
            found.append(known[kind])
        elif len(alike) == 1:
            found.append(alike[0])
    return tuple(found)


def _on_handset(network: Network, point: str | None) -> bool:
    return any(one.key == point and one.handset is not None for one in network.points)


def _point(network: Network, target: str) -> str | None:
    """The number by which the target is called already; the surest if there are several."""
    used = {item.point for one in network.lists for item in one.items if item.target == target}
    own = [point for point in network.points if point.key in used]
    return min(own, key=lambda point: (point.stale_p, point.key)).key if own else None


def _usual_caller(network: Network, group: Group) -> str | None:
    """Who calls most of the group's members."""
    wanted = set(members(group))
    count = {
        one.caller: len({item.target for item in one.items if item.target in wanted}) for one in network.lists
    }
    best = max(count, key=lambda key: (count[key], key), default=None)
    return best if best is not None and count[best] else None


def _with_list(
    network: Network, caller: str, change: Callable[[tuple[Item, ...]], tuple[Item, ...]]
) -> Network:
    """The network with a caller's items changed; a caller without a list gets a serial one."""
    one = network.list_of(caller)
    if one is None:
        items = change(())
        new = CallList(caller, ListMode.SERIAL, items)
        return replace(network, lists=(*network.lists, new)) if items else network
    items = change(one.items)
    return network if items == one.items else with_list(network, replace(one, items=items))


def _joined(
    items: tuple[Item, ...], *, before: tuple[Item, ...] = (), after: tuple[Item, ...] = ()
) -> tuple[Item, ...]:
    return (*before, *items, *after)


def _unused(network: Network, key: str) -> str:
    """The key, with strokes added until nobody has it."""
    taken = {actor.key for actor in network.actors}
    while key in taken:
        key += "'"
    return key
