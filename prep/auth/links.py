"""One-time links: how somebody gets a first password, or a new one, without an administrator knowing it.

There is no default password anywhere. At the first start the program prints a link that makes the first
administrator; everybody else gets a link from an administrator, by hand, and chooses the password behind it.
A link does not pass by the second factor: whoever has one still needs it at the next sign-in.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.auth import accounts, sessions, throttle
from prep.auth.bearer import digest, new_token
from prep.auth.callers import Caller
from prep.errors import NotFound, Problem, Refused
from prep.language import say
from prep.models import Account, Grant, Installation, OneTimeLink
from prep.terms import AccountRole, Language, LinkPurpose, SignInMethod

DEMONSTRATION_LOGIN = "suunnittelija@prep.example"
_DEMONSTRATION_NAME = "Sini Suunnittelija-Esimerkki"

LASTS = {
    LinkPurpose.SETUP: timedelta(hours=24),
    LinkPurpose.INVITE: timedelta(hours=72),
    LinkPurpose.RESET: timedelta(hours=24),
    LinkPurpose.DEMONSTRATION: timedelta(hours=24),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link to be handed over; its token cannot be read again."""

    token: str = field(repr=False)
    purpose: LinkPurpose
    expires_at: datetime

    @property
    def path(self) -> str:
        """Where on the pages it is used."""
        return f"/link/{self.token}"


def needs_setup(session: Session) -> bool:
    """Whether nobody is an administrator, so that the program has to print a link for the first one."""
    at = clock.today()
    grants = session.scalars(
        select(Grant)
        .join(Account)
        .where(Grant.role == AccountRole.ADMINISTRATOR, Account.disabled_at.is_(None))
    )
    return not accounts.in_force(grants, on=at)


def setup_link(session: Session) -> Link:
    """The link that makes the first administrator; an older one is void.

    Raises
    ------
    Refused
        If there is an administrator already.
    """
    if not needs_setup(session):
        raise Refused(
            Problem(
                place=say("The first administrator"),
                value=None,
                rule=say("There is an administrator already."),
                remedy=say("A new link for an account is made with “prep user link NAME”."),
            )
        )
    for older in session.scalars(
        select(OneTimeLink).where(OneTimeLink.purpose == LinkPurpose.SETUP, OneTimeLink.used_at.is_(None))
    ):
        older.used_at = clock.now()
    return _made(session, LinkPurpose.SETUP, None)


def link_for(session: Session, account: Account) -> Link:
    """A link by which an account's owner chooses a password: the first one, or a new one. Older ones are void.

    Raises
    ------
    Refused
        If the account is closed.
    """
    if not account.is_open:
        raise Refused(
            Problem(
                place=say("The sign-in name"),
                value=account.login,
                rule=say("The account is closed."),
                remedy=say("Open the account first, if its owner is to use it again."),
            )
        )
    accounts.void_links(session, account)
    purpose = LinkPurpose.INVITE if account.password_hash is None else LinkPurpose.RESET
    return _made(session, purpose, account)


def look_up(session: Session, token: str) -> OneTimeLink:
    """What a link is for. It only reads: a link survives being looked at, by its owner or by a mail scanner.

    Raises
    ------
    NotFound
        If there is no such link, or it was used, replaced or left too long.
    """
    return _good(session, token)


def redeem(session: Session, token: str, password: str) -> Account:
    """Use an invitation or a reset: the account has this password, and is signed out everywhere.

    Raises
    ------
    NotFound
        If the link is not good, or is of another kind.
    Refused
        If the password is; the link stays good.
    """
    found = _good(session, token)
    account = found.account
    if account is None or found.purpose is LinkPurpose.DEMONSTRATION:
        raise _not_good()
    # In this order everywhere: attempts, account, link. Two that wait for each other would both fail.
    throttle.forgive(session, account.login)
    accounts.lock(session, account)
    link = _good(session, token, alone=True)
    accounts.set_password(session, account, password)
    link.used_at = clock.now()
    session.flush()
    return account


def redeem_setup(
    session: Session, token: str, *, login: str, name: str, password: str, language: Language = Language.FI
) -> Account:
    """Use the link of the first start: an administrator with this password is there.

    Raises
    ------
    NotFound
        If the link is not good, or is of another kind.
    Refused
        If the sign-in name, the name or the password is; the link stays good.
    """
    link = _good(session, token, alone=True)
    if link.purpose is not LinkPurpose.SETUP or not needs_setup(session):
        raise _not_good()
    account = accounts.add(session, login, name, language=language)
    accounts.set_password(session, account, password)
    accounts.give(session, account, AccountRole.ADMINISTRATOR, starts=clock.today())
    link.used_at = clock.now()
    session.flush()
    return account


def demonstration_link(session: Session) -> Link:
    """A link that signs in as the planner of an invented county; older ones are void.

    Raises
    ------
    Refused
        If the county is not invented.
    """
    if not session.scalar(select(Installation.is_demo)):
        raise Refused(
            Problem(
                place=say("The link of the demonstration"),
                value=None,
                rule=say("It is for an invented county only."),
                remedy=say("Use “prep user add” and the link that it prints."),
            )
        )
    account = accounts.find_or_none(session, DEMONSTRATION_LOGIN)
    if account is None:
        account = accounts.add(session, DEMONSTRATION_LOGIN, _DEMONSTRATION_NAME)
        accounts.give(session, account, AccountRole.COUNTY_PLANNER, starts=clock.today())
    accounts.void_links(session, account)
    return _made(session, LinkPurpose.DEMONSTRATION, account)


def redeem_demonstration(session: Session, token: str, *, caller: Caller) -> sessions.Entered:
    """Use the link of a demonstration: its planner is signed in, with no password at all.

    Raises
    ------
    NotFound
        If the link is not good, is of another kind, or the county is not invented.
    """
    link = _good(session, token, alone=True)
    is_demo = session.scalar(select(Installation.is_demo))
    if link.purpose is not LinkPurpose.DEMONSTRATION or link.account is None or not is_demo:
        raise _not_good()
    link.used_at = clock.now()
    return sessions.enter(session, link.account, method=SignInMethod.DEMONSTRATION, caller=caller)


def _made(session: Session, purpose: LinkPurpose, account: Account | None) -> Link:
    at, token = clock.now(), new_token()
    link = OneTimeLink(
        token_hash=digest(token),
        purpose=purpose,
        account=account,
        created_at=at,
        expires_at=at + LASTS[purpose],
    )
    session.add(link)
    session.flush()
    return Link(token, purpose, link.expires_at)


def _good(session: Session, token: str, *, alone: bool = False) -> OneTimeLink:
    at = clock.now()
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == digest(token), OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > at
    )
    if alone:
        query = query.with_for_update().execution_options(populate_existing=True)
    link = session.scalar(query)
    if link is None or (link.account is not None and not link.account.is_open):
        raise _not_good()
    return link


def _not_good() -> NotFound:
    return NotFound(
        Problem(
            place=say("This link"),
            value=None,
            rule=say("It is good once and for a limited time, and is not or no longer good."),
            remedy=say("Ask the administrator of accounts for a new one."),
        )
    )
