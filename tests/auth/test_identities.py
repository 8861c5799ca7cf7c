"""Which account somebody enters by the word of the organisation's service, and who may bind it."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from prep import clock
from prep.auth import accounts, identities, proving, sessions, signing_in, ways
from prep.auth.identities import Said
from prep.auth.secret_key import SecretKey
from prep.auth.sessions import Entered
from prep.auth.signing_in import CodeAsked
from prep.auth.turning_away import TurnedAway
from prep.db import read_session, write_session
from prep.errors import NotFound, ProofNeeded, Refused, SignInNeeded
from prep.models import Identity
from prep.terms import SignInMethod
from tests.auth.actors import OFFICE, entered, later, of, signed_in, with_app

ISSUER = "https://login.kunta.example/realms/kunta"


def word(subject: str = "a1", *, issuer: str = ISSUER, is_strong: bool = False, name: str = "aino.e") -> Said:
    return Said(issuer, subject, name, is_strong, clock.now())


def bound(engine: Engine, login: str = "aino", subject: str = "a1") -> None:
    with write_session(engine, actor="command: identity bind") as session:
        identities.bind(session, of(session, login), issuer=ISSUER, subject=subject)


def give(engine: Engine, said: Said) -> CodeAsked | Entered | TurnedAway:
    with write_session(engine, actor="sign-in") as session:
        return signing_in.give_identity(session, said, caller=OFFICE)


def events(engine: Engine, *actions: str) -> list[tuple[str, str, dict[str, object]]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text('SELECT action, table_name, "values" FROM audit_entry ORDER BY seq')
        ).all()
    return [(action, table, json.loads(values)) for action, table, values in rows if action in actions]


def test_a_service_that_is_trusted_with_the_second_factor_signs_in_alone(county: Engine) -> None:
    bound(county)
    answer = give(county, word(is_strong=True))
    assert isinstance(answer, Entered)
    with read_session(county) as session:
        who = sessions.session_of(session, answer.token)
        assert (who.account.login, who.login_session.method) == ("aino", SignInMethod.PROVIDER)
        assert who.has_second_factor
        # What the service now calls the person is kept, so that an administrator knows them again.
        identity = identities.find(session, issuer=ISSUER, subject="a1")
        assert (identity.name, identity.last_used_at) == ("aino.e", clock.now())
    assert events(county, "sign_in")[0][2] == {
        "login": "aino",
        "method": "provider",
        "address": "192.0.2.7",
        "agent": "Firefox, Linux",
    }


def test_without_that_the_account_s_own_second_factor_is_asked_for(county: Engine, key: SecretKey) -> None:
    bound(county)
    with write_session(county, actor="test") as session:
        app = with_app(session, "aino", key)
    asked = give(county, word())
    assert isinstance(asked, CodeAsked)
    with write_session(county, actor="sign-in") as session:
        answer = signing_in.give_code(session, asked.token, app.at(clock.now()), caller=OFFICE, key=key)
        assert isinstance(answer, Entered)


def test_without_any_second_factor_one_is_let_in_to_set_it_up(county: Engine) -> None:
    bound(county)
    answer = give(county, word())
    assert isinstance(answer, Entered)
    with read_session(county) as session:
        who = sessions.session_of(session, answer.token)
        assert who.login_session.method is SignInMethod.PROVIDER_ALONE
        assert not who.has_second_factor


@pytest.mark.parametrize(
    "said",
    [
        word("unknown", is_strong=True),
        word(issuer="https://evil.example", is_strong=True),
        word("A1", is_strong=True),
        word("aino", is_strong=True, name="aino"),
    ],
    ids=["unknown subject", "other issuer", "other letters", "the same name"],
)
def test_nobody_enters_who_is_not_bound_whatever_they_are_called(county: Engine, said: Said) -> None:
    bound(county)
    answer = give(county, said)
    assert isinstance(answer, TurnedAway)
    # Whoever asks is told their own subject, by which an administrator can bind them.
    assert str(answer.problem) == (
        "Sign-in: The organisation’s account is bound to no open account here. Sign in with the name and the "
        "password and bind it on your own page, or give the administrator of accounts this subject: "
        f"{said.subject}"
    )
    assert events(county, "refused") == [
        ("refused", "", {"step": "provider", "address": "192.0.2.7", "why": "not bound"})
    ]


def test_a_closed_account_gets_the_same_answer_as_one_that_is_not_bound(county: Engine) -> None:
    bound(county)
    with write_session(county, actor="test") as session:
        accounts.disable(session, of(session, "aino"))
    answers = [give(county, word(is_strong=True)), give(county, word("a1 "))]
    assert all(isinstance(one, TurnedAway) for one in answers)
    assert str(answers[0].problem) == str(answers[1].problem).replace("a1 ", "a1")  # type: ignore[union-attr]
    assert [table for _, table, _ in events(county, "refused")] == ["account", ""]


def test_the_owner_binds_with_fresh_proof_and_is_signed_out_elsewhere(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session(county, actor="account: aino") as session:
        here, there = entered(session, "aino"), entered(session, "aino")
        made = identities.bind_own(session, sessions.session_of(session, here), word())
        for old in (here, there):
            with pytest.raises(SignInNeeded):
                sessions.session_of(session, old)
        later(monkeypatch, minutes=16)
        who = sessions.session_of(session, made.token)
        with pytest.raises(ProofNeeded):
            identities.bind_own(session, who, word("b2"))
        with pytest.raises(ProofNeeded):
            identities.unbind_own(session, who, ways.ways_of(session, who.account).identities[0])
    added = [values for action, table, values in events(county, "insert") if table == "identity"]
    assert [one["after"]["subject"] for one in added] == ["a1"]  # type: ignore[index]


def test_a_subject_is_bound_once(county: Engine) -> None:
    bound(county)
    with write_session(county, actor="test") as session:
        for login in ("aino", "eero"):
            with pytest.raises(
                Refused, match=r"The subject \(sub\): “a1” It is bound to an account already\. Remove it"
            ):
                identities.bind(session, of(session, login), issuer=ISSUER, subject="a1")
            with pytest.raises(Refused, match="It is bound to an account already"):
                identities.bind_own(session, signed_in(session, login), word())
        # The same at another service is somebody else.
        identities.bind(session, of(session, "eero"), issuer="https://other.example", subject="a1")


@pytest.mark.parametrize("subject", ["", " a1", "a1\n", "x" * 256, "a\x00b", "a\u202eb"])
def test_a_subject_that_no_service_gives_is_refused(county: Engine, subject: str) -> None:
    with write_session(county, actor="test") as session:
        with pytest.raises(
            Refused, match=r"The subject \(sub\): .*It has 1 to 255 signs that can be printed"
        ):
            identities.bind(session, of(session, "aino"), issuer=ISSUER, subject=subject)
        with pytest.raises(Refused, match="The issuer: It has 1 to 500 signs"):
            identities.bind(session, of(session, "aino"), issuer="", subject="a1")


def test_what_is_unbound_opens_nothing_and_ends_what_it_opened(county: Engine) -> None:
    bound(county)
    first = give(county, word(is_strong=True))
    assert isinstance(first, Entered)
    with write_session(county, actor="test") as session:
        identities.unbind(session, identities.find(session, issuer=ISSUER, subject="a1"))
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, first.token)
        with pytest.raises(
            NotFound, match=r"The subject \(sub\): “a1” It is bound to no account\. “prep identity list”"
        ):
            identities.find(session, issuer=ISSUER, subject="a1")
    assert isinstance(give(county, word(is_strong=True)), TurnedAway)
    assert [table for _, table, _ in events(county, "delete")] == ["identity"]


def test_the_owner_unbinds_what_is_their_own_and_not_the_last_way_in(county: Engine) -> None:
    bound(county)
    bound(county, "eero", "e1")
    with write_session(county, actor="test") as session:
        aino = signed_in(session, "aino")
        own, foreign = (identities.find(session, issuer=ISSUER, subject=subject) for subject in ("a1", "e1"))
        with pytest.raises(ValueError, match="an identity is removed by its owner"):
            identities.unbind_own(session, aino, foreign)
        kept = aino.account.password_hash
        aino.account.password_hash = None
        with pytest.raises(Refused, match="It is the only one that the account has: without it nobody could"):
            identities.unbind_own(session, aino, own)
        aino.account.password_hash = kept
        identities.unbind_own(session, aino, own)
        assert session.query(Identity).count() == 1
        # Here one stays signed in.
        assert sessions.listed(session, aino.account) == [aino.login_session]


# Proof.


def prove(engine: Engine, held: str, said: Said, *, since: timedelta = timedelta()) -> Entered | TurnedAway:
    with write_session(engine, actor="account: aino") as session:
        who = sessions.session_of(session, held)
        return proving.with_identity(session, who, said, since=clock.now() + since, caller=OFFICE)


def test_signing_in_there_anew_proves_once_more_who_one_is(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound(county)
    with write_session(county, actor="test") as session:
        held = entered(session, "aino")
    later(monkeypatch, minutes=16)
    proven = prove(county, held, word())
    assert isinstance(proven, Entered)
    with read_session(county) as session:
        assert sessions.session_of(session, proven.token).is_proof_fresh


@pytest.mark.parametrize("what", ["another person", "not bound", "not anew", "not said"])
def test_what_is_no_new_sign_in_of_the_owner_proves_nothing(county: Engine, what: str) -> None:
    bound(county)
    bound(county, "eero", "e1")
    with write_session(county, actor="test") as session:
        held = entered(session, "aino")
    said = {
        "another person": word("e1"),
        "not bound": word("zz"),
        "not anew": word(),
        "not said": Said(ISSUER, "a1", "", is_strong=True, authenticated_at=None),
    }[what]
    # Asked two minutes after the sign-in there: it is the old one.
    since = timedelta(minutes=2) if what == "not anew" else timedelta()
    answer = prove(county, held, said, since=since)
    assert isinstance(answer, TurnedAway)
    assert "It was somebody else who signed in there, or nobody did so anew." in str(answer.problem)
    assert [values["why"] for _, _, values in events(county, "refused")] == ["proof"]
    with read_session(county) as session:
        sessions.session_of(session, held)


def test_answers_that_are_not_believed_are_counted_and_written_down_with_their_reason(county: Engine) -> None:
    answers = []
    for _ in range(20):
        with write_session(county, actor="page: sign-in") as session:
            answers.append(signing_in.mistrust(session, "identity: nonce", caller=OFFICE))
    assert [one.retry_at is None for one in answers] == [True] * 19 + [False]
    noted = events(county, "refused", "throttled")
    assert noted[0][2] == {"step": "provider", "address": "192.0.2.7", "why": "identity: nonce"}
    assert noted[-1][0] == "throttled"
    with write_session(county, actor="page: sign-in") as session:
        before = len(events(county, "refused"))
        signing_in.mistrust(session, None, caller=OFFICE)
    # What was not even begun here is counted only: anybody can send any number of it.
    assert len(events(county, "refused")) == before
