"""Any change of the trail past prep is found; what is redacted is gone, and its trail still verifies."""

import csv
import hashlib
import hmac
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from prep import audit, trail
from prep.db import checkpoint, make_engine, read_session, write_session
from prep.errors import Refused
from prep.exchange.exporting import csv_file
from prep.exchange.trail_sheet import as_sheet
from prep.models import AuditEntry, County, Person
from prep.terms import Language
from prep.trail import Filter

ROWS = 8
COLUMNS = [column.key for column in AuditEntry.__table__.columns]
CANARY = "Kanarialintu"
_QUIET = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


def make_trail(engine: Engine, *, note: str = "") -> None:
    with write_session(engine, actor="aino", why="a beginning") as session:
        county = County(key="kp", name_fi="Keski", name_sv="Mellersta", name_en="Central", pack={})
        session.add(Person(county=county, name="Eero Exempel"))
        session.add(Person(county=county, name=f"{CANARY} Esimerkki", title=note))
    for title in ("valmiuspäällikkö", "kunnanjohtaja", "=1+1"):
        with write_session(engine, actor="eero") as session:
            session.get_one(Person, 1).title = title
    with write_session(engine, actor="aino") as session:
        session.get_one(Person, 2).name = f"{CANARY} Exempel"
    with write_session(engine, actor="aino") as session:
        session.delete(session.get_one(Person, 2))


def found_after(engine: Engine, statements: list[str], *, with_anchor: bool = False) -> int:
    """How many problems a tampered trail has; the tampering is given up again."""
    with engine.connect() as connection, Session(connection) as session:
        anchor = audit.head(session) if with_anchor else None
        for statement in statements:
            session.execute(text(statement.replace(":", "\\:")))
        problems = audit.verify(session, anchor=anchor)
        session.rollback()
    return len(problems)


@pytest.fixture
def tampered(engine: Engine) -> Engine:
    make_trail(engine)
    with read_session(engine) as session:
        assert audit.count(session) == ROWS
        assert audit.verify(session) == []
    return engine


def written(column: str, value: str) -> str:
    """SQL of a value that the column of PostgreSQL takes too."""
    if column == "seq":
        return str(1000 + sum(map(ord, value)))
    if column == "at":
        return f"'2025-01-01 00:00:{sum(map(ord, value)) % 60:02d}'"
    longest = {"action": 10, "salt": 32, "commitment": 64, "previous_hash": 64, "hash": 64}.get(column, 200)
    return f"'{value[:longest]}'"


letters = st.text("abcdef0123456789", min_size=1, max_size=64)


@settings(max_examples=150, **_QUIET)
@given(seq=st.integers(1, ROWS), column=st.sampled_from(COLUMNS), value=letters)
def test_a_change_of_any_one_column_is_found(tampered: Engine, seq: int, column: str, value: str) -> None:
    # No value of these can be what stood there: it is shorter, of other letters, or of another year.
    changed = f'UPDATE audit_entry SET "{column}" = {written(column, value)} WHERE seq = {seq}'
    assert found_after(tampered, [changed]) >= 1


@pytest.mark.parametrize("column", ["values", "salt"])
@pytest.mark.parametrize("seq", range(1, ROWS + 1))
def test_a_column_that_was_emptied_is_found(tampered: Engine, seq: int, column: str) -> None:
    assert found_after(tampered, [f'UPDATE audit_entry SET "{column}" = NULL WHERE seq = {seq}']) == 1


@settings(max_examples=40, **_QUIET)
@given(pair=st.lists(st.integers(1, ROWS), min_size=2, max_size=2, unique=True))
def test_two_rows_that_changed_places_are_found(tampered: Engine, pair: list[int]) -> None:
    one, other = pair
    swap = [
        f"UPDATE audit_entry SET seq = {new} WHERE seq = {old}"
        for old, new in ((one, 99), (other, one), (99, other))
    ]
    assert found_after(tampered, swap) >= 1


@pytest.mark.parametrize("seq", range(1, ROWS + 1))
def test_a_row_that_was_removed_is_found_at_the_end_by_a_noted_head(tampered: Engine, seq: int) -> None:
    removed = [f"DELETE FROM audit_entry WHERE seq = {seq}"]
    assert found_after(tampered, removed, with_anchor=True) >= 1
    assert (found_after(tampered, removed) >= 1) is (seq < ROWS)


@settings(max_examples=30, **_QUIET)
@given(place=st.integers(0, ROWS), copied=st.integers(1, ROWS), actor=letters)
def test_a_row_that_was_put_in_is_found(tampered: Engine, place: int, copied: int, actor: str) -> None:
    others = ", ".join(f'"{name}"' for name in COLUMNS if name not in {"seq", "actor", "hash"})
    # Room is made for the new row; PostgreSQL checks the key row by row, so by way of far numbers.
    statements = [
        f"UPDATE audit_entry SET seq = seq + 1000 WHERE seq > {place}",
        "UPDATE audit_entry SET seq = seq - 999 WHERE seq > 1000",
        f"INSERT INTO audit_entry (seq, actor, hash, {others}) SELECT {place + 1}, '{actor}', '{actor}', {others}"
        f" FROM audit_entry WHERE seq = {copied if copied <= place else copied + 1}",
    ]
    assert found_after(tampered, statements) >= 1


def test_what_no_prep_can_have_written_is_a_fault_and_no_crash(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "prep.db").write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    make_trail(engine)
    for change in (
        "at = 'yesterday'",
        "actor = 5",
        "actor = x'00ff'",
        "\"values\" = x'00'",
        "salt = 'zz'",
        "salt = 7",
    ):
        assert found_after(engine, [f"UPDATE audit_entry SET {change} WHERE seq = 4"]) >= 1, change
    engine.dispose()


def test_a_noted_head_holds_while_the_trail_grows_and_not_after_it_was_written_anew(engine: Engine) -> None:
    make_trail(engine)
    with read_session(engine) as session:
        noted = audit.head(session)
    with write_session(engine, actor="aino") as session:
        session.get_one(Person, 1).title = "arkistonhoitaja"
    with read_session(engine) as session:
        assert audit.verify(session, anchor=noted) == []
        assert audit.verify(session, anchor=(0, audit.GENESIS)) == []
        (problem,) = audit.verify(session, anchor=(noted[0], "0" * 64))
        assert "the trail has been written anew" in str(problem)
        (problem,) = audit.verify(session, anchor=(99, noted[1]))
        assert "the end of the trail has been cut off" in str(problem)


def test_what_concerns_a_person_is_redacted_and_nothing_else(engine: Engine) -> None:
    make_trail(engine)
    with write_session(engine, actor="eero", why="asked for by the person") as session:
        rows = trail.concerning(session, 2)
        assert trail.redact(session, rows, rule="person 2") == 3
    with read_session(engine) as session:
        assert audit.verify(session) == []
        assert [one.seq for one in trail.entries(session, Filter()) if one.values is None] == [8, 7, 3]
        last = trail.entries(session, Filter(), limit=1)[0]
        assert (last.action, last.actor, last.why) == ("redact", "eero", "asked for by the person")
        assert last.values == '{"rows": [[3, 3], [7, 8]], "rule": "person 2"}'
    with engine.connect() as connection:
        left = connection.execute(text('SELECT "values", salt FROM audit_entry WHERE seq IN (3, 7, 8)')).all()
    assert set(left) == {(None, None)}


def as_at_first(engine: Engine) -> None:
    """Write the trail anew in its first form, in which the reason was part of the chain."""
    chained = ("seq", "at", "actor", "action", "table_name", "row_key", "why", "commitment", "previous_hash")
    previous = "0" * 64
    with engine.connect() as connection, Session(connection) as session:
        for row in session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all():
            salt, values = bytes.fromhex(row.salt or ""), (row.values or "").encode()
            row.commitment = hmac.new(salt, values, "sha256").hexdigest()
            row.previous_hash = previous
            plain = {name: getattr(row, name) for name in chained} | {"at": row.at.isoformat()}
            written = json.dumps(plain, ensure_ascii=False, sort_keys=True)
            row.hash = previous = hashlib.sha256(written.encode()).hexdigest()
        session.commit()


def test_the_reason_goes_with_the_values_and_none_can_be_put_in_its_place(engine: Engine) -> None:
    make_trail(engine)
    with write_session(engine, actor="eero", why="retention") as session:
        trail.redact(session, range(1, 20), rule="all")
    with read_session(engine) as session:
        assert audit.verify(session) == []
        assert {one.why for one in trail.entries(session, Filter()) if one.values is None} == {""}
    assert found_after(engine, ["UPDATE audit_entry SET why = 'all agreed' WHERE seq = 2"]) == 1
    assert found_after(engine, ["UPDATE audit_entry SET actor = 'outi' WHERE seq = 2"]) >= 1


def test_a_trail_of_the_first_form_holds_grows_and_keeps_its_reasons(engine: Engine) -> None:
    make_trail(engine)
    as_at_first(engine)
    with read_session(engine) as session:
        assert audit.verify(session) == []
    for column, value in (("why", "'x'"), ("actor", "'x'"), ("salt", "NULL"), ("commitment", "'0'")):
        assert found_after(engine, [f"UPDATE audit_entry SET {column} = {value} WHERE seq = 1"]) >= 1
    with write_session(engine, actor="aino", why="new") as session:
        session.get_one(Person, 1).title = "arkistonhoitaja"
    with write_session(engine, actor="eero", why="retention") as session:
        assert trail.redact(session, range(1, 20), rule="all") == ROWS + 1
    with read_session(engine) as session:
        assert audit.verify(session) == []
        reasons = {one.seq: one.why for one in trail.entries(session, Filter())}
    assert (reasons[1], reasons[ROWS + 1], reasons[ROWS + 2]) == ("a beginning", "", "retention")


def test_where_a_person_is_still_named_after_a_redaction_is_told(engine: Engine) -> None:
    make_trail(engine)
    with write_session(engine, actor=f"account: {CANARY} Esimerkki") as session:
        session.get_one(Person, 1).title = "x"
    with write_session(engine, actor="aino", why=f"asked for by {CANARY} exempel") as session:
        session.get_one(Person, 1).title = f"deputy of {CANARY} Exempel"
    with write_session(engine, actor="eero", why="asked for") as session:
        names = trail.names_of(session, 2)
        assert names == {f"{CANARY} Esimerkki", f"{CANARY} Exempel"}
        trail.redact(session, trail.concerning(session, 2), rule="person 2")
        assert trail.naming(session, names) == [ROWS + 1, ROWS + 2]
        assert trail.naming(session, {" "}) == []


def test_the_account_of_a_redaction_is_never_redacted(engine: Engine) -> None:
    make_trail(engine)
    for _ in range(2):
        with write_session(engine, actor="eero", why="retention") as session:
            trail.redact(session, [*range(1, 20)], rule="all")
    with read_session(engine) as session:
        assert audit.verify(session) == []
        assert audit.count(session) == ROWS + 1


def test_the_retention_rule_counts_days_in_finland(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    # Half past eleven at night in London is half past one of the next day in Helsinki.
    monkeypatch.setenv("PREP_NOW", "2026-01-31T23:30:00+00:00")
    make_trail(engine)
    with read_session(engine) as session:
        assert trail.older_than(session, date(2026, 2, 1)) == []
        assert len(trail.older_than(session, date(2026, 2, 2))) == ROWS
        assert trail.count(session, Filter(until=date(2026, 1, 31))) == 0
        assert trail.count(session, Filter(since=date(2026, 2, 1), until=date(2026, 2, 1))) == ROWS


def test_a_redaction_without_a_reason_is_refused(engine: Engine) -> None:
    make_trail(engine)
    with (
        pytest.raises(Refused, match="It needs a reason, which is kept in the trail"),
        write_session(engine, actor="eero", why=" ") as session,
    ):
        trail.redact(session, [1], rule="row 1")


@pytest.mark.parametrize("length", [0, 280])
def test_redacted_values_are_no_longer_in_the_files(
    tmp_path: Path, sqlite_template: Path, length: int
) -> None:
    path = tmp_path / "prep.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    make_trail(engine, note=CANARY * (length // len(CANARY)))
    # A value too long for its page lies on pages of its own.
    with write_session(engine, actor="aino", why=f"for {CANARY}") as session:
        audit.note(session, "printed", session.get_one(Person, 1), {"text": f"{CANARY} " * 3000})
    checkpoint(engine)
    assert CANARY.encode() in path.read_bytes()
    with write_session(engine, actor="eero", why="asked for") as session:
        trail.redact(session, range(1, 20), rule="all")
    assert checkpoint(engine)
    engine.dispose()
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert left.count(CANARY.encode()) == 0


def test_the_trail_is_asked_by_who_what_and_when(engine: Engine) -> None:
    make_trail(engine)
    with read_session(engine) as session:
        assert trail.count(session, Filter()) == ROWS
        assert trail.count(session, Filter(actor="eero")) == 3
        assert trail.count(session, Filter(actor="eero", action="insert")) == 0
        assert [one.seq for one in trail.entries(session, Filter(table="person", row="2"))] == [8, 7, 3]
        assert [one.seq for one in trail.entries(session, Filter(), limit=2, offset=3)] == [5, 4]
        assert trail.known(session, "action") == ["delete", "insert", "update"]
        changed = trail.changes(session.get_one(AuditEntry, 4))
        assert changed is not None
        assert [(one.before, one.after) for one in changed if one.field == "title"] == [
            ("", "valmiuspäällikkö")
        ]


def test_no_cell_of_the_export_begins_a_formula(engine: Engine) -> None:
    make_trail(engine)
    with write_session(engine, actor="=HYPERLINK(1)", why="@SUM(1)") as session:
        session.get_one(Person, 1).title = "+358 00 000 0001"
    with read_session(engine) as session:
        table, without = (
            csv_file(
                as_sheet(trail.entries(session, Filter()), with_values=with_values),
                language=Language.EN,
            ).decode("utf-8-sig")
            for with_values in (True, False)
        )
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@\t\r\n")]
    (newest,) = [row for row in rows if row["seq"] == "9" and row["field"] == "title"]
    assert (newest["actor"], newest["why"]) == ("'=HYPERLINK(1)", "'@SUM(1)")
    assert (newest["before"], newest["after"]) == ("'=1+1", "'+358 00 000 0001")
    assert CANARY in table
    assert CANARY not in without
    assert len(without.splitlines()) == len(table.splitlines())
