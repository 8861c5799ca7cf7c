"""A binder under a password."""

import io
import subprocess
from pathlib import Path

import pypdf
import pytest

from prep.binder.encryption import encrypted
from prep.errors import Refused

PASSWORD = "kansio pysyy lukossa"


def test_it_opens_only_with_the_password_and_holds_the_same(pdf: bytes, tmp_path: Path) -> None:
    locked = encrypted(pdf, PASSWORD)
    assert b"Perho" not in locked
    reader = pypdf.PdfReader(io.BytesIO(locked))
    assert reader.is_encrypted
    assert reader.decrypt("something else") is pypdf.PasswordType.NOT_DECRYPTED
    assert reader.decrypt(PASSWORD)
    plain = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == len(plain.pages)
    assert reader.pages[2].extract_text() == plain.pages[2].extract_text()
    assert len(reader.outline) == len(plain.outline)
    path = tmp_path / "locked.pdf"
    path.write_bytes(locked)
    told = subprocess.run(
        ["qpdf", f"--password={PASSWORD}", "--show-encryption", str(path)], capture_output=True, text=True
    )
    assert "AESv3" in told.stdout
    assert "R = 6" in told.stdout
    checked = subprocess.run(
        ["qpdf", f"--password={PASSWORD}", "--check", str(path)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("password", ["", "short", "ä" * 64])
def test_a_password_that_protects_nothing_is_refused_and_not_shown(password: str) -> None:
    with pytest.raises(Refused, match="at least 12 characters") as refusal:
        encrypted(b"", password)
    assert not password or password not in str(refusal.value)
