"""Terms: who is in a post from when to when; what cannot be is refused with its place, value, rule and remedy."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.db import make_engine, write_session
from prep.errors import Refused
from prep.models import Base, County, Municipality, Person, Role
from prep.registry.appointments import (
    Decision,
    appoint,
    change_term,
    end_term,
    next_rank,
    office,
    remove_term,
    terms_of,
)
from prep.registry.people import add_absence

FIRST = date(2026, 1, 1)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        county.municipalities = [Municipality(code="272", name_fi="Kokkola", name_sv="Karleby")]
        session.add(county)
        session.flush()
        names = {"name_fi": "Yhteyshenkilö", "name_sv": "Kontakt", "name_en": "Contact"}
        session.add(Role(county_id=county.id, key="contact", municipality_code="272", **names))
        session.add_all(Person(county=county, name=name) for name in ("Aino", "Eero", "Outi"))
        session.flush()
        yield session


def role(session: Session) -> Role:
    return session.scalars(select(Role)).one()


def person(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()


def test_an_appointment_keeps_its_decision(session: Session) -> None:
    term = appoint(
        session,
        role(session),
        person(session, "Aino"),
        starts=FIRST,
        ends=date(2026, 12, 31),
        decision=Decision("Kunnanhallitus", date(2025, 12, 15), "123"),
    )
    kept = (term.decided_by, term.decided_on, term.decision_section, term.ends)
    assert kept == ("Kunnanhallitus", date(2025, 12, 15), "123", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("starts", "ends", "rank", "who", "words"),
    [
        (
            date(2026, 3, 1),
            date(2026, 2, 1),
            0,
            "Eero",
            r"“1.2.2026” A term does not end before its first day, 1.3.2026",
        ),
        (date(2025, 6, 1), None, 0, "Eero", r"“1.6.2025” A term that begins on 1.1.2026 is already recorded"),
        (FIRST, None, 0, "Eero", r"“1.1.2026” A term that begins on 1.1.2026 is already recorded"),
        (date(2026, 3, 1), None, 1, "Aino", r"“Aino” Nobody is their own deputy"),
        (date(2026, 3, 1), None, 10, "Eero", r"“10” A post has one holder and at most 9 deputies"),
        (date(2026, 3, 1), None, -1, "Eero", r"“-1” A post has one holder"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, starts: date, ends: date | None, rank: int, who: str, words: str
) -> None:
    appoint(session, role(session), person(session, "Aino"), starts=FIRST)
    with pytest.raises(Refused, match=r"Kokkola: Yhteyshenkilö: " + words):
        appoint(session, role(session), person(session, who), starts=starts, ends=ends, rank=rank)


def test_whoever_has_left_is_appointed_no_more(session: Session) -> None:
    aino = person(session, "Aino")
    aino.left_on = date(2026, 6, 1)
    appoint(session, role(session), aino, starts=FIRST, ends=date(2026, 5, 31))
    with pytest.raises(
        Refused, match=r"“Aino” The person has left; the first day without any post is 1.6.2026"
    ):
        appoint(session, role(session), aino, starts=date(2026, 6, 1))


def test_the_first_who_is_there_acts(session: Session) -> None:
    post, day = role(session), date(2026, 11, 22)
    for rank, name in enumerate(("Aino", "Eero", "Outi")):
        appoint(session, post, person(session, name), starts=FIRST, rank=rank)
    assert office(post.terms, on=day).acting is person(session, "Aino")
    add_absence(session, person(session, "Aino"), starts=day, ends=day)
    add_absence(session, person(session, "Eero"), starts=FIRST, ends=None)
    held = office(post.terms, on=day)
    assert (held.holder, held.acting) == (person(session, "Aino"), person(session, "Outi"))
    assert held.away == (person(session, "Aino"), person(session, "Eero"))
    assert office(post.terms, on=day + timedelta(days=1)).acting is person(session, "Aino")


def test_the_next_place_is_the_first_that_is_free(session: Session) -> None:
    post = role(session)
    assert next_rank(post.terms, on=FIRST) == 0
    appoint(session, post, person(session, "Aino"), starts=FIRST)
    appoint(session, post, person(session, "Eero"), starts=FIRST, rank=2)
    assert next_rank(post.terms, on=FIRST) == 1


def test_a_term_is_corrected_ended_and_taken_away(session: Session) -> None:
    post = role(session)
    first = appoint(session, post, person(session, "Aino"), starts=FIRST)
    second = appoint(session, post, person(session, "Eero"), starts=date(2026, 6, 1))
    assert first.ends == date(2026, 5, 31)
    with pytest.raises(Refused, match="already recorded"):
        change_term(session, first, starts=FIRST, ends=date(2026, 6, 1), rank=0, decision=Decision())
    change_term(session, first, starts=FIRST, ends=date(2026, 4, 30), rank=0, decision=Decision("Valtuusto"))
    assert (first.ends, first.decided_by) == (date(2026, 4, 30), "Valtuusto")
    with pytest.raises(Refused, match="does not end before its first day"):
        end_term(session, second, last_day=date(2026, 5, 1))
    end_term(session, second, last_day=date(2026, 8, 31))
    assert office(post.terms, on=date(2026, 9, 1)).holder is None
    remove_term(session, second)
    assert [term.person.name for term in post.terms] == ["Aino"]
    assert terms_of(session, person(session, "Eero")) == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_at_one_rank_there_is_one_person_on_every_day(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('terms') / 'x.db'}")
    Base.metadata.create_all(engine)
    days = st.integers(0, 40).map(lambda number: FIRST + timedelta(days=number))
    with write_session(engine, actor="test") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        post = Role(county_id=1, key="r", name_fi="R", name_sv="R", name_en="R")
        session.add_all([county, *(Person(county=county, name=str(number)) for number in range(4))])
        session.flush()
        session.add(post)
        session.flush()
        everybody = session.scalars(select(Person)).all()
        for _ in range(data.draw(st.integers(1, 12))):
            starts, ends = data.draw(days), data.draw(st.none() | days)
            try:
                with session.begin_nested():
                    appoint(
                        session,
                        post,
                        data.draw(st.sampled_from(everybody)),
                        starts=starts,
                        ends=ends,
                        rank=data.draw(st.integers(0, 2)),
                    )
            except Refused:
                session.expire(post)
        for number in range(-1, 45):
            day = FIRST + timedelta(days=number)
            current = [term for term in post.terms if term.covers(day)]
            assert len({term.rank for term in current}) == len(current)
            assert len({term.person_id for term in current}) == len(current)
    engine.dispose()
