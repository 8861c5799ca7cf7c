"""Places by name and address out of the registry itself, worked out by hand."""

import pytest
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from prep.language import in_language
from prep.registry.gazetteer import Closeness, Entry, Gazetteer
from prep.terms import Language

SCHOOL = Entry("584", "Perhon koulu", "Koulutie 2", 63.21, 24.42)
HALL = Entry("584", "Liikuntahalli", "Koulutie 14, 69950 Perho", 63.22, 24.43)
ELSEWHERE = Entry("924", "Vetelin koulu", "Koulutie 2", 63.45, 23.79)
PERHO = Entry("584", "Perho", "", 63.2167, 24.4167, is_centre=True)
KNOWN = Gazetteer([SCHOOL, HALL, ELSEWHERE, PERHO])


def kinds(query: str, municipality: str | None = "584") -> list[tuple[Closeness, str]]:
    return [(one.closeness, one.found) for one in KNOWN.proposals(query, municipality=municipality)]


def test_the_same_address_comes_before_the_same_street() -> None:
    assert kinds("koulutie  2") == [(Closeness.ADDRESS, "Perhon koulu"), (Closeness.STREET, "Liikuntahalli")]


def test_on_a_street_the_nearest_number_comes_first() -> None:
    assert kinds("Koulutie 12 B") == [(Closeness.STREET, "Liikuntahalli"), (Closeness.STREET, "Perhon koulu")]


def test_a_street_of_another_municipality_is_another_street() -> None:
    assert (Closeness.ADDRESS, "Vetelin koulu") not in kinds("Koulutie 2")
    assert (Closeness.ADDRESS, "Vetelin koulu") in kinds("Koulutie 2", None)


def test_a_slip_of_the_pen_in_a_name_is_forgiven_and_another_street_is_not() -> None:
    assert kinds("Liikuntahali") == [(Closeness.NAME, "Liikuntahalli")]
    assert kinds("Koivutie 2") == []


@pytest.mark.parametrize("query", ["", "   ", ", ", "Nowhere 7"])
def test_what_is_not_known_has_no_place(query: str) -> None:
    assert KNOWN.proposals(query) == []
    assert KNOWN.geocode(query) is None


def test_it_answers_as_a_geocoder_of_geopy() -> None:
    assert isinstance(KNOWN, Geocoder)
    best = KNOWN.geocode("Koulutie 2", municipality="584")
    assert isinstance(best, Location)
    assert (best.latitude, best.longitude, best.address) == (63.21, 24.42, "Perhon koulu")
    several = KNOWN.geocode("Koulutie 2", exactly_one=False)
    assert isinstance(several, list)
    assert len(several) == 3


def test_a_centre_is_said_to_be_no_more_than_that() -> None:
    (found,) = KNOWN.proposals("PERHO", municipality="584")
    assert found.closeness is Closeness.CENTRE
    assert in_language(found.words, Language.EN) == "the centre of Perho: look for the right place"
