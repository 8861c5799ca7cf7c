from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from prep.auth import accounts, sessions
from prep.auth.roles import Permission
from prep.auth.viewers import viewer_of
from prep.db import read_session, write_session
from prep.models import Grant
from prep.terms import SignInMethod
from tests.auth.actors import DAY, HALSUA, KOKKOLA, PERHO, entered, signed_in


def test_the_actors_may_what_their_roles_say(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        aino, eero, outi = (
            viewer_of(session, signed_in(session, login), on=DAY) for login in ("aino", "eero", "outi")
        )
    assert aino.visible_municipalities(Permission.SITE_EDIT) == {KOKKOLA}
    assert eero.visible_municipalities(Permission.SITE_READ) == {KOKKOLA, PERHO, HALSUA}
    assert not eero.may(Permission.CONTACT_PHONE, municipality=KOKKOLA)
    assert outi.permissions() == frozenset()


WEAK = [SignInMethod.PASSWORD, SignInMethod.PROVIDER_ALONE]


@pytest.mark.parametrize("alone", WEAK)
@pytest.mark.parametrize("method", [one for one in SignInMethod if one not in WEAK])
def test_one_thing_alone_opens_nothing(county: Engine, alone: SignInMethod, method: SignInMethod) -> None:
    with write_session(county, actor="test") as session:
        weak = signed_in(session, "aino", method=alone)
        assert viewer_of(session, weak, on=DAY).permissions() == frozenset()
        strong = signed_in(session, "aino", method=method)
        assert viewer_of(session, strong, on=DAY).may(Permission.SITE_EDIT, municipality=KOKKOLA)


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_role_holds_from_its_first_day_to_its_last(county: Engine, days: int, *, holds: bool) -> None:
    with write_session(county, actor="test") as session:
        session.scalars(select(Grant).where(Grant.municipality_code == KOKKOLA)).one().ends = DAY + timedelta(
            days=9
        )
        viewer = viewer_of(session, signed_in(session, "aino"), on=DAY + timedelta(days=days))
        assert viewer.may(Permission.SITE_EDIT, municipality=KOKKOLA) is holds


def test_a_role_that_is_taken_back_is_gone_at_the_next_request_of_the_old_session(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        token = entered(session, "aino")
        for grant in session.scalars(select(Grant)):
            accounts.take_back(session, grant, last_day=DAY - timedelta(days=1))
    with read_session(county) as session:
        viewer = viewer_of(session, sessions.session_of(session, token), on=DAY)
        assert viewer.permissions() == frozenset()
