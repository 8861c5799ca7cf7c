"""Every route, for every role, in the own municipality and in another: who may not, sees nothing and changes nothing.

What is expected comes from the table of permissions, not from the pages: a route that forgets to ask fails here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from prep.auth import accounts
from prep.auth.permissions import Granted, Viewer
from prep.auth.roles import Permission
from prep.db import write_session
from prep.models import (
    Absence,
    Account,
    Attachment,
    Body,
    Chain,
    ContactPoint,
    KeyHolder,
    Meeting,
    MeetingRule,
    Person,
    RememberedColumn,
    Role,
    RoleTerm,
    Seat,
    Site,
    SiteBooking,
)
from prep.terms import AccountRole, SignInMethod
from prep.web.database import engine_of
from prep.web.permissions import Access, permission_of
from tests.web.people import sign_in

OWN, OTHER = "272", "584"
CODES = frozenset({OWN, OTHER})
ROLES = [
    (AccountRole.COUNTY_PLANNER, None),
    (AccountRole.MUNICIPAL_CONTACT, OWN),
    (AccountRole.EXERCISE_DIRECTOR, None),
    (AccountRole.DUTY_OFFICER, None),
    (AccountRole.VIEWER, None),
    (AccountRole.VIEWER, OWN),
    (AccountRole.ADMINISTRATOR, None),
]


def _meeting(session: Session, code: str) -> dict[str, object]:
    key = _group(session, code)
    number = session.scalars(select(Meeting.id).join(Body).where(Body.key == key)).one()
    return {"key": key, "number": number}


def _frequency(session: Session, code: str) -> dict[str, object]:
    key = _group(session, code)
    number = session.scalars(select(MeetingRule.id).join(Body).where(Body.key == key)).one()
    return {"key": key, "number": number}


def _site_file(session: Session, code: str) -> dict[str, object]:
    row = session.scalars(select(Attachment).join(Site).where(Site.municipality_code == code)).all()[0]
    return {"number": row.site_id, "file_number": row.id}


def _minutes(session: Session, code: str) -> dict[str, object]:
    found = _meeting(session, code)
    file_number = session.scalars(select(Attachment.id).where(Attachment.meeting_id == found["number"])).one()
    return {**found, "file_number": file_number}


# For each route that shows what belongs to a municipality: the values that lead to that municipality's.
OF_MUNICIPALITY = {
    "municipalities.one": lambda _, code: {"code": code},
    "chains.one": lambda session, code: {"key": _chain(session, code)},
    **{
        name: lambda session, code: {"key": _chain(session, code)}
        for name in (
            "chain_flaws.show",
            "chain_fixing.show",
            "chain_fixing.keep",
            "chain_hours.show",
            "chain_story.show",
            "chain_poster.document",
            "sheets.calls",
            "sheets.drill",
        )
    },
    "chain_fixing.discard": lambda session, code: {"key": _chain(session, code), "number": 1},
    "chain_applying.apply": lambda session, code: {"key": _chain(session, code), "number": 1},
    **{
        f"chain_editing.{name}": lambda session, code: {"key": _chain(session, code)}
        for name in ("show", "edit", "change", "removing", "remove")
    },
    **{
        f"chain_history.{name}": lambda session, code: {"key": _chain(session, code)}
        for name in ("listed", "compare")
    },
    **{
        f"chain_history.{name}": lambda session, code: {"key": _chain(session, code), "number": 1}
        for name in ("one", "bring_back")
    },
    **{
        f"chain_lists.{name}": lambda session, code: {"key": _chain(session, code)} for name in ("new", "add")
    },
    **{
        f"chain_lists.{name}": lambda session, code: {"key": _chain(session, code), "number": 1}
        for name in ("edit", "change", "removing", "remove", "raise_up", "lower")
    },
    **{
        f"chain_lines.{name}": lambda session, code: {"key": _chain(session, code), "number": 1}
        for name in ("new", "add")
    },
    **{
        f"chain_lines.{name}": lambda session, code: {"key": _chain(session, code), "number": 1, "line": 1}
        for name in ("edit", "change", "remove", "raise_up", "lower")
    },
    "sites.listed": lambda session, code: {"paikka": str(_site(session, code))},
    "site_map.sheet": lambda _, code: {"code": code},
    "sites.one": lambda session, code: {"number": _site(session, code)},
    **{
        f"site_{name}": lambda session, code: {"number": _site(session, code)}
        for name in (
            *("editing.edit", "editing.change", "editing.confirm", "editing.removing", "editing.remove"),
            *("editing.withdraw", "editing.relist"),
            *("keys.new", "keys.add", "units.new", "units.add", "calculator.show"),
            *("keys.new", "keys.add"),
            *("keys.new", "keys.add", "opening.show", "opening.document", "files.add"),
            *(
                f"calendar.{name}"
                for name in ("show", "keep", "leave", "new", "add", "choose", "look", "bring")
            ),
        )
    },
    **{
        f"site_keys.{name}": lambda session, code: {
            "number": (site := _site(session, code)),
            "holder_number": _key_holder(session, site),
        }
        for name in ("edit", "change", "remove", "raise_up")
    },
    **{
        f"site_calendar.{name}": lambda session, code: {
            "number": (booking := _booking(session, code)).site_id,
            "booking_number": booking.id,
        }
        for name in ("edit", "change", "remove")
    },
    **{f"site_files.{name}": _site_file for name in ("give", "remove")},
    "cards.choose": lambda _, code: {"kunta": code},
    "cards.document": lambda _, code: {"kunta": code, "laji": "contact"},
    "people.one": lambda session, code: {"number": _person(session, code)},
    "people.edit": lambda session, code: {"number": _person(session, code)},
    "people.change": lambda session, code: {"number": _person(session, code)},
    "people.leaving": lambda session, code: {"number": _person(session, code)},
    "people.leave": lambda session, code: {"number": _person(session, code)},
    "review.ask_person": lambda session, code: {"number": _person(session, code)},
    **{
        f"privacy.{name}": lambda session, code: {"number": _person(session, code)}
        for name in ("data", "erasing", "erase_person")
    },
    "contact_files.card": lambda session, code: {"number": _person(session, code)},
    **{
        f"doubles.{name}": lambda session, code: {
            "number": _person(session, code),
            "other_number": _other_person(session, code),
        }
        for name in ("both", "merge", "apart")
    },
    **{
        f"site_doubles.{name}": lambda session, code: {
            "number": _site(session, code),
            "other_number": _other_site(session, code),
        }
        for name in ("both", "merge", "apart")
    },
    "list_columns.forget_one": lambda session, code: {"number": _column(session, code)},
    "numbers.new": lambda session, code: {"number": _person(session, code)},
    "numbers.add": lambda session, code: {"number": _person(session, code)},
    **{
        f"numbers.{name}": lambda session, code: {
            "number": (person := _person(session, code)),
            "point_number": _point(session, person),
        }
        for name in ("edit", "change", "removing", "remove", "confirm", "raise_up")
    },
    **{f"bodies.{name}": lambda session, code: {"key": _group(session, code)} for name in ("one",)},
    **{
        f"body_editing.{name}": lambda session, code: {"key": _group(session, code)}
        for name in ("edit", "change", "new_seat", "add")
    },
    **{
        f"body_editing.{name}": lambda session, code: {
            "key": (key := _group(session, code)),
            "number": _seat(session, key),
        }
        for name in ("edit_seat", "change_one_seat", "take_seat_away")
    },
    **{
        f"meeting{name}": lambda session, code: {"key": _group(session, code)}
        for name in ("s.listed", "_editing.new", "_editing.add")
    },
    **{
        f"frequencies.{name}": lambda session, code: {"key": _group(session, code)} for name in ("new", "add")
    },
    **{
        f"meeting{name}": _meeting
        for name in (
            "s.one",
            *(f"_editing.{act}" for act in ("edit", "change", "invited", "remove", "attendance", "attended")),
        )
    },
    **{f"frequencies.{name}": _frequency for name in ("edit", "change", "remove")},
    "minutes.add": _meeting,
    **{f"minutes.{name}": _minutes for name in ("give", "remove")},
    **{
        f"appointing.{name}": lambda session, code: {
            "kind": "paikka",
            "number": _seat(session, _group(session, code)),
        }
        for name in ("form", "fill")
    },
    **{
        f"appointing.{name}": lambda session, code: {"kind": "nimike", "number": _role_term(session, code)}
        for name in ("edit", "change", "end", "remove")
    },
    "numbers.absence_form": lambda session, code: {"number": _person(session, code)},
    "numbers.absent": lambda session, code: {"number": _person(session, code)},
    "numbers.back_again": lambda session, code: {
        "number": (person := _person(session, code)),
        "absence_number": _absence(session, person),
    },
}


@dataclass(frozen=True)
class Someone:
    """A role in a place, as a browser and as the table of permissions knows it."""

    client: FlaskClient
    viewer: Viewer


def _chain(session: Session, code: str) -> str:
    return next(chain.key for chain in session.scalars(select(Chain)) if chain.body.municipality_code == code)


def _site(session: Session, code: str) -> int:
    return session.scalars(select(Site.id).where(Site.municipality_code == code)).all()[0]


def _other_site(session: Session, code: str) -> int:
    return session.scalars(select(Site.id).where(Site.municipality_code == code)).all()[1]


def _column(session: Session, code: str) -> int:
    """A column of a list of the municipality that is remembered: made when it is first asked for."""
    found = session.scalars(
        select(RememberedColumn.id).where(RememberedColumn.municipality_code == code)
    ).first()
    if found is not None:
        return found
    with write_session(session.get_bind(), actor="test") as writing:  # type: ignore[arg-type]
        made = RememberedColumn(
            list_kind="premises",
            municipality_code=code,
            headings="0" * 64,
            heading="sali",
            field="name",
            said_on=date(2026, 4, 3),
            said_by="test",
        )
        writing.add(made)
        writing.flush()
        return made.id


def _key_holder(session: Session, site: int) -> int:
    return session.scalars(select(KeyHolder.id).where(KeyHolder.site_id == site)).all()[0]


def _booking(session: Session, code: str) -> SiteBooking:
    return session.scalars(select(SiteBooking).join(Site).where(Site.municipality_code == code)).all()[0]


def _person(session: Session, code: str) -> int:
    return session.scalars(
        select(Person.id).where(Person.municipality_code == code).order_by(Person.id)
    ).all()[0]


def _other_person(session: Session, code: str) -> int:
    return session.scalars(
        select(Person.id).where(Person.municipality_code == code).order_by(Person.id)
    ).all()[1]


def _point(session: Session, person: int) -> int:
    return session.scalars(select(ContactPoint.id).where(ContactPoint.person_id == person)).all()[0]


def _group(session: Session, code: str) -> str:
    return session.scalars(select(Body.key).where(Body.municipality_code == code).order_by(Body.id)).all()[0]


def _seat(session: Session, key: str) -> int:
    return session.scalars(select(Seat.id).join(Body).where(Body.key == key).order_by(Seat.id)).all()[0]


def _role_term(session: Session, code: str) -> int:
    return session.scalars(select(RoleTerm.id).join(Role).where(Role.municipality_code == code)).all()[0]


def _absence(session: Session, person: int) -> int:
    found = session.scalars(select(Absence.id).where(Absence.person_id == person)).first()
    return found or 999_999


def someone(app: Flask, role: AccountRole, municipality: str | None) -> Someone:
    viewer = Viewer("x", frozenset({Granted(role, municipality)}), CODES)
    return Someone(sign_in(app, role, municipality), viewer)


def rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and not rule.rule.startswith("/api/"):
            yield rule


def address(app: Flask, rule: Rule, code: str) -> str:
    """The address of a route, leading to what belongs to a municipality."""
    values: dict[str, object] = {}
    if rule.endpoint in OF_MUNICIPALITY:
        with Session(engine_of(app)) as session:
            values = OF_MUNICIPALITY[rule.endpoint](session, code)
    for name in rule.arguments - set(values):
        values[name] = 999_999 if rule._converters[name].regex.startswith(r"\d") else "x"
    with app.test_request_context():
        from flask import url_for

        return url_for(rule.endpoint, **values)  # type: ignore[arg-type]


def needed(app: Flask, rule: Rule) -> Permission | Access:
    found = permission_of(app.view_functions[rule.endpoint])
    assert found is not None, rule
    return found


def test_a_stranger_is_sent_to_the_sign_in_whatever_is_asked_for(app: Flask, stranger: FlaskClient) -> None:
    for rule in rules(app):
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = stranger.open(address(app, rule, OWN), method=method)
            if needed(app, rule) is Access.PUBLIC:
                assert answer.status_code in {200, 303, 403, 404}, rule
            else:
                assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
                    303,
                    "/kirjaudu",
                ), rule


def test_what_does_not_exist_and_what_is_another_s_look_alike_to_a_stranger(stranger: FlaskClient) -> None:
    there, nowhere = (stranger.get(one) for one in ("/kunnat/272", "/kunnat/999"))
    assert there.status_code == nowhere.status_code == 303
    assert there.headers["Location"].replace("272", "999") == nowhere.headers["Location"]


@pytest.mark.parametrize("state", ["closed", "password only", "no role"])
def test_an_account_without_rights_opens_nothing(app: Flask, state: str) -> None:
    client = sign_in(
        app,
        None if state == "no role" else AccountRole.COUNTY_PLANNER,
        method=SignInMethod.PASSWORD if state == "password only" else SignInMethod.TOTP,
    )
    if state == "closed":
        client = sign_in(app, AccountRole.DUTY_OFFICER)
        with write_session(engine_of(app), actor="test") as session:
            account = session.scalars(select(Account).where(Account.login == "duty_officer-county")).one()
            accounts.disable(session, account)
    for rule in rules(app):
        if isinstance(needed(app, rule), Access):
            continue
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = client.open(address(app, rule, OWN), method=method)
            assert answer.status_code == (404 if state == "no role" else 303), rule
    if state == "closed":
        with write_session(engine_of(app), actor="test") as session:
            account = session.scalars(select(Account).where(Account.login == "duty_officer-county")).one()
            accounts.enable(session, account)


@pytest.mark.parametrize(("role", "municipality"), ROLES)
@pytest.mark.parametrize("code", [OWN, OTHER])
def test_a_role_opens_what_its_permissions_say_and_nothing_else(
    app: Flask, role: AccountRole, municipality: str | None, code: str
) -> None:
    who = someone(app, role, municipality)
    for rule in rules(app):
        permission = needed(app, rule)
        if isinstance(permission, Access) or "GET" not in (rule.methods or set()):
            continue
        if rule.arguments and rule.endpoint not in OF_MUNICIPALITY:
            continue
        is_open = (
            who.viewer.may(permission, municipality=code)
            if rule.endpoint in OF_MUNICIPALITY
            else who.viewer.may_somewhere(permission)
        )
        answer = who.client.get(address(app, rule, code))
        assert answer.status_code == (200 if is_open else 404), (rule, code)


@pytest.mark.parametrize(("role", "municipality"), ROLES)
def test_an_unsafe_request_without_the_permission_finds_nothing_and_without_a_token_nothing_is_done(
    app: Flask, role: AccountRole, municipality: str | None
) -> None:
    who = someone(app, role, municipality)
    for rule in rules(app):
        if "POST" not in (rule.methods or set()):
            continue
        permission = needed(app, rule)
        answer = who.client.post(address(app, rule, OWN))
        is_open = isinstance(permission, Access) or who.viewer.may_somewhere(permission)
        assert answer.status_code == (403 if is_open else 404), rule


def test_a_form_about_another_municipality_s_thing_finds_nothing_and_changes_nothing(app: Flask) -> None:
    who = someone(app, AccountRole.MUNICIPAL_CONTACT, OWN)
    token = form_token(who.client)
    # Looked up first: what the county lacks is made then.
    asked = [
        (rule, address(app, rule, OTHER))
        for rule in rules(app)
        if "POST" in (rule.methods or set()) and rule.endpoint in OF_MUNICIPALITY
    ]
    before = contents(app)
    for rule, where in asked:
        answer = who.client.post(where, data={"lomake": token, "name": "x", "kind": "email"})
        assert answer.status_code == 404, rule
    assert contents(app) == before


def form_token(client: FlaskClient) -> str:
    found = re.search(r'name="lomake" value="([0-9a-f]+)"', client.get("/oma").text)
    assert found is not None
    return found[1]


def contents(app: Flask) -> list[str]:
    """Everything in the database but who was seen when."""
    connection = engine_of(app).raw_connection()
    try:
        dump = list(connection.iterdump())
    finally:
        connection.close()
    return [line for line in dump if "login_session" not in line]


def test_another_municipality_s_people_stand_on_no_page_of_a_municipal_role(app: Flask) -> None:
    who = someone(app, AccountRole.MUNICIPAL_CONTACT, OWN)
    with write_session(engine_of(app), actor="test") as session:
        foreign = {
            person.name for person in session.scalars(select(Person).where(Person.municipality_code == OTHER))
        } - {
            person.name for person in session.scalars(select(Person).where(Person.municipality_code != OTHER))
        }
        sites = {site.name for site in session.scalars(select(Site).where(Site.municipality_code == OTHER))}
    assert foreign
    for where in (
        *("/", "/kunnat", f"/kunnat/{OWN}", "/evakuointipaikat", "/halytysketjut", "/kortit"),
        *("/yhteyshenkilot?rivit=200", "/yhteyshenkilot?tiedosto=csv"),
    ):
        text = who.client.get(where).text
        assert {name for name in foreign | sites if name in text} == set(), where
    board = who.client.get("/toimielimet").text
    assert "Perhon johtoryhmä" not in board


def test_what_is_foreign_is_refused_in_the_words_of_what_does_not_exist(app: Flask) -> None:
    who = someone(app, AccountRole.VIEWER, OWN)
    for foreign, missing in (
        ("/kunnat/584", "/kunnat/999"),
        ("/halytysketjut/perho", "/halytysketjut/qqqqq"),
        ("/kortit?kunta=584", "/kortit?kunta=999"),
        (f"/yhteyshenkilot/{foreign_person(app)}", "/yhteyshenkilot/999999"),
    ):
        answers = [who.client.get(one) for one in (foreign, missing)]
        assert [one.status_code for one in answers] == [404, 404]
        # The addresses of the page itself, in the links to other languages, are all that differs.
        plain = [re.sub(r'(?:href|value)="[^"]*"', "", one.text) for one in answers]
        assert plain[0] == plain[1], foreign


def foreign_person(app: Flask) -> int:
    with Session(engine_of(app)) as session:
        return _person(session, OTHER)


NUMBER = re.compile(r"\+358\s00\s\d{3}\s\d{4}")


@pytest.mark.parametrize(("role", "sees"), [(AccountRole.VIEWER, False), (AccountRole.DUTY_OFFICER, True)])
def test_numbers_are_masked_on_pages_for_whoever_may_not_see_them(
    app: Flask, role: AccountRole, *, sees: bool
) -> None:
    who = someone(app, role, None)
    with Session(engine_of(app)) as session:
        holder = next(
            site.id for site in session.scalars(select(Site)) if any(one.phone for one in site.key_holders)
        )
        person = _person(session, OWN)
    for where in (
        f"/kunnat/{OWN}",
        f"/evakuointipaikat?paikka={holder}",
        "/yhteyshenkilot",
        f"/yhteyshenkilot/{person}",
    ):
        text = who.client.get(where).text
        assert bool(NUMBER.search(text)) is sees, where
        assert ("** *** **" in text) is not sees, where


def test_numbers_are_masked_in_a_file_too(app: Flask) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    for role, sees in ((AccountRole.EXERCISE_DIRECTOR, False), (AccountRole.DUTY_OFFICER, True)):
        answer = someone(app, role, None).client.get(f"/kortit/kortit.pdf?kunta={OWN}&laji=contact&kieli=fi")
        text = "".join(one.extract_text() for one in PdfReader(BytesIO(answer.data)).pages)
        assert ("+358 00" in text.replace("\xa0", " ")) is sees, role
        assert "Aino Esimerkki" in text


def test_numbers_are_masked_on_a_poster_too(app: Flask) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    for role, sees in ((AccountRole.EXERCISE_DIRECTOR, False), (AccountRole.DUTY_OFFICER, True)):
        answer = someone(app, role, None).client.get("/halytysketjut/kokkola/juliste.pdf?kieli=fi")
        text = PdfReader(BytesIO(answer.data)).pages[0].extract_text().replace("\xa0", " ")
        assert ("+358 00" in text) is sees, role
        assert ("** *** **" in text) is not sees, role
