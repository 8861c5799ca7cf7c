"""What is known of premises and of their units, as values to calculate with."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from prep.terms import KeyPower, SiteStatus, SiteUse


@dataclass(frozen=True, slots=True)
class SiteSpace:
    """What is known of premises; None is unknown. Counts in pieces, m², hours, litres a day."""

    uses: frozenset[SiteUse] = frozenset()
    stated: Mapping[SiteUse, int | None] = field(default_factory=lambda: MappingProxyType({}))
    status: SiteStatus = SiteStatus.UNKNOWN
    net_area_m2: float | None = None
    toilets: int | None = None
    accessible_toilets: int | None = None
    beds: int | None = None
    meals_per_hour: int | None = None
    serving_hours: float | None = None
    water_l_per_day: int | None = None
    staff_persons: int | None = None
    floor_level: int | None = None
    exits: int | None = None
    smoke_detectors: int | None = None
    is_accessible: bool | None = None
    backup_power_h: float | None = None
    fire_max_persons: int | None = None
    fire_confirmed_on: date | None = None
    # The role that confirmed it; empty: not known.
    fire_confirmed_by: str = ""
    rescue_plan_on: date | None = None
    hours_to_open: float | None = None
    hours_to_full: float | None = None
    # Key holders on the list, and those of them who have a number or are in the registry.
    key_holders: int = 0
    reachable_key_holders: int = 0
    # What those who can be reached may do.
    powers: frozenset[KeyPower] = frozenset()
    confirmed_on: date | None = None
    units: tuple["UnitSpace", ...] = ()

    def __post_init__(self) -> None:
        for name in _NOT_NEGATIVE:
            value = getattr(self, name)
            if value is not None and not 0 <= value < math.inf:
                raise ValueError(f"{name} is {value}")
        for use, stated in self.stated.items():
            if use not in self.uses or (stated is not None and stated < 0):
                raise ValueError(f"stated capacity of {use} is {stated}")

    def units_for(self, use: SiteUse | None) -> tuple["UnitSpace", ...]:
        """The units that have a use; all of them where no use is asked for."""
        return tuple(unit for unit in self.units if use is None or use in unit.space.uses)


@dataclass(frozen=True, slots=True)
class UnitSpace:
    """A hall, floor or wing of premises, and what is known of it."""

    name: str
    space: SiteSpace


_NOT_NEGATIVE = (
    *("net_area_m2", "toilets", "accessible_toilets", "beds", "meals_per_hour", "serving_hours"),
    *("water_l_per_day", "staff_persons", "exits", "smoke_detectors", "backup_power_h"),
    *("fire_max_persons", "hours_to_open", "hours_to_full", "key_holders", "reachable_key_holders"),
)
