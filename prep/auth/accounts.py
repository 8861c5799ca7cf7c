"""Accounts and the roles given to them."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session, selectinload

from prep import clock
from prep.auth import passwords, sessions
from prep.auth.permissions import fits
from prep.errors import NotFound, Problem, Refused
from prep.language import say
from prep.models import (
    Account,
    ApiToken,
    Grant,
    Identity,
    LoginSession,
    Municipality,
    OneTimeLink,
    Passkey,
    RoleTerm,
    SecondFactor,
)
from prep.terms import AccountRole, Language

# Letters of any language, digits, and the signs of an e-mail address.
_LOGIN = re.compile(r"[\w.@+-]{2,100}")
_LONGEST_NAME = 200
_HANDLE_BYTES = 32


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """One account as a list shows it."""

    account: Account
    grants: tuple[Grant, ...]
    has_password: bool
    has_second_factor: bool
    # Whether the organisation's service can sign in to it.
    has_identity: bool
    last_sign_in: datetime | None


def login_form(typed: str) -> str:
    """A sign-in name in the one form in which it is kept: small letters, no spaces around it.

    >>> login_form(" Aino.Esimerkki@Kunta.example ")
    'aino.esimerkki@kunta.example'
    """
    small = unicodedata.normalize("NFKC", typed).casefold()
    # Small letters of a few signs come apart; put together again they keep one form however often it is made.
    return unicodedata.normalize("NFKC", small).strip()


def add(session: Session, login: str, name: str, *, language: Language = Language.FI) -> Account:
    """A new account with no password and no rights; ``prep.auth.links.invite`` makes its first link.

    Raises
    ------
    Refused
        If the sign-in name cannot be used or is taken, or if the name is empty.
    """
    kept = _kept_login(session, login, name)
    account = Account(
        login=kept,
        name=name.strip(),
        language=language,
        passkey_handle=secrets.token_urlsafe(_HANDLE_BYTES),
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account


def change(session: Session, account: Account, login: str, name: str, *, language: Language) -> None:
    """Write an account's name, sign-in name and language anew; sign-ins and rights stay as they are.

    Raises
    ------
    Refused
        As `add`.
    """
    account.login, account.name = _kept_login(session, login, name, but=account), name.strip()
    account.language = language


def find(session: Session, login: str) -> Account:
    """The account of a sign-in name.

    Raises
    ------
    NotFound
        If there is none.
    """
    account = find_or_none(session, login)
    if account is None:
        raise NotFound(
            Problem(
                place=say("The sign-in name"),
                value=login,
                rule=say("No account has it."),
                remedy=say("“prep user list” shows all accounts."),
            )
        )
    return account


def find_or_none(session: Session, login: str) -> Account | None:
    """The account of a sign-in name that anybody may have typed; None if there is none."""
    kept = login_form(login)
    # What can be no name is not looked for: PostgreSQL refuses a text with a zero byte in it.
    return _find(session, kept) if _LOGIN.fullmatch(kept) else None


def lock(session: Session, account: Account) -> None:
    """Read an account anew and let nobody else change it until the transaction ends.

    Whoever signs in, proves, or changes a password takes this lock first: a password that is changed meanwhile
    is seen, and a sign-in with the old one is either refused or ended by the change.
    """
    session.refresh(account, with_for_update={"key_share": True})


def give(
    session: Session,
    account: Account,
    role: AccountRole,
    *,
    starts: date,
    ends: date | None = None,
    municipality: str | None = None,
    role_term: RoleTerm | None = None,
) -> Grant:
    """Give an account a role, in one municipality or (None) in the whole county.

    With ``role_term`` the grant rests on a term of the registry and ends with it.

    Raises
    ------
    Refused
        If the role cannot be given there, the days are in the wrong order, or the account has it then already.
    """
    problems = [
        *_where(session, role, municipality),
        *_when(account, role, municipality, starts=starts, ends=ends),
    ]
    if problems:
        raise Refused(problems)
    grant = Grant(
        account=account,
        role=role,
        municipality_code=municipality,
        starts=starts,
        ends=ends,
        role_term=role_term,
    )
    session.add(grant)
    session.flush()
    return grant


def take_back(session: Session, grant: Grant, *, last_day: date) -> None:
    """End a role; one that would end before it began has never been, and is removed."""
    if last_day < grant.starts:
        grant.account.grants.remove(grant)
        session.delete(grant)
    else:
        grant.ends = last_day
    session.flush()


def set_password(
    session: Session, account: Account, password: str, *, keep: LoginSession | None = None
) -> None:
    """Give an account a new password; it is signed out everywhere but in ``keep``, and its links are void.

    Raises
    ------
    Refused
        If the password is too short, too long or easily guessed.
    """
    lock(session, account)
    places = session.execute(select(Municipality.name_fi, Municipality.name_sv)).all()
    passwords.check(password, about=[account.login, account.name, *(name for row in places for name in row)])
    account.password_hash = passwords.hashed(password)
    session.flush()
    void_links(session, account)
    sessions.end_all(session, account, why="password changed", keep=keep)
    session.flush()


def disable(session: Session, account: Account) -> None:
    """Close an account: it is signed out everywhere, its links and its keys for programs are void."""
    lock(session, account)
    at = clock.now()
    account.disabled_at = account.disabled_at or at
    session.flush()
    void_links(session, account)
    for token in session.scalars(
        select(ApiToken).where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
    ):
        token.revoked_at = at
    sessions.end_all(session, account, why="account closed")
    session.flush()


def enable(session: Session, account: Account) -> None:
    """Open a closed account again; what was ended with it stays ended."""
    account.disabled_at = None
    session.flush()


def void_links(session: Session, account: Account) -> None:
    """Make every unused link of an account useless."""
    for link in session.scalars(
        select(OneTimeLink).where(OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None))
    ):
        link.used_at = clock.now()


def accounts_standing(session: Session, *, on: date) -> list[AccountStanding]:
    """Every account with the roles it holds on a day, in order of sign-in names; five queries."""
    accounts = session.scalars(
        select(Account)
        .order_by(Account.login)
        .options(
            selectinload(Account.grants).joinedload(Grant.municipality),
            selectinload(Account.grants).joinedload(Grant.role_term),
        )
    )
    with_factor = set(
        session.scalars(
            union(
                select(SecondFactor.account_id).where(SecondFactor.confirmed_at.is_not(None)),
                select(Passkey.account_id),
            )
        )
    )
    with_identity = set(session.scalars(select(Identity.account_id)))
    seen: dict[int, datetime] = {
        row.account_id: row.at
        for row in session.execute(
            select(LoginSession.account_id, func.max(LoginSession.created_at).label("at")).group_by(
                LoginSession.account_id
            )
        )
    }
    return [
        AccountStanding(
            account,
            tuple(in_force(account.grants, on=on)) if account.is_open else (),
            account.password_hash is not None,
            account.id in with_factor,
            account.id in with_identity,
            seen.get(account.id),
        )
        for account in accounts
    ]


def in_force(grants: Iterable[Grant], *, on: date) -> list[Grant]:
    """The grants that hold on a day: their own days cover it, and so do those of the term they rest on."""
    return [
        grant
        for grant in grants
        if grant.covers(on) and (grant.role_term is None or grant.role_term.covers(on))
    ]


def _find(session: Session, login: str) -> Account | None:
    return session.scalar(select(Account).where(Account.login == login))


def _kept_login(session: Session, login: str, name: str, *, but: Account | None = None) -> str:
    """The sign-in name as it is kept, if it and the name can be used; ``but`` may have it already."""
    kept, problems = login_form(login), list[Problem]()
    if not _LOGIN.fullmatch(kept):
        problems.append(
            Problem(
                place=say("The sign-in name"),
                value=login,
                rule=say("It has 2 to 100 letters, digits or the signs . @ + - _ and no spaces."),
                remedy=say("Use the work e-mail address, for example."),
            )
        )
    elif (found := _find(session, kept)) is not None and found is not but:
        problems.append(
            Problem(
                place=say("The sign-in name"),
                value=kept,
                rule=say("Another account has it already."),
                remedy=say("Take another name, or give that account the role."),
            )
        )
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        problems.append(
            Problem(
                place=say("The name of the account’s owner"),
                value=name[:_LONGEST_NAME] if name.isprintable() else None,
                rule=say("It has 1 to 200 letters, and nothing that cannot be printed."),
                remedy=say("Write the first name and the family name."),
            )
        )
    if problems:
        raise Refused(problems)
    return kept


def _where(session: Session, role: AccountRole, municipality: str | None) -> list[Problem]:
    if municipality is not None and session.get(Municipality, municipality) is None:
        return [
            Problem(
                place=say("The role’s municipality"),
                value=municipality,
                rule=say("The county has no municipality of this code."),
                remedy=say("Use a code of three digits from the list of municipalities."),
            )
        ]
    if fits(role, municipality):
        return []
    rule, remedy = (
        (say("This role is given in one municipality."), say("Name the municipality."))
        if municipality is None
        else (say("This role is given in the whole county."), say("Leave the municipality out."))
    )
    return [Problem(place=say("The role’s municipality"), value=municipality, rule=rule, remedy=remedy)]


def _when(
    account: Account, role: AccountRole, municipality: str | None, *, starts: date, ends: date | None
) -> list[Problem]:
    if ends is not None and ends < starts:
        return [
            Problem(
                place=say("The role’s last day"),
                value=ends.isoformat(),
                rule=say("It is not before the first day, {day}.", day=starts),
                remedy=say("Correct one of the two days."),
            )
        ]
    for other in account.grants:
        is_same = other.role is role and other.municipality_code == municipality
        if is_same and starts <= (other.ends or date.max) and other.starts <= (ends or date.max):
            return [
                Problem(
                    place=say("The role’s first day"),
                    value=starts.isoformat(),
                    rule=say("The account has this role then already, from {day} on.", day=other.starts),
                    remedy=say("End that one first, or choose days that do not overlap."),
                )
            ]
    return []
