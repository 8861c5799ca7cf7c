"""How many people premises can hold in a phase, what limits it, and what would raise it.

The capacity is the least of the limits in force. A limit that is in force and not known means that there is no
capacity: unknown never counts as enough. Two limits are in force only where they apply: meals where the premises
cater, and the number that the keeper states for the use in question.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from prep.evacuation.norms import LimitKind, Norms, Phase
from prep.language import Message, say
from prep.terms import SiteStatus, SiteUse

_PHASE_OF = {
    SiteUse.TEMPORARY_ACCOMMODATION: Phase.SHORT,
    SiteUse.EVACUATION_CENTRE: Phase.HOURS,
    SiteUse.ASSEMBLY_CENTRE: Phase.HOURS,
    SiteUse.ASSEMBLY_POINT: Phase.HOURS,
    SiteUse.CATERING: Phase.HOURS,
}


@dataclass(frozen=True, slots=True)
class SiteSpace:
    """What is known of premises; None is unknown. Counts in pieces, area in m², times in hours."""

    uses: frozenset[SiteUse] = frozenset()
    stated: Mapping[SiteUse, int | None] = field(default_factory=lambda: MappingProxyType({}))
    status: SiteStatus = SiteStatus.UNKNOWN
    net_area_m2: float | None = None
    toilets: int | None = None
    accessible_toilets: int | None = None
    beds: int | None = None
    meals_per_hour: int | None = None
    exits: int | None = None
    is_accessible: bool | None = None
    backup_power_h: float | None = None
    fire_max_persons: int | None = None
    fire_confirmed_on: date | None = None
    rescue_plan_on: date | None = None
    hours_to_open: float | None = None
    hours_to_full: float | None = None
    # Key holders on the list, and those of them who have a number or are in the registry.
    key_holders: int = 0
    reachable_key_holders: int = 0
    confirmed_on: date | None = None

    def __post_init__(self) -> None:
        for name in _NOT_NEGATIVE:
            value = getattr(self, name)
            if value is not None and not 0 <= value < math.inf:
                raise ValueError(f"{name} is {value}")
        for use, stated in self.stated.items():
            if use not in self.uses or (stated is not None and stated < 0):
                raise ValueError(f"stated capacity of {use} is {stated}")


_NOT_NEGATIVE = (
    "net_area_m2",
    "toilets",
    "accessible_toilets",
    "beds",
    "meals_per_hour",
    "exits",
    "backup_power_h",
    "fire_max_persons",
    "hours_to_open",
    "hours_to_full",
    "key_holders",
    "reachable_key_holders",
)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: the number of persons, and how it comes about."""

    kind: LimitKind
    persons: int
    basis: Message


@dataclass(frozen=True, slots=True)
class Capacity:
    """The limits in force that are known, the least first, and those that are not known."""

    phase: Phase
    limits: tuple[Limit, ...]
    missing: tuple[LimitKind, ...]
    # One sentence: what would raise the capacity, and to what; None when it is not known.
    raised_by: Message | None

    @property
    def persons(self) -> int | None:
        """The number of places; None when a limit in force is not known."""
        return None if self.missing or not self.limits else self.limits[0].persons

    @property
    def at_most(self) -> int | None:
        """The least of the known limits: the capacity cannot be more, and may be less."""
        return self.limits[0].persons if self.limits else None

    @property
    def binding(self) -> Limit | None:
        """What limits the capacity now, among what is known."""
        return self.limits[0] if self.limits else None

    @property
    def next(self) -> Limit | None:
        """What would limit it if the binding limit were lifted."""
        return self.limits[1] if len(self.limits) > 1 else None


def phase_of(use: SiteUse) -> Phase:
    """The phase by which a use is measured on lists."""
    return _PHASE_OF[use]


def main_use(space: SiteSpace) -> SiteUse | None:
    """The use whose capacity stands on lists: accommodation first, catering last; None without any use."""
    return next((use for use in _PHASE_OF if use in space.uses), None)


def capacity_for(space: SiteSpace, norms: Norms, use: SiteUse) -> Capacity:
    """The capacity for one use, in the phase by which that use is measured."""
    return capacity(space, norms, phase_of(use), use=use)


def capacity(space: SiteSpace, norms: Norms, phase: Phase, *, use: SiteUse | None = None) -> Capacity:
    """The least of the limits in force in a phase.

    Nine toilets for 20 persons each, 1 040 m² at 3.5 m², and 220 persons by the fire inspection:

    >>> from prep.evacuation.norms import norm_set
    >>> hall = SiteSpace(net_area_m2=1040, toilets=9, fire_max_persons=220, exits=4)
    >>> found = capacity(hall, norm_set(), Phase.SHORT)
    >>> found.persons, [(limit.kind.value, limit.persons) for limit in found.limits]
    (180, [('toilets', 180), ('fire', 220), ('area', 297)])
    >>> str(found.raised_by)
    '2 more toilets would raise it to 220.'

    What is not known gives no capacity:

    >>> found = capacity(SiteSpace(net_area_m2=1040, toilets=9), norm_set(), Phase.SHORT)
    >>> found.persons, found.at_most, [kind.value for kind in found.missing]
    (None, 180, ['fire'])
    """
    known: list[Limit] = []
    missing: list[LimitKind] = []
    for kind in _in_force(space, norms, phase, use):
        found = _LIMITS[kind](space, norms, phase, use)
        if isinstance(found, Limit):
            known.append(found)
        elif found is _UNKNOWN:
            missing.append(kind)
    # The order of the kinds settles a tie, so that the same premises always read the same.
    known.sort(key=lambda limit: limit.persons)
    limits = tuple(known)
    raised_by = None if missing or not limits else _raised_by(limits, space, norms, phase)
    return Capacity(phase=phase, limits=limits, missing=tuple(missing), raised_by=raised_by)


def _in_force(space: SiteSpace, norms: Norms, phase: Phase, use: SiteUse | None) -> list[LimitKind]:
    # Whoever only comes to eat needs neither a bed nor a place of his own on the floor.
    kinds = [] if use is SiteUse.CATERING else list(norms.limits[phase])
    if SiteUse.CATERING in space.uses:
        kinds.append(LimitKind.MEALS)
    if use is not None:
        kinds.append(LimitKind.STATED)
    return kinds


# The limit is in force and not known; None: it does not limit.
_UNKNOWN = object()
_Found = Limit | object | None


def _area(space: SiteSpace, norms: Norms, phase: Phase, _use: SiteUse | None) -> _Found:
    if space.net_area_m2 is None:
        return _UNKNOWN
    per_person = norms.value("area.m2_per_person", phase)
    basis = say("Area, {area} m² / {per_person}", area=space.net_area_m2, per_person=per_person)
    return Limit(LimitKind.AREA, _floor(space.net_area_m2 / per_person), basis)


def _toilets(space: SiteSpace, norms: Norms, phase: Phase, _use: SiteUse | None) -> _Found:
    if space.toilets is None:
        return _UNKNOWN
    ratio = norms.value("toilets.persons_per_toilet", phase)
    spare = norms.value_or(0, "toilets.spare", phase)
    if spare:
        basis = say("Toilets, ({count} − {spare}) × {ratio}", count=space.toilets, spare=spare, ratio=ratio)
    else:
        basis = say("Toilets, {count} × {ratio}", count=space.toilets, ratio=ratio)
    return Limit(LimitKind.TOILETS, _floor(max(0.0, space.toilets - spare) * ratio), basis)


def _fire(space: SiteSpace, _norms: Norms, _phase: Phase, _use: SiteUse | None) -> _Found:
    if space.fire_max_persons is None:
        return _UNKNOWN
    return Limit(LimitKind.FIRE, space.fire_max_persons, say("Fire inspection, at most"))


def _exits(space: SiteSpace, norms: Norms, _phase: Phase, _use: SiteUse | None) -> _Found:
    # With several exits, or an unknown number, the inspection's maximum is what counts.
    if space.exits is None or space.exits > 1:
        return None
    allowed = _floor(norms.value("exits.single_exit_persons")) if space.exits else 0
    return Limit(LimitKind.EXITS, allowed, say("Exits, {count}", count=space.exits))


def _beds(space: SiteSpace, norms: Norms, _phase: Phase, _use: SiteUse | None) -> _Found:
    if space.beds is None:
        return _UNKNOWN
    persons = _floor(space.beds * norms.value("beds.persons_per_bed"))
    return Limit(LimitKind.BEDS, persons, say("Beds, {count}", count=space.beds))


def _meals(space: SiteSpace, norms: Norms, _phase: Phase, _use: SiteUse | None) -> _Found:
    if space.meals_per_hour is None:
        return _UNKNOWN
    hours = norms.value("meals.serving_h")
    basis = say("Meals, {count} / h × {hours} h", count=space.meals_per_hour, hours=hours)
    return Limit(LimitKind.MEALS, _floor(space.meals_per_hour * hours), basis)


def _stated(space: SiteSpace, _norms: Norms, _phase: Phase, use: SiteUse | None) -> _Found:
    stated = space.stated.get(use) if use else None
    return None if stated is None else Limit(LimitKind.STATED, stated, say("Stated by the keeper"))


_LIMITS = {
    LimitKind.AREA: _area,
    LimitKind.TOILETS: _toilets,
    LimitKind.FIRE: _fire,
    LimitKind.EXITS: _exits,
    LimitKind.BEDS: _beds,
    LimitKind.MEALS: _meals,
    LimitKind.STATED: _stated,
}


def _raised_by(limits: tuple[Limit, ...], space: SiteSpace, norms: Norms, phase: Phase) -> Message | None:
    binding = limits[0]
    if len(limits) == 1:
        return None
    if limits[1].persons == binding.persons:
        return say("{one} and {other} limit it alike.", one=binding.basis, other=limits[1].basis)
    to = limits[1].persons
    match binding.kind:
        case LimitKind.TOILETS:
            ratio = norms.value("toilets.persons_per_toilet", phase)
            needed = math.ceil(to / ratio) + norms.value_or(0, "toilets.spare", phase)
            more = math.ceil(needed - (space.toilets or 0))
            if more == 1:
                return say("One more toilet would raise it to {to}.", to=to)
            return say("{more} more toilets would raise it to {to}.", more=more, to=to)
        case LimitKind.AREA:
            area = math.ceil(to * norms.value("area.m2_per_person", phase) - (space.net_area_m2 or 0))
            return say("{area} m² more would raise it to {to}.", area=area, to=to)
        case LimitKind.FIRE:
            return say("A higher maximum in a new fire inspection could raise it to {to}.", to=to)
        case LimitKind.EXITS:
            return say("A second exit could raise it to {to}.", to=to)
        case LimitKind.BEDS:
            beds = math.ceil(to / norms.value("beds.persons_per_bed")) - (space.beds or 0)
            return say("Beds for {more} more would raise it to {to}.", more=beds, to=to)
        case LimitKind.MEALS:
            return say("Meals for {more} more would raise it to {to}.", more=to - binding.persons, to=to)
        case LimitKind.STATED:
            return say("By the norms it could be {to}: ask the keeper.", to=to)


def _floor(persons: float) -> int:
    # 1 050 m² at 3.5 m² is 300 persons, also where the division gives 299.99999999999994.
    return math.floor(round(persons, 6))
