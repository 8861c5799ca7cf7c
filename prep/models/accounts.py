"""Accounts, what they may do, how they show who they are, and where they are signed in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from prep.models.base import Base, Digest, Id, MunicipalityCode, Name, Valid, Versioned
from prep.models.people import RoleTerm
from prep.models.places import Municipality
from prep.terms import AccountRole, CeremonyPurpose, Language, LinkPurpose, SignInMethod, SignInStep

# Never written into the audit trail; see prep.audit.
_SECRET: dict[str, Any] = {"secret": True}
_UNAUDITED: dict[str, Any] = {"audited": False}


class Account(Versioned, Base):
    """Somebody who may sign in (käyttäjätili)."""

    __tablename__ = "account"

    id: Mapped[Id]
    # A short name or an e-mail address, in the form of prep.auth.accounts.login_form.
    login: Mapped[Name] = mapped_column(unique=True)
    name: Mapped[Name]
    language: Mapped[Language] = mapped_column(default=Language.FI)
    # None until the first link has been used.
    password_hash: Mapped[str | None] = mapped_column(String(200), info=_SECRET)
    # By which passkeys know the account: random, so that a passkey on a lost device names nobody.
    passkey_handle: Mapped[str] = mapped_column(String(43), unique=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    grants: Mapped[list["Grant"]] = relationship(back_populates="account", order_by="Grant.id")

    @property
    def is_open(self) -> bool:
        """Whether the account may be used."""
        return self.disabled_at is None


class Grant(Versioned, Valid, Base):
    """A role given to an account for a time, in one municipality or (None) in the whole county."""

    __tablename__ = "account_grant"
    __table_args__ = (
        Valid.in_order(),
        CheckConstraint(
            "role <> 'municipal_contact' OR municipality_code IS NOT NULL", name="contact_of_a_municipality"
        ),
        CheckConstraint(
            "role IN ('municipal_contact', 'viewer') OR municipality_code IS NULL", name="role_of_the_county"
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[AccountRole]
    municipality_code: Mapped[MunicipalityCode | None] = mapped_column(ForeignKey("municipality.code"))
    # The term in the registry on which the grant rests: when the term ends, so does the grant.
    role_term_id: Mapped[int | None] = mapped_column(ForeignKey("role_term.id"))

    account: Mapped[Account] = relationship(back_populates="grants")
    municipality: Mapped[Municipality | None] = relationship()
    role_term: Mapped[RoleTerm | None] = relationship()


class SecondFactor(Base):
    """An authenticator app (TOTP) of an account; it counts from the moment its first code was right."""

    __tablename__ = "second_factor"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    # Encrypted with the installation's key file.
    secret: Mapped[str] = mapped_column(String(300), info=_SECRET)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # The 30-second step of the newest code that was accepted: no code of it or of an older one is again.
    last_step: Mapped[int | None] = mapped_column(info=_UNAUDITED)

    account: Mapped[Account] = relationship()


class RecoveryCode(Base):
    """A code on paper that stands in for the second factor, once."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    salt: Mapped[str] = mapped_column(String(32), info=_SECRET)
    hash: Mapped[Digest] = mapped_column(info=_SECRET)
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class Passkey(Base):
    """A passkey (pääsyavain): a key pair on a device, of which the public half is kept here, as base64url."""

    __tablename__ = "passkey"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    # A credential id has at most 1 023 bytes (WebAuthn level 3, section 4).
    credential_id: Mapped[str] = mapped_column(String(1364), unique=True)
    public_key: Mapped[str] = mapped_column(String(2000))
    name: Mapped[Name]
    created_at: Mapped[datetime]
    # An unsigned number of 32 bits.
    sign_count: Mapped[int] = mapped_column(BigInteger, info=_UNAUDITED)
    last_used_at: Mapped[datetime | None] = mapped_column(info=_UNAUDITED)

    account: Mapped[Account] = relationship()


class Identity(Base):
    """Who an account's owner is for a provider of sign-ins (tunnistuspalvelu); never found by an e-mail address."""

    __tablename__ = "identity"
    # What the provider calls its own: the same subject at another one is somebody else.
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    # At most 255 signs (OpenID Connect Core 1.0, section 2).
    subject: Mapped[str] = mapped_column(String(255))
    # By what its owner knows it, as the provider last said it; only shown.
    name: Mapped[Name] = mapped_column(default="", info=_UNAUDITED)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(info=_UNAUDITED)

    account: Mapped[Account] = relationship()


class LoginSession(Base):
    """Where an account is signed in; the browser holds a token of which only the digest is here."""

    __tablename__ = "login_session"
    __audited__ = False

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    method: Mapped[SignInMethod]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # When the password, a code or a passkey was last asked for and given.
    proven_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # Browser and system in two words, and the network address, so that people recognise their own.
    agent: Mapped[Name] = mapped_column(default="")
    address: Mapped[Name] = mapped_column(default="")

    account: Mapped[Account] = relationship()


class Ceremony(Base):
    """Something asked of a browser that has not been answered yet: a code, a passkey's signature, a provider's word."""

    __tablename__ = "ceremony"
    __audited__ = False

    id: Mapped[Id]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    purpose: Mapped[CeremonyPurpose]
    # None: the answer will say whose it is.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    # What the passkey has to sign, or the provider to repeat, as base64url.
    challenge: Mapped[str] = mapped_column(String(100), default="")
    expires_at: Mapped[datetime]

    account: Mapped[Account | None] = relationship()


class OneTimeLink(Base):
    """A link that an administrator hands over: good once, and not for long."""

    __tablename__ = "one_time_link"

    id: Mapped[Id]
    token_hash: Mapped[Digest] = mapped_column(unique=True, info=_SECRET)
    purpose: Mapped[LinkPurpose]
    # None for the link that makes the first administrator.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # When it was used, or replaced by a newer one.
    used_at: Mapped[datetime | None]

    account: Mapped[Account | None] = relationship()


class LoginAttempt(Base):
    """A failed attempt to sign in. Kept in the database: the limits hold over restarts and processes."""

    __tablename__ = "login_attempt"
    __audited__ = False
    __table_args__ = (
        Index("ix_login_attempt_account_key_at", "account_key", "at"),
        Index("ix_login_attempt_address_at", "address", "at"),
        Index("ix_login_attempt_at", "at"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    step: Mapped[SignInStep]
    # The digest of the name that was typed: people type passwords there by mistake.
    account_key: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[Name]


class ApiToken(Base):
    """A key by which a program uses prep in the name of an account."""

    __tablename__ = "api_token"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[Name]
    token_hash: Mapped[Digest] = mapped_column(unique=True, info=_SECRET)
    # The first signs, by which its owner recognises it.
    prefix: Mapped[str] = mapped_column(String(12))
    # Values of prep.auth.roles.Permission.
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(info=_UNAUDITED)
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
