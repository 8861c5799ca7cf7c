"""The words by which uses, states of premises, limits and phases are shown."""

from collections.abc import Mapping
from enum import StrEnum

from prep.evacuation.norms import LimitKind, NormStatus, Phase
from prep.language import Message, say
from prep.terms import BookingKind, SiteStatus, SiteUse, State, Usability

# Pairs, no dictionary: members of different kinds with the same text are equal and would share an entry.
_WORDS: tuple[tuple[StrEnum, Message], ...] = (
    (SiteUse.ASSEMBLY_POINT, say("assembly point")),
    (SiteUse.ASSEMBLY_CENTRE, say("assembly centre")),
    (SiteUse.EVACUATION_CENTRE, say("evacuation centre")),
    (SiteUse.TEMPORARY_ACCOMMODATION, say("temporary accommodation")),
    (SiteUse.CATERING, say("catering")),
    (SiteStatus.AVAILABLE, say("available")),
    (SiteStatus.CONDITIONAL, say("conditional")),
    (SiteStatus.IN_USE, say("in other use")),
    (SiteStatus.OUT, say("out of use")),
    (SiteStatus.OFFERED, say("offered")),
    (SiteStatus.WITHDRAWN, say("withdrawn")),
    (SiteStatus.UNKNOWN, say("not known")),
    (State.OK, say("in order")),
    (State.WARNING, say("needs attention")),
    (State.FAULT, say("fault")),
    (State.UNKNOWN, say("not known")),
    (BookingKind.TAKEN, say("not to be had")),
    (BookingKind.ON_NOTICE, say("only with notice")),
    (Usability.FREE, say("free")),
    (Usability.ON_NOTICE, say("with notice or on conditions")),
    (Usability.TAKEN, say("taken")),
    (Usability.UNKNOWN, say("not known")),
    (LimitKind.AREA, say("net area")),
    (LimitKind.TOILETS, say("number of toilets")),
    (LimitKind.FIRE, say("maximum of the fire inspection")),
    (LimitKind.EXITS, say("number of exits")),
    (LimitKind.BEDS, say("number of beds")),
    (LimitKind.MEALS, say("meals per hour")),
    (LimitKind.WATER, say("drinking water")),
    (LimitKind.STAFF, say("staff")),
    (LimitKind.STATED, say("number stated by the keeper")),
    (LimitKind.UNITS, say("units together")),
    (NormStatus.PUBLISHED, say("published")),
    (NormStatus.UNCHECKED, say("unchecked")),
    (NormStatus.PROPOSAL, say("planning value")),
    (NormStatus.COUNTY, say("set by the county")),
    (Phase.HOURS, say("some hours")),
    (Phase.SHORT, say("at most 72 hours")),
    (Phase.LONG, say("more than 72 hours")),
)
_NORMS: Mapping[str, Message] = {
    "area.m2_per_person": say("net area for each person"),
    "area.accessible_m2_per_person": say("net area for who needs an accessible place"),
    "toilets.persons_per_toilet": say("persons for each toilet"),
    "toilets.spare": say("toilets that are not counted"),
    "exits.single_exit_persons": say("persons with a single exit"),
    "beds.persons_per_bed": say("persons for each bed"),
    "meals.serving_h": say("hours in which everyone is served"),
    "meals.per_person_day": say("meals for each person"),
    "water.l_per_person_day": say("drinking water for each person"),
    "staff.persons_per_staff": say("persons for each of the staff on duty"),
    "staff.shifts": say("shifts of the staff"),
    "stay.max_days": say("longest temporary accommodation"),
    "rules.backup_power_h": say("target: own power"),
    "rules.hours_to_open": say("target: opens in"),
    "rules.hours_to_full": say("target: runs fully in"),
    "rules.fire_inspection_years": say("target: age of the fire inspection"),
    "rules.rescue_plan_years": say("target: age of the rescue plan"),
    "rules.accessible_toilets": say("target: accessible toilets"),
    "rules.accessible_toilets_percent": say("target: accessible of all toilets"),
    "rules.highest_floor": say("target: highest floor where people sleep"),
    "rules.smoke_detector_m2": say("target: area for each smoke detector"),
    "rules.key_holders": say("target: key holders with a number"),
    "rules.confirm_every_days": say("target: confirmed every"),
    "rules.amber_factor": say("amber up to so many times the target"),
}
_UNITS: Mapping[str, Message] = {
    "m²/person": say("m² a person"),
    "persons/toilet": say("persons a toilet"),
    "toilets": say("toilets"),
    "persons": say("persons"),
    "persons/bed": say("persons a bed"),
    "h": say("h"),
    "meals/person/day": say("meals a day"),
    "l/person/day": say("litres a day"),
    "persons/staff": say("persons"),
    "shifts": say("shifts"),
    "days": say("days"),
    "years": say("years"),
    "%": say("%"),
    "floor": say("floor"),
    "m²/detector": say("m² a detector"),
    "times": say("times"),
}
_BY_KIND = {(type(kind), kind.value): message for kind, message in _WORDS}


def word(kind: StrEnum) -> Message:
    """The word for a kind; KeyError for one that has none here."""
    return _BY_KIND[type(kind), kind.value]


def norm_word(key: str) -> Message:
    """What a figure of a norm set is about."""
    return _NORMS[key]


def unit_word(unit: str) -> Message:
    """The unit of a figure of a norm set."""
    return _UNITS[unit]
