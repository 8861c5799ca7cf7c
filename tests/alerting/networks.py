"""Chains for the tests: a few small ones made by hand, and random ones that know no mercy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from prep.alerting.chain import (
    Actor,
    ByHour,
    CallList,
    Condition,
    ContactPoint,
    Group,
    Handset,
    Item,
    Network,
    Resource,
    Seat,
    paused,
)
from prep.alerting.delay import Delay
from prep.alerting.duty import DutyCalendar, Shift, Span
from prep.terms import ActorKind, Channel, HourClass, If, ListMode, ResourceKind

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


_SHARES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0, 1.0, 1.0])
_TIMES = st.sampled_from([0.0, 10.0, 45.0, 90.0, 300.0])
_BY_HOUR = st.builds(ByHour, _SHARES, _SHARES, _SHARES, _SHARES)
_DELAYS = st.builds(Delay, st.sampled_from([0.0, 30.0, 90.0, 600.0]), st.sampled_from([0.0, 0.6, 1.1]))


_NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
# Before, during and after the spans below.
MOMENTS = (_NOON - timedelta(hours=1), _NOON, _NOON + timedelta(hours=1))
_SPANS = (Span(_NOON, MOMENTS[2]), Span(MOMENTS[0], _NOON))


@st.composite
def items(
    draw, target: str, resources: list[str], *, slot: str | None = None, earlier=(), plain=False
) -> Item:
    """Any attempt on a target; ``earlier`` are the slots that stand before it on the list."""
    own = slot or draw(st.sampled_from(["x", "y", target]))
    others = [one for one in earlier if one != own]
    conditions = st.builds(Condition, st.sampled_from(list(If)), st.sampled_from(others or [own]))
    return Item(
        slot=own,
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
        works_on_duty=draw(st.none() | _BY_HOUR),
        duty=None if plain else draw(st.sampled_from([None, None, None, "calendar"])),
        hours=frozenset() if plain else draw(st.sampled_from([frozenset(), frozenset({HourClass.NIGHT})])),
        condition=None if plain or not others else draw(st.none() | conditions),
    )


@st.composite
def networks(draw, *, one_target_per_slot: bool = False, loops: bool = True, plain: bool = False) -> Network:
    """Any network of up to six actors without faults.

    ``loops``: anybody may call anybody, and callers may be called back. ``plain``: no conditions, hours,
    duties or follow-ups, so that the order in time decides nothing but when.
    """
    keys = [f"a{number}" for number in range(draw(st.integers(2, 6)))]
    resources = (
        Resource("r0", ResourceKind.POWER_AREA, "r0", draw(_SHARES)),
        Resource("r1", ResourceKind.OPERATOR_AREA, "r1", 0.1, "r0", draw(st.sampled_from([0.1, 0.5, 1.0]))),
        Resource("r2", ResourceKind.MOBILE_CORE, "r2", 0.0, "r1", draw(_SHARES)),
    )
    names = [one.key for one in resources]
    lists = []
    for at, caller in enumerate(keys):
        others = [key for key in keys if key != caller] if loops else keys[at + 1 :]
        for follow_up_s in (None, draw(_TIMES)):
            if not others or (follow_up_s is not None and (plain or draw(st.booleans()))):
                continue
            found: list[Item] = []
            for target in draw(st.lists(st.sampled_from(others), max_size=5 if follow_up_s is None else 2)):
                earlier = list(dict.fromkeys(item.slot for item in found))
                slot = target if one_target_per_slot else None
                item = draw(items(target, names, slot=slot, earlier=earlier, plain=plain))
                found.append(replace(item, calls_back=not plain and loops and draw(st.integers(0, 4)) == 0))
            if not plain and draw(st.integers(0, 3)) == 0:
                place = draw(st.integers(0, len(found)))
                found.insert(place, paused(caller, draw(st.sampled_from(["x", "y"])), wait_s=draw(_TIMES)))
            lists.append(CallList(caller, draw(st.sampled_from(list(ListMode))), tuple(found), follow_up_s))
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
                available_on_duty=draw(st.none() | _BY_HOUR),
                absences=draw(st.sampled_from([(), (), (_SPANS[0],)])),
            )
            for key in keys
        ),
        handsets=tuple(Handset(key, key, draw(_BY_HOUR), draw(st.none() | _BY_HOUR)) for key in keys),
        points=tuple(
            ContactPoint(f"{key}/{n}", key, draw(_SHARES), draw(st.sampled_from([None, key])))
            for key in keys
            for n in (1, 2)
        ),
        duties=(
            DutyCalendar(
                "calendar",
                "Calendar",
                tuple(Shift(span, draw(st.sampled_from([None, *keys]))) for span in _SPANS),
            ),
        ),
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
