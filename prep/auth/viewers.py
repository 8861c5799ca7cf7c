"""Who asks, and what they may do today: read from the database at every request, so that a change bites at once."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from prep.auth.accounts import in_force
from prep.auth.permissions import Granted, Viewer
from prep.auth.roles import Permission
from prep.auth.sessions import SignedIn
from prep.models import Account, Grant, Municipality


def viewer_of(session: Session, signed_in: SignedIn, *, on: date) -> Viewer:
    """What somebody who is signed in may do on a day: nothing until a second factor is set up."""
    if not signed_in.has_second_factor:
        return Viewer(signed_in.account.login, frozenset(), frozenset())
    return held_by(session, signed_in.account, on=on)


def held_by(
    session: Session, account: Account, *, on: date, limited_to: frozenset[Permission] | None = None
) -> Viewer:
    """What an account may do on a day, however it is used; a request asks ``viewer_of`` instead."""
    grants = session.scalars(
        select(Grant).where(Grant.account_id == account.id).options(joinedload(Grant.role_term))
    )
    return Viewer(
        login=account.login,
        grants=frozenset(Granted(one.role, one.municipality_code) for one in in_force(grants, on=on)),
        municipalities=frozenset(session.scalars(select(Municipality.code))),
        limited_to=limited_to,
    )
