"""Signatures: good ones, and every way in which one is not good, each with its own words."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from prep.binder.signing import (
    SigningKey,
    make_signing_key,
    read_public_key,
    read_signing_key,
    verify,
)
from prep.errors import NotFound, Refused

AT = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)
CONTENT = b"%PDF-1.7 a binder"


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(scope="module")
def signature(key: SigningKey) -> str:
    return key.sign(CONTENT, name="perho.pdf", at=AT)


def test_the_file_as_it_was_signed_is_good_under_any_name(key: SigningKey, signature: str) -> None:
    for name in ("perho.pdf", "kansio.pdf"):
        found = verify(CONTENT, signature, key.public, name=name)
        assert (found.name, found.timestamp) == ("perho.pdf", int(AT.timestamp()))


def test_the_format_is_that_of_minisign(key: SigningKey, signature: str) -> None:
    # Read here by the description of the format alone, with none of the code under test.
    _, first, trusted, whole = signature.splitlines()
    raw, mark = base64.b64decode(first), base64.b64decode(key.public.text)
    assert (raw[:2], mark[:2]) == (b"ED", b"Ed")
    assert raw[2:10] == mark[2:10]
    public = Ed25519PublicKey.from_public_bytes(mark[10:])
    public.verify(raw[10:], hashlib.blake2b(CONTENT).digest())
    said = trusted.removeprefix("trusted comment: ")
    public.verify(base64.b64decode(whole), raw[10:] + said.encode())
    assert said == f"timestamp:{int(AT.timestamp())}\tfile:perho.pdf\thashed"


def test_the_same_file_at_the_same_moment_has_the_same_signature(key: SigningKey, signature: str) -> None:
    assert key.sign(CONTENT, name="perho.pdf", at=AT) == signature


def test_an_altered_file_is_refused(key: SigningKey, signature: str) -> None:
    with pytest.raises(Refused, match="altered since it was signed"):
        verify(CONTENT + b" ", signature, key.public, name="perho.pdf")


def test_the_signature_of_another_file_is_refused_as_that(key: SigningKey, signature: str) -> None:
    with pytest.raises(Refused, match=r"perho\.pdf.*belongs to another file"):
        verify(b"something else", signature, key.public, name="veteli.pdf")


def test_another_key_is_refused_with_the_numbers_of_both(key: SigningKey, signature: str) -> None:
    other = SigningKey(Ed25519PrivateKey.generate()).public
    with pytest.raises(Refused, match="another key") as refusal:
        verify(CONTENT, signature, other, name="perho.pdf")
    assert key.public.named in str(refusal.value)
    assert other.named in str(refusal.value)


def test_a_key_that_borrows_the_number_of_another_is_refused(key: SigningKey, signature: str) -> None:
    false = replace(SigningKey(Ed25519PrivateKey.generate()).public, id=key.public.id)
    with pytest.raises(Refused, match="only bears the same number"):
        verify(CONTENT, signature, false, name="perho.pdf")


def test_a_name_changed_in_the_signature_is_found(key: SigningKey, signature: str) -> None:
    with pytest.raises(Refused, match="signature itself has been altered"):
        verify(CONTENT, signature.replace("perho.pdf", "veteli.pdf"), key.public, name="veteli.pdf")


@pytest.mark.parametrize(
    "text", ["", "hello", "a\nb\nc\nd", "untrusted comment: x\nRUQ=\ntrusted comment: y\nz", "\x00" * 9000]
)
def test_what_is_no_signature_is_refused(key: SigningKey, text: str) -> None:
    with pytest.raises(Refused, match="no signature of a binder"):
        verify(CONTENT, text, key.public, name="perho.pdf")


def test_a_public_key_is_read_from_its_line_and_from_a_file(key: SigningKey, tmp_path: Path) -> None:
    file = tmp_path / "county.pub"
    file.write_text(key.public.file, encoding="ascii")
    assert read_public_key(key.public.text).text == read_public_key(str(file)).text == key.public.text
    file.write_text("nothing", encoding="ascii")
    with pytest.raises(Refused, match="no public key of binders"):
        read_public_key(str(file))
    with pytest.raises(NotFound, match="neither a public key nor a file"):
        read_public_key(str(tmp_path / "none.pub"))


def test_the_private_key_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "binder.key"
    assert make_signing_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    first = read_signing_key(path).public.text
    assert not make_signing_key(path)
    assert read_signing_key(path).public.text == first
    assert "PRIVATE" not in repr(read_signing_key(path))


def test_a_key_that_others_can_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "binder.key"
    make_signing_key(path)
    path.chmod(0o640)
    with pytest.raises(Refused, match="Only its owner may read"):
        read_signing_key(path)
    path.chmod(0o600)
    path.write_text("nothing", encoding="ascii")
    with pytest.raises(Refused, match="no Ed25519 key"):
        read_signing_key(path)
