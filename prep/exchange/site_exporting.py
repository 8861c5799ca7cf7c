"""Premises out: one row for each, which the import reads back without a difference."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from typing import Any

from prep.evacuation.words import word
from prep.exchange.exporting import Sheet, Value
from prep.exchange.site_evidence import evidence_of
from prep.exchange.vocabulary import ListKind, heading_of
from prep.language import in_language, say
from prep.models import KeyHolder, Site, SiteUnit
from prep.registry.names import name_of
from prep.registry.people import callable_points
from prep.registry.site_units import uses_of
from prep.terms import KeyPower, Language, SiteFeature, SiteUse

_BEFORE = (
    *("name", "unit", "name_sv", "municipality", "address", "owner", "lat", "lon"),
    *("status", "condition", "uses"),
)
_PLACES = {f"use.{use}": use for use in SiteUse}
_FIGURES = (
    *("net_area_m2", "toilets", "accessible_toilets", "showers", "beds", "meals_per_hour", "serving_hours"),
    *("water_l_per_day", "floor_level", "exits", "smoke_detectors", "parking_spaces", "staff_persons"),
    *("is_accessible", "has_kitchen", "heats_without_grid", "allows_pets", "has_pet_area", "has_well"),
    *("has_quiet_room", "has_bus_access", "backup_power_h"),
    *("fire_max_persons", "fire_confirmed_on", "fire_confirmed_by", "rescue_plan_on"),
    *("hours_to_open", "hours_to_full", "agreement_on", "surveyed_on", "surveyed_by"),
)
_EVIDENCE = {f"evidence.{feature}": feature for feature in SiteFeature}
_HOLDERS = (
    ("key_holder", "key_holder_phone", KeyPower.OPEN),
    ("deputy_key_holder", "deputy_key_holder_phone", KeyPower.ALTERNATE),
    ("authoriser", "authoriser_phone", KeyPower.AUTHORISE),
)
# Who opens, then those who stand in or give permission: one of each.
_IN_A_LIST = (
    [KeyPower.OPEN],
    [KeyPower.OPEN, KeyPower.ALTERNATE],
    [KeyPower.OPEN, KeyPower.AUTHORISE],
    [KeyPower.OPEN, KeyPower.ALTERNATE, KeyPower.AUTHORISE],
)
_AFTER = ("confirmed_on", "confirmed_by", "note")
# Every field in the order of the columns.
KEYS = (
    *(*_BEFORE, *_PLACES, *_FIGURES, *(key for *keys, _ in _HOLDERS for key in keys)),
    *(*_AFTER, *_EVIDENCE),
)

# The numbers of a key holder as whoever gets the file may see them.
Phones = Callable[[KeyHolder], list[str]]


def phones_of(holder: KeyHolder) -> list[str]:
    """The numbers by which a key holder is called: those of the person, or the one typed for the premises."""
    if holder.person is None:
        return [holder.phone] if holder.phone else []
    return [point.value for point in callable_points(holder.person)]


def site_sheet(sites: Iterable[Site], *, language: Language, phones: Phones = phones_of) -> Sheet:
    """A table of premises with all that is on record of them, each followed by its units.

    Key holders stand in it where a list can say them: one who opens, one who stands in, one who gives permission.
    Where there are others, their cells are empty, and an empty cell changes nothing when the list comes back.
    """
    rows = [
        [_cell(values[key], language) for key in KEYS]
        for _, values in all_values(sites, language=language, phones=phones)
    ]
    title = in_language(say("Evacuation premises"), language)
    return Sheet(title, [heading_of(key, ListKind.PREMISES, language) for key in KEYS], rows)


def all_values(
    sites: Iterable[Site], *, language: Language, phones: Phones = phones_of
) -> Iterator[tuple[Site | None, dict[str, Any]]]:
    """The values of each of the premises, then those of its units, which have no place of their own (None)."""
    for site in sites:
        yield site, site_values(site, language=language, phones=phones)
        for unit in site.units:
            yield None, unit_values(unit, language=language)


def site_values(site: Site, *, language: Language, phones: Phones = phones_of) -> dict[str, Any]:
    """What is on record of premises by field, as plain values; None where nothing is known or a list cannot say it.

    ``language`` is that of the name of the municipality.
    """
    evidence = evidence_of(site)
    values = _values(site)
    values["municipality"] = name_of(site.municipality, language)
    values |= {key: str(evidence.get(feature, "")) or None for key, feature in _EVIDENCE.items()}
    return values | _holders(site, phones)


def unit_values(unit: SiteUnit, *, language: Language) -> dict[str, Any]:
    """What is on record of a unit by field, as plain values, with the name of its premises."""
    values = _values(unit)
    values["name"], values["unit"] = unit.site.name, unit.name
    values["municipality"] = name_of(unit.site.municipality, language)
    return values


def _values(thing: Site | SiteUnit) -> dict[str, Any]:
    stated = uses_of(thing)
    values = {key: getattr(thing, key, None) for key in KEYS}
    values = {key: None if value == "" else value for key, value in values.items()}
    values["uses"] = list(stated) or None
    # In a list, no places are no use.
    return values | {key: stated.get(use) or None for key, use in _PLACES.items()}


def _cell(value: Any, language: Language) -> Value:
    match value:
        case bool():
            return say("yes") if value else say("no")
        case StrEnum():
            return word(value)
        case list():
            return ", ".join(in_language(word(one), language) for one in value)
        case _:
            plain: Value = value
            return plain


def _holders(site: Site, phones: Phones) -> dict[str, str | None]:
    alike = groupby(
        site.key_holders, key=lambda one: (one.power, one.person.name if one.person else one.name)
    )
    named = [
        (power, name, [phone for one in several for phone in phones(one)]) for (power, name), several in alike
    ]
    powers = [power for power, _, _ in named]
    if powers not in _IN_A_LIST:
        return {}
    cells: dict[str, str | None] = {}
    columns = {power: keys for *keys, power in _HOLDERS}
    for power, name, numbers in named:
        name_key, phone_key = columns[power]
        cells[name_key], cells[phone_key] = name or None, ", ".join(numbers) or None
    return cells
