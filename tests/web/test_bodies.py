"""Bodies and named roles on pages: seats filled, terms ended, what the agreement says corrected."""

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import Body, Constituency, Person, Role, Seat, SeatTerm
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, own, planner, send

__all__ = ["own", "planner"]

BOARD = "/toimielimet/alueturva-board"
LEFT = {"decided_by": "", "decided_on": "", "decision_section": ""}


def seat(app: Flask, key: str = "board-lestijokilaakso") -> Seat:
    with Session(engine_of(app), expire_on_commit=False) as session:
        found = session.scalars(select(Seat).where(Seat.key == key)).one()
        assert [term.person.name for term in found.terms]
        return found


def number_of(app: Flask, name: str) -> str:
    with Session(engine_of(app)) as session:
        return str(session.scalars(select(Person.id).where(Person.name == name)).one())


def somebody_from(app: Flask, code: str) -> str:
    with Session(engine_of(app)) as session:
        taken = select(SeatTerm.person_id).join(Seat).join(Body).where(Body.key == "alueturva-board")
        query = select(Person.name).where(Person.municipality_code == code, Person.id.not_in(taken))
        return session.scalars(query.order_by(Person.id)).all()[0]


def test_the_vacancy_is_seen_filled_and_gone_and_that_is_undone(own: Flask, planner: FlaskClient) -> None:
    text = html.unescape(planner.get(f"{BOARD}?lang=fi").text)
    assert "paikan ”Lestijokilaakson edustaja” kausi on päättynyt" in text
    assert "Täyttäjä: Lestijokilaakso (Kannus, Lestijärvi, Toholampi)." in text
    path = f"/nimeaminen/paikka/{seat(own).id}"
    name = somebody_from(own, "217")
    # Those from where the seat is filled come first.
    groups = re.split("<optgroup", planner.get(path).text)
    assert name in groups[1]
    answer = send(
        planner,
        path,
        path,
        person=number_of(own, name),
        rank="0",
        starts="2026-11-22",
        ends="",
        **{
            **LEFT,
            "decided_by": "Kannuksen kaupunginhallitus",
            "decided_on": "2026-11-16",
            "decision_section": "210",
        },
    )
    assert answer.status_code == 303
    page = planner.get(answer.headers["Location"] + "&lang=fi")
    text = html.unescape(page.text)
    assert "kausi on päättynyt" not in text
    assert "Kannuksen kaupunginhallitus, 16.11.2026, § 210" in text.replace("\xa0", " ")
    planner.post("/kumoa", data=hidden(page.text, "/kumoa"))
    assert "kausi on päättynyt" in html.unescape(planner.get(f"{BOARD}?lang=fi").text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"person": ""}, "Henkilö: Tehtävään nimetään rekisterissä oleva henkilö."),
        ({"person": "999999"}, "Henkilö: Tehtävään nimetään rekisterissä oleva henkilö."),
        ({"rank": "x"}, "Asema tehtävässä: ”x”"),
        ({"rank": "12"}, "enintään 9 varahenkilöä"),
        ({"starts": ""}, "Ensimmäinen päivä: Se on päivä"),
        ({"starts": "2026-13-01"}, "”2026-13-01”"),
        ({"ends": "2026-01-01"}, "Kausi ei pääty ennen ensimmäistä päiväänsä 22.11.2026."),
        ({"decided_by": "x" * 300}, "Siinä on enintään 200 merkkiä."),
    ],
)
def test_an_appointment_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    own: Flask, planner: FlaskClient, change: dict[str, str], words: str
) -> None:
    path = f"/nimeaminen/paikka/{seat(own).id}"
    typed = {
        "person": number_of(own, somebody_from(own, "217")),
        "rank": "0",
        "starts": "2026-11-22",
        "ends": "",
        **LEFT,
        "decision_section": "77",
    }
    answer = send(planner, f"{path}?lang=fi", path, **{**typed, **change})
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert 'value="77"' in answer.text


def test_a_term_is_corrected_and_ended_on_its_page(own: Flask, planner: FlaskClient) -> None:
    term = next(one for one in seat(own, "board-kokkola").terms if one.rank == 0)
    path = f"/kaudet/paikka/{term.id}"
    typed = {"rank": "0", "starts": term.starts.isoformat(), "ends": "", **LEFT, "decided_by": "Valtuusto"}
    assert send(planner, path, path, **typed).status_code == 303
    assert send(planner, path, f"{path}/paata", ends="2026-11-30").status_code == 303
    found = next(one for one in seat(own, "board-kokkola").terms if one.id == term.id)
    assert (found.decided_by, found.ends) == ("Valtuusto", date(2026, 11, 30))
    refused = send(planner, path, f"{path}/paata", ends="1999-01-01")
    assert refused.status_code == 422
    assert send(planner, path, f"{path}/poista").status_code == 303
    assert term.id not in [one.id for one in seat(own, "board-kokkola").terms]


def test_an_old_form_of_a_term_comes_back_with_both(own: Flask, planner: FlaskClient) -> None:
    term = next(one for one in seat(own, "board-kokkola").terms if one.rank == 0)
    path = f"/kaudet/paikka/{term.id}"
    old = hidden(planner.get(path).text, path)
    typed = {"rank": "0", "starts": term.starts.isoformat(), "ends": "", **LEFT}
    assert planner.post(path, data={**old, **typed, "decided_by": "Valtuusto"}).status_code == 303
    answer = planner.post(f"{path}?lang=fi", data={**old, **typed, "decided_by": "Hallitus"})
    assert answer.status_code == 409
    text = html.unescape(answer.text)
    assert "Tallennettu sillä välin: Valtuusto" in text
    assert 'value="Hallitus"' in text


def test_a_role_is_filled_from_the_list_of_roles(own: Flask, planner: FlaskClient) -> None:
    with Session(engine_of(own)) as session:
        role = session.scalars(
            select(Role).where(Role.key == "preparedness-contact", Role.municipality_code == "421")
        ).one()
        number = role.id
    assert f"/nimeaminen/nimike/{number}" in planner.get("/nimikkeet?kunta=421").text
    path = f"/nimeaminen/nimike/{number}"
    # Lestijärvi's preparedness contact has no deputy: the form offers just that.
    text = planner.get(path).text
    assert '<option value="1" selected>' in text
    deputy = number_of(own, somebody_from(own, "421"))
    with Session(engine_of(own)) as session:
        held = {term.person_id for term in session.get_one(Role, number).terms}
        deputy = next(
            str(one)
            for one in session.scalars(
                select(Person.id).where(Person.municipality_code == "421").order_by(Person.id)
            )
            if one not in held
        )
    answer = send(planner, path, path, person=deputy, rank="1", starts="2026-11-22", ends="", **LEFT)
    assert answer.headers["Location"].startswith("/kunnat/421?")
    assert "ei varahenkilöä" not in planner.get("/nimikkeet?lang=fi&kunta=421&haku=varautumisen").text


def test_what_the_agreement_says_can_be_corrected(own: Flask, planner: FlaskClient) -> None:
    path = f"{BOARD}/muokkaa"
    form = planner.get(f"{path}?lang=fi").text
    typed = dict(re.findall(r'<input id="(\w+)" name="\w+" type="text"[^>]*? value="([^"]*)"', form))
    typed = {name: html.unescape(value) for name, value in typed.items()}
    assert typed["quorum"] == "3"
    answer = send(
        planner, path, path, **{**typed, "quorum": "2", "convener": "Pelastuslaitos", "longest_terms": "2"}
    )
    assert answer.status_code == 303
    with Session(engine_of(own)) as session:
        body = session.scalars(select(Body).where(Body.key == "alueturva-board")).one()
        assert (body.quorum, body.longest_terms, body.convener["fi"]) == (2, 2, "Pelastuslaitos")
    for change, words in (
        ({"quorum": "9"}, "Se ei ylitä paikkojen määrää 4."),
        ({"quorum": "kaksi"}, "Se on kokonaisluku."),
        ({"quorum": "0"}, "Se on vähintään 1"),
        ({"name_fi": ""}, "Suomenkielinen nimi: Tieto on pakollinen."),
    ):
        refused = send(planner, f"{path}?lang=fi", path, **{**typed, **change})
        assert refused.status_code == 422, change
        assert words in html.unescape(refused.text)


def test_a_seat_is_added_marked_and_removed_while_nobody_has_held_it(
    own: Flask, planner: FlaskClient
) -> None:
    path = f"{BOARD}/paikat/uusi"
    names = {"name_fi": "Puheenjohtaja", "name_sv": "Ordförande", "name_en": ""}
    answer = planner.post(
        path,
        data={
            **hidden(planner.get(path).text, path),
            **names,
            "constituency": "",
            "marks": ["is_chair", "is_required"],
        },
    )
    assert answer.status_code == 303
    with Session(engine_of(own)) as session:
        made = session.scalars(select(Seat).where(Seat.name_fi == "Puheenjohtaja")).one()
        assert (made.is_chair, made.is_required, made.is_optional, made.name_en) == (
            True,
            True,
            False,
            "Puheenjohtaja",
        )
        number = made.id
    edit = f"{BOARD}/paikat/{number}/muokkaa"
    both = planner.post(
        f"{edit}?lang=fi",
        data={
            **hidden(planner.get(edit).text, edit),
            **names,
            "constituency": "",
            "marks": ["is_required", "is_optional"],
        },
    )
    assert both.status_code == 422
    assert send(planner, edit, f"{BOARD}/paikat/{number}/poista").status_code == 303
    held = seat(own, "board-kokkola").id
    token = hidden(planner.get(BOARD).text, "/kirjaudu/ulos")
    refused = planner.post(f"{BOARD}/paikat/{held}/poista?lang=fi", data=token)
    assert refused.status_code == 422
    assert "sen historia säilyy" in html.unescape(refused.text)


def test_a_constituency_s_municipalities_are_corrected_and_known_from_then_on(
    own: Flask, planner: FlaskClient
) -> None:
    with Session(engine_of(own)) as session:
        area = session.scalars(select(Constituency).where(Constituency.key == "lestijokilaakso")).one()
        number = area.id
        assert area.is_inferred
    path = f"/vaalipiirit/{number}"
    fields = hidden(planner.get(path).text, path)
    assert planner.post(path, data={**fields, "municipalities": ["217", "421"]}).status_code == 303
    with Session(engine_of(own)) as session:
        area = session.get_one(Constituency, number)
        assert [one.code for one in area.municipalities] == ["217", "421"]
        assert not area.is_inferred
    # The form that was opened before comes back with both.
    assert planner.post(path, data={**fields, "municipalities": ["849"]}).status_code == 409
    for codes in ([], ["091"]):
        fresh = hidden(planner.get(path).text, path)
        assert planner.post(path, data={**fresh, "municipalities": codes}).status_code == 422


def test_a_municipal_contact_fills_the_own_group_and_not_the_shared_board(own: Flask) -> None:
    contact = sign_in(own, AccountRole.MUNICIPAL_CONTACT, "217")
    assert contact.get(BOARD).status_code == 200
    assert "/nimeaminen/" not in contact.get(BOARD).text
    assert contact.get(f"/nimeaminen/paikka/{seat(own).id}").status_code == 404
    assert contact.get(f"{BOARD}/muokkaa").status_code == 404
    assert "/nimeaminen/paikka/" in contact.get("/toimielimet/management-group-217").text
    assert contact.get("/vaalipiirit/2").status_code == 404
