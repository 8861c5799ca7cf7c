"""The county's map as plain values: one area per municipality, drawn as paths of a given size."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prep.language import Message, say
from prep.regions.kinds import SourceCover
from prep.regions.schema import RegionPack

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]  # the outer ring first, then the holes


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality on the map. Coordinates are (east, north) in metres, EPSG:3067; rings are closed."""

    code: str
    polygons: tuple[Polygon, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class CountyMap:
    """What there is to draw of a county.

    Attributes
    ----------
    areas
        By municipality code.
    without_area
        Codes of the municipalities that the map cannot show.
    schematic
        True when the areas are cells around the centres and not the official borders.
    attribution
        From where the map comes; to be shown with it.
    """

    areas: tuple[Area, ...]
    without_area: tuple[str, ...]
    schematic: bool
    attribution: Message

    def code_at(self, point: Point) -> str | None:
        """The municipality in whose area a point lies; None outside all of them."""
        import shapely

        at = shapely.Point(point)
        for area in self.areas:
            shape = shapely.MultiPolygon([(outer, holes) for outer, *holes in area.polygons])
            if shapely.intersects(shapely.make_valid(shape), at):
                return area.code
        return None

    def drawing(self, *, width: float, height: float, margin: float = 8) -> "Drawing":
        """The map fitted into a frame, north up, in the middle, nothing stretched.

        Raises
        ------
        ValueError
            When the margins leave no room.
        """
        return _fitted(self, width=width, height=height, margin=margin)


@dataclass(frozen=True, slots=True)
class Shape:
    """A municipality as an SVG path (``d``), and where its label goes, in the units of the drawing."""

    code: str
    path: str
    label: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """A county in a frame of ``width`` times ``height``; y grows downwards, as in SVG."""

    width: float
    height: float
    scale: float
    left: float
    top: float
    shapes: tuple[Shape, ...]

    def point(self, east: float, north: float) -> Point:
        """Where map coordinates come in the drawing."""
        return round(self.left + east * self.scale, 1), round(self.top - north * self.scale, 1)


def county_map(pack: RegionPack, boundaries: Path | None) -> CountyMap:
    """The map of a county: official borders once they are imported, else cells around the centres.

    Raises
    ------
    Refused
        When the file of imported borders is there but cannot be read.
    """
    if boundaries is not None and boundaries.is_file():
        from prep.regions.boundaries import load_boundaries

        borders = load_boundaries(boundaries)
        # None of them: the file was made for another county.
        if areas := tuple(area for area in borders.areas if area.code in pack.codes):
            attribution = say(
                "Borders: {attribution}. Imported {day} from the file {file}.",
                attribution=borders.attribution,
                day=borders.imported_on,
                file=borders.file,
            )
            return CountyMap(areas, _missing(pack, areas), schematic=False, attribution=attribution)
    from prep.regions.schematic import cells

    areas = cells(pack.centres)
    return CountyMap(areas, _missing(pack, areas), schematic=True, attribution=_schematic_attribution(pack))


def _missing(pack: RegionPack, areas: tuple[Area, ...]) -> tuple[str, ...]:
    shown = {area.code for area in areas}
    return tuple(code for code in pack.codes if code not in shown)


def _schematic_attribution(pack: RegionPack) -> Message:
    for source in pack.sources:
        if SourceCover.CENTRES in source.covers:
            return say(
                "Schematic map, not the official borders. Municipal centres: {fi} – {sv}, {licence}.",
                fi=source.holder.fi or source.holder.en or "",
                sv=source.holder.sv or source.holder.en or "",
                licence=source.licence or "",
            )
    return say("Schematic map, not the official borders.")


def _fitted(county: CountyMap, *, width: float, height: float, margin: float) -> Drawing:
    room_x, room_y = width - 2 * margin, height - 2 * margin
    if min(room_x, room_y) <= 0:
        raise ValueError(f"a margin of {margin} leaves no room in {width} x {height}")
    points = list(_points(county))
    if not points:
        return Drawing(width, height, scale=1, left=0, top=0, shapes=())
    easts, norths = [east for east, _ in points], [north for _, north in points]
    span_x, span_y = max(easts) - min(easts), max(norths) - min(norths)
    scale = min(room_x / (span_x or 1), room_y / (span_y or 1))
    frame = Drawing(
        width,
        height,
        scale=scale,
        left=(width - (min(easts) + max(easts)) * scale) / 2,
        top=(height + (min(norths) + max(norths)) * scale) / 2,
        shapes=(),
    )
    shapes = tuple(Shape(area.code, _path(frame, area), frame.point(*area.label)) for area in county.areas)
    return Drawing(width, height, scale=scale, left=frame.left, top=frame.top, shapes=shapes)


def _points(county: CountyMap) -> Iterator[Point]:
    for area in county.areas:
        for polygon in area.polygons:
            yield from polygon[0]


def _path(frame: Drawing, area: Area) -> str:
    """Path data of all rings; holes come out right with the fill rule ``evenodd``."""
    parts = []
    for polygon in area.polygons:
        for ring in polygon:
            corners: list[Point] = []
            for corner in ring[:-1]:
                drawn = frame.point(*corner)
                # Corners that fall on one another in a small drawing are one.
                if not corners or drawn != corners[-1]:
                    corners.append(drawn)
            if len(corners) >= 3:
                parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z")
    return "".join(parts)
