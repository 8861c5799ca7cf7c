"""The kept versions of a chain: found, read, brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.chains.form import ChainEntry, read_content
from prep.errors import NotFound, Problem
from prep.language import say
from prep.models import Account, Chain, ChainVersion

_ACCOUNT = "account: "


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it stood: its number, when and by whom it was made, and what it says."""

    number: int
    made_at: datetime
    made_by: str
    entry: ChainEntry


def versions_of(session: Session, chain: Chain) -> list[Version]:
    """The versions of a chain, the newest first."""
    rows = session.scalars(
        select(ChainVersion).where(ChainVersion.chain_id == chain.id).order_by(ChainVersion.number.desc())
    ).all()
    names = _names(session, {row.made_by for row in rows})
    return [_version(row, names) for row in rows]


def version_of(session: Session, chain: Chain, number: int) -> Version:
    """One version of a chain.

    Raises
    ------
    NotFound
        With the numbers that there are.
    """
    found = {one.number: one for one in versions_of(session, chain)}
    if number not in found:
        raise NotFound(
            Problem(
                place=say("Version of the chain {chain}", chain=chain.key),
                value=str(number),
                rule=say("There is no version of this number."),
                remedy=say("Use one of: {known}.", known=[str(one) for one in sorted(found)]),
            )
        )
    return found[number]


def _version(row: ChainVersion, names: Mapping[str, str]) -> Version:
    return Version(row.number, row.made_at, names.get(row.made_by, row.made_by), read_content(row.content))


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    """The names of the accounts among those who made the versions, by how the versions name them."""
    logins = [one.removeprefix(_ACCOUNT) for one in actors if one.startswith(_ACCOUNT)]
    accounts = session.scalars(select(Account).where(Account.login.in_(logins)))
    return {f"{_ACCOUNT}{account.login}": account.name for account in accounts}
