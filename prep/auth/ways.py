"""The ways into an account, and what is left of them when one is taken away."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from prep.errors import Problem, Refused
from prep.language import say
from prep.models import Account, Identity, Passkey, RecoveryCode, SecondFactor


@dataclass(frozen=True, slots=True)
class Ways:
    """How an account's owner can show who they are."""

    password: bool
    app: bool
    passkeys: tuple[Passkey, ...]
    identities: tuple[Identity, ...]
    codes_left: int

    @property
    def has_second_factor(self) -> bool:
        """Whether an app or a passkey is set up. Recovery codes alone are none: they run out."""
        return self.app or bool(self.passkeys)

    @property
    def is_any(self) -> bool:
        """Whether there is a first step at all: an app only follows one."""
        return self.password or bool(self.passkeys) or bool(self.identities)

    def identity(self, number: int) -> Identity | None:
        """The account's own identity of a number; None for another's and for none."""
        return next((one for one in self.identities if one.id == number), None)

    def without_app(self) -> "Ways":
        """What is left when the authenticator app is removed."""
        return replace(self, app=False)

    def without(self, one: Passkey | Identity) -> "Ways":
        """What is left when a passkey or an identity is removed."""
        return replace(
            self,
            passkeys=tuple(other for other in self.passkeys if other is not one),
            identities=tuple(other for other in self.identities if other is not one),
        )


def ways_of(session: Session, account: Account) -> Ways:
    """The ways into an account; four queries."""
    codes = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    app = select(SecondFactor.id).where(
        SecondFactor.account_id == account.id, SecondFactor.confirmed_at.is_not(None)
    )
    return Ways(
        password=account.password_hash is not None,
        app=session.scalar(app) is not None,
        passkeys=tuple(
            session.scalars(select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id))
        ),
        identities=tuple(
            session.scalars(select(Identity).where(Identity.account_id == account.id).order_by(Identity.id))
        ),
        codes_left=session.scalar(codes) or 0,
    )


def require_other(session: Session, account: Account, one: Passkey | Identity) -> None:
    """Go on only if the account can still be entered without this one.

    Raises
    ------
    Refused
        If it is the only way in.
    """
    if not ways_of(session, account).without(one).is_any:
        raise Refused(
            Problem(
                place=say("This way of signing in"),
                value=one.name or None,
                rule=say("It is the only one that the account has: without it nobody could sign in."),
                remedy=say("Set up another first; an administrator gives a link for a password."),
            )
        )
