"""What is on record of premises, in sections, in words; None stands for what is not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prep.exchange.site_evidence import evidence_of
from prep.exchange.words import field_word, value_words
from prep.language import Message, say
from prep.models import Site
from prep.terms import SiteFeature

_SECTIONS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (say("Where it is"), ("address", "owner", "coordinates", "parking_spaces", "has_bus_access")),
    (
        say("Room and sanitation"),
        (
            *("net_area_m2", "toilets", "accessible_toilets", "showers", "beds", "water_l_per_day"),
            *("has_quiet_room", "staff_persons"),
        ),
    ),
    (
        say("Kitchen, heat and water"),
        (
            *("has_kitchen", "meals_per_hour", "serving_hours", "heats_without_grid", "backup_power_h"),
            "has_well",
        ),
    ),
    (say("Who can stay"), ("is_accessible", "allows_pets", "has_pet_area")),
    (
        say("Fire safety"),
        ("floor_level", "exits", "smoke_detectors", "fire_max_persons", "fire_confirmed_on"),
    ),
    (say("Inspection and plans"), ("fire_confirmed_by", "rescue_plan_on", "surveyed_on", "surveyed_by")),
    (say("Agreement and opening"), ("agreement_on", "hours_to_open", "hours_to_full")),
)
# What it costs that a thing is not known.
_COSTS: Mapping[str, Message] = {
    "owner": say("nobody knows with whom to agree"),
    "coordinates": say("not on any map, and in no plan of distances"),
    "parking_spaces": say("those who come by car are not reckoned with"),
    "has_bus_access": say("not known whether coaches can bring people"),
    "net_area_m2": say("no places are counted: net area missing"),
    "toilets": say("no places are counted: toilets missing"),
    "accessible_toilets": say("not offered to those who need an accessible place"),
    "showers": say("washing cannot be planned"),
    "beds": say("no places are counted in stays longer than 72 hours"),
    "water_l_per_day": say("taken as unlimited, from the mains"),
    "has_quiet_room": say("not offered to those who need quiet"),
    "staff_persons": say("staff has to be found elsewhere"),
    "has_kitchen": say("meals have to be brought"),
    "meals_per_hour": say("where it caters, no persons are counted"),
    "serving_hours": say("reckoned with one hour for each meal"),
    "heats_without_grid": say("not offered in a power cut in winter"),
    "backup_power_h": say("reckoned with no power of its own"),
    "has_well": say("not reckoned with when the mains fail"),
    "is_accessible": say("not offered to those who need an accessible place"),
    "allows_pets": say("not offered to those with pets"),
    "has_pet_area": say("not offered to those with pets in large numbers"),
    "floor_level": say("not known whether people may sleep there"),
    "exits": say("taken as several; with a single one only a few may sleep there"),
    "smoke_detectors": say("not known whether people may sleep there"),
    "fire_max_persons": say("no sleeping places are counted: maximum missing"),
    "fire_confirmed_on": say("the maximum counts as doubtful"),
    "fire_confirmed_by": say("nobody answers for the maximum"),
    "rescue_plan_on": say("accommodation needs a rescue plan"),
    "surveyed_on": say("not known how old the measures are"),
    "surveyed_by": say("nobody answers for the measures"),
    "agreement_on": say("nobody has promised the premises"),
    "hours_to_open": say("not known whether it opens in time"),
    "hours_to_full": say("not known when it runs fully"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is on record, in words; what its absence costs, or how it is known."""

    label: Message
    value: Message | str | None
    cost: Message | None
    # None: for such a thing there is no evidence to be kept, or the thing itself is not known.
    evidence: str | None


def facts_of(site: Site) -> list[tuple[Message, Sequence[Fact]]]:
    """The sections with their facts."""
    known = evidence_of(site)
    kept = {feature.value: str(known.get(feature, "")) for feature in SiteFeature}
    return [(title, [_fact(site, key, kept) for key in keys]) for title, keys in _SECTIONS]


def _fact(site: Site, key: str, kept: Mapping[str, str]) -> Fact:
    value = _words(key, _value(site, key))
    return Fact(
        field_word(key),
        value,
        _COSTS.get(key) if value is None else None,
        kept.get(key) if value is not None else None,
    )


def _value(site: Site, key: str) -> Any:
    if key != "coordinates":
        return getattr(site, key)
    if site.lat is None or site.lon is None:
        return None
    return f"{value_words('lat', site.lat)}  {value_words('lon', site.lon)}"


def _words(key: str, value: Any) -> Message | str | None:
    return None if value in (None, "") else value_words(key, value)
