"""A stored answer is told as long as it holds; what nobody knows of a chain is told as unknown."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.alerting.answer_records import store_result
from prep.alerting.answers import answer
from prep.alerting.records import find_chain, load_network
from prep.alerting.scenarios import parse
from prep.db import read_session, write_session
from prep.exchange.chain_files import import_chains
from prep.language import in_language
from prep.models import Body, ContactPoint, Person
from prep.readiness.chain_findings import ANSWER_INTERVAL_DAYS, chain_findings
from prep.readiness.facts import gather
from prep.readiness.finding import FindingKind
from prep.readiness.findings import findings
from prep.readiness.judgement import JUDGED_BY
from prep.readiness.municipalities import municipalities_standing
from prep.regions.packs import load_pack
from prep.registry.appointments import appoint
from prep.registry.install import install
from prep.terms import Language, State
from tests.perho import CHAIN, ON, fill_group, person

Change = Callable[[Session], None]


@pytest.fixture
def perho(engine: Engine, tmp_path: Path) -> Engine:
    """A county in which Perho's group has a chain that nobody has simulated."""
    (tmp_path / "ketjut.toml").write_text(CHAIN, encoding="utf-8")
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        fill_group(session)
        import_chains(session, tmp_path / "ketjut.toml", on=ON)
    return engine


@pytest.fixture
def asked(perho: Engine) -> Engine:
    """The same after the chain has been simulated."""
    with write_session(perho, actor="test") as session:
        chain = find_chain(session, "perho")
        network = load_network([chain], on=ON)
        given = answer(network, parse(JUDGED_BY), runs=200, seed=1)
        store_result(session, chain, network, given.result, extra=given.extra())
    return perho


def told(engine: Engine, *, on: date = ON) -> dict[str, tuple[FindingKind, State]]:
    """What is said of the chains, by its sentence, of Perho's group."""
    with read_session(engine) as session:
        return {
            str(one.sentence): (one.kind, one.state)
            for one in chain_findings(gather(session, on=on), language=Language.EN)
            if one.municipality == "584"
        }


def test_a_chain_that_nobody_has_simulated_is_unknown(perho: Engine) -> None:
    sentence = "Perho: disruption management group: whether the alert chain reaches it is not known"
    assert told(perho) == {sentence: (FindingKind.NOT_SIMULATED, State.UNKNOWN)}


def test_a_group_without_a_chain_is_unknown(perho: Engine) -> None:
    with read_session(perho) as session:
        found = list(chain_findings(gather(session, on=ON), language=Language.EN))
    without = [one for one in found if str(one.sentence).endswith("has no alert chain")]
    # Seven other municipalities, and the readiness board of the county.
    assert [one.municipality for one in without if one.municipality] == [
        "074", "217", "236", "272", "421", "849", "924",
    ]  # fmt: skip
    assert len(without) == 8
    assert {one.state for one in without} == {State.UNKNOWN}


def test_a_simulated_chain_is_judged_by_its_answer(asked: Engine) -> None:
    (reach, *points) = told(asked).items()
    assert "reached" in reach[0]
    assert reach[1] == (FindingKind.GROUP_NOT_REACHED, State.FAULT)
    # No quorum is stated, so every seat is needed; only the manager has a deputy.
    hangs_on = "Perho: disruption management group hangs on one person: Aino {}".format
    assert points == [
        (hangs_on(name), (FindingKind.SINGLE_POINT, State.FAULT))
        for name in (
            "Varautumisen yhteyshenkilö",
            "Tekninen johtaja",
            "Sivistysjohtaja",
            "Viestintävastaava",
        )
    ]


def new_holder(session: Session) -> None:
    body = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
    technical = next(seat for seat in body.seats if seat.key == "technical")
    appoint(session, technical, person(body.county, "Outi Uusi"), starts=ON)


def another_number(session: Session) -> None:
    holder = session.scalars(select(Person).where(Person.name == "Aino Tekninen johtaja")).one()
    holder.contact_points[0].operator = "Mallioperaattori"


def one_more_number(session: Session) -> None:
    holder = session.scalars(select(Person).where(Person.name == "Aino Tekninen johtaja")).one()
    kind = holder.contact_points[0].kind
    holder.contact_points.append(ContactPoint(position=2, kind=kind, value="+35800000902"))


def required_seat(session: Session) -> None:
    body = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
    body.seats[0].is_required = True


@pytest.mark.parametrize("change", [new_holder, another_number, one_more_number, required_seat])
def test_an_answer_from_before_a_change_is_not_told_as_true(asked: Engine, change: Change) -> None:
    with write_session(asked, actor="test") as session:
        change(session)
    sentence = "Perho: disruption management group: the alert chain, or who is on it, has changed since it was simulated"
    assert told(asked) == {sentence: (FindingKind.NOT_SIMULATED, State.UNKNOWN)}


def test_an_answer_holds_while_numbers_grow_older_and_is_then_asked_for_anew(asked: Engine) -> None:
    before = told(asked)
    last = ON + timedelta(days=ANSWER_INTERVAL_DAYS)
    assert told(asked, on=last) == before
    old = set(told(asked, on=last + timedelta(days=1)).items()) - set(before.items())
    assert old == {
        (
            "Perho: disruption management group: the alert chain was last simulated 91 days ago",
            (FindingKind.NOT_SIMULATED, State.WARNING),
        )
    }


def test_the_line_of_a_municipality_shows_an_answer_only_while_it_holds(asked: Engine) -> None:
    def reach() -> object:
        with read_session(asked) as session:
            facts = gather(session, on=ON)
            found = findings(facts, language=Language.FI)
            rows = municipalities_standing(facts, found, language=Language.FI)
            return next(row.reach for row in rows if row.municipality.code == "584")

    assert reach() is not None
    with write_session(asked, actor="test") as session:
        new_holder(session)
    assert reach() is None


def test_where_to_go_is_said_in_the_readers_language(perho: Engine) -> None:
    with read_session(perho) as session:
        found = list(chain_findings(gather(session, on=ON), language=Language.FI))
    (perhos,) = (one for one in found if one.municipality == "584")
    assert in_language(perhos.sentence, Language.FI).endswith("ei tiedetä, tavoittaako hälytysketju sen")
    assert perhos.about == ("chain", "perho")
    assert "prep alert simulate --group perho" in str(perhos.detail)
