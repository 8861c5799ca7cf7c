from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.errors import Refused
from prep.models import Body, County, Person, Seat
from prep.regions.packs import load_pack
from prep.registry.appointments import appoint
from prep.registry.bodies import bodies_standing
from prep.registry.install import install
from prep.terms import State

TODAY = date(2026, 11, 22)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        yield session


@pytest.fixture
def board(session: Session) -> Body:
    return session.scalars(select(Body).where(Body.key == "alueturva-board")).one()


def person(session: Session, name: str) -> Person:
    made = Person(county=session.scalars(select(County)).one(), name=name)
    session.add(made)
    return made


def test_a_new_county_has_every_seat_vacant_and_says_so(session: Session, board: Body) -> None:
    standing = next(one for one in bodies_standing(session, on=TODAY) if one.body is board)
    assert [one.seat.name_fi for one in standing.vacancies] == [
        "Kokkolan edustaja",
        "Perhonjokilaakson edustaja",
        "Lestijokilaakson edustaja",
        "Ympäristöterveydenhuollon edustaja",
    ]
    assert {one.vacant_since for one in standing.vacancies} == {None}


def test_appointing_ends_the_open_term_the_day_before(session: Session, board: Body) -> None:
    kokkola = board.seats[0]
    first = appoint(session, kokkola, person(session, "Aino Esimerkki"), starts=date(2025, 6, 1))
    appoint(session, kokkola, person(session, "Eero Mallikas"), starts=date(2026, 9, 1))
    session.flush()
    assert first.ends == date(2026, 8, 31)
    standing = bodies_standing(session, on=date(2026, 8, 31))[3]
    assert standing.seats[0].holder is first.person
    assert bodies_standing(session, on=date(2026, 9, 1))[3].seats[0].holder is not first.person


def test_a_seat_is_vacant_from_the_day_after_the_last_term(session: Session, board: Body) -> None:
    term = appoint(session, board.seats[2], person(session, "Aino Esimerkki"), starts=date(2025, 6, 1))
    term.ends = date(2026, 10, 11)
    session.flush()
    standing = bodies_standing(session, on=TODAY)[3].seats[2]
    assert (standing.is_vacant, standing.vacant_since, standing.state) == (
        True,
        date(2026, 10, 12),
        State.FAULT,
    )


def test_deputies_stand_in_their_order(session: Session, board: Body) -> None:
    seat = board.seats[0]
    appoint(session, seat, person(session, "Aino Esimerkki"), starts=date(2025, 6, 1))
    appoint(session, seat, person(session, "Eero Mallikas"), starts=date(2025, 6, 1), rank=2)
    appoint(session, seat, person(session, "Outi Keksitty"), starts=date(2025, 6, 1), rank=1)
    session.flush()
    standing = bodies_standing(session, on=TODAY)[3].seats[0]
    assert [one.name for one in standing.deputies] == ["Outi Keksitty", "Eero Mallikas"]
    assert standing.state is State.OK


def test_nobody_is_their_own_deputy(session: Session, board: Body) -> None:
    aino = person(session, "Aino Esimerkki")
    appoint(session, board.seats[0], aino, starts=date(2025, 6, 1))
    with pytest.raises(Refused, match=r"“Aino Esimerkki” Nobody is their own deputy. Choose another person"):
        appoint(session, board.seats[0], aino, starts=date(2025, 7, 1), rank=1)


def test_a_term_before_one_that_is_recorded_is_refused(session: Session, board: Body) -> None:
    appoint(session, board.seats[0], person(session, "Aino Esimerkki"), starts=date(2026, 6, 1))
    with pytest.raises(
        Refused, match=r"Kokkolan edustaja: “1.5.2026” A term that begins on 1.6.2026 is already recorded"
    ):
        appoint(session, board.seats[0], person(session, "Eero Mallikas"), starts=date(2026, 5, 1))


def test_the_seats_of_a_constituency_know_it(session: Session) -> None:
    valley = session.scalars(select(Seat).where(Seat.key == "board-lestijokilaakso")).one().constituency
    assert valley is not None
    assert [one.name_fi for one in valley.municipalities] == ["Kannus", "Lestijärvi", "Toholampi"]
    assert valley.is_inferred
