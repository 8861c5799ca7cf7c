"""Shapes of shapely as the plain values of a map."""

import shapely
from shapely.geometry.base import BaseGeometry

from prep.regions.outlines import Point, Polygon


def parts_of(shape: BaseGeometry) -> list[shapely.Polygon]:
    """The polygons in a shape, the largest first; no lines or points left over from cutting."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and part.area > 0]
    return sorted(parts, key=lambda part: (-part.area, part.bounds))


def polygons_of(shape: BaseGeometry) -> tuple[Polygon, ...]:
    """The polygons of a shape as plain values, to the metre."""
    return tuple(
        tuple(
            tuple((round(x), round(y)) for x, y in ring.coords) for ring in (part.exterior, *part.interiors)
        )
        for part in parts_of(shape)
    )


def label_point(shape: BaseGeometry) -> Point:
    """The middle of the largest circle that fits in, to the metre: room for the name."""
    circle = shapely.maximum_inscribed_circle(shapely.MultiPolygon(parts_of(shape)))
    x, y = circle.coords[0]
    return round(x), round(y)
