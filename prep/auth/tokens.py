"""Keys for programs: a random value in the name of an account, for some of its permissions, for a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from prep import clock
from prep.auth import sessions, viewers
from prep.auth.bearer import digest, new_token
from prep.auth.permissions import Viewer
from prep.auth.roles import Permission
from prep.auth.sessions import SignedIn, sign_in_needed
from prep.errors import NotFound, Problem, Refused
from prep.language import say
from prep.models import Account, ApiToken

BEGINS = "prep_"
LONGEST_DAYS = 366
_SOON = timedelta(days=14)
# Weighty enough that a person has to show once more who they are; a program cannot.
NOT_FOR_PROGRAMS = frozenset({Permission.ACCOUNT_MANAGE, Permission.SETTINGS_EDIT})
_SHOWN = 12
_LONGEST_NAME = 100
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A key that was just made; its value cannot be read again."""

    token: str = field(repr=False)
    row: ApiToken


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A program that makes a request, at the moment of asking."""

    account: Account
    row: ApiToken
    at: datetime

    @property
    def is_to_be_seen(self) -> bool:
        """Whether ``see`` should write down that the key was used."""
        return self.row.last_used_at is None or self.at - self.row.last_used_at >= _USED_EVERY


def create(
    session: Session, signed_in: SignedIn, *, name: str, scopes: Iterable[Permission], days: int
) -> NewToken:
    """A new key for some of the account's permissions.

    Raises
    ------
    ProofNeeded
        If the password was given too long ago.
    Refused
        If a permission is not the account's or not for programs, none is asked, the time is not 1 to 366 days,
        or the name is empty.
    """
    sessions.require_fresh_proof(signed_in)
    held = viewers.viewer_of(session, signed_in, on=clock.today()).permissions()
    return _made(session, signed_in.account, name=name, scopes=scopes, days=days, held=held)


def issue(
    session: Session, account: Account, *, name: str, scopes: Iterable[Permission], days: int
) -> NewToken:
    """A new key by whoever keeps the server, who needs no sign-in; the same rules hold for it.

    Raises
    ------
    Refused
        As ``create``; a closed account holds no permissions.
    """
    on = clock.today()
    held = (
        viewers.held_by(session, account, on=on).permissions() if account.is_open else frozenset[Permission]()
    )
    return _made(session, account, name=name, scopes=scopes, days=days, held=held)


def use_of(session: Session, token: str) -> TokenUse:
    """Who a key belongs to. It only reads.

    Raises
    ------
    SignInNeeded
        If it is nobody's, was revoked, is too old, or the account is closed.
    """
    at = clock.now()
    row = session.scalar(
        select(ApiToken).where(ApiToken.token_hash == digest(token)).options(joinedload(ApiToken.account))
    )
    if row is None or row.revoked_at is not None or row.expires_at <= at or not row.account.is_open:
        raise sign_in_needed(say("This key is not or no longer good."))
    return TokenUse(row.account, row, at)


def viewer_of(session: Session, use: TokenUse, *, on: date) -> Viewer:
    """What a program may do on a day: what its key names and the account still holds."""
    scopes = frozenset(one for one in Permission if one.value in use.row.scopes)
    return viewers.held_by(session, use.account, on=on, limited_to=scopes)


def see(session: Session, use: TokenUse) -> None:
    """Write down that the key was used."""
    use.row.last_used_at = use.at
    session.flush()


def revoke(session: Session, row: ApiToken) -> None:
    """Make a key useless from now on."""
    row.revoked_at = row.revoked_at or clock.now()
    session.flush()


def listed(session: Session, account: Account | None = None) -> Sequence[ApiToken]:
    """The keys of an account, or (None) of all, that are still good, the newest first."""
    query = (
        select(ApiToken)
        .where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
        .options(joinedload(ApiToken.account))
    )
    if account is not None:
        query = query.where(ApiToken.account_id == account.id)
    return session.scalars(query.order_by(ApiToken.id.desc())).all()


def find(session: Session, number: int) -> ApiToken:
    """The key of a number.

    Raises
    ------
    NotFound
        If there is none.
    """
    row = session.get(ApiToken, number)
    if row is None:
        raise NotFound(
            Problem(
                place=say("The number of the key"),
                value=str(number),
                rule=say("There is no key of this number."),
                remedy=say("“prep user keys” shows all keys."),
            )
        )
    return row


def ends_soon(row: ApiToken) -> bool:
    """Whether a key ends within the next two weeks: time to make another."""
    return row.expires_at - clock.now() <= _SOON


def _made(
    session: Session,
    account: Account,
    *,
    name: str,
    scopes: Iterable[Permission],
    days: int,
    held: frozenset[Permission],
) -> NewToken:
    wanted = frozenset(scopes)
    problems = _problems(name, wanted, held - NOT_FOR_PROGRAMS, days)
    if problems:
        raise Refused(problems)
    at, token = clock.now(), BEGINS + new_token()
    row = ApiToken(
        account=account,
        name=name.strip(),
        token_hash=digest(token),
        prefix=token[:_SHOWN],
        scopes=sorted(wanted),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    return NewToken(token, row)


def _problems(
    name: str, wanted: frozenset[Permission], held: frozenset[Permission], days: int
) -> list[Problem]:
    problems = []
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        problems.append(
            Problem(
                place=say("The key’s name"),
                value=None,
                rule=say("A key has a name of 1 to 100 letters."),
                remedy=say("Name the program that uses it."),
            )
        )
    if not wanted or wanted - held:
        problems.append(
            Problem(
                place=say("The key’s permissions"),
                value=", ".join(sorted(wanted - held)) or None,
                rule=say(
                    "A key has at least one permission, and only such as you have and a program may have."
                ),
                remedy=say("Choose among: {permissions}.", permissions=sorted(held)),
            )
        )
    if not 1 <= days <= LONGEST_DAYS:
        problems.append(
            Problem(
                place=say("The key’s days"),
                value=str(days),
                rule=say("A key is good for 1 to {longest} days.", longest=LONGEST_DAYS),
                remedy=say("Choose a number of days within these."),
            )
        )
    return problems
