"""What limits the number of persons in premises, one limit at a time, and what it would take to lift it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from prep.evacuation.norms import LimitKind, Norms, Phase
from prep.evacuation.space import SiteSpace
from prep.language import Message, say
from prep.terms import SiteUse


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: the number of persons, and how it comes about."""

    kind: LimitKind
    persons: int
    basis: Message


class Without(Enum):
    """Why there is no limit of a kind."""

    UNKNOWN = "unknown"  # it is in force, and not known
    FREE = "free"  # it does not limit


Found = Limit | Without


def in_force(space: SiteSpace, norms: Norms, phase: Phase, use: SiteUse | None) -> tuple[LimitKind, ...]:
    """The limits without which nothing is known of the capacity for a use.

    Whoever only comes to eat needs neither a bed nor a place of his own on the floor.
    """
    kinds = () if use is SiteUse.CATERING else norms.limits[phase]
    return (*kinds, LimitKind.MEALS) if SiteUse.CATERING in space.uses else kinds


def where_known(norms: Norms, phase: Phase, use: SiteUse | None) -> tuple[LimitKind, ...]:
    """The limits that count only where they are known."""
    kinds = (LimitKind.STATED,) if use is not None else ()
    if use is SiteUse.CATERING or phase is Phase.HOURS:
        return kinds
    return (*(one for one in (LimitKind.WATER, LimitKind.STAFF) if one not in norms.limits[phase]), *kinds)


def find_limit(kind: LimitKind, space: SiteSpace, norms: Norms, phase: Phase, use: SiteUse | None) -> Found:
    """The limit of a kind, or why there is none."""
    return _LIMITS[kind](space, norms, phase, use)


def _area(space: SiteSpace, norms: Norms, phase: Phase, _use: SiteUse | None) -> Found:
    if space.net_area_m2 is None:
        return Without.UNKNOWN
    per_person = norms.value("area.m2_per_person", phase)
    basis = say("Area, {area} m² / {per_person}", area=space.net_area_m2, per_person=per_person)
    return Limit(LimitKind.AREA, whole(space.net_area_m2 / per_person), basis)


def _toilets(space: SiteSpace, norms: Norms, phase: Phase, _use: SiteUse | None) -> Found:
    if space.toilets is None:
        return Without.UNKNOWN
    ratio = norms.value("toilets.persons_per_toilet", phase)
    spare = norms.value_or(0, "toilets.spare", phase)
    if spare:
        basis = say("Toilets, ({count} − {spare}) × {ratio}", count=space.toilets, spare=spare, ratio=ratio)
    else:
        basis = say("Toilets, {count} × {ratio}", count=space.toilets, ratio=ratio)
    return Limit(LimitKind.TOILETS, whole(max(0.0, space.toilets - spare) * ratio), basis)


def _fire(space: SiteSpace, _norms: Norms, _phase: Phase, _use: SiteUse | None) -> Found:
    if space.fire_max_persons is None:
        return Without.UNKNOWN
    return Limit(LimitKind.FIRE, space.fire_max_persons, say("Fire inspection, at most"))


def _exits(space: SiteSpace, norms: Norms, _phase: Phase, _use: SiteUse | None) -> Found:
    # With several exits, or an unknown number, the inspection's maximum is what counts.
    if space.exits is None or space.exits > 1:
        return Without.FREE
    allowed = whole(norms.value("exits.single_exit_persons")) if space.exits else 0
    return Limit(LimitKind.EXITS, allowed, say("Exits, {count}", count=space.exits))


def _beds(space: SiteSpace, norms: Norms, _phase: Phase, _use: SiteUse | None) -> Found:
    if space.beds is None:
        return Without.UNKNOWN
    persons = whole(space.beds * norms.value("beds.persons_per_bed"))
    return Limit(LimitKind.BEDS, persons, say("Beds, {count}", count=space.beds))


def _meals(space: SiteSpace, norms: Norms, phase: Phase, _use: SiteUse | None) -> Found:
    if space.meals_per_hour is None:
        return Without.UNKNOWN
    count = space.meals_per_hour
    if phase is Phase.HOURS or space.serving_hours is None:
        hours = norms.value("meals.serving_h")
        basis = say("Meals, {count} / h × {hours} h", count=count, hours=hours)
        return Limit(LimitKind.MEALS, whole(count * hours), basis)
    meals = norms.value("meals.per_person_day")
    basis = say(
        "Meals, {count} / h × {hours} h / {meals} a day", count=count, hours=space.serving_hours, meals=meals
    )
    return Limit(LimitKind.MEALS, whole(count * space.serving_hours / meals), basis)


def _water(space: SiteSpace, norms: Norms, _phase: Phase, _use: SiteUse | None) -> Found:
    if space.water_l_per_day is None:
        return Without.UNKNOWN
    litres = norms.value("water.l_per_person_day")
    basis = say("Water, {litres} l / {per_person}", litres=space.water_l_per_day, per_person=litres)
    return Limit(LimitKind.WATER, whole(space.water_l_per_day / litres), basis)


def _staff(space: SiteSpace, norms: Norms, _phase: Phase, _use: SiteUse | None) -> Found:
    if space.staff_persons is None:
        return Without.UNKNOWN
    shifts, each = norms.value("staff.shifts"), norms.value("staff.persons_per_staff")
    at_once = math.floor(round(space.staff_persons / shifts, 6))
    basis = say("Staff, {at_once} in a shift × {each}", at_once=at_once, each=each)
    return Limit(LimitKind.STAFF, whole(at_once * each), basis)


def _stated(space: SiteSpace, _norms: Norms, _phase: Phase, use: SiteUse | None) -> Found:
    stated = space.stated.get(use) if use else None
    return Without.FREE if stated is None else Limit(LimitKind.STATED, stated, say("Stated by the keeper"))


_Finder = Callable[[SiteSpace, Norms, Phase, SiteUse | None], Found]
_LIMITS: Mapping[LimitKind, _Finder] = {
    LimitKind.AREA: _area,
    LimitKind.TOILETS: _toilets,
    LimitKind.FIRE: _fire,
    LimitKind.EXITS: _exits,
    LimitKind.BEDS: _beds,
    LimitKind.MEALS: _meals,
    LimitKind.WATER: _water,
    LimitKind.STAFF: _staff,
    LimitKind.STATED: _stated,
}


def needed(limit: Limit, to: int, space: SiteSpace, norms: Norms, phase: Phase) -> Message:
    """What has to be had more, for a limit to allow a number of persons."""
    more = more_needed(limit, to, space, norms, phase)
    match limit.kind:
        case LimitKind.TOILETS:
            return say("one more toilet") if more == 1 else say("{more} more toilets", more=more)
        case LimitKind.AREA:
            return say("{area} m² more", area=more)
        case LimitKind.FIRE:
            return say("a maximum of {to} in a new fire inspection", to=to)
        case LimitKind.EXITS:
            return say("a second exit")
        case LimitKind.BEDS:
            return say("{more} more beds", more=more)
        case LimitKind.MEALS:
            return say("meals for {more} more", more=more)
        case LimitKind.WATER:
            return say("{litres} l more water a day", litres=more)
        case LimitKind.STAFF:
            return say("{more} more staff", more=more)
        case LimitKind.STATED:
            return say("the keeper’s word for {to}", to=to)
        case LimitKind.UNITS:
            return say("room for {more} more in the units", more=more)


def more_needed(limit: Limit, to: int, space: SiteSpace, norms: Norms, phase: Phase) -> int:
    """How many more of what a limit counts are needed for a number of persons; else how many persons more."""
    match limit.kind:
        case LimitKind.TOILETS:
            ratio = norms.value("toilets.persons_per_toilet", phase)
            wanted = _up(to / ratio) + norms.value_or(0, "toilets.spare", phase)
            return _up(wanted - (space.toilets or 0))
        case LimitKind.AREA:
            return _up(to * norms.value("area.m2_per_person", phase) - (space.net_area_m2 or 0))
        case LimitKind.BEDS:
            return _up(to / norms.value("beds.persons_per_bed")) - (space.beds or 0)
        case LimitKind.WATER:
            return _up(to * norms.value("water.l_per_person_day")) - (space.water_l_per_day or 0)
        case LimitKind.STAFF:
            at_once = _up(to / norms.value("staff.persons_per_staff"))
            return _up(at_once * norms.value("staff.shifts")) - (space.staff_persons or 0)
        case _:
            return to - limit.persons


def whole(persons: float) -> int:
    """Whole persons: 1 050 m² at 3.5 m² is 300, also where the division gives 299.99999999999994."""
    return math.floor(round(persons, 6))


def _up(count: float) -> int:
    return math.ceil(round(count, 6))
