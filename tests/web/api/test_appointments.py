"""Terms for programs: who was, is or will be where, and nothing that the key may not see."""

from flask import Flask
from sqlalchemy import func, select

from prep.db import read_session
from prep.models import RoleTerm, SeatTerm
from prep.web.database import engine_of
from tests.web.api.programs import KOKKOLA, PERHO, Program


def test_every_term_is_there_with_its_post_and_person(api_app: Flask, cast: dict[str, Program]) -> None:
    found = cast["planner"].get("/appointments?per_page=200").json
    assert found is not None
    with read_session(engine_of(api_app)) as session:
        n = sum(session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (RoleTerm, SeatTerm))
        term = session.scalars(select(SeatTerm).order_by(SeatTerm.id)).first()
        assert term is not None
        assert found["total"] == n
        one = next(item for item in found["items"] if item["id"] == f"seat-{term.id}")
        assert (one["body"], one["post"], one["person"], one["rank"], one["starts"]) == (
            term.seat.body.key,
            term.seat.key,
            {"id": term.person_id, "name": term.person.name},
            term.rank,
            term.starts.isoformat(),
        )


def test_terms_are_chosen_by_place_person_and_day(cast: dict[str, Program]) -> None:
    planner = cast["planner"]
    everything = planner.get("/appointments?per_page=200").json
    assert everything is not None
    own = planner.get(f"/appointments?municipality={PERHO}&per_page=200").json
    assert own is not None
    assert {one["municipality"] for one in own["items"]} == {PERHO}
    person = everything["items"][0]["person"]["id"]
    of_person = planner.get(f"/appointments?person={person}").json
    assert of_person is not None
    assert {one["person"]["id"] for one in of_person["items"]} == {person}
    early = planner.get("/appointments?on=1990-01-01").json
    assert early is not None
    assert early["total"] == 0
    assert planner.get("/appointments?on=tomorrow").status_code == 422
    assert planner.get("/appointments?person=0").status_code == 422


def test_what_has_not_changed_is_not_sent_again(cast: dict[str, Program]) -> None:
    first = cast["planner"].get("/appointments")
    again = cast["planner"].get("/appointments", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "no-store"


def test_roles_of_others_are_not_told_of(cast: dict[str, Program]) -> None:
    found = cast["aino"].get("/appointments?per_page=200").json
    assert found is not None
    assert {one["municipality"] for one in found["items"]} <= {KOKKOLA, None}
    assert {one["municipality"] for one in found["items"] if one["body"] is None} <= {KOKKOLA}
