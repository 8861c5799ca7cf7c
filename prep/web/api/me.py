"""The key itself: whose it is, what it may do where, and until when."""

from datetime import datetime

from pydantic import Field

from prep.auth.roles import Permission
from prep.web.api.operations import Asked, Operation
from prep.web.api.shapes import Query, Shape


class Reach(Shape):
    """A permission that the key has today, and where."""

    permission: Permission = Field(description="What may be done.")
    whole_county: bool = Field(description="Also on what belongs to no single municipality.")
    municipalities: tuple[str, ...] = Field(description="Codes of the municipalities in which it holds.")


class Me(Shape):
    """The key that asks."""

    login: str = Field(description="Sign-in name of the account in whose name the program asks.")
    key_name: str = Field(description="What its owner has named the key.")
    key_begins: str = Field(description="The first signs of the key.")
    scopes: tuple[str, ...] = Field(description="The permissions that the key names.")
    expires_at: datetime = Field(description="When the key ends, UTC.")
    permissions: tuple[Reach, ...] = Field(
        description="What it may do today: what the key names and its owner holds."
    )


def me(asked: Asked) -> Me:
    """The key that asks."""
    viewer, row = asked.viewer, asked.use.row
    return Me(
        login=viewer.login,
        key_name=row.name,
        key_begins=row.prefix,
        scopes=tuple(sorted(row.scopes)),
        expires_at=row.expires_at,
        permissions=tuple(
            Reach(
                permission=one,
                whole_county=viewer.may(one),
                municipalities=tuple(sorted(viewer.visible_municipalities(one))),
            )
            for one in Permission
            if viewer.may_somewhere(one)
        ),
    )


OPERATIONS = (Operation("/me", "getMe", "key", "The key that asks, and what it may do.", (), Me, me, Query),)
