"""An area drawn on a map, a circle or a polygon: which places lie in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from prep.regions.places import LATITUDES, LONGITUDES
from prep.regions.projection import Place, map_points, transformer

# More corners than anybody sets by hand; their address is still one that every browser and proxy takes.
MOST_CORNERS = 100
# From anywhere in Finland a circle as wide holds the whole country.
WIDEST_KM = 1200.0
# So often a side of a polygon is bent to follow what was seen on the screen; at 1 km it is off by centimetres.
_STEP_M = 1000.0
_SCREEN_CRS = "EPSG:3857"


@dataclass(frozen=True, slots=True)
class Circle:
    """All places at most ``radius_km`` from the middle, as the crow flies.

    Raises
    ------
    ValueError
        If the middle is not in Finland, or the radius not above 0 and at most ``WIDEST_KM``.
    """

    middle: Place
    radius_km: float

    def __post_init__(self) -> None:
        _require_in_finland(self.middle)
        if not 0 < self.radius_km <= WIDEST_KM:
            raise ValueError(f"radius: {self.radius_km} km")

    def holds(self, places: Iterable[Place]) -> list[bool]:
        """Of each place, whether it lies in the circle or on its edge; distances are those on the ellipsoid."""
        from pyproj import Geod

        pairs = list(places)
        if not pairs:
            return []
        lats, lons = zip(*pairs, strict=True)
        lat, lon = self.middle
        count = len(pairs)
        _, _, metres = Geod(ellps="WGS84").inv([lon] * count, [lat] * count, lons, lats)
        return [metre <= self.radius_km * 1000 for metre in metres]

    def on_the_map(self) -> Any:
        """The circle as a shape of shapely, to be drawn: in map coordinates it is off by 0.2 % at the most."""
        import shapely

        return shapely.Point(map_points([self.middle])[0]).buffer(self.radius_km * 1000, quad_segs=32)


@dataclass(frozen=True, slots=True)
class Polygon:
    """The places inside a ring of corners, its sides straight on a screen map (Web Mercator).

    Raises
    ------
    ValueError
        If there are fewer than three corners or more than ``MOST_CORNERS``, one of them is not in Finland, or the
        sides cross, so that inside and outside are not told apart.
    """

    corners: tuple[Place, ...]

    def __post_init__(self) -> None:
        if not 3 <= len(self.corners) <= MOST_CORNERS:
            raise ValueError(f"corners: {len(self.corners)}")
        for corner in self.corners:
            _require_in_finland(corner)
        # Before the sides are divided: dividing mends a crossing silently, and drops a part of the area.
        if len(set(self.corners)) < 3 or not self._on_the_screen().is_valid:
            raise ValueError("the sides cross, or enclose nothing")

    def holds(self, places: Iterable[Place]) -> list[bool]:
        """Of each place, whether it lies inside or on the edge."""
        import shapely

        points = map_points(places)
        if not points:
            return []
        return [bool(one) for one in shapely.intersects(self.on_the_map(), shapely.points(points))]

    def on_the_map(self) -> Any:
        """The area as a shape of shapely, in map coordinates: metres of EPSG:3067."""
        import numpy as np
        import shapely

        plane = transformer(_SCREEN_CRS)
        ring = shapely.segmentize(self._on_the_screen(), _STEP_M)
        return shapely.transform(ring, lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1])))

    def _on_the_screen(self) -> Any:
        import shapely

        xs, ys = transformer(_SCREEN_CRS).transform(
            *zip(*map_points(self.corners), strict=True), direction="INVERSE"
        )
        return shapely.Polygon(zip(xs, ys, strict=True))


Area = Circle | Polygon


def _require_in_finland(place: Place) -> None:
    lat, lon = place
    if not (LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]):
        raise ValueError(f"not in Finland: {lat} {lon}")
