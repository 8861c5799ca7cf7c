"""What is on record of premises, in sections, in words; None stands for what is not known."""

from collections.abc import Sequence
from typing import Any

from prep.exchange.words import field_word, value_words
from prep.language import Message, say
from prep.models import Site

Fact = tuple[Message, Message | str | None]

_SECTIONS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (say("Where it is"), ("address", "owner", "coordinates", "floor_level")),
    (
        say("Room and sanitation"),
        ("net_area_m2", "toilets", "accessible_toilets", "showers", "beds", "exits"),
    ),
    (say("Kitchen and heat"), ("has_kitchen", "meals_per_hour", "heats_without_grid", "backup_power_h")),
    (say("Who can stay"), ("is_accessible", "allows_pets")),
    (
        say("Inspection and opening"),
        ("fire_max_persons", "fire_confirmed_on", "rescue_plan_on", "hours_to_open", "hours_to_full"),
    ),
)


def facts_of(site: Site) -> list[tuple[Message, Sequence[Fact]]]:
    """The sections with their facts."""
    return [
        (title, [(field_word(key), _words(key, _value(site, key))) for key in keys])
        for title, keys in _SECTIONS
    ]


def _value(site: Site, key: str) -> Any:
    if key != "coordinates":
        return getattr(site, key)
    if site.lat is None or site.lon is None:
        return None
    return f"{value_words('lat', site.lat)}  {value_words('lon', site.lon)}"


def _words(key: str, value: Any) -> Message | str | None:
    return None if value in (None, "") else value_words(key, value)
