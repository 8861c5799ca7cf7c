"""What is searched for is found though it is typed wrongly, without accents or with a word ending; nothing else is."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from prep.db import make_engine, write_session
from prep.demo.build import make_county
from prep.models import Site
from prep.readiness.search import Sought, search
from prep.terms import Language, SiteStatus


@pytest.fixture(scope="module")
def county(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("search") / "prep.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        make_county(session, on=date(2026, 11, 22))
        session.add(Site(municipality_code="584", name="Perhon liikuntahalli", address="Keskustie 1"))
        session.add(
            Site(municipality_code="272", name="Öjan koulu", address="Öjantie 2", name_sv="Öja skola")
        )
        session.flush()
        yield session
    engine.dispose()


def names(session: Session, words: str, *, knows: bool = True, language: Language = Language.FI) -> list[str]:
    return [hit.name for hit in search(session, words, language=language, knows_numbers=lambda _: knows)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("aino esimerkki", "Aino Esimerkki"),
        ("Esimerki Aino", "Aino Esimerkki"),
        ("lestijarvi", "Lestijärvi"),
        ("Kokola", "Kokkola"),
        ("karleby", "Kokkola"),
        ("perhon likuntahalli", "Perhon liikuntahalli"),
        ("OJAN KOULU", "Öjan koulu"),
        ("öja skola", "Öjan koulu"),
        ("keskustie 1", "Perhon liikuntahalli"),
        ("lestijokilaakson edustaja", "Lestijokilaakson edustaja"),
        ("valmiusjohtoryma", "Keski-Pohjanmaan Alueturvan valmiusjohtoryhmä"),
        ("584", "Perho"),
    ],
)
def test_the_likest_stands_first(county: Session, words: str, first: str) -> None:
    assert names(county, words)[0] == first


def test_of_withdrawn_premises_it_is_said_that_they_are(county: Session) -> None:
    site = next(one for one in county.query(Site) if one.name == "Öjan koulu")
    site.status = SiteStatus.WITHDRAWN
    county.flush()
    hit = search(county, "öjan koulu", language=Language.FI, knows_numbers=lambda _: True)[0]
    assert hit.detail == "Öjantie 2, Kokkola, poistettu luettelosta"
    site.status = SiteStatus.AVAILABLE
    county.flush()


def test_every_word_has_to_be_found(county: Session) -> None:
    assert "Aino Esimerkki" in names(county, "aino")
    assert names(county, "aino zzzzz") == []
    assert names(county, "") == []
    assert names(county, "   ") == []


def test_a_short_word_is_the_beginning_of_one(county: Session) -> None:
    assert all("ai" in name.casefold() for name in names(county, "ai"))


def test_a_number_is_found_by_its_digits_by_those_who_may_know_it(county: Session) -> None:
    for typed in ("+358000000107".lstrip("+"), "0000000107", "00107"):
        assert names(county, typed) == ["Oskar Exempel"], typed
        assert names(county, typed, knows=False) == [], typed
    # A wrong digit is another number.
    assert names(county, "0000099107") == []


def test_kinds_are_told_apart_and_each_has_its_page(county: Session) -> None:
    found = search(county, "perho", language=Language.FI, knows_numbers=lambda _: True)
    kinds = {hit.kind for hit in found}
    assert {Sought.MUNICIPALITY, Sought.SITE, Sought.BODY, Sought.PERSON} <= kinds
    assert found[0].kind is Sought.MUNICIPALITY
    assert all(hit.about[1] for hit in found)


def test_names_are_in_the_language_asked_for(county: Session) -> None:
    assert names(county, "karleby", language=Language.SV)[0] == "Karleby"


@pytest.mark.parametrize("words", ["%", "_", "'; DROP", "{{7*7}}", "a" * 5000, "\x00", "+358", "…"])
def test_odd_words_find_little_and_break_nothing(county: Session, words: str) -> None:
    assert len(names(county, words)) < 200
