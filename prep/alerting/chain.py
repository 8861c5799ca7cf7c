"""What an alert chain is (hälytysketju): actors, their lists, the groups to be reached, what all depends on.

Every value refuses nonsense when it is made; how the values fit together is ``lint``'s business. Everything
is keyed by a stable string, the identifier of the database: chance is drawn by key, so a chain that is
edited, cut or reordered keeps the draws of all that stayed. Probabilities are shares in [0, 1], times are
seconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite

from prep.alerting.delay import Delay
from prep.alerting.duty import DutyCalendar, Span
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import ActorKind, Channel, HourClass, If, ListMode, ResourceKind

# The caller's line is held until the answer; the others are sent and the caller goes on.
SYNCHRONOUS = frozenset(
    {Channel.CALL, Channel.ROBOT_CALL, Channel.RADIO, Channel.DUTY_CALL, Channel.SATELLITE_CALL}
)
# Delivered is not reached: nothing comes back on these.
ONE_WAY = frozenset({Channel.PAGER})


@dataclass(frozen=True, slots=True)
class ByHour:
    """A probability for each hour class.

    >>> ByHour(0.7, 0.55, 0.35, 0.55).at(HourClass.NIGHT)
    0.35
    """

    office: float
    evening: float
    night: float
    holiday: float

    def __post_init__(self) -> None:
        for share in (self.office, self.evening, self.night, self.holiday):
            if not 0 <= share <= 1:
                _share(say("Probability by hour class"), share)

    def at(self, hour: HourClass) -> float:
        return float(getattr(self, hour.value))

    @classmethod
    def always(cls, share: float) -> "ByHour":
        return cls(share, share, share, share)


@dataclass(frozen=True, slots=True)
class Resource:
    """Shared infrastructure that fails as a whole, with ``failure_p``, or worse when its parent is down."""

    key: str
    kind: ResourceKind
    name: str
    failure_p: float = 0.0
    parent: str | None = None
    failure_p_if_parent_down: float | None = None

    def __post_init__(self) -> None:
        _key(self.key, self.name)
        _share(self.name or self.key, self.failure_p)
        if self.failure_p_if_parent_down is not None:
            _share(self.name or self.key, self.failure_p_if_parent_down)
            if self.failure_p_if_parent_down < self.failure_p:
                raise _refusal(
                    self.name or self.key,
                    str(self.failure_p_if_parent_down),
                    say("A part fails at least as often when what feeds it is down."),
                    say(
                        "Raise the probability for a failed parent to {least} or more.", least=self.failure_p
                    ),
                )
        if (self.parent is None) != (self.failure_p_if_parent_down is None):
            raise _refusal(
                self.name or self.key,
                self.parent,
                say("A parent and the probability of failing with it are given together."),
                say("Give both, or neither."),
            )


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something that can be alerted, and may then alert others.

    ``available`` is the hidden state of one run: whoever is unavailable answers nothing on any channel.
    ``relay_p`` is the probability of starting the own list once reached, ``start_delay_s`` the time until
    then, ``refusal_p`` the probability of answering "I cannot come", which frees the slot at once for the
    deputy. Whoever is ``on_duty``, always or by a calendar at the moment asked about, has
    ``available_on_duty`` instead, if that is given. During ``absences`` nobody answers.
    """

    key: str
    name: str
    kind: ActorKind = ActorKind.PERSON
    available: ByHour = field(default_factory=lambda: ByHour.always(1.0))
    relay_p: float = 1.0
    start_delay_s: float = 0.0
    refusal_p: float = 0.0
    on_duty: bool = False
    available_on_duty: ByHour | None = None
    absences: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        _key(self.key, self.name)
        _share(self.name, self.relay_p)
        _share(self.name, self.refusal_p)
        _time(self.name, self.start_delay_s)


@dataclass(frozen=True, slots=True)
class Handset:
    """A telephone that several numbers and apps end in: ``heard`` is whether it is on and within hearing.

    One hidden state per run: a telephone that lies silent in another room is silent on every channel.
    ``heard_on_duty`` holds while its owner is on duty.
    """

    key: str
    actor: str
    heard: ByHour
    heard_on_duty: ByHour | None = None

    def __post_init__(self) -> None:
        _key(self.key, self.actor)


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A number or address of an actor; ``stale_p`` is the probability that it no longer leads to them.

    One hidden state per run: a wrong number stays wrong however often it is called. ``handset`` is the
    telephone in which it ends, if that is shared or may lie unheard. ``is_verified``: somebody has
    confirmed it, ever.
    """

    key: str
    actor: str
    stale_p: float = 0.0
    handset: str | None = None
    is_verified: bool = True

    def __post_init__(self) -> None:
        _key(self.key, self.actor)
        _share(self.key, self.stale_p)


@dataclass(frozen=True, slots=True)
class Condition:
    """What decides about an attempt: whether another slot, earlier on the same list, has answered.

    The caller waits until that is settled: until the slot answers, or until its wait is over.
    """

    kind: If
    slot: str


@dataclass(frozen=True, slots=True)
class Item:
    """One attempt on a caller's list: to reach ``target`` for ``slot`` by ``channel``.

    ``works`` is the probability that an available target with a right number answers this attempt;
    ``delay`` the time from the attempt to the answer; ``resources`` the keys of all that the attempt
    passes. ``gap_s``: from the attempt to the slot's next one. ``ring_s``: how long an unanswered call
    holds the line, ``talk_s``: how long it is held after the answer, ``send_s``: how long sending a message
    holds it, ``fail_s``: after how long a call that cannot get through is given up. ``acknowledges`` False:
    nothing comes back (a mass message without reply); a pager never answers.

    ``condition`` and ``hours`` (none: always) decide whether it is made at all, ``duty`` names the calendar
    by which the target must be on duty, with ``works_on_duty`` then. ``calls_back``: it alerts nobody but
    reports to a caller further up that the alarm has come through. ``pause``: nobody stands behind this step
    and a system waits its gap for nothing; ``paused`` makes one.
    """

    slot: str
    target: str
    channel: Channel
    works: ByHour
    delay: Delay
    resources: tuple[str, ...] = ()
    point: str | None = None
    gap_s: float = 90.0
    ring_s: float = 90.0
    talk_s: float = 30.0
    send_s: float = 15.0
    fail_s: float = 10.0
    acknowledges: bool = True
    works_on_duty: ByHour | None = None
    duty: str | None = None
    hours: frozenset[HourClass] = frozenset()
    condition: Condition | None = None
    calls_back: bool = False
    pause: bool = False

    def __post_init__(self) -> None:
        _key(self.slot, self.target)
        _key(self.target, self.slot)
        for time_s in (self.gap_s, self.ring_s, self.talk_s, self.send_s, self.fail_s):
            _time(self.target, time_s)

    @property
    def synchronous(self) -> bool:
        return self.channel in SYNCHRONOUS

    @property
    def two_way(self) -> bool:
        return self.acknowledges and self.channel not in ONE_WAY

    @property
    def alerts(self) -> bool:
        """Whether it is an attempt to alert somebody, and neither a report nor a wait for nobody."""
        return not (self.calls_back or self.pause)


def paused(caller: str, slot: str, *, wait_s: float) -> Item:
    """A step of a caller's list behind which nobody stands, with the wait that a system spends on it."""
    nobody = ByHour.always(0.0)
    return Item(slot, caller, Channel.APP, nobody, Delay(0, 0), gap_s=wait_s, send_s=0.0, pause=True)


@dataclass(frozen=True, slots=True)
class CallList:
    """What a caller does once alerted: the items in order, on one line or every slot on its own.

    With ``follow_up_s`` it is the caller's second list: begun that long after the first one, or when that is
    through if it takes longer, and only if nobody has called back by then.
    """

    caller: str
    mode: ListMode
    items: tuple[Item, ...]
    follow_up_s: float | None = None

    def __post_init__(self) -> None:
        if self.follow_up_s is not None:
            _time(self.caller, self.follow_up_s)

    @property
    def follows_up(self) -> bool:
        return self.follow_up_s is not None

    @property
    def calls(self) -> Iterator[Item]:
        """The items that alert somebody."""
        return (item for item in self.items if item.alerts)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a group: its holder first, then the deputies; empty means vacant. The earliest counts.

    ``expired`` names those whose term ended while nobody came after them.
    """

    key: str
    name: str
    holders: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _key(self.key, self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """A group to be reached: ``quorum`` of its seats, all ``required`` ones, one of each set in ``one_of``.

    Seats are counted, not persons. ``counts_deliveries``: a pager's delivery counts as reached, which whoever
    shows the result must say.
    """

    key: str
    name: str
    seats: tuple[Seat, ...]
    quorum: int
    deadline_s: float = 1800.0
    required: frozenset[str] = frozenset()
    one_of: tuple[frozenset[str], ...] = ()
    counts_deliveries: bool = False

    def __post_init__(self) -> None:
        _key(self.key, self.name)
        _time(self.name, self.deadline_s)
        if self.quorum < 1:
            raise _refusal(
                self.name,
                str(self.quorum),
                say("A quorum is one seat or more."),
                say("Give the number of seats that must be reached."),
            )


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that is simulated together. ``sources`` know of the alarm at time zero."""

    resources: tuple[Resource, ...] = ()
    actors: tuple[Actor, ...] = ()
    points: tuple[ContactPoint, ...] = ()
    lists: tuple[CallList, ...] = ()
    groups: tuple[Group, ...] = ()
    sources: tuple[str, ...] = ()
    handsets: tuple[Handset, ...] = ()
    duties: tuple[DutyCalendar, ...] = ()
    _by_key: dict[str, Actor] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {actor.key: actor for actor in self.actors})

    def actor(self, key: str) -> Actor:
        """The actor of that key; KeyError if there is none."""
        return self._by_key[key]

    def group(self, key: str) -> Group:
        """The group of that key; KeyError if there is none."""
        for group in self.groups:
            if group.key == key:
                return group
        raise KeyError(key)

    def list_of(self, caller: str) -> CallList | None:
        """The list that this caller runs at once, None for one who calls nobody."""
        return next((one for one in self.lists if one.caller == caller and not one.follows_up), None)

    @property
    def calls(self) -> Iterator[tuple[str, Item]]:
        """Every attempt to alert somebody, with its caller."""
        return ((one.caller, item) for one in self.lists for item in one.calls)


def _refusal(place: Message | str, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))


def _key(key: str, name: str) -> None:
    if not key.strip():
        raise _refusal(
            name or say("Part of an alert chain"),
            key,
            say("Every part of a chain has a key that is not empty."),
            say("Give it an identifier that stays the same."),
        )


def _share(place: Message | str, share: float) -> None:
    if not 0 <= share <= 1:
        raise _refusal(
            place,
            str(share),
            say("A probability lies between 0 and 1."),
            say("Give a number from 0 to 1; 70 % is 0.7."),
        )


def _time(place: Message | str, time_s: float) -> None:
    if not (isfinite(time_s) and time_s >= 0):
        raise _refusal(
            place, str(time_s), say("A time is zero seconds or more."), say("Give the time in seconds.")
        )


def members(group: Group) -> Iterable[str]:
    """The keys of everyone who holds or deputises a seat of the group, each once, in the order of the
    seats.
    """
    return dict.fromkeys(holder for seat in group.seats for holder in seat.holders)
