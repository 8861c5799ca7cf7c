import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm.exc import StaleDataError

from prep.db import make_engine, read_session, write_session
from prep.errors import Refused
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
        Refused, match="PREP_DATABASE_URL: “mysql://u:\\*\\*\\*@h/x” The database is SQLite or"
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
