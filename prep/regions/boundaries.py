"""Official municipal borders: read from the file that the county has downloaded, kept in a small one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from prep.errors import Problem, Refused
from prep.language import say
from prep.regions.map_file import read_shapes
from prep.regions.outlines import Area
from prep.regions.projection import MAP_CRS
from prep.regions.schema import RegionPack
from prep.terms import Language

_HOLDERS = {
    frozenset({"natcode", "namefin"}): "Maanmittauslaitos – Lantmäteriverket",
    frozenset({"kunta", "nimi", "namn"}): "Tilastokeskus – Statistikcentralen",
}
# Details smaller than this share of the county's extent do not show on a screen or a sheet.
_DETAIL = 1 / 2_000


# Where the borders of an installation stand, inside its instance folder.
BOUNDARIES_FILE = "boundaries.geojson"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The borders of municipalities: from which file, whose data, imported when."""

    areas: tuple[Area, ...]
    file: str
    attribution: str
    imported_on: date


def import_boundaries(
    path: Path, pack: RegionPack, *, on: date, attribution: str | None = None
) -> Boundaries:
    """The borders of a pack's municipalities from a GeoJSON, GeoPackage or other file that GDAL reads.

    Borders are simplified together, so that neighbours still meet. Islets too small to be seen are left out.

    Parameters
    ----------
    attribution
        Whose data it is; when it is not given, recognised by the attributes, else the name of the file.

    Raises
    ------
    Refused
        When the file is no map, has no areas, no municipality codes or no known coordinate system, or when
        a municipality is missing or lies elsewhere; every municipality concerned is named.
    """
    names = {one.code: one.name.in_language(Language.FI) for one in pack.municipalities}
    found = read_shapes(path, names, pack.centres)
    return Boundaries(
        areas=_simplified(found.shapes),
        file=path.name,
        attribution=attribution or _holder(found.fields) or path.name,
        imported_on=on,
    )


def store_boundaries(boundaries: Boundaries, target: Path) -> None:
    """Write the borders as GeoJSON in map coordinates; an older file is replaced in one step."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": area.code, "label": area.label},
            "geometry": {"type": "MultiPolygon", "coordinates": area.polygons},
        }
        for area in boundaries.areas
    ]
    collection = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{MAP_CRS.replace(':', '::')}"}},
        "file": boundaries.file,
        "attribution": boundaries.attribution,
        "imported_on": boundaries.imported_on.isoformat(),
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    beside = target.with_name(target.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(target)


def load_boundaries(target: Path) -> Boundaries:
    """The borders that `store_boundaries` wrote.

    Raises
    ------
    Refused
        When the file is damaged.
    """
    try:
        stored = json.loads(target.read_text(encoding="utf-8"))
        return Boundaries(
            areas=tuple(_area(feature) for feature in stored["features"]),
            file=stored["file"],
            attribution=stored["attribution"],
            imported_on=date.fromisoformat(stored["imported_on"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(
            Problem(
                place=target.name,
                value=None,
                rule=say("The file of imported borders is damaged."),
                remedy=say("Import the borders again, or remove the file to see the schematic map."),
            )
        ) from error


def _area(feature: Mapping[str, Any]) -> Area:
    polygons = tuple(
        tuple(tuple((x, y) for x, y in ring) for ring in polygon)
        for polygon in feature["geometry"]["coordinates"]
    )
    east, north = feature["properties"]["label"]
    return Area(code=feature["properties"]["code"], polygons=polygons, label=(east, north))


def _simplified(shapes: Mapping[str, Any]) -> tuple[Area, ...]:
    import shapely

    from prep.regions.shapes import label_point, polygons_of

    codes = sorted(shapes)
    west, south, east, north = shapely.total_bounds([shapes[code] for code in codes])
    detail_m = max(east - west, north - south) * _DETAIL
    plain = shapely.coverage_simplify([_visible(shapes[code], detail_m) for code in codes], detail_m)
    return tuple(
        Area(code, polygons_of(shape), label_point(shape)) for code, shape in zip(codes, plain, strict=True)
    )


def _visible(shape: Any, detail_m: float) -> Any:
    """The shape without the islets that a drawing cannot show; its largest part always stays."""
    import shapely

    from prep.regions.shapes import parts_of

    parts = parts_of(shape)
    seen = [part for part in parts if part.area >= (2 * detail_m) ** 2]
    return shapely.MultiPolygon(seen or parts[:1])


def _holder(fields: Iterable[str]) -> str | None:
    names = {field.lower() for field in fields}
    return next((holder for marks, holder in _HOLDERS.items() if marks <= names), None)
