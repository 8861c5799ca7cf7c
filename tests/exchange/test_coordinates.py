import pytest
from geopy.distance import geodesic

from prep.exchange.cells import Reading
from prep.exchange.coordinates import read_coordinate_pair, read_coordinates
from prep.exchange.findings import Severity
from prep.exchange.workbook import CellValue
from prep.registry.likeness import metres_between

KOKKOLA = (63.84026, 23.1339)


def rule(reading: Reading) -> str:
    return str(reading.remarks[0].rule)


@pytest.mark.parametrize(
    ("north", "east"),
    [
        (63.84026, 23.1339),
        ("63.84026", "23.1339"),
        ("63,84026", "23,1339"),
        ("N 63,84026", "E 23,1339"),
        ("63,84026°", "23,1339°"),
        # 0.84026° = 50.4156′; 0.1339° = 8.034′.
        ("63° 50.4156'", "23° 8.034'"),
        ("63°50,4156′N", "23°8,034′E"),
        # 0.4156′ = 24.936″; 0.034′ = 2.04″.
        ("63° 50' 24.936\" N", "23° 8' 2.04\" E"),
    ],
)
def test_degrees_are_read_in_every_form(north: CellValue, east: CellValue) -> None:
    reading = read_coordinates(north, east)
    assert reading.value == pytest.approx(KOKKOLA, abs=1e-6)
    assert reading.remarks == ()


@pytest.mark.parametrize(
    "cell",
    [
        "63,84026 23,1339",
        "63.84026, 23.1339",
        "63.84026,23.1339",
        "63,84026; 23,1339",
        "63,84026 / 23,1339",
        "N 63,84026 E 23,1339",
    ],
)
def test_two_coordinates_in_one_cell_are_read(cell: str) -> None:
    assert read_coordinate_pair(cell).value == pytest.approx(KOKKOLA)


# The central meridian of zone 35 is 27° E, its false easting 500 000 m, its scale 0.9996. On the ellipsoid GRS80 the
# meridian's arc to 60° is 6 654 072.819 m (JHS 197), times 0.9996 is 6 651 411.190 m.
@pytest.mark.parametrize("north", [6651411.19, "6651411,19", "6 651 411,19"])
def test_metres_of_tm35fin_are_turned_into_degrees(north: CellValue) -> None:
    reading = read_coordinates(north, "500 000")
    assert reading.value == pytest.approx((60.0, 27.0), abs=1e-6)


@pytest.mark.parametrize(
    ("first", "second"), [(23.1339, 63.84026), ("500000", "6651411"), ("23,1339", "63,84026")]
)
def test_swapped_coordinates_are_put_right_and_told(first: CellValue, second: CellValue) -> None:
    reading = read_coordinates(first, second)
    assert reading.value[0] > reading.value[1]
    assert (reading.remarks[0].severity, rule(reading)) == (
        Severity.NOTE,
        "North and east had changed places: they were put right.",
    )


@pytest.mark.parametrize(
    ("north", "east", "expected"),
    [
        ("59.3293", "18.0686", "The place is not in Finland."),
        ("0", "0", "The place is not in Finland."),
        ("-63,84", "23,13", "The place is not in Finland."),
        ("7083200", "3310048", "The coordinates are in the old KKJ system, which is not converted here."),
        ("63,84", "", "Only one of the two coordinates is there."),
        ("63,84", "Kokkola", "It is not a coordinate."),
        ("63° 70'", "23° 8'", "It is not a coordinate."),
    ],
)
def test_what_is_no_place_in_finland_is_not_taken(north: str, east: str, expected: str) -> None:
    reading = read_coordinates(north, east)
    assert (reading.is_said, rule(reading)) == (False, expected)
    assert reading.remarks[0].severity is Severity.WARNING


def test_unknown_and_empty_places_are_kept_apart() -> None:
    assert read_coordinates(None, None) == Reading()
    assert read_coordinates("?", "?") == Reading(None, is_said=True)
    assert read_coordinate_pair("ei tiedossa") == Reading(None, is_said=True)
    assert read_coordinate_pair(None) == Reading()
    assert rule(read_coordinate_pair("torin laita")) == "The cell does not hold two coordinates."


def test_distances_are_those_of_another_library() -> None:
    for place in [(63.21474, 24.41904), (69.90788, 27.02834), (60.09, 19.93), KOKKOLA]:
        assert metres_between(*KOKKOLA, *place) == pytest.approx(geodesic(KOKKOLA, place).m, abs=0.01)
    assert metres_between(*KOKKOLA, None, None) == float("inf")
