"""A downloaded map file: which of its layers holds municipalities, and the shape of each."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.regions.projection import Place, map_points, transformer

# Names of the attribute that holds the municipality code: National Land Survey, Statistics Finland, others.
_CODE_FIELDS = ("natcode", "kunta", "kuntakoodi", "kuntanro", "kuntanumero", "kunta_id", "code", "koodi")
# Finland with its sea areas in EPSG:3067, with room to spare.
_EAST_M = (-50_000, 850_000)
_NORTH_M = (6_400_000, 7_900_000)
# Small-scale borders pass a coastal centre by some kilometres; farther off it is another municipality's code.
_FARTHEST_CENTRE_M = 20_000


@dataclass(frozen=True, slots=True)
class MunicipalShapes:
    """The shape of each municipality (shapely, map coordinates) and the attribute names of its layer."""

    shapes: Mapping[str, Any]
    fields: tuple[str, ...]


def read_shapes(path: Path, names: Mapping[str, str], centres: Mapping[str, Place | None]) -> MunicipalShapes:
    """The shapes of municipalities in a GeoJSON, GeoPackage or other file that GDAL reads.

    Parameters
    ----------
    names
        The municipalities wanted: name by code.
    centres
        Their centres, where known, by which a file with other codes is found out.

    Raises
    ------
    Refused
        When the file is no map, has no areas, no municipality codes or no known coordinate system, or when
        a municipality is missing or lies elsewhere; every municipality concerned is named.
    """
    layer = _best_layer(path, names)
    shapes = _shapes(path, layer, names)
    _refuse_far_from_centre(path, shapes, names, centres)
    return MunicipalShapes(shapes, layer.fields)


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of areas, the attribute that holds the codes, and the code of each row."""

    name: str
    fields: tuple[str, ...]
    code_field: str
    codes: tuple[str | None, ...]

    def found(self, wanted: Iterable[str]) -> set[str]:
        return set(wanted) & {code for code in self.codes if code is not None}


def _best_layer(path: Path, wanted: Mapping[str, str]) -> _Layer:
    """The layer and attribute that know most of the municipalities wanted."""
    layers: list[_Layer] = []
    fields: set[str] = set()
    areas = False
    for name, names, columns in _tables(path):
        areas = True
        fields |= set(names)
        layers += _layers_with_codes(name, names, columns, wanted)
    if not areas:
        raise _refusal(
            path,
            None,
            say("There are no areas in the file, only points or lines, or nothing."),
            say("Choose a file that holds the municipalities as areas (polygons)."),
        )
    if not layers:
        raise _refusal(
            path,
            ", ".join(sorted(fields)),
            say("None of the attributes holds municipality codes."),
            say("Choose the municipal division of the National Land Survey or of Statistics Finland."),
        )
    best = max(layers, key=lambda layer: len(layer.found(wanted)))
    if missing := [code for code in wanted if code not in best.found(wanted)]:
        raise _refusal(
            path,
            best.code_field,
            say("These municipalities are missing from the file: {names}.", names=_named(wanted, missing)),
            say("Choose a file that holds them; the year of the municipal division may be another."),
        )
    return best


def _tables(path: Path) -> Iterator[tuple[str, tuple[str, ...], Sequence[Any]]]:
    """Name, attribute names and columns of each layer of areas; geometry is not read yet."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        if not path.is_file():
            raise DataSourceError(path.name)
        for name, geometry in pyogrio.list_layers(path):
            if geometry is not None and _may_hold_areas(geometry):
                meta, _, _, columns = pyogrio.raw.read(path, layer=name, read_geometry=False)
                yield name, tuple(meta["fields"]), columns
    except (DataSourceError, DataLayerError) as error:
        raise _refusal(
            path,
            None,
            say("The file is not there, or it is not a map that can be read."),
            say("Give a GeoJSON (.geojson) or GeoPackage (.gpkg) file of municipal borders."),
        ) from error


def _may_hold_areas(geometry: str) -> bool:
    return any(kind in geometry for kind in ("Polygon", "Surface", "Unknown", "Collection"))


def _layers_with_codes(
    layer: str, fields: tuple[str, ...], columns: Sequence[Any], wanted: Iterable[str]
) -> Iterator[_Layer]:
    for field, column in zip(fields, columns, strict=True):
        if field.lower() in _CODE_FIELDS or _is_all_codes(column, wanted):
            yield _Layer(layer, fields, field, tuple(_code(value) for value in column))


def _code(value: Any) -> str | None:
    """A municipality code from text or number, with its zeros; None for anything else."""
    if isinstance(value, Real) and float(value).is_integer():
        value = str(int(float(value)))
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text.zfill(3) if text.isascii() and text.isdigit() and len(text) <= 3 else None


def _is_all_codes(column: Sequence[Any], wanted: Iterable[str]) -> bool:
    """Whether a column of another name is one of codes for certain: text of three digits, with all wanted.

    A column of numbers is not taken: a running number from 1 to 309 would pass for codes.
    """
    return set(wanted) <= {value for value in column if isinstance(value, str)} and all(
        isinstance(value, str) and len(value) == 3 and value.isdigit() for value in column
    )


def _shapes(path: Path, layer: _Layer, wanted: Mapping[str, str]) -> dict[str, Any]:
    """The shape of each municipality in map coordinates, several rows of one joined."""
    import pyogrio
    import shapely

    meta, _, geometry, _ = pyogrio.raw.read(path, layer=layer.name, columns=[])
    rows = [row for row, code in enumerate(layer.codes) if code in wanted]
    shapes = shapely.make_valid(shapely.from_wkb(geometry[rows], on_invalid="ignore"))
    shapes = _on_the_map(path, shapes, meta["crs"])
    found = {
        code: shapely.union_all(
            [shape for row, shape in zip(rows, shapes, strict=True) if layer.codes[row] == code]
        )
        for code in wanted
    }
    if empty := [code for code, shape in found.items() if shape.area == 0]:
        raise _refusal(
            path,
            None,
            say("These municipalities have no area in the file: {names}.", names=_named(wanted, empty)),
            say("Choose a file that holds the municipalities as areas (polygons)."),
        )
    return found


def _on_the_map(path: Path, shapes: Any, crs: str | None) -> Any:
    """Shapes in map coordinates, by the coordinate system that the file gives."""
    import numpy as np
    import shapely
    from pyproj.exceptions import CRSError, ProjError

    try:
        if crs is None:
            raise CRSError("none given")
        to_map = transformer(crs)
    except CRSError as error:
        raise _refusal(
            path,
            crs and crs[:60],
            say("The coordinate system of the file is not known."),
            say("Choose a file in ETRS-TM35FIN (EPSG:3067) or WGS84 (EPSG:4326) that says so itself."),
        ) from error
    try:
        shapes = shapely.transform(
            shapes, lambda xy: np.column_stack(to_map.transform(xy[:, 0], xy[:, 1], errcheck=True))
        )
        outside = not _is_in_finland(shapely.total_bounds(shapes))
    except ProjError:
        outside = True
    if outside:
        raise _refusal(
            path,
            crs[:60],
            say("The areas are not in Finland, when they are read in the file's own coordinate system."),
            say("Check the coordinate system of the file, and that east and north have not changed places."),
        )
    return shapes


def _is_in_finland(bounds: Iterable[float]) -> bool:
    west, south, east, north = bounds
    if math.isnan(west):  # no area at all, which is told otherwise
        return True
    return _EAST_M[0] <= west <= east <= _EAST_M[1] and _NORTH_M[0] <= south <= north <= _NORTH_M[1]


def _refuse_far_from_centre(
    path: Path, shapes: Mapping[str, Any], names: Mapping[str, str], centres: Mapping[str, Place | None]
) -> None:
    import shapely

    placed = [(code, place) for code, place in centres.items() if place is not None and code in shapes]
    points = map_points(place for _, place in placed)
    far = [
        code
        for (code, _), point in zip(placed, points, strict=True)
        if shapes[code].distance(shapely.Point(point)) > _FARTHEST_CENTRE_M
    ]
    if far:
        raise _refusal(
            path,
            None,
            say(
                "The area of these municipalities is far from their centre: {names}.",
                names=_named(names, far),
            ),
            say("Check that the codes in the file are those of the municipalities."),
        )


def _named(names: Mapping[str, str], codes: Iterable[str]) -> list[str]:
    return [f"{names[code]} {code}" for code in codes]


def _refusal(path: Path, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=path.name, value=value, rule=rule, remedy=remedy))
