"""What is assumed where nothing has been measured: each figure with the study it rests on, or marked as
assumed.

The defaults come from foreign hospitals and communities; a county's own drills replace them. No published
figure was found for Finnish management groups alerted through the emergency-centre system, for VIRVE group
messages, or for reaching Finnish officials by day or by night.

**Availability and answering are kept apart.** A study counts answers among all who were tried, those abroad
or asleep included: its figure is the product p = a · c of the hidden availability a of the person and the
probability c that an available person answers the attempt. The availability is defined by the channel that
finds whoever can be found: the runner (a = 0.90 in office hours, 0.80 in the evening and on holidays, 0.70
at night). Each channel's c is then p / a, so the product reproduces the figure of the table, while two
attempts on one person share the hidden state and are not independent.

**A telephone is a hidden state too**: on, charged and within its owner's hearing with probability h. All channels
that end in one handset share it, so that a second channel in the same silent telephone is worth less than one
elsewhere. For them c = p / (a · h), and a single attempt keeps the figure of its study. The h are assumed.

**Repeated attempts** on one channel succeed among those still unreached with p, p/4, p/12.5 (E5), then a
third of the one before each time. With U(k) the share still unreached after k attempts and V(k) = U(k) − (1
− a · h) the available among them, the attempt k + 1 works for an available person with p(k+1) · U(k) / V(k).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp
from types import MappingProxyType

from prep.alerting.chain import Actor, ByHour, ContactPoint, Handset, Item, Resource
from prep.alerting.delay import Delay
from prep.alerting.retries import given_available
from prep.language import Message, say
from prep.terms import ActorKind, Channel, ContactKind, Evidence, HourClass, ResourceKind

STUDIES: Mapping[str, str] = MappingProxyType(
    {
        "E1": "Homier et al. 2018, Prehospital and Disaster Medicine 33(5):471–477",
        "E2": "Emergency Radiology 2010, doi 10.1007/s10140-010-0922-7",
        "E3": "Timler et al. 2015, Disaster Medicine and Public Health Preparedness",
        "E4": "Anarchist Mountain community system tests 2014–2021",
        "E5": "Elbert County CodeRED test, three rounds, 11 975 numbers",
        "E6": "University of Florida full test 2008, 56 795 text messages",
        "112": "Emergency response centre agency: more than 90 % of calls answered in 10 s (2020)",
        "E13": "BCI and F24, emergency communications report 2019",
    }
)


@dataclass(frozen=True, slots=True)
class ChannelDefault:
    """One row of the channel table: shares of all who are tried once (not only of those available).

    ``studies`` names, per figure, the study it rests on; a figure without a study is an assumption.
    """

    channel: Channel
    delivered: float
    answers: ByHour
    answers_on_duty: ByHour
    delay: Delay
    gap_s: float
    ring_s: float = 90.0
    talk_s: float = 30.0
    send_s: float = 15.0
    studies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _row(
    channel: Channel,
    delivered: float,
    answers: tuple[float, float, float],
    delay: Delay,
    gap_s: float,
    *,
    on_duty: float | None = None,
    ring_s: float = 90.0,
    studies: Mapping[str, tuple[str, ...]] | None = None,
) -> ChannelDefault:
    office, evening, night = answers
    return ChannelDefault(
        channel=channel,
        delivered=delivered,
        answers=ByHour(office, evening, night, evening),
        # Whoever is on duty answers at any hour as others do in office hours.
        answers_on_duty=ByHour.always(office if on_duty is None else on_duty),
        delay=delay,
        gap_s=gap_s,
        ring_s=ring_s,
        studies=MappingProxyType(dict(studies or {})),
    )


# Median and spread of the delay from the attempt to the answer; the holiday column is the evening's.
CHANNELS: Mapping[Channel, ChannelDefault] = MappingProxyType(
    {
        row.channel: row
        for row in (
            _row(
                Channel.CALL,
                0.98,
                (0.70, 0.55, 0.35),
                Delay(60, 0.6),
                90,
                studies={"evening": ("E4",), "night": ("E1",)},
            ),
            _row(
                Channel.ROBOT_CALL,
                0.93,
                (0.65, 0.50, 0.33),
                Delay(120, 0.7),
                180,
                studies={"delivered": ("E6",), "evening": ("E4", "E2")},
            ),
            _row(
                Channel.SMS,
                0.92,
                (0.50, 0.45, 0.16),
                Delay(1200, 1.1),
                600,
                studies={"delivered": ("E6",), "night": ("E1",), "delay": ("E3",)},
            ),
            _row(Channel.APP_OVERRIDE, 0.90, (0.60, 0.50, 0.40), Delay(180, 1.0), 300),
            _row(Channel.APP, 0.90, (0.50, 0.40, 0.25), Delay(480, 1.1), 600, studies={"night": ("E1",)}),
            _row(Channel.PAGER, 0.97, (0.70, 0.70, 0.60), Delay(120, 0.8), 120),
            _row(Channel.RADIO, 0.97, (0.10, 0.10, 0.05), Delay(60, 0.5), 60, on_duty=0.80),
            _row(
                Channel.DUTY_CALL,
                0.999,
                (0.99, 0.99, 0.98),
                Delay(30, 0.4),
                60,
                on_duty=0.98,
                # A desk that has not answered by then is not going to.
                ring_s=45,
                studies={"delay": ("112",)},
            ),
            _row(Channel.EMAIL, 0.99, (0.45, 0.15, 0.03), Delay(2700, 1.3), 1800),
            _row(Channel.SATELLITE_CALL, 0.90, (0.50, 0.30, 0.20), Delay(120, 0.7), 120),
            # The driving time is added to the five minutes at the door.
            _row(Channel.RUNNER, 1.0, (0.90, 0.80, 0.70), Delay(1800, 0.3), 2700),
        )
    }
)

AVAILABLE = CHANNELS[Channel.RUNNER].answers
AVAILABLE_ON_DUTY = ByHour.always(0.98)
# A mobile telephone is on and heard by its owner, if that one can be found at all (assumed).
HEARD = ByHour(0.98, 0.95, 0.90, 0.95)
HEARD_ON_DUTY = ByHour.always(0.98)
# On a public holiday's night some of those who would be at home on another night are travelling.
AWAY_ON_HOLIDAY_NIGHTS = 0.10
AWAY_IN_JULY = 0.15
AWAY_AT_CHRISTMAS = 0.15

# Of those who would answer a mobile at that hour, the share who sit at their office telephone (assumed).
OFFICE_LINE_OUT_OF_HOURS = 0.02


STALE_PER_MONTH = 0.01  # E13: wrong contact data named in 49 % of failed alerts; the rate itself is assumed
DAYS_PER_MONTH = 365.25 / 12
AGE_IF_UNKNOWN_DAYS = 1096
WRONG_WHEN_NEW: Mapping[Evidence, float] = MappingProxyType(
    {Evidence.DRILL: 0.0, Evidence.CALLED_BACK: 0.0, Evidence.CONFIRMED: 0.01, Evidence.TYPED: 0.03}
)

# Numbers of which nobody knows the operator may hang on one: they are simulated so, and not told as a flaw.
UNKNOWN_OPERATOR = "unknown"

MACHINE_DELAY = Delay(5, 0)
RUNNER_AT_THE_DOOR_S = 300.0


@dataclass(frozen=True, slots=True)
class ResourceDefault:
    """How often a kind of infrastructure is out of order, by itself and when what feeds it is down."""

    kind: ResourceKind
    failure_p: float
    failure_p_if_parent_down: float


# All assumed: an alarm for a major accident comes more often than chance when something else fails too.
RESOURCES: Mapping[ResourceKind, ResourceDefault] = MappingProxyType(
    {
        row.kind: row
        for row in (
            ResourceDefault(ResourceKind.MOBILE_CORE, 0.001, 0.5),
            ResourceDefault(ResourceKind.OPERATOR_AREA, 0.005, 0.7),  # base stations' batteries last hours
            ResourceDefault(ResourceKind.POWER_AREA, 0.005, 1.0),
            ResourceDefault(ResourceKind.LANDLINE, 0.005, 0.5),
            ResourceDefault(ResourceKind.SMS_GATEWAY, 0.01, 1.0),
            ResourceDefault(ResourceKind.MASS_ALERT, 0.01, 1.0),
            ResourceDefault(ResourceKind.EMERGENCY_CENTRE_SYSTEM, 0.002, 0.5),
            ResourceDefault(ResourceKind.AUTHORITY_RADIO, 0.002, 0.3),
            ResourceDefault(ResourceKind.PAGER_NETWORK, 0.005, 0.5),
            ResourceDefault(ResourceKind.INTERNET, 0.005, 0.5),
        )
    }
)

_MOBILE = (ResourceKind.MOBILE_CORE, ResourceKind.OPERATOR_AREA)
NEEDS: Mapping[Channel, tuple[ResourceKind, ...]] = MappingProxyType(
    {
        Channel.CALL: _MOBILE,
        Channel.ROBOT_CALL: (ResourceKind.MASS_ALERT, *_MOBILE),
        Channel.SMS: (ResourceKind.SMS_GATEWAY, *_MOBILE),
        Channel.APP_OVERRIDE: (ResourceKind.INTERNET, *_MOBILE),
        Channel.APP: (ResourceKind.INTERNET, *_MOBILE),
        Channel.PAGER: (ResourceKind.PAGER_NETWORK,),
        Channel.RADIO: (ResourceKind.AUTHORITY_RADIO,),
        Channel.DUTY_CALL: (ResourceKind.LANDLINE,),
        Channel.EMAIL: (ResourceKind.INTERNET,),
        Channel.SATELLITE_CALL: (),
        Channel.RUNNER: (),
    }
)


def needs(channel: Channel, contact: ContactKind | None = None) -> tuple[ResourceKind, ...]:
    """The kinds of infrastructure that an attempt passes; a landline number does not need the mobile
    network.
    """
    if contact is ContactKind.LANDLINE and channel in (Channel.CALL, Channel.ROBOT_CALL, Channel.DUTY_CALL):
        own = (ResourceKind.MASS_ALERT,) if channel is Channel.ROBOT_CALL else ()
        return (*own, ResourceKind.LANDLINE)
    if contact is ContactKind.MOBILE and channel is Channel.DUTY_CALL:
        return _MOBILE
    return NEEDS[channel]


def resource(key: str, kind: ResourceKind, name: str, parent: str | None = None) -> Resource:
    """A resource with the assumed failure probabilities of its kind."""
    row = RESOURCES[kind]
    fed = None if parent is None else row.failure_p_if_parent_down
    return Resource(key, kind, name, row.failure_p, parent, fed)


def availability(kind: ActorKind, *, on_duty: bool = False) -> ByHour:
    """The hidden availability by hour class: a desk and a system always, a person as a runner would find
    them.
    """
    if kind is not ActorKind.PERSON:
        return ByHour.always(1.0)
    return AVAILABLE_ON_DUTY if on_duty else AVAILABLE


def actor(key: str, name: str, kind: ActorKind = ActorKind.PERSON, *, on_duty: bool = False) -> Actor:
    """An actor with the assumed availability, relay probability and time to begin the own list."""
    relay_p, start_delay_s = {
        ActorKind.PERSON: (0.97, 60.0) if on_duty else (0.90, 120.0),
        ActorKind.DUTY_DESK: (0.99, 60.0),
        ActorKind.SYSTEM: (1.0, 10.0),
    }[kind]
    return Actor(
        key,
        name,
        kind,
        available=availability(kind, on_duty=on_duty),
        relay_p=relay_p,
        start_delay_s=start_delay_s,
        on_duty=on_duty,
        available_on_duty=AVAILABLE_ON_DUTY if kind is ActorKind.PERSON else None,
    )


def stale_p(*, age_days: int | None, evidence: Evidence | None) -> float:
    """The probability that a number is wrong: 1 − (1 − wrong when new) · exp(−0.01 per month since verified).

    An unknown age counts as three years, an unknown evidence as typed in: unknown is never taken as fine.

    >>> round(stale_p(age_days=365, evidence=Evidence.DRILL), 3)
    0.113
    """
    months = (AGE_IF_UNKNOWN_DAYS if age_days is None else max(age_days, 0)) / DAYS_PER_MONTH
    wrong = WRONG_WHEN_NEW[evidence or Evidence.TYPED]
    return 1 - (1 - wrong) * exp(-STALE_PER_MONTH * months)


def point(
    key: str,
    actor_key: str,
    *,
    age_days: int | None,
    evidence: Evidence | None = None,
    handset: str | None = None,
) -> ContactPoint:
    """A contact point whose staleness follows from its age in days and how it was last shown to work."""
    return ContactPoint(
        key,
        actor_key,
        stale_p(age_days=age_days, evidence=evidence),
        handset,
        is_verified=age_days is not None,
    )


def handset(key: str, actor_key: str) -> Handset:
    """A mobile telephone as it is assumed to be heard."""
    return Handset(key, actor_key, HEARD, HEARD_ON_DUTY)


@lru_cache(maxsize=4096)
def works(
    channel: Channel,
    *,
    kind: ActorKind = ActorKind.PERSON,
    on_duty: bool = False,
    attempt: int = 1,
    on_handset: bool = False,
) -> ByHour:
    """The probability that an available target answers attempt number ``attempt`` (from 1) on this channel.

    ``on_handset``: it ends in a telephone that may lie unheard, and is meant for when it is heard.

    >>> works(Channel.CALL).night, works(Channel.RUNNER).night
    (0.5, 1.0)
    """
    available = availability(kind, on_duty=on_duty)
    answers = _answers(channel, kind=kind, on_duty=on_duty)
    heard = HEARD_ON_DUTY if on_duty else HEARD
    found = [available.at(hour) * (heard.at(hour) if on_handset else 1.0) for hour in HourClass]
    return ByHour(
        *(
            given_available(answers.at(hour), share, attempt)
            for hour, share in zip(HourClass, found, strict=True)
        )
    )


def item(
    channel: Channel,
    target: str,
    slot: str,
    *,
    kind: ActorKind = ActorKind.PERSON,
    on_duty: bool = False,
    attempt: int = 1,
    resources: tuple[str, ...] = (),
    point: str | None = None,
    on_handset: bool = False,
    road_s: float = 1500.0,
) -> Item:
    """One attempt with the assumed figures of its channel.

    ``attempt`` counts this caller's attempts on this target by this channel, from 1. ``point`` is the key
    of the contact point that carries the staleness, and ``on_handset`` whether it ends in a handset;
    ``resources`` the keys of the infrastructure on the way; ``road_s`` a runner's driving time.
    """
    row = CHANNELS[channel]
    delay = row.delay
    if channel is Channel.RUNNER:
        delay = Delay(road_s + RUNNER_AT_THE_DOOR_S, row.delay.sigma)
    if kind is ActorKind.SYSTEM:
        delay = MACHINE_DELAY
    elif kind is ActorKind.DUTY_DESK and channel is Channel.CALL:
        delay = CHANNELS[Channel.DUTY_CALL].delay
    return Item(
        slot=slot,
        target=target,
        channel=channel,
        works=works(channel, kind=kind, on_duty=on_duty, attempt=attempt, on_handset=on_handset),
        works_on_duty=works(channel, kind=kind, on_duty=True, attempt=attempt, on_handset=on_handset)
        if kind is ActorKind.PERSON
        else None,
        delay=delay,
        resources=resources,
        point=point,
        gap_s=row.gap_s,
        ring_s=row.ring_s,
        talk_s=row.talk_s,
        send_s=row.send_s,
    )


def caution() -> Message:
    """The sentence that stands beside every figure that rests on defaults."""
    return say("Defaults come from foreign hospitals and communities; replace them with your own drills.")


def _answers(channel: Channel, *, kind: ActorKind, on_duty: bool) -> ByHour:
    row = CHANNELS[channel]
    if kind is ActorKind.SYSTEM:
        return ByHour.always(row.delivered)
    if kind is ActorKind.DUTY_DESK:
        # A desk that is staffed answers any call as it answers its own line.
        return CHANNELS[Channel.DUTY_CALL].answers if channel is Channel.CALL else _at_desk(row)
    return row.answers_on_duty if on_duty else row.answers


def _at_desk(row: ChannelDefault) -> ByHour:
    return row.answers if row.channel is Channel.DUTY_CALL else row.answers_on_duty
