"""Areas drawn on a map, against distances and borders worked out otherwise."""

import pytest
from geopy.distance import distance, geodesic
from hypothesis import given
from hypothesis import strategies as st

from prep.regions.drawn import MOST_CORNERS, Circle, Polygon

KOKKOLA = (63.84, 23.13)
LATS, LONS = st.floats(60.0, 69.5), st.floats(20.5, 30.5)


@given(LATS, LONS, LATS, LONS, st.floats(1, 1200))
def test_a_circle_holds_what_another_library_measures_to_lie_within(
    lat: float, lon: float, other_lat: float, other_lon: float, radius_km: float
) -> None:
    between_km = distance((lat, lon), (other_lat, other_lon)).km
    if abs(between_km - radius_km) > 0.001:
        assert Circle((lat, lon), radius_km).holds([(other_lat, other_lon)]) == [between_km <= radius_km]


def test_a_circle_holds_its_edge() -> None:
    inside = geodesic(kilometers=4.999).destination(KOKKOLA, bearing=40)
    outside = geodesic(kilometers=5.001).destination(KOKKOLA, bearing=40)
    places = [(one.latitude, one.longitude) for one in (inside, outside)]
    assert Circle(KOKKOLA, 5).holds(places) == [True, False]


def test_the_sides_of_a_polygon_are_those_that_were_seen_on_the_screen() -> None:
    # East and west on a screen map run along a parallel; straight in the plane of the country's maps, the middle of
    # this side would lie about 2 km further to the north.
    polygon = Polygon(((64.0, 21.0), (64.0, 25.0), (63.0, 25.0), (63.0, 21.0)))
    assert polygon.holds([(63.999, 23.0), (64.001, 23.0), (63.001, 23.0), (62.999, 23.0)]) == [
        *(True, False),
        *(True, False),
    ]


def test_no_places_are_on_no_side() -> None:
    assert Circle(KOKKOLA, 5).holds([]) == []
    assert Polygon(((63.8, 23.0), (63.9, 23.0), (63.9, 23.3))).holds([]) == []


@pytest.mark.parametrize(
    "corners",
    [
        ((63.8, 23.0), (63.9, 23.0)),
        ((63.8, 23.0), (63.9, 23.3), (63.9, 23.0), (63.8, 23.3)),
        ((63.8, 23.0), (63.8, 23.0), (63.8, 23.0)),
        ((63.8, 23.0), (63.9, 23.0), (float("nan"), 23.3)),
        ((3.8, 23.0), (63.9, 23.0), (63.9, 23.3)),
        tuple((63.8 + 0.001 * number, 23.0 + 0.0001 * number**2) for number in range(MOST_CORNERS + 1)),
    ],
)
def test_what_is_no_area_is_refused(corners: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Polygon(corners)


@pytest.mark.parametrize("radius_km", [0, -1, float("nan"), float("inf"), 1201])
def test_what_is_no_radius_is_refused(radius_km: float) -> None:
    with pytest.raises(ValueError, match="radius"):
        Circle(KOKKOLA, radius_km)
