import threading

import pytest
from sqlalchemy import Engine, select

from prep.auth import accounts, links, sessions, signing_in
from prep.auth.bearer import digest
from prep.auth.secret_key import SecretKey
from prep.auth.signing_in import CodeAsked
from prep.auth.turning_away import TurnedAway
from prep.db import read_session, write_session
from prep.errors import NotFound, Refused, SignInNeeded
from prep.models import OneTimeLink
from prep.terms import AccountRole, LinkPurpose
from tests.auth.actors import (
    DAY,
    ELSEWHERE,
    OFFICE,
    OTHER_PASSWORD,
    PASSWORD,
    entered,
    later,
    of,
    with_app,
)

NOT_GOOD = "This link: It is good once and for a limited time, and is not or no longer good. Ask the admin"


def setup(engine: Engine) -> str:
    with write_session(engine, actor="test") as session:
        return links.setup_link(session).token


def test_a_new_installation_has_no_account_and_needs_an_administrator(engine: Engine) -> None:
    with read_session(engine) as session:
        assert accounts.accounts_standing(session, on=DAY) == []
        assert links.needs_setup(session)


def test_the_first_link_makes_the_administrator_once(engine: Engine) -> None:
    token = setup(engine)
    with write_session(engine, actor="test") as session:
        account = links.redeem_setup(session, token, login="aino", name="Aino Esimerkki", password=PASSWORD)
        assert [grant.role for grant in account.grants] == [AccountRole.ADMINISTRATOR]
    with read_session(engine) as session:
        assert not links.needs_setup(session)
        with pytest.raises(NotFound, match=NOT_GOOD):
            links.redeem_setup(session, token, login="eero", name="Eero Exempel", password=PASSWORD)
        with pytest.raises(
            Refused, match=r"There is an administrator already\. A new link for an account is"
        ):
            links.setup_link(session)


def test_a_newer_setup_link_voids_the_older(engine: Engine) -> None:
    older, newer = setup(engine), setup(engine)
    with read_session(engine) as session:
        with pytest.raises(NotFound, match=NOT_GOOD):
            links.look_up(session, older)
        assert links.look_up(session, newer).purpose is LinkPurpose.SETUP


def test_a_refused_password_leaves_the_setup_link_good(engine: Engine) -> None:
    token = setup(engine)
    with pytest.raises(Refused, match="It has 15 to 128"), write_session(engine, actor="test") as session:
        links.redeem_setup(session, token, login="aino", name="Aino Esimerkki", password=PASSWORD[:9])
    with read_session(engine) as session:
        assert links.look_up(session, token).account is None
        assert accounts.find_or_none(session, "aino") is None


def test_a_setup_link_is_void_when_an_administrator_has_come_otherwise(county: Engine) -> None:
    token = setup(county)
    with write_session(county, actor="test") as session:
        accounts.give(session, of(session, "aino"), AccountRole.ADMINISTRATOR, starts=DAY)
    with read_session(county) as session, pytest.raises(NotFound, match=NOT_GOOD):
        links.redeem_setup(session, token, login="mallory", name="M Exempel", password=PASSWORD)


def test_two_who_use_the_setup_link_at_once_make_one_administrator(engine: Engine) -> None:
    token, made, refused = setup(engine), [], []
    barrier = threading.Barrier(4)

    def use(number: int) -> None:
        barrier.wait()
        try:
            with write_session(engine, actor="test") as session:
                links.redeem_setup(
                    session, token, login=f"aino{number}", name="Aino Esimerkki", password=PASSWORD
                )
            made.append(number)
        except NotFound:
            refused.append(number)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 3)


@pytest.mark.parametrize(("login", "purpose", "hours"), [("uusi", "invite", 72), ("aino", "reset", 24)])
def test_a_link_is_good_for_its_time(
    county: Engine, monkeypatch: pytest.MonkeyPatch, login: str, purpose: str, hours: int
) -> None:
    with write_session(county, actor="test") as session:
        accounts.add(session, "uusi", "Uusi Esimerkki")
        link = links.link_for(session, of(session, login))
    assert link.purpose == purpose
    assert link.path == f"/link/{link.token}"
    later(monkeypatch, hours=hours, seconds=-1)
    with read_session(county) as session:
        for _ in range(3):
            found = links.look_up(session, link.token)
            assert found.account is not None
            assert found.account.login == login
        later(monkeypatch, seconds=1)
        with pytest.raises(NotFound, match=NOT_GOOD):
            links.look_up(session, link.token)
        with pytest.raises(NotFound, match=NOT_GOOD):
            links.redeem(session, link.token, OTHER_PASSWORD)


def test_a_link_sets_the_password_once_and_signs_out_everywhere(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        token = entered(session, "aino")
        link = links.link_for(session, of(session, "aino"))
    with write_session(county, actor="link") as session:
        assert links.redeem(session, link.token, OTHER_PASSWORD).login == "aino"
    with write_session(county, actor="link") as session:
        with pytest.raises(NotFound, match=NOT_GOOD):
            links.redeem(session, link.token, PASSWORD)
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, token)
        answer = signing_in.give_password(session, "aino", PASSWORD, caller=OFFICE)
        assert isinstance(answer, TurnedAway)
        answer = signing_in.give_password(session, "aino", OTHER_PASSWORD, caller=OFFICE)
        assert not isinstance(answer, TurnedAway)


def test_a_new_link_voids_the_older_one(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        older, newer = (links.link_for(session, of(session, "aino")) for _ in range(2))
        with pytest.raises(NotFound, match=NOT_GOOD):
            links.redeem(session, older.token, OTHER_PASSWORD)
        links.redeem(session, newer.token, OTHER_PASSWORD)


def test_a_link_does_not_pass_by_the_second_factor(county: Engine, key: SecretKey) -> None:
    with write_session(county, actor="test") as session:
        with_app(session, "aino", key)
        link = links.link_for(session, of(session, "aino"))
        links.redeem(session, link.token, OTHER_PASSWORD)
        answer = signing_in.give_password(session, "aino", OTHER_PASSWORD, caller=OFFICE)
        assert isinstance(answer, CodeAsked)


def test_a_link_lets_its_owner_in_while_a_stranger_uses_up_the_attempts(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        for _ in range(10):
            signing_in.give_password(session, "aino", "wrong", caller=ELSEWHERE)
        answer = signing_in.give_password(session, "aino", PASSWORD, caller=OFFICE)
        assert isinstance(answer, TurnedAway)
        link = links.link_for(session, of(session, "aino"))
        links.redeem(session, link.token, OTHER_PASSWORD)
        answer = signing_in.give_password(session, "aino", OTHER_PASSWORD, caller=OFFICE)
        assert not isinstance(answer, TurnedAway)


def test_a_setup_link_sets_no_ones_password_and_a_reset_makes_no_administrator(county: Engine) -> None:
    first = setup(county)
    with read_session(county) as session, pytest.raises(NotFound, match=NOT_GOOD):
        links.redeem(session, first, OTHER_PASSWORD)
    with write_session(county, actor="test") as session:
        reset = links.link_for(session, of(session, "aino"))
        with pytest.raises(NotFound, match=NOT_GOOD):
            links.redeem_setup(session, reset.token, login="x1", name="X Exempel", password=PASSWORD)


def test_only_the_digest_of_a_link_is_kept(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        link = links.link_for(session, of(session, "aino"))
        assert session.scalars(select(OneTimeLink)).one().token_hash == digest(link.token)
    assert link.token not in repr(link)
