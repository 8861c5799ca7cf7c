import json
from datetime import date

import pytest
from sqlalchemy import Engine, select, text

from prep import audit
from prep.db import read_session, write_session
from prep.models import AuditEntry, Constituency, ContactPoint, County, Municipality, Person
from prep.terms import ContactKind


def make_county(engine: Engine) -> None:
    with write_session(engine, actor="aino", why="a beginning") as session:
        county = County(key="kp", name_fi="Keski", name_sv="Mellersta", name_en="Central", pack={})
        county.municipalities.append(
            Municipality(code="272", name_fi="Kokkola", name_sv="Karleby", population=48006)
        )
        session.add(county)
    with write_session(engine, actor="eero") as session:
        session.get_one(Municipality, "272").population = 48007


def entries(engine: Engine) -> list[tuple[str, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT actor, action, table_name, row_key FROM audit_entry ORDER BY seq")
        )
        return [tuple(row) for row in rows]


def test_every_changed_row_leaves_a_row_in_the_trail(engine: Engine) -> None:
    make_county(engine)
    assert entries(engine) == [
        ("aino", "insert", "county", "1"),
        ("aino", "insert", "municipality", "272"),
        ("eero", "update", "municipality", "272"),
    ]


def test_the_trail_holds_what_was_before_and_what_came_after(engine: Engine) -> None:
    make_county(engine)
    with engine.connect() as connection:
        values = connection.execute(text('SELECT "values" FROM audit_entry WHERE seq = 3')).scalar()
    assert values == '{"after": {"population": 48007}, "before": {"population": 48006}}'


def test_an_untouched_trail_verifies(engine: Engine) -> None:
    make_county(engine)
    with read_session(engine) as session:
        assert audit.verify(session) == []
        assert audit.head(session)[0] == 3


@pytest.mark.parametrize(
    ("tampering", "finding"),
    [
        ("UPDATE audit_entry SET actor = 'outi' WHERE seq = 2", "row 2: The row has been changed or moved"),
        ("DELETE FROM audit_entry WHERE seq = 2", "row 3: The row before it is missing"),
        (
            "UPDATE audit_entry SET \"values\" = '{}' WHERE seq = 1",
            "row 1: The recorded values or the reason have been changed",
        ),
    ],
)
def test_tampering_is_found(engine: Engine, tampering: str, finding: str) -> None:
    make_county(engine)
    with engine.begin() as connection:
        connection.execute(text(tampering))
    with read_session(engine) as session:
        assert finding in str(audit.verify(session)[0])


def test_values_that_no_redaction_accounts_for_are_missed(engine: Engine) -> None:
    make_county(engine)
    with engine.begin() as connection:
        connection.execute(text('UPDATE audit_entry SET "values" = NULL, salt = NULL WHERE seq = 1'))
    with read_session(engine) as session:
        (problem,) = audit.verify(session)
    assert "row 1: The recorded values have been removed, and no redaction accounts for it." in str(problem)


def test_a_change_that_is_given_up_leaves_no_trace(engine: Engine) -> None:
    with pytest.raises(RuntimeError), write_session(engine, actor="aino") as session:
        session.add(County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={}))
        session.flush()
        raise RuntimeError
    assert entries(engine) == []


def test_an_event_without_a_change_stands_in_its_place_in_the_trail(engine: Engine) -> None:
    with write_session(engine, actor="aino") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        session.add(county)
        audit.note(session, "printed", county, {"at": date(2026, 11, 22), "copies": 3})
        audit.note(session, "alarm", "situation centre", {})
        county.name_fi = "Keski"
    assert entries(engine) == [
        ("aino", "insert", "county", "1"),
        ("aino", "printed", "county", "1"),
        ("aino", "alarm", "", "situation centre"),
        ("aino", "update", "county", "1"),
    ]
    with read_session(engine) as session:
        assert audit.verify(session) == []
        assert session.get_one(AuditEntry, 2).values == '{"at": "2026-11-22", "copies": 3}'


def test_an_action_fits_its_column(engine: Engine) -> None:
    with (
        write_session(engine, actor="aino") as session,
        pytest.raises(ValueError, match="at most 10 letters: sign_in_again"),
    ):
        audit.note(session, "sign_in_again", "x", {})


def test_what_falls_out_of_a_list_leaves_a_row_as_a_removal(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        person = Person(county=county, name="Aino")
        person.contact_points.append(ContactPoint(position=1, kind=ContactKind.PAGER, value="12"))
        session.add(person)
    with write_session(engine, actor="test") as session:
        person = session.scalars(select(Person)).one()
        person.contact_points.clear()
    with read_session(engine) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.action, last.table_name) == ("delete", "contact_point")
        assert json.loads(last.values or "")["before"]["value"] == "12"
        assert audit.verify(session) == []


def test_a_link_through_a_table_of_its_own_is_recorded(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        county.municipalities = [
            Municipality(code=code, name_fi=code, name_sv=code) for code in ("074", "272")
        ]
        area = Constituency(key="a", name_fi="A", name_sv="A", municipalities=county.municipalities[:1])
        county.constituencies.append(area)
        session.add(county)
    with write_session(engine, actor="test") as session:
        area = session.scalars(select(Constituency)).one()
        area.municipalities = session.scalars(select(Municipality).where(Municipality.code == "272")).all()
    with read_session(engine) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        values = json.loads(last.values or "")
        assert (values["before"]["municipalities"], values["after"]["municipalities"]) == (["074"], ["272"])
