"""What a simulation answers: shares with intervals, times, and how it fails. Identifiers only, no names."""

import json
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from enum import StrEnum
from math import sqrt
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from prep.errors import Problem, Refused
from prep.language import Message, percent, say

ENGINE = "2"  # changes whenever the same seed would give other numbers
Z_95 = 1.959963984540054  # standard normal quantile at 0.975


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``runs``, with its 95 % interval (Wilson 1927, JASA 22:209–212).

    >>> Share(0, 10_000).low, round(Share(0, 10_000).high, 6)
    (0.0, 0.000384)
    """

    count: int
    runs: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.runs or self.runs < 1:
            raise ValueError(f"{self.count} of {self.runs} is no share")

    @property
    def p(self) -> float:
        return self.count / self.runs

    @property
    def low(self) -> float:
        return 0.0 if self.count == 0 else max(0.0, self._centre - self._half_width)

    @property
    def high(self) -> float:
        return 1.0 if self.count == self.runs else min(1.0, self._centre + self._half_width)

    @property
    def _centre(self) -> float:
        return (self.count + Z_95**2 / 2) / (self.runs + Z_95**2)

    @property
    def _half_width(self) -> float:
        inner = self.p * (1 - self.p) * self.runs + Z_95**2 / 4
        return Z_95 * sqrt(inner) / (self.runs + Z_95**2)

    def sentence(self) -> Message:
        """The share as it may be shown: never 0 or 100 %, always with interval and number of runs."""
        digits = self._digits()
        if self.count == 0:
            return say("below {high} ({runs} runs)", high=percent(self.high, digits=2), runs=self.runs)
        if self.count == self.runs:
            return say("above {low} ({runs} runs)", low=percent(self.low, digits=2), runs=self.runs)
        return say(
            "{share} (95 % interval {low}–{high}, {runs} runs)",
            share=percent(self.p, digits=digits),
            # The sign once, behind the second of the two.
            low=percent(self.low, digits=digits).removesuffix("\xa0%"),
            high=percent(self.high, digits=digits),
            runs=self.runs,
        )

    def _digits(self) -> int:
        width = self.high - self.low
        return 0 if width >= 0.01 else 1 if width >= 0.001 else 2


@dataclass(frozen=True, slots=True)
class Percentile:
    """The time by which ``share`` of the runs had reached the group, with the 95 % interval of its rank.

    None is "not reached in that share of the runs": a percentile beyond what was ever reached has no time.
    """

    share: float
    value_s: float | None
    low_s: float | None
    high_s: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """How many runs had reached the group by each time; ``runs`` minus the last count never did."""

    at_s: tuple[float, ...]
    reached: tuple[int, ...]
    runs: int

    def share_by(self, time_s: float) -> Share:
        """The share of runs reached by the last time of the grid that is not after ``time_s``."""
        counts = [n for at, n in zip(self.at_s, self.reached, strict=True) if at <= time_s]
        return Share(counts[-1] if counts else 0, self.runs)


class PartKind(StrEnum):
    """What can be the weakest link, or part of a cut."""

    ACTOR = "actor"
    POINT = "point"
    HANDSET = "handset"
    RESOURCE = "resource"
    CHANNEL = "channel"
    SEAT = "seat"


class Reason(StrEnum):
    """Why an actor fails a chain: the first of these that alone would have saved most of the runs."""

    UNAVAILABLE = "unavailable"
    UNANSWERED = "unanswered"
    STALE = "stale"
    NO_RELAY = "no_relay"
    REFUSED = "refused"
    SEVERAL = "several"
    DOWN = "down"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a network, by its key."""

    kind: PartKind
    key: str


@dataclass(frozen=True, slots=True)
class Saving:
    """How many of the examined failing runs this part alone, had it not failed, would have saved."""

    part: Part
    saved: Share
    reason: Reason


@dataclass(frozen=True, slots=True)
class Failures:
    """How a group fails: which seats were missing, and which single part would have saved the run.

    ``seats_missing`` counts, over all failing runs, each seat not reached by the deadline. ``main_cause``
    gives each examined failing run to the one part that saves most runs among those that save this one;
    ``several`` are the runs that no single part would have saved.
    """

    failing: int
    examined: int
    seats_missing: tuple[tuple[str, int], ...]
    savings: tuple[Saving, ...]
    main_cause: tuple[tuple[Part, int], ...]
    several: int

    @property
    def weakest(self) -> Saving | None:
        """The weakest link; None if nothing failed or no single part would have saved a run."""
        return self.savings[0] if self.savings else None


@dataclass(frozen=True, slots=True)
class SeatReach:
    seat: str
    by_deadline: Share


@dataclass(frozen=True, slots=True)
class PersonReach:
    """How surely one member or deputy is reached by the deadline of the group."""

    actor: str
    by_deadline: Share


@dataclass(frozen=True, slots=True)
class GroupReach:
    """How one group is reached: ``quorum`` is quorum and required seats by the deadline."""

    group: str
    deadline_s: float
    counts_deliveries: bool
    quorum: Share
    all_seats: Share
    median: Percentile
    p90: Percentile
    curve: Curve
    expected_seats: float
    seats: tuple[SeatReach, ...]
    people: tuple[PersonReach, ...]
    failures: Failures


@dataclass(frozen=True, slots=True)
class Together:
    """All groups at once: ``counts`` are the runs in which 0, 1, 2, … groups were reached, each by its deadline.

    The times are those by which the last of them had its quorum.
    """

    share: Share
    median: Percentile
    p90: Percentile
    curve: Curve
    counts: tuple[int, ...]

    def at_least(self, groups: int) -> Share:
        """How surely at least so many groups are reached."""
        return Share(sum(self.counts[groups:]), self.share.runs)

    @property
    def expected(self) -> float:
        """How many groups are reached on average."""
        return sum(number * count for number, count in enumerate(self.counts)) / self.share.runs


@dataclass(frozen=True, slots=True)
class Result:
    """One simulation with all that is needed to repeat it.

    ``network`` and ``conditions`` are the digests of the network and of what the scenario said; the latter is empty in
    results that were stored before it was kept.
    """

    engine: str
    network: str
    scenario: str
    seed: int
    runs: int
    horizon_s: float
    groups: tuple[GroupReach, ...]
    together: Together | None
    conditions: str = ""

    @property
    def all_groups(self) -> Share | None:
        """How surely all groups are reached at once; None where there are none."""
        return None if self.together is None else self.together.share

    def group(self, key: str) -> GroupReach:
        """The answer for that group; KeyError if it was not asked for."""
        for one in self.groups:
            if one.group == key:
                return one
        raise KeyError(key)

    def to_json(self) -> str:
        """Canonical JSON: the same result gives the same text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Result":
        """The result of such a text; Refused if it is not one."""
        try:
            result: Result = _read(cls, json.loads(text))
            return result
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                Problem(
                    place=say("Stored simulation result"),
                    value=None,
                    rule=say("A stored result can be read only as it was written."),
                    remedy=say("Simulate again."),
                )
            ) from error


def _read(kind: Any, value: Any) -> Any:
    """Build a value of a type from plain JSON; ValueError, KeyError or TypeError if it does not fit."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        given = [part for part in fields(kind) if part.name in value or part.default is MISSING]
        return kind(**{part.name: _read(hints[part.name], value[part.name]) for part in given})
    if get_origin(kind) is UnionType:
        return None if value is None else _read(next(k for k in get_args(kind) if k is not NoneType), value)
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            return tuple(_read(kinds[0], part) for part in value)
        return tuple(_read(one, part) for one, part in zip(kinds, value, strict=True))
    if not isinstance(value, str | int | float):
        raise TypeError(f"{value!r} is no {kind}")
    return kind(value)
