"""What has to be confirmed, and that only confirming takes it away."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from prep.db import read_session, write_session
from prep.errors import Refused
from prep.models import Body, ContactPoint, KeyHolder, Person, Role, RoleTerm, SeatTerm, Site
from prep.regions.packs import load_pack
from prep.registry.appointments import Decision, appoint, change_term
from prep.registry.install import install
from prep.registry.people import PersonDetails, add_person, add_point, change_person, change_point
from prep.registry.review import confirm, find, item_of, items, items_of, object_to
from prep.terms import ContactKind, Evidence, KeyPower, State

ON, SINCE = date(2026, 11, 22), date(2025, 6, 1)


@pytest.fixture
def county(engine: Engine) -> Engine:
    """Aino with two numbers, a role and a seat; a hall with a key holder. Nobody ever confirmed anything."""
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        aino = add_person(session, PersonDetails(name="Aino", municipality="584"))
        add_point(session, aino, ContactKind.EMAIL, "aino@kunta.example")
        add_point(session, aino, ContactKind.MOBILE, "+358 40 123 4567")
        role = session.scalars(select(Role).where(Role.municipality_code == "584")).first()
        body = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
        assert role is not None
        appoint(session, role, aino, starts=SINCE)
        appoint(session, body.seats[0], aino, starts=SINCE)
        hall = Site(municipality_code="584", name="Halli")
        hall.key_holders.append(KeyHolder(position=1, power=KeyPower.OPEN, name="Vahtimestari"))
        session.add(hall)
    return engine


@pytest.fixture
def session(county: Engine) -> Iterator[Session]:
    with write_session(county, actor="test") as session:
        yield session


def aino(session: Session) -> Person:
    return session.scalars(select(Person).where(Person.name == "Aino")).one()


def due(session: Session) -> set[str]:
    return {item.kind.value for item in items(session, on=ON) if item.is_due and item.municipality == "584"}


def test_what_nobody_ever_confirmed_has_to_be_confirmed(session: Session) -> None:
    assert due(session) == {"contact", "role", "seat", "site"}


def test_confirming_takes_it_away_until_it_is_too_old(session: Session) -> None:
    rows = [item.row for item in items(session, on=ON)]
    confirm(session, rows, on=ON, by="Eero")
    assert due(session) == set()
    point = session.scalars(select(ContactPoint)).first()
    site = session.scalars(select(Site)).one()
    assert point is not None
    assert (point.confirmed_on, point.confirmed_by, point.evidence) == (ON, "Eero", Evidence.CONFIRMED)
    # Premises are confirmed with those who open them.
    assert site.key_holders[0].confirmed_on == ON
    later = ON + timedelta(days=181)
    assert {item.kind.value for item in items(session, on=later) if item.is_due} == {"contact"}


def test_a_decision_on_record_is_a_confirmation_of_its_day(session: Session) -> None:
    term = session.scalars(select(RoleTerm)).one()
    decision = Decision(by="Kunnanhallitus", on=ON - timedelta(days=365))
    change_term(session, term, starts=SINCE, ends=None, rank=0, decision=decision)
    assert "role" not in due(session)


def test_the_worst_stand_first(session: Session) -> None:
    first, second = session.scalars(select(ContactPoint).order_by(ContactPoint.id)).all()
    confirm(session, [first], on=ON - timedelta(days=200), by="Eero")
    confirm(session, [second], on=ON - timedelta(days=400), by="Eero")
    found = [item for item in items(session, on=ON) if item.municipality == "584" and item.is_due]
    assert (found[0].row, found[0].state, found[0].age_days) == (second, State.FAULT, 400)
    assert [item.state for item in found[1:4]] == [State.UNKNOWN] * 3
    assert (found[4].row, found[4].state, found[4].age_days) == (first, State.WARNING, 200)


def test_what_is_said_to_be_wrong_waits_until_somebody_confirms_or_changes_it(session: Session) -> None:
    mail, number = aino(session).contact_points
    for row in (mail, number, session.scalars(select(SeatTerm)).one()):
        confirm(session, [row], on=ON, by="Eero")
        object_to(session, row, "  Tämä ei ole   minun. ")
        assert (row.objection, row.confirmed_on) == ("Tämä ei ole minun.", None)
        assert item_of(row, on=ON).state is State.FAULT
    confirm(session, [mail], on=ON, by="Eero")
    assert (mail.objection, item_of(mail, on=ON).state) == ("", State.OK)
    change_point(session, number, ContactKind.MOBILE, "+358 40 123 4568")
    assert (number.objection, item_of(number, on=ON).state) == ("", State.UNKNOWN)


@pytest.mark.parametrize("words", ["", "   ", "x" * 301, "a\x00b"])
def test_an_objection_says_what_is_wrong(session: Session, words: str) -> None:
    with pytest.raises(
        Refused, match=r"What is wrong: .*It is told in 1 to 300 letters. Write in a few words"
    ):
        object_to(session, aino(session).contact_points[0], words)
    assert aino(session).contact_points[0].objection == ""


def test_those_who_have_left_and_terms_that_have_ended_are_not_asked(session: Session) -> None:
    aino(session).left_on = ON
    for term in (session.scalars(select(RoleTerm)).one(), session.scalars(select(SeatTerm)).one()):
        term.ends = ON - timedelta(days=1)
    session.flush()
    assert due(session) == {"site"}


def test_what_is_known_of_somebody_is_theirs_alone(session: Session) -> None:
    found = [item.kind.value for item in items_of(session, aino(session), on=ON)]
    assert found == ["contact", "contact", "role", "seat"]


def test_a_value_has_another_stamp_when_it_is_another_and_the_same_when_it_was_confirmed(
    session: Session,
) -> None:
    number = aino(session).contact_points[1]
    site = session.scalars(select(Site)).one()
    stamps = [item_of(row, on=ON).stamp for row in (number, site)]
    confirm(session, [number, site], on=ON, by="Eero")
    change_person(session, aino(session), PersonDetails(name="Aino Toinen", municipality="584"))
    assert [item_of(row, on=ON).stamp for row in (number, site)] == stamps
    change_point(session, number, ContactKind.MOBILE, "+358 40 123 4568")
    site.key_holders[0].phone = "+358000000111"
    session.flush()
    assert not {item_of(row, on=ON).stamp for row in (number, site)} & set(stamps)


def test_a_value_is_found_by_its_key(session: Session) -> None:
    for item in items(session, on=ON):
        assert find(session, item.key) is item.row
    for key in (
        "",
        "contact",
        "contact-",
        "contact-x",
        "contact-0",
        "person-1",
        "contact-²",
        "site-99999999999",
    ):
        assert find(session, key) is None


def test_the_list_takes_as_many_queries_however_much_there_is(county: Engine) -> None:
    queries: list[str] = []
    event.listen(county, "before_cursor_execute", lambda *call: queries.append(call[2]))

    def count() -> int:
        queries.clear()
        with read_session(county) as session:
            items(session, on=ON)
        return len(queries)

    before = count()
    with write_session(county, actor="test") as session:
        body = session.scalars(select(Body).where(Body.key == "management-group-272")).one()
        for n in range(20):
            more = add_person(session, PersonDetails(name=f"Person {n}", municipality="272"))
            add_point(session, more, ContactKind.EMAIL, f"n{n}@kunta.example")
            session.add(Site(municipality_code="272", name=f"Sali {n}"))
            if n < 10:
                appoint(session, body.seats[0], more, starts=SINCE, rank=n)
    assert count() <= before + 1 <= 14
