"""Encrypting a backup: AES-256-GCM in segments, so that a file of any size passes through little memory.

The format is that of Tink's ``AES256_GCM_HKDF_1MB`` (streaming AEAD, after Hoang, Reyhanitabar, Rogaway and Vizár,
https://eprint.iacr.org/2015/189), so that a file can be read without prep by whoever has the key:

    header    1 byte: 40, the length of the header; 32 bytes of salt; 7 bytes of nonce prefix
    key       HKDF-SHA256 of the key file's 32 bytes, with that salt; ``info`` is what the file is bound to
    segments  of 1 MiB with their tags of 16 bytes, the first together with the header, the last of what is left
    nonce     the prefix, the number of the segment in 4 bytes, 1 byte: 1 for the last segment, else 0

A segment that is changed, moved, repeated or missing, at the end too, is found: its number and whether it is the
last are in its nonce.
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = "AES256_GCM_HKDF_1MB"
SEGMENT_BYTES = 1024**2
_KEY_BYTES, _PREFIX_BYTES, _TAG_BYTES = 32, 7, 16
_HEADER_BYTES = 1 + _KEY_BYTES + _PREFIX_BYTES


class NotSealedSo(Exception):
    """The file was sealed with another key or bound to something else, or it was changed."""


def seal(plain: BinaryIO, sealed: BinaryIO, key: bytes, *, bound_to: bytes) -> None:
    """Encrypt what is left of one file into another."""
    salt, prefix = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_PREFIX_BYTES)
    sealed.write(bytes([_HEADER_BYTES]) + salt + prefix)
    cipher = _cipher(key, salt, bound_to)
    first = SEGMENT_BYTES - _HEADER_BYTES - _TAG_BYTES
    for number, segment, is_last in _segments(plain, first=first, others=SEGMENT_BYTES - _TAG_BYTES):
        sealed.write(cipher.encrypt(_nonce(prefix, number, is_last=is_last), segment, None))


def unseal(sealed: BinaryIO, plain: BinaryIO, key: bytes, *, bound_to: bytes) -> None:
    """Decrypt what is left of one file into another; what was written must not be used when it fails.

    Raises
    ------
    NotSealedSo
        As soon as a segment is not what was sealed.
    """
    header = sealed.read(_HEADER_BYTES)
    if len(header) != _HEADER_BYTES or header[0] != _HEADER_BYTES:
        raise NotSealedSo
    cipher = _cipher(key, header[1 : 1 + _KEY_BYTES], bound_to)
    prefix = header[1 + _KEY_BYTES :]
    for number, segment, is_last in _segments(
        sealed, first=SEGMENT_BYTES - _HEADER_BYTES, others=SEGMENT_BYTES
    ):
        try:
            plain.write(cipher.decrypt(_nonce(prefix, number, is_last=is_last), segment, None))
        except InvalidTag as error:
            raise NotSealedSo from error


def _cipher(key: bytes, salt: bytes, bound_to: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, salt, bound_to).derive(key))


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _segments(file: BinaryIO, *, first: int, others: int) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes, and whether it is the last: known only when nothing comes after it."""
    number, segment = 0, file.read(first)
    while True:
        following = file.read(others)
        yield number, segment, not following
        if not following:
            return
        number, segment = number + 1, following
