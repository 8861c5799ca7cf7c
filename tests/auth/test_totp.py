import threading
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from prep import clock
from prep.auth import recovery, sessions, totp
from prep.auth.secret_key import SecretKey
from prep.db import read_session, write_session
from prep.errors import ProofNeeded, Refused, SignInNeeded
from prep.models import RecoveryCode, SecondFactor
from prep.terms import SignInMethod
from tests.auth.actors import entered, later, of, signed_in, wait_until_blocked, with_app


def set_up(engine: Engine, key: SecretKey, login: str = "aino") -> pyotp.TOTP:
    with write_session(engine, actor="test") as session:
        return with_app(session, login, key)


def accepted(engine: Engine, code: str, key: SecretKey, login: str = "aino") -> bool:
    with write_session(engine, actor="test") as session:
        return totp.verify(session, of(session, login), code, key=key)


def test_the_code_is_that_of_the_standard(
    sqlite_county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    # RFC 6238, appendix B: secret "12345678901234567890", 1 111 111 109 s, SHA-1: 07081804, of which six digits.
    set_up(sqlite_county, key)
    with write_session(sqlite_county, actor="test") as session:
        factor = session.scalars(select(SecondFactor)).one()
        factor.secret = key.encrypt("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", bound_to=f"totp {factor.account_id}")
        factor.last_step = None
    monkeypatch.setenv("PREP_NOW", "2005-03-18T01:58:29+00:00")
    assert accepted(sqlite_county, "081804", key)


def test_an_app_is_set_up_with_its_first_code(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        who = signed_in(session, "aino", method=SignInMethod.PASSWORD)
        elsewhere = entered(session, "aino")
        enrolment = totp.enrol(session, who, key=key)
        assert "secret=" + enrolment.secret in enrolment.address
        assert enrolment.address.startswith("otpauth://totp/prep:aino?")
        app = pyotp.TOTP(enrolment.secret)
        assert not totp.is_set_up(session, who.account)
        assert not totp.verify(session, who.account, app.at(clock.now()), key=key)
        done = totp.confirm(session, who, app.at(clock.now()), key=key)
        assert totp.is_set_up(session, who.account)
        assert len(set(done.recovery_codes)) == 10
        # From now on more than a password was shown, under a new token, and only here.
        assert sessions.session_of(session, done.entered.token).has_second_factor
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, elsewhere)
    assert enrolment.secret not in repr(enrolment)
    assert not any(code in repr(done) for code in done.recovery_codes)


def test_the_secret_is_encrypted_in_the_database(county: Engine, key: SecretKey) -> None:
    app = set_up(county, key)
    with read_session(county) as session:
        assert app.secret not in session.scalars(select(SecondFactor.secret)).one()


def test_a_wrong_first_code_sets_nothing_up(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        who = signed_in(session, "aino", method=SignInMethod.PASSWORD)
        totp.enrol(session, who, key=key)
        with pytest.raises(
            Refused, match=r"The code is not the one that the app should show now\. Check that"
        ):
            totp.confirm(session, who, "000000", key=key)
        assert not totp.is_set_up(session, who.account)


def test_setting_up_begins_again_with_a_new_secret_until_it_is_confirmed(
    county: Engine, key: SecretKey
) -> None:
    with write_session(county, actor="test") as session:
        who = signed_in(session, "aino", method=SignInMethod.PASSWORD)
        old, new = (pyotp.TOTP(totp.enrol(session, who, key=key).secret) for _ in range(2))
        with pytest.raises(Refused):
            totp.confirm(session, who, old.at(clock.now()), key=key)
        totp.confirm(session, who, new.at(clock.now()), key=key)
        with pytest.raises(Refused, match=r"An app is set up already\. Remove it first"):
            totp.enrol(session, who, key=key)
        with pytest.raises(Refused, match=r"No app is being set up\. Begin again"):
            totp.confirm(session, who, new.at(clock.now()), key=key)


def test_factors_are_changed_only_with_fresh_proof(
    county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session(county, actor="test") as session:
        token = entered(session, "aino")
        later(monkeypatch, minutes=16)
        who = sessions.session_of(session, token)
        with pytest.raises(ProofNeeded):
            totp.enrol(session, who, key=key)
        with pytest.raises(ProofNeeded):
            totp.confirm(session, who, "123456", key=key)
        with pytest.raises(ProofNeeded):
            totp.remove(session, who)


@pytest.mark.parametrize(("steps", "expected"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_half_a_minute_before_and_after_its_time(
    sqlite_county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch, steps: int, *, expected: bool
) -> None:
    app = set_up(sqlite_county, key)
    later(monkeypatch, minutes=10)
    assert accepted(sqlite_county, app.at(clock.now() + timedelta(seconds=30 * steps)), key) is expected


@pytest.mark.parametrize(
    "again",
    ["{0}", "{0} ", "{1} {2}", "{1}-{2}", "{1}\u00a0{2}", "\t{1}\u2013{2}\n", "{1}\u2011{2}", "\uff0d{0}"],
)
def test_a_code_is_good_once_in_whatever_dress(sqlite_county: Engine, key: SecretKey, again: str) -> None:
    app = set_up(sqlite_county, key)
    code = app.at(clock.now())
    assert accepted(sqlite_county, code, key)
    assert not accepted(sqlite_county, again.format(code, code[:3], code[3:]), key)


@pytest.mark.parametrize("first", ["{0} ", "{1} {2}", "{1}-{2}", "{1}\u00a0{2}"])
def test_a_code_may_be_typed_with_spaces_and_dashes(
    sqlite_county: Engine, key: SecretKey, first: str
) -> None:
    app = set_up(sqlite_county, key)
    code = app.at(clock.now())
    assert accepted(sqlite_county, first.format(code, code[:3], code[3:]), key)
    assert not accepted(sqlite_county, code, key)


def test_an_older_code_is_refused_after_a_newer(
    county: Engine, key: SecretKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = set_up(county, key)
    later(monkeypatch, minutes=10)
    older, newer = app.at(clock.now()), app.at(clock.now() + timedelta(seconds=30))
    assert accepted(county, newer, key)
    assert not accepted(county, older, key)


def test_the_code_that_set_the_app_up_does_not_sign_in(county: Engine, key: SecretKey) -> None:
    app = set_up(county, key)
    assert not accepted(county, app.at(clock.now() - timedelta(seconds=30)), key)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\ud800", "12345\x00", "½½½½½½"]
)
def test_what_is_no_code_is_refused(sqlite_county: Engine, key: SecretKey, code: str) -> None:
    set_up(sqlite_county, key)
    assert not accepted(sqlite_county, code, key)


def test_a_code_of_another_account_is_refused(county: Engine, key: SecretKey) -> None:
    set_up(county, key)
    eero = set_up(county, key, "eero")
    assert not accepted(county, eero.at(clock.now()), key)
    assert not accepted(county, eero.at(clock.now()), key, "outi")


def test_of_twenty_who_use_one_code_at_once_one_is_let_in(county: Engine, key: SecretKey) -> None:
    app = set_up(county, key)
    code, results = app.at(clock.now()), []
    barrier = threading.Barrier(20)

    def use() -> None:
        barrier.wait()
        results.append(accepted(county, code, key))

    threads = [threading.Thread(target=use) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (results.count(True), results.count(False)) == (1, 19)


def test_a_code_that_is_being_used_is_not_used_by_another(county: Engine, key: SecretKey) -> None:
    app = set_up(county, key)
    code, results = app.at(clock.now()), []
    second = threading.Thread(target=lambda: results.append(accepted(county, code, key)))
    with write_session(county, actor="test") as session:
        assert totp.verify(session, of(session, "aino"), code, key=key)
        second.start()
        wait_until_blocked(county)
    second.join()
    assert results == [False]


def test_a_removed_app_opens_nothing_and_ends_other_sessions(county: Engine, key: SecretKey) -> None:
    app = set_up(county, key)
    with write_session(county, actor="test") as session:
        who, elsewhere = signed_in(session, "aino"), entered(session, "aino")
        totp.remove(session, who)
        assert not totp.verify(session, who.account, app.at(clock.now()), key=key)
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, elsewhere)


@given(
    st.text(),
    st.text(alphabet=" -\u00a0\u2009\u2010\u2011\u2013\u2014\uff0d\t", max_size=3),
    st.integers(0, 6),
)
def test_dress_does_not_change_the_plain_form_of_a_code(typed: str, dress: str, at: int) -> None:
    assert totp.plain_form("123456"[:at] + dress + "123456"[at:]) == "123456"
    assert not set(totp.plain_form(typed)) & {" ", "-"}


# Recovery codes.


def test_a_recovery_code_is_good_once(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        aino = of(session, "aino")
        codes = recovery.renew(session, aino)
        assert recovery.left(session, aino) == 10
        assert all(len(code) == 11 and code[5] == "-" for code in codes)
        assert recovery.use(session, aino, totp.plain_form(codes[3].lower()))
        assert not recovery.use(session, aino, totp.plain_form(codes[3]))
        assert recovery.left(session, aino) == 9
        assert recovery.use(session, aino, totp.plain_form(codes[4]))


def test_of_several_who_use_one_recovery_code_at_once_one_is_let_in(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        code = totp.plain_form(recovery.renew(session, of(session, "aino"))[0])
    results = []
    barrier = threading.Barrier(5)

    def use() -> None:
        barrier.wait()
        with write_session(county, actor="test") as session:
            results.append(recovery.use(session, of(session, "aino"), code))

    threads = [threading.Thread(target=use) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (results.count(True), results.count(False)) == (1, 4)


def test_a_recovery_code_is_its_own_accounts_only(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        code = totp.plain_form(recovery.renew(session, of(session, "aino"))[0])
        recovery.renew(session, of(session, "eero"))
        assert not recovery.use(session, of(session, "eero"), code)
        assert not recovery.use(session, of(session, "outi"), code)


@pytest.mark.parametrize("code", ["", "A" * 9, "A" * 11, "\ud800" * 10])
def test_what_is_no_recovery_code_is_refused(sqlite_county: Engine, code: str) -> None:
    with write_session(sqlite_county, actor="test") as session:
        recovery.renew(session, of(session, "aino"))
        assert not recovery.use(session, of(session, "aino"), code)


def test_new_recovery_codes_void_the_old(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        aino = of(session, "aino")
        old = recovery.renew(session, aino)
        recovery.renew(session, aino)
        assert not recovery.use(session, aino, totp.plain_form(old[0]))
        assert recovery.left(session, aino) == 10


def test_recovery_codes_are_kept_as_slow_hashes(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        codes = recovery.renew(session, of(session, "aino"))
        kept = session.execute(select(RecoveryCode.hash, RecoveryCode.salt)).all()
    plain = {totp.plain_form(code) for code in codes}
    assert len({row.hash for row in kept}) == 10
    assert all(len(row.hash) == 64 and len(row.salt) == 32 for row in kept)
    assert not any(code in str(kept) for code in plain)
