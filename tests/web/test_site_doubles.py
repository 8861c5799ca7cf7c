"""Premises that are on the list twice: offered, compared, made one, and that undone; columns that are remembered."""

import html
import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.models import KeyHolder, Municipality, RememberedColumn, Site, SiteUseRow
from prep.terms import AccountRole, KeyPower, SiteUse
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden
from tests.web.test_site_import import PAGE, apply, compare

PIENI = "Kunta;Wc;Sali;Suuruus\nPerho;3;Pieni sali;40\n"
LIST = "/evakuointipaikat/kahdesti"


@pytest.fixture
def pair(apart: Flask) -> tuple[int, int]:
    """Two in Perho of almost the same name, the second with an address, a use and a key holder."""
    with write_session(engine_of(apart), actor="test") as session:
        perho = session.get_one(Municipality, "584")
        one = Site(municipality=perho, name="Vertailuhalli")
        other = Site(
            municipality=perho,
            name="Vertailuhali",
            address="Hallitie 9",
            uses=[SiteUseRow(use=SiteUse.CATERING, stated_capacity=90)],
            key_holders=[
                KeyHolder(position=0, power=KeyPower.OPEN, name="Vieno Vahti", phone="+358000009009")
            ],
        )
        session.add_all([one, other])
        session.flush()
        return one.id, other.id


def standing(app: Flask) -> dict[str, tuple[str, int, int]]:
    with Session(engine_of(app)) as session:
        found = session.scalars(select(Site).where(Site.name.like("Vertailu%"))).all()
        return {one.name: (one.address, len(one.uses), len(one.key_holders)) for one in found}


def test_two_are_offered_made_one_and_that_is_undone(apart: Flask, pair: tuple[int, int]) -> None:
    client, before = sign_in(apart), standing(apart)
    text = html.unescape(client.get(f"{LIST}?lang=fi").text)
    path = f"{LIST}/{pair[0]}/{pair[1]}"
    assert f'href="{path}"' in text
    assert "lähes sama nimi" in text
    page = client.get(f"{path}?lang=fi").text
    # What only the other knows is proposed.
    assert 'name="tieto-address" value="2" checked' in page
    assert 'name="tieto-name" value="1" checked' in page
    done = client.post(path, data={**hidden(page, path), "tieto-address": "2"})
    assert done.status_code == 303
    assert standing(apart) == {"Vertailuhalli": ("Hallitie 9", 1, 1)}
    shown = client.get(done.headers["Location"] + "&lang=fi")
    assert "Evakuointipaikat on yhdistetty." in shown.text
    assert client.post("/kumoa", data=hidden(shown.text, "/kumoa")).status_code == 303
    assert standing(apart) == before


def test_two_that_are_not_the_same_are_not_offered_again(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart)
    path = f"{LIST}/{pair[0]}/{pair[1]}"
    sent = hidden(client.get(f"{LIST}?lang=fi").text, f"{path}/eri")
    assert client.post(f"{path}/eri", data=sent).status_code == 303
    assert path not in client.get(LIST).text


def test_what_has_changed_since_it_was_looked_at_is_not_merged(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart)
    path = f"{LIST}/{pair[0]}/{pair[1]}"
    sent = hidden(client.get(path).text, path)
    with write_session(engine_of(apart), actor="test") as session:
        session.get_one(Site, pair[1]).address = "Muu tie 1"
    assert client.post(path, data=sent).status_code == 409
    assert len(standing(apart)) == 2


def test_a_contact_of_another_municipality_finds_neither(apart: Flask, pair: tuple[int, int]) -> None:
    client = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "272")
    assert "Vertailuhal" not in client.get(LIST).text
    assert client.get(f"{LIST}/{pair[0]}/{pair[1]}").status_code == 404


def test_what_is_said_of_columns_is_proposed_next_time_and_can_be_forgotten(apart: Flask) -> None:
    client = sign_in(apart)
    content = "Kunta;Wc;Sali;Suuruus\nPerho;9;Iso sali;400\n"
    said = {"sarake-2": "name", "sarake-3": "net_area_m2", "kenen": "584"}
    page = compare(client, content, **said)
    assert apply(client, page.text).status_code == 303
    again = html.unescape(compare(client, PIENI, kenen="584").text)
    assert "Pieni sali" in again
    # Beside the two columns, and among what is good to know.
    assert again.count("kerrottiin") == 4
    # Another municipality has said nothing.
    assert (
        "Pieni sali" not in html.unescape(compare(client, PIENI, kenen="272").text).partition('id="new"')[2]
    )
    listed = client.get("/tuonti/sarakkeet?lang=fi")
    assert "sali" in listed.text
    with Session(engine_of(apart)) as session:
        numbers = session.scalars(select(RememberedColumn.id).order_by(RememberedColumn.id)).all()
    assert len(numbers) == 2
    path = f"/tuonti/sarakkeet/{numbers[0]}/unohda"
    assert client.post(path, data=hidden(listed.text, path)).status_code == 303
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(RememberedColumn.id)).all() == [numbers[1]]
    assert client.get("/tuonti/sarakkeet").status_code == 200
    # Whose list it is not finds nothing of it.
    other = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "272")
    assert (
        "sali" not in other.get("/tuonti/sarakkeet?lang=fi").text.partition("<main")[2].partition("</main")[0]
    )
    file = {"tiedosto": (io.BytesIO(content.encode()), "tilat.csv")}
    assert other.post(PAGE, data=file, content_type="multipart/form-data").status_code in {400, 403, 404}
