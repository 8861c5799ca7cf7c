"""Chains for the tests: a few small ones made by hand, and random ones that know no mercy."""

from dataclasses import replace

from hypothesis import strategies as st

from prep.alerting.chain import (
    Actor,
    ByHour,
    CallList,
    ContactPoint,
    Group,
    Item,
    Network,
    Resource,
    Seat,
)
from prep.alerting.delay import Delay
from prep.terms import ActorKind, Channel, HourClass, ListMode, ResourceKind

SURE = ByHour.always(1.0)
NEVER = ByHour.always(0.0)


def attempt(target: str, p: float = 1.0, *, delay_s: float = 60.0, slot: str | None = None, **more) -> Item:
    """An attempt that works with probability p after a fixed delay, by default a call."""
    facts = {"channel": Channel.CALL, "gap_s": 90.0, "ring_s": 90.0, "talk_s": 30.0, **more}
    return Item(slot=slot or target, target=target, works=ByHour.always(p), delay=Delay(delay_s, 0), **facts)


def chain(*items: Item, mode: ListMode = ListMode.PARALLEL, **more) -> Network:
    """One source that tries the items; its targets form a group of which one must be reached."""
    targets = list(dict.fromkeys(item.target for item in items))
    facts = {
        "actors": (Actor("source", "Source", ActorKind.SYSTEM), *(Actor(key, key) for key in targets)),
        "lists": (CallList("source", mode, items),),
        "groups": (group(*targets, quorum=1),),
        "sources": ("source",),
        **more,
    }
    return Network(**facts)


def group(*holders: str, quorum: int, key: str = "group", **more) -> Group:
    """A group of one seat per holder, each seat named after its holder."""
    seats = tuple(Seat(f"seat {holder}", f"Seat {holder}", (holder,)) for holder in holders)
    return Group(key, key, seats, quorum, **more)


def with_actor(network: Network, key: str, **changes) -> Network:
    actors = tuple(replace(one, **changes) if one.key == key else one for one in network.actors)
    return replace(network, actors=actors)


_SHARES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
_TIMES = st.sampled_from([0.0, 10.0, 45.0, 90.0, 300.0])
_BY_HOUR = st.builds(ByHour, _SHARES, _SHARES, _SHARES, _SHARES)
_DELAYS = st.builds(Delay, st.sampled_from([0.0, 30.0, 90.0, 600.0]), st.sampled_from([0.0, 0.6, 1.1]))


@st.composite
def items(draw, target: str, resources: list[str], *, slot: str | None = None) -> Item:
    """Any attempt on a target."""
    return Item(
        slot=slot or draw(st.sampled_from(["x", "y", target])),
        target=target,
        channel=draw(st.sampled_from(list(Channel))),
        works=draw(_BY_HOUR),
        delay=draw(_DELAYS),
        resources=tuple(draw(st.lists(st.sampled_from(resources), max_size=2))),
        point=draw(st.sampled_from([None, f"{target}/1", f"{target}/2"])),
        gap_s=draw(_TIMES),
        ring_s=draw(_TIMES),
        talk_s=draw(_TIMES),
        send_s=draw(_TIMES),
        fail_s=draw(_TIMES),
        acknowledges=draw(st.booleans()),
    )


@st.composite
def networks(draw, *, one_target_per_slot: bool = False) -> Network:
    """Any network of up to six actors without faults; who calls stands before who is called."""
    keys = [f"a{number}" for number in range(draw(st.integers(2, 6)))]
    resources = (
        Resource("r0", ResourceKind.POWER_AREA, "r0", draw(_SHARES)),
        Resource("r1", ResourceKind.OPERATOR_AREA, "r1", 0.1, "r0", draw(st.sampled_from([0.1, 0.5, 1.0]))),
        Resource("r2", ResourceKind.MOBILE_CORE, "r2", 0.0, "r1", draw(_SHARES)),
    )
    names = [one.key for one in resources]
    lists = []
    for at, caller in enumerate(keys[:-1]):
        targets = draw(st.lists(st.sampled_from(keys[at + 1 :]), max_size=5))
        found = [
            draw(items(target, names, slot=target if one_target_per_slot else None)) for target in targets
        ]
        lists.append(CallList(caller, draw(st.sampled_from(list(ListMode))), tuple(found)))
    return Network(
        resources=resources,
        actors=tuple(
            Actor(
                key,
                key,
                draw(st.sampled_from(list(ActorKind))),
                available=draw(_BY_HOUR),
                relay_p=draw(_SHARES),
                start_delay_s=draw(_TIMES),
                refusal_p=draw(st.sampled_from([0.0, 0.0, 0.3, 1.0])),
                on_duty=draw(st.booleans()),
            )
            for key in keys
        ),
        points=tuple(ContactPoint(f"{key}/{n}", key, draw(_SHARES)) for key in keys for n in (1, 2)),
        lists=tuple(draw(st.permutations(lists))),
        groups=tuple(draw(_groups(f"g{number}", keys)) for number in range(2)),
        sources=tuple(keys[: draw(st.integers(1, 2))]),
    )


@st.composite
def _groups(draw, key: str, actors: list[str]) -> Group:
    holders = draw(st.lists(st.lists(st.sampled_from(actors), max_size=2), min_size=1, max_size=4))
    seats = tuple(Seat(f"s{n}", f"s{n}", tuple(found)) for n, found in enumerate(holders))
    names = [seat.key for seat in seats]
    sets = draw(st.lists(st.frozensets(st.sampled_from(names), min_size=1, max_size=2), max_size=2))
    return Group(
        key,
        key,
        seats,
        draw(st.integers(1, len(seats))),
        deadline_s=draw(st.sampled_from([60.0, 300.0, 1800.0])),
        required=draw(st.frozensets(st.sampled_from(names), max_size=2)),
        one_of=tuple(sets),
        counts_deliveries=draw(st.booleans()),
    )


MIXED_HOURS = ((HourClass.OFFICE, 0.3), (HourClass.EVENING, 0.2), (HourClass.NIGHT, 0.5))
