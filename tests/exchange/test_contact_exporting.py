"""Contacts as a file, and back again without a difference."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.permissions import NOBODY, Granted, Viewer, shown_number
from prep.db import make_engine, read_session, write_session
from prep.demo import build
from prep.exchange.contact_exporting import contact_sheet
from prep.exchange.contact_importing import plan_contacts
from prep.exchange.contact_plan import ContactPlan, Outcome, rights_of
from prep.exchange.exporting import FileKind, table_file
from prep.exchange.findings import Severity
from prep.exchange.tables import read_table
from prep.exchange.vocabulary import EXACT, ListKind, fields, heading_of, recognised
from prep.models import (
    Absence,
    Body,
    ContactPoint,
    County,
    Installation,
    Municipality,
    Person,
    Role,
    RoleTerm,
    Seat,
    SeatTerm,
)
from prep.registry.people import people
from prep.terms import AccountRole, BodyKind, ContactKind, Language

ON = date(2026, 11, 22)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("demo") / "prep.db"
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        build.make_county(session, on=ON)
    yield engine
    engine.dispose()


def back(session: Session, kind: FileKind, language: Language) -> ContactPlan:
    """What importing an export would change."""
    sheet = contact_sheet(session, people(session), on=ON, language=language)
    content = table_file(sheet, kind, language=language)
    table = read_table(content, name=f"yhteystiedot.{kind}", kind=ListKind.CONTACTS)
    return plan_contacts(session, table, on=ON)


def differences(plan: ContactPlan) -> list[object]:
    """Everything but people who stay as they are."""
    return [one for one in plan.people if one.outcome is not Outcome.UNCHANGED] + list(plan.refused)


@pytest.mark.parametrize("key", fields(ListKind.CONTACTS))
@pytest.mark.parametrize("language", Language)
def test_every_heading_that_prep_writes_is_read_as_what_it_is(key: str, language: Language) -> None:
    heading = heading_of(key, ListKind.CONTACTS, language)
    assert recognised(heading, ListKind.CONTACTS)[0] == (EXACT, key)
    assert [one for one in recognised(heading, ListKind.CONTACTS) if one[0] == EXACT] == [(EXACT, key)]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", FileKind)
def test_an_export_of_the_county_is_imported_without_a_difference(
    demo: Engine, kind: FileKind, language: Language
) -> None:
    with read_session(demo) as session:
        plan = back(session, kind, language)
        everybody = {one.id for one in people(session)}
    assert (differences(plan), plan.gone) == ([], ())
    assert [str(one) for one in plan.findings if one.severity is not Severity.NOTE] == []
    assert {one.person_id for one in plan.people} == everybody
    # One row for each person and post.
    assert sum(len(one.rows) for one in plan.people) > len(everybody)


def test_what_is_masked_comes_back_as_no_change(demo: Engine) -> None:
    with read_session(demo) as session:
        sheet = contact_sheet(
            session,
            people(session),
            on=ON,
            language=Language.FI,
            shown=lambda point: shown_number(point.value, NOBODY, municipality=None),
        )
        content = table_file(sheet, FileKind.XLSX, language=Language.FI)
        assert b"+358 00" not in content
        plan = plan_contacts(session, read_table(content, name="x.xlsx", kind=ListKind.CONTACTS), on=ON)
        assert "+35800" not in str([sheet.rows])
    assert differences(plan) == []
    masked = [one for one in plan.findings if str(one.rule).startswith("It is masked")]
    assert masked
    assert {one.severity for one in plan.findings} == {Severity.NOTE}


def test_posts_that_somebody_may_not_know_of_are_left_out(demo: Engine) -> None:
    with read_session(demo) as session:
        codes = frozenset(session.scalars(select(Municipality.code)))
        halsua = rights_of(Viewer("x", frozenset({Granted(AccountRole.MUNICIPAL_CONTACT, "074")}), codes))
        everything = contact_sheet(session, people(session, municipality="584"), on=ON, language=Language.FI)
        some = contact_sheet(
            session, people(session, municipality="584"), on=ON, language=Language.FI, rights=halsua
        )
        assert "Perho: häiriötilanteiden johtoryhmä" in str(everything.rows)
        assert "Perho: häiriötilanteiden johtoryhmä" not in str(some.rows)


# A county of two municipalities whose names, people and posts resemble each other as much as they may.
_NAMES = st.sampled_from(
    ["Aino Esimerkki", "Esimerkki Aino", "Eero Mallikas", "O'Hara, Åke", "=Aino", "Maija-Liisa Ö"]
)
_TEXTS = st.sampled_from(
    ["", "Rehtori", "-", "=1+1", "'=x", "@a", "a;b", 'lai"naus', "  ", "ei tiedossa", "112", "Ã¤"]
)
_DAYS = st.integers(0, 2000).map(lambda days: date(2024, 1, 1) + timedelta(days=days))
_SEAT_NAMES = st.sampled_from(["Puheenjohtaja", "Sihteeri", "puheenjohtaja", "Edustaja: yksi"])
_VALUES = {
    ContactKind.MOBILE: ["+358000000101", "+358000000102", "+358401001000"],
    ContactKind.LANDLINE: ["+35861001001", "+358000000103"],
    ContactKind.EMAIL: ["a@kunta.fi", "kirjaamo@kunta.fi"],
    ContactKind.AUTHORITY_RADIO: ["1234567", "VIRVE 1", "-5"],
    ContactKind.PAGER: ["17"],
    ContactKind.APP: ["=a"],
    ContactKind.SATELLITE: ["+8816123456789"],
}
_POINTS = st.lists(
    st.sampled_from([(kind, value) for kind, values in _VALUES.items() for value in values]),
    max_size=6,
    unique=True,
)
_PERSON = st.tuples(
    _NAMES, _TEXTS, _TEXTS, st.sampled_from([None, "272", "584"]), st.sampled_from(Language), _POINTS
)
_TERM = st.tuples(
    st.integers(0, 5), st.integers(0, 7), st.integers(0, 3), _DAYS, st.none() | st.integers(0, 900), _TEXTS
)
_ABSENCE = st.tuples(st.integers(0, 5), _DAYS, st.none() | st.integers(0, 60))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people_of=st.lists(_PERSON, min_size=1, max_size=6),
    seats=st.lists(_SEAT_NAMES, min_size=1, max_size=3),
    terms=st.lists(_TERM, max_size=8),
    absences=st.lists(_ABSENCE, max_size=3),
    kind=st.sampled_from(FileKind),
    language=st.sampled_from(Language),
)
def test_an_export_of_any_register_is_imported_without_a_difference(
    tmp_path: Path,
    sqlite_template: Path,
    people_of,
    seats,
    terms,
    absences,
    kind,
    language,  # type: ignore[no-untyped-def]
) -> None:
    path = tmp_path / "prep.db"
    path.unlink(missing_ok=True)
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        _fill(session, people_of, seats, terms, absences)
        plan = back(session, kind, language)
        assert differences(plan) == [], [str(one) for one in plan.findings]
        # Every post was found again.
        assert [str(one) for one in plan.findings if one.field in {"role", "body", "seat", "rank"}] == []
        session.rollback()
    engine.dispose()


def _fill(session: Session, people_of, seats, terms, absences) -> None:  # type: ignore[no-untyped-def]
    """Put a register together as its rules allow: nobody twice in a post, one at a time at each rank."""
    session.add(Installation(created_at=clock.now(), created_with="test", is_demo=True))
    county = County(key="kp", name_fi="Maakunta", name_sv="Landskapet", name_en="County", pack={})
    county.municipalities = [
        Municipality(code="272", name_fi="Kokkola", name_sv="Karleby"),
        Municipality(code="584", name_fi="Perho", name_sv="Perho"),
    ]
    session.add(county)
    session.flush()
    everybody = [
        Person(
            county=county,
            name=name,
            title=title.strip(),
            organisation=organisation.strip(),
            municipality_code=code,
            language=language,
            contact_points=[
                ContactPoint(position=number, kind=kind, value=value)
                for number, (kind, value) in enumerate(points)
            ],
        )
        for name, title, organisation, code, language, points in people_of
    ]
    names = {"name_sv": "Organ", "name_en": "Body"}
    bodies = [
        Body(
            county=county,
            key=f"b{number}",
            kind=BodyKind.FORUM,
            municipality_code=code,
            name_fi="Johtoryhmä",
            **names,
        )
        for number, code in enumerate([None, "584", "584"])
    ]
    posts: list[Seat | Role] = []
    for body in bodies:
        for number, name in enumerate(seats):
            body.seats.append(
                Seat(key=f"s{number}", position=number, name_fi=name, name_sv=name, name_en=name)
            )
        posts += body.seats
    for code in (None, "272", "584"):
        posts.append(
            Role(
                county_id=county.id,
                key="contact",
                municipality_code=code,
                name_fi="Yhteyshenkilö",
                name_sv="Kontakt",
                name_en="Contact",
            )
        )
    session.add_all([*everybody, *bodies, *posts])
    session.flush()
    taken: dict[int, list[tuple[int, int, date, date]]] = {}
    for who, which, rank, starts, days, decided in terms:
        person, post = everybody[who % len(everybody)], posts[which % len(posts)]
        ends = None if days is None else starts + timedelta(days=days)
        others = taken.setdefault(id(post), [])
        if any(
            first <= (ends or date.max) and starts <= last and (other == person.id or at == rank)
            for other, at, first, last in others
        ):
            continue
        others.append((person.id, rank, starts, ends or date.max))
        kept = {
            "person": person,
            "rank": rank,
            "starts": starts,
            "ends": ends,
            "decided_by": decided.strip(),
            "decided_on": starts,
        }
        session.add(SeatTerm(seat=post, **kept) if isinstance(post, Seat) else RoleTerm(role=post, **kept))
    away: dict[int, list[tuple[date, date]]] = {}
    for who, starts, days in absences:
        person = everybody[who % len(everybody)]
        ends = None if days is None else starts + timedelta(days=days)
        if any(first <= (ends or date.max) and starts <= last for first, last in away.get(person.id, [])):
            continue
        away.setdefault(person.id, []).append((starts, ends or date.max))
        session.add(Absence(person_id=person.id, starts=starts, ends=ends))
    session.flush()
    session.expire_all()
