"""Where the municipalities of a county lie, by the official borders that were imported: what is in none of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prep.regions.outlines import county_map
from prep.regions.projection import Place, map_points
from prep.regions.schema import RegionPack


@dataclass(frozen=True, slots=True)
class Land:
    """The areas of all municipalities of a county as one shape, in map coordinates."""

    shape: Any

    def metres_away(self, place: Place) -> float:
        """How far a place (latitude, longitude) is from the nearest of the municipalities; 0 within one."""
        import shapely

        (point,) = map_points([place])
        return float(self.shape.distance(shapely.Point(point)))


def land_of(pack: RegionPack, boundaries: Path | None) -> Land | None:
    """The land of a county; None without official borders: cells around the centres know no shore.

    Raises
    ------
    Refused
        When the file of imported borders is there but cannot be read.
    """
    import shapely

    found = county_map(pack, boundaries)
    if found.schematic or found.without_area:
        return None
    parts = [shapely.Polygon(rings[0], rings[1:]) for area in found.areas for rings in area.polygons]
    shape = shapely.union_all(shapely.make_valid(parts))
    shapely.prepare(shape)
    return Land(shape)
