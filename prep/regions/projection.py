"""Map coordinates: metres east and north in ETRS-TM35FIN (EPSG:3067), the plane of Finnish maps."""

from collections.abc import Iterable
from functools import cache
from typing import Any

Place = tuple[float, float]  # latitude and longitude, WGS84 degrees

MAP_CRS = "EPSG:3067"
_DEGREES_CRS = "EPSG:4326"


def map_points(places: Iterable[Place]) -> list[tuple[float, float]]:
    """Places as (east, north) in metres.

    On the central meridian, 27° E, the easting is 500 000 m and the northing 0.9996 times the meridian arc.

    >>> [(round(east), round(north)) for east, north in map_points([(60.0, 27.0)])]
    [(500000, 6651411)]
    """
    pairs = list(places)
    if not pairs:
        return []
    lats, lons = zip(*pairs, strict=True)
    easts, norths = transformer(_DEGREES_CRS).transform(lons, lats)
    return list(zip(easts, norths, strict=True))


def degrees(points: Iterable[tuple[float, float]]) -> list[Place]:
    """Map coordinates, (east, north) in metres, as places.

    >>> [(round(lat, 4), round(lon, 4)) for lat, lon in degrees([(500_000, 6_651_411.19)])]
    [(60.0, 27.0)]
    """
    pairs = list(points)
    if not pairs:
        return []
    easts, norths = zip(*pairs, strict=True)
    lons, lats = transformer(_DEGREES_CRS).transform(easts, norths, direction="INVERSE")
    return list(zip(lats, lons, strict=True))


@cache
def transformer(crs: str) -> Any:
    """From a coordinate system to map coordinates, x before y on both sides; pyproj's CRSError if unknown."""
    from pyproj import Transformer

    return Transformer.from_crs(crs, MAP_CRS, always_xy=True)
