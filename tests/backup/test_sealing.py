"""An encrypted backup opens with its own key, under its own manifest, whole and in order, and not otherwise."""

import io
import random
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from prep import backup
from prep.auth.secret_key import SecretKey, load_key, make_key, read_key
from prep.backup.manifest import manifest_of, read_manifest, write_manifest
from prep.backup.sealing import SEGMENT_BYTES, NotSealedSo, seal, unseal
from prep.errors import Refused
from tests.test_trail import CANARY

KEY = bytes(range(32))
# Made with Tink 1.16.1 (AesGcmHkdfStreaming, 1 MiB, SHA-256, derived key of 32 bytes), bound to "prep".
TINK = (
    "28812e84fe824dda6c718d734d1fce7fdfbd44d1ed69869875e5da0676aaa4a2671d421ca057ee2be7199e4a6e246153215a88257b35697c"
    "d61038e50b7ddef6346c7fbe8f04931e9565"
)
FIRST, OTHERS = SEGMENT_BYTES - 56, SEGMENT_BYTES - 16


def sealed(plain: bytes, key: bytes = KEY) -> bytes:
    out = io.BytesIO()
    seal(io.BytesIO(plain), out, key, bound_to=b"prep")
    return out.getvalue()


def unsealed(content: bytes, key: bytes = KEY, *, bound_to: bytes = b"prep") -> bytes:
    out = io.BytesIO()
    unseal(io.BytesIO(content), out, key, bound_to=bound_to)
    return out.getvalue()


def test_what_another_program_sealed_in_this_format_is_read() -> None:
    assert unsealed(bytes.fromhex(TINK)) == b"valmiussuunnitelma"


@pytest.mark.parametrize("size", [0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + OTHERS, FIRST + OTHERS + 1])
def test_every_size_comes_back_and_no_two_files_are_alike(size: int) -> None:
    plain = random.Random(size).randbytes(size)
    one, other = sealed(plain), sealed(plain)
    assert unsealed(one) == unsealed(other) == plain
    assert one != other
    # A header of 40 bytes, and 16 for the tag of each segment.
    segments = 1 + max(0, -(-(size - FIRST) // OTHERS))
    assert len(one) == size + 40 + 16 * segments


def test_segments_that_are_moved_repeated_or_missing_are_found() -> None:
    content = sealed(random.Random(1).randbytes(3 * SEGMENT_BYTES))
    parts = [content[start : start + SEGMENT_BYTES] for start in range(0, len(content), SEGMENT_BYTES)]
    assert len(parts) == 4
    for order in ([0, 2, 1, 3], [0, 1, 1, 2, 3], [0, 1, 3], [0, 1, 2], [0], [1, 2, 3], [0, 1, 2, 3, 3]):
        with pytest.raises(NotSealedSo):
            unsealed(b"".join(parts[one] for one in order))
    assert len(unsealed(b"".join(parts))) == 3 * SEGMENT_BYTES


def test_a_changed_bit_a_cut_another_key_and_another_binding_are_found() -> None:
    content = sealed(b"valmiussuunnitelma" * 10)
    for place in range(len(content)):
        with pytest.raises(NotSealedSo):
            unsealed(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(NotSealedSo):
            unsealed(content[:place])
    with pytest.raises(NotSealedSo):
        unsealed(content, bytes(32))
    with pytest.raises(NotSealedSo):
        unsealed(content, bound_to=b"other")


@pytest.fixture
def key(tmp_path: Path) -> SecretKey:
    return load_key(tmp_path / "backup.key")


def verified(path: Path, key: SecretKey | None) -> object:
    return backup.verify(path, key=key, scratch=path.parent.parent)


def test_an_encrypted_backup_shows_nothing_is_its_owners_and_leaves_nothing_else(
    live: Engine, tmp_path: Path, key: SecretKey
) -> None:
    before = {one.name for one in tmp_path.iterdir()}
    path, manifest = backup.make(live, tmp_path / "copies", key=key)
    assert verified(path, key) == manifest
    assert path.suffix == ".sealed"
    assert {one.name for one in tmp_path.iterdir()} == before | {"copies"}
    files = list((tmp_path / "copies").iterdir())
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    content = b"".join(one.read_bytes() for one in files)
    assert (content.count(CANARY.encode()), content.count(b"SQLite format"), content.count(b"Eero")) == (
        0,
        0,
        0,
    )


def test_without_its_key_and_with_another_nothing_is_opened(
    live: Engine, tmp_path: Path, key: SecretKey
) -> None:
    path, _ = backup.make(live, tmp_path / "copies", key=key)
    before = sorted(one.name for one in tmp_path.iterdir())
    with pytest.raises(Refused, match="It is encrypted, and no key was given"):
        verified(path, None)
    with pytest.raises(Refused, match="The key does not open it"):
        verified(path, load_key(tmp_path / "other.key"))
    (tmp_path / "other.key").unlink()
    assert sorted(one.name for one in tmp_path.iterdir()) == before


def test_a_manifest_of_another_moment_does_not_open_it(live: Engine, tmp_path: Path, key: SecretKey) -> None:
    path, manifest = backup.make(live, tmp_path / "copies", key=key)
    write_manifest(manifest_of(path), replace(manifest, made_at="2026-11-29T08:46:00+00:00"))
    with pytest.raises(Refused, match="its manifest is not its own"):
        verified(path, key)
    write_manifest(manifest_of(path), replace(manifest, encryption="AES512"))
    with pytest.raises(Refused, match="It was encrypted by a newer version of prep"):
        verified(path, key)
    write_manifest(manifest_of(path), manifest)
    assert read_manifest(manifest_of(path)) == verified(path, key)


def test_damage_to_an_encrypted_backup_is_found_before_the_key_is_tried(
    live: Engine, tmp_path: Path, key: SecretKey
) -> None:
    path, _ = backup.make(live, tmp_path / "copies", key=key)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(Refused, match="its SHA-256 digest differs"):
        verified(path, None)


def test_a_key_file_is_read_and_never_made_by_reading(tmp_path: Path) -> None:
    path = tmp_path / "backup.key"
    with pytest.raises(Refused, match="There is no key file"):
        read_key(path)
    assert not path.exists()
    make_key(path)
    value = read_key(path).value
    make_key(path)
    assert read_key(path).value == value
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(Refused, match="Only its owner may read the key file"):
        backup.key_of(path)
    assert backup.key_of("") is None
