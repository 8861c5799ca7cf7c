"""Every operation, for every role, in the own municipality, in a foreign one and on what is the county's."""

import json
import re
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import select

from prep.auth.permissions import Viewer
from prep.auth.roles import Permission
from prep.db import read_session
from prep.models import Body, Chain, Meeting, Person, Role, RoleTerm, Seat, Site
from prep.readiness.finding import FindingKind
from prep.web.api.findings import NEEDED
from prep.web.api.operations import Change, Operation
from prep.web.api.table import OPERATIONS
from prep.web.database import engine_of
from tests.web.api.programs import CAST, KOKKOLA, PERHO, Program, headers_of

# For each path with a parameter, or that asks for a place: where the things are that it can name.
_COUNTY = None
_PLACES = (KOKKOLA, PERHO, _COUNTY)


def things(app: Flask, path: str, place: str | None) -> str | None:
    """The address of a thing that belongs to a place; None where there is no such thing."""
    found = _things(app).get((path, place))
    keys = iter(found.split() if found else ())
    return None if found is None else re.sub(r"\{\w+\}", lambda _: next(keys), path)


@cache
def _things(app: Flask) -> dict[tuple[str, str | None], str]:
    known: dict[tuple[str, str | None], str] = {}
    with read_session(engine_of(app)) as session:
        for code in (KOKKOLA, PERHO):
            known["/municipalities/{code}", code] = code
        for body in session.scalars(select(Body)):
            known["/bodies/{key}", body.municipality_code] = body.key
        for role in session.scalars(select(Role)):
            known["/roles/{id}", role.municipality_code] = str(role.id)
        for person in session.scalars(select(Person)):
            for path in (
                "/contacts/{id}",
                "/contacts/{id}/numbers",
                "/contacts/{id}/absences",
                "/contacts/{id}/impact",
            ):
                known[path, person.municipality_code] = str(person.id)
            for point in person.contact_points:
                for path in ("/numbers/{id}", "/numbers/{id}/confirmation", "/numbers/{id}/impact"):
                    known[path, person.municipality_code] = str(point.id)
                for path in ("/review/{key}", "/review/{key}/confirmation"):
                    known[path, person.municipality_code] = f"contact-{point.id}"
            for absence in person.absences:
                known["/absences/{id}", person.municipality_code] = str(absence.id)
        for term in session.scalars(select(RoleTerm)):
            for path in ("/appointments/{id}", "/appointments/{id}/end"):
                known[path, term.role.municipality_code] = f"role-{term.id}"
        for site in session.scalars(select(Site)):
            for path in ("/premises/{id}", "/premises/{id}/impact"):
                known[path, site.municipality_code] = str(site.id)
        for meeting in session.scalars(select(Meeting)):
            known["/meetings/{id}", meeting.body.municipality_code] = str(meeting.id)
        for seat in session.scalars(select(Seat)):
            path = "/bodies/{key}/seats/{seat}/impact"
            known[path, seat.body.municipality_code] = f"{seat.body.key} {seat.key}"
        for chain in session.scalars(select(Chain)):
            known["/chains/{key}", chain.body.municipality_code] = chain.key
            known["/chains/{key}/versions", chain.body.municipality_code] = chain.key
            known["/chains/{key}/simulation", chain.body.municipality_code] = chain.key
    return known


def addresses(app: Flask, operation: Operation, place: str | None) -> str | None:
    if operation.parameters:
        return things(app, operation.path, place)
    if "place" in operation.query.model_fields:
        one_card = "&kind=action&disruption=storm" if operation.key == "printCards" else ""
        return f"{operation.path}?place={place or 'county'}{one_card}"
    return None


def expected(viewer: Viewer, operation: Operation, place: str | None) -> int:
    """The status of an answer; a change says neither which version it changes nor what is to be different."""
    if not all(viewer.may_somewhere(one) for one in operation.permissions):
        return 403
    if not all(viewer.may(one, municipality=place) for one in operation.permissions):
        return 404
    if not isinstance(operation.act, Change):
        return 200
    return 428 if operation.act.needs_version else 422


@pytest.mark.parametrize("login", CAST)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.key)
def test_an_operation_answers_those_who_may_and_nobody_else(
    api_app: Flask, cast: dict[str, Program], operation: Operation, login: str
) -> None:
    viewer = cast[login].viewer()
    if operation.parameters or "place" in operation.query.model_fields:
        for place in _PLACES:
            address = addresses(api_app, operation, place)
            if address is not None:
                answer = cast[login].ask(operation, address)
                assert answer.status_code == expected(viewer, operation, place), (address, answer.text)
    else:
        may = all(viewer.may_somewhere(one) for one in operation.permissions)
        lacks_something = any(field.is_required() for field in operation.query.model_fields.values())
        done = 422 if isinstance(operation.act, Change) or lacks_something else 200
        assert cast[login].ask(operation, operation.path).status_code == (done if may else 403)


def test_every_operation_that_names_a_thing_was_asked_for_a_thing_at_home_and_abroad(api_app: Flask) -> None:
    # Without them the test above would pass over an operation in silence.
    for operation in OPERATIONS:
        if operation.parameters:
            assert things(api_app, operation.path, KOKKOLA)
            assert things(api_app, operation.path, PERHO)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.parameters], ids=lambda one: one.key)
def test_a_foreign_thing_and_one_that_does_not_exist_get_the_same_answer(
    api_app: Flask, cast: dict[str, Program], operation: Operation
) -> None:
    foreign = things(api_app, operation.path, PERHO)
    assert foreign is not None
    pattern = next(iter(operation.parameters.values())).pattern
    unknown = "999" if pattern.startswith("[0-9]") else "999999" if pattern.startswith("[1-9]") else "no-such"
    if pattern.startswith("("):
        unknown = f"{re.split('[(|]', pattern)[1]}-999999"
    program = cast["planner" if operation.key == "simulateChain" else "aino"]
    nowhere = program.ask(operation, re.sub(r"\{\w+\}", unknown, operation.path))
    unfit = program.ask(operation, re.sub(r"\{\w+\}", "'%0A", operation.path))
    assert nowhere.status_code == unfit.status_code == 404
    assert nowhere.data == unfit.data
    if operation.key != "simulateChain":
        answer = program.ask(operation, foreign)
        assert (answer.status_code, answer.data) == (404, nowhere.data)
        assert headers_of(answer) == headers_of(nowhere)


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/municipalities", "code"),
        ("/bodies", "municipality"),
        ("/roles", "municipality"),
        ("/contacts", "municipality"),
        ("/appointments", "municipality"),
        ("/premises", "municipality"),
        ("/chains", "municipality"),
        ("/findings", "municipality"),
    ],
)
def test_a_list_holds_nothing_of_a_foreign_municipality(
    cast: dict[str, Program], path: str, where: str
) -> None:
    everything = cast["planner"].get(f"{path}?per_page=200").json
    own = cast["aino"].get(f"{path}?per_page=200").json
    assert everything is not None
    assert own is not None
    assert {PERHO, KOKKOLA} <= {one[where] for one in everything["items"]} or path == "/findings"
    assert {one[where] for one in own["items"]} <= {KOKKOLA, None}
    assert {one[where] for one in own["items"] if one[where] is None} == (
        {None} if path in {"/bodies", "/appointments"} else set()
    )
    assert 0 < own["total"] < everything["total"] or (path == "/findings" and own["total"] >= 0)


def test_numbers_are_whole_only_with_their_permission(cast: dict[str, Program]) -> None:
    whole, masked = cast["planner"].get("/contacts").json, cast["eero"].get("/contacts").json
    assert whole is not None
    assert masked is not None
    numbers = [number for one in whole["items"] for number in one["numbers"]]
    hidden = [number for one in masked["items"] for number in one["numbers"]]
    assert not any(number["is_masked"] for number in numbers)
    assert all(number["is_masked"] for number in hidden)
    assert any(re.fullmatch(r"\+35800\d+", number["value"]) for number in numbers)
    # The last two digits of a telephone stay.
    assert all(re.fullmatch(r"(\+358 )?\*\* \*\*\* \*\*\d\d|\*\*\*", number["value"]) for number in hidden)


def test_nobody_without_the_permission_finds_a_number_in_any_answer(
    api_app: Flask, cast: dict[str, Program]
) -> None:
    for login in ("eero", "reader", "director", "admin"):
        for operation in OPERATIONS:
            address = addresses(api_app, operation, KOKKOLA) or operation.path
            answer = cast[login].ask(operation, address)
            assert not re.search(r"\+?358[\d\s]{6,}", answer.get_data(as_text=True)), (login, address)


def test_every_kind_of_finding_asks_for_a_permission() -> None:
    assert set(NEEDED) == set(FindingKind)


def test_a_key_without_the_scope_is_told_which_one_it_lacks(with_scopes: object) -> None:
    program = with_scopes(Permission.SITE_READ)  # type: ignore[operator]
    answer = program.get("/cards/document?place=272")
    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="prep", error="insufficient_scope"'
    assert json.loads(answer.data)["problems"] == [
        {
            "place": "The key",
            "value": None,
            "rule": "For this it needs what it does not have: card.print, contact.phone.",
            "remedy": "Make a key with these permissions, of an account that holds them.",
        }
    ]


def test_a_key_says_what_it_may_do_and_where(cast: dict[str, Program]) -> None:
    me = cast["aino"].get("/me").json
    assert me is not None
    assert me["login"] == "aino"
    reach = {one["permission"]: one for one in me["permissions"]}
    assert reach["site.read"] == {
        "permission": "site.read",
        "whole_county": False,
        "municipalities": [KOKKOLA],
    }
    assert reach["body.read"]["whole_county"] is True
    assert "settings.read" not in reach
