"""The same person twice: found, remembered as two, or made into one, and that taken back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep import audit, undo
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.models import (
    Absence,
    Attendance,
    Base,
    Body,
    CalendarFeed,
    Chain,
    ChainItem,
    ChainList,
    ContactPoint,
    KeyHolder,
    Meeting,
    Person,
    PossibleDouble,
    ReviewLink,
    Role,
    RoleTerm,
    Seat,
    SeatTerm,
    Site,
)
from prep.regions.packs import load_pack
from prep.registry.appointments import appoint, end_term
from prep.registry.doubles import are_two, possible_doubles
from prep.registry.install import install
from prep.registry.merging import belongings_of, conflicts, merge, suggested_points
from prep.registry.people import PersonDetails, add_absence, add_person, add_point, confirm_point, details_of
from prep.terms import ContactKind, Evidence, KeyPower

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
ME = "account: aino"
CHANGED = (
    Person,
    ContactPoint,
    Absence,
    RoleTerm,
    SeatTerm,
    ChainList,
    ChainItem,
    KeyHolder,
    Attendance,
    ReviewLink,
    CalendarFeed,
    PossibleDouble,
)


@pytest.fixture
def county(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
    return engine


@pytest.fixture
def two(county: Engine) -> tuple[int, int]:
    """Aino twice: the second holds a role, calls and is called in a chain, opens premises, met, and is away."""
    with write_session(county, actor="test") as session:
        one = add_person(session, PersonDetails(name="Aino Esimerkki", municipality="584"))
        other = add_person(session, PersonDetails(name="Aino Esimerki", title="Johtaja", municipality="584"))
        third = add_person(session, PersonDetails(name="Eero Mallikas", municipality="584"))
        add_point(session, one, ContactKind.MOBILE, "040 100 1000")
        add_point(session, one, ContactKind.EMAIL, "vanha@perho.fi")
        confirm_point(add_point(session, other, ContactKind.MOBILE, "040 100 1000"), on=ON, by="Aino")
        add_point(session, other, ContactKind.LANDLINE, "06 100 1001")
        appoint(session, seat(session, "manager"), one, starts=date(2026, 1, 1))
        appoint(session, role(session), other, starts=date(2026, 1, 1))
        appoint(session, seat(session, "technical"), other, starts=date(2025, 1, 1), ends=date(2025, 12, 31))
        add_absence(session, one, starts=date(2026, 12, 1), ends=date(2026, 12, 5))
        add_absence(session, other, starts=date(2026, 12, 4), ends=date(2026, 12, 8))
        add_absence(session, other, starts=date(2027, 1, 1), ends=date(2027, 1, 2))
        body = seat(session, "manager").body
        chain = Chain(county_id=one.county_id, key="perho", name="Perho", body=body, deadline_min=30)
        chain.lists = [
            ChainList(position=0, caller_person=third, items=[item(other)]),
            ChainList(position=1, caller_person=other, items=[item(third)]),
        ]
        site = Site(municipality_code="584", name="Koulu")
        shared = Site(municipality_code="584", name="Halli")
        for number, (place, person) in enumerate([(site, other), (shared, one), (shared, other)]):
            place.key_holders.append(KeyHolder(position=number, power=KeyPower.OPEN, person=person))
        meetings = [Meeting(body=body, starts_at=AT), Meeting(body=body, starts_at=AT)]
        meetings[0].attendances = [Attendance(person=other)]
        meetings[1].attendances = [Attendance(person=one), Attendance(person=other, seat=body.seats[0])]
        session.add_all([chain, site, shared, *meetings])
        session.add(ReviewLink(token_hash="a" * 64, person=other, created_at=AT, expires_at=AT))
        session.add(CalendarFeed(token_hash="b" * 64, person=other, created_at=AT))
        are_two(session, other, third)
        session.flush()
        return one.id, other.id


def item(target: Person) -> ChainItem:
    return ChainItem(position=0, target_person=target, channels=["call"])


def seat(session: Session, key: str) -> Seat:
    group = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
    return next(one for one in group.seats if one.key == key)


def role(session: Session) -> Role:
    return session.scalars(
        select(Role).where(Role.key == "preparedness-contact", Role.municipality_code == "584")
    ).one()


def everything(engine: Engine) -> list[tuple[Any, ...]]:
    """Every row that names people, without the versions."""
    with read_session(engine) as session:
        return [row for model in CHANGED for row in rows(session, model)]


def rows(session: Session, model: type[Base]) -> list[tuple[Any, ...]]:
    names = [column.key for column in model.__table__.columns if column.key != "version"]
    return sorted(
        (model.__tablename__, *(str(getattr(row, name)) for name in names))
        for row in session.scalars(select(model))
    )


def merged(engine: Engine, two: tuple[int, int], **how: Any) -> tuple[int, int]:
    with write_session(engine, actor=ME) as session:
        one, other = (session.get_one(Person, number) for number in two)
        how = {"details": details_of(other), "points": suggested_points(one, other), **how}
        merge(session, one, other, **how)
        done = undo.last_change(session)
    assert done is not None
    return done


def test_whoever_stays_takes_over_everything_that_names_the_other(
    county: Engine, two: tuple[int, int]
) -> None:
    merged(county, two)
    with read_session(county) as session:
        assert session.get(Person, two[1]) is None
        one = session.get_one(Person, two[0])
        assert (one.name, one.title) == ("Aino Esimerki", "Johtaja")
        # Of the same number the one that was confirmed is kept, where it is called first.
        assert [(point.value, point.evidence, point.confirmed_on) for point in one.contact_points] == [
            ("+358401001000", Evidence.CONFIRMED, ON),
            ("vanha@perho.fi", Evidence.TYPED, None),
            ("+35861001001", Evidence.TYPED, None),
        ]
        assert [(away.starts, away.ends) for away in one.absences] == [
            (date(2026, 12, 1), date(2026, 12, 8)),
            (date(2027, 1, 1), date(2027, 1, 2)),
        ]
        belongings = belongings_of(session, one)
        assert (
            len(belongings.terms),
            len(belongings.chain_lists),
            len(belongings.chain_items),
            len(belongings.attendances),
        ) == (3, 1, 1, 2)
        # Nobody opens the same premises twice, and nobody was twice at one meeting: the seat is kept.
        assert sorted(key.site.name for key in belongings.keys) == ["Halli", "Koulu"]
        assert [one.seat is not None for one in belongings.attendances] == [False, True]
        assert session.scalars(select(ReviewLink)).one().person_id == two[0]
        assert session.scalars(select(CalendarFeed)).one().person_id == two[0]
        # Whoever is another than the one is another than the other.
        assert session.scalars(select(PossibleDouble)).one().person_id == two[0]
        assert audit.verify(session) == []


def test_merging_is_taken_back_and_that_again(county: Engine, two: tuple[int, int]) -> None:
    before = everything(county)
    done = merged(county, two)
    after = everything(county)
    with write_session(county, actor=ME) as session:
        undo.take_back(session, undo.rows_of(session, *done, actor=ME))
    assert everything(county) == before
    with read_session(county) as session:
        again = (done[1] + 1, audit.head(session)[0])
    with write_session(county, actor=ME) as session:
        undo.take_back(session, undo.rows_of(session, *again, actor=ME))
    assert everything(county) == after


def test_what_stands_in_the_way_is_told_and_nothing_changed(county: Engine, two: tuple[int, int]) -> None:
    with write_session(county, actor="test") as session:
        one, other = (session.get_one(Person, number) for number in two)
        term = appoint(session, seat(session, "manager"), other, starts=date(2026, 6, 1), rank=1)
        chain = session.scalars(select(Chain)).one()
        chain.lists.append(ChainList(position=2, caller_person=one, items=[item(other)]))
        number = term.id
    before = everything(county)
    with read_session(county) as session:
        found = conflicts(session, *(session.get_one(Person, number) for number in two))
    assert [str(problem) for problem in found] == [
        "Perho: häiriötilanteiden johtoryhmä: Kunnanjohtaja: “Aino Esimerkki” Both are in it on the same days, and "
        "nobody is their own deputy. End or remove one of the two terms first.",
        "Perho: “Aino Esimerkki” In this chain one of the two calls the other, and nobody calls themselves. "
        "Change the chain first.",
    ]
    with pytest.raises(Refused, match="nobody is their own deputy"):
        merged(county, two)
    assert everything(county) == before
    # Resolved, it goes.
    with write_session(county, actor="test") as session:
        end_term(session, session.get_one(SeatTerm, number), last_day=date(2026, 6, 1))
        session.get_one(SeatTerm, number).starts = date(2025, 6, 1)
        session.get_one(SeatTerm, number).ends = date(2025, 12, 31)
        session.delete(session.scalars(select(ChainList).where(ChainList.position == 2)).one())
    merged(county, two)


def test_a_desk_that_files_name_stays(county: Engine, two: tuple[int, int]) -> None:
    with write_session(county, actor="test") as session:
        desk = session.scalars(select(Person).where(Person.key == "kp-command-centre")).one()
        number = desk.id
    with pytest.raises(Refused, match="are different things"):
        merged(county, (two[0], number))


@pytest.mark.parametrize(
    ("how", "rule"),
    [
        ({"left_on": date(2026, 6, 1)}, "The person has left; the first day without any post is 1.6.2026."),
    ],
)
def test_what_was_chosen_has_to_be_possible(
    county: Engine, two: tuple[int, int], how: dict[str, Any], rule: str
) -> None:
    with pytest.raises(Refused, match=rule):
        merged(county, two, **how)


def test_the_same_number_twice_and_too_many_are_refused(county: Engine, two: tuple[int, int]) -> None:
    with write_session(county, actor="test") as session:
        one, other = (session.get_one(Person, number) for number in two)
        for number in range(7):
            add_point(session, one, ContactKind.PAGER, f"1{number}")
            add_point(session, other, ContactKind.PAGER, f"2{number}")
    with pytest.raises(Refused, match="at most 12 numbers"):
        merged(county, two)
    with write_session(county, actor=ME) as session:
        one, other = (session.get_one(Person, number) for number in two)
        with pytest.raises(Refused, match="The same number or address is kept once"):
            merge(
                session,
                one,
                other,
                details=details_of(one),
                points=[one.contact_points[0], other.contact_points[0]],
            )
        session.rollback()


def test_candidates_are_found_with_their_reasons(county: Engine, two: tuple[int, int]) -> None:
    with write_session(county, actor="test") as session:
        elsewhere = add_person(session, PersonDetails(name="Aino Esimerkki", municipality="074"))
        add_point(session, elsewhere, ContactKind.EMAIL, "vanha@perho.fi")
        number = elsewhere.id
    with read_session(county) as session:
        found = possible_doubles(session)
        assert [(one.one.id, one.other.id, [str(why) for why in one.reasons]) for one in found] == [
            (two[0], two[1], ["the same number", "almost the same name"]),
            (two[0], number, ["the same e-mail"]),
        ]


def test_those_who_are_not_the_same_are_not_asked_about_again(county: Engine, two: tuple[int, int]) -> None:
    with write_session(county, actor=ME) as session:
        one, other = (session.get_one(Person, number) for number in two)
        are_two(session, other, one)
        are_two(session, one, other)
        done = undo.last_change(session)
    with read_session(county) as session:
        assert possible_doubles(session) == []
    assert done is not None
    with write_session(county, actor=ME) as session:
        undo.take_back(session, undo.rows_of(session, *done, actor=ME))
    with read_session(county) as session:
        assert len(possible_doubles(session)) == 1


def test_a_switchboard_makes_no_doubles(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        for name in ("Aino Yksi", "Eero Kaksi", "Outi Kolme"):
            one = add_person(session, PersonDetails(name=name, municipality="584"))
            add_point(session, one, ContactKind.LANDLINE, "06 100 1001")
        assert len(possible_doubles(session)) == 3
        one = add_person(session, PersonDetails(name="Ilmari Neljä", municipality="584"))
        add_point(session, one, ContactKind.LANDLINE, "06 100 1001")
        assert possible_doubles(session) == []
