"""What is on record of a person is given out whole, and erased whole: the trail's chain stays whole."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from prep import audit, outbox
from prep.db import checkpoint, read_session, write_session
from prep.errors import Refused
from prep.models import County, KeyHolder, Municipality, Person, Role, RoleTerm, Site
from prep.registry.appointments import appoint
from prep.registry.people import PersonDetails, add_absence, add_person, add_point, change_person
from prep.registry.privacy import data_of, erase, past_retention
from prep.terms import ContactKind, KeyPower

TODAY = date(2026, 11, 22)
NAME, NUMBER = "Aino Ainutlaatuinen", "+358401234567"


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        county.municipalities = [Municipality(code="272", name_fi="Kokkola", name_sv="Karleby")]
        session.add(county)
        session.flush()
        role = Role(
            county_id=county.id, key="r", municipality_code="272", name_fi="R", name_sv="R", name_en="R"
        )
        session.add(role)
        session.flush()
        one = add_person(session, PersonDetails(name="Aino Entinen", title="Johtaja", municipality="272"))
        change_person(session, one, PersonDetails(name=NAME, title="Johtaja", municipality="272"))
        add_point(session, one, ContactKind.MOBILE, NUMBER)
        add_absence(session, one, starts=TODAY, ends=TODAY)
        appoint(session, role, one, starts=date(2024, 1, 1), ends=date(2026, 10, 31))
        site = Site(municipality_code="272", name="Koulu")
        site.key_holders = [
            KeyHolder(position=1, power=KeyPower.OPEN, person_id=one.id),
            KeyHolder(position=2, power=KeyPower.ALTERNATE, name="Toinen"),
        ]
        session.add(site)
    return engine


def person(session: Session) -> Person:
    return session.scalars(select(Person)).one()


def test_the_person_gets_everything_on_record_and_of_nobody_else(filled: Engine) -> None:
    with read_session(filled) as session:
        data = data_of(session, person(session))
    whole = json.dumps(data, ensure_ascii=False)
    assert data["person"]["name"] == NAME
    assert [one["value"] for one in data["contact_points"]] == [NUMBER]
    assert data["posts"][0]["post"] == "Kokkola: R"
    assert data["keys"][0]["premises"] == "Koulu"
    assert any("Aino Entinen" in json.dumps(one) for one in data["changes"])
    assert "Toinen" not in whole


def test_after_erasing_nothing_in_the_database_names_the_person_and_the_chain_holds(filled: Engine) -> None:
    with write_session(filled, actor="test", why="retention over") as session:
        erase(session, person(session), on=TODAY)
    with read_session(filled) as session:
        assert audit.verify(session) == []
        term = session.scalars(select(RoleTerm)).one()
        assert (term.person.name, term.ends) == ("–", date(2026, 10, 31))
        assert [one.name for one in session.scalars(select(KeyHolder))] == ["Toinen"]
        assert person(session).erased_at is not None
    for canary in (NAME, "Aino", NUMBER, NUMBER[4:]):
        assert canary not in dump(filled), canary
    if filled.dialect.name == "sqlite":
        assert checkpoint(filled)
        folder = Path(filled.url.database or "").parent
        content = b"".join(path.read_bytes() for path in folder.iterdir())
        assert NUMBER.encode() not in content
        assert NAME.encode() not in content


def dump(engine: Engine) -> str:
    with engine.connect() as connection:
        tables = Person.metadata.sorted_tables
        rows = [str(tuple(row)) for table in tables for row in connection.execute(select(table))]
        assert connection.execute(text("SELECT 1")).scalar() == 1
    return "\n".join(rows)


def test_whoever_is_still_needed_is_not_erased(filled: Engine) -> None:
    with (
        pytest.raises(Refused, match=r"holds posts: Kokkola: R\. End them first"),
        write_session(filled, actor="test", why="x") as session,
    ):
        session.scalars(select(RoleTerm)).one().ends = None
        session.flush()
        erase(session, person(session), on=TODAY)
    with (
        pytest.raises(Refused, match="Nobody else opens Koulu"),
        write_session(filled, actor="test", why="x") as session,
    ):
        session.delete(session.scalars(select(KeyHolder).where(KeyHolder.position == 2)).one())
        session.flush()
        session.expire_all()
        erase(session, person(session), on=TODAY)
    with pytest.raises(Refused, match="needs a reason"), write_session(filled, actor="test") as session:
        erase(session, person(session), on=TODAY)
    with read_session(filled) as session:
        assert person(session).name == NAME


def test_the_time_is_over_when_somebody_left_long_ago_and_holds_nothing(filled: Engine) -> None:
    with write_session(filled, actor="test") as session:
        one = person(session)
        assert past_retention(session, on=TODAY, months=24) == []
        one.left_on = date(2024, 11, 22)
        session.flush()
        assert past_retention(session, on=TODAY, months=24) == []
        for holder in session.scalars(select(KeyHolder).where(KeyHolder.person_id == one.id)):
            session.delete(holder)
        session.flush()
        assert past_retention(session, on=TODAY, months=24) == [one]
        assert past_retention(session, on=date(2026, 11, 21), months=24) == []


def test_what_the_person_confirmed_said_and_was_written_goes_with_them(filled: Engine) -> None:
    with write_session(filled, actor="test") as session:
        one = person(session)
        add_point(session, one, ContactKind.EMAIL, "ainutlaatuinen@kunta.example")
        term = session.scalars(select(RoleTerm)).one()
        term.confirmed_on, term.confirmed_by, term.objection = TODAY, NAME, "En ole Ainutlaatuinen"
        for who in ("ainutlaatuinen@kunta.example", "toinen@kunta.example"):
            outbox.write(session, reason=who[:5], kind="review", recipient=who, subject="s", body="b")
    with write_session(filled, actor="test", why="retention over") as session:
        erase(session, person(session), on=TODAY)
    with read_session(filled) as session:
        term = session.scalars(select(RoleTerm)).one()
        assert (term.confirmed_on, term.confirmed_by, term.objection) == (TODAY, "–", "")
        assert [one.recipient for one in outbox.listed(session)] == ["toinen@kunta.example"]
