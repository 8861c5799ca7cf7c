"""How often a body is agreed to meet, on its page: added, changed by two at once, undone, taken away."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import AuditEntry, Body, MeetingRule
from prep.regions.kinds import Period
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, own, planner, send

__all__ = ["own", "planner"]

BODY = "/toimielimet/alueturva-board"
NEW = f"{BODY}/kokoustiheys/uusi"
TWICE = {"min": "2", "max": "4", "period": "year", "is_per_area": ""}


def rules(app: Flask) -> list[MeetingRule]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        wanted = select(MeetingRule).join(Body).where(Body.key == "alueturva-board")
        return list(session.scalars(wanted.order_by(MeetingRule.position)))


def added(app: Flask, client: FlaskClient) -> MeetingRule:
    before = {one.id for one in rules(app)}
    assert send(client, NEW, NEW, **TWICE).status_code == 303
    return next(one for one in rules(app) if one.id not in before)


def test_a_frequency_is_added_changed_and_taken_away(own: Flask, planner: FlaskClient) -> None:
    made = added(own, planner)
    assert (made.min, made.max, made.period, made.is_per_area) == (2, 4, Period.YEAR, False)
    page = html.unescape(planner.get(f"{BODY}?lang=en").text)
    assert "2–4 times a year" in page
    path = f"{BODY}/kokoustiheys/{made.id}/muokkaa"
    assert path in page
    answer = send(planner, path, path, **{**TWICE, "min": "1", "max": "", "period": "council_term"})
    assert answer.status_code == 303
    (now,) = [one for one in rules(own) if one.id == made.id]
    assert (now.min, now.max, now.period) == (1, None, Period.COUNCIL_TERM)
    with Session(engine_of(own)) as session:
        actions = session.scalars(
            select(AuditEntry.action).where(
                AuditEntry.table_name == "meeting_rule", AuditEntry.row_key == str(made.id)
            )
        ).all()
        assert actions == ["insert", "update"]
    gone = f"{BODY}/kokoustiheys/{made.id}/poista"
    answer = send(planner, path, gone)
    assert answer.status_code == 303
    assert made.id not in {one.id for one in rules(own)}
    # The page that comes after offers to take it back.
    after = planner.get(answer.headers["Location"]).text
    assert planner.post("/kumoa", data=hidden(after, "/kumoa")).status_code == 303
    assert made.id in {one.id for one in rules(own)}


def test_of_two_that_change_it_at_once_the_second_sees_both(own: Flask, planner: FlaskClient) -> None:
    made = added(own, planner)
    path = f"{BODY}/kokoustiheys/{made.id}/muokkaa"
    opened = hidden(planner.get(path).text, path)
    assert send(planner, path, path, **{**TWICE, "min": "3"}).status_code == 303
    late = planner.post(f"{path}?lang=en", data={**opened, **TWICE, "min": "1"})
    assert late.status_code == 409
    assert "Stored meanwhile: 3" in html.unescape(late.text)
    (now,) = [one for one in rules(own) if one.id == made.id]
    assert now.min == 3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"min": "0"}, "It is a whole number from 1 to 366."),
        ({"min": "kaksi"}, "It is a whole number from 1 to 366."),
        ({"min": "367"}, "It is a whole number from 1 to 366."),
        ({"min": "", "max": "x"}, "It is a whole number from 1 to 366."),
        ({"min": "5", "max": "4"}, "It is not less than the least, 5."),
        ({"period": "moon"}, "There is no such choice."),
    ],
)
def test_what_cannot_be_agreed_is_refused(
    own: Flask, planner: FlaskClient, wrong: dict[str, str], words: str
) -> None:
    before = len(rules(own))
    refused = planner.post(f"{NEW}?lang=en", data={**hidden(planner.get(NEW).text, NEW), **TWICE, **wrong})
    assert refused.status_code == 422
    assert words in html.unescape(refused.text)
    assert len(rules(own)) == before


def test_the_same_is_not_agreed_twice(own: Flask, planner: FlaskClient) -> None:
    added(own, planner)
    refused = planner.post(f"{NEW}?lang=en", data={**hidden(planner.get(NEW).text, NEW), **TWICE})
    assert refused.status_code == 422
    assert "The body has the same frequency already." in html.unescape(refused.text)


def test_nobody_else_finds_it(own: Flask, planner: FlaskClient) -> None:
    made = added(own, planner)
    token = hidden(planner.get(NEW).text, NEW)
    for role, place in ((AccountRole.MUNICIPAL_CONTACT, "272"), (AccountRole.VIEWER, None)):
        client = sign_in(own, role, place)
        path = f"{BODY}/kokoustiheys/{made.id}"
        assert client.get(f"{path}/muokkaa").status_code == 404
        assert client.get(NEW).status_code == 404
        assert client.post(f"{path}/poista", data=token).status_code in {403, 404}
    other = f"/toimielimet/alueturva-secretariat/kokoustiheys/{made.id}/muokkaa"
    assert planner.get(other).status_code == 404
    assert made.id in {one.id for one in rules(own)}
