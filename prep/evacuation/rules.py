"""The rules that premises are held against: green, amber or red, or not known, with what to do about it."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from prep.evacuation.norms import CONFIRMED_EVERY, Norms
from prep.evacuation.space import SiteSpace
from prep.language import Message, say
from prep.terms import KeyPower, Language, SiteUse, State

_STAYING = frozenset({SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.EVACUATION_CENTRE, SiteUse.ASSEMBLY_CENTRE})
_SLEEPING = frozenset({SiteUse.TEMPORARY_ACCOMMODATION})
_ALL = frozenset(SiteUse)


class RuleKey(StrEnum):
    """The rules, in the order in which they are shown."""

    BACKUP_POWER = "backup_power"
    OPENS = "opens"
    FULL = "full"
    FIRE_INSPECTION = "fire_inspection"
    RESCUE_PLAN = "rescue_plan"
    GROUND_FLOOR = "ground_floor"
    EXITS = "exits"
    SMOKE_DETECTORS = "smoke_detectors"
    ACCESSIBLE = "accessible"
    KEY_HOLDER = "key_holder"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class Check:
    """A rule held against premises: how it stands, in words, and what mends it (None when all is well)."""

    rule: RuleKey
    state: State
    sentence: Message
    remedy: Message | None
    source: Mapping[Language, str]


def checks(space: SiteSpace, norms: Norms, *, on: date) -> tuple[Check, ...]:
    """Every rule that applies to the uses of the premises.

    Premises without any stated use are held against all rules: nobody knows what will be asked of them.
    """
    uses = space.uses or _ALL
    return tuple(check(space, norms, on) for check, applies_to in _RULES if uses & applies_to)


def _backup_power(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("rules.backup_power_h")
    hours = space.backup_power_h
    if hours is None:
        state, sentence = State.UNKNOWN, say("Own power not known, target {target} h", target=row.value)
    else:
        state = _at_least(hours, row.value, norms)
        sentence = say("Own power {hours} h, target {target} h", hours=hours, target=row.value)
    remedy = {
        State.OK: None,
        State.UNKNOWN: say("Find out for how many hours the premises have their own power."),
    }.get(state, say("Add fuel or a generator, or reserve one for these premises."))
    return Check(RuleKey.BACKUP_POWER, state, sentence, remedy, row.source)


def _opens(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("rules.hours_to_open")
    hours = space.hours_to_open
    if hours is None:
        state, sentence = State.UNKNOWN, say("Time to open not known, target {target} h", target=row.value)
    else:
        state = _at_most(hours, row.value, norms)
        sentence = say("Opens in {hours} h, target {target} h", hours=hours, target=row.value)
    remedy = {
        State.OK: None,
        State.UNKNOWN: say("Ask the keeper in how many hours the premises can be opened."),
    }.get(state, say("Agree on a key holder who is nearer, or on an earlier call."))
    return Check(RuleKey.OPENS, state, sentence, remedy, row.source)


def _full(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("rules.hours_to_full")
    hours = space.hours_to_full
    if hours is None:
        state = State.UNKNOWN
        sentence = say("Time to full running not known, target {target} h", target=row.value)
    else:
        state = _at_most(hours, row.value, norms)
        sentence = say("Runs fully in {hours} h, target {target} h", hours=hours, target=row.value)
    remedy = {
        State.OK: None,
        State.UNKNOWN: say("Ask the keeper in how many hours everything can be running."),
    }.get(state, say("Agree beforehand on the staff and the equipment that are waited for."))
    return Check(RuleKey.FULL, state, sentence, remedy, row.source)


def _fire_inspection(space: SiteSpace, norms: Norms, on: date) -> Check:
    row = norms.row("rules.fire_inspection_years")
    if space.fire_max_persons is None:
        return Check(
            RuleKey.FIRE_INSPECTION,
            State.UNKNOWN,
            say("No maximum from a fire inspection"),
            say("Have the most persons fixed in the next fire inspection."),
            row.source,
        )
    if space.fire_confirmed_on is None:
        return Check(
            RuleKey.FIRE_INSPECTION,
            State.WARNING,
            say("Fire inspection: at most {persons}, day not known", persons=space.fire_max_persons),
            say("Write down the day of the inspection."),
            row.source,
        )
    if not space.fire_confirmed_by:
        return Check(
            RuleKey.FIRE_INSPECTION,
            State.WARNING,
            say(
                "Fire inspection {on}: at most {persons}, not known who confirmed it",
                on=space.fire_confirmed_on,
                persons=space.fire_max_persons,
            ),
            say("Write down the role that confirmed the maximum."),
            row.source,
        )
    is_old = _years_before(on, row.value) > space.fire_confirmed_on
    return Check(
        RuleKey.FIRE_INSPECTION,
        State.WARNING if is_old else State.OK,
        say(
            "Fire inspection {on}: at most {persons}",
            on=space.fire_confirmed_on,
            persons=space.fire_max_persons,
        ),
        say("Have the maximum confirmed in a new inspection.") if is_old else None,
        row.source,
    )


def _rescue_plan(space: SiteSpace, norms: Norms, on: date) -> Check:
    row = norms.row("rules.rescue_plan_years")
    if space.rescue_plan_on is None:
        return Check(
            RuleKey.RESCUE_PLAN,
            State.UNKNOWN,
            say("Rescue plan not known"),
            say("Ask the holder of the premises for the rescue plan; it must cover accommodation."),
            row.source,
        )
    is_old = _years_before(on, row.value) > space.rescue_plan_on
    return Check(
        RuleKey.RESCUE_PLAN,
        State.WARNING if is_old else State.OK,
        say("Rescue plan {on}", on=space.rescue_plan_on),
        say("Ask the holder of the premises to bring the rescue plan up to date.") if is_old else None,
        row.source,
    )


def _ground_floor(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("rules.highest_floor")
    floors = [part.floor_level for part in _sleeping_parts(space)]
    known = [floor for floor in floors if floor is not None]
    if any(floor < 0 for floor in known):
        state, sentence = State.FAULT, say("Below ground: floor {floor}", floor=min(known))
        remedy = say("Let nobody sleep there; use it for something else.")
    elif any(floor > row.value for floor in known):
        state, sentence = State.WARNING, say("Above the ground floor: floor {floor}", floor=max(known))
        remedy = say(
            "Have it confirmed that the exits comply and the floor is a fire compartment of its own."
        )
    elif None in floors:
        state, sentence = State.UNKNOWN, say("Floor not known")
        remedy = say("Write down on which floor people would sleep.")
    else:
        return Check(RuleKey.GROUND_FLOOR, State.OK, say("Ground floor"), None, row.source)
    return Check(RuleKey.GROUND_FLOOR, state, sentence, remedy, row.source)


def _exits(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("exits.single_exit_persons")
    found = [part.exits for part in _sleeping_parts(space)]
    known = [exits for exits in found if exits is not None]
    if 0 in known:
        state, sentence = State.FAULT, say("No exit")
        remedy = say("Let nobody sleep there before there is an exit.")
    elif 1 in known:
        state, sentence = (
            State.WARNING,
            say("A single exit: at most {persons} may sleep there", persons=row.value),
        )
        remedy = say("Have a second exit made, or let no more sleep there.")
    elif None in found:
        state, sentence = State.UNKNOWN, say("Number of exits not known")
        remedy = say("Count the exits that open from inside without a key.")
    else:
        sentence = say("Exits: {count}", count=min(known))
        return Check(RuleKey.EXITS, State.OK, sentence, None, row.source)
    return Check(RuleKey.EXITS, state, sentence, remedy, row.source)


def _smoke_detectors(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("rules.smoke_detector_m2")
    found, area = _sum(space, "smoke_detectors"), _sum(space, "net_area_m2")
    wanted = None if area is None else math.ceil(round(area / row.value, 6))
    if found == 0:
        state, sentence = State.FAULT, say("No smoke detectors")
        remedy = say("Put one in every room where people sleep, one for each {area} m².", area=row.value)
    elif found is None:
        state, sentence = State.UNKNOWN, say("Smoke detectors not known")
        remedy = say("Count the smoke detectors: one for each {area} m² is needed.", area=row.value)
    elif wanted is None:
        state, sentence = State.UNKNOWN, say("Smoke detectors: {count}, net area not known", count=found)
        remedy = say("Measure the net area: one for each {area} m² is needed.", area=row.value)
    elif found < wanted:
        state, sentence = State.FAULT, say("Smoke detectors: {count} of {wanted}", count=found, wanted=wanted)
        remedy = say(
            "Smoke detectors are missing: {n}. Or ask whether an alarm system does for them.",
            n=wanted - found,
        )
    else:
        sentence = say("Smoke detectors: {count} of {wanted}", count=found, wanted=wanted)
        return Check(RuleKey.SMOKE_DETECTORS, State.OK, sentence, None, row.source)
    return Check(RuleKey.SMOKE_DETECTORS, state, sentence, remedy, row.source)


def _accessible(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("rules.accessible_toilets")
    toilets = space.accessible_toilets
    if space.is_accessible is False:
        state, sentence = State.FAULT, say("Not accessible")
        remedy = say("Use other premises for those who need an accessible place, or add a ramp.")
    elif space.is_accessible is None:
        state, sentence = State.UNKNOWN, say("Accessibility not known")
        remedy = say("Look at the premises with a wheelchair user's eyes: entrance, doors, toilet.")
    elif toilets is None:
        state, sentence = State.UNKNOWN, say("Accessible, accessible toilets not known")
        remedy = say("Count the accessible toilets.")
    elif toilets < row.value:
        state, sentence = State.FAULT, say("Accessible, but no accessible toilet")
        remedy = say("Reserve a movable accessible toilet.")
    elif (of_all := _too_small_a_share(space, norms)) is not None:
        state = State.WARNING
        sentence = say("Accessible, {count} of {all} toilets accessible", count=toilets, all=of_all)
        share = norms.row("rules.accessible_toilets_percent")
        remedy = say(
            "Reserve movable accessible toilets: the target is {percent} % of all.", percent=share.value
        )
        return Check(RuleKey.ACCESSIBLE, state, sentence, remedy, share.source)
    elif toilets == 1:
        return Check(RuleKey.ACCESSIBLE, State.OK, say("Accessible, one accessible toilet"), None, row.source)
    else:
        state, remedy = State.OK, None
        sentence = say("Accessible, {count} accessible toilets", count=toilets)
    return Check(RuleKey.ACCESSIBLE, state, sentence, remedy, row.source)


def _key_holder(space: SiteSpace, norms: Norms, _on: date) -> Check:
    row = norms.row("rules.key_holders")
    if not space.key_holders:
        state, sentence = State.UNKNOWN, say("Key holder not known")
        remedy = say("Ask the keeper who opens the premises, day and night.")
    elif space.reachable_key_holders < row.value:
        state, sentence = State.FAULT, say("Key holder has no telephone number")
        remedy = say("Ask the key holder for a number.")
    elif missing := [power for power in KeyPower if power not in space.powers]:
        state = State.FAULT if KeyPower.OPEN in missing else State.WARNING
        sentence = say("Key holders: nobody can {what}", what=[_POWERS[power] for power in missing])
        remedy = say(
            "Agree on somebody for it, with a number: the place opens only if all three are reached."
        )
    else:
        state, remedy = State.OK, None
        sentence = say("Key holders with a number: {count}", count=space.reachable_key_holders)
    return Check(RuleKey.KEY_HOLDER, state, sentence, remedy, row.source)


_POWERS = {
    KeyPower.AUTHORISE: say("authorise"),
    KeyPower.OPEN: say("open"),
    KeyPower.ALTERNATE: say("stand in"),
}


def _confirmation(space: SiteSpace, norms: Norms, on: date) -> Check:
    row = norms.row(CONFIRMED_EVERY)
    if space.confirmed_on is None:
        state, sentence = State.UNKNOWN, say("Never confirmed")
    else:
        state = _at_most((on - space.confirmed_on).days, row.value, norms)
        sentence = say("Confirmed {on}", on=space.confirmed_on)
    remedy = None if state is State.OK else say("Ask the keeper to confirm the row.")
    return Check(RuleKey.CONFIRMATION, state, sentence, remedy, row.source)


_Checker = Callable[[SiteSpace, Norms, date], Check]
_RULES: tuple[tuple[_Checker, frozenset[SiteUse]], ...] = (
    (_backup_power, _STAYING | {SiteUse.CATERING}),
    (_opens, _ALL),
    (_full, _STAYING | {SiteUse.CATERING}),
    (_fire_inspection, _SLEEPING),
    (_rescue_plan, _SLEEPING),
    (_ground_floor, _SLEEPING),
    (_exits, _SLEEPING),
    (_smoke_detectors, _SLEEPING),
    (_accessible, _ALL - {SiteUse.CATERING}),
    (_key_holder, _ALL),
    (_confirmation, _ALL),
)


def _sleeping_parts(space: SiteSpace) -> Iterable[SiteSpace]:
    """The premises, or each unit where people would sleep: what it does not say, the premises say."""
    units = space.units_for(SiteUse.TEMPORARY_ACCOMMODATION)
    if not units:
        return [space]
    return [
        replace(
            unit.space,
            floor_level=space.floor_level if unit.space.floor_level is None else unit.space.floor_level,
            exits=space.exits if unit.space.exits is None else unit.space.exits,
        )
        for unit in units
    ]


def _sum(space: SiteSpace, name: str) -> float | None:
    """What there is of the whole, else of the units where people would sleep, if all of them say it."""
    own: float | None = getattr(space, name)
    each = [getattr(unit.space, name) for unit in space.units_for(SiteUse.TEMPORARY_ACCOMMODATION)]
    if own is not None or not each or None in each:
        return own
    return float(sum(each))


def _too_small_a_share(space: SiteSpace, norms: Norms) -> int | None:
    """The number of all toilets, where too few of them are accessible."""
    every, accessible = space.toilets, space.accessible_toilets
    if every is None or accessible is None:
        return None
    percent = norms.value("rules.accessible_toilets_percent")
    # One that is too few for the share still does where there are only a few toilets.
    return every if accessible < math.floor(every * percent / 100) else None


def _at_most(value: float, target: float, norms: Norms) -> State:
    if value <= target:
        return State.OK
    return State.WARNING if value <= target * norms.value("rules.amber_factor") else State.FAULT


def _at_least(value: float, target: float, norms: Norms) -> State:
    if value >= target:
        return State.OK
    return State.WARNING if value >= target / norms.value("rules.amber_factor") else State.FAULT


def _years_before(on: date, years: float) -> date:
    year = on.year - round(years)
    # 29 February has no namesake in most years.
    return on.replace(year=year, day=min(on.day, 28)) if on.month == 2 else on.replace(year=year)
