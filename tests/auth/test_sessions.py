import pytest
from sqlalchemy import Engine, select

from prep.auth import accounts, sessions
from prep.auth.bearer import digest
from prep.auth.callers import Caller
from prep.db import read_session, write_session
from prep.errors import ProofNeeded, SignInNeeded
from prep.models import LoginSession
from prep.terms import SignInMethod
from tests.auth.actors import OFFICE, entered, later, of, signed_in


def token_of(engine: Engine, login: str = "aino") -> str:
    with write_session(engine, actor="test") as session:
        return entered(session, login)


def is_in(engine: Engine, token: str) -> bool:
    with read_session(engine) as session:
        try:
            sessions.session_of(session, token)
        except SignInNeeded:
            return False
        return True


def test_a_token_opens_the_session_of_its_account(county: Engine) -> None:
    token = token_of(county)
    with read_session(county) as session:
        who = sessions.session_of(session, token)
        assert who.account.login == "aino"
        assert (who.login_session.agent, who.login_session.address) == ("Firefox, Linux", "192.0.2.7")
        assert who.has_second_factor


def test_only_the_digest_of_a_token_is_kept(county: Engine) -> None:
    token = token_of(county)
    with read_session(county) as session:
        kept = session.scalars(select(LoginSession)).one()
        assert kept.token_hash == digest(token) != token
    assert len(token) == 43


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\ud800", "\x00"])
def test_a_strangers_token_opens_nothing(county: Engine, token: str) -> None:
    token_of(county)
    with (
        read_session(county) as session,
        pytest.raises(SignInNeeded, match=r"Sign-in: Nobody is signed in here\. Sign in again\."),
    ):
        sessions.session_of(session, token)


def test_a_session_ends_after_30_minutes_without_a_request(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(county)
    later(monkeypatch, minutes=30)
    assert is_in(county, token)
    later(monkeypatch, microseconds=1)
    with (
        read_session(county) as session,
        pytest.raises(SignInNeeded, match="You were signed out because time had run out"),
    ):
        sessions.session_of(session, token)


def test_a_session_ends_12_hours_after_the_sign_in_however_busy(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(county)
    for _ in range(36):
        later(monkeypatch, minutes=20)
        with write_session(county, actor="aino") as session:
            sessions.see(session, sessions.session_of(session, token))
    assert is_in(county, token)
    later(monkeypatch, microseconds=1)
    assert not is_in(county, token)


def test_being_seen_is_written_down_once_a_minute(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(county)
    with write_session(county, actor="aino") as session:
        assert not sessions.session_of(session, token).is_to_be_seen
        later(monkeypatch, seconds=60)
        who = sessions.session_of(session, token)
        assert who.is_to_be_seen
        sessions.see(session, who)
        assert not sessions.session_of(session, token).is_to_be_seen


@pytest.mark.parametrize(
    ("back", "stays"), [({"seconds": -30}, True), ({"hours": -1}, False), ({"days": -1}, False)]
)
def test_a_clock_that_is_put_back_makes_no_session_immortal(
    county: Engine, monkeypatch: pytest.MonkeyPatch, back: dict[str, float], *, stays: bool
) -> None:
    token = token_of(county)
    later(monkeypatch, **back)
    assert is_in(county, token) is stays


def test_every_sign_in_has_a_token_of_its_own(county: Engine) -> None:
    tokens = {token_of(county) for _ in range(5)}
    assert len(tokens) == 5
    assert all(is_in(county, token) for token in tokens)


def test_signing_out_ends_this_session_only(county: Engine) -> None:
    here, there = token_of(county), token_of(county)
    with write_session(county, actor="aino") as session:
        sessions.end(session, sessions.session_of(session, here).login_session)
    assert not is_in(county, here)
    assert is_in(county, there)


def test_signing_out_everywhere_else_keeps_this_session_and_other_accounts(county: Engine) -> None:
    here, there, eero = token_of(county), token_of(county), token_of(county, "eero")
    with write_session(county, actor="aino") as session:
        who = sessions.session_of(session, here)
        assert sessions.end_all(session, who.account, why="own wish", keep=who.login_session) == 1
    assert (is_in(county, here), is_in(county, there), is_in(county, eero)) == (True, False, True)


def test_the_list_shows_where_one_is_signed_in_now(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    token_of(county)
    later(monkeypatch, minutes=20)
    with write_session(county, actor="test") as session:
        aino = of(session, "aino")
        phone = Caller("2001:db8::1", "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0) Version/26.0 Safari/604.1")
        sessions.enter(session, aino, method=SignInMethod.PASSKEY, caller=phone)
        ended = sessions.enter(session, aino, method=SignInMethod.TOTP, caller=OFFICE)
        sessions.end(session, ended.login_session)
        agents = [(row.agent, row.address) for row in sessions.listed(session, aino)]
        assert agents == [("Safari, iPhone", "2001:db8::/64"), ("Firefox, Linux", "192.0.2.7")]
        later(monkeypatch, minutes=15)
        assert [row.agent for row in sessions.listed(session, aino)] == ["Safari, iPhone"]


def test_a_closed_account_is_out_at_its_next_request(county: Engine) -> None:
    token = token_of(county)
    with write_session(county, actor="test") as session:
        accounts.disable(session, of(session, "aino"))
    assert not is_in(county, token)


def test_proof_is_fresh_for_15_minutes(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(county)
    with read_session(county) as session:
        later(monkeypatch, minutes=15)
        sessions.require_fresh_proof(sessions.session_of(session, token))
        later(monkeypatch, seconds=1)
        with pytest.raises(ProofNeeded, match="For it you show once more who you are: it was more than 15"):
            sessions.require_fresh_proof(sessions.session_of(session, token))


def test_new_proof_exchanges_the_token(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with write_session(county, actor="test") as session:
        old = entered(session, "aino", method=SignInMethod.PASSWORD)
        who = sessions.session_of(session, old)
        assert not who.has_second_factor
        later(monkeypatch, minutes=20)
        new = sessions.prove(session, who.login_session, method=SignInMethod.TOTP)
    assert not is_in(county, old)
    with read_session(county) as session:
        who = sessions.session_of(session, new.token)
        assert who.is_proof_fresh
        assert who.has_second_factor


def test_ended_sessions_are_forgotten_after_a_month(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    token_of(county)
    later(monkeypatch, days=30, seconds=1)
    token_of(county)
    with read_session(county) as session:
        assert len(session.scalars(select(LoginSession)).all()) == 1


def test_a_token_does_not_show_itself(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        made = sessions.enter(
            session, signed_in(session, "aino").account, method=SignInMethod.TOTP, caller=OFFICE
        )
        assert made.token not in repr(made)
