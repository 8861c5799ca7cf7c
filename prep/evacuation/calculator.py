"""What a stay in premises takes: the phase by its length, the capacity, and what so many people need."""

import math
from dataclasses import dataclass

from prep.evacuation.capacity import Capacity, Step, accessible_places, capacity, steps
from prep.evacuation.norms import Norms, Phase
from prep.evacuation.space import SiteSpace
from prep.terms import SiteUse

# Without a night; as long as an evacuation may take until full running by the norms.
LONGEST_HOURS = 12
LONGEST_SHORT_H = 72


@dataclass(frozen=True, slots=True)
class Needs:
    """What a number of persons needs by a norm set: m², pieces, litres and meals a day, staff in all shifts."""

    area_m2: float
    toilets: int
    water_l_per_day: float
    meals_per_day: int
    staff: int


@dataclass(frozen=True, slots=True)
class Calculated:
    """The answer of the calculator for one use of premises."""

    norms: Norms
    use: SiteUse
    stay_h: float
    capacity: Capacity
    steps: tuple[Step, ...]
    # None: not known.
    accessible: int | None
    # Of as many as fit; None where that is not known.
    needs: Needs | None
    # Longer than accommodation may be temporary, in days; None where it is not.
    longest_days: float | None


def phase_of_stay(hours: float) -> Phase:
    """The phase by how long people stay.

    >>> [phase_of_stay(hours).value for hours in (12, 13, 72, 73)]
    ['hours', 'short', 'short', 'long']
    """
    if hours <= LONGEST_HOURS:
        return Phase.HOURS
    return Phase.SHORT if hours <= LONGEST_SHORT_H else Phase.LONG


def calculate(space: SiteSpace, norms: Norms, use: SiteUse, *, stay_h: float) -> Calculated:
    """How many people premises hold in a stay of some hours, what would raise it, and what they need."""
    found = capacity(space, norms, phase_of_stay(stay_h), use=use)
    longest = norms.value("stay.max_days")
    is_too_long = use is SiteUse.TEMPORARY_ACCOMMODATION and stay_h > longest * 24
    return Calculated(
        norms=norms,
        use=use,
        stay_h=stay_h,
        capacity=found,
        steps=steps(found, space, norms),
        accessible=accessible_places(space, norms, found),
        needs=None if found.persons is None else needs(found.persons, norms, found.phase),
        longest_days=longest if is_too_long else None,
    )


def needs(persons: int, norms: Norms, phase: Phase) -> Needs:
    """What so many persons need.

    3 399 persons, 5 % of the people of Central Ostrobothnia, at 3.5 m², 20 a toilet, 15 litres and 3 meals a day:

    >>> from prep.evacuation.norms import norm_set
    >>> found = needs(3399, norm_set(), Phase.SHORT)
    >>> found.area_m2, found.toilets, found.water_l_per_day, found.meals_per_day
    (11896.5, 170, 50985.0, 10197)

    At first one toilet for 50 does:

    >>> needs(3399, norm_set(), Phase.HOURS).toilets
    68
    """
    toilets = math.ceil(round(persons / norms.value("toilets.persons_per_toilet", phase), 6))
    on_duty = math.ceil(round(persons / norms.value("staff.persons_per_staff"), 6))
    return Needs(
        area_m2=persons * norms.value("area.m2_per_person", phase),
        toilets=math.ceil(toilets + norms.value_or(0, "toilets.spare", phase)) if persons else 0,
        water_l_per_day=persons * norms.value("water.l_per_person_day"),
        meals_per_day=math.ceil(persons * norms.value("meals.per_person_day")),
        staff=math.ceil(on_duty * norms.value("staff.shifts")),
    )
