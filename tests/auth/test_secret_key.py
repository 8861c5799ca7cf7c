import stat
import threading
from pathlib import Path

import pytest

from prep.auth.secret_key import SecretKey, load_key
from prep.errors import Refused


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "secret.key"
    first = load_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first.value) == 32
    assert load_key(path) == first
    assert [one.name for one in path.parent.iterdir()] == ["secret.key"]


def test_programs_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    keys: list[SecretKey] = []
    barrier = threading.Barrier(8)

    def load() -> None:
        barrier.wait()
        keys.append(load_key(tmp_path / "secret.key"))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len({key.value for key in keys}) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    load_key(path)
    path.chmod(0o640)
    with pytest.raises(Refused, match=r"Only its owner may read the key file\. Run “chmod 600"):
        load_key(path)


@pytest.mark.parametrize("content", ["", "ab" * 31, "xyz", "ab" * 33, "å"])
def test_a_damaged_key_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret.key"
    path.touch(0o600)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(
        Refused, match=r"The key file holds 64 hexadecimal digits and nothing else\. Put it back"
    ):
        load_key(path)
    assert path.read_text(encoding="utf-8") == content


def test_what_was_encrypted_is_read_with_the_same_key_for_the_same_thing(tmp_path: Path) -> None:
    key, other = load_key(tmp_path / "secret.key"), load_key(tmp_path / "other.key")
    sealed = key.encrypt("JBSWY3DPEHPK3PXP", bound_to="totp 1")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert sealed != key.encrypt("JBSWY3DPEHPK3PXP", bound_to="totp 1")
    assert key.decrypt(sealed, bound_to="totp 1") == "JBSWY3DPEHPK3PXP"
    for reader, thing in ((other, "totp 1"), (key, "totp 2")):
        with pytest.raises(Refused, match="The second factors in the database were made with another key"):
            reader.decrypt(sealed, bound_to=thing)


def test_the_key_does_not_show_itself(tmp_path: Path) -> None:
    key = load_key(tmp_path / "secret.key")
    assert key.value.hex() not in repr(key)
    assert str(key.value) not in repr(key)
