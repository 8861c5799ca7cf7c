"""What the alert chains share, on pages: as far as whoever asks may see."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient

from prep.terms import AccountRole
from tests.web.people import sign_in


def test_what_one_outage_silences_is_told_over_all_chains(client: FlaskClient) -> None:
    listed = html.unescape(client.get("/halytysketjut/yhteiset?lang=en").text)
    assert "Mobile network" in listed
    assert 'href="/halytysketjut/yhteiset/resource:mobile_core"' in listed
    text = html.unescape(client.get("/halytysketjut/yhteiset/resource:mobile_core?lang=en").text)
    assert "Mobile network: what breaks without it" in text
    assert "No way to reach the body without it" in text
    for part in ("Alert chains", "Seats that nothing else reaches", "People"):
        assert f"<h2>{part} <small>" in text
    assert client.get("/halytysketjut/yhteiset/resource:moon").status_code == 404


def test_the_pages_of_the_chains_lead_there(client: FlaskClient) -> None:
    for page in ("/halytysketjut", "/halytysketjut/perho/heikkoudet"):
        assert 'href="/halytysketjut/yhteiset"' in client.get(page).text


def test_a_municipality_sees_its_own_only(app: Flask) -> None:
    own = html.unescape(
        sign_in(app, AccountRole.MUNICIPAL_CONTACT, "272")
        .get("/halytysketjut/yhteiset/resource:mobile_core?lang=en")
        .text
    )
    assert "Kokkola" in own
    assert "Perho" not in own


@pytest.mark.parametrize(
    ("page", "area"),
    [
        ("/toimielimet/management-group-584/kokoukset", "/toimielimet"),
        ("/toimielimet/management-group-584/kokoukset/uusi", "/toimielimet"),
        ("/halytysketjut/yhteiset", "/halytysketjut"),
        ("/halytysketjut/perho/heikkoudet", "/halytysketjut"),
        ("/halytysketjut/perho/muokkaa", "/halytysketjut"),
        ("/halytysketjut/perho/versiot", "/halytysketjut"),
        ("/simulointi", "/halytysketjut"),
        ("/skenaariot", "/halytysketjut"),
        ("/evakuointipaikat/uusi", "/evakuointipaikat"),
        ("/evakuointipaikat/tuonti", "/evakuointipaikat"),
        ("/yhteyshenkilot/kahdesti", "/yhteyshenkilot"),
    ],
)
def test_the_navigation_says_in_which_area_a_page_is(client: FlaskClient, page: str, area: str) -> None:
    assert f'<a href="{area}" aria-current="page">' in client.get(page).text
