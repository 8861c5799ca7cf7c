import threading

import argon2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text

from prep import clock
from prep.auth import accounts, passkeys, proving, recovery, sessions, signing_in, throttle
from prep.auth.callers import Caller
from prep.auth.secret_key import SecretKey
from prep.auth.sessions import Entered
from prep.auth.signing_in import CodeAsked
from prep.auth.turning_away import TurnedAway
from prep.db import make_engine, read_session, write_session
from prep.errors import SignInNeeded
from prep.models import LoginAttempt, LoginSession
from prep.terms import SignInMethod
from tests.auth.actors import (
    ELSEWHERE,
    OFFICE,
    OTHER_PASSWORD,
    PASSWORD,
    entered,
    later,
    of,
    signed_in,
    wait_until_blocked,
    with_app,
)
from tests.auth.device import PARTY

WRONG = (
    "Sign-in: The sign-in name and the password do not belong together, or the account is closed. "
    "Check both. If the password is forgotten, ask the administrator of accounts for a link."
)


def give(
    engine: Engine, login: str, password: str, caller: Caller = OFFICE
) -> CodeAsked | Entered | TurnedAway:
    with write_session(engine, actor="sign-in") as session:
        return signing_in.give_password(session, login, password, caller=caller)


def give_code(
    engine: Engine, token: str, code: str, key: SecretKey, caller: Caller = OFFICE
) -> Entered | TurnedAway:
    with write_session(engine, actor="sign-in") as session:
        return signing_in.give_code(session, token, code, caller=caller, key=key)


def asked_for_code(engine: Engine, login: str = "aino") -> str:
    answer = give(engine, login, PASSWORD)
    assert isinstance(answer, CodeAsked)
    return answer.token


def outcome(answer: object) -> str:
    """in, code, wrong or wait."""
    match answer:
        case Entered():
            return "in"
        case CodeAsked():
            return "code"
        case TurnedAway(problem=problem) if str(problem).startswith("Sign-in: There have been too many"):
            return "wait"
        case _:
            return "wrong"


def test_password_and_code_sign_in(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
    token = asked_for_code(county)
    with read_session(county) as session, pytest.raises(SignInNeeded):
        # The password alone opens nothing.
        sessions.session_of(session, token)
    answer = give_code(county, token, app.at(clock.now()), key)
    assert isinstance(answer, Entered)
    with read_session(county) as session:
        who = sessions.session_of(session, answer.token)
        assert who.login_session.method is SignInMethod.TOTP
    # The step is over: with it nobody else gets in.
    assert outcome(give_code(county, token, app.at(clock.now()), key)) == "wrong"


def test_password_and_recovery_code_sign_in_once(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        with_app(session, "aino", key)
        codes = recovery.renew(session, of(session, "aino"))
    answer = give_code(county, asked_for_code(county), f" {codes[0].lower()} ", key)
    assert isinstance(answer, Entered)
    with read_session(county) as session:
        who = sessions.session_of(session, answer.token)
        assert who.login_session.method is SignInMethod.RECOVERY_CODE
    assert outcome(give_code(county, asked_for_code(county), codes[0], key)) == "wrong"


def test_without_a_second_factor_one_is_let_in_to_set_it_up(county: Engine) -> None:
    answer = give(county, " AINO ", PASSWORD)
    assert isinstance(answer, Entered)
    with read_session(county) as session:
        assert not sessions.session_of(session, answer.token).has_second_factor


def test_an_unknown_name_a_wrong_password_and_a_closed_account_get_the_same_answer(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        accounts.add(session, "uusi", "Uusi Esimerkki")
        accounts.disable(session, of(session, "eero"))
    answers = [
        give(county, login, password)
        for login, password in (
            ("nobody", PASSWORD),
            ("aino", OTHER_PASSWORD),
            ("eero", PASSWORD),
            ("uusi", PASSWORD),
            ("\x00", PASSWORD),
            ("", ""),
        )
    ]
    assert len(set(map(str, answers))) == 1
    assert isinstance(answers[0], TurnedAway)
    assert (str(answers[0].problem), answers[0].retry_at) == (WRONG, None)


@pytest.mark.parametrize("login", ["nobody", "aino", "eero", "uusi", "\x00 no name"])
def test_every_wrong_attempt_costs_the_same_hash(
    sqlite_county: Engine, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    with write_session(sqlite_county, actor="test") as session:
        accounts.add(session, "uusi", "Uusi Esimerkki")
        accounts.disable(session, of(session, "eero"))
    computed = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        computed.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    give(sqlite_county, login, OTHER_PASSWORD)
    assert [stored[:30] for stored in computed] == ["$argon2id$v=19$m=19456,t=2,p=1"]


def test_an_outdated_hash_is_made_anew_at_the_sign_in(county: Engine) -> None:
    weaker = argon2.PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD)
    with write_session(county, actor="test") as session:
        of(session, "aino").password_hash = weaker
    assert outcome(give(county, "aino", "wrong")) == "wrong"
    with read_session(county) as session:
        assert of(session, "aino").password_hash == weaker
    assert outcome(give(county, "aino", PASSWORD)) == "in"
    with read_session(county) as session:
        assert str(of(session, "aino").password_hash).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert outcome(give(county, "aino", PASSWORD)) == "in"


def test_the_second_step_lasts_five_minutes(
    county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
    token = asked_for_code(county)
    later(monkeypatch, minutes=5)
    answer = give_code(county, token, app.at(clock.now()), key)
    assert isinstance(answer, TurnedAway)
    assert "The sign-in took more than five minutes, or was not begun here. Begin" in str(answer.problem)


@pytest.mark.parametrize("change", ["password", "closed", "factors"])
def test_a_step_under_way_is_broken_off_when_the_account_changes(
    county: Engine, key: SecretKey, change: str
) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
    token = asked_for_code(county)
    with write_session(county, actor="test") as session:
        aino = of(session, "aino")
        match change:
            case "password":
                accounts.set_password(session, aino, OTHER_PASSWORD)
            case "closed":
                accounts.disable(session, aino)
            case "factors":
                signing_in.drop_second_factors(session, aino)
    assert outcome(give_code(county, token, app.at(clock.now()), key)) == "wrong"


def test_lost_factors_are_dropped_and_the_next_sign_in_sets_up_anew(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        with_app(session, "aino", key)
        token = entered(session, "aino")
        signing_in.drop_second_factors(session, of(session, "aino"))
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, token)
        assert recovery.left(session, of(session, "aino")) == 0
    assert outcome(give(county, "aino", PASSWORD)) == "in"


def test_proof_is_given_with_the_password_or_a_code_and_changes_the_token(
    county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
        token = entered(session, "aino")
        for with_code in (False, True):
            later(monkeypatch, minutes=1)
            secret = app.at(clock.now()) if with_code else PASSWORD
            who = sessions.session_of(session, token)
            answer = proving.with_secret(session, who, secret, caller=OFFICE, key=key)
            assert isinstance(answer, Entered)
            with pytest.raises(SignInNeeded):
                sessions.session_of(session, token)
            token = answer.token
        who = sessions.session_of(session, token)
        for secret in (OTHER_PASSWORD, "000000", app.at(clock.now())):
            answer = proving.with_secret(session, who, secret, caller=OFFICE, key=key)
            assert isinstance(answer, TurnedAway)
            assert "The password or the code is not right, or the code has been used" in str(answer.problem)


# Limits.


def test_ten_wrong_passwords_in_five_minutes_close_an_account_for_a_while(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [give(county, "aino", "wrong", Caller(f"192.0.2.{n}")) for n in range(12)]
    assert [outcome(one) for one in answers] == ["wrong"] * 10 + ["wait"] * 2
    last = answers[-1]
    assert isinstance(last, TurnedAway)
    # 10:46 and five minutes.
    assert str(last.problem) == (
        "Sign-in: There have been too many failed attempts. "
        "Try again at 22.11.2026 10.51, or sign in with a passkey."
    )
    # The right password is not even looked at, whatever the address; other accounts are let in.
    assert outcome(give(county, "aino", PASSWORD, ELSEWHERE)) == "wait"
    assert outcome(give(county, "eero", PASSWORD)) == "in"
    later(monkeypatch, minutes=5, microseconds=-1)
    assert outcome(give(county, "aino", PASSWORD)) == "wait"
    later(monkeypatch, microseconds=1)
    assert outcome(give(county, "aino", PASSWORD)) == "in"


def test_attempts_that_were_turned_away_at_once_do_not_lengthen_the_wait(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(10):
        give(county, "aino", "wrong", Caller(f"192.0.2.{n}"))
    for _ in range(4):
        later(monkeypatch, minutes=1)
        assert outcome(give(county, "aino", "wrong", ELSEWHERE)) == "wait"
    later(monkeypatch, minutes=1)
    assert outcome(give(county, "aino", PASSWORD)) == "in"


def test_the_wait_is_told_in_full_minutes_that_are_not_too_early(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, seconds=20)
    for n in range(9):
        give(county, "aino", "wrong", Caller(f"192.0.2.{n}"))
    answer = give(county, "aino", "wrong", ELSEWHERE)
    assert isinstance(answer, TurnedAway)
    assert answer.retry_at is not None
    assert answer.retry_at.isoformat() == "2026-11-22T08:52:00+00:00"


def test_unknown_names_are_limited_as_known_ones_are(county: Engine) -> None:
    answers = [give(county, "Nobody", "wrong", Caller(f"192.0.2.{n}")) for n in range(11)]
    assert [outcome(one) for one in answers] == ["wrong"] * 10 + ["wait"]


def test_an_address_has_twenty_failures_an_hour_over_all_names(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [give(county, f"name{n}", "wrong") for n in range(21)]
    assert [outcome(one) for one in answers] == ["wrong"] * 20 + ["wait"]
    assert outcome(give(county, "aino", PASSWORD)) == "wait"
    assert outcome(give(county, "aino", PASSWORD, ELSEWHERE)) == "in"
    later(monkeypatch, hours=1)
    assert outcome(give(county, "aino", PASSWORD)) == "in"


def test_addresses_of_one_ipv6_network_count_as_one(county: Engine) -> None:
    answers = [give(county, f"name{n}", "wrong", Caller(f"2001:db8::{n:x}")) for n in range(21)]
    assert [outcome(one) for one in answers] == ["wrong"] * 20 + ["wait"]


def test_those_who_sign_in_rightly_are_not_counted(county: Engine) -> None:
    assert [outcome(give(county, "aino", PASSWORD)) for _ in range(25)] == ["in"] * 25


def test_all_together_have_a_thousand_failures_in_five_minutes(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        at = clock.now()
        session.add_all(
            LoginAttempt(at=at, step="password", account_key=None, address=f"10.0.{n // 250}.{n % 250}")
            for n in range(999)
        )
    assert outcome(give(county, "nobody", "wrong")) == "wrong"
    assert outcome(give(county, "aino", PASSWORD)) == "wait"


@pytest.mark.slow
def test_codes_are_limited_by_account_and_by_day(
    county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
    tried = []
    for turn in range(4):
        token = asked_for_code(county)
        for n in range(11):
            tried.append(outcome(give_code(county, token, "000000", key, Caller(f"10.{turn}.0.{n}"))))
        later(monkeypatch, minutes=6)
    # Ten in each five minutes, thirty in a day.
    assert tried == (["wrong"] * 10 + ["wait"]) * 3 + ["wait"] * 11
    # Whoever knows the password has used up the codes, and cannot shut the first step with them.
    token = asked_for_code(county)
    assert outcome(give_code(county, token, app.at(clock.now()), key)) == "wait"
    later(monkeypatch, days=1)
    token = asked_for_code(county)
    assert outcome(give_code(county, token, app.at(clock.now()), key)) == "in"


def test_a_clock_that_was_ahead_locks_nobody_out(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, days=2)
    for n in range(10):
        give(county, "aino", "wrong", Caller(f"192.0.2.{n}"))
    later(monkeypatch, days=-2)
    assert outcome(give(county, "aino", PASSWORD)) == "in"


def test_old_failures_are_forgotten(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    give(county, "aino", "wrong")
    later(monkeypatch, days=1, seconds=1)
    give(county, "eero", "wrong")
    with read_session(county) as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 1


def test_what_was_typed_as_a_name_is_not_kept(county: Engine) -> None:
    give(county, "vihreä-tuoli-laulaa", "aino")
    with county.connect() as connection:
        kept = connection.execute(text("SELECT * FROM login_attempt")).all()
        trail = connection.execute(text("SELECT * FROM audit_entry WHERE actor = 'sign-in'")).all()
    assert "vihreä" not in str(kept)
    assert trail == []


def test_the_limit_holds_over_two_programs(county: Engine, database_url: str) -> None:
    other = make_engine(database_url)
    answers = [
        outcome(give(engine, "aino", "wrong", Caller(f"192.0.2.{n}")))
        for n in range(6)
        for engine in (county, other)
    ]
    other.dispose()
    assert answers == ["wrong"] * 10 + ["wait"] * 2


def test_parallel_guesses_are_counted_one_by_one(county: Engine) -> None:
    answers: list[str] = []
    barrier = threading.Barrier(16)

    def guess(number: int) -> None:
        barrier.wait()
        answers.append(outcome(give(county, "aino", "wrong", Caller(f"192.0.2.{number}"))))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["wait"] * 6 + ["wrong"] * 10


def test_of_several_who_use_one_code_at_once_one_is_let_in(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
    tokens = [asked_for_code(county) for _ in range(8)]
    code, answers = app.at(clock.now()), []
    barrier = threading.Barrier(8)

    def use(token: str) -> None:
        barrier.wait()
        answers.append(outcome(give_code(county, token, code, key)))

    threads = [threading.Thread(target=use, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["in"] + ["wrong"] * 7
    with read_session(county) as session:
        methods = session.scalars(select(LoginSession.method).where(LoginSession.ended_at.is_(None))).all()
    assert methods.count(SignInMethod.TOTP) == 2  # the one who set the app up, and the one let in


def test_a_password_that_changes_during_a_sign_in_leaves_no_session_behind(county: Engine) -> None:
    answers = []
    stranger = threading.Thread(target=lambda: answers.append(outcome(give(county, "aino", PASSWORD))))
    with write_session(county, actor="test") as session:
        accounts.set_password(session, of(session, "aino"), OTHER_PASSWORD)
        stranger.start()
        wait_until_blocked(county)
    stranger.join()
    assert answers == ["wrong"]
    with read_session(county) as session:
        assert sessions.listed(session, of(session, "aino")) == []


def test_a_session_that_is_made_while_the_password_changes_is_ended_by_the_change(county: Engine) -> None:
    def change() -> None:
        with write_session(county, actor="test") as session:
            accounts.set_password(session, of(session, "aino"), OTHER_PASSWORD)

    owner = threading.Thread(target=change)
    with write_session(county, actor="sign-in") as session:
        answer = signing_in.give_password(session, "aino", PASSWORD, caller=OFFICE)
        assert isinstance(answer, Entered)
        owner.start()
        wait_until_blocked(county)
    owner.join()
    with read_session(county) as session, pytest.raises(SignInNeeded):
        sessions.session_of(session, answer.token)


def test_what_was_asked_for_one_purpose_answers_no_other(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
        who = signed_in(session, "aino")
        registration = passkeys.registration_options(session, who, party=PARTY).token
        sign_in = passkeys.sign_in_options(session, party=PARTY).token
    # Otherwise a code alone would sign in, without the password.
    for token in (registration, sign_in):
        assert outcome(give_code(county, token, app.at(clock.now()), key)) == "wrong"
    assert outcome(give_code(county, asked_for_code(county), app.at(clock.now()), key)) == "in"


@pytest.mark.slow
def test_whatever_is_typed_is_answered(sqlite_county: Engine, key: SecretKey) -> None:
    @settings(max_examples=40, deadline=None)
    @given(st.text(max_size=40), st.text(max_size=40))
    def typed(login: str, secret: str) -> None:
        with write_session(sqlite_county, actor="sign-in") as session:
            throttle.forgive(session, accounts.login_form(login))
            session.execute(text("DELETE FROM login_attempt"))
            answer = signing_in.give_password(session, login, secret, caller=Caller(login, secret))
            assert outcome(answer) == "wrong"
            assert isinstance(
                signing_in.give_code(session, login, secret, caller=OFFICE, key=key), TurnedAway
            )
            who = signed_in(session, "aino")
            assert isinstance(proving.with_secret(session, who, secret, caller=OFFICE, key=key), TurnedAway)

    typed()
