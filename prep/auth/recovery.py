"""Recovery codes: ten on paper, each good once, for the day the telephone is lost."""

import hmac
import secrets
from collections.abc import Sequence

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.models import Account, RecoveryCode

COUNT = 10
# Without signs that are misread for each other (0 O, 1 I L). Ten of them are 49 bits.
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 10
_SALT_BYTES = 16


def renew(session: Session, account: Account) -> tuple[str, ...]:
    """Ten new codes such as ``K7QWM-3XHTZ``, to be shown once; the old ones are void."""
    for old in _all(session, account):
        session.delete(old)
    # One salt for the ten, so that a code that is typed is hashed once and not ten times.
    salt = secrets.token_hex(_SALT_BYTES)
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(COUNT)]
    session.add_all(
        RecoveryCode(account_id=account.id, salt=salt, hash=_hashed(code, salt)) for code in codes
    )
    session.flush()
    return tuple(f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}" for code in codes)


def use(session: Session, account: Account, code: str) -> bool:
    """Whether this is one of the account's unused codes; it is used up now. ``code`` is in plain form."""
    # The lock comes before the look: of two who use a code at once, the second finds it used.
    rows = _all(session, account, alone=True)
    if not rows or len(code) != _LENGTH:
        return False
    typed = _hashed(code.upper(), rows[0].salt)
    for row in rows:
        if row.used_at is None and hmac.compare_digest(row.hash, typed):
            row.used_at = clock.now()
            session.flush()
            return True
    return False


def left(session: Session, account: Account) -> int:
    """How many codes are still unused."""
    return sum(row.used_at is None for row in _all(session, account))


def drop_all(session: Session, account: Account) -> None:
    """Make all codes of an account void."""
    for row in _all(session, account):
        session.delete(row)
    session.flush()


def _all(session: Session, account: Account, *, alone: bool = False) -> Sequence[RecoveryCode]:
    query = select(RecoveryCode).where(RecoveryCode.account_id == account.id).order_by(RecoveryCode.id)
    if alone:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def _hashed(code: str, salt: str) -> str:
    # OWASP ASVS 5.0, 6.5.2: codes of less than 112 bits are hashed as passwords are.
    return hash_secret_raw(
        code.encode(errors="replace"),
        bytes.fromhex(salt),
        time_cost=2,
        memory_cost=19 * 1024,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    ).hex()
