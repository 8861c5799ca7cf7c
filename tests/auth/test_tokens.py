from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from prep.auth import accounts, sessions, tokens
from prep.auth.bearer import digest
from prep.auth.roles import Permission
from prep.auth.tokens import NewToken
from prep.db import read_session, write_session
from prep.errors import ProofNeeded, Refused, SignInNeeded
from prep.models import ApiToken, Grant
from prep.terms import AccountRole
from tests.auth.actors import DAY, KOKKOLA, PERHO, entered, later, of, signed_in


def make(engine: Engine, login: str = "aino", days: int = 30, *scopes: Permission) -> NewToken:
    with write_session(engine, actor="test") as session:
        return tokens.create(
            session,
            signed_in(session, login),
            name="premises list",
            scopes=scopes or [Permission.SITE_READ, Permission.SITE_EDIT],
            days=days,
        )


def test_a_key_is_random_and_only_its_digest_is_kept(county: Engine) -> None:
    made = make(county)
    assert made.token.startswith("prep_")
    # 256 bits in base64.
    assert len(made.token) == 5 + 43
    with read_session(county) as session:
        row = session.scalars(select(ApiToken)).one()
        assert row.token_hash == digest(made.token)
        assert row.prefix == made.token[:12]
    assert made.token not in repr(made)
    assert make(county).token != made.token


def test_a_program_may_what_its_key_names_where_the_account_may(county: Engine) -> None:
    made = make(county, "aino", 30, Permission.SITE_READ)
    with read_session(county) as session:
        viewer = tokens.viewer_of(session, tokens.use_of(session, made.token), on=DAY)
        assert viewer.login == "aino"
        assert viewer.may(Permission.SITE_READ, municipality=KOKKOLA)
        assert not viewer.may(Permission.SITE_READ, municipality=PERHO)
        assert not viewer.may(Permission.SITE_EDIT, municipality=KOKKOLA)


def test_a_role_that_is_gone_is_gone_for_the_program_at_its_next_request(county: Engine) -> None:
    made = make(county)
    with write_session(county, actor="test") as session:
        for grant in session.scalars(select(Grant)):
            accounts.take_back(session, grant, last_day=DAY - timedelta(days=1))
    with read_session(county) as session:
        viewer = tokens.viewer_of(session, tokens.use_of(session, made.token), on=DAY)
        assert viewer.permissions() == frozenset()


@pytest.mark.parametrize(
    ("scopes", "named"),
    [
        ([Permission.SITE_READ, Permission.CHAIN_EDIT], "“chain.edit” A key has at least one permission"),
        ([Permission.ACCOUNT_MANAGE], "“account.manage” A key has at least one permission"),
        ([], "The key’s permissions: A key has at least one permission, and only such as you have and a"),
    ],
)
def test_a_key_opens_only_what_its_account_may_and_a_program_may(
    county: Engine, scopes: list[Permission], named: str
) -> None:
    with write_session(county, actor="test") as session:
        who = signed_in(session, "aino")
        accounts.give(session, who.account, AccountRole.ADMINISTRATOR, starts=DAY)
        with pytest.raises(Refused, match=named):
            tokens.create(session, who, name="list", scopes=scopes, days=1)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_key_is_good_for_a_year_at_the_most(county: Engine, days: int) -> None:
    with pytest.raises(Refused, match=f"The key’s days: “{days}” A key is good for 1 to 366 days"):
        make(county, "aino", days)


def test_all_that_is_wrong_with_a_key_is_told_at_once(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        who = signed_in(session, "aino")
        with pytest.raises(Refused, match="A key has a name of 1 to 100 letters") as refusal:
            tokens.create(session, who, name=" ", scopes=[], days=0)
        assert len(refusal.value.problems) == 3


def test_a_key_ends_on_time(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(county, "aino", 1)
    later(monkeypatch, days=1, microseconds=-1)
    with read_session(county) as session:
        assert tokens.use_of(session, made.token).account.login == "aino"
        later(monkeypatch, microseconds=1)
        with pytest.raises(SignInNeeded, match="This key is not or no longer good"):
            tokens.use_of(session, made.token)
        assert tokens.listed(session, of(session, "aino")) == []


@pytest.mark.parametrize("token", ["", "prep_", "prep_" + "a" * 43, "\ud800"])
def test_a_strangers_key_opens_nothing(county: Engine, token: str) -> None:
    make(county)
    with read_session(county) as session, pytest.raises(SignInNeeded, match="This key is not or no longer"):
        tokens.use_of(session, token)


def test_a_key_opens_no_session_and_a_session_no_key(county: Engine) -> None:
    made = make(county)
    with write_session(county, actor="test") as session:
        token = entered(session, "aino")
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, made.token)
        with pytest.raises(SignInNeeded):
            tokens.use_of(session, token)


def test_a_revoked_key_opens_nothing(county: Engine) -> None:
    made, other = make(county), make(county)
    with write_session(county, actor="test") as session:
        tokens.revoke(session, tokens.use_of(session, made.token).row)
    with read_session(county) as session:
        with pytest.raises(SignInNeeded):
            tokens.use_of(session, made.token)
        assert [row.prefix for row in tokens.listed(session, of(session, "aino"))] == [other.token[:12]]


def test_the_use_of_a_key_is_written_down_once_a_minute(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(county)
    with write_session(county, actor="test") as session:
        seen = []
        for _ in range(4):
            use = tokens.use_of(session, made.token)
            seen.append(use.is_to_be_seen)
            if use.is_to_be_seen:
                tokens.see(session, use)
            later(monkeypatch, seconds=30)
    assert seen == [True, False, True, False]


def test_a_key_is_made_only_with_fresh_proof(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with write_session(county, actor="test") as session:
        token = entered(session, "aino")
        later(monkeypatch, minutes=16)
        with pytest.raises(ProofNeeded):
            tokens.create(
                session,
                sessions.session_of(session, token),
                name="list",
                scopes=[Permission.SITE_READ],
                days=1,
            )
