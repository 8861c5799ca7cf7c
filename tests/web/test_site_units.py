"""Units of premises, the capacity calculator and the norm sets on pages."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import Site, SiteUnit, StoredNorms
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, send


@pytest.fixture
def planner(apart: Flask) -> FlaskClient:
    return sign_in(apart)


@pytest.fixture
def number(apart: Flask) -> int:
    """Premises without units."""
    with Session(engine_of(apart)) as session:
        return session.scalars(select(Site.id).where(Site.name == "Perhon liikuntahalli")).one()


def test_a_unit_is_added_changed_and_removed_and_each_is_undone(
    apart: Flask, planner: FlaskClient, number: int
) -> None:
    new = f"/evakuointipaikat/{number}/yksikot/uusi"
    typed = {"name": "Sali A", "uses": ["temporary_accommodation"], "net_area_m2": "400", "toilets": "5"}
    answer = send(planner, new, new, **typed)
    assert answer.status_code == 303
    with Session(engine_of(apart)) as session:
        unit = session.scalars(select(SiteUnit).where(SiteUnit.site_id == number)).one()
        assert (unit.name, unit.net_area_m2, unit.beds) == ("Sali A", 400, None)
        edit = f"/evakuointipaikat/{number}/yksikot/{unit.id}/muokkaa"
        gone = f"/evakuointipaikat/{number}/yksikot/{unit.id}/poista"
    page = planner.get(f"/evakuointipaikat/{number}?lang=en").text
    # 5 toilets for 20 each.
    assert "<strong>Sali A</strong>: Places: 100." in page
    refused = planner.post(
        f"{edit}?lang=fi", data={**hidden(planner.get(edit).text, edit), **typed, "toilets": "-1"}
    )
    assert refused.status_code == 422
    assert "Käymälät: ”-1”" in html.unescape(refused.text)
    assert send(planner, edit, edit, **{**typed, "toilets": "6"}).status_code == 303
    removed = send(planner, f"/evakuointipaikat/{number}", gone)
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(SiteUnit).where(SiteUnit.site_id == number)).all() == []
    back = planner.get(removed.headers["Location"])
    assert planner.post("/kumoa", data=hidden(back.text, "/kumoa")).status_code == 303
    with Session(engine_of(apart)) as session:
        unit = session.scalars(select(SiteUnit).where(SiteUnit.site_id == number)).one()
        assert (unit.toilets, [row.use.value for row in unit.uses]) == (6, ["temporary_accommodation"])


def test_the_calculator_says_what_would_raise_the_places(planner: FlaskClient, number: int) -> None:
    page = html.unescape(planner.get(f"/evakuointipaikat/{number}/laskuri?lang=en").text)
    # 9 toilets × 20 = 180; the fire inspection allows 220: two toilets more.
    assert "Places: 180." in page
    assert "+40 places, 220 in all" in page
    assert "2 more toilets" in page
    cold = html.unescape(
        planner.get(f"/evakuointipaikat/{number}/laskuri?normit=cold&kesto=200&lang=en").text
    )
    assert "number of beds" in cold
    assert "temporary for at most 7 days" in cold
    assert planner.get(f"/evakuointipaikat/{number}/laskuri?kesto=noin+300").status_code == 422
    assert planner.get(f"/evakuointipaikat/{number}/laskuri?normit=mars").status_code == 422


def test_the_county_makes_its_own_set_and_places_are_counted_by_it(
    apart: Flask, planner: FlaskClient, number: int
) -> None:
    made = send(planner, "/normit", "/normit", name="Oma sarja", based_on="finland")
    assert made.status_code == 303
    figure = "/normit/own-2/luvut/toilets.persons_per_toilet,short"
    refused = planner.post(
        f"{figure}?lang=fi",
        data={**hidden(planner.get(figure).text, figure), "value": "noin 10", "source": "x"},
    )
    assert refused.status_code == 422
    assert "”noin 10”" in html.unescape(refused.text)
    assert send(planner, figure, figure, value="10", source="Päätös 12 §").status_code == 303
    assert send(planner, "/normit", "/normit/own-2/oletus").status_code == 303
    # 9 toilets × 10.
    assert "Places: 90." in planner.get(f"/evakuointipaikat/{number}?lang=en").text
    assert "Päätös 12 §" in html.unescape(planner.get("/normit/own-2?lang=fi").text)
    limits = "/normit/own-2/rajat"
    assert (
        send(
            planner, "/normit/own-2", limits, **{f"{one}.area": "1" for one in ("hours", "short", "long")}
        ).status_code
        == 303
    )
    with Session(engine_of(apart)) as session:
        stored = session.scalars(select(StoredNorms).where(StoredNorms.key == "own-2")).one()
        assert stored.limits["short"] == ["area"]
        assert stored.version > 1
