"""Who is written to, about what, in which language; silence when all is well; no number in any mail."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.auth import accounts
from prep.db import write_session
from prep.jobs.digests import Written, ask, tell_objections, write_digests
from prep.models import Account, Body, County, OutboxMessage, Person, ReviewLink, Role, Site
from prep.regions.packs import load_pack
from prep.registry import review_links
from prep.registry.appointments import appoint
from prep.registry.contacts import PREPAREDNESS_CONTACT
from prep.registry.install import install
from prep.registry.meeting_details import MeetingDetails, add_meeting
from prep.registry.people import PersonDetails, add_absence, add_person, add_point
from prep.registry.review import confirm, items, items_of
from prep.terms import AccountRole, ContactKind, Language
from tests.auth.actors import later

ON, SINCE = date(2026, 11, 22), date(2025, 6, 1)
ADDRESS = "https://prep.kunta.example"
PERHO = "584"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Perho with Aino as its preparedness contact; everything that is known was confirmed today."""
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        aino = add_person(session, PersonDetails(name="Aino", municipality=PERHO, language=Language.SV))
        add_point(session, aino, ContactKind.EMAIL, "aino@perho.example")
        add_point(session, aino, ContactKind.MOBILE, "+358 40 123 4567")
        role = session.scalars(
            select(Role).where(Role.key == PREPAREDNESS_CONTACT, Role.municipality_code == PERHO)
        ).one()
        appoint(session, role, aino, starts=SINCE)
        eero = add_person(session, PersonDetails(name="Eero", municipality=PERHO))
        add_point(session, eero, ContactKind.EMAIL, "eero@perho.example")
        session.add(Site(municipality_code=PERHO, name="Salainen halli"))
        planner = accounts.add(session, "sini@soite.example", "Sini Suunnittelija")
        accounts.give(session, planner, AccountRole.COUNTY_PLANNER, starts=SINCE)
        session.flush()
        confirm(session, [item.row for item in items(session, on=ON)], on=ON, by="test")
        yield session


def person(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()


def age(session: Session, days: int, *names: str) -> None:
    """Let what is known of people, or (without a name) of the premises, have been confirmed so long ago."""
    rows = [item.row for name in names for item in items_of(session, person(session, name), on=ON)]
    confirm(session, rows or session.scalars(select(Site)).all(), on=ON - timedelta(days=days), by="test")


def digests(session: Session) -> Written:
    return write_digests(session, on=ON, address=ADDRESS)


def written(session: Session) -> dict[str, OutboxMessage]:
    return {row.recipient: row for row in session.scalars(select(OutboxMessage))}


def test_nobody_is_written_to_when_all_is_well(session: Session) -> None:
    assert digests(session) == Written(0, 0, ())
    assert written(session) == {}


def test_the_owner_is_told_in_the_own_language_what_to_confirm(session: Session) -> None:
    age(session, 400, "Eero")
    age(session, 500)
    assert digests(session) == Written(1, 1, ())
    letter = written(session)["aino@perho.example"]
    assert (letter.reason, letter.kind) == (f"digest 2026-W47 person {person(session, 'Aino').id}", "digest")
    assert letter.subject == "Att bekräfta i prep: 2"
    assert letter.body == (
        "Hej Aino,\n\n"
        "Så här många uppgifter i prep väntar på att bekräftas: 2.\n\n"
        "Perho (Aino, kontaktperson för beredskap):\n"
        "– Eero, nummer och adresser: 1, senast bekräftad för 400 dagar sedan\n"
        "– evakueringslokaler, Perho: 1, senast bekräftad för 500 dagar sedan\n\n"
        "Bekräfta eller rätta uppgifterna:\nhttps://prep.kunta.example/tarkistettavat\n\n"
        "När allt är i ordning skickas inget meddelande.\n"
    )


def plan(session: Session, key: str, *, invite_by: date | None) -> None:
    body = session.scalars(select(Body).where(Body.key == key)).one()
    at = datetime(2026, 12, 10, 8, tzinfo=UTC)
    add_meeting(session, body, MeetingDetails(at, invite_by=invite_by), at=datetime(2026, 11, 22, tzinfo=UTC))


def test_invitations_that_have_to_go_stand_in_the_digest_of_whoever_answers(session: Session) -> None:
    plan(session, "management-group-584", invite_by=ON + timedelta(days=3))
    plan(session, "alueturva-board", invite_by=ON - timedelta(days=1))
    assert digests(session) == Written(2, 0, ())
    own, county = (written(session)[f"{name}.example"] for name in ("aino@perho", "sini@soite"))
    assert own.subject == "Möteskallelser att se över i prep: 1"
    assert "Möteskallelser som behöver ses över:\n– Perho" in own.body
    assert "bekräftas" not in own.body
    assert "Kokouskutsut, jotka vaativat huomiota:\n– Keski-Pohjanmaan" in county.body
    assert "Perho" not in county.body


def test_an_invitation_of_whom_nobody_can_write_to_goes_to_the_planners(session: Session) -> None:
    person(session, "Aino").contact_points.pop(0)
    session.flush()
    plan(session, "management-group-584", invite_by=None)
    assert digests(session) == Written(1, 0, ("Aino",))
    assert "Perho" in written(session)["sini@soite.example"].body


def test_a_meeting_that_was_invited_to_is_not_written_about(session: Session) -> None:
    plan(session, "management-group-584", invite_by=ON + timedelta(days=8))
    assert digests(session) == Written(0, 0, ())


def test_the_same_week_is_written_about_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    age(session, 400, "Eero", "Aino")
    assert digests(session) == Written(1, 1, ())
    links = len(session.scalars(select(ReviewLink)).all())
    assert digests(session) == Written(0, 0, ())
    assert len(session.scalars(select(ReviewLink)).all()) == links
    later(monkeypatch, days=7)
    week = ON + timedelta(days=7)
    # The owner is told again; whoever has a link that is still good is not asked again.
    assert write_digests(session, on=week, address=ADDRESS) == Written(1, 0, ())
    later(monkeypatch, days=7)
    assert write_digests(session, on=week + timedelta(days=7), address=ADDRESS).reviews == 1


def test_people_are_asked_about_themselves_by_a_link_that_opens(session: Session) -> None:
    age(session, 181, "Eero")
    digests(session)
    letter = written(session)["eero@perho.example"]
    assert letter.subject == "Ovatko yhteystietosi yhä oikein?"
    token = re.search(r"https://prep\.kunta\.example/vahvistus/(\S{43})\n", letter.body)
    assert token is not None
    assert review_links.look_up(session, token[1]).person.name == "Eero"
    assert "6.12.2026 klo 10.46" in letter.body


def test_the_owner_s_own_link_stands_in_the_digest(session: Session) -> None:
    age(session, 181, "Aino")
    assert digests(session) == Written(1, 0, ())
    body = written(session)["aino@perho.example"].body
    token = re.search(r"/vahvistus/(\S{43})\n", body)
    assert token is not None
    assert review_links.look_up(session, token[1]).person.name == "Aino"


def test_no_mail_holds_a_number_or_the_name_of_premises(session: Session) -> None:
    age(session, 800, "Aino", "Eero")
    age(session, 800)
    digests(session)
    for row in session.scalars(select(OutboxMessage)):
        assert "Salainen halli" not in row.body
        assert "123 4567" not in row.body
        assert "1234567" not in row.body


def test_what_nobody_in_the_municipality_can_answer_for_goes_to_the_planners(session: Session) -> None:
    add_absence(session, person(session, "Aino"), starts=ON, ends=None)
    age(session, 500)
    assert digests(session) == Written(1, 0, ())
    letter = written(session)["sini@soite.example"]
    assert (
        "Perho (alueen suunnittelijat: varautumisen yhteyshenkilö ja kaikki varahenkilöt ovat poissa (Perho)):\n"
        "– evakuointitilat, Perho: 1, vahvistettu viimeksi 500 päivää sitten" in letter.body
    )


def test_that_an_owner_cannot_be_written_to_is_told_to_the_planners(session: Session) -> None:
    aino = person(session, "Aino")
    aino.contact_points.pop(0)
    session.flush()
    age(session, 500)
    assert digests(session) == Written(1, 0, ("Aino",))
    body = written(session)["sini@soite.example"].body
    assert (
        "Näille ei voitu kirjoittaa:\n– Aino (Perho): vahvistettavia 1, eikä sähköpostiosoitetta tiedetä"
        in body
    )


def test_where_no_planner_has_an_address_it_is_told_who_was_not_reached(session: Session) -> None:
    account = session.scalars(select(Account).where(Account.login == "sini@soite.example")).one()
    account.login = "sini"
    add_absence(session, person(session, "Aino"), starts=ON, ends=None)
    age(session, 500)
    assert digests(session) == Written(0, 0, ("Sini Suunnittelija",))


def test_a_closed_account_is_not_written_to(session: Session) -> None:
    accounts.disable(session, accounts.find(session, "sini@soite.example"))
    add_absence(session, person(session, "Aino"), starts=ON, ends=None)
    age(session, 500)
    assert digests(session) == Written(0, 0, ())


def answer(session: Session, name: str, words: str) -> int:
    """Somebody says by their link that their first number is wrong."""
    one = person(session, name)
    token = review_links.make(session, one).token
    seen = {item.key: item.stamp for item in items_of(session, one, on=ON)}
    given = review_links.answer(session, token, seen=seen, wrong={next(iter(seen)): words})
    return tell_objections(session, given, address=ADDRESS)


def test_what_is_said_to_be_wrong_goes_to_the_owner_without_its_numbers(session: Session) -> None:
    assert answer(session, "Eero", "Uusi on 040 765 4321, talo 12 b. Ota yhteyttä +358-40-7654321!") == 1
    letter = written(session)["aino@perho.example"]
    assert letter.subject == "Eero: en uppgift är fel"
    assert "– Eero, nummer och adresser: ”Uusi on …, talo 12 b. Ota yhteyttä …!”" in letter.body
    assert f"https://prep.kunta.example/tarkistettavat?henkilo={person(session, 'Eero').id}" in letter.body


def test_an_owner_s_own_objection_goes_to_the_planners(session: Session) -> None:
    assert answer(session, "Aino", "Osoite on vanhentunut") == 1
    assert set(written(session)) == {"sini@soite.example"}


def test_whoever_has_said_that_something_is_wrong_is_not_asked_about_it_again(session: Session) -> None:
    answer(session, "Eero", "Osoite on vanhentunut")
    assert digests(session) == Written(1, 0, ())
    assert "Eero, nummer och adresser: 1, uppges vara fel" in next(
        row.body for row in session.scalars(select(OutboxMessage)) if row.kind == "digest"
    )


def test_somebody_is_asked_by_hand_where_an_address_is_known(session: Session) -> None:
    assert ask(session, person(session, "Eero"), address=ADDRESS)
    assert not ask(session, add_person(session, PersonDetails(name="Outi")), address=ADDRESS)
    assert session.scalars(select(County)).one().name_fi in written(session)["eero@perho.example"].body
