"""How requests and answers look on the wire: keys, forms, pages, marks, languages, and every refusal."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep.auth import accounts, tokens
from prep.auth.roles import Permission
from prep.db import read_session, write_session
from prep.models import ApiToken, Chain
from prep.terms import AccountRole
from prep.web.api.openapi import document
from prep.web.api.operations import Operation
from prep.web.api.problems import KINDS
from prep.web.api.table import OPERATIONS
from prep.web.database import engine_of
from tests.auth.actors import later
from tests.web.api.programs import BASE, Program, headers_of, program
from tests.web.county import TODAY


def problem(answer: TestResponse, status: int) -> dict:
    """The problem document of an answer, which has the one shape that all have."""
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    found = answer.json
    assert found is not None
    assert list(found) == ["type", "title", "status", "detail", "problems", "number"]
    assert found["type"] == f"urn:prep:problem:{KINDS[status]}"
    assert found["status"] == status
    for line in found["problems"]:
        assert list(line) == ["place", "value", "rule", "remedy"]
    assert answer.headers["Cache-Control"] == "no-store"
    return found


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.key)
def test_without_a_key_nothing_is_answered(api_app: Flask, operation: Operation) -> None:
    path = (
        operation.path.replace("{code}", "272")
        .replace("{key}", "perho")
        .replace("{id}", "1")
        .replace("{seat}", "1")
    )
    answer = Program(api_app, "").ask(operation, path)
    assert problem(answer, 401)["problems"][0]["rule"] == "The request carries no key."
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="prep"'


@pytest.mark.parametrize(
    "sent", ["Bearer prep_wrong", "Bearer wrong", "Bearer prep_ä", "Bearer prep_" + "a" * 5000]
)
def test_a_forged_key_is_told_apart_from_none(api_app: Flask, sent: str) -> None:
    answer = api_app.test_client().get(f"{BASE}/me", headers={"Authorization": sent, "Accept-Language": "en"})
    assert problem(answer, 401)["problems"][0]["rule"] == "This key is not or no longer good."
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="prep", error="invalid_token"'


@pytest.mark.parametrize("sent", ["Basic YWlubzphaW5v", "Bearer", "Bearer ", "prep_x", "Digest x=1"])
def test_what_is_no_key_is_none(api_app: Flask, sent: str) -> None:
    problem(api_app.test_client().get(f"{BASE}/me", headers={"Authorization": sent}), 401)


def test_a_key_in_a_cookie_or_in_the_address_opens_nothing(api_app: Flask, planner: Program) -> None:
    client = api_app.test_client()
    client.set_cookie("session", planner.token)
    client.set_cookie("Authorization", f"Bearer {planner.token}")
    problem(client.get(f"{BASE}/me"), 401)
    problem(client.get(f"{BASE}/me?access_token={planner.token}"), 401)
    assert "Set-Cookie" not in planner.get("/me").headers


def test_a_revoked_a_late_and_a_closed_accounts_key_open_nothing(
    api_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked, old, closed = (program(api_app, "eero", Permission.SITE_READ) for _ in range(3))
    with write_session(engine_of(api_app), actor="test") as session:
        tokens.revoke(session, tokens.use_of(session, revoked.token).row)
    problem(revoked.get("/me"), 401)
    assert old.get("/me").status_code == 200
    later(monkeypatch, days=30)
    problem(old.get("/me"), 401)
    monkeypatch.undo()
    with write_session(engine_of(api_app), actor="test") as session:
        account = accounts.find(session, "eero")
        account.disabled_at = account.created_at
    problem(closed.get("/me"), 401)
    with write_session(engine_of(api_app), actor="test") as session:
        accounts.find(session, "eero").disabled_at = None


def test_the_use_of_a_key_is_written_down(api_app: Flask, with_scopes: Callable[..., Program]) -> None:
    used = with_scopes(Permission.SITE_READ)
    used.get("/me")
    with read_session(engine_of(api_app)) as session:
        row = session.query(ApiToken).where(ApiToken.prefix == used.token[:12]).one()
        assert row.last_used_at is not None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_what_cannot_be_changed_says_by_which_methods_it_is_asked(
    api_app: Flask, planner: Program, method: str
) -> None:
    answer = api_app.test_client().open(
        f"{BASE}/bodies", method=method, headers={"Authorization": f"Bearer {planner.token}"}
    )
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD"
    answer = planner.send("PUT", "/contacts", {})
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_head_says_what_get_would_say(api_app: Flask, planner: Program) -> None:
    headers = {"Authorization": f"Bearer {planner.token}", "Accept-Language": "en"}
    head = api_app.test_client().head(f"{BASE}/bodies", headers=headers)
    got = planner.get("/bodies")
    assert head.data == b""
    assert headers_of(head) == headers_of(got)


def test_a_page_says_where_the_others_are(planner: Program) -> None:
    whole = planner.get("/premises?per_page=200").json
    assert whole is not None
    total = whole["total"]
    last = -(-total // 7)
    answer = planner.get("/premises?per_page=7&page=2")
    assert answer.json is not None
    assert answer.json["items"] == whole["items"][7:14]
    assert (answer.json["page"], answer.json["per_page"], answer.json["total"]) == (2, 7, total)
    assert answer.headers["Link"] == ", ".join(
        f'<{BASE}/premises?per_page=7&page={number}>; rel="{relation}"'
        for relation, number in (("first", 1), ("prev", 1), ("next", 3), ("last", last))
    )
    beyond = planner.get("/premises?per_page=7&page=999")
    assert beyond.json is not None
    assert (beyond.json["items"], beyond.json["total"]) == ([], total)


def test_what_has_not_changed_is_not_sent_again(planner: Program) -> None:
    first = planner.get("/premises")
    again = planner.get("/premises", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert planner.get("/premises", If_None_Match='"another"').status_code == 200
    # In another language it is another answer.
    in_swedish = planner.get("/premises", If_None_Match=first.headers["ETag"], Accept_Language="sv")
    assert in_swedish.status_code == 200


def test_answers_with_people_are_kept_nowhere(planner: Program) -> None:
    for path in ("/contacts", "/bodies", "/roles", "/premises/1", "/chains", "/findings", "/me"):
        assert planner.get(path).headers["Cache-Control"] == "no-store", path
    for path in ("/premises", "/county", "/municipalities", "/cards?place=272"):
        assert planner.get(path).headers["Cache-Control"] == "private, no-cache", path
    assert planner.get("/premises").headers["Vary"] == "Accept, Accept-Language, Authorization"


@pytest.mark.parametrize(
    ("language", "title"),
    [("fi", "Pyyntö hylättiin"), ("sv", "Begäran avvisades"), ("en", "The request was refused")],
)
def test_a_refusal_is_in_the_language_of_the_request(planner: Program, language: str, title: str) -> None:
    answer = planner.get("/bodies?page=0", Accept_Language=language)
    assert answer.headers["Content-Language"] == language
    assert problem(answer, 422)["title"] == title


def test_every_wrong_parameter_is_named_with_its_rule(planner: Program) -> None:
    answer = planner.get("/premises?page=0&use=hotel&municipality=27&colour=red&state=ok&state=fault")
    assert {one["place"]: (one["value"], one["rule"]) for one in problem(answer, 422)["problems"]} == {
        "The parameter “colour”": (None, "This operation has no such parameter."),
        "The parameter “state”": (None, "It is given once at the most."),
        "The parameter “page”": (
            "0",
            "It is a whole number from 1 to 1\xa0000\xa0000, in figures only.",
        ),
        "The parameter “use”": (
            "hotel",
            "It is one of: assembly_point, assembly_centre, evacuation_centre, temporary_accommodation, catering.",
        ),
        "The parameter “municipality”": ("27", "It has a form like this: 272."),
    }


@pytest.mark.parametrize("value", ["1.0", " 1", "+1", "1_0", "٣", "", "-1", "1e3", "99999999999"])
def test_a_number_is_figures_only(planner: Program, value: str) -> None:
    answer = planner.get("/bodies?page=" + value.replace("+", "%2B"))
    assert problem(answer, 422)["problems"][0]["place"] == "The parameter “page”"


@pytest.mark.parametrize("value", ["null", "1", "True", "", "yes"])
def test_yes_and_no_are_true_and_false_only(planner: Program, value: str) -> None:
    line = problem(planner.get(f"/cards/issued?out_of_date={value}"), 422)["problems"][0]
    assert (line["place"], line["rule"]) == ("The parameter “out_of_date”", "It is one of: true, false.")


@pytest.mark.parametrize("path", ["/premises", "/premises/1"])
@pytest.mark.parametrize("value", ["null", "1763784000", "2026-11-22", "2026-11-22T04:00", ""])
def test_a_moment_has_a_day_an_hour_and_a_zone(planner: Program, path: str, value: str) -> None:
    line = problem(planner.get(f"{path}?at={value}"), 422)["problems"][0]
    assert line["rule"] == "It has a form like this: 2026-11-22T04:00:00Z."


def test_a_parameter_that_is_missing_is_asked_for(planner: Program) -> None:
    assert problem(planner.get("/cards"), 422)["problems"] == [
        {
            "place": "The parameter “place”",
            "value": None,
            "rule": "It is needed. It has a form like this: 272.",
            "remedy": "Add it to the address.",
        }
    ]


def test_an_operation_without_parameters_says_so(planner: Program) -> None:
    line = problem(planner.get("/me?x=1"), 422)["problems"][0]
    assert line["remedy"] == "Leave it out: there are no parameters."


@pytest.mark.parametrize("scenario", ["storm", "night+evening", "night mobile_down", "mobile_down+night", ""])
def test_a_scenario_that_does_not_exist_is_refused(planner: Program, scenario: str) -> None:
    answer = planner.get("/chains/perho/simulation?scenario=" + scenario.replace("+", "%2B"))
    line = problem(answer, 422)["problems"][0]
    assert line["rule"] == "It has a form like this: night+mobile_down."


def test_a_simulation_has_bounded_runs_and_can_be_repeated(planner: Program) -> None:
    address = "/chains/perho/simulation?scenario=night%2Bmobile_down&runs=500&seed=7"
    first = planner.get(address)
    assert first.json is not None
    assert (first.json["runs"], first.json["seed"]) == (500, 7)
    assert first.json["scenario"] == "night+mobile_down"
    assert first.json["quorum"]["low"] <= first.json["quorum"]["p"] <= first.json["quorum"]["high"]
    assert planner.get(address).data == first.data
    for runs in (99, 50_001):
        line = problem(planner.get(f"/chains/perho/simulation?runs={runs}"), 422)["problems"][0]
        assert line["rule"] == "It is a whole number from 100 to 50\xa0000, in figures only."


def test_cards_come_as_a_document(planner: Program) -> None:
    answer = planner.get("/cards/document?place=272&kind=contact&language=sv")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="prep-272-sv.pdf"'
    problem(planner.get("/cards/document?place=272&kind=contact&role=RO"), 404)


@pytest.mark.parametrize(
    ("path", "accept"), [("/bodies", "text/html"), ("/cards/document?place=272", "application/json")]
)
def test_what_is_not_accepted_is_not_given(planner: Program, path: str, accept: str) -> None:
    problem(planner.get(path, Accept=accept), 406)


def test_a_body_and_a_long_address_are_refused(api_app: Flask, planner: Program) -> None:
    headers = {"Authorization": f"Bearer {planner.token}"}
    problem(api_app.test_client().get(f"{BASE}/bodies", data=b"{}", headers=headers), 413)
    problem(planner.get("/bodies?page=" + "1" * 2100), 414)


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/bodies/", "/../bodies", "/bodies/%2e%2e"])
def test_there_is_nothing_at_other_addresses(planner: Program, path: str) -> None:
    problem(planner.get(path), 404)


def test_only_the_names_of_this_machine_are_answered(api_app: Flask, planner: Program) -> None:
    problem(planner.get("/me", Host="prep.example"), 400)


def test_a_fault_gives_its_number_and_nothing_else(
    api_app: Flask, planner: Program, caplog: pytest.LogCaptureFixture
) -> None:
    with write_session(engine_of(api_app), actor="test") as session:
        row = tokens.use_of(session, planner.token).row
        kept = row.scopes
        # What the program itself would never write.
        row.scopes = [1, *kept]
    found = problem(planner.get("/me"), 500)
    with write_session(engine_of(api_app), actor="test") as session:
        tokens.use_of(session, planner.token).row.scopes = kept
    assert f"failure {found['number']} at getMe" in caplog.text
    assert found["problems"] == []


def test_the_document_needs_no_key_and_is_what_is_served(api_app: Flask) -> None:
    answer = api_app.test_client().get(f"{BASE}/openapi.json")
    assert answer.json == document(OPERATIONS, base=BASE)
    assert answer.json["openapi"] == "3.1.0"
    assert set(answer.json["paths"]) == {one.path for one in OPERATIONS}


def test_every_field_and_parameter_is_described(api_app: Flask) -> None:
    made = document(OPERATIONS, base=BASE)
    fields = [
        (name, field, schema)
        for name, shape in made["components"]["schemas"].items()
        for field, schema in shape.get("properties", {}).items()
    ]
    assert [(name, field) for name, field, schema in fields if "description" not in schema] == []
    asked = [one for path in made["paths"].values() for one in path.values()]
    assert len(asked) == len(OPERATIONS)
    parameters = [one for operation in asked for one in operation["parameters"]]
    assert [one["name"] for one in parameters if not one["description"]] == []


def test_a_chain_with_a_fault_is_not_simulated(changed: Callable[..., FlaskClient]) -> None:
    made = []

    def break_it(session: Session) -> None:
        chain = session.query(Chain).where(Chain.key == "perho").one()
        chain.body.quorum = 99
        account = accounts.add(session, "planner", "Pirjo Esimerkki")
        accounts.give(session, account, AccountRole.COUNTY_PLANNER, starts=TODAY)
        scopes = [Permission.CHAIN_SIMULATE]
        made.append(tokens.issue(session, account, name="test", scopes=scopes, days=1).token)

    client = changed(break_it)
    headers = {"Authorization": f"Bearer {made[0]}", "Accept-Language": "en"}
    found = problem(client.get(f"{BASE}/chains/perho/simulation", headers=headers), 422)
    assert found["problems"]


def test_a_chain_tells_all_that_its_lines_say_and_its_versions(planner: Program) -> None:
    chain = planner.get("/chains/perho").json
    assert chain is not None
    assert (chain["version"], chain["one_of"], chain["each_constituency"], chain["note"]) == (
        1,
        [],
        False,
        "",
    )
    assert (chain["lists"][0]["handover_s"], chain["lists"][0]["follow_up_s"]) == (None, None)
    line = chain["lists"][0]["lines"][0]
    assert (line["wait_s"], line["condition"], line["hours"], line["calls_back"]) == (None, None, [], False)
    versions = planner.get("/chains/perho/versions").json
    assert versions is not None
    assert [(one["number"], one["made_by"], one["changes"]) for one in versions["items"]] == [(1, "test", [])]
