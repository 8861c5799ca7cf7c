"""A map without a map: cells around the municipal centres, inside a rounded outline."""

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from prep.regions.outlines import Area, Point
from prep.regions.projection import Place, map_points
from prep.regions.shapes import label_point, polygons_of

# How far the land goes beyond the outermost centres, in median distances from a centre to its neighbour,
# and how closely the outline follows the centres (0 closely, 1 their convex hull). Chosen by eye: with these
# every shipped county looks like a land area, and none falls apart.
_REACH = 0.75
_HULL_RATIO = 0.3
_LONE_RADIUS_M = 15_000  # the outline of a county of one municipality


def cells(centres: Mapping[str, Place | None]) -> tuple[Area, ...]:
    """A Voronoi cell for each municipality whose centre is known, clipped by the outline.

    A place belongs to the nearest centre, so cells share their borders and cover their centres. Where a
    centre is not known, the neighbours' cells take its room. The same centres always give the same cells.
    """
    placed = {code: place for code, place in sorted(centres.items()) if place is not None}
    if not placed:
        return ()
    points = map_points(placed.values())
    outline = _outline(points)
    return tuple(
        Area(code, polygons_of(cell), label_point(cell))
        for code, cell in zip(placed, _cells(points, outline), strict=True)
    )


def _outline(points: list[Point]) -> BaseGeometry:
    centres = shapely.MultiPoint(points)
    if len(points) == 1:
        return centres.buffer(_LONE_RADIUS_M)
    reach_m = _REACH * _median_distance_to_neighbour(points)
    hull = shapely.concave_hull(centres, ratio=_HULL_RATIO) if len(points) > 3 else centres.convex_hull
    # Out by two and back by one rounds the inward corners as well.
    return hull.buffer(2 * reach_m).buffer(-reach_m).simplify(reach_m / 40)


def _median_distance_to_neighbour(points: list[Point]) -> float:
    tree = shapely.STRtree(shapely.points(points))
    _, distances = tree.query_nearest(
        tree.geometries, exclusive=True, all_matches=False, return_distance=True
    )
    return float(sorted(distances)[len(distances) // 2])


def _cells(points: list[Point], outline: BaseGeometry) -> list[BaseGeometry]:
    if len(points) == 1:
        return [outline]
    around = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=outline, ordered=True)
    return [shapely.intersection(cell, outline) for cell in around.geoms]
