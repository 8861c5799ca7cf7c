"""The installation's key: with it the secrets of authenticator apps are encrypted in the database.

Whoever has only the database, or a backup of it, cannot make codes. The file must be in the backups all the
same, kept apart from them: without it every second factor has to be set up anew.
"""

import base64
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from prep.errors import Problem, Refused
from prep.language import Message, say

FILE_NAME = "secret.key"
_KEY_BYTES, _NONCE_BYTES = 32, 12


@dataclass(frozen=True, slots=True)
class SecretKey:
    """The key as it was read; it does not show itself in messages and logs."""

    value: bytes = field(repr=False)
    path: Path

    def encrypt(self, plain: str, *, bound_to: str) -> str:
        """The text in AES-256-GCM, so that it can be read only with this key and under the same ``bound_to``."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self.value).encrypt(nonce, plain.encode(), bound_to.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, sealed: str, *, bound_to: str) -> str:
        """The text again.

        Raises
        ------
        Refused
            If it was encrypted with another key, or for something else.
        """
        raw = base64.urlsafe_b64decode(sealed)
        try:
            plain = AESGCM(self.value).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode())
        except InvalidTag as error:
            raise _refused(
                self.path,
                say("The second factors in the database were made with another key."),
                say("Put back the key file of this installation, or have the second factors set up anew."),
            ) from error
        return plain.decode()


def load_key(path: Path) -> SecretKey:
    """The key in a file; the file is made, for its owner's eyes only, when there is none.

    Raises
    ------
    Refused
        As ``read_key``.
    """
    if not path.exists():
        make_key(path)
    return read_key(path)


def read_key(path: Path) -> SecretKey:
    """The key in a file that is there.

    Raises
    ------
    Refused
        If there is no such file, if others can read it, or if it holds no key.
    """
    require_private(path)
    try:
        value = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        value = b""
    if len(value) != _KEY_BYTES:
        raise _refused(
            path,
            say("The key file holds 64 hexadecimal digits and nothing else."),
            say("Put it back from a backup."),
        )
    return SecretKey(value, path)


def require_private(path: Path) -> None:
    """Go on only with a key file that is there and that nobody but its owner can read.

    Raises
    ------
    Refused
        If it is not so.
    """
    if not path.is_file():
        raise _refused(
            path,
            say("There is no key file."),
            say("Check the path; is the disk or stick there on which it is kept?"),
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise _refused(
            path,
            say("Only its owner may read the key file."),
            say("Run “chmod 600 {path}”, and ask who could read it.", path=str(path)),
        )


def make_key(path: Path) -> None:
    """Make a key file for its owner's eyes only; one that is there already is left as it is."""
    write_private(path, secrets.token_hex(_KEY_BYTES))


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner's eyes only; one that is there already is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole or not at all: of two programs that start at once, one key is kept by both.
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        new.unlink()


def _refused(path: Path, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=str(path), value=None, rule=rule, remedy=remedy))
