"""Shapes of shapely as the plain values of a map."""

import shapely
from shapely.geometry.base import BaseGeometry

from prep.regions.outlines import Point, Polygon


def polygons_of(shape: BaseGeometry) -> tuple[Polygon, ...]:
    """The polygons of a shape as plain values, to the metre; the largest first."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return tuple(
        tuple(
            tuple((round(x), round(y)) for x, y in ring.coords) for ring in (part.exterior, *part.interiors)
        )
        for part in sorted(parts, key=lambda part: (-part.area, part.bounds))
    )


def label_point(shape: BaseGeometry) -> Point:
    """The middle of the largest circle that fits in, to the metre: room for the name."""
    x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape))[0]
    return round(x), round(y)
