"""Meetings, search and what breaks, for programs: as on the pages, as far as the key may see."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from prep.auth.roles import Permission
from prep.db import read_session
from prep.models import KeyHolder, Meeting, Seat, SeatTerm
from prep.terms import MeetingStatus
from prep.web.database import engine_of
from tests.web.api.programs import KOKKOLA, PERHO, Program


def test_meetings_are_told_with_their_quorum_and_who_came(api_app: Flask, planner: Program) -> None:
    found = planner.get("/meetings?per_page=200").json
    assert found is not None
    with read_session(engine_of(api_app)) as session:
        assert found["total"] == session.scalar(select(func.count(Meeting.id)))
        held = session.scalars(
            select(Meeting).where(Meeting.status == MeetingStatus.HELD, Meeting.attendances.any())
        ).first()
        assert held is not None
        told = planner.get(f"/meetings/{held.id}").json
        assert told is not None
        assert told in found["items"]
        assert (told["body"], told["status"]) == (held.body.key, "held")
        assert [(one["person"]["name"], one["seat"]) for one in told["came"]] == [
            (one.person.name, one.seat.key if one.seat else None) for one in held.attendances
        ]
    first = told["starts_at"][:10]
    some = planner.get(f"/meetings?body={told['body']}&status=held&first={first}&last={first}").json
    assert some is not None
    assert told["id"] in {one["id"] for one in some["items"]}
    assert {one["status"] for one in some["items"]} == {"held"}


def test_search_finds_what_the_key_may_see(
    cast: dict[str, Program], with_scopes: Callable[..., Program]
) -> None:
    everything, own = cast["planner"].get("/search?q=perho").json, cast["aino"].get("/search?q=perho").json
    assert everything is not None
    assert own is not None
    assert PERHO in {one["municipality"] for one in everything["items"]}
    assert {one["municipality"] for one in own["items"]} <= {KOKKOLA, None}
    premises = with_scopes(Permission.SITE_READ).get("/search?q=koulu").json
    assert premises is not None
    assert {one["kind"] for one in premises["items"]} == {"site"}
    assert cast["planner"].get("/search").status_code == 422


def test_nobody_finds_a_person_by_a_number_that_they_may_not_see(
    cast: dict[str, Program], with_scopes: Callable[..., Program]
) -> None:
    contacts = cast["planner"].get(f"/contacts?municipality={KOKKOLA}").json
    assert contacts is not None
    number = next(one for item in contacts["items"] for one in item["numbers"] if one["kind"] == "mobile")
    typed = number["value"].removeprefix("+")
    assert cast["planner"].get(f"/search?q={typed}").json["total"] == 1  # type: ignore[index]
    assert with_scopes(Permission.CONTACT_READ).get(f"/search?q={typed}").json["total"] == 0  # type: ignore[index]


def test_what_breaks_is_told_as_on_the_pages(api_app: Flask, planner: Program) -> None:
    with read_session(engine_of(api_app)) as session:
        term = session.scalars(select(SeatTerm).where(SeatTerm.rank == 0, SeatTerm.ends.is_(None))).first()
        assert term is not None
        person, seat = term.person_id, term.seat
        address = f"/bodies/{seat.body.key}/seats/{seat.key}/impact"
        name, point = seat.body.name_en, term.person.contact_points[0].id
        site = session.scalars(select(KeyHolder.site_id)).first()
    found = planner.get(f"/contacts/{person}/impact").json
    assert found is not None
    assert found["left_empty"] == sum(one["is_left_empty"] for one in found["effects"])
    assert any(one["kind"] == "seat" and one["name"].startswith(name) for one in found["effects"])
    of_seat = planner.get(address).json
    assert of_seat is not None
    assert (of_seat["effects"][0]["about_kind"], "needed to decide" in str(of_seat)) == ("body", True)
    assert {one["kind"] for one in of_seat["effects"]} >= {"seat", "chain"}
    for path in (f"/numbers/{point}/impact", f"/premises/{site}/impact"):
        assert planner.get(path).status_code == 200


def test_a_seat_without_which_the_body_cannot_decide_is_told(
    own_app: Flask, own: Callable[..., Program]
) -> None:
    with read_session(engine_of(own_app)) as session:
        seat = next(
            one
            for one in session.scalars(select(Seat).where(Seat.is_required))
            if any(term.rank == 0 and term.ends is None for term in one.terms)
        )
        address = f"/bodies/{seat.body.key}/seats/{seat.key}/impact"
        filled = sum(any(t.rank == 0 and t.ends is None for t in one.terms) for one in seat.body.seats)
        can_decide = filled >= (seat.body.quorum or len(seat.body.seats))
    effects = own("planner").get(address).json["effects"]  # type: ignore[index]
    body = next(one for one in effects if one["kind"] == "seat")
    assert body["is_left_empty"] == can_decide


def test_what_the_chains_share_is_told_with_what_falls_silent(cast: dict[str, Program]) -> None:
    shared = cast["planner"].get("/shared").json
    assert shared is not None
    worst = shared["items"][0]
    assert worst["key"] == "resource:mobile_core"
    found = cast["planner"].get(f"/shared/impact?key={worst['key']}").json
    assert found is not None
    assert (
        sum(one["kind"] == "chain" and one["is_left_empty"] for one in found["effects"]) == worst["silenced"]
    )
    own = cast["aino"].get(f"/shared/impact?key={worst['key']}").json
    assert own is not None
    assert {one["municipality"] for one in own["effects"]} == {KOKKOLA}
    for key in ("channel:flags", "mobile_core", "x"):
        assert cast["planner"].get(f"/shared/impact?key={key}").status_code == 404


@pytest.mark.parametrize("path", ["/meetings/999999", "/bodies/alueturva-board/seats/no-such/impact"])
def test_what_is_not_there_is_not_found(planner: Program, path: str) -> None:
    assert planner.get(path).status_code == 404
