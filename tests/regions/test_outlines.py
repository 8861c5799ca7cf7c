"""The map of a county: cells around the centres, and drawings of it."""

import re
from math import isclose

import pytest
import shapely

from prep.language import in_language
from prep.regions.outlines import Area, CountyMap, county_map
from prep.regions.packs import load_pack, pack_keys
from prep.regions.projection import map_points
from prep.regions.schematic import cells
from prep.terms import Language


def shapes(areas: tuple[Area, ...]) -> dict[str, shapely.MultiPolygon]:
    return {
        area.code: shapely.MultiPolygon([(rings[0], rings[1:]) for rings in area.polygons]) for area in areas
    }


@pytest.mark.parametrize("key", pack_keys())
def test_cells_cover_their_centres_and_do_not_overlap(key: str) -> None:
    pack = load_pack(key)
    drawn = shapes(county_map(pack, None).areas)
    placed = {code: place for code, place in pack.centres.items() if place is not None}
    assert set(drawn) == set(placed)
    for code, point in zip(placed, map_points(placed.values()), strict=True):
        assert [other for other, cell in drawn.items() if cell.covers(shapely.Point(point))] == [code]
    whole = shapely.union_all(list(drawn.values()))
    # Corners are rounded to the metre, so borders may cross by slivers.
    assert isclose(sum(cell.area for cell in drawn.values()), whole.area, rel_tol=1e-6)
    assert isinstance(whole, shapely.Polygon)  # one land area, not islands


def test_a_place_belongs_to_the_nearest_centre() -> None:
    drawn = shapes(county_map(load_pack("keski-pohjanmaa"), None).areas)
    # 17 km from Kaustinen, 21 from Toholampi, 23 from Veteli, 25 from Kannus, 40 from Kokkola (by the degrees).
    (place,) = map_points([(63.68, 23.87)])
    assert [code for code, cell in drawn.items() if cell.covers(shapely.Point(place))] == ["236"]


def test_the_same_centres_give_the_same_map_in_whatever_order() -> None:
    centres = load_pack("pohjois-savo").centres
    assert cells(centres) == cells(dict(reversed(centres.items())))


def test_a_municipality_without_a_centre_is_listed_and_not_drawn() -> None:
    county = county_map(load_pack("keski-uusimaa"), None)
    assert county.without_area == ("858",)
    assert "858" not in {area.code for area in county.areas}
    assert len(county.areas) == 5


@pytest.mark.parametrize("number", [1, 2, 3])
def test_even_the_smallest_counties_have_a_map(number: int) -> None:
    centres = dict(list(load_pack("kainuu").centres.items())[:number])
    found = shapes(cells(centres))
    assert len(found) == number
    assert all(cell.area > 1e6 for cell in found.values())


def test_centres_in_a_row_are_no_obstacle() -> None:
    found = shapes(cells({"997": (63.0, 24.0), "998": (63.2, 24.0), "999": (63.4, 24.0)}))
    assert set(found) == {"997", "998", "999"}


def test_without_any_centre_there_is_an_empty_map() -> None:
    pack = load_pack("keski-uusimaa")
    unknown = tuple(one for one in pack.municipalities if one.centre is None)
    county = county_map(pack.model_copy(update={"municipalities": unknown}), None)
    assert county.areas == ()
    assert county.without_area == ("858",)
    assert county.drawing(width=100, height=100).shapes == ()


def test_the_schematic_map_says_what_it_is_and_whose_the_centres_are() -> None:
    county = county_map(load_pack("kainuu"), None)
    assert county.schematic
    assert in_language(county.attribution, Language.FI) == (
        "Kaaviokartta, ei viralliset rajat. Kuntakeskukset: Maanmittauslaitos – Lantmäteriverket, CC BY 4.0."
    )


def test_labels_lie_in_their_areas() -> None:
    county = county_map(load_pack("pohjois-karjala"), None)
    drawn = shapes(county.areas)
    assert all(drawn[area.code].covers(shapely.Point(area.label)) for area in county.areas)


# Two squares of 10 km side by side, the western one with a hole of 2 km.
WEST = Area(
    "997",
    (
        (
            ((0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000), (0, 0)),
            ((4_000, 4_000), (6_000, 4_000), (6_000, 6_000), (4_000, 6_000), (4_000, 4_000)),
        ),
    ),
    (2_000, 5_000),
)
EAST = Area(
    "998",
    ((((10_000, 0), (20_000, 0), (20_000, 10_000), (10_000, 10_000), (10_000, 0)),),),
    (15_000, 5_000),
)
SQUARES = CountyMap(
    (WEST, EAST), (), schematic=True, attribution=county_map(load_pack("kainuu"), None).attribution
)


def test_a_drawing_fits_its_frame_with_north_up_and_nothing_stretched() -> None:
    # 20 km in 220 - 2 x 10 = 200: a hundred metres to a unit. 10 km are 100 high, in the middle of 140: from 20.
    drawing = SQUARES.drawing(width=220, height=140, margin=10)
    west, east = drawing.shapes
    assert west.path == "M10 120L110 120L110 20L10 20ZM50 80L70 80L70 60L50 60Z"
    assert east.path == "M110 120L210 120L210 20L110 20Z"
    assert east.label == (160, 70)
    assert drawing.point(0, 10_000) == (10, 20)


def test_a_tall_frame_leaves_room_above_and_below() -> None:
    drawing = SQUARES.drawing(width=100, height=400, margin=0)
    assert drawing.scale == pytest.approx(100 / 20_000)
    assert drawing.point(0, 10_000) == (0, 175)
    assert drawing.point(20_000, 0) == (100, 225)


def test_parts_too_small_to_draw_leave_no_trace_in_the_path() -> None:
    islet = Area("999", ((((0, 0), (1, 0), (1, 1), (0, 0)),),), (0, 0))
    county = CountyMap((EAST, islet), (), schematic=False, attribution=SQUARES.attribution)
    assert county.drawing(width=100, height=100).shapes[1].path == ""


def test_a_margin_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="a margin of 50 leaves no room in 100 x 200"):
        SQUARES.drawing(width=100, height=200, margin=50)


def test_a_county_is_drawn_inside_the_frame() -> None:
    drawing = county_map(load_pack("varsinais-suomi"), None).drawing(width=360, height=300, margin=8)
    numbers = [
        tuple(map(float, pair.split()))
        for shape in drawing.shapes
        for pair in re.findall(r"[\d.]+ [\d.]+", shape.path)
    ]
    assert min(x for x, _ in numbers) >= 8
    assert max(x for x, _ in numbers) <= 352
    assert min(y for _, y in numbers) >= 8
    assert max(y for _, y in numbers) <= 292
