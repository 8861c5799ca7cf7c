import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from prep.auth.permissions import NOBODY, Granted, Viewer, fits, require, scoped, shown_number
from prep.auth.roles import RIGHTS, Permission, Scope
from prep.auth.words import METHOD_NAMES, PERMISSION_NAMES, ROLE_NAMES
from prep.db import read_session, write_session
from prep.errors import NotFound
from prep.models import Municipality, Person
from prep.terms import AccountRole, SignInMethod
from tests.auth.actors import HALSUA, KOKKOLA, PERHO

CODES = frozenset({KOKKOLA, PERHO, HALSUA})
NUMBER = "+358000000001"
MUNICIPAL = [role for role in AccountRole if fits(role, KOKKOLA)]
COUNTY = [role for role in AccountRole if fits(role, None)]


def viewer(*grants: Granted, limited_to: frozenset[Permission] | None = None) -> Viewer:
    return Viewer("aino", frozenset(grants), CODES, limited_to)


any_grant = st.one_of(
    st.builds(Granted, st.sampled_from(COUNTY)),
    st.builds(Granted, st.sampled_from(MUNICIPAL), st.sampled_from(sorted(CODES))),
)
any_permission = st.sampled_from(Permission)
any_place = st.sampled_from([None, *sorted(CODES), "091", ""])


@given(any_permission, any_place)
def test_without_a_role_nothing_is_allowed(permission: Permission, place: str | None) -> None:
    assert not viewer().may(permission, municipality=place)
    assert not NOBODY.may(permission, municipality=place)


@pytest.mark.parametrize("role", MUNICIPAL)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_in_one_municipality_gives_nothing_in_another(
    role: AccountRole, permission: Permission
) -> None:
    in_kokkola = viewer(Granted(role, KOKKOLA))
    assert not in_kokkola.may(permission, municipality=PERHO)
    assert in_kokkola.visible_municipalities(permission) <= {KOKKOLA}


@given(st.sets(any_grant), any_permission, st.sampled_from(["091", "", "2720", "272 "]))
def test_outside_the_county_nobody_may_anything(
    grants: set[Granted], permission: Permission, place: str
) -> None:
    assert not viewer(*grants).may(permission, municipality=place)


@given(st.sets(any_grant), any_grant, any_permission, any_place)
def test_one_more_role_never_takes_anything_away(
    grants: set[Granted], more: Granted, permission: Permission, place: str | None
) -> None:
    before = viewer(*grants).may(permission, municipality=place)
    after = viewer(*grants, more).may(permission, municipality=place)
    assert after == (before or viewer(more).may(permission, municipality=place))


@given(st.sets(any_grant), st.frozensets(any_permission), any_permission, any_place)
def test_a_key_allows_what_it_names_and_the_account_may(
    grants: set[Granted], scopes: frozenset[Permission], permission: Permission, place: str | None
) -> None:
    whole = viewer(*grants).may(permission, municipality=place)
    limited = viewer(*grants, limited_to=scopes).may(permission, municipality=place)
    assert limited == (whole and permission in scopes)


def test_a_municipal_contact_edits_the_own_municipality_and_reads_what_is_shared() -> None:
    aino = viewer(Granted(AccountRole.MUNICIPAL_CONTACT, KOKKOLA))
    assert aino.may(Permission.SITE_EDIT, municipality=KOKKOLA)
    assert aino.may(Permission.BODY_READ)
    assert not aino.may(Permission.BODY_EDIT)
    assert not aino.may(Permission.CONTACT_READ)
    assert aino.visible_municipalities(Permission.SITE_READ) == {KOKKOLA}
    assert aino.may_somewhere(Permission.SITE_EDIT)
    assert not aino.may_somewhere(Permission.CHAIN_EDIT)


def test_an_administrator_sees_settings_and_no_contents() -> None:
    administrator = viewer(Granted(AccountRole.ADMINISTRATOR))
    assert administrator.permissions() == {
        Permission.ACCOUNT_MANAGE,
        Permission.SETTINGS_READ,
        Permission.SETTINGS_EDIT,
        Permission.BACKUP_MAKE,
        Permission.AUDIT_READ,
        Permission.REGION_READ,
    }


def test_a_duty_officer_reads_starts_drills_and_prints_but_changes_nothing() -> None:
    held = viewer(Granted(AccountRole.DUTY_OFFICER)).permissions()
    assert {one for one in held if not one.endswith(".read")} == {
        Permission.CONTACT_PHONE,
        Permission.DRILL_START,
        Permission.CARD_PRINT,
    }


def test_those_who_are_exercised_do_not_read_the_script() -> None:
    readers = {role for role in AccountRole if Permission.EXERCISE_READ in RIGHTS[role].own}
    assert readers == {AccountRole.COUNTY_PLANNER, AccountRole.EXERCISE_DIRECTOR}


def test_only_the_planner_the_contact_and_the_duty_officer_see_numbers() -> None:
    readers = {role for role in AccountRole if Permission.CONTACT_PHONE in RIGHTS[role].own}
    assert readers == {
        AccountRole.COUNTY_PLANNER,
        AccountRole.MUNICIPAL_CONTACT,
        AccountRole.DUTY_OFFICER,
    }


def test_a_planner_does_everything_but_the_upkeep() -> None:
    assert viewer(Granted(AccountRole.COUNTY_PLANNER)).permissions() == set(Permission) - {
        Permission.ACCOUNT_MANAGE,
        Permission.SETTINGS_READ,
        Permission.SETTINGS_EDIT,
        Permission.BACKUP_MAKE,
    }


@pytest.mark.parametrize("role", AccountRole)
def test_what_is_shared_is_only_ever_read(role: AccountRole) -> None:
    assert all(one.endswith(".read") for one in RIGHTS[role].shared)
    assert RIGHTS[role].scope is not Scope.COUNTY or not RIGHTS[role].shared


@pytest.mark.parametrize(
    ("role", "place"), [(AccountRole.MUNICIPAL_CONTACT, None), (AccountRole.DUTY_OFFICER, KOKKOLA)]
)
def test_a_role_in_a_place_where_it_cannot_be_given_does_not_exist(
    role: AccountRole, place: str | None
) -> None:
    with pytest.raises(ValueError, match=f"{role} cannot be given in {place or 'the whole county'}"):
        Granted(role, place)


def test_what_is_not_allowed_looks_like_what_does_not_exist() -> None:
    outi = viewer()
    with pytest.raises(
        NotFound, match=r"This page: It does not exist, or your account has no right to it\. Go"
    ):
        require(outi, Permission.SITE_READ, KOKKOLA)
    require(viewer(Granted(AccountRole.VIEWER)), Permission.SITE_READ, KOKKOLA)


def visible(engine: Engine, who: Viewer, permission: Permission) -> list[str]:
    with read_session(engine) as session:
        query = select(Person).order_by(Person.name)
        found = session.scalars(scoped(query, who, Person.municipality_code, permission))
        return [person.name.split()[0] for person in found]


def test_a_query_finds_only_rows_of_visible_municipalities(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        session.add_all(
            Person(county_id=1, municipality_code=code, name=f"{name} Esimerkki")
            for code, name in ((KOKKOLA, "Kaisa"), (PERHO, "Pekka"), (None, "Väinö"))
        )
    aino = viewer(Granted(AccountRole.MUNICIPAL_CONTACT, KOKKOLA))
    assert visible(county, aino, Permission.CONTACT_READ) == ["Kaisa"]
    assert visible(county, aino, Permission.BODY_READ) == ["Kaisa", "Väinö"]
    assert visible(county, aino, Permission.EXERCISE_READ) == []
    assert visible(county, viewer(), Permission.CONTACT_READ) == []
    administrator = viewer(Granted(AccountRole.ADMINISTRATOR))
    assert visible(county, administrator, Permission.CONTACT_READ) == []
    eero = viewer(Granted(AccountRole.VIEWER))
    assert visible(county, eero, Permission.CONTACT_READ) == ["Kaisa", "Pekka", "Väinö"]
    # Two roles: numbers in one municipality, names in all.
    both = viewer(Granted(AccountRole.VIEWER), Granted(AccountRole.MUNICIPAL_CONTACT, KOKKOLA))
    assert visible(county, both, Permission.CONTACT_PHONE) == ["Kaisa"]
    assert visible(county, both, Permission.CONTACT_READ) == ["Kaisa", "Pekka", "Väinö"]


def test_a_query_of_several_columns_is_limited_too(county: Engine) -> None:
    aino = viewer(Granted(AccountRole.MUNICIPAL_CONTACT, KOKKOLA))
    with read_session(county) as session:
        query = scoped(
            select(Municipality.code, Municipality.name_fi), aino, Municipality.code, Permission.SITE_READ
        )
        assert [tuple(row) for row in session.execute(query)] == [(KOKKOLA, "Kokkola")]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (NUMBER, "+358 ** *** **01"),
        ("+35800000", "+358 ** *** **00"),
        ("+46000000023", "** *** **23"),
        ("0000000045", "** *** **45"),
        ("aino.esimerkki99@kunta.example", "***"),
        ("112", "***"),
        ("", "***"),
    ],
)
def test_a_number_is_masked_for_those_who_may_not_see_it(number: str, shown: str) -> None:
    eero = viewer(Granted(AccountRole.VIEWER))
    assert shown_number(number, eero, municipality=KOKKOLA) == shown


def test_a_number_is_shown_where_it_may_be_seen_and_nowhere_else() -> None:
    aino = viewer(Granted(AccountRole.MUNICIPAL_CONTACT, KOKKOLA))
    assert shown_number(NUMBER, aino, municipality=KOKKOLA) == NUMBER
    assert shown_number(NUMBER, aino, municipality=PERHO) == "+358 ** *** **01"
    assert shown_number(NUMBER, aino, municipality=None) == "+358 ** *** **01"
    planner = viewer(Granted(AccountRole.COUNTY_PLANNER))
    assert shown_number(NUMBER, planner, municipality=None) == NUMBER


def test_every_role_permission_and_method_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(AccountRole)
    assert set(PERMISSION_NAMES) == set(Permission)
    assert set(METHOD_NAMES) == set(SignInMethod)
    assert set(RIGHTS) == set(AccountRole)
