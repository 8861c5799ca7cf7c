import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from webauthn.helpers import bytes_to_base64url

from prep.auth import passkeys, proving, sessions, signing_in, turning_away
from prep.auth.passkeys import Asked
from prep.auth.sessions import Entered, SignedIn
from prep.auth.signing_in import CodeAsked
from prep.auth.turning_away import TurnedAway
from prep.db import read_session, write_session
from prep.errors import ProofNeeded, Refused, SignInNeeded
from prep.models import Passkey
from prep.terms import SignInMethod, SignInStep
from tests.auth.actors import ELSEWHERE, OFFICE, PASSWORD, entered, later, of, signed_in
from tests.auth.device import PARTY, Device

NOT_ACCEPTED = "The passkey was not accepted. Try again, or sign in with the name and the password."


def keep(engine: Engine, device: Device, login: str = "aino") -> None:
    with write_session(engine, actor="test") as session:
        who = signed_in(session, login, method=SignInMethod.PASSWORD)
        asked = passkeys.registration_options(session, who, party=PARTY)
        passkeys.register(
            session, who, asked.token, device.registered(asked.options), name="work phone", party=PARTY
        )


def ask(engine: Engine) -> Asked:
    with write_session(engine, actor="test") as session:
        return passkeys.sign_in_options(session, party=PARTY)


def answer(engine: Engine, asked: Asked, given_answer: str) -> Entered | TurnedAway:
    with write_session(engine, actor="test") as session:
        return signing_in.give_passkey(session, asked.token, given_answer, caller=OFFICE, party=PARTY)


def test_a_passkey_signs_in_alone(county: Engine) -> None:
    device = Device()
    keep(county, device)
    asked = ask(county)
    made = answer(county, asked, device.signed(asked.options))
    assert isinstance(made, Entered)
    with read_session(county) as session:
        who = sessions.session_of(session, made.token)
        assert (who.account.login, who.has_second_factor) == ("aino", True)
        assert session.scalars(select(Passkey)).one().last_used_at is not None


def test_the_browser_is_asked_for_an_owner_who_is_verified(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        who = signed_in(session, "aino")
        options = json.loads(passkeys.registration_options(session, who, party=PARTY).options)
        assert options["rp"] == {"id": "prep.example", "name": "prep"}
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert options["authenticatorSelection"]["residentKey"] == "required"
        # What the device keeps of the account is random: it names nobody.
        assert options["user"]["id"] == who.account.passkey_handle
        options = json.loads(passkeys.sign_in_options(session, party=PARTY).options)
        assert options["userVerification"] == "required"
        assert options["allowCredentials"] == []


def test_keeping_a_passkey_gives_recovery_codes_once_and_ends_other_sessions(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        token, elsewhere = entered(session, "aino"), entered(session, "aino")
        codes = []
        for device in (Device(), Device()):
            who = sessions.session_of(session, token)
            asked = passkeys.registration_options(session, who, party=PARTY)
            done = passkeys.register(
                session, who, asked.token, device.registered(asked.options), name="key", party=PARTY
            )
            codes.append(len(done.recovery_codes))
            token = done.entered.token
        assert codes == [10, 0]
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, elsewhere)
        asked = passkeys.registration_options(session, sessions.session_of(session, token), party=PARTY)
        assert len(json.loads(asked.options)["excludeCredentials"]) == 2


@pytest.mark.parametrize(
    "device",
    [
        Device(origin="https://prep.example.evil.example"),
        Device(origin="http://prep.example"),
        Device(party_id="evil.example"),
        Device(flags=0x01),
        Device(flags=0x04),
    ],
    ids=["origin", "no tls", "party", "owner not verified", "nobody present"],
)
def test_a_passkey_made_elsewhere_or_by_nobody_is_refused(sqlite_county: Engine, device: Device) -> None:
    with pytest.raises(
        Refused, match=r"The passkey: The device’s answer could not be verified\. Try again at"
    ):
        keep(sqlite_county, device)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("origin", "https://evil.example"),
        ("party_id", "evil.example"),
        ("flags", 0x01),
        ("flags", 0x04),
        ("handle", "AAAA"),
        ("private", Device().private),
        ("credential_id", b"unknown"),
        ("count", 5),
    ],
)
def test_a_signature_that_is_not_the_owners_here_and_now_is_turned_away(
    sqlite_county: Engine, attribute: str, value: object
) -> None:
    device = Device(count=5)
    keep(sqlite_county, device)
    asked = ask(sqlite_county)
    # A device that counts counts on; one that was copied does not.
    device.count = 6
    setattr(device, attribute, value)
    away = answer(sqlite_county, asked, device.signed(asked.options))
    assert isinstance(away, TurnedAway)
    assert str(away.problem) == f"Sign-in: {NOT_ACCEPTED}"


def test_a_device_that_counts_is_let_in_each_time(county: Engine) -> None:
    device = Device(count=2**32 - 3)
    keep(county, device)
    for _ in range(2):
        device.count += 1
        asked = ask(county)
        assert isinstance(answer(county, asked, device.signed(asked.options)), Entered)


def test_an_answer_is_good_once_and_for_five_minutes(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device()
    keep(county, device)
    asked = ask(county)
    signed = device.signed(asked.options)
    assert isinstance(answer(county, asked, signed), Entered)
    assert isinstance(answer(county, asked, signed), TurnedAway)
    asked = ask(county)
    later(monkeypatch, minutes=5)
    assert isinstance(answer(county, asked, device.signed(asked.options)), TurnedAway)


def test_an_answer_to_another_question_is_turned_away(county: Engine) -> None:
    device = Device()
    keep(county, device)
    one, other = ask(county), ask(county)
    assert isinstance(answer(county, one, device.signed(other.options)), TurnedAway)
    # The challenge of the first is used up, whatever the answer was.
    assert isinstance(answer(county, one, device.signed(one.options)), TurnedAway)


def test_a_registration_is_answered_in_the_session_that_asked(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device()
    with write_session(county, actor="test") as session:
        aino, eero = signed_in(session, "aino"), signed_in(session, "eero")
        asked = passkeys.registration_options(session, aino, party=PARTY)
        made = device.registered(asked.options)
        sign_in = passkeys.sign_in_options(session, party=PARTY)
        for who, token in ((eero, asked.token), (aino, "unknown"), (aino, sign_in.token)):
            with pytest.raises(Refused, match="It took more than five minutes, or was not begun here"):
                passkeys.register(session, who, token, made, name="phone", party=PARTY)
        later(monkeypatch, minutes=5)
        with pytest.raises(Refused, match="It took more than five minutes"):
            passkeys.register(session, aino, asked.token, made, name="phone", party=PARTY)


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\x00b"])
def test_a_passkey_has_a_name(sqlite_county: Engine, name: str) -> None:
    with write_session(sqlite_county, actor="test") as session:
        who = signed_in(session, "aino")
        asked = passkeys.registration_options(session, who, party=PARTY)
        with pytest.raises(Refused, match=r"It has a name of 1 to 100 letters\. Name it after the device"):
            passkeys.register(
                session, who, asked.token, Device().registered(asked.options), name=name, party=PARTY
            )


def test_a_known_passkey_is_kept_once(county: Engine) -> None:
    device = Device()
    keep(county, device)
    with pytest.raises(Refused, match=r"This passkey is known already\. Use another device\."):
        keep(county, device, "eero")


def test_a_passkey_of_a_closed_account_opens_nothing(county: Engine) -> None:
    device = Device()
    keep(county, device)
    with write_session(county, actor="test") as session:
        signing_in.accounts.disable(session, of(session, "aino"))
    asked = ask(county)
    assert isinstance(answer(county, asked, device.signed(asked.options)), TurnedAway)


def test_a_removed_passkey_opens_nothing(county: Engine) -> None:
    device = Device()
    keep(county, device)
    with write_session(county, actor="test") as session:
        who, other = signed_in(session, "aino"), signed_in(session, "eero")
        passkey = passkeys.listed(session, who.account)[0]
        with pytest.raises(ValueError, match="a passkey is removed by its owner"):
            passkeys.remove(session, other, passkey)
        passkeys.remove(session, who, passkey)
    asked = ask(county)
    assert isinstance(answer(county, asked, device.signed(asked.options)), TurnedAway)


def test_passkeys_are_changed_only_with_fresh_proof(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(county, Device())
    with write_session(county, actor="test") as session:
        token = entered(session, "aino")
        later(monkeypatch, minutes=16)
        who: SignedIn = sessions.session_of(session, token)
        with pytest.raises(ProofNeeded):
            passkeys.registration_options(session, who, party=PARTY)
        with pytest.raises(ProofNeeded):
            passkeys.register(session, who, "x", "{}", name="x", party=PARTY)
        with pytest.raises(ProofNeeded):
            passkeys.remove(session, who, passkeys.listed(session, who.account)[0])


def test_whoever_has_a_passkey_is_not_let_in_by_the_password_alone(county: Engine) -> None:
    keep(county, Device())
    with write_session(county, actor="test") as session:
        assert isinstance(signing_in.give_password(session, "aino", PASSWORD, caller=OFFICE), CodeAsked)


def noted(engine: Engine, *actions: str) -> list[tuple[str, str, dict[str, object]]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text('SELECT action, table_name, "values" FROM audit_entry ORDER BY seq')
        ).all()
    return [(action, table, json.loads(values)) for action, table, values in rows if action in actions]


def test_a_failed_signature_of_a_known_passkey_stands_in_the_trail(county: Engine) -> None:
    device = Device()
    keep(county, device)
    asked = ask(county)
    device.origin = "https://evil.example"
    answer(county, asked, device.signed(asked.options))
    assert noted(county, "refused") == [
        (
            "refused",
            "passkey",
            {"step": "passkey", "name": "work phone", "error": "InvalidAuthenticationResponse"},
        )
    ]


@pytest.mark.parametrize("count", [5, 4, 0])
def test_a_device_whose_count_goes_back_is_a_copy_and_stands_in_the_trail(county: Engine, count: int) -> None:
    device = Device(count=4)
    keep(county, device)
    device.count = 5
    asked = ask(county)
    assert isinstance(answer(county, asked, device.signed(asked.options)), Entered)
    # The copy was made before: it does not know how often the other one has been used since.
    device.count = count
    asked = ask(county)
    assert isinstance(answer(county, asked, device.signed(asked.options)), TurnedAway)
    assert noted(county, "refused") == [
        (
            "refused",
            "passkey",
            {"step": "passkey", "name": "work phone", "error": "sign count", "count": count, "known": 5},
        )
    ]
    # The one that counted on is let in as before.
    device.count = 6
    asked = ask(county)
    assert isinstance(answer(county, asked, device.signed(asked.options)), Entered)


def test_keeping_using_and_removing_a_passkey_stand_in_the_trail(county: Engine) -> None:
    device = Device()
    keep(county, device)
    asked = ask(county)
    answer(county, asked, device.signed(asked.options))
    with write_session(county, actor="account: aino") as session:
        who = signed_in(session, "aino")
        passkeys.remove(session, who, passkeys.listed(session, who.account)[0])
    events = noted(county, "insert", "used", "delete")
    assert [action for action, table, _ in events if table == "passkey"] == ["insert", "used", "delete"]
    assert (
        "used",
        "passkey",
        {"step": "passkey", "name": "work phone", "purpose": "passkey_sign_in"},
    ) in events


# Proof.


def prove(engine: Engine, held: str, asked: Asked, signed: str) -> Entered | TurnedAway:
    with write_session(engine, actor="account: aino") as session:
        return proving.with_passkey(
            session, sessions.session_of(session, held), asked.token, signed, caller=OFFICE, party=PARTY
        )


def ask_proof(engine: Engine, held: str) -> Asked:
    with write_session(engine, actor="account: aino") as session:
        return passkeys.proof_options(session, sessions.session_of(session, held), party=PARTY)


def held_by(engine: Engine, login: str) -> str:
    with write_session(engine, actor="test") as session:
        return entered(session, login)


def test_a_passkey_proves_once_more_who_one_is_and_the_token_changes(
    county: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device()
    keep(county, device)
    held = held_by(county, "aino")
    later(monkeypatch, minutes=16)
    asked = ask_proof(county, held)
    # Only the account's own passkeys are asked for.
    assert [one["id"] for one in json.loads(asked.options)["allowCredentials"]] == [
        bytes_to_base64url(device.credential_id)
    ]
    proven = prove(county, held, asked, device.signed(asked.options))
    assert isinstance(proven, Entered)
    with read_session(county) as session:
        assert sessions.session_of(session, proven.token).is_proof_fresh
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, held)


def test_another_account_s_passkey_proves_nothing(county: Engine) -> None:
    own, foreign = Device(), Device()
    keep(county, own)
    keep(county, foreign, "eero")
    held = held_by(county, "aino")
    asked = ask_proof(county, held)
    assert isinstance(prove(county, held, asked, foreign.signed(asked.options)), TurnedAway)
    # What was asked of Aino is not answered by Eero in his own sign-in either.
    asked = ask_proof(county, held)
    theirs = held_by(county, "eero")
    assert isinstance(prove(county, theirs, asked, foreign.signed(asked.options)), TurnedAway)
    with read_session(county) as session:
        sessions.session_of(session, held)


def test_what_was_asked_for_a_proof_signs_nobody_in_and_the_other_way_round(county: Engine) -> None:
    device = Device()
    keep(county, device)
    held = held_by(county, "aino")
    asked = ask_proof(county, held)
    assert isinstance(answer(county, asked, device.signed(asked.options)), TurnedAway)
    asked = ask(county)
    assert isinstance(prove(county, held, asked, device.signed(asked.options)), TurnedAway)


def test_too_many_failed_passkeys_of_one_address_have_to_wait(county: Engine) -> None:
    device = Device()
    keep(county, device)
    for _ in range(20):
        asked = ask(county)
        answer(county, asked, "{}")
    asked = ask(county)
    away = answer(county, asked, device.signed(asked.options))
    assert isinstance(away, TurnedAway)
    # A passkey is no way round this limit, and nobody is told that it is.
    assert str(away.problem) == (
        "Sign-in: There have been too many failed attempts. Try again at 22.11.2026 11.46."
    )
    with read_session(county) as session:
        assert turning_away.kept_waiting(session, SignInStep.PASSKEY, caller=OFFICE) is not None
        assert turning_away.kept_waiting(session, SignInStep.PASSKEY, caller=ELSEWHERE) is None


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just("public-key") | st.binary().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "rawId",
                    "type",
                    "response",
                    "clientDataJSON",
                    "attestationObject",
                    "authenticatorData",
                    "signature",
                    "userHandle",
                ]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


RESPONSE_PARTS = ["clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"]
DAMAGED = st.tuples(
    st.sampled_from(RESPONSE_PARTS),
    st.one_of(st.text(alphabet="AZaz09-_=.ä", max_size=80), st.binary(max_size=200).map(bytes_to_base64url)),
)


def damaged(whole: str, damage: tuple[str, str]) -> str:
    parts = json.loads(whole)
    parts["response"][damage[0]] = damage[1]
    return json.dumps(parts)


@pytest.mark.slow
def test_garbage_instead_of_an_answer_is_turned_away(sqlite_county: Engine) -> None:
    device, new = Device(), Device()
    keep(sqlite_county, device)

    @settings(max_examples=150, deadline=None)
    @given(st.one_of(st.text(), ANSWERS.map(json.dumps), DAMAGED))
    def tried(garbage: str | tuple[str, str]) -> None:
        with write_session(sqlite_county, actor="test") as session:
            asked = passkeys.sign_in_options(session, party=PARTY)
            signed = device.signed(asked.options)
            if isinstance(garbage, tuple):
                # What is not part of this answer changes nothing.
                is_part = garbage[0] in json.loads(signed)["response"]
                found = passkeys.owner(session, asked.token, damaged(signed, garbage), party=PARTY)
                assert (found is None) is is_part
            else:
                assert passkeys.owner(session, asked.token, garbage, party=PARTY) is None
            who = signed_in(session, "aino")
            asked = passkeys.registration_options(session, who, party=PARTY)
            made = new.registered(asked.options)
            if isinstance(garbage, tuple) and garbage[0] not in json.loads(made)["response"]:
                return
            answered = damaged(made, garbage) if isinstance(garbage, tuple) else garbage
            with pytest.raises(Refused, match="The device’s answer could not be verified"):
                passkeys.register(session, who, asked.token, answered, name="x", party=PARTY)

    tried()
