"""How many people premises can hold in a phase, what limits it, and what would raise it.

The capacity is the least of the limits in force. A limit that is in force and not known means that there is no
capacity: unknown never counts as enough. Some limits are in force only where they apply: meals where the premises
cater, the number that the keeper states for the use, and water and staff where they are known to be limited.

Where units of the premises have the use, what a unit states limits the unit, what the premises state limits the whole,
and the least counts: the units together, or the whole. What neither states is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from prep.evacuation.limits import (
    Limit,
    Without,
    find_limit,
    in_force,
    more_needed,
    needed,
    where_known,
    whole,
)
from prep.evacuation.norms import LimitKind, Norms, Phase
from prep.evacuation.space import SiteSpace, UnitSpace
from prep.language import Message, say
from prep.terms import SiteUse

_PHASE_OF = {
    SiteUse.TEMPORARY_ACCOMMODATION: Phase.SHORT,
    SiteUse.EVACUATION_CENTRE: Phase.HOURS,
    SiteUse.ASSEMBLY_CENTRE: Phase.HOURS,
    SiteUse.ASSEMBLY_POINT: Phase.HOURS,
    SiteUse.CATERING: Phase.HOURS,
}
# Of these a unit has none of its own.
_OF_THE_WHOLE = frozenset({LimitKind.MEALS, LimitKind.WATER, LimitKind.STAFF})
# So many units are named one by one.
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class UnitCapacity:
    """How many a unit holds, by what it states itself."""

    name: str
    capacity: "Capacity"


@dataclass(frozen=True, slots=True)
class Capacity:
    """The limits in force that are known, the least first, and those that are not known."""

    phase: Phase
    limits: tuple[Limit, ...]
    missing: tuple[LimitKind, ...]
    # One sentence: what would raise the capacity, and to what; None when it is not known.
    raised_by: Message | None
    # Of the units that have the use; none where the premises are counted as a whole.
    units: tuple[UnitCapacity, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Step:
    """What it takes, all of it together, to hold more: ``gain`` is to what there is now."""

    persons: int
    gain: int
    needs: tuple[Message, ...]


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

    The same for more than 72 hours in a cold climate, 1 040 m² at 5.5 m², with 200 beds:

    >>> from dataclasses import replace
    >>> found = capacity(replace(hall, beds=200), norm_set("cold"), Phase.LONG)
    >>> [(limit.kind.value, limit.persons) for limit in found.limits]
    [('toilets', 180), ('area', 189), ('beds', 200), ('fire', 220)]

    By the norms of the United States, 1 040 m² at 1.86 m² and (9 − 2) toilets for 75 persons each:

    >>> [limit.persons for limit in capacity(hall, norm_set("us"), Phase.SHORT).limits]
    [220, 525, 559]

    What is not known gives no capacity:

    >>> found = capacity(SiteSpace(net_area_m2=1040, toilets=9), norm_set(), Phase.SHORT)
    >>> found.persons, found.at_most, [kind.value for kind in found.missing]
    (None, 180, ['fire'])

    Two halls of 400 m² and 300 m² share the toilets and the maximum of the building: 114 + 85 persons in them, 200 by
    the toilets, 150 by the fire inspection.

    >>> halls = tuple(UnitSpace(name, SiteSpace(net_area_m2=area)) for name, area in (("A", 400), ("B", 300)))
    >>> found = capacity(SiteSpace(toilets=10, fire_max_persons=150, units=halls), norm_set(), Phase.SHORT)
    >>> [(limit.kind.value, limit.persons) for limit in found.limits]
    [('fire', 150), ('units', 199), ('toilets', 200)]
    """
    needed_kinds = in_force(space, norms, phase, use)
    kinds = (*needed_kinds, *where_known(norms, phase, use))
    found = {kind: find_limit(kind, space, norms, phase, use) for kind in kinds}
    if found.get(LimitKind.MEALS) is Without.UNKNOWN:
        found[LimitKind.MEALS] = _meals_of_units(space, norms, phase)
    known = [limit for limit in found.values() if isinstance(limit, Limit)]
    unknown = [kind for kind in needed_kinds if found[kind] is Without.UNKNOWN]
    units = tuple(
        _unit(unit, norms, phase, use, [kind for kind in kinds if kind not in _OF_THE_WHOLE], unknown)
        for unit in space.units_for(use)
    )
    if units:
        missing = [
            kind
            for kind in unknown
            if kind in _OF_THE_WHOLE or any(kind in unit.capacity.missing for unit in units)
        ]
        known += _units_together(units)
    else:
        missing = unknown
    # The order of the kinds settles a tie, so that the same premises always read the same.
    limits = tuple(sorted(known, key=lambda limit: limit.persons))
    raised_by = None if missing or not limits else _raised_by(limits, space, norms, phase, units)
    return Capacity(phase, limits, tuple(missing), raised_by, units)


def steps(found: Capacity, space: SiteSpace, norms: Norms) -> tuple[Step, ...]:
    """What it takes to hold more, a limit after the other; nothing where the capacity is not known.

    >>> from prep.evacuation.norms import norm_set
    >>> hall = SiteSpace(net_area_m2=1050, toilets=9, fire_max_persons=300, exits=4)
    >>> [str(need) for need in steps(capacity(hall, norm_set(), Phase.SHORT), hall, norm_set())[0].needs]
    ['6 more toilets']
    >>> steps(capacity(hall, norm_set(), Phase.SHORT), hall, norm_set())[0].gain
    120
    """
    if found.persons is None:
        return ()
    made = []
    for to in sorted({limit.persons for limit in found.limits} - {found.persons}):
        below = [limit for limit in found.limits if limit.persons < to]
        needs = tuple(needed(limit, to, space, norms, found.phase) for limit in below)
        made.append(Step(to, to - found.persons, needs))
    return tuple(made)


def accessible_places(space: SiteSpace, norms: Norms, found: Capacity) -> int | None:
    """How many of the places can be had by those who need an accessible one; None when it is not known.

    They need more floor each, 9.29 m², and an accessible toilet: 500 m² and two such toilets hold 40 of them.

    >>> from prep.evacuation.norms import norm_set
    >>> hall = SiteSpace(net_area_m2=500, toilets=9, fire_max_persons=220, is_accessible=True, accessible_toilets=2)
    >>> accessible_places(hall, norm_set(), capacity(hall, norm_set(), Phase.SHORT))
    40
    """
    if space.is_accessible is False:
        return 0
    area, toilets = space.net_area_m2, space.accessible_toilets
    if space.is_accessible is None or found.persons is None or area is None or toilets is None:
        return None
    by_area = whole(area / norms.value("area.accessible_m2_per_person"))
    by_toilets = whole(toilets * norms.value("toilets.persons_per_toilet", found.phase))
    return min(by_area, by_toilets, found.persons)


def _unit(
    unit: UnitSpace,
    norms: Norms,
    phase: Phase,
    use: SiteUse | None,
    kinds: Iterable[LimitKind],
    unknown: Iterable[LimitKind],
) -> UnitCapacity:
    """By what the unit states; what it does not state is missing only if the premises do not state it either."""
    # Of a dining hall by itself the meals count.
    kinds = [*kinds, LimitKind.MEALS] if use is SiteUse.CATERING else list(kinds)
    found = {kind: find_limit(kind, unit.space, norms, phase, use) for kind in kinds}
    known = (limit for limit in found.values() if isinstance(limit, Limit))
    limits = tuple(sorted(known, key=lambda limit: limit.persons))
    missing = tuple(kind for kind in kinds if found[kind] is Without.UNKNOWN and kind in set(unknown))
    raised_by = None if missing or not limits else _raised_by(limits, unit.space, norms, phase)
    return UnitCapacity(unit.name, Capacity(phase, limits, missing, raised_by))


def _units_together(units: tuple[UnitCapacity, ...]) -> list[Limit]:
    """The limit that the units are together; none where one of them has no limit of its own."""
    each = [unit.capacity.at_most for unit in units]
    if None in each:
        return []
    if len(units) <= _MOST_NAMED:
        named = [say("{name} {n}", name=unit.name, n=n) for unit, n in zip(units, each, strict=True)]
        basis = say("Units, {parts}", parts=named)
    else:
        basis = say("Units together, {count}", count=len(units))
    return [Limit(LimitKind.UNITS, sum(n or 0 for n in each), basis)]


def _meals_of_units(space: SiteSpace, norms: Norms, phase: Phase) -> Limit | Without:
    """What the units that cater can serve together, where nothing is stated of the whole."""
    kitchens = space.units_for(SiteUse.CATERING)
    found = [find_limit(LimitKind.MEALS, unit.space, norms, phase, None) for unit in kitchens]
    known = [one for one in found if isinstance(one, Limit)]
    if not known or len(known) < len(found):
        return Without.UNKNOWN
    persons = sum(one.persons for one in known)
    return Limit(LimitKind.MEALS, persons, say("Meals, of {parts}", parts=[unit.name for unit in kitchens]))


def _raised_by(
    limits: tuple[Limit, ...],
    space: SiteSpace,
    norms: Norms,
    phase: Phase,
    units: tuple[UnitCapacity, ...] = (),
) -> Message | None:
    binding = limits[0]
    if len(limits) == 1 and binding.kind is not LimitKind.UNITS:
        return None
    if len(limits) > 1 and limits[1].persons == binding.persons:
        return say("{one} and {other} limit it alike.", one=binding.basis, other=limits[1].basis)
    if binding.kind is LimitKind.UNITS:
        return _raised_in_a_unit(units)
    to = limits[1].persons
    if binding.kind is LimitKind.STATED:
        return say("By the norms it could be {to}: ask the keeper.", to=to)
    more = more_needed(binding, to, space, norms, phase)
    match binding.kind:
        case LimitKind.TOILETS if more == 1:
            return say("One more toilet would raise it to {to}.", to=to)
        case LimitKind.TOILETS:
            return say("{more} more toilets would raise it to {to}.", more=more, to=to)
        case LimitKind.AREA:
            return say("{area} m² more would raise it to {to}.", area=more, to=to)
        case LimitKind.FIRE:
            return say("A higher maximum in a new fire inspection could raise it to {to}.", to=to)
        case LimitKind.EXITS:
            return say("A second exit could raise it to {to}.", to=to)
        case LimitKind.BEDS:
            return say("Beds for {more} more would raise it to {to}.", more=more, to=to)
        case LimitKind.MEALS:
            return say("Meals for {more} more would raise it to {to}.", more=more, to=to)
        case LimitKind.WATER:
            return say("{litres} l more water a day would raise it to {to}.", litres=more, to=to)
        case _:
            return say("{more} more staff would raise it to {to}.", more=more, to=to)


def _raised_in_a_unit(units: tuple[UnitCapacity, ...]) -> Message | None:
    """Where in the units the most is won by lifting one limit."""

    def gain(unit: UnitCapacity) -> int:
        binding, following = unit.capacity.binding, unit.capacity.next
        return following.persons - binding.persons if binding and following else 0

    best = max(units, key=gain)
    if not gain(best) or best.capacity.raised_by is None:
        return None
    return say("{unit}: {what}", unit=best.name, what=best.capacity.raised_by)
