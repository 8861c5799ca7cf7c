"""Signatures of binders: Ed25519 in the format of minisign, so that others can check one without prep.

A signature file has four lines: an untrusted comment; algorithm, key id and signature; a trusted comment; the signature
of the second and third together. The key id tells another key from an altered file, the trusted comment another file.
Format: https://jedisct1.github.io/minisign/
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from prep.auth.secret_key import require_private, write_private
from prep.errors import NotFound, Problem, Refused
from prep.language import Message, say

# In the instance folder; the database and its backups do not hold it.
KEY_FILE = "binder.key"
SUFFIX = ".minisig"
# The file is signed by its BLAKE2b-512 digest ("ED"); a key has the mark of the plain algorithm.
_PREHASHED, _KEY_MARK = b"ED", b"Ed"
_ID_BYTES, _KEY_BYTES, _SIGNATURE_BYTES = 8, 32, 64
_UNTRUSTED, _TRUSTED = "untrusted comment: ", "trusted comment: "
# A signature is some 300 bytes, a public key 110: what is much longer is neither.
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The key by which others check; it may be told to everybody."""

    key: Ed25519PublicKey
    id: bytes

    @property
    def text(self) -> str:
        """The key as one line of text."""
        raw = self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(_KEY_MARK + self.id + raw).decode()

    @property
    def named(self) -> str:
        """The number of the key, as minisign shows it."""
        return _named(self.id)

    @property
    def file(self) -> str:
        """The key as a file that minisign reads."""
        return f"{_UNTRUSTED}minisign public key {self.named}\n{self.text}\n"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The county's key; it does not show itself in messages and logs."""

    key: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        public = self.key.public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        # Of the key itself, so that the same key has the same number wherever it is kept.
        return PublicKey(public, hashlib.blake2b(raw, digest_size=_ID_BYTES).digest())

    def sign(self, content: bytes, *, name: str, at: datetime) -> str:
        """The signature file of a file of this name; the same file at the same moment has the same."""
        signature = self.key.sign(_digest(content))
        trusted = f"timestamp:{int(at.timestamp())}\tfile:{name}\thashed"
        whole = self.key.sign(signature + trusted.encode())
        public = self.public
        first = base64.b64encode(_PREHASHED + public.id + signature).decode()
        return (
            f"{_UNTRUSTED}signature of prep binder, key {public.named}\n{first}\n"
            f"{_TRUSTED}{trusted}\n{base64.b64encode(whole).decode()}\n"
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """What a good signature says: the name under which the file was signed, and when (seconds of 1970)."""

    name: str
    timestamp: int | None


def make_signing_key(path: Path) -> bool:
    """Make the key in a file for its owner's eyes only; False if there is one already, which is left as it is."""
    if path.exists():
        return False
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(path, pem.decode("ascii"))
    return True


def read_signing_key(path: Path) -> SigningKey:
    """The county's key.

    Raises
    ------
    Refused
        If there is no such file, if others can read it, or if it holds no Ed25519 key.
    """
    require_private(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise _refused(
            str(path),
            None,
            say("The file holds no Ed25519 key."),
            say("Put it back from where its copy is kept."),
        )
    return SigningKey(key)


def signing_key(instance: Path) -> SigningKey | None:
    """The county's key in the instance folder; None before there is one.

    Raises
    ------
    Refused
        As ``read_signing_key``.
    """
    path = instance / KEY_FILE
    return read_signing_key(path) if path.exists() else None


def read_public_key(given: str) -> PublicKey:
    """A public key, given as its line of text or as the name of a file with it.

    Raises
    ------
    Refused
        If it is neither.
    """
    text = given.strip()
    if not re.fullmatch(r"RW[A-Za-z0-9+/]{54}", text):
        text = _last_line(_read(Path(given)))
    raw = _decoded(text)
    if len(raw) != 2 + _ID_BYTES + _KEY_BYTES or raw[:2] != _KEY_MARK:
        raise _refused(
            given[:200],
            None,
            say("This is no public key of binders."),
            say("Write the line that begins with RW, or name the file in which it stands."),
        )
    return PublicKey(Ed25519PublicKey.from_public_bytes(raw[2 + _ID_BYTES :]), raw[2 : 2 + _ID_BYTES])


def verify(content: bytes, signature: str, key: PublicKey, *, name: str) -> Verified:
    """What the signature says of the file, if it is that of the file and made with the key.

    Parameters
    ----------
    name
        Of the file, as it is called now.

    Raises
    ------
    Refused
        The signature is no signature, is made with another key, has been altered itself, belongs to another file, or
        the file has been altered since it was signed: each with its own words.
    """
    first, trusted, whole = _parts(signature)
    key_id, made = first[2 : 2 + _ID_BYTES], first[2 + _ID_BYTES :]
    if key_id != key.id:
        raise _refused(
            name,
            _named(key_id),
            say("The signature was made with another key than the one given ({id}).", id=key.named),
            say(
                "Ask the county for its public key, and trust neither the file nor the signature until then."
            ),
        )
    if not _is_good(key, whole, made + trusted.encode()):
        raise _refused(
            name,
            None,
            say(
                "The signature itself has been altered, or was made with a key that only bears the same number."
            ),
            say("Get file and signature again from where they were published."),
        )
    said = _said(trusted)
    if not _is_good(key, made, _digest(content)):
        if said.name and said.name != name:
            raise _refused(
                name,
                said.name,
                say(
                    "The signature belongs to another file, and this file is not that one under another name."
                ),
                say("Take the signature that came with this file."),
            )
        raise _refused(
            name,
            None,
            say("The file has been altered since it was signed."),
            say("Do not use it; get it again from where it was published."),
        )
    return said


def _said(trusted: str) -> Verified:
    fields = dict(part.split(":", 1) for part in trusted.split("\t") if ":" in part)
    stamp = fields.get("timestamp", "")
    return Verified(fields.get("file", ""), int(stamp) if stamp.isascii() and stamp.isdecimal() else None)


def _parts(signature: str) -> tuple[bytes, str, bytes]:
    lines = signature[:_LONGEST].splitlines()
    if len(lines) >= 4 and lines[0].startswith(_UNTRUSTED) and lines[2].startswith(_TRUSTED):
        first, whole = _decoded(lines[1]), _decoded(lines[3])
        if (
            first[:2] == _PREHASHED
            and len(first) == 2 + _ID_BYTES + _SIGNATURE_BYTES
            and len(whole) == _SIGNATURE_BYTES
        ):
            return first, lines[2].removeprefix(_TRUSTED), whole
    raise _refused(
        say("The signature"),
        None,
        say("This is no signature of a binder."),
        say("Name the file that ends with {suffix} and came with the binder.", suffix=SUFFIX),
    )


def _is_good(key: PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content).digest()


def _named(key_id: bytes) -> str:
    return key_id[::-1].hex().upper()


def _decoded(line: str) -> bytes:
    try:
        return base64.b64decode(line.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _read(path: Path) -> str:
    if not path.is_file():
        raise NotFound(
            Problem(
                place=say("The public key"),
                value=str(path)[:200],
                rule=say("It is neither a public key nor a file."),
                remedy=say("Write the line that begins with RW, or name the file in which it stands."),
            )
        )
    return path.read_bytes()[:_LONGEST].decode("utf-8", errors="replace")


def _refused(place: Message | str, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))
