"""What the audit trail keeps of accounts: who did what, and nothing that opens anything."""

import json

import pytest
from sqlalchemy import Engine, text

from prep import audit, clock
from prep.auth import accounts, links, sessions, signing_in, tokens, totp
from prep.auth.callers import Caller
from prep.auth.roles import Permission
from prep.auth.secret_key import SecretKey
from prep.db import read_session, write_session
from prep.models import Account, LoginAttempt, LoginSession
from prep.terms import AccountRole
from tests.auth.actors import (
    DAY,
    ELSEWHERE,
    OFFICE,
    OTHER_PASSWORD,
    PASSWORD,
    PERHO,
    entered,
    later,
    of,
    signed_in,
    with_app,
)


def trail(engine: Engine, *, after: int = 0) -> list[tuple[str, str, dict[str, object]]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text('SELECT action, table_name, "values" FROM audit_entry WHERE seq > :after ORDER BY seq'),
            {"after": after},
        )
        return [(row.action, row.table_name, json.loads(row.values)) for row in rows]


def length(engine: Engine) -> int:
    with read_session(engine) as session:
        return audit.count(session)


def test_no_secret_of_an_account_stands_in_the_trail(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
        who = signed_in(session, "aino")
        made = tokens.create(session, who, name="list", scopes=[Permission.SITE_READ], days=1)
        link = links.link_for(session, who.account)
        links.redeem(session, link.token, OTHER_PASSWORD)
        first = links.setup_link(session)
        session.flush()
        stored = session.execute(
            text(
                "SELECT password_hash FROM account UNION SELECT secret FROM second_factor UNION "
                "SELECT hash FROM recovery_code UNION SELECT salt FROM recovery_code UNION "
                "SELECT token_hash FROM api_token UNION SELECT token_hash FROM one_time_link UNION "
                "SELECT token_hash FROM login_session"
            )
        ).scalars()
        secrets = [*stored, app.secret, made.token, link.token, first.token, PASSWORD, OTHER_PASSWORD]
    written = json.dumps(trail(county))
    assert len(secrets) > 15
    assert [secret for secret in secrets if secret in written] == []
    with read_session(county) as session:
        assert audit.verify(session) == []


def test_a_changed_password_is_seen_to_change_and_not_what_it_is(county: Engine) -> None:
    before = length(county)
    with write_session(county, actor="test") as session:
        accounts.set_password(session, of(session, "aino"), OTHER_PASSWORD)
    action, table, values = trail(county, after=before)[0]
    assert (action, table) == ("update", "account")
    assert values["before"] == {"password_hash": "•"}
    assert values["after"] == {"password_hash": "•"}


def test_a_first_password_is_told_from_a_new_one(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        account = accounts.add(session, "uusi", "Uusi Esimerkki")
        session.flush()
        before = audit.count(session)
        accounts.set_password(session, account, PASSWORD)
    assert trail(county, after=before)[0][2] == {
        "before": {"password_hash": None},
        "after": {"password_hash": "•"},
    }


def test_sign_in_and_sign_out_stand_in_the_trail(county: Engine) -> None:
    before = length(county)
    with write_session(county, actor="sign-in") as session:
        answer = signing_in.give_password(session, "aino", PASSWORD, caller=OFFICE)
        assert isinstance(answer, sessions.Entered)
        sessions.end(session, answer.login_session)
        sessions.end(session, answer.login_session)
    assert trail(county, after=before) == [
        (
            "sign_in",
            "account",
            {"login": "aino", "method": "password", "address": "192.0.2.7", "agent": "Firefox, Linux"},
        ),
        ("sign_out", "account", {"why": "signed out", "sessions": 1}),
    ]


def test_failures_of_known_accounts_and_limits_stand_in_the_trail(county: Engine) -> None:
    before = length(county)
    for n in range(12):
        with write_session(county, actor="sign-in") as session:
            signing_in.give_password(session, "aino", "wrong", caller=Caller(f"192.0.2.{n}"))
            signing_in.give_password(session, f"nobody{n}", "wrong", caller=Caller(f"192.0.3.{n}"))
    events = [(action, table) for action, table, _ in trail(county, after=before)]
    # Ten failures, the tenth of which closes the account; made-up names leave nothing.
    assert events == [("refused", "account")] * 9 + [("throttled", "account")]


def test_a_limit_that_made_up_names_reach_stands_in_the_trail(county: Engine) -> None:
    before = length(county)
    for n in range(22):
        with write_session(county, actor="sign-in") as session:
            signing_in.give_password(session, f"nobody{n}", "wrong", caller=ELSEWHERE)
    assert trail(county, after=before) == [("throttled", "", {"step": "password", "address": "198.51.100.9"})]


def test_passing_time_leaves_nothing_in_the_trail(
    county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
        token = entered(session, "aino")
        made = tokens.create(
            session, signed_in(session, "aino"), name="list", scopes=[Permission.SITE_READ], days=1
        )
    before = length(county)
    later(monkeypatch, minutes=2)
    with write_session(county, actor="aino") as session:
        sessions.see(session, sessions.session_of(session, token))
        tokens.see(session, tokens.use_of(session, made.token))
        assert totp.verify(session, of(session, "aino"), app.at(clock.now()), key=key)
    assert length(county) == before


def test_roles_that_are_given_and_taken_stand_in_the_trail(county: Engine) -> None:
    before = length(county)
    with write_session(county, actor="admin") as session:
        grant = accounts.give(
            session, of(session, "outi"), AccountRole.VIEWER, starts=DAY, municipality=PERHO
        )
        accounts.take_back(session, grant, last_day=DAY)
    changes = trail(county, after=before)
    assert [(action, table) for action, table, _ in changes] == [
        ("insert", "account_grant"),
        ("update", "account_grant"),
    ]
    assert changes[1][2]["after"] == {"ends": "2026-11-22"}


def test_what_only_passes_is_not_audited() -> None:
    assert not LoginSession.__audited__
    assert not LoginAttempt.__audited__
    assert Account.__audited__
