from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, select, text

from prep import clock, migrations
from prep.auth import sessions
from prep.auth.callers import Caller
from prep.db import read_session, write_session
from prep.models import Account, Base, Ceremony, Identity, LoginAttempt, LoginSession
from prep.terms import SignInMethod


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


def test_what_is_under_way_and_who_is_signed_in_outlive_the_widening_of_their_kinds(engine: Engine) -> None:
    down(engine, "0003")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO account (id, login, name, language, passkey_handle, created_at, version) "
            "VALUES (1, 'aino', 'Aino Esimerkki', 'fi', 'handle', '2026-11-22 08:46:00', 1)",
            "INSERT INTO login_session (account_id, token_hash, method, created_at, last_seen_at, proven_at, agent, "
            "address) VALUES (1, 'a', 'passkey', '2026-11-22 08:46:00', '2026-11-22 08:46:00', "
            "'2026-11-22 08:46:00', '', '')",
            "INSERT INTO ceremony (token_hash, purpose, account_id, challenge, expires_at) "
            "VALUES ('b', 'passkey_sign_in', NULL, 'c', '2026-11-22 08:51:00')",
            "INSERT INTO login_attempt (at, step, account_key, address) "
            "VALUES ('2026-11-22 08:46:00', 'password', 'd', '192.0.2.7')",
        ):
            connection.execute(text(statement))
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []
    with write_session(engine, actor="test") as session:
        assert session.scalars(select(LoginSession.method)).all() == ["passkey"]
        assert session.scalars(select(Ceremony.challenge)).all() == ["c"]
        assert session.scalars(select(LoginAttempt.address)).all() == ["192.0.2.7"]
        account = session.scalars(select(Account)).one()
        session.add(
            Identity(account=account, issuer="https://a.example", subject="1", created_at=clock.now())
        )
        sessions.enter(session, account, method=SignInMethod.PROVIDER, caller=Caller("192.0.2.7"))
    # Back again, the sign-in of a kind that is not known there is gone, the other one stays.
    down(engine, "0003")
    with engine.connect() as connection:
        methods = connection.execute(text("SELECT method FROM login_session")).scalars().all()
        assert methods == ["passkey"]
        assert not inspect(connection).has_table("identity")
    # The next test finds the database as it expects it.
    migrations.upgrade(engine)


@pytest.mark.parametrize(
    ("table", "column"), [("ceremony", "purpose"), ("login_session", "method"), ("login_attempt", "step")]
)
def test_no_other_kind_is_let_in_after_the_widening(engine: Engine, table: str, column: str) -> None:
    checks = {one["name"]: one["sqltext"] for one in inspect(engine).get_check_constraints(table)}
    assert [name for name, words in checks.items() if column in words and "provider" in words] == [
        {
            "ceremony": "ck_ceremony_ceremonypurpose",
            "login_session": "ck_login_session_signinmethod",
            "login_attempt": "ck_login_attempt_signinstep",
        }[table]
    ]


def down(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
