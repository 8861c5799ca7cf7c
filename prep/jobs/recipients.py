"""To whom prep can write: the address of a person, and the county's planners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from prep.auth.accounts import in_force
from prep.errors import Refused
from prep.models import Account, Grant, Person
from prep.registry.contact_values import kept_form
from prep.terms import AccountRole, ContactKind, Language


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to. ``key`` tells them from all others; ``address`` is None where none is known."""

    key: str
    name: str
    address: str | None
    language: Language


def recipient_of(person: Person) -> Recipient:
    """Somebody of the register, at the first e-mail address that nobody says is wrong."""
    addresses = (
        point.value
        for point in person.contact_points
        if point.kind is ContactKind.EMAIL and not point.objection
    )
    return Recipient(f"person {person.id}", person.name, next(addresses, None), person.language)


def planners(session: Session, *, on: date) -> Sequence[Recipient]:
    """The county's planners on a day, at their sign-in names where these are addresses."""
    accounts = session.scalars(
        select(Account)
        .where(Account.disabled_at.is_(None))
        .options(selectinload(Account.grants).options(joinedload(Grant.role_term)))
        .order_by(Account.id)
    )
    return [
        Recipient(f"account {one.id}", one.name, _as_address(one.login), one.language)
        for one in accounts
        if any(grant.role is AccountRole.COUNTY_PLANNER for grant in in_force(one.grants, on=on))
    ]


def _as_address(login: str) -> str | None:
    if "@" not in login:
        return None
    try:
        return kept_form(ContactKind.EMAIL, login, allow_invented=True)
    except Refused:
        return None
