"""Importing official borders: from files made here, and refusals."""

import json
from collections.abc import Mapping
from datetime import date
from math import isclose, sin
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from prep.errors import Refused
from prep.language import in_language
from prep.regions.base import Words
from prep.regions.boundaries import Boundaries, import_boundaries, load_boundaries, store_boundaries
from prep.regions.outlines import county_map
from prep.regions.packs import load_pack
from prep.regions.places import Centre, Municipality
from prep.regions.schema import RegionPack
from prep.terms import Language

DAY = date(2026, 11, 22)

Places = Mapping[str, tuple[float, float] | None]


def county(names: Mapping[str, str], centres: Places | None = None) -> RegionPack:
    municipalities = tuple(
        Municipality(
            code=code,
            name=Words(fi=name),
            centre=Centre(lat=place[0], lon=place[1]) if (place := (centres or {}).get(code)) else None,
        )
        for code, name in names.items()
    )
    return load_pack("keski-pohjanmaa").model_copy(update={"municipalities": municipalities})


NAMES = {"074": "Halsua", "236": "Kaustinen"}
# Near Kaustinen in EPSG:3067. The border between the two winds by 300 m and, finer than what is kept, by 8 m.
X, Y = 330_000, 7_050_000
BORDER = [
    (X + 20_000 + 300 * sin(step / 150) + (8 if step % 2 else 0), Y + 10 * step) for step in range(2001)
]
WEST = shapely.Polygon([*BORDER, (X, Y + 20_000), (X, Y)])
# Begins in the middle of the border: simplified by itself it would not follow the same corners as its neighbour.
EAST = shapely.Polygon([*BORDER[1001:], (X + 40_000, Y + 20_000), (X + 40_000, Y), *BORDER[:1001]])
CENTRES = {"074": (63.6, 24.2), "236": (63.6, 23.75)}


def degrees(shape: Any) -> Any:
    to_degrees = Transformer.from_crs(3067, 4326, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))


def geojson(path: Path, rows: list[tuple[Mapping[str, object], Any]]) -> Path:
    features = [
        {"type": "Feature", "properties": dict(properties), "geometry": json.loads(shapely.to_geojson(shape))}
        for properties, shape in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def geopackage(
    path: Path, layer: str, shapes: list[Any], fields: Mapping[str, list[object]], crs: str | None
) -> Path:
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(shapes),
        field_data=[np.array(column) for column in fields.values()],
        fields=list(fields),
        geometry_type=shapes[0].geom_type,
        crs=crs,
        layer=layer,
        driver="GPKG",
        append=path.exists(),
    )
    return path


def rows(**codes: object) -> list[tuple[Mapping[str, object], Any]]:
    east, west = codes.values()
    return [
        ({"NATCODE": east, "NAMEFIN": "Halsua"}, degrees(EAST)),
        ({"NATCODE": west, "NAMEFIN": "K"}, degrees(WEST)),
    ]


TWO = {"east": "074", "west": "236"}


def take(path: Path, tmp_path: Path, *, centres: Places | None = None) -> Boundaries:
    boundaries = import_boundaries(path, county(NAMES, centres), on=DAY)
    store_boundaries(boundaries, tmp_path / "boundaries.geojson")
    return boundaries


def shapes(boundaries: Boundaries) -> dict[str, Any]:
    return {
        area.code: shapely.MultiPolygon([(rings[0], rings[1:]) for rings in area.polygons])
        for area in boundaries.areas
    }


def assert_are_the_two(boundaries: Boundaries) -> None:
    found = shapes(boundaries)
    assert set(found) == {"074", "236"}
    # Some 20 km by 20 km each, less or more a strip of at most 20 m, the detail kept, along the border.
    assert found["074"].area == pytest.approx(EAST.area, rel=1e-3)
    assert found["236"].centroid.distance(WEST.centroid) < 20


def test_geojson_in_degrees_is_taken(tmp_path: Path) -> None:
    assert_are_the_two(take(geojson(tmp_path / "rajat.geojson", rows(**TWO)), tmp_path, centres=CENTRES))


def test_geopackage_in_map_coordinates_is_taken(tmp_path: Path) -> None:
    fields: dict[str, list[object]] = {"natcode": ["074", "236"], "namefin": ["Halsua", "Kaustinen"]}
    path = geopackage(tmp_path / "rajat.gpkg", "Kunta", [EAST, WEST], fields, "EPSG:3067")
    assert_are_the_two(take(path, tmp_path, centres=CENTRES))


def test_of_several_layers_the_one_with_the_municipalities_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "rajat.gpkg"
    both = shapely.union_all([EAST, WEST])
    geopackage(path, "Maakunta", [both], {"natcode": ["16"]}, "EPSG:3067")
    geopackage(path, "Kunta", [EAST, WEST], {"natcode": ["074", "236"]}, "EPSG:3067")
    geopackage(path, "Keskus", [EAST.centroid], {"natcode": ["074"]}, "EPSG:3067")
    assert_are_the_two(take(path, tmp_path))


@pytest.mark.parametrize(
    "codes", [{"east": 74, "west": 236}, {"east": "74", "west": "236"}, {"east": 74.0, "west": 236.0}]
)
def test_codes_without_their_zeros_are_understood(tmp_path: Path, codes: dict[str, object]) -> None:
    assert_are_the_two(take(geojson(tmp_path / "rajat.geojson", rows(**codes)), tmp_path))


def test_an_attribute_of_another_name_is_taken_when_all_in_it_are_codes(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "rajat.geojson",
        [({"id": 1, "tunnus": "074"}, degrees(EAST)), ({"id": 2, "tunnus": "236"}, degrees(WEST))],
    )
    assert_are_the_two(take(path, tmp_path))


def test_a_running_number_does_not_pass_for_codes(tmp_path: Path) -> None:
    path = geojson(tmp_path / "rajat.geojson", [({"id": 74}, degrees(EAST)), ({"id": 236}, degrees(WEST))])
    with pytest.raises(
        Refused, match=r"^rajat.geojson: “id” None of the attributes holds municipality codes\. Choose"
    ):
        take(path, tmp_path)


def test_a_municipality_in_several_rows_is_one_area(tmp_path: Path) -> None:
    north = shapely.box(X + 40_000, Y, X + 45_000, Y + 20_000)
    path = geojson(tmp_path / "rajat.geojson", [*rows(**TWO), ({"NATCODE": "074"}, degrees(north))])
    joined = shapes(take(path, tmp_path))["074"]
    assert len(joined.geoms) == 1
    assert joined.area == pytest.approx(EAST.area + north.area, rel=1e-3)


def test_municipalities_of_other_counties_are_left_out(tmp_path: Path) -> None:
    other = shapely.box(X, Y + 20_000, X + 40_000, Y + 30_000)
    path = geojson(tmp_path / "rajat.geojson", [*rows(**TWO), ({"NATCODE": "924"}, degrees(other))])
    assert_are_the_two(take(path, tmp_path))


def test_neighbours_still_meet_after_simplifying(tmp_path: Path) -> None:
    found = shapes(take(geojson(tmp_path / "rajat.geojson", rows(**TWO)), tmp_path))
    corners = sum(len(shape.geoms[0].exterior.coords) for shape in found.values())
    assert corners < 200  # of 4 010
    assert shapely.coverage_is_valid(list(found.values()))
    whole = shapely.union_all(list(found.values()))
    assert isinstance(whole, shapely.Polygon)
    assert isclose(whole.area, 800e6, rel_tol=1e-3)


def test_a_hole_for_an_enclave_is_kept_and_an_invisible_islet_is_not(tmp_path: Path) -> None:
    enclave = shapely.box(X + 5_000, Y + 5_000, X + 9_000, Y + 9_000)
    islet = shapely.box(X - 500, Y, X - 490, Y + 10)
    around = shapely.MultiPolygon([WEST.difference(enclave), islet])
    path = geojson(
        tmp_path / "rajat.geojson",
        [({"NATCODE": "074"}, degrees(enclave)), ({"NATCODE": "236"}, degrees(around))],
    )
    (inner, outer) = take(path, tmp_path).areas
    assert len(inner.polygons) == 1
    assert [len(rings) for rings in outer.polygons] == [2]


def test_labels_lie_in_their_areas(tmp_path: Path) -> None:
    boundaries = take(geojson(tmp_path / "rajat.geojson", rows(**TWO)), tmp_path)
    found = shapes(boundaries)
    assert all(found[area.code].covers(shapely.Point(area.label)) for area in boundaries.areas)


def test_what_is_kept_is_what_was_taken_and_is_geojson_in_map_coordinates(tmp_path: Path) -> None:
    taken = take(geojson(tmp_path / "rajat.geojson", rows(**TWO)), tmp_path)
    target = tmp_path / "boundaries.geojson"
    assert load_boundaries(target) == taken
    meta, _, geometry, _ = pyogrio.raw.read(target)
    assert meta["crs"] == "EPSG:3067"
    assert shapely.from_wkb(geometry)[0].geom_type == "MultiPolygon"
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["boundaries.geojson", "rajat.geojson"]


def test_the_map_shows_the_imported_borders_and_whose_they_are(tmp_path: Path) -> None:
    take(geojson(tmp_path / "rajat.geojson", rows(**TWO)), tmp_path)
    county = county_map(load_pack("keski-pohjanmaa"), tmp_path / "boundaries.geojson")
    assert not county.schematic
    assert [area.code for area in county.areas] == ["074", "236"]
    assert county.without_area == ("217", "272", "421", "584", "849", "924")
    assert in_language(county.attribution, Language.FI) == (
        "Rajat: Maanmittauslaitos – Lantmäteriverket. Tuotu 22.11.2026 tiedostosta rajat.geojson."
    )


def test_borders_of_another_county_leave_the_schematic_map(tmp_path: Path) -> None:
    take(geojson(tmp_path / "rajat.geojson", rows(**TWO)), tmp_path)
    county = county_map(load_pack("kainuu"), tmp_path / "boundaries.geojson")
    assert county.schematic
    assert len(county.areas) == 8


@pytest.mark.parametrize(
    ("fields", "given", "expected"),
    [
        ({"NATCODE": "074", "NAMEFIN": "Halsua"}, None, "Maanmittauslaitos – Lantmäteriverket"),
        ({"kunta": "074", "nimi": "Halsua", "namn": "Halso"}, None, "Tilastokeskus – Statistikcentralen"),
        ({"code": "074"}, None, "rajat.geojson"),
        ({"code": "074"}, "Keski-Pohjanmaan liitto", "Keski-Pohjanmaan liitto"),
    ],
)
def test_the_holder_is_recognised_or_given(
    tmp_path: Path, fields: dict[str, str], given: str | None, expected: str
) -> None:
    path = geojson(tmp_path / "rajat.geojson", [(fields, degrees(EAST))])
    assert (
        import_boundaries(path, county({"074": "Halsua"}), on=DAY, attribution=given).attribution == expected
    )


# Refusals


def test_missing_municipalities_are_named(tmp_path: Path) -> None:
    path = geojson(tmp_path / "rajat.geojson", rows(**TWO))
    names = NAMES | {"217": "Kannus", "924": "Veteli"}
    with pytest.raises(
        Refused,
        match=r"^rajat.geojson: “NATCODE” These municipalities are missing from the file: Kannus 217, Veteli 924\. Choose",
    ):
        import_boundaries(path, county(names), on=DAY)


def test_a_refusal_keeps_the_older_borders(tmp_path: Path) -> None:
    older = take(geojson(tmp_path / "rajat.geojson", rows(**TWO)), tmp_path)
    with pytest.raises(Refused, match="missing from the file"):
        take(geojson(tmp_path / "toinen.geojson", rows(east="924", west="236")), tmp_path)
    assert load_boundaries(tmp_path / "boundaries.geojson") == older


@pytest.mark.parametrize(
    "content", [b"", b"code;name\n074;Halsua\n", b"%PDF-1.7 no map", b'{"type": "FeatureColl']
)
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rajat.pdf"
    path.write_bytes(content)
    with pytest.raises(
        Refused, match=r"^rajat.pdf: The file is not there, or it is not a map that can be read\. Give a"
    ):
        take(path, tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^rajat.gpkg: The file is not there"):
        take(tmp_path / "rajat.gpkg", tmp_path)


def test_points_are_not_areas(tmp_path: Path) -> None:
    path = geojson(tmp_path / "keskukset.geojson", [({"NATCODE": "074"}, degrees(EAST.centroid))])
    with pytest.raises(
        Refused, match=r"^keskukset.geojson: There are no areas in the file, only points or lines"
    ):
        take(path, tmp_path)


def test_a_municipality_that_is_a_point_among_areas_has_no_area(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "rajat.geojson",
        [({"NATCODE": "074"}, degrees(EAST)), ({"NATCODE": "236"}, degrees(WEST.centroid))],
    )
    with pytest.raises(Refused, match="These municipalities have no area in the file: Kaustinen 236"):
        take(path, tmp_path)


def test_areas_without_codes_are_refused_with_their_attributes(tmp_path: Path) -> None:
    path = geojson(tmp_path / "rajat.geojson", [({"nimi": "Halsua", "ala": 428.2}, degrees(EAST))])
    with pytest.raises(Refused, match="“ala, nimi” None of the attributes holds municipality codes"):
        take(path, tmp_path)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_its_coordinate_system_is_refused(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "rajat.gpkg", "Kunta", [EAST, WEST], {"natcode": ["074", "236"]}, None)
    with pytest.raises(
        Refused, match=r"The coordinate system of the file is not known\. Choose a file in ETRS-TM35FIN"
    ):
        take(path, tmp_path)


def test_east_and_north_in_each_others_place_are_refused(tmp_path: Path) -> None:
    turned = [shapely.transform(degrees(shape), lambda xy: xy[:, ::-1]) for shape in (EAST, WEST)]
    path = geojson(
        tmp_path / "rajat.geojson",
        [({"NATCODE": code}, shape) for code, shape in zip(NAMES, turned, strict=True)],
    )
    with pytest.raises(
        Refused, match=r"The areas are not in Finland.*east and north have not changed places"
    ):
        take(path, tmp_path)


def test_metres_that_are_called_degrees_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "rajat.geojson", [({"NATCODE": "074"}, EAST), ({"NATCODE": "236"}, WEST)])
    with pytest.raises(Refused, match="The areas are not in Finland"):
        take(path, tmp_path)


def test_codes_of_other_municipalities_are_found_out_by_the_centres(tmp_path: Path) -> None:
    path = geojson(tmp_path / "rajat.geojson", rows(**TWO))
    # Kuhmo's centre, 240 km to the east.
    with pytest.raises(
        Refused, match=r"The area of these municipalities is far from their centre: Halsua 074\. Check"
    ):
        take(path, tmp_path, centres={"074": (64.1254, 29.5206), "236": None})


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"features": [{"properties": {}}]}'])
def test_damaged_borders_are_told_and_what_to_do(tmp_path: Path, content: str) -> None:
    target = tmp_path / "boundaries.geojson"
    target.write_text(content, encoding="utf-8")
    with pytest.raises(
        Refused,
        match=r"^boundaries.geojson: The file of imported borders is damaged\. Import the borders again",
    ):
        county_map(county(NAMES), target)
