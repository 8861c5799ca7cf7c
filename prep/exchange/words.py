"""The words by which the fields of a list, and their values, are shown."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from prep.evacuation.words import word
from prep.exchange.telephones import masked
from prep.language import Message, say

_FIELDS: Mapping[str, Message] = {
    "name": say("name"),
    "name_sv": say("name in Swedish"),
    "unit": say("unit"),
    "municipality": say("municipality"),
    "address": say("address"),
    "owner": say("owner or holder"),
    "lat": say("latitude"),
    "lon": say("longitude"),
    "coordinates": say("coordinates"),
    "status": say("availability"),
    "condition": say("condition"),
    "uses": say("uses"),
    "capacity": say("places"),
    "use.temporary_accommodation": say("places of accommodation"),
    "use.evacuation_centre": say("places in an evacuation centre"),
    "use.assembly_centre": say("places in an assembly centre"),
    "use.assembly_point": say("places at an assembly point"),
    "use.catering": say("persons catered for"),
    "net_area_m2": say("net area, m²"),
    "toilets": say("toilets"),
    "accessible_toilets": say("accessible toilets"),
    "showers": say("showers"),
    "beds": say("beds"),
    "meals_per_hour": say("meals per hour"),
    "serving_hours": say("serving hours a day"),
    "water_l_per_day": say("drinking water, l a day"),
    "floor_level": say("floor"),
    "exits": say("exits"),
    "smoke_detectors": say("smoke detectors"),
    "parking_spaces": say("parking spaces"),
    "staff_persons": say("staff, persons"),
    "is_accessible": say("accessible"),
    "has_kitchen": say("kitchen"),
    "heats_without_grid": say("heats without the grid"),
    "allows_pets": say("pets allowed"),
    "has_pet_area": say("area for pets"),
    "has_well": say("well"),
    "has_quiet_room": say("quiet room"),
    "has_bus_access": say("a coach comes to the door"),
    "backup_power_h": say("own power, h"),
    "fire_max_persons": say("fire inspection, most persons"),
    "fire_confirmed_on": say("fire inspection, day"),
    "fire_confirmed_by": say("fire inspection, confirmed by"),
    "rescue_plan_on": say("rescue plan, day"),
    "hours_to_open": say("opens in, h"),
    "hours_to_full": say("runs fully in, h"),
    "agreement_on": say("agreement signed on"),
    "surveyed_on": say("surveyed on"),
    "surveyed_by": say("surveyed by"),
    "key_holder": say("key holder"),
    "key_holder_phone": say("key holder’s number"),
    "deputy_key_holder": say("deputy key holder"),
    "deputy_key_holder_phone": say("deputy’s number"),
    "authoriser": say("who gives permission"),
    "authoriser_phone": say("number of who gives permission"),
    "key_holders": say("key holders"),
    "confirmed_on": say("confirmed on"),
    "confirmed_by": say("confirmed by"),
    "classification": say("handling label"),
    "note": say("remarks"),
    "evidence.is_accessible": say("evidence: accessible"),
    "evidence.has_kitchen": say("evidence: kitchen"),
    "evidence.backup_power_h": say("evidence: own power"),
    "evidence.heats_without_grid": say("evidence: heats without the grid"),
    "evidence.has_well": say("evidence: well"),
    "evidence.has_pet_area": say("evidence: area for pets"),
    "evidence.has_quiet_room": say("evidence: quiet room"),
    "evidence.floor_level": say("evidence: floor"),
    "evidence.exits": say("evidence: exits"),
    "evidence.smoke_detectors": say("evidence: smoke detectors"),
    "evidence.parking_spaces": say("evidence: parking spaces"),
    "evidence.has_bus_access": say("evidence: a coach comes to the door"),
}


def field_word(key: str) -> Message:
    """The word for a field of a list, or for what changes in premises."""
    return _FIELDS[key]


def value_words(field: str, value: Any) -> Message | str:
    """A value before or after a change, as a person reads it; numbers of people by their last two digits."""
    match value:
        case None | "":
            return say("not known")
        case bool():
            return say("yes") if value else say("no")
        case StrEnum():
            return word(value)
        case Mapping():
            parts = [
                word(use) if n is None else say("{use} {n}", use=word(use), n=n) for use, n in value.items()
            ]
            return say("{parts}", parts=parts) if parts else say("none")
        case list():
            parts = [
                say("{name} ({number})", name=name, number=masked(phone) or say("no number"))
                for _, name, phone in value
            ]
            return say("{parts}", parts=parts) if parts else say("none")
        case int() | float() if field in ("lat", "lon"):
            return f"{value:.6f}".rstrip("0").replace(".", ",")
        case date() | int() | float():
            return say("{parts}", parts=value)
        case _:
            return str(value)
