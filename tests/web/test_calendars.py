"""The calendar of one's meetings: its address is made, shown once, read by a program, revoked."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.models import Account, Body, CalendarFeed, ContactPoint, Person
from prep.terms import AccountRole, ContactKind, SignInMethod
from prep.web.database import engine_of
from prep.web.misses import MOST
from tests.web.people import sign_in
from tests.web.test_every_route import contents
from tests.web.test_people import hidden, own, planner, send

__all__ = ["own", "planner"]

PAGE = "/oma/kalenteri"


@pytest.fixture
def member(own: Flask, planner: FlaskClient) -> Person:
    """Somebody who sits in Perho's group and has the planner's sign-in name as an address."""
    with write_session(engine_of(own), actor="test") as session:
        session.expire_on_commit = False
        account = session.scalars(select(Account).where(Account.login == "county_planner-county")).one()
        account.login = "sini@kunta.example"
        group = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
        person = next(term.person for seat in group.seats for term in seat.terms)
        person.contact_points.append(
            ContactPoint(position=9, kind=ContactKind.EMAIL, value="sini@kunta.example")
        )
        session.flush()
        return person


def make(client: FlaskClient) -> str:
    answer = send(client, PAGE, PAGE)
    found = re.search(r"https?://[^/]+(/kalenteri/[\w-]{43}\.ics)", answer.text)
    assert found is not None
    return found[1]


def test_an_address_is_made_read_and_revoked(own: Flask, planner: FlaskClient, member: Person) -> None:
    assert member.name in html.unescape(planner.get(PAGE).text)
    path = make(planner)
    assert path not in planner.get(PAGE).text
    stranger = own.test_client()
    answer = stranger.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["summary"]).endswith("Talven varautuminen")
    assert "no-store" in answer.headers["Cache-Control"]
    with Session(engine_of(own)) as session:
        number = session.scalars(select(CalendarFeed.id)).one()
    answer = send(planner, PAGE, f"{PAGE}/{number}/mitatoi")
    assert answer.status_code == 303
    assert stranger.get(path).status_code == 404


def test_reading_again_changes_nothing(own: Flask, planner: FlaskClient, member: Person) -> None:
    path = make(planner)
    stranger = own.test_client()
    stranger.get(path)
    before = contents(own)
    assert stranger.get(path).status_code == 200
    assert contents(own) == before
    assert "22.11.2026" in planner.get(f"{PAGE}?lang=fi").text


def test_whoever_is_not_known_in_the_register_gets_no_address(own: Flask, planner: FlaskClient) -> None:
    assert "Rekisteristä ei tunnisteta sinua." in planner.get(f"{PAGE}?lang=fi").text
    fields = hidden(planner.get("/oma").text, "/oma/kieli")
    assert planner.post(PAGE, data=fields).status_code == 404
    with Session(engine_of(own)) as session:
        assert session.scalars(select(CalendarFeed)).all() == []


def test_another_s_address_is_not_there_to_be_revoked(
    own: Flask, planner: FlaskClient, member: Person
) -> None:
    make(planner)
    with Session(engine_of(own)) as session:
        number = session.scalars(select(CalendarFeed.id)).one()
    other = sign_in(own, AccountRole.DUTY_OFFICER)
    fields = hidden(other.get("/oma").text, "/oma/kieli")
    assert other.post(f"{PAGE}/{number}/mitatoi", data=fields).status_code == 404
    with Session(engine_of(own)) as session:
        assert session.scalars(select(CalendarFeed.revoked_at)).one() is None


def test_with_a_password_alone_there_is_no_calendar(own: Flask) -> None:
    half = sign_in(own, AccountRole.VIEWER, method=SignInMethod.PASSWORD)
    assert half.get(PAGE).status_code == 303
    assert PAGE not in half.get("/oma").text


def test_whoever_tries_many_addresses_waits(own: Flask) -> None:
    stranger = own.test_client()
    assert {stranger.get(f"/kalenteri/{number}.ics").status_code for number in range(MOST)} == {404}
    assert stranger.get("/kalenteri/x.ics").status_code == 429
