"""When the alarm comes and what is out of order: the presets, and how an hour and an outage combine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from types import MappingProxyType

from prep.alerting.defaults import AWAY_ON_HOLIDAY_NIGHTS
from prep.alerting.infrastructure import RESOURCES
from prep.alerting.windows import Window, merged
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import HourClass, ResourceKind


@dataclass(frozen=True, slots=True)
class Scenario:
    """When and what: a mix of hour classes, what is down for certain, failure probabilities that are other.

    ``hours`` are weights that sum to 1; empty means that the scenario says nothing about the hour.
    ``away_p`` is the share of otherwise available persons, not on duty, who are away. ``down`` are keys of
    resources, ``down_kinds`` whole kinds; ``failure_p`` pairs the key of a resource with another
    probability, ``kind_failure_p`` a whole kind; the key goes before the kind. ``windows`` pairs the key of a
    resource with a time during which it is down, ``kind_windows`` a whole kind; they are kept in order, those
    that overlap or touch as one, and what lasts all the time is put to ``down``. ``at`` is the moment of the
    alarm, by which absences and duty calendars are read; None: an hour without a date, to which none apply.
    """

    key: str
    name: Message | str
    hours: tuple[tuple[HourClass, float], ...] = ()
    away_p: float = 0.0
    down: frozenset[str] = frozenset()
    down_kinds: frozenset[ResourceKind] = frozenset()
    failure_p: tuple[tuple[str, float], ...] = ()
    kind_failure_p: tuple[tuple[ResourceKind, float], ...] = ()
    at: datetime | None = None
    windows: tuple[tuple[str, Window], ...] = ()
    kind_windows: tuple[tuple[ResourceKind, Window], ...] = ()

    def __post_init__(self) -> None:
        for down, windows in (("down", "windows"), ("down_kinds", "kind_windows")):
            found = merged(getattr(self, windows))
            always = getattr(self, down) | {part for part, window in found if window.is_always}
            object.__setattr__(self, down, always)
            object.__setattr__(self, windows, tuple(one for one in found if one[0] not in always))
        weights = [weight for _, weight in self.hours]
        distinct = {hour for hour, _ in self.hours}
        if weights and (min(weights) < 0 or abs(sum(weights) - 1) > 1e-9 or len(distinct) != len(weights)):
            raise Refused(
                Problem(
                    place=say("Scenario {key}", key=self.key),
                    value=", ".join(f"{hour}={weight}" for hour, weight in self.hours),
                    rule=say("The shares of the hour classes are not negative and sum to 1."),
                    remedy=say("Correct the shares."),
                )
            )
        if self.at is not None and self.at.tzinfo is None:
            raise Refused(
                Problem(
                    place=say("Scenario {key}", key=self.key),
                    value=self.at.isoformat(),
                    rule=say(
                        "A moment is given with its zone, so that a change to summer time cannot move it."
                    ),
                    remedy=say("Write it as {example}.", example="2026-11-22T04:00+02:00"),
                )
            )
        shares = (*self.failure_p, *self.kind_failure_p)
        for share in (self.away_p, *(share for _, share in shares)):
            if not 0 <= share <= 1:
                raise Refused(
                    Problem(
                        place=say("Scenario {key}", key=self.key),
                        value=str(share),
                        rule=say("A probability lies between 0 and 1."),
                        remedy=say("Give a number from 0 to 1; 70 % is 0.7."),
                    )
                )

    @property
    def mix(self) -> tuple[tuple[HourClass, float], ...]:
        """The hour classes that can occur, with their weights; office hours where none were named."""
        return tuple((hour, weight) for hour, weight in self.hours if weight > 0) or (
            (HourClass.OFFICE, 1.0),
        )


def _at(key: str, name: Message, hour: HourClass, away_p: float = 0.0) -> Scenario:
    return Scenario(key, name, hours=((hour, 1.0),), away_p=away_p)


def _outage(key: str, name: Message, *kinds: ResourceKind) -> Scenario:
    return Scenario(key, name, down_kinds=frozenset(kinds))


# 04:00 on a public holiday is the worst hour: people answer as at night, and some who sleep at home on other
# nights are travelling. A holiday by day is the hour class ``holiday`` (preset ``holiday_day``).
PRESETS: Mapping[str, Scenario] = MappingProxyType(
    {
        one.key: one
        for one in (
            _at("office", say("Office hours"), HourClass.OFFICE),
            _at("evening", say("Weekday evening"), HourClass.EVENING),
            _at("night", say("Weekday at 04:00"), HourClass.NIGHT),
            _at("holiday", say("Public holiday at 04:00"), HourClass.NIGHT, AWAY_ON_HOLIDAY_NIGHTS),
            _at("holiday_day", say("Weekend or public holiday by day"), HourClass.HOLIDAY),
            _outage(
                "mobile_down",
                say("Mobile network down"),
                ResourceKind.MOBILE_CORE,
                ResourceKind.OPERATOR_AREA,
            ),
            _outage(
                "emergency_centre_down",
                say("Emergency-centre system down"),
                ResourceKind.EMERGENCY_CENTRE_SYSTEM,
            ),
            _outage("power_cut", say("Power cut"), ResourceKind.POWER_AREA),
        )
    }
)


# One kind of infrastructure down as a whole, by the name of the kind: for questions with several outages at once.
KINDS_DOWN: Mapping[str, Scenario] = MappingProxyType(
    {kind.value: _outage(kind.value, RESOURCES[kind], kind) for kind in ResourceKind}
)


def combine(first: Scenario, second: Scenario) -> Scenario:
    """Both at once: what is down in either is down. Only one of them may name an hour."""
    if first.hours and second.hours:
        raise Refused(
            Problem(
                place=say("Scenario {key}", key=f"{first.key}+{second.key}"),
                value=None,
                rule=say("An alarm comes at one hour only."),
                remedy=say("Name one hour and any number of outages, for instance night+mobile_down."),
            )
        )
    return Scenario(
        key=f"{first.key}+{second.key}",
        name=say("{first} and {second}", first=first.name, second=second.name),
        hours=first.hours or second.hours,
        away_p=max(first.away_p, second.away_p),
        down=first.down | second.down,
        down_kinds=first.down_kinds | second.down_kinds,
        failure_p=tuple({**dict(first.failure_p), **dict(second.failure_p)}.items()),
        kind_failure_p=tuple({**dict(first.kind_failure_p), **dict(second.kind_failure_p)}.items()),
        at=first.at or second.at,
        windows=first.windows + second.windows,
        kind_windows=first.kind_windows + second.kind_windows,
    )


def parse(text: str, own: Mapping[str, Scenario] = MappingProxyType({})) -> Scenario:
    """The scenario of a name such as ``night+mobile_down``; ``own`` are further scenarios by key.

    A kind of infrastructure (``night+internet``) is that kind down as a whole.

    >>> parse("night+mobile_down").mix
    ((<HourClass.NIGHT: 'night'>, 1.0),)
    """
    named = {**PRESETS, **own}
    known = {**KINDS_DOWN, **named}
    parts = [part.strip() for part in text.split("+")]
    unknown = [part for part in parts if part not in known]
    if unknown:
        raise Refused(
            Problem(
                place=say("Scenario"),
                value=", ".join(unknown),
                rule=say("No such scenario is known."),
                remedy=say(
                    "Use one of these, joined by a plus sign: {known}.", known=", ".join(sorted(named))
                ),
            )
        )
    return reduce(combine, (known[part] for part in parts))
