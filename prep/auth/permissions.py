"""May somebody do this, here? Denied unless a role that is held today says otherwise.

A request asks in this order: who is it (``prep.auth.viewers``), may they (``require``), what may they see of it
(``scoped``, ``shown_number``). Nothing here reads the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, or_
from sqlalchemy.orm import InstrumentedAttribute

from prep.auth.roles import RIGHTS, Permission, Scope
from prep.errors import NotFound, Problem
from prep.language import say
from prep.terms import AccountRole

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
_FEWEST_DIGITS_MASKED = 6


@dataclass(frozen=True, slots=True)
class Granted:
    """A role in one municipality or (None) in the whole county.

    Raises
    ------
    ValueError
        If the role cannot be given there.
    """

    role: AccountRole
    municipality: str | None = None

    def __post_init__(self) -> None:
        if not fits(self.role, self.municipality):
            raise ValueError(f"{self.role} cannot be given in {self.municipality or 'the whole county'}")


def fits(role: AccountRole, municipality: str | None) -> bool:
    """Whether a role can be given in this municipality, or (None) in the whole county."""
    unfit = Scope.MUNICIPALITY if municipality is None else Scope.COUNTY
    return RIGHTS[role].scope is not unfit


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks for something, with the roles held on the day of asking."""

    login: str
    grants: frozenset[Granted]
    # The codes of the county's municipalities; in any other nobody may do anything.
    municipalities: frozenset[str]
    # What the token allows when a program asks; None for a person.
    limited_to: frozenset[Permission] | None = None

    def may(self, permission: Permission, *, municipality: str | None = None) -> bool:
        """Whether this is allowed in a municipality, or (None) on what is the county's or shared by all.

        A thing that belongs to a municipality is always asked for with its code.
        """
        if self.limited_to is not None and permission not in self.limited_to:
            return False
        if municipality is not None and municipality not in self.municipalities:
            return False
        return any(permission in _rights(grant, municipality) for grant in self.grants)

    def may_somewhere(self, permission: Permission) -> bool:
        """Whether this is allowed anywhere: for the navigation, never for the thing itself."""
        return self.may(permission) or bool(self.visible_municipalities(permission))

    def visible_municipalities(self, permission: Permission) -> frozenset[str]:
        """The codes of the municipalities in which this is allowed."""
        return frozenset(code for code in self.municipalities if self.may(permission, municipality=code))

    def permissions(self) -> frozenset[Permission]:
        """Everything that is allowed anywhere."""
        return frozenset(one for one in Permission if self.may_somewhere(one))


NOBODY = Viewer(login="", grants=frozenset(), municipalities=frozenset())


def require(viewer: Viewer, permission: Permission, municipality: str | None = None) -> None:
    """Go on only if it is allowed.

    Raises
    ------
    NotFound
        If it is not. Whoever may not see a thing learns nothing about whether it exists.
    """
    if not viewer.may(permission, municipality=municipality):
        raise nothing_here()


def nothing_here() -> NotFound:
    """The answer for what does not exist and for what somebody may not see: the same for both."""
    return NotFound(
        Problem(
            place=say("This page"),
            value=None,
            rule=say("It does not exist, or your account has no right to it."),
            remedy=say("Go back; if you need it for your work, ask the administrator of accounts."),
        )
    )


def scoped(
    query: Query,
    viewer: Viewer,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    permission: Permission,
) -> Query:
    """The query, limited to rows of the municipalities in which the permission is held.

    ``column`` holds a municipality's code, or NULL where a row is the county's or shared.
    """
    return query.where(or_(*_allowed(viewer, column, permission)))


def shown_number(number: str, viewer: Viewer, *, municipality: str | None) -> str:
    """A telephone number or address as this viewer may see it; the country and the last two digits stay.

    >>> shown_number("+358000000001", NOBODY, municipality="272")
    '+358 ** *** **01'
    """
    if viewer.may(Permission.CONTACT_PHONE, municipality=municipality):
        return number
    digits = "".join(sign for sign in number if sign.isdigit())
    if "@" in number or len(digits) < _FEWEST_DIGITS_MASKED:
        return "***"
    country = "+358 " if number.startswith("+358") else ""
    return f"{country}** *** **{digits[-2:]}"


def _rights(grant: Granted, municipality: str | None) -> frozenset[Permission]:
    rights = RIGHTS[grant.role]
    if grant.municipality is None:
        return rights.own | rights.shared
    if municipality is None:
        return rights.shared
    return rights.own if municipality == grant.municipality else frozenset()


def _allowed(viewer: Viewer, column: Any, permission: Permission) -> Iterator[ColumnElement[bool]]:
    yield column.in_(sorted(viewer.visible_municipalities(permission)))
    if viewer.may(permission):
        yield column.is_(None)
