"""Each check finds the flaw that is planted for it; the bodies of all three agreements are entered and judged."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.models import Body, County, Municipality, Person, Role, Seat
from prep.regions.packs import load_pack
from prep.registry.appointments import appoint, end_term
from prep.registry.bodies import bodies_standing
from prep.registry.body_check import BodyCheck, BodyRule
from prep.registry.body_checks import body_checks, ended_agreements
from prep.registry.contacts import roles_standing
from prep.registry.install import install
from prep.registry.people import add_absence
from prep.terms import Language, State

TODAY = date(2026, 11, 22)
SINCE = date(2025, 6, 1)
KOKKOLA, KANNUS, PERHO, HALSUA = "272", "217", "584", "074"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        yield session


def person(session: Session, name: str, code: str | None = KOKKOLA) -> Person:
    made = Person(county=session.scalars(select(County)).one(), name=name, municipality_code=code)
    session.add(made)
    session.flush()
    return made


def board(session: Session) -> Body:
    return session.scalars(select(Body).where(Body.key == "alueturva-board")).one()


def seat(session: Session, key: str) -> Seat:
    return session.scalars(select(Seat).where(Seat.key == f"board-{key}")).one()


@pytest.fixture
def sound(session: Session) -> dict[str, Person]:
    """A board in which nothing is wrong: every seat held from where it is filled, each with a deputy."""
    places = {"kokkola": KOKKOLA, "perhonjokilaakso": PERHO, "lestijokilaakso": KANNUS}
    places["environmental-health"] = KOKKOLA
    made = {}
    for key, code in places.items():
        for rank, who in enumerate(("holder", "deputy")):
            made[f"{key} {who}"] = person(session, f"{key} {who}", code)
            appoint(session, seat(session, key), made[f"{key} {who}"], starts=SINCE, rank=rank)
    role = session.scalars(select(Role).where(Role.key == "environmental-health-representative")).one()
    appoint(session, role, made["environmental-health holder"], starts=SINCE)
    seat(session, "kokkola").is_chair = True
    return made


def found(session: Session, key: str = "alueturva-board", *, on: date = TODAY) -> list[BodyCheck]:
    session.flush()
    standing = next(one for one in bodies_standing(session, on=on) if one.body.key == key)
    return body_checks(standing, roles_standing(session, on=on), on=on, language=Language.EN)


def only(checks: list[BodyCheck]) -> BodyCheck:
    assert len(checks) == 1, [str(one.sentence) for one in checks]
    return checks[0]


def test_a_board_in_order_has_nothing_to_be_said_of_it(session: Session, sound: dict[str, Person]) -> None:
    assert found(session) == []


def test_a_new_county_has_a_board_to_be_set_up_with_all_its_seats_vacant(session: Session) -> None:
    rules = [one.rule for one in found(session)]
    assert rules.count(BodyRule.VACANT) == 4
    assert rules.count(BodyRule.NOT_ESTABLISHED) == 1
    first = next(one for one in found(session) if one.rule is BodyRule.VACANT)
    assert str(first.sentence).endswith("the seat “Representative of Kokkola” is vacant")
    assert str(first.remedy) == "Have it filled by Kokkola (Kokkola)."
    assert "Alueturva" in first.clause


def test_a_seat_whose_term_has_ended(session: Session, sound: dict[str, Person]) -> None:
    end_term(session, seat(session, "lestijokilaakso").terms[0], last_day=date(2026, 10, 11))
    check = only(found(session))
    assert (check.rule, check.state) == (BodyRule.EXPIRED, State.FAULT)
    assert str(check.remedy) == (
        "Vacant for 41 days. Have it filled by Lestijokilaakso (Kannus, Lestijärvi, Toholampi)."
    )


def test_a_seat_that_may_stay_empty_may(session: Session, sound: dict[str, Person]) -> None:
    empty = seat(session, "lestijokilaakso")
    for term in list(empty.terms):
        end_term(session, term, last_day=date(2026, 10, 11))
    empty.is_optional, empty.is_required = True, False
    assert found(session) == []


def test_a_quorum_that_cannot_be_met(session: Session, sound: dict[str, Person]) -> None:
    board(session).quorum = 4
    for term in list(seat(session, "lestijokilaakso").terms):
        end_term(session, term, last_day=date(2026, 10, 11))
    rules = {one.rule: one for one in found(session)}
    assert str(rules[BodyRule.NO_QUORUM].sentence).endswith("cannot decide: it needs 4 seats, 3 have anybody")
    assert str(rules[BodyRule.NO_QUORUM].remedy) == "Fill at least 1 seats more."


def test_a_required_seat_that_nobody_is_in(session: Session, sound: dict[str, Person]) -> None:
    board(session).quorum = 3
    for term in list(seat(session, "lestijokilaakso").terms):
        end_term(session, term, last_day=date(2026, 10, 11))
    rules = {one.rule: one for one in found(session)}
    assert "which has nobody" in str(rules[BodyRule.NO_QUORUM].sentence)


def test_everybody_of_a_seat_is_away(session: Session, sound: dict[str, Person]) -> None:
    for who in ("holder", "deputy"):
        add_absence(session, sound[f"kokkola {who}"], starts=TODAY, ends=TODAY)
    check = only(found(session))
    assert (check.rule, check.state) == (BodyRule.ALL_AWAY, State.WARNING)
    assert found(session, on=TODAY + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("code", "state", "words"),
    [
        (HALSUA, State.FAULT, "is from elsewhere"),
        (None, State.UNKNOWN, "is not known"),
    ],
)
def test_a_seat_held_from_outside_its_constituency(
    session: Session, sound: dict[str, Person], code: str | None, state: State, words: str
) -> None:
    sound["lestijokilaakso holder"].municipality_code = code
    check = only(found(session))
    assert (check.rule, check.state) == (BodyRule.OUTSIDE, state)
    assert words in str(check.sentence)


def test_a_deputy_from_outside_counts_too(session: Session, sound: dict[str, Person]) -> None:
    sound["kokkola deputy"].municipality_code = PERHO
    assert only(found(session)).rule is BodyRule.OUTSIDE


def test_two_seats_by_one_person(session: Session, sound: dict[str, Person]) -> None:
    appoint(session, seat(session, "environmental-health"), sound["kokkola holder"], starts=date(2026, 1, 1))
    checks = {one.rule: one for one in found(session)}
    assert str(checks[BodyRule.TWO_SEATS].sentence).endswith("kokkola holder holds 2 seats")
    # The role still names another, who now sits nowhere.
    assert set(checks) == {BodyRule.TWO_SEATS, BodyRule.NOT_SEATED}


def test_a_joint_representative_who_is_not_on_the_board(session: Session, sound: dict[str, Person]) -> None:
    role = session.scalars(select(Role).where(Role.key == "environmental-health-representative")).one()
    appoint(session, role, person(session, "Outi Uusi"), starts=date(2026, 9, 1))
    check = only(found(session))
    assert check.rule is BodyRule.NOT_SEATED
    assert "Outi Uusi is named as “Environmental health representative” but does not sit" in str(
        check.sentence
    )


def test_no_deputy(session: Session, sound: dict[str, Person]) -> None:
    end_term(session, seat(session, "kokkola").terms[1], last_day=date(2026, 10, 11))
    check = only(found(session))
    assert (check.rule, check.state) == (BodyRule.NO_DEPUTY, State.WARNING)


def test_no_chair(session: Session, sound: dict[str, Person]) -> None:
    seat(session, "kokkola").is_chair = False
    check = only(found(session))
    assert (check.rule, check.state) == (BodyRule.NO_CHAIR, State.UNKNOWN)
    seat(session, "kokkola").is_chair = True
    end_term(session, seat(session, "kokkola").terms[0], last_day=date(2026, 10, 11))
    assert BodyRule.NO_CHAIR in {one.rule for one in found(session)}
    # Somebody who leads while the chair is away is enough.
    seat(session, "perhonjokilaakso").is_vice_chair = True
    assert BodyRule.NO_CHAIR not in {one.rule for one in found(session)}


def test_a_term_more_than_is_allowed_without_a_break(session: Session, sound: dict[str, Person]) -> None:
    board(session).longest_terms = 2
    kokkola, holder = seat(session, "kokkola"), sound["kokkola holder"]
    end_term(session, kokkola.terms[0], last_day=date(2025, 12, 31))
    appoint(session, kokkola, holder, starts=date(2026, 1, 1), ends=date(2026, 6, 30))
    last = appoint(session, kokkola, holder, starts=date(2026, 7, 1))
    assert only(found(session)).rule is BodyRule.TERM_LIMIT
    last.starts = date(2026, 7, 3)
    assert found(session) == []


def test_two_who_stand_in_for_each_other_alone(session: Session, sound: dict[str, Person]) -> None:
    kokkola, perho = seat(session, "kokkola"), seat(session, "perhonjokilaakso")
    for one in (kokkola, perho):
        end_term(session, one.terms[1], last_day=date(2026, 10, 11))
    for one in session.scalars(select(Municipality)):
        perho.constituency.municipalities.append(one)  # type: ignore[union-attr]
        kokkola.constituency.municipalities.append(one)  # type: ignore[union-attr]
    appoint(session, kokkola, sound["perhonjokilaakso holder"], starts=date(2026, 11, 1), rank=1)
    appoint(session, perho, sound["kokkola holder"], starts=date(2026, 11, 1), rank=1)
    check = only(found(session))
    assert (check.rule, check.state) == (BodyRule.CIRCULAR, State.WARNING)
    appoint(session, perho, person(session, "Kolmas"), starts=date(2026, 11, 1), rank=2)
    assert found(session) == []


PACKS = {
    # Bodies of the agreement, and the seats it states, beside the management groups that are proposed.
    "keski-pohjanmaa": (4, 4, 0),
    "pohjois-karjala": (10, 52, 39),
    "pohjois-savo": (5, 58, 0),
}


@pytest.fixture
def installed(engine: Engine) -> Callable[[str], Session]:
    made = []

    def make(key: str) -> Session:
        context = write_session(engine, actor="test")
        session = context.__enter__()
        made.append(context)
        install(session, load_pack(key))
        session.flush()
        return session

    return make


@pytest.mark.parametrize("key", PACKS)
def test_the_bodies_of_every_agreement_are_entered_and_judged(engine: Engine, key: str) -> None:
    bodies, seats, optional = PACKS[key]
    with write_session(engine, actor="test") as session:
        install(session, load_pack(key))
        standing = [
            one
            for one in bodies_standing(session, on=TODAY)
            if not one.body.key.startswith("management-group")
        ]
        assert len(standing) == len(load_pack(key).bodies) >= bodies
        assert sum(len(one.seats) for one in standing) == seats
        assert sum(one.seat.is_optional for body in standing for one in body.seats) == optional
        roles = roles_standing(session, on=TODAY)
        rules = {
            check.rule
            for body in standing
            for check in body_checks(body, roles, on=TODAY, language=Language.FI)
        }
        assert rules <= {BodyRule.VACANT, BodyRule.NOT_ESTABLISHED, BodyRule.NO_QUORUM, BodyRule.NO_CHAIR}
        assert all(
            check.clause
            for body in standing
            for check in body_checks(body, roles, on=TODAY, language=Language.FI)
        )


@pytest.mark.parametrize(
    ("key", "ended"),
    [
        ("keski-pohjanmaa", []),
        ("pohjois-karjala", [date(2024, 12, 31)]),
        ("pohjois-savo", [date(2025, 12, 31)]),
    ],
)
def test_an_agreement_that_has_ended_is_told_with_what_rests_on_it(
    engine: Engine, key: str, ended: list[date]
) -> None:
    pack = load_pack(key)
    with write_session(engine, actor="test") as session:
        install(session, pack)
        standing = bodies_standing(session, on=TODAY)
        found = ended_agreements(pack, standing, on=TODAY, language=Language.EN)
    assert [last_day for _, last_day, _ in found] == ended
    assert all(count > 1 for _, _, count in found)


def test_one_to_four_nominees_are_one_seat_to_fill_and_three_that_may_stay_empty(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("pohjois-karjala"))
        body = session.scalars(select(Body).where(Body.key == "regional-partnership-groups")).one()
        liperi = [one for one in body.seats if one.municipality_code == "426"]
        assert [one.is_optional for one in liperi] == [False, True, True, True]
        assert {(rule.min, rule.max, rule.is_per_area) for rule in body.meeting_rules} == {
            (1, 1, True),
            (1, 3, True),
        }


def test_parts_and_conveners_come_from_the_agreement(session: Session) -> None:
    assert board(session).parent is not None
    assert board(session).parent.key == "alueturva"
    assert board(session).is_to_be_established
    assert seat(session, "environmental-health").nominated_role == "environmental-health-representative"
