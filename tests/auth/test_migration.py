from sqlalchemy import Engine, text

from prep import migrations
from prep.db import read_session
from prep.models import Account, Base


def test_accounts_come_to_a_filled_database_and_nothing_goes(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    migrations.upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO county (id, key, name_fi, name_sv, name_en, pack) "
                "VALUES (1, 'kp', 'Keski', 'Mellersta', 'Central', '{}')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO municipality (code, county_id, name_fi, name_sv) "
                "VALUES ('272', 1, 'Kokkola', 'Karleby')"
            )
        )
    assert not migrations.is_current(engine)
    migrations.upgrade(engine)
    assert migrations.is_current(engine)
    assert migrations.differences(engine) == []
    with read_session(engine) as session:
        assert session.execute(text("SELECT name_fi FROM municipality")).scalars().all() == ["Kokkola"]
        assert session.query(Account).count() == 0
