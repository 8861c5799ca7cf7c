"""The map of the premises: what is on it, areas drawn on it, and what it asks of whom."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.config import Settings, load_settings
from prep.models import Site
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.people import sign_in

LIST = "/evakuointipaikat"
# From Kokkola to the border of Kannus; holds no other centre.
AROUND_KOKKOLA = "63.7,22.9;64,22.9;64,23.4;63.7,23.4"


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def plot(text: str) -> dict[str, list[dict[str, object]]]:
    found = re.search(r"data-plot='([^']*)'", text)
    assert found is not None
    read: dict[str, list[dict[str, object]]] = json.loads(html.unescape(found[1]))
    return read


def sides(text: str) -> dict[str, int]:
    return {
        words: int(count)
        for words, count in re.findall(r">(Sisällä|Ulkopuolella|Sijainti ei tiedossa): (\d+)</a>", text)
    }


def test_the_map_has_what_the_list_has(client: FlaskClient, app: Flask) -> None:
    with Session(engine_of(app)) as session:
        perho = session.scalars(
            select(Site).where(Site.municipality_code == "584", Site.lat.is_not(None))
        ).all()
        names = {site.name for site in perho}
    marks = plot(page(client, f"{LIST}?kunta=584"))["marks"]
    assert {str(one["words"]).rpartition(":")[0] for one in marks} == names
    found = plot(page(client, f"{LIST}?kunta=584&haku={sorted(names)[0]}"))["marks"]
    assert len(found) == 1


def test_an_area_chooses_the_premises_in_it_and_loses_none(client: FlaskClient, app: Flask) -> None:
    with Session(engine_of(app)) as session:
        sites = session.scalars(select(Site)).all()
        within = [
            site
            for site in sites
            if site.lat is not None
            and site.lon is not None
            and 63.7 <= site.lat <= 64
            and 22.9 <= site.lon <= 23.4
        ]
        without_place = [site for site in sites if site.lat is None]
    expected = {
        "Sisällä": len(within),
        "Ulkopuolella": len(sites) - len(within) - len(without_place),
        "Sijainti ei tiedossa": len(without_place),
    }
    inside = page(client, f"{LIST}?rajaus={AROUND_KOKKOLA}")
    assert sides(inside) == expected
    left_out = [one for one in plot(inside)["marks"] if one["isLeftOut"]]
    assert len(left_out) == expected["Ulkopuolella"]
    shown = [one for one in plot(inside)["marks"] if not one["isLeftOut"]]
    assert {str(one["words"]).rpartition(":")[0] for one in shown} == {site.name for site in within}
    outside = plot(page(client, f"{LIST}?rajaus={AROUND_KOKKOLA}&puoli=ulkona"))["marks"]
    assert len([one for one in outside if not one["isLeftOut"]]) == expected["Ulkopuolella"]
    unknown = page(client, f"{LIST}?rajaus={AROUND_KOKKOLA}&puoli=ei-tiedossa")
    assert all(site.name in unknown for site in without_place)


def test_a_circle_and_an_area_together_choose_what_lies_in_both(client: FlaskClient) -> None:
    both = page(client, f"{LIST}?rajaus={AROUND_KOKKOLA}&piste=63,84+23,13&sade=0,5")
    circle = page(client, f"{LIST}?piste=7082000+309000&sade=0,5")
    assert sides(both)["Sisällä"] <= sides(page(client, f"{LIST}?rajaus={AROUND_KOKKOLA}"))["Sisällä"]
    assert sum(sides(both).values()) == sum(sides(circle).values())


def test_the_still_map_shows_the_area_too(client: FlaskClient) -> None:
    assert '<path d="M' in page(client, LIST)
    assert 'class="zone"' not in page(client, LIST)
    assert 'class="zone"' in page(client, f"{LIST}?piste=63.84+23.13&sade=15")


def test_a_list_of_an_area_is_taken_along_as_it_is_shown(client: FlaskClient) -> None:
    def rows(asked: str) -> int:
        content = client.get(f"{LIST}/vienti?muoto=csv{asked}").get_data(as_text=True)
        read = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";")
        # Premises with units have a row for each of those, too.
        return len({(row["Kunta"], row["Kohteen nimi"]) for row in read})

    count = sides(page(client, f"{LIST}?rajaus={AROUND_KOKKOLA}"))["Sisällä"]
    assert rows(f"&rajaus={AROUND_KOKKOLA}") == count < rows("")


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ("piste=63.84+23.13", "Ympyrällä on säde"),
        ("sade=5", "Ympyrällä on keskipiste"),
        ("piste=48.2+16.4&sade=5", "Ympyrällä on keskipiste"),
        ("piste=63.84+23.13&sade=-5", "Ympyrällä on säde"),
        ("piste=63.84+23.13&sade=nan", "Ympyrällä on säde"),
        ("rajaus=63.8,23;63.9,23", "Alueella on 3–100 kulmaa"),
        ("rajaus=63.8,23.0;63.9,23.3;63.9,23.0;63.8,23.3", "Alueella on 3–100 kulmaa"),
        ("rajaus=x", "Alueella on 3–100 kulmaa"),
        ("rajaus=63.8,23;63.9,23;63.9,23.3&puoli=vasen", "Tällaista valintaa ei ole"),
    ],
)
def test_what_is_no_area_is_refused_with_the_rule(client: FlaskClient, asked: str, rule: str) -> None:
    answer = client.get(f"{LIST}?{asked}")
    assert answer.status_code == 422
    assert rule in answer.get_data(as_text=True)


def test_the_outlines_are_those_of_the_still_map_in_degrees(client: FlaskClient) -> None:
    features = client.get("/kartta/kunnat.json").get_json()["features"]
    assert {one["properties"]["code"] for one in features} == {
        *("074", "217", "236", "272", "421", "584", "849", "924")
    }
    for one in features:
        for lon, lat in (
            point for polygon in one["geometry"]["coordinates"] for ring in polygon for point in ring
        ):
            assert 62.5 < lat < 64.6
            assert 22 < lon < 26
    # Kokkola's centre by the region pack.
    assert any(one["properties"]["name"] == "Kokkola" for one in features)


@pytest.mark.parametrize("address", ["/kartta/kunnat.json", "/kartta/paikka.json?teksti=63.84+23.13"])
def test_the_map_tells_nothing_to_strangers(browser: FlaskClient, address: str) -> None:
    assert browser.get(address).status_code in {302, 303}


def test_a_typed_place_is_told_in_both_systems_and_doubted_where_it_belongs_elsewhere(
    client: FlaskClient,
) -> None:
    ask = "/kartta/paikka.json"
    at_home = client.get(ask, query_string={"teksti": "63,8400 23,1300", "kunta": "272"}).get_json()
    assert (at_home["lat"], at_home["lon"], at_home["isDoubtful"]) == (63.84, 23.13, False)
    assert at_home["words"].startswith("WGS84 63,84000 23,13000 · ETRS-TM35FIN N 7084956")
    again = client.get(ask, query_string={"teksti": "7082000 309000", "kunta": "272"}).get_json()
    assert again["words"].startswith("WGS84 63,8")
    assert "N 7082000 E 309000" in again["words"]
    elsewhere = client.get(ask, query_string={"teksti": "63,8400 23,1300", "kunta": "584"}).get_json()
    assert elsewhere["isDoubtful"]
    assert "lähempänä kunnan Kokkola keskusta kuin kunnan Perho" in elsewhere["words"]
    far = client.get(ask, query_string={"teksti": "60,17 24,94", "kunta": "584"}).get_json()
    assert "alueen ulkopuolella" in far["words"]
    unread = client.get(ask, query_string={"teksti": "noin tuolla", "kunta": "584"}).get_json()
    assert (unread["lat"], unread["isDoubtful"]) == (None, True)
    assert client.get(ask, query_string={"teksti": ""}).get_json()["words"] == ""


def test_premises_elsewhere_than_their_municipality_are_told_of_on_their_page(
    apart: Flask,
) -> None:
    with Session(engine_of(apart)) as session:
        number = session.scalars(select(Site.id).where(Site.municipality_code == "584")).first()
    with engine_of(apart).begin() as connection:
        connection.exec_driver_sql(f"UPDATE site SET lat = 63.84, lon = 23.13 WHERE id = {number}")
    assert "lähempänä kunnan Kokkola keskusta" in page(sign_in(apart), f"{LIST}/{number}")


def test_pictures_come_from_the_one_service_that_the_settings_name(tmp_path: Path, county: Path) -> None:
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    settings = load_settings(
        {
            "PREP_INSTANCE": str(tmp_path),
            "PREP_MAP_TILES": "https://tiles.kunta.example:8443/{z}/{x}/{y}.png?style=a",
            "PREP_MAP_ATTRIBUTION": "Kunta & <b>naapurit</b>",
        }
    )
    tiled = create_app(settings)
    client = sign_in(tiled, AccountRole.COUNTY_PLANNER)
    answer = client.get(LIST)
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.kunta.example:8443;" in policy
    assert policy.count("https://") == 1
    assert "Kunta &amp; &lt;b&gt;naapurit&lt;/b&gt;" in answer.get_data(as_text=True)
    engine_of(tiled).dispose()


def test_without_tiles_nothing_of_others_is_asked(client: FlaskClient) -> None:
    answer = client.get(LIST)
    assert "https:" not in answer.headers["Content-Security-Policy"]
    assert Settings(instance=Path()).map_tiles is None
    assert "data-tiles='null'" in answer.get_data(as_text=True)


def test_the_sheet_numbers_every_premises_with_a_place_and_names_the_others(
    changed: Callable[[Callable[[Session], None]], FlaskClient],
) -> None:
    names: list[str] = []

    def move(session: Session) -> None:
        sites = session.scalars(select(Site).where(Site.municipality_code == "584").order_by(Site.name)).all()
        sites[0].lat = sites[0].lon = None
        sites[1].lat, sites[1].lon = 60.17, 24.94
        names.extend(site.name for site in sites)

    text = page(changed(move), f"{LIST}/kartta/584")
    drawn = re.findall(r'<text [^>]*class="label">(\d+)</text>', text)
    rows = re.findall(r'class="figure">(\d+|–)</td>\s*<th [^>]*><a [^>]*>([^<]*)</a>', text)
    assert sorted(name for _, name in rows) == sorted(names)
    assert [number for number, _ in rows] == [*(str(one) for one in range(1, len(names))), "–"]
    assert rows[-1] == ("–", names[0])
    off = {name: number for number, name in rows}[names[1]]
    assert sorted(map(int, drawn)) == [one for one in range(1, len(names)) if str(one) != off]
    assert text.count("Sijainti on tämän kartan ulkopuolella.") == 1
    assert text.count("Sijainti ei ole tiedossa.") == 1


def test_a_sheet_of_no_municipality_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"{LIST}/kartta/999").status_code == 404


def test_the_form_has_a_map_on_which_the_place_is_set(client: FlaskClient) -> None:
    text = page(client, f"{LIST}/uusi?kunta=584")
    assert 'data-place="584"' in text
    assert plot(text)["focus"] == "584"
