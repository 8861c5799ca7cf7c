import resource
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from prep.db import make_engine, read_session, write_session
from prep.errors import Refused, Unavailable
from prep.models import County, Person


def test_sqlite_is_set_so_that_no_acknowledged_change_is_lost(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    with engine.connect() as connection:
        read = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete")
        }
    engine.dispose()
    assert read == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "secure_delete": 2,
    }


def test_nobody_else_on_the_machine_can_read_the_database(tmp_path: Path) -> None:
    path = tmp_path / "prep.db"
    engine = make_engine(f"sqlite:///{path}")
    engine.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(
        Refused, match="PREP_DATABASE_URL: “mysql://u:\\*\\*\\*@h/x” The database is a file of SQLite, or"
    ):
        make_engine("mysql://u:secret@h/x")


def test_the_second_save_of_an_old_form_is_refused(engine: Engine) -> None:
    with write_session(engine, actor="aino") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        session.add(Person(county=county, name="Aino Esimerkki"))
    with read_session(engine) as session:
        old = session.get_one(Person, 1)
        session.expunge(old)
    with write_session(engine, actor="aino") as session:
        session.get_one(Person, 1).title = "valmiuspäällikkö"
    old.title = "kunnanjohtaja"
    with pytest.raises(StaleDataError), write_session(engine, actor="eero") as session:
        session.merge(old)


def test_writers_from_several_threads_wait_for_each_other(engine: Engine) -> None:
    with write_session(engine, actor="aino") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        session.add(county)

    def add(number: int) -> None:
        for turn in range(5):
            with write_session(engine, actor=f"writer {number}") as session:
                session.add(Person(county_id=1, name=f"Esimerkki {number} {turn}"))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 20
        assert connection.execute(text("SELECT max(seq) FROM audit_entry")).scalar() == 21


def test_a_database_that_lives_in_memory_only_is_refused() -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(Refused, match="The database is a file of SQLite, or PostgreSQL"):
            make_engine(url)


def outage(url: str) -> str:
    engine = make_engine(url)
    try:
        with pytest.raises(Unavailable) as told, read_session(engine) as session:
            session.execute(text("SELECT 1"))
    finally:
        engine.dispose()
    return str(told.value)


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    told = outage("postgresql://prep:hidden@127.0.0.1:1/prep")
    assert told.startswith(
        "The database: “postgresql://prep:***@127.0.0.1:1/prep” The server does not answer"
    )
    assert "Connection refused" in told
    assert "hidden" not in told


def test_a_file_that_is_no_database_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "prep.db"
    path.write_bytes(b"a letter, not a database\n" * 100)
    before = path.read_bytes()
    assert "prep.db” The file is not a database, or it is damaged." in outage(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_folder_in_place_of_the_database_is_told(tmp_path: Path) -> None:
    assert "The file or its folder cannot be opened for writing." in outage(f"sqlite:///{tmp_path}")


def test_a_place_where_no_file_can_be_made_is_told() -> None:
    with pytest.raises(Unavailable, match="/proc/prep: It cannot be used: there is no such file or folder"):
        make_engine("sqlite:////proc/prep/prep.db")


def test_a_database_that_another_program_holds_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'prep.db'}"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER)"))
    other = sqlite3.connect(tmp_path / "prep.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    engine.pool.dispose()
    with (
        pytest.raises(Unavailable, match="Another program is writing in it and has not finished"),
        write_session(engine, actor="aino") as session,
    ):
        session.execute(text("INSERT INTO t VALUES (1)"))
    other.close()
    engine.dispose()


def test_a_full_disk_is_told_and_the_change_is_not_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'prep.db'}"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a TEXT)"))
    limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
    try:
        with (
            pytest.raises(Unavailable, match="The disk is full or does not take what is written"),
            engine.begin() as connection,
        ):
            connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": "x" * 500_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM t")).scalar() == 0
    engine.dispose()


def test_a_mistake_of_the_program_is_not_called_an_outage(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as raised, read_session(engine) as session:
        session.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(raised.value, Unavailable)
