"""Who an account's owner is at the organisation's sign-in service: bound by issuer and subject.

Never by an e-mail address: those are changed, given to the next person, and not everywhere checked. An identity is
bound by the owner while signed in here, or by an administrator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from prep import clock
from prep.auth import sessions, ways
from prep.auth.sessions import Entered, SignedIn
from prep.errors import NotFound, Problem, Refused
from prep.language import Message, say
from prep.models import Account, Identity

_LONGEST_ISSUER, _LONGEST_SUBJECT = 500, 255


@dataclass(frozen=True, slots=True)
class Said:
    """What the service has said of somebody who has just signed in there, and what has been verified."""

    issuer: str
    subject: str
    # By what people know themselves there; only shown.
    name: str
    # Whether the service has asked for a second factor itself.
    is_strong: bool
    authenticated_at: datetime | None


def bind(session: Session, account: Account, *, issuer: str, subject: str, name: str = "") -> Identity:
    """Let whoever has this subject at this issuer sign in to an account.

    Raises
    ------
    Refused
        If the subject is none, or is bound already.
    """
    for place, value, longest in (
        (say("The issuer"), issuer, _LONGEST_ISSUER),
        (say("The subject (sub)"), subject, _LONGEST_SUBJECT),
    ):
        if not 0 < len(value) <= longest or not value.isprintable() or value != value.strip():
            raise _refused(
                place,
                value[:longest] or None,
                say(
                    "It has 1 to {longest} signs that can be printed, as the service names it.",
                    longest=longest,
                ),
                say("Copy it whole from the service, or from the page that the person was shown."),
            )
    if _found(session, issuer, subject) is not None:
        raise _refused(
            say("The subject (sub)"),
            subject,
            say("It is bound to an account already."),
            say("Remove it there first."),
        )
    identity = Identity(
        account_id=account.id, issuer=issuer, subject=subject, name=name, created_at=clock.now()
    )
    session.add(identity)
    session.flush()
    return identity


def bind_own(session: Session, signed_in: SignedIn, said: Said) -> Entered:
    """Bind to the own account who has just signed in at the service. The account is signed out everywhere else.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    Refused
        If the subject is bound already.
    """
    sessions.require_fresh_proof(signed_in)
    account = signed_in.account
    bind(session, account, issuer=said.issuer, subject=said.subject, name=said.name)
    sessions.end_all(session, account, why="identity added", keep=signed_in.login_session)
    return sessions.prove(session, signed_in.login_session)


def unbind(session: Session, identity: Identity) -> None:
    """Let an identity sign in no more; its account is signed out everywhere."""
    account = identity.account
    session.delete(identity)
    session.flush()
    sessions.end_all(session, account, why="identity removed")


def unbind_own(session: Session, signed_in: SignedIn, identity: Identity) -> None:
    """Take an identity from the own account, which is signed out everywhere else.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    Refused
        If it is the only way into the account.
    ValueError
        If the identity is another account's.
    """
    sessions.require_fresh_proof(signed_in)
    if identity.account_id != signed_in.account.id:
        raise ValueError("an identity is removed by its owner")
    ways.require_other(session, signed_in.account, identity)
    session.delete(identity)
    session.flush()
    sessions.end_all(session, signed_in.account, why="identity removed", keep=signed_in.login_session)


def of(session: Session, said: Said) -> Identity | None:
    """The identity of somebody who has just signed in at the service; None if it is bound to no account.

    What the service now calls them is kept, so that an administrator knows them again.
    """
    identity = _found(session, said.issuer, said.subject)
    if identity is not None:
        identity.name = said.name
        identity.last_used_at = clock.now()
        session.flush()
    return identity


def find(session: Session, *, issuer: str, subject: str) -> Identity:
    """The identity of a subject at an issuer.

    Raises
    ------
    NotFound
        If there is none.
    """
    identity = _found(session, issuer, subject)
    if identity is None:
        raise NotFound(
            Problem(
                place=say("The subject (sub)"),
                value=subject,
                rule=say("It is bound to no account."),
                remedy=say("“prep identity list” shows all that are."),
            )
        )
    return identity


def listed(session: Session) -> Sequence[Identity]:
    """Every identity with its account, in order of sign-in names."""
    return session.scalars(
        select(Identity)
        .join(Account)
        .order_by(Account.login, Identity.id)
        .options(joinedload(Identity.account))
    ).all()


def _found(session: Session, issuer: str, subject: str) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject))


def _refused(place: Message, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))
