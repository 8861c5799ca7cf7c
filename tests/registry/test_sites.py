from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from prep.db import read_session, write_session
from prep.errors import Refused
from prep.models import Site, SiteUseRow
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.registry.sites import (
    find_municipality,
    match_municipality,
    municipalities,
    premises,
)
from prep.terms import SiteUse, State

ON = date(2026, 11, 22)


@pytest.fixture
def county(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        for name, code, age_days, use in [
            ("Öljyhalli", "584", 21, SiteUse.CATERING),
            ("Halli", "584", 400, SiteUse.TEMPORARY_ACCOMMODATION),
            ("Koulu", "074", 800, SiteUse.TEMPORARY_ACCOMMODATION),
            ("Sali", "272", None, SiteUse.ASSEMBLY_POINT),
        ]:
            session.add(
                Site(
                    name=name,
                    municipality_code=code,
                    confirmed_on=None if age_days is None else ON - timedelta(days=age_days),
                    uses=[SiteUseRow(use=use)],
                )
            )
    return engine


def names(county: Engine, **how: object) -> list[str]:
    with read_session(county) as session:
        return [site.name for site in premises(session, on=ON, **how)]  # type: ignore[arg-type]


def test_premises_are_listed_by_municipality_and_name(county: Engine) -> None:
    assert names(county) == ["Koulu", "Sali", "Halli", "Öljyhalli"]


def test_premises_are_chosen_by_municipality_use_and_freshness(county: Engine) -> None:
    assert names(county, municipality="584") == ["Halli", "Öljyhalli"]
    assert names(county, use=SiteUse.TEMPORARY_ACCOMMODATION) == ["Koulu", "Halli"]
    assert [
        names(county, state=state) for state in (State.OK, State.WARNING, State.FAULT, State.UNKNOWN)
    ] == [
        ["Öljyhalli"],
        ["Halli"],
        ["Koulu"],
        ["Sali"],
    ]


def test_the_list_takes_three_queries(county: Engine) -> None:
    queries: list[str] = []
    event.listen(county, "before_cursor_execute", lambda *call: queries.append(call[2]))
    with read_session(county) as session:
        for site in premises(session, on=ON):
            assert site.uses
            assert site.key_holders == []
            assert site.municipality.name_fi
    assert len([query for query in queries if query.startswith("SELECT")]) == 3


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("Kokkola", "272"), ("karleby", "272"), ("272", "272"), ("74", "074"), ("074", "074"), ("Halso", "074"),
        ("Kokkolan kaupunki", "272"), ("Karleby stad", "272"), ("Perhon kunta", "584"), ("Kaustisen kunta", "236"),
        ("Kannuksen kaupunki", "217"), ("Lestijärven kunta", "421"), ("Toholammin kunta", "849"), ("Vetelin kunta", "924"),
        ("Halsuan kunta", "074"), ("Vetil kommun", "924"), ("  Perho ", "584"),
    ],
)  # fmt: skip
def test_a_municipality_is_found_by_code_and_by_the_names_that_lists_use(
    county: Engine, wanted: str, code: str
) -> None:
    with read_session(county) as session:
        assert find_municipality(session, wanted).code == code


@pytest.mark.parametrize("wanted", ["Kokkolan", "Kokola", "Pedersöre", "", "999", "2722", "kaupunki"])
def test_nothing_is_guessed_from_likeness(county: Engine, wanted: str) -> None:
    with read_session(county) as session:
        assert match_municipality(wanted, municipalities(session)) is None


def test_an_unknown_municipality_is_refused_with_the_nearest_names(county: Engine) -> None:
    with read_session(county) as session:
        with pytest.raises(
            Refused,
            match=r"Municipality: “Kokola” There is no such municipality in this county\. Nearest: Kokkola, ",
        ):
            find_municipality(session, "Kokola")
        with pytest.raises(
            Refused,
            match=r"Write its name or its three-digit code, one of: Halso, Halsua, Kannus, Karleby, Kaustby, ",
        ):
            find_municipality(session, "999")
