import unicodedata

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep.auth import passwords
from prep.errors import Refused


@pytest.mark.parametrize(
    "password",
    [
        "vihreä tuoli laulaa hiljaa",
        "tusen gröna stolar sjunger",
        "kX9$vPq2!mZr7&wLt",
        "ä" * 3 + "kirves pöllö mänty ruuhi",
        "kunnan vihreä tuoli laulaa",
    ],
)
def test_a_long_password_of_any_signs_is_accepted(password: str) -> None:
    passwords.check(password, about=["aino"])


@pytest.mark.parametrize(("length", "accepted"), [(14, False), (15, True), (128, True), (129, False)])
def test_a_password_has_15_to_128_characters(length: int, *, accepted: bool) -> None:
    # No two neighbouring signs repeat, and no row of keys is followed for three.
    password = "".join("kxvpqzwtbgnrdfs"[(i * i + i // 15) % 15] for i in range(length))
    if accepted:
        passwords.check(password)
    else:
        with pytest.raises(
            Refused, match=r"The password: It has 15 to 128 characters\. Put four or five words"
        ):
            passwords.check(password)


@pytest.mark.parametrize(
    "password",
    [
        "salasanasalasana",
        "Salasana2026Salasana",
        "Lösenord1234567890",
        "prepprepprepprep",
        "pelastuslaitoskunta",
        "aaaaaaaaaaaaaaaaaaaa",
        "1234567890123456",
        "qwertyuiopåasdfghjklöä",
        "poiuytrewqlkjhgfdsa",
        "abababababababababab",
        "kissakissakissa12345",
        "joulukuu2026joulukuu",
        "Kokkola123456Kokkola",
        "AinoEsimerkki2026!",
        "                    ",
    ],
)
def test_a_password_of_common_words_names_and_rows_of_keys_is_refused(password: str) -> None:
    with pytest.raises(Refused, match="It must not be made of names, common words, repetitions or rows"):
        passwords.check(password, about=["aino.esimerkki", "Aino Esimerkki", "Kokkola"])


def test_a_refused_password_is_in_no_message() -> None:
    with pytest.raises(Refused) as refusal:
        passwords.check("salasana")
    assert "salasana" not in str(refusal.value).casefold()
    assert len(refusal.value.problems) == 2


def test_passwords_are_kept_as_argon2id_with_19_mib_two_passes_one_lane() -> None:
    assert passwords.hashed("vihreä tuoli laulaa").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_matches_its_own_hash_only() -> None:
    kept = passwords.hashed("vihreä tuoli laulaa")
    assert passwords.matches(kept, "vihreä tuoli laulaa")
    assert not passwords.matches(kept, "Vihreä tuoli laulaa")
    assert not passwords.matches(kept, "vihreä tuoli laulaa ")


def test_a_letter_with_its_dots_typed_apart_is_the_same_letter() -> None:
    whole = "ä" * 100 + "vihreä tuoli"
    apart = unicodedata.normalize("NFD", whole)
    assert apart != whole
    assert passwords.matches(passwords.hashed(apart), whole)
    assert passwords.matches(passwords.hashed(whole), apart)


@pytest.mark.parametrize("typed", ["\ud800" * 20, "x" * 1_000_000, "\ufdfa" * 128, ""])
def test_odd_input_is_only_wrong(typed: str) -> None:
    assert not passwords.matches(passwords.hashed("vihreä tuoli laulaa"), typed)


def test_for_nobody_a_hash_is_computed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    computed = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        computed.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    assert not passwords.matches(None, "vihreä tuoli laulaa")
    assert len(computed) == 1
    # With the same settings, or it would take another time.
    assert not passwords.is_outdated(computed[0])


def test_nobody_has_no_password_not_even_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *_: True)
    assert passwords.matches("a hash", "anything")
    assert not passwords.matches(None, "anything")


def test_a_hash_of_other_settings_is_outdated() -> None:
    weaker = argon2.PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash("vihreä tuoli")
    assert passwords.is_outdated(weaker)
    assert passwords.matches(weaker, "vihreä tuoli")


@given(st.text(max_size=200))
def test_whatever_is_typed_is_accepted_or_refused(typed: str) -> None:
    try:
        passwords.check(typed, about=["aino"])
    except Refused:
        return
    assert 15 <= len(unicodedata.normalize("NFKC", typed)) <= 128
