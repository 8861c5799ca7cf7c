import threading
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from prep.auth import accounts, passwords, sessions, tokens
from prep.auth.links import link_for, look_up
from prep.auth.roles import Permission
from prep.db import read_session, write_session
from prep.errors import NotFound, Refused, SignInNeeded
from prep.models import Grant, Person, Role, RoleTerm
from prep.terms import AccountRole, SignInMethod
from tests.auth.actors import (
    DAY,
    KOKKOLA,
    OTHER_PASSWORD,
    PASSWORD,
    PERHO,
    entered,
    of,
    signed_in,
    wait_until_blocked,
)


def test_a_sign_in_name_is_the_same_however_it_is_typed(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        accounts.add(session, " Väinö.Esimerkki@Kunta.example ", "Väinö Esimerkki")
        assert accounts.find(session, "VÄINÖ.esimerkki@kunta.example").name == "Väinö Esimerkki"


@given(st.text())
@example("ΐ\u0345ﬃ İ")
def test_the_kept_form_of_a_name_is_its_own_kept_form(typed: str) -> None:
    kept = accounts.login_form(typed)
    assert accounts.login_form(kept) == kept


def test_a_taken_sign_in_name_is_refused(county: Engine) -> None:
    with (
        pytest.raises(
            Refused, match=r"The sign-in name: “aino” Another account has it already\. Take another"
        ),
        write_session(county, actor="test") as session,
    ):
        accounts.add(session, "AINO", "Aino Exempel")


@pytest.mark.parametrize("login", ["", "a", "aino esimerkki", "aino\x00", "x" * 101, "\ud800\ud800"])
def test_an_unusable_sign_in_name_is_refused_and_belongs_to_nobody(county: Engine, login: str) -> None:
    with read_session(county) as session:
        with pytest.raises(Refused, match=r"It has 2 to 100 letters, digits or the signs \. @"):
            accounts.add(session, login, "Aino Esimerkki")
        assert accounts.find_or_none(session, login) is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "Aino\x00Esimerkki"])
def test_an_owner_has_a_name_that_can_be_printed(county: Engine, name: str) -> None:
    with (
        read_session(county) as session,
        pytest.raises(Refused, match="It has 1 to 200 letters, and nothing that cannot be printed"),
    ):
        accounts.add(session, "vaino", name)


def test_an_unknown_sign_in_name_is_not_found(county: Engine) -> None:
    with read_session(county) as session, pytest.raises(NotFound, match="“nobody” No account has it"):
        accounts.find(session, "nobody")


def test_a_role_is_given_in_one_of_the_countys_municipalities(county: Engine) -> None:
    with read_session(county) as session:
        outi = of(session, "outi")
        for place, role, message in (
            ("091", AccountRole.VIEWER, "“091” The county has no municipality of this code"),
            (None, AccountRole.MUNICIPAL_CONTACT, "This role is given in one municipality. Name the muni"),
            (KOKKOLA, AccountRole.COUNTY_PLANNER, "“272” This role is given in the whole county. Leave"),
        ):
            with pytest.raises(Refused, match=message):
                accounts.give(session, outi, role, starts=DAY, municipality=place)


@pytest.mark.parametrize(("role", "place"), [("municipal_contact", None), ("duty_officer", KOKKOLA)])
def test_the_database_keeps_no_role_in_the_wrong_place(
    county: Engine, role: AccountRole, place: str | None
) -> None:
    with pytest.raises(IntegrityError), write_session(county, actor="test") as session:
        account = of(session, "outi")
        session.add(Grant(account=account, role=AccountRole(role), municipality_code=place, starts=DAY))


def test_the_days_of_a_role_are_in_order_and_do_not_overlap(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        aino = of(session, "aino")
        with pytest.raises(Refused, match=r"“2026-11-21” It is not before the first day, 22\.11\.2026"):
            accounts.give(session, aino, AccountRole.VIEWER, starts=DAY, ends=DAY - timedelta(days=1))
        with pytest.raises(
            Refused, match=r"“2027-01-01” The account has this role then already, from 22\.11"
        ):
            accounts.give(
                session,
                aino,
                AccountRole.MUNICIPAL_CONTACT,
                starts=date(2027, 1, 1),
                municipality=KOKKOLA,
            )
        accounts.give(
            session,
            aino,
            AccountRole.MUNICIPAL_CONTACT,
            starts=date(2026, 1, 1),
            ends=DAY - timedelta(days=1),
            municipality=KOKKOLA,
        )
        accounts.give(session, aino, AccountRole.MUNICIPAL_CONTACT, starts=DAY, municipality=PERHO)
        assert len(aino.grants) == 3


def test_a_role_that_is_taken_back_holds_to_its_last_day(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        grant = session.scalars(select(Grant).where(Grant.role == AccountRole.VIEWER)).one()
        accounts.take_back(session, grant, last_day=DAY)
        assert accounts.in_force([grant], on=DAY) == [grant]
        assert accounts.in_force([grant], on=DAY + timedelta(days=1)) == []


def test_a_role_that_never_began_is_removed(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        grant = session.scalars(select(Grant).where(Grant.role == AccountRole.VIEWER)).one()
        accounts.take_back(session, grant, last_day=DAY - timedelta(days=1))
    with read_session(county) as session:
        assert of(session, "eero").grants == []


def test_a_role_that_rests_on_a_term_ends_with_it(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        role = Role(
            county_id=1,
            key="preparedness-contact",
            municipality_code=KOKKOLA,
            name_fi="Y",
            name_sv="K",
            name_en="C",
        )
        person = Person(county_id=1, name="Outi Esimerkki")
        term = RoleTerm(role=role, person=person, starts=DAY)
        session.add(term)
        grant = accounts.give(
            session,
            of(session, "outi"),
            AccountRole.MUNICIPAL_CONTACT,
            starts=DAY,
            municipality=KOKKOLA,
            role_term=term,
        )
        assert accounts.in_force([grant], on=DAY + timedelta(days=30)) == [grant]
        term.ends = DAY + timedelta(days=29)
        assert accounts.in_force([grant], on=DAY + timedelta(days=29)) == [grant]
        assert accounts.in_force([grant], on=DAY + timedelta(days=30)) == []


def test_a_new_password_ends_all_other_sessions_and_voids_links(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        here, there = signed_in(session, "aino"), entered(session, "aino")
        others = entered(session, "eero")
        link = link_for(session, here.account)
        accounts.set_password(session, here.account, OTHER_PASSWORD, keep=here.login_session)
        assert [row.id for row in sessions.listed(session, here.account)] == [here.login_session.id]
        with pytest.raises(SignInNeeded, match="Nobody is signed in here"):
            sessions.session_of(session, there)
        with pytest.raises(NotFound, match="is not or no longer good"):
            look_up(session, link.token)
        assert sessions.session_of(session, others).account.login == "eero"


def test_a_password_is_changed_although_the_account_was_changed_meanwhile(county: Engine) -> None:
    def change() -> None:
        with write_session(county, actor="aino") as session:
            accounts.set_password(session, of(session, "aino"), OTHER_PASSWORD)

    owner = threading.Thread(target=change)
    with write_session(county, actor="admin") as session:
        of(session, "aino").name = "Aino Exempel"
        session.flush()
        owner.start()
        wait_until_blocked(county)
    owner.join()
    with read_session(county) as session:
        aino = of(session, "aino")
        assert aino.name == "Aino Exempel"
        assert passwords.matches(aino.password_hash, OTHER_PASSWORD)


def test_a_password_with_the_own_or_a_municipalitys_name_is_refused(county: Engine) -> None:
    with read_session(county) as session:
        for password in ("Kokkola2026Karleby", "ainoEsimerkki12345"):
            with pytest.raises(Refused, match="It must not be made of names"):
                accounts.set_password(session, of(session, "aino"), password)


def test_closing_an_account_ends_all_that_it_opened(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        who = signed_in(session, "aino")
        link = link_for(session, who.account)
        program = tokens.create(session, who, name="list", scopes=[Permission.SITE_READ], days=1)
        token = entered(session, "aino")
        accounts.disable(session, who.account)
        for opens in (sessions.session_of, tokens.use_of):
            with pytest.raises(SignInNeeded):
                opens(session, token if opens is sessions.session_of else program.token)
        with pytest.raises(NotFound):
            look_up(session, link.token)
        with pytest.raises(Refused, match=r"“aino” The account is closed\. Open the account first"):
            link_for(session, who.account)
        # Opened again it does not bring back what was ended.
        accounts.enable(session, who.account)
        assert who.account.is_open
        with pytest.raises(SignInNeeded):
            sessions.session_of(session, token)
        with pytest.raises(SignInNeeded):
            tokens.use_of(session, program.token)


def test_the_list_shows_roles_factors_and_the_last_sign_in(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        accounts.add(session, "uusi", "Uusi Esimerkki")
        began = signed_in(session, "aino", method=SignInMethod.PASSWORD).login_session.created_at
        accounts.disable(session, of(session, "eero"))
    with read_session(county) as session:
        rows = [
            (
                one.account.login,
                [(grant.role, grant.municipality_code) for grant in one.grants],
                one.has_password,
                one.last_sign_in,
            )
            for one in accounts.accounts_standing(session, on=DAY)
        ]
    assert rows == [
        ("aino", [("municipal_contact", KOKKOLA)], True, began),
        ("eero", [], True, None),
        ("outi", [], True, None),
        ("uusi", [], False, None),
    ]
    assert PASSWORD not in str(rows)
