"""How old a value may be: as shipped, as the county sets it, and never fine where nobody knows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from prep import migrations
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.evacuation.records import site_states
from prep.evacuation.rules import RuleKey
from prep.freshness import SHIPPED_DAYS, interval_days, intervals, known_on, set_interval, state_of
from prep.models import (
    AuditEntry,
    Base,
    ContactPoint,
    County,
    KeyHolder,
    Municipality,
    Person,
    RoleTerm,
    Site,
    SiteUseRow,
)
from prep.terms import ContactKind, FreshnessKind, SiteUse, State

ON = date(2026, 11, 22)


def ago(days: int | None) -> date | None:
    return None if days is None else ON - timedelta(days=days)


@pytest.mark.parametrize(
    ("age_days", "state"),
    [
        (0, State.OK),
        (365, State.OK),
        (366, State.WARNING),
        (730, State.WARNING),
        (731, State.FAULT),
        (None, State.UNKNOWN),
    ],
)
def test_premises_are_fresh_for_a_year_and_age_for_another(age_days: int | None, state: State) -> None:
    assert state_of(Site(confirmed_on=ago(age_days)), on=ON) is state


@pytest.mark.parametrize(
    ("age_days", "state"),
    [(180, State.OK), (181, State.WARNING), (360, State.WARNING), (361, State.FAULT), (None, State.UNKNOWN)],
)
def test_numbers_are_fresh_for_half_a_year(age_days: int | None, state: State) -> None:
    point = ContactPoint(kind=ContactKind.MOBILE, value="+358000000101", confirmed_on=ago(age_days))
    assert state_of(point, on=ON) is state
    assert state_of(KeyHolder(confirmed_on=ago(age_days)), on=ON) is state


def test_a_term_was_right_on_the_day_of_its_decision() -> None:
    assert known_on(RoleTerm(starts=ON)) is None
    assert known_on(RoleTerm(starts=ON, decided_on=ago(30))) == ago(30)
    assert known_on(RoleTerm(starts=ON, decided_on=ago(30), confirmed_on=ago(5))) == ago(5)
    assert known_on(RoleTerm(starts=ON, decided_on=ago(3), confirmed_on=ago(5))) == ago(3)


def test_what_is_said_to_be_wrong_is_a_fault_however_fresh_it_is() -> None:
    for row in (
        ContactPoint(confirmed_on=ON, objection="Ei ole minun numeroni."),
        RoleTerm(starts=ON, decided_on=ON, objection="En ole enää tehtävässä."),
    ):
        assert state_of(row, on=ON) is State.FAULT
        assert known_on(row) is None


@pytest.fixture
def county(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        home = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        home.municipalities = [Municipality(code="272", name_fi="Kokkola", name_sv="Karleby")]
        point = ContactPoint(
            position=1, kind=ContactKind.MOBILE, value="+358000000101", confirmed_on=ago(100)
        )
        session.add(Person(county=home, name="Aino Esimerkki", contact_points=[point]))
        session.flush()
        hall = Site(municipality_code="272", name="Halli", confirmed_on=ago(200))
        hall.uses = [SiteUseRow(use=SiteUse.CATERING)]
        session.add(hall)
    return engine


def set_to(county: Engine, kind: FreshnessKind, days: int) -> None:
    with write_session(county, actor="account: aino") as session:
        set_interval(session, kind, days)


def point_state(session: Session) -> State:
    return state_of(session.scalars(select(ContactPoint)).one(), on=ON)


def test_the_county_s_own_interval_counts_wherever_an_age_is_judged(county: Engine) -> None:
    with read_session(county) as session:
        assert intervals(session) == SHIPPED_DAYS
        assert point_state(session) is State.OK
    set_to(county, FreshnessKind.CONTACT, 90)
    set_to(county, FreshnessKind.SITE, 100)
    with read_session(county) as session:
        assert point_state(session) is State.WARNING
        site = session.scalars(select(Site)).one()
        assert (interval_days(site), state_of(site, on=ON)) == (100, State.WARNING)
        # The rule by which premises are judged says the same.
        (view,) = site_states(session, on=ON)
        (check,) = [one for one in view.checks if one.rule is RuleKey.CONFIRMATION]
        assert check.state is State.WARNING
        trail = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "freshness_interval")).all()
        assert [row.actor for row in trail] == ["account: aino", "account: aino"]


def test_an_interval_counts_from_its_change_on_in_the_same_session(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        assert point_state(session) is State.OK
        set_interval(session, FreshnessKind.CONTACT, 99)
        assert point_state(session) is State.WARNING
        set_interval(session, FreshnessKind.CONTACT, 100)
        assert point_state(session) is State.OK


@pytest.mark.parametrize("days", [0, -1, 1462])
def test_an_interval_that_cannot_be_is_refused(county: Engine, days: int) -> None:
    with pytest.raises(
        Refused, match=rf"Numbers and addresses: “{days}” It is a number of days from 1 to 1\s461. Write"
    ):
        set_to(county, FreshnessKind.CONTACT, days)
    with read_session(county) as session:
        assert intervals(session) == SHIPPED_DAYS


def test_a_row_that_has_left_its_session_is_not_judged_by_what_the_county_did_not_set(county: Engine) -> None:
    with read_session(county) as session:
        point = session.scalars(select(ContactPoint)).one()
        session.expunge(point)
    with pytest.raises(ValueError, match="has left its session"):
        state_of(point, on=ON)


def test_objections_come_to_a_filled_database_and_nothing_goes(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    migrations.upgrade(engine, "0003")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO county (id, key, name_fi, name_sv, name_en, pack) VALUES (1, 'kp', 'K', 'K', 'K', '{}')",
            "INSERT INTO person (id, county_id, kind, name, organisation, title, language, speaks, version) "
            "VALUES (1, 1, 'person', 'Aino', '', '', 'fi', '[]', 1)",
            "INSERT INTO contact_point (id, person_id, position, kind, value, purpose, evidence, version, "
            "confirmed_on) VALUES (1, 1, 1, 'mobile', '+358000000101', '', 'confirmed', 1, '2026-10-01')",
            "INSERT INTO role (id, county_id, key, name_fi, name_sv, name_en, clause_fi, clause_sv, clause_en) "
            "VALUES (1, 1, 'r', 'R', 'R', 'R', '', '', '')",
            "INSERT INTO role_term (id, role_id, person_id, rank, starts, version, decided_by, decision_section) "
            "VALUES (1, 1, 1, 0, '2026-01-01', 1, '', '')",
        ):
            connection.execute(text(statement))
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []
    with read_session(engine) as session:
        point = session.scalars(select(ContactPoint)).one()
        assert (point.value, point.confirmed_on, point.objection) == ("+358000000101", date(2026, 10, 1), "")
        assert session.scalars(select(RoleTerm)).one().objection == ""
