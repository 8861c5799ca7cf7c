"""Map coordinates: metres east and north in ETRS-TM35FIN (EPSG:3067), the plane of Finnish maps."""

from collections.abc import Iterable
from functools import cache
from typing import Any

MAP_CRS = "EPSG:3067"
_DEGREES_CRS = "EPSG:4326"


def map_points(places: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Places in WGS84 degrees, each (latitude, longitude), as (east, north) in metres.

    >>> [(round(east), round(north)) for east, north in map_points([(63.84026, 23.1339)])]
    [(309919, 7084894)]
    """
    pairs = list(places)
    if not pairs:
        return []
    lats, lons = zip(*pairs, strict=True)
    easts, norths = transformer(_DEGREES_CRS).transform(lons, lats)
    return list(zip(easts, norths, strict=True))


@cache
def transformer(crs: str) -> Any:
    """From a coordinate system to map coordinates, x before y on both sides; pyproj's CRSError if unknown."""
    from pyproj import Transformer

    return Transformer.from_crs(crs, MAP_CRS, always_xy=True)
