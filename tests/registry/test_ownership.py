"""Who answers for what is known, and who does when they are away, gone, or were never named."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.models import Person, Role
from prep.regions.packs import load_pack
from prep.registry.appointments import appoint, end_term
from prep.registry.contacts import PREPAREDNESS_CONTACT
from prep.registry.install import install
from prep.registry.ownership import Answering, Owner, owners
from prep.registry.people import PersonDetails, add_absence, add_person
from prep.terms import Language

ON, SINCE = date(2026, 11, 22), date(2025, 6, 1)
PERHO = "584"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        yield session


@pytest.fixture
def post(session: Session) -> Role:
    return session.scalars(
        select(Role).where(Role.key == PREPAREDNESS_CONTACT, Role.municipality_code == PERHO)
    ).one()


def named(session: Session, name: str) -> Person:
    return add_person(session, PersonDetails(name=name, municipality=PERHO))


def owner(session: Session, municipality: str | None = PERHO) -> Owner:
    return owners(session, on=ON, language=Language.EN)[municipality]


def told(found: Owner) -> tuple[Answering, str | None, str]:
    return found.answering, found.person.name if found.person else None, str(found.words)


def test_the_preparedness_contact_answers_for_the_municipality(session: Session, post: Role) -> None:
    appoint(session, post, named(session, "Aino"), starts=SINCE)
    assert told(owner(session)) == (Answering.HOLDER, "Aino", "Aino, preparedness contact")


def test_a_deputy_answers_while_the_contact_is_away(session: Session, post: Role) -> None:
    aino = named(session, "Aino")
    appoint(session, post, aino, starts=SINCE)
    appoint(session, post, named(session, "Eero"), starts=SINCE, rank=1)
    add_absence(session, aino, starts=ON, ends=ON)
    assert told(owner(session)) == (Answering.DEPUTY, "Eero", "Eero stands in: Aino is away")


def test_a_deputy_answers_while_the_post_is_vacant(session: Session, post: Role) -> None:
    term = appoint(session, post, named(session, "Aino"), starts=SINCE)
    appoint(session, post, named(session, "Eero"), starts=SINCE, rank=1)
    end_term(session, term, last_day=date(2026, 11, 21))
    words = "Eero stands in: the post of the preparedness contact is vacant"
    assert told(owner(session)) == (Answering.DEPUTY, "Eero", words)


def test_the_county_answers_where_all_are_away(session: Session, post: Role) -> None:
    for rank, name in enumerate(("Aino", "Eero")):
        person = named(session, name)
        appoint(session, post, person, starts=SINCE, rank=rank)
        add_absence(session, person, starts=SINCE, ends=None)
    words = "the county’s planners: the preparedness contact of Perho and all deputies are away"
    assert told(owner(session)) == (Answering.COUNTY, None, words)


def test_the_county_answers_where_nobody_is_named_and_for_what_is_shared(session: Session) -> None:
    words = "the county’s planners: Perho has no preparedness contact"
    assert told(owner(session)) == (Answering.COUNTY, None, words)
    assert told(owner(session, None)) == (Answering.COUNTY, None, "the county’s planners")
