"""A link by which somebody confirms what is known of them: for a fortnight, for one answer, for what they saw."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep import clock
from prep.db import write_session
from prep.errors import Conflict, NotFound, Refused
from prep.models import AuditEntry, Body, ContactPoint, Person, ReviewLink
from prep.regions.packs import load_pack
from prep.registry import review_links
from prep.registry.appointments import appoint
from prep.registry.install import install
from prep.registry.people import PersonDetails, add_person, add_point, change_point
from prep.registry.review import items_of
from prep.terms import ContactKind, State
from tests.auth.actors import later

TODAY, SINCE = date(2026, 11, 22), date(2025, 6, 1)
NOT_GOOD = "is not or no longer good"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        aino = add_person(session, PersonDetails(name="Aino", municipality="584"))
        add_point(session, aino, ContactKind.EMAIL, "aino@kunta.example")
        add_point(session, aino, ContactKind.MOBILE, "+358 40 123 4567")
        body = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
        appoint(session, body.seats[0], aino, starts=SINCE)
        yield session


@pytest.fixture
def aino(session: Session) -> Person:
    return session.scalars(select(Person).where(Person.name == "Aino")).one()


def seen(session: Session, person: Person) -> dict[str, str]:
    return {item.key: item.stamp for item in items_of(session, person, on=TODAY)}


def states(session: Session, person: Person) -> list[State]:
    return [item.state for item in items_of(session, person, on=TODAY)]


def test_an_answer_confirms_everything_in_the_person_s_name_and_closes_the_link(
    session: Session, aino: Person
) -> None:
    token = review_links.make(session, aino).token
    given = review_links.answer(session, token, seen=seen(session, aino), wrong={})
    assert states(session, aino) == [State.OK] * 3
    assert {item.row.confirmed_by for item in given.confirmed} == {"Aino"}
    assert given.objected == ()
    for again in (review_links.look_up, lambda s, t: review_links.answer(s, t, seen={}, wrong={})):
        with pytest.raises(NotFound, match=NOT_GOOD):
            again(session, token)


def test_what_is_said_to_be_wrong_is_not_confirmed(session: Session, aino: Person) -> None:
    token = review_links.make(session, aino).token
    number = f"contact-{aino.contact_points[1].id}"
    given = review_links.answer(session, token, seen=seen(session, aino), wrong={number: "Vanha numero"})
    assert states(session, aino) == [State.OK, State.FAULT, State.OK]
    assert aino.contact_points[1].objection == "Vanha numero"
    assert [item.key for item in given.objected] == [number]


def test_looking_changes_nothing_however_often(session: Session, aino: Person) -> None:
    token = review_links.make(session, aino).token
    session.flush()
    before = session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1))
    for _ in range(5):
        assert review_links.look_up(session, token).person is aino
    session.flush()
    assert session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)) == before


def test_a_link_is_good_for_a_fortnight(
    session: Session, aino: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = review_links.make(session, aino).token
    monkeypatch.setenv("PREP_NOW", (clock.now() + timedelta(days=14) - timedelta(seconds=1)).isoformat())
    assert review_links.look_up(session, token)
    later(monkeypatch, seconds=1)
    with pytest.raises(NotFound, match=NOT_GOOD):
        review_links.look_up(session, token)


def test_a_new_link_makes_the_older_void_and_not_those_of_others(session: Session, aino: Person) -> None:
    eero = add_person(session, PersonDetails(name="Eero", municipality="584"))
    of_eero = review_links.make(session, eero).token
    first, second = (review_links.make(session, aino).token for _ in range(2))
    with pytest.raises(NotFound, match=NOT_GOOD):
        review_links.look_up(session, first)
    assert review_links.look_up(session, second).person is aino
    assert review_links.look_up(session, of_eero).person is eero


@pytest.mark.parametrize("token", ["", "x", "k" * 43, "\ud800", "%00"])
def test_a_link_that_never_was_is_refused_in_the_same_words(session: Session, token: str) -> None:
    with pytest.raises(NotFound, match=NOT_GOOD):
        review_links.look_up(session, token)


def test_somebody_who_was_taken_out_of_the_register_has_no_link(session: Session, aino: Person) -> None:
    token = review_links.make(session, aino).token
    aino.erased_at = clock.now()
    session.flush()
    with pytest.raises(NotFound, match=NOT_GOOD):
        review_links.look_up(session, token)


def test_what_has_changed_since_it_was_seen_is_not_confirmed(session: Session, aino: Person) -> None:
    token = review_links.make(session, aino).token
    before = seen(session, aino)
    change_point(session, aino.contact_points[1], ContactKind.MOBILE, "+358 40 123 4568")
    with pytest.raises(Conflict, match="changed since you opened the page"):
        review_links.answer(session, token, seen=before, wrong={})
    assert set(states(session, aino)) == {State.UNKNOWN}
    assert review_links.look_up(session, token).answered_at is None


def test_nobody_answers_for_another_s_values(session: Session, aino: Person) -> None:
    eero = add_person(session, PersonDetails(name="Eero", municipality="584"))
    add_point(session, eero, ContactKind.EMAIL, "eero@kunta.example")
    token = review_links.make(session, aino).token
    with pytest.raises(Conflict):
        review_links.answer(session, token, seen=seen(session, eero), wrong={})
    assert states(session, eero) == [State.UNKNOWN]


def test_an_empty_answer_and_an_objection_to_what_was_not_seen_close_nothing(
    session: Session, aino: Person
) -> None:
    token = review_links.make(session, aino).token
    own = seen(session, aino)
    for given, wrong in (({}, {}), (own, {"contact-999999": "x"})):
        with pytest.raises(Refused, match="says nothing of what stood on the page"):
            review_links.answer(session, token, seen=given, wrong=wrong)
    with pytest.raises(Refused, match="It is told in 1 to 300 letters"):
        review_links.answer(session, token, seen=own, wrong={next(iter(own)): " "})
    assert review_links.look_up(session, token)


def test_the_key_is_in_the_database_as_its_digest_only(session: Session, aino: Person) -> None:
    token = review_links.make(session, aino).token
    assert token not in session.scalars(select(ReviewLink.token_hash)).one()
    values = session.scalars(select(AuditEntry.values).where(AuditEntry.table_name == "review_link")).all()
    assert values
    assert not any(token in (one or "") for one in values)


def test_confirming_one_s_numbers_says_who_did(session: Session, aino: Person) -> None:
    token = review_links.make(session, aino).token
    review_links.answer(session, token, seen=seen(session, aino), wrong={})
    points = session.scalars(select(ContactPoint)).all()
    assert {(one.confirmed_on, one.confirmed_by) for one in points} == {(TODAY, "Aino")}
