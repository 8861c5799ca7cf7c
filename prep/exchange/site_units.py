"""Units of premises in a list: rows of their own, on which the name of the unit stands beside that of the premises."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prep.exchange.vocabulary import plain_word
from prep.models import Site, SiteUnit
from prep.registry.site_units import set_unit_uses, uses_of
from prep.terms import SiteUse

Uses = Mapping[SiteUse, int | None]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What a row says of one unit. What it does not say is left out, and stays as it is in the registry."""

    row: int
    municipality_code: str
    site_name: str
    name: str
    # Column of the table of units: value; None when the row says that it is not known.
    said: Mapping[str, Any]
    # All uses; None when the row says nothing of uses.
    uses: frozenset[SiteUse] | None = None
    capacities: Uses = field(default_factory=dict)

    @property
    def site_key(self) -> tuple[str, str]:
        """What the premises are known by, as on their own row."""
        return self.municipality_code, plain_word(self.site_name)


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One thing of a unit before and after; ``field`` is empty where the unit is new."""

    unit: str
    field: str
    before: Any
    after: Any


def unit_changes(site: Site | None, rows: Iterable[UnitRow]) -> list[UnitChange]:
    """What the rows would change in the units of premises; None: they are new."""
    units = {plain_word(one.name): one for one in site.units} if site else {}
    changes = []
    for row in rows:
        unit = units.get(plain_word(row.name))
        if unit is None:
            changes.append(UnitChange(row.name, "", None, row.name))
        for key, value in row.said.items():
            if (now := getattr(unit, key) if unit else None) != value and not (unit is None and value == ""):
                changes.append(UnitChange(row.name, key, now, value))
        before = uses_of(unit) if unit else {}
        if before != (after := uses_after(before, row.uses, row.capacities)):
            changes.append(UnitChange(row.name, "uses", before, after))
    return changes


def set_units(site: Site, rows: Sequence[UnitRow]) -> None:
    """Write what the rows say; units that no row names stay."""
    units = {plain_word(one.name): one for one in site.units}
    for row in rows:
        unit = units.get(plain_word(row.name))
        if unit is None:
            position = 1 + max((one.position for one in site.units), default=-1)
            unit = SiteUnit(position=position, name=row.name)
            site.units.append(unit)
        for key, value in row.said.items():
            if getattr(unit, key) != value:
                setattr(unit, key, value)
        set_unit_uses(unit, uses_after(uses_of(unit), row.uses, row.capacities))


def uses_after(
    before: Uses, uses: frozenset[SiteUse] | None, capacities: Uses, *, also: Iterable[SiteUse] = ()
) -> dict[SiteUse, int | None]:
    """The uses when a row has said its own; ``also`` are those that units have, which premises then have as well."""
    wanted = (uses if uses is not None else frozenset(before)) | frozenset(also)
    return {
        use: capacities[use] if use in capacities else before.get(use) for use in SiteUse if use in wanted
    }


def uses_of_units(site: Site | None, rows: Iterable[UnitRow]) -> frozenset[SiteUse]:
    """The uses that the units of premises have when the rows have said theirs."""
    found = {plain_word(one.name): uses_of(one) for one in site.units} if site else {}
    for row in rows:
        name = plain_word(row.name)
        found[name] = uses_after(found.get(name, {}), row.uses, row.capacities)
    return frozenset(use for uses in found.values() for use in uses)
