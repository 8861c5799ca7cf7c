"""What a scenario makes of a network: who is on duty, who is away, and how probable each hidden fact is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prep.alerting.chain import Actor, ByHour, CallList, Handset, Item, Network, Resource
from prep.alerting.scenarios import Scenario
from prep.alerting.windows import Stretch, Window, stretches
from prep.terms import ActorKind, HourClass, ListMode


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is on duty and who is absent under a scenario; ``duties`` gives whose turn it is by calendar.

    Without a moment nobody is absent, and of a calendar the one with the first turn is on duty.
    """

    scenario: Scenario
    on_duty: frozenset[str]
    absent: frozenset[str]
    duties: Mapping[str, str | None]

    @classmethod
    def of(cls, network: Network, scenario: Scenario) -> "Standing":
        at = scenario.at
        duties = {one.key: one.usual if at is None else one.on_duty(at) for one in network.duties}
        by_calendar = frozenset().union(*(one.actors for one in network.duties))
        always = {one.key for one in network.actors if one.on_duty and one.key not in by_calendar}
        absent = (
            frozenset()
            if at is None
            else frozenset(one.key for one in network.actors if any(span.covers(at) for span in one.absences))
        )
        turns = {actor for actor in duties.values() if actor is not None}
        return cls(scenario, frozenset(always | turns), absent, duties)

    def available(self, actor: Actor, hour: HourClass) -> float:
        """The availability of an actor: persons not on duty may be away, the absent are."""
        if actor.key in self.absent:
            return 0.0
        if actor.key in self.on_duty:
            return (actor.available_on_duty or actor.available).at(hour)
        here = actor.available.at(hour)
        return here * (1 - self.scenario.away_p) if actor.kind is ActorKind.PERSON else here

    def heard(self, handset: Handset, hour: HourClass) -> float:
        """The probability that a handset is heard by an available owner."""
        return self._on_duty(handset.actor, handset.heard_on_duty, handset.heard).at(hour)

    def works(self, item: Item, hour: HourClass) -> float:
        """The probability that an attempt is answered by an available target with a right number."""
        return self._on_duty(item.target, item.works_on_duty, item.works).at(hour)

    def is_made(self, one: CallList, item: Item, hour: HourClass) -> bool:
        """Whether an attempt is made at such an hour at all, whatever happened before it."""
        if item.hours and hour not in item.hours:
            return False
        if item.pause:
            # A person sees that nobody stands there and goes on.
            return one.mode is ListMode.PARALLEL
        return item.duty is None or self.duties.get(item.duty) == item.target

    def _on_duty(self, actor: str, on_duty: ByHour | None, otherwise: ByHour) -> ByHour:
        return on_duty if on_duty is not None and actor in self.on_duty else otherwise


def resource_chances(resource: Resource, scenario: Scenario) -> tuple[float, float]:
    """The probabilities that a resource is up: with its parent up, and with its parent down."""
    if resource.key in scenario.down or resource.kind in scenario.down_kinds:
        return 0.0, 0.0
    by_kind = dict(scenario.kind_failure_p).get(resource.kind, resource.failure_p)
    failure_p = dict(scenario.failure_p).get(resource.key, by_kind)
    return 1 - failure_p, 1 - max(failure_p, resource.failure_p_if_parent_down or 0.0)


def windows_of(resources: Iterable[Resource], scenario: Scenario) -> dict[str, tuple[Window, ...]]:
    """The times during which a scenario holds resources down, by their keys: their own, and those of their kind."""
    found = {
        one.key: (
            *(window for key, window in scenario.windows if key == one.key),
            *(window for kind, window in scenario.kind_windows if kind == one.kind),
        )
        for one in resources
        if not (one.key in scenario.down or one.kind in scenario.down_kinds)
    }
    return {key: windows for key, windows in found.items() if windows}


def stretches_of(resources: Iterable[Resource], scenario: Scenario) -> tuple[Stretch, ...]:
    """The time from the alarm on, in stretches in which nothing changes; one where no window applies."""
    return stretches(windows_of(resources, scenario))
