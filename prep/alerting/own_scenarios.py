"""The county's own scenarios: an hour or a moment, what is down, what fails more often, how many are away."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from prep.alerting.hours import away_p, hour_class
from prep.alerting.infrastructure import RESOURCES
from prep.alerting.labels import HOURS
from prep.alerting.scenarios import KINDS_DOWN, PRESETS, Scenario
from prep.alerting.windows import Window
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import HourClass, ResourceKind

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_KEY, LONGEST_NAME, LONGEST_NOTE = 80, 200, 300
MOST_WINDOWS = 3  # of one part
_KINDS = frozenset(kind.value for kind in ResourceKind)
_KEY, _WHEN = say("Key of the scenario"), say("Hour of the scenario")
_AWAY, _FAILS = say("Share of people away"), say("Infrastructure of the scenario")
_SHARE = say("A share lies between 0 and 100 %.")
_AS_SHARE = say("Correct it.")


@dataclass(frozen=True, slots=True)
class OwnScenario:
    """A scenario that a county named and keeps.

    ``hours`` are weights by hour class, ``at`` a moment of the alarm: one of them, or neither, for what can be
    combined with any hour. ``away_p`` None: as many people are away as is assumed of the moment. ``down``, ``fails``
    and ``windows``, by which a part is down for a part of the time, name whole kinds of infrastructure (values of
    ``ResourceKind``) or the keys of single parts.

    Raises
    ------
    Refused
        With everything that makes no sense: a key that prep uses itself, two hours at once, the same part down for
        certain and failing sometimes, outages of a part that run into each other, a scenario that says nothing.
    """

    key: str
    name: str
    hours: tuple[tuple[HourClass, float], ...] = ()
    at: datetime | None = None
    away_p: float | None = None
    down: tuple[str, ...] = ()
    fails: tuple[tuple[str, float], ...] = ()
    note: str = ""
    windows: tuple[tuple[str, Window], ...] = ()

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise Refused(problems)

    def scenario(self) -> Scenario:
        """What the simulator makes of it.

        >>> own = OwnScenario("flu", "A week of influenza", hours=((HourClass.NIGHT, 1.0),), away_p=0.2)
        >>> own.scenario().away_p
        0.2
        """
        usual = 0.0 if self.at is None else away_p(self.at)
        return outages(
            self.key,
            self.name,
            down=self.down,
            fails=self.fails,
            hours=self.hours if self.at is None else ((hour_class(self.at), 1.0),),
            away_p=usual if self.away_p is None else self.away_p,
            at=self.at,
            windows=self.windows,
        )

    @property
    def parts(self) -> tuple[str, ...]:
        """The single parts of infrastructure that it names, each once."""
        named = (*self.down, *(key for key, _ in (*self.fails, *self.windows)))
        return tuple(key for key in dict.fromkeys(named) if key not in _KINDS)

    def told(self, names: Mapping[str, str]) -> Iterator[Message]:
        """What it says, a sentence for each; ``names`` are those of the single parts by key."""
        if self.at is not None:
            yield say("Alarm on {moment}", moment=self.at)
        elif len(self.hours) == 1:
            yield say("Hour: {hour}", hour=HOURS[self.hours[0][0]])
        elif self.hours:
            yield say(
                "Hour drawn by shares: {shares}",
                shares=[say("{hour} {share}", hour=HOURS[hour], share=_percent(p)) for hour, p in self.hours],
            )
        if self.down:
            yield say("Out of order: {parts}", parts=[_part(key, names) for key in self.down])
        if self.windows:
            yield say(
                "Out of order for a part of the time: {parts}",
                parts=[
                    say("{part} {when}", part=_part(key, names), when=one.words())
                    for key, one in self.windows
                ],
            )
        if self.fails:
            yield say(
                "Fails with the probability: {parts}",
                parts=[
                    say("{hour} {share}", hour=_part(key, names), share=_percent(p)) for key, p in self.fails
                ],
            )
        if self.away_p is not None:
            yield say("People away: {share}", share=_percent(self.away_p))

    def _problems(self) -> Iterator[Problem]:
        if not KEY.fullmatch(self.key) or len(self.key) > LONGEST_KEY:
            yield _problem(
                _KEY,
                self.key,
                say("A key has small letters a–z, digits and hyphens, at most {n}.", n=LONGEST_KEY),
                say("Write it as {example}.", example="talvimyrsky-2026"),
            )
        elif self.key in PRESETS or self.key in KINDS_DOWN:
            yield _problem(
                _KEY,
                self.key,
                say("prep uses this key itself."),
                say("Choose another, such as own-{key}.", key=self.key),
            )
        for place, words, longest, least in (
            (say("Name of the scenario"), self.name, LONGEST_NAME, 1),
            (say("Note on the scenario"), self.note, LONGEST_NOTE, 0),
        ):
            if not least <= len(words) <= longest or not words.isprintable():
                yield _problem(
                    place,
                    words,
                    say("It has {least} to {most} letters, on one line.", least=least, most=longest),
                    say("Correct it."),
                )
        yield from self._problems_of_hour()
        yield from self._problems_of_parts()

    def _problems_of_hour(self) -> Iterator[Problem]:
        weights = [weight for _, weight in self.hours]
        if self.hours and self.at is not None:
            yield _problem(
                _WHEN,
                None,
                say("A scenario has hours or a moment, not both."),
                say("Take one of them away."),
            )
        if weights and (
            not min(weights) >= 0
            or not abs(sum(weights) - 1) <= 1e-6
            or len({hour for hour, _ in self.hours}) < len(weights)
        ):
            yield _problem(
                _WHEN,
                " + ".join(_percent(weight) for weight in weights),
                say("The shares of the hours are not negative and come to 100 % together."),
                say("Correct the shares; they come to {sum} now.", sum=_percent(sum(weights))),
            )

    def _problems_of_parts(self) -> Iterator[Problem]:
        if self.away_p is not None and not 0 <= self.away_p <= 1:
            yield _problem(_AWAY, _percent(self.away_p), _SHARE, _AS_SHARE)
        keys = [key for key, _ in self.fails]
        for key, p in self.fails:
            if not 0 <= p <= 1:
                yield _problem(_FAILS, f"{key}: {_percent(p)}", _SHARE, _AS_SHARE)
        twice = [key for key in dict.fromkeys(keys) if key in self.down or keys.count(key) > 1]
        twice += [key for key in dict.fromkeys(self.down) if self.down.count(key) > 1]
        for key in twice:
            yield _problem(
                _FAILS,
                key,
                say("A part is either down for certain or fails with one probability."),
                say("Name it once."),
            )
        yield from self._problems_of_windows()
        if not (self.hours or self.at or self.down or self.fails or self.windows or self.away_p):
            yield _problem(
                _WHEN,
                None,
                say("A scenario says when the alarm comes, what is out of order, or how many are away."),
                say("Choose at least one of them."),
            )

    def _problems_of_windows(self) -> Iterator[Problem]:
        for part in dict.fromkeys(key for key, _ in self.windows):
            found = sorted(window for key, window in self.windows if key == part)
            if part in self.down:
                yield _problem(
                    _FAILS,
                    part,
                    say("A part is down all the time or for a part of it, not both."),
                    say("Take one of them away."),
                )
            if len(found) > MOST_WINDOWS:
                yield _problem(
                    _FAILS,
                    part,
                    say("A part has at most {n} outages in one scenario.", n=MOST_WINDOWS),
                    say("Take some of them away, or make one of those that lie close together."),
                )
            for first, second in pairwise(found):
                if second.starts_s <= first.ends_s:
                    last = Window(first.starts_s, max(first.ends_s, second.ends_s))
                    yield _problem(
                        _FAILS,
                        f"{part}: {first.typed}, {second.typed}",
                        say("Outages of one part neither overlap nor touch."),
                        say("Write one outage: {span}.", span=last.typed),
                    )


def outages(
    key: str,
    name: Message | str,
    *,
    down: Iterable[str] = (),
    fails: Iterable[tuple[str, float]] = (),
    hours: tuple[tuple[HourClass, float], ...] = (),
    away_p: float = 0.0,
    at: datetime | None = None,
    windows: Iterable[tuple[str, Window]] = (),
) -> Scenario:
    """A scenario in which each part that is down, for a time or altogether, or fails is named by its key or kind."""
    down, fails, windows = tuple(down), tuple(fails), tuple(windows)
    return Scenario(
        key,
        name,
        hours=hours,
        away_p=away_p,
        down=frozenset(one for one in down if one not in _KINDS),
        down_kinds=frozenset(ResourceKind(one) for one in down if one in _KINDS),
        failure_p=tuple((one, p) for one, p in fails if one not in _KINDS),
        kind_failure_p=tuple((ResourceKind(one), p) for one, p in fails if one in _KINDS),
        at=at,
        windows=tuple((one, window) for one, window in windows if one not in _KINDS),
        kind_windows=tuple((ResourceKind(one), window) for one, window in windows if one in _KINDS),
    )


def unknown_parts(scenario: OwnScenario, known: Iterable[str]) -> list[str]:
    """The single parts that it names and that there are none of."""
    there = set(known)
    return [key for key in scenario.parts if key not in there]


def _part(key: str, names: Mapping[str, str]) -> Message | str:
    return RESOURCES[ResourceKind(key)] if key in _KINDS else names.get(key, key)


def _percent(share: float) -> str:
    text = f"{round(share * 100, 4):g}"
    return f"{text.replace('.', ',')}\xa0%"


def _problem(place: Message, value: str | None, rule: Message, remedy: Message) -> Problem:
    return Problem(place=place, value=value[:60] if value else None, rule=rule, remedy=remedy)
