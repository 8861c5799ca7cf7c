"""Coordinates as they stand in lists: degrees in several forms, or metres of ETRS-TM35FIN or ETRS-GKn."""

import re
from functools import cache
from typing import Any

from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, not_taken, note, said
from prep.exchange.vocabulary import plain_word, words
from prep.exchange.workbook import CellValue
from prep.language import say

# Finland with Åland, WGS84 degrees, a little widened: sources give 59.5 to 70.1 N and 19.1 to 31.6 E.
_LAT, _LON = (59.4, 70.2), (19.0, 31.7)
# ETRS-TM35FIN (EPSG:3067) in Finland, metres, a little widened.
_NORTH, _EAST = (6_580_000, 7_790_000), (50_000, 735_000)
# ETRS-GKn (EPSG:3873 for zone 19 to 3885 for zone 31), with the zone before the metres: municipal maps.
_GK_ZONES, _GK_EAST, _GK_FIRST = range(19, 32), (200_000, 800_000), 3873
# The old uniform coordinates (KKJ, zone 3) have a 3 before the east coordinate.
_OLD_EAST = (3_050_000, 3_750_000)
_NUMBER = r"[-−+]?\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?"
_ANGLE = re.compile(
    rf"(?P<before>[NEPIÖ])?\s*(?P<deg>{_NUMBER})\s*(?:°|º|deg)?"
    r"(?:\s*(?P<min>\d+(?:[.,]\d+)?)\s*['’′´]\s*(?:(?P<sec>\d+(?:[.,]\d+)?)\s*(?:\"|”|″|''|’’))?)?"
    r"\s*(?P<after>[NEPIÖ])?",
    re.IGNORECASE,
)
_EAST_LETTERS = frozenset("EIÖ")
# Six decimals of a degree are a tenth of a metre.
_DIGITS = 6


def read_coordinates(first: CellValue, second: CellValue) -> Reading:
    """North and east as (latitude, longitude) in WGS84 degrees.

    North and east that have changed places are put right: in Finland one cannot be taken for the other.
    """
    texts = [as_text(cell).strip() for cell in (first, second)]
    if not any(texts):
        return NOTHING
    if any(plain_word(text) in words("unknown") for text in texts):
        return NOT_KNOWN
    if not all(texts):
        return not_taken(say("Only one of the two coordinates is there."), say("Write both, or neither."))
    numbers = [_angle(text) for text in texts]
    if numbers[0] is None or numbers[1] is None:
        return not_taken(
            say("It is not a coordinate."),
            say("Write degrees (63,84026 and 23,1339) or metres of ETRS-TM35FIN (7080000 and 310000)."),
        )
    return _placed(numbers[0], numbers[1])


def read_coordinate_pair(cell: CellValue) -> Reading:
    """Both coordinates from one cell, such as ``63,84026 23,1339`` or ``63.84026, 23.1339``."""
    text = as_text(cell).strip()
    if not text:
        return NOTHING
    if plain_word(text) in words("unknown"):
        return NOT_KNOWN
    for pattern in (
        r"\s*;\s*",
        r"\s+(?=[NEPIÖnepiö]\s*\d)",
        r"\s*/\s*",
        r",\s+",
        r"(?<=[NEPInepi°'\"”″])\s+(?=[\dNEPI])",
        r"\s+",
        r",",
    ):
        parts = [part for part in re.split(pattern, text) if part]
        if len(parts) == 2 and all(_angle(part) is not None for part in parts):
            return read_coordinates(parts[0], parts[1])
    return not_taken(
        say("The cell does not hold two coordinates."),
        say("Write north and east, with a semicolon between them."),
    )


def _placed(north: float, east: float) -> Reading:
    for (one, other), is_swapped in (((north, east), False), ((east, north), True)):
        found = _in_finland(one, other)
        if found is not None:
            remarks = [_swapped()] if is_swapped else []
            return said(found, *remarks)
    if any(_within(number, _OLD_EAST) for number in (north, east)):
        return not_taken(
            say("The coordinates are in the old KKJ system, which is not converted here."),
            say("Convert them to ETRS-TM35FIN or WGS84."),
        )
    return not_taken(
        say("The place is not in Finland."),
        say("Check the coordinates and their system, or leave them away."),
    )


def _in_finland(north: float, east: float) -> tuple[float, float] | None:
    if _within(north, _LAT) and _within(east, _LON):
        return round(north, _DIGITS), round(east, _DIGITS)
    if _within(north, _NORTH) and _within(east, _EAST):
        return _degrees(3067, north, east)
    zone, metres = divmod(east, 1_000_000)
    if _within(north, _NORTH) and zone in _GK_ZONES and _within(metres, _GK_EAST):
        return _degrees(_GK_FIRST + int(zone) - _GK_ZONES[0], north, east)
    return None


def _degrees(crs: int, north: float, east: float) -> tuple[float, float]:
    lon, lat = _to_degrees(crs).transform(east, north)
    return round(lat, _DIGITS), round(lon, _DIGITS)


def _swapped() -> Any:
    return note(
        say("North and east had changed places: they were put right."),
        say("Change the two columns in the list."),
    )


def _within(number: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= number <= bounds[1]


def _angle(text: str) -> float | None:
    found = _ANGLE.fullmatch(text)
    if not found:
        return None
    degrees = _decimal(found["deg"])
    minutes, seconds = (_decimal(found[part] or "0") for part in ("min", "sec"))
    if minutes >= 60 or seconds >= 60:
        return None
    return degrees + minutes / 60 + seconds / 3600


def _decimal(text: str) -> float:
    return float(re.sub(r"[ \u00a0]", "", text).replace("−", "-").replace(",", "."))


@cache
def _to_degrees(crs: int) -> Any:
    from pyproj import Transformer

    # ETRS89 and WGS84 lie less than a metre apart.
    return Transformer.from_crs(crs, 4326, always_xy=True)
