"""Changing the registry by program: of the version that was read, once, by the rules of the pages, on record."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from prep.auth.roles import Permission
from prep.db import read_session
from prep.models import AuditEntry, Person, RoleTerm, Seat, SeatTerm, Site, Submission
from prep.web.api.content import LARGEST_BYTES
from prep.web.database import engine_of
from tests.web.api.programs import BASE, KOKKOLA, PERHO, Program
from tests.web.api.test_wire import problem
from tests.web.county import TODAY

Own = Callable[..., Program]
MATTI = {"name": "Matti Keksitty", "municipality": KOKKOLA}


def added(program: Program, **more: object) -> dict:
    answer = program.send("POST", "/contacts", {**MATTI, **more})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return answer.json


def places(answer: object) -> list[str]:
    return [one["place"] for one in problem(answer, 422)["problems"]]  # type: ignore[arg-type]


def test_somebody_is_taken_in_changed_and_erased(own: Own) -> None:
    planner = own("planner")
    answer = planner.send("POST", "/contacts", {**MATTI, "title": "Talonmies", "speaks": ["sv"]})
    assert answer.status_code == 201
    made = answer.json
    assert made is not None
    where = f"/contacts/{made['id']}"
    assert answer.headers["Location"] == BASE + where
    assert answer.headers["Cache-Control"] == "no-store"
    assert (made["name"], made["title"], made["speaks"]) == ("Matti Keksitty", "Talonmies", ["sv"])
    read = planner.get(where)
    assert (read.data, read.headers["ETag"]) == (answer.data, answer.headers["ETag"])

    changed = planner.send("PATCH", where, {"title": "Isännöitsijä"}, If_Match=read.headers["ETag"])
    assert changed.status_code == 200
    assert changed.json == {**made, "title": "Isännöitsijä"}
    assert changed.headers["ETag"] == planner.get(where).headers["ETag"] != read.headers["ETag"]

    gone = planner.changed("DELETE", f"{where}?reason=entered+twice", of=where)
    assert (gone.status_code, gone.data) == (204, b"")
    problem(planner.get(where), 404)


def test_a_change_names_the_version_that_it_changes(own: Own) -> None:
    planner = own("planner")
    where = f"/contacts/{added(planner)['id']}"
    first = planner.get(where).headers["ETag"]
    for sent in ({}, {"If_Match": "*"}):
        line = problem(planner.send("PATCH", where, {"title": "A"}, **sent), 428)["problems"][0]
        assert line["remedy"] == "Read the thing, and send the ETag of that answer as If-Match."
        problem(planner.send("DELETE", f"{where}?reason=x", **sent), 428)
    planner.changed("PATCH", where, {"title": "Päivystäjä"})
    now = planner.get(where)
    for sent in (first, '"other"', f"W/{now.headers['ETag']}"):
        stale = planner.send("PATCH", where, {"title": "Toinen"}, If_Match=sent)
        assert stale.headers["ETag"] == now.headers["ETag"]
        line = problem(stale, 412)["problems"][0]
        assert (line["place"], line["value"]) == ("If-Match", sent)
        assert now.headers["ETag"] in line["rule"]
    assert planner.get(where).data == now.data


def test_the_version_is_the_same_in_whatever_language_it_was_read(own: Own) -> None:
    planner = own("planner")
    where = f"/contacts/{added(planner)['id']}"
    in_swedish = planner.get(where, Accept_Language="sv").headers["ETag"]
    assert planner.send("PATCH", where, {"title": "A"}, If_Match=in_swedish).status_code == 200


def test_numbers_are_added_changed_confirmed_and_removed(own: Own) -> None:
    planner = own("planner")
    contact = f"/contacts/{added(planner)['id']}"
    answer = planner.send(
        "POST", f"{contact}/numbers", {"kind": "mobile", "value": "+358 00 000 0777", "purpose": "työ"}
    )
    assert answer.status_code == 201
    made = answer.json
    assert made is not None
    where = f"/numbers/{made['id']}"
    assert answer.headers["Location"] == BASE + where
    assert (made["value"], made["state"], made["evidence"]) == ("+358000000777", "unknown", "typed")
    sure = planner.send("POST", f"{where}/confirmation", {"evidence": "called_back"})
    assert sure.json is not None
    assert (sure.json["state"], sure.json["evidence"]) == ("ok", "called_back")
    assert sure.json["confirmed_on"] == TODAY.isoformat()
    assert "Location" not in sure.headers
    # Another purpose leaves the number as it is, and as sure as it was; another number is confirmed by nobody yet.
    kept = planner.changed("PATCH", where, {"purpose": "koti"})
    assert kept.json == {**sure.json, "purpose": "koti"}
    other = planner.changed("PATCH", where, {"value": "+358000000778"})
    assert other.json is not None
    assert (other.json["value"], other.json["state"]) == ("+358000000778", "unknown")
    assert planner.get(contact).json["numbers"] == [other.json]  # type: ignore[index]
    assert planner.changed("DELETE", where).status_code == 204
    assert planner.get(contact).json["numbers"] == []  # type: ignore[index]


def test_a_confirmation_of_another_version_is_refused(own: Own) -> None:
    planner = own("planner")
    contact = f"/contacts/{added(planner)['id']}"
    number = planner.send("POST", f"{contact}/numbers", {"kind": "email", "value": "m@kunta.example"}).json
    assert number is not None
    where = f"/numbers/{number['id']}"
    problem(planner.send("POST", f"{where}/confirmation", {"evidence": "confirmed"}, If_Match='"old"'), 412)
    assert planner.get(where).json == number


def test_a_masked_number_never_takes_the_place_of_the_real_one(own: Own) -> None:
    planner, masking = own("planner"), own("planner", Permission.CONTACT_READ, Permission.CONTACT_EDIT)
    contact = f"/contacts/{added(planner)['id']}"
    for kind, value in (("mobile", "+358000000777"), ("pager", "12345678"), ("app", "matti")):
        made = planner.send("POST", f"{contact}/numbers", {"kind": kind, "value": value}).json
        assert made is not None
        where = f"/numbers/{made['id']}"
        masked = masking.get(where).json
        assert masked is not None
        assert masked["is_masked"]
        assert "**" in masked["value"]
        refused = masking.changed("PATCH", where, {"value": masked["value"], "purpose": "koti"})
        line = problem(refused, 422)["problems"][0]
        assert line["place"] == "The field “value”"
        assert line["rule"] == "It is masked: it stands for a number that this key may not see."
        problem(masking.send("POST", f"{contact}/numbers", {"kind": kind, "value": masked["value"]}), 422)
        assert masking.changed("PATCH", where, {"purpose": "koti"}).status_code == 200
        assert planner.get(where).json == {**made, "purpose": "koti"}


def test_an_absence_is_noted_ended_and_taken_away(own: Own) -> None:
    planner = own("planner")
    contact = f"/contacts/{added(planner)['id']}"
    made = planner.send("POST", f"{contact}/absences", {"starts": "2026-11-20"})
    assert made.status_code == 201
    assert made.json is not None
    where = f"/absences/{made.json['id']}"
    assert planner.get(where).json == made.json
    assert made.json["ends"] is None
    line = problem(planner.send("POST", f"{contact}/absences", {"starts": "2026-12-01"}), 422)["problems"][0]
    assert line["rule"] == "Matti Keksitty is already away from 20.11.2026 on."
    line = problem(planner.changed("PATCH", where, {"ends": "2026-11-19"}), 422)["problems"][0]
    assert line["place"] == "The absence’s last day"
    ended = planner.changed("PATCH", where, {"ends": "2026-11-25"})
    assert ended.json == {**made.json, "ends": "2026-11-25"}
    assert planner.get(contact).json["absences"] == [ended.json]  # type: ignore[index]
    assert planner.changed("DELETE", where).status_code == 204
    problem(planner.get(where), 404)


def test_a_seat_is_filled_corrected_ended_and_the_term_taken_away(own: Own, own_app: Flask) -> None:
    planner = own("planner")
    with read_session(engine_of(own_app)) as session:
        seat = session.scalars(select(Seat).join(SeatTerm).where(SeatTerm.ends.is_(None))).first()
        assert seat is not None
        body, key, before = seat.body.key, seat.key, next(term for term in seat.terms if term.rank == 0)
        old = before.id
    person = added(planner)["id"]
    new = {
        "body": body, "post": key, "person": person, "starts": "2026-12-01",
        "decided_by": "Kunnanhallitus", "decided_on": "2026-11-10", "decision_section": "§ 12",
    }  # fmt: skip
    answer = planner.send("POST", "/appointments", new)
    assert answer.status_code == 201
    made = answer.json
    assert made is not None
    where = f"/appointments/{made['id']}"
    assert answer.headers["Location"] == BASE + where
    assert planner.get(where).json == made
    assert (made["rank"], made["ends"], made["decision_section"]) == (0, None, "§ 12")
    # Whoever held it openly leaves the day before, as on the pages.
    assert planner.get(f"/appointments/seat-{old}").json["ends"] == "2026-11-30"  # type: ignore[index]
    corrected = planner.changed("PATCH", where, {"starts": "2026-12-02"})
    assert corrected.json == {**made, "starts": "2026-12-02"}
    line = problem(planner.send("POST", f"{where}/end", {"ends": "2026-12-01"}), 422)["problems"][0]
    assert line["rule"] == "A term does not end before its first day, 2.12.2026."
    ended = planner.send("POST", f"{where}/end", {"ends": "2027-05-31"})
    assert ended.json == {**made, "starts": "2026-12-02", "ends": "2027-05-31"}
    assert planner.changed("DELETE", where).status_code == 204
    problem(planner.get(where), 404)


def test_a_deputy_is_appointed_to_a_role_in_order(own: Own) -> None:
    planner = own("planner")
    role = next(
        one
        for one in planner.get(f"/roles?municipality={KOKKOLA}").json["items"]  # type: ignore[index]
        if one["key"] == "preparedness-contact"
    )
    rank = 1 + len(role["deputies"])
    new = {"post": role["key"], "municipality": KOKKOLA, "person": added(planner)["id"], "rank": rank}
    made = planner.send("POST", "/appointments", {**new, "starts": "2026-11-22"})
    assert made.status_code == 201
    now = planner.get(f"/roles/{role['id']}").json
    assert now is not None
    assert now["deputies"][-1]["name"] == "Matti Keksitty"
    both = planner.send("POST", "/appointments", {**new, "rank": 0, "starts": "2026-12-22"})
    assert problem(both, 422)["problems"][0]["rule"] == "Nobody is their own deputy."
    problem(planner.send("POST", "/appointments", {**new, "post": "no-such", "starts": "2026-11-22"}), 404)


def test_what_waits_to_be_confirmed_is_confirmed_as_it_was_seen(own: Own, own_app: Flask) -> None:
    planner = own("planner")
    everything = planner.get("/review?whose=all&per_page=200").json
    assert everything is not None
    assert everything["items"]
    due = {one["kind"]: one["key"] for one in everything["items"]}
    # What is not due can be confirmed as well.
    for kind in ("contact", "role", "seat", "site"):
        where = f"/review/{due.get(kind, f'{kind}-1')}"
        item = planner.get(where).json
        assert item is not None
        assert kind not in due or item in everything["items"]
        problem(planner.send("POST", f"{where}/confirmation", {"stamp": "0" * 16}), 409)
        assert planner.get(where).json == item
        sure = planner.send("POST", f"{where}/confirmation", {"stamp": item["stamp"]}).json
        assert sure is not None
        assert (sure["state"], sure["age_days"], sure["confirmed_by"]) == ("ok", 0, "Planner Esimerkki")
        assert planner.get(where).json == sure
    left = planner.get("/review?whose=all").json
    assert left is not None
    assert left["total"] == everything["total"] - len(due)
    with read_session(engine_of(own_app)) as session:
        site = session.scalars(select(Site).where(Site.confirmed_on == TODAY)).first()
        assert site is not None
        assert {one.confirmed_on for one in site.key_holders} <= {TODAY}


def test_what_is_sent_twice_with_one_key_is_done_once(own: Own, own_app: Flask) -> None:
    planner = own("planner")
    first = planner.send("POST", "/contacts", MATTI, Idempotency_Key="abc-1")
    again = planner.send("POST", "/contacts", MATTI, Idempotency_Key="abc-1")
    assert first.status_code == again.status_code == 201
    assert again.data == first.data
    assert again.headers["Location"] == first.headers["Location"]
    line = problem(planner.send("POST", "/contacts", {**MATTI, "title": "A"}, Idempotency_Key="abc-1"), 422)[
        "problems"
    ][0]
    assert line["rule"] == "This key was used before, for something else."
    # On another address it is something else, too; another program's key is its own.
    problem(planner.send("POST", "/contacts?reason=x", MATTI, Idempotency_Key="abc-1"), 422)
    assert own("aino").send("POST", "/contacts", MATTI, Idempotency_Key="abc-1").status_code == 201
    with read_session(engine_of(own_app)) as session:
        named = select(func.count()).select_from(Person).where(Person.name == "Matti Keksitty")
        assert session.scalar(named) == 2
        # Nobody's name is kept with the key.
        assert not any("Matti" in one for one in session.scalars(select(Submission.answer)))


def test_what_was_refused_may_be_mended_and_sent_with_the_same_key(own: Own) -> None:
    planner = own("planner")
    problem(planner.send("POST", "/contacts", {"name": " "}, Idempotency_Key="k"), 422)
    assert planner.send("POST", "/contacts", MATTI, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize("sent", ["", "a b", "ä", "x" * 101])
def test_a_one_time_key_has_a_form(own: Own, sent: str) -> None:
    answer = own("planner").send("POST", "/contacts", MATTI, Idempotency_Key=sent)
    assert places(answer) == ["Idempotency-Key"]


def test_of_many_that_arrive_together_one_is_done(own: Own, own_app: Flask) -> None:
    planner, answers = own("planner"), []
    at_once = threading.Barrier(6)

    def send() -> None:
        at_once.wait()
        answers.append(planner.send("POST", "/contacts", MATTI, Idempotency_Key="together"))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {(one.status_code, one.data) for one in answers} == {(201, answers[0].data)}
    with read_session(engine_of(own_app)) as session:
        assert session.scalar(select(func.count()).where(Person.name == "Matti Keksitty")) == 1


def test_of_two_that_change_the_same_version_the_second_is_refused(own: Own) -> None:
    planner = own("planner")
    where = f"/contacts/{added(planner)['id']}"
    mark, answers = planner.get(where).headers["ETag"], []
    at_once = threading.Barrier(4)

    def send(title: str) -> None:
        at_once.wait()
        answers.append(planner.send("PATCH", where, {"title": title}, If_Match=mark))

    threads = [threading.Thread(target=send, args=(title,)) for title in "ABCD"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412]


def test_the_trail_names_the_owner_the_key_and_the_reason(own: Own, own_app: Flask) -> None:
    added(own("planner"))
    own("planner").send("POST", "/contacts?reason=from+the+payroll", MATTI)
    with read_session(engine_of(own_app)) as session:
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.table_name == "person")
            .order_by(AuditEntry.seq.desc())
            .limit(2)
        ).all()
        assert [row.why for row in rows] == ["from the payroll", ""]
        for row in rows:
            assert row.actor.startswith("account: planner (API, key ")


def test_everything_that_is_wrong_is_said_at_once(own: Own) -> None:
    answer = own("planner").send(
        "POST",
        "/contacts?page=1",
        {"title": "x" * 201, "municipality": 272, "language": "de", "speaks": ["sv", 1], "age": 40},
    )
    assert {one["place"]: (one["value"], one["rule"]) for one in problem(answer, 422)["problems"]} == {
        "The parameter “page”": (None, "This operation has no such parameter."),
        "The field “age”": (None, "This operation takes no such field."),
        "The field “name”": (
            None,
            "It is needed. It is text of at most 120 letters, all of which can be seen.",
        ),
        "The field “title”": ("x" * 40 + "…", "It is text of at most 200 letters, all of which can be seen."),
        "The field “municipality”": ("272", "It has a form like this: 272."),
        "The field “language”": ("de", "It is one of: fi, sv, en."),
        "The field “speaks”": ('["sv", 1]', "It is a list of these: fi, sv, en."),
    }
    assert places(own("planner").send("POST", "/contacts", {"name": " ", "title": "A"})) == ["The name"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'"x"', b"null", b"\xff", b'{"name": NaN}', b'{"name": "\\ud800"}', b"[" * 9000],
    ids=["empty", "torn", "list", "text", "null", "bytes", "nan", "half a sign", "deep"],
)
def test_what_is_no_json_object_is_not_understood(own_app: Flask, own: Own, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {own('planner').token}", "Accept-Language": "en"}
    answer = own_app.test_client().post(
        f"{BASE}/contacts", data=raw, content_type="application/json", headers=headers
    )
    assert problem(answer, 400)["problems"][0]["place"] == "The content of the request"


@pytest.mark.parametrize("name", ["A\u0000B", "A\u202eB", "A\nB"])
def test_what_cannot_be_seen_is_not_taken(own: Own, name: str) -> None:
    assert places(own("planner").send("POST", "/contacts", {"name": name})) == ["The field “name”"]


@pytest.mark.parametrize("day", ["2026-13-01", "2026-1-1", "1899-12-31", "9999-12-31", 20261201, True, ""])
def test_a_day_is_a_day(own: Own, day: object) -> None:
    planner = own("planner")
    where = f"/contacts/{added(planner)['id']}/absences"
    assert places(planner.send("POST", where, {"starts": day})) == ["The field “starts”"]


def test_a_field_that_is_given_twice_is_refused(own_app: Flask, own: Own) -> None:
    headers = {"Authorization": f"Bearer {own('planner').token}", "Accept-Language": "en"}
    raw = b'{"name": "A B", "name": "C D"}'
    answer = own_app.test_client().post(
        f"{BASE}/contacts", data=raw, content_type="application/json", headers=headers
    )
    assert problem(answer, 422)["problems"][0]["rule"] == "It is given once at the most."


def test_the_content_is_json_and_small(own_app: Flask, own: Own) -> None:
    client = own_app.test_client()
    headers = {"Authorization": f"Bearer {own('planner').token}", "Accept-Language": "en"}
    for sent in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        problem(client.post(f"{BASE}/contacts", data=b"{}", content_type=sent, headers=headers), 415)
    packed = {**headers, "Content-Encoding": "gzip"}
    problem(client.post(f"{BASE}/contacts", data=b"{}", content_type="application/json", headers=packed), 415)
    large = b'{"name": "' + b"x" * LARGEST_BYTES + b'"}'
    problem(
        client.post(f"{BASE}/contacts", data=large, content_type="application/json", headers=headers), 413
    )
    where = f"{BASE}/contacts/1?reason=x"
    problem(client.delete(where, data=b"{}", headers={**headers, "If-Match": '"x"'}), 413)


def test_who_erases_says_why_and_nobody_in_a_post_is_erased(own: Own, own_app: Flask) -> None:
    planner = own("planner")
    where = f"/contacts/{added(planner)['id']}"
    for asked in (where, f"{where}?reason=", f"{where}?reason=+"):
        assert places(planner.changed("DELETE", asked, of=where)) == ["The parameter “reason”"]
    with read_session(engine_of(own_app)) as session:
        term = session.scalars(select(RoleTerm).where(RoleTerm.ends.is_(None))).first()
        assert term is not None
        held = f"/contacts/{term.person_id}"
    line = problem(planner.changed("DELETE", f"{held}?reason=x", of=held), 422)["problems"][0]
    assert line["rule"].startswith("The person holds posts: ")


def test_nobody_is_moved_out_of_ones_own_municipality(own: Own) -> None:
    aino = own("aino")
    where = f"/contacts/{added(aino)['id']}"
    for code in (PERHO, None):
        problem(aino.changed("PATCH", where, {"municipality": code}), 404)
        problem(aino.send("POST", "/contacts", {"name": "A B", "municipality": code}), 404)
    assert aino.get(where).json["municipality"] == KOKKOLA  # type: ignore[index]
    nowhere = own("planner").send("POST", "/contacts", {"name": "A B", "municipality": "999"})
    assert nowhere.data == aino.send("POST", "/contacts", {"name": "A B", "municipality": PERHO}).data


def test_a_seat_takes_another_permission_than_a_role(own: Own) -> None:
    limited = own("planner", Permission.CONTACT_EDIT, Permission.CONTACT_READ)
    person = added(limited)["id"]
    bodies = own("planner").get("/bodies").json
    assert bodies is not None
    body = next(one for one in bodies["items"] if one["seats"])
    new = {"body": body["key"], "post": body["seats"][0]["key"], "person": person, "starts": "2026-12-01"}
    line = problem(limited.send("POST", "/appointments", new), 403)["problems"][0]
    assert line["rule"] == "For this it needs what it does not have: body.edit."


def test_somebody_who_may_not_be_seen_is_not_appointed(own: Own, own_app: Flask) -> None:
    with read_session(engine_of(own_app)) as session:
        foreign = session.scalars(select(Person.id).where(Person.municipality_code == PERHO)).first()
    new = {"post": "preparedness-contact", "municipality": KOKKOLA, "rank": 3, "starts": "2026-12-01"}
    for number in (foreign, 999_999):
        line = problem(own("aino").send("POST", "/appointments", {**new, "person": number}), 422)
        assert line["problems"][0]["rule"] == "Somebody of the register is appointed."
