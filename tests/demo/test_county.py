"""The demonstration county has the faults that were planted in it, and prep finds them."""

import json
import time
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

import prep.demo
from prep import audit, clock
from prep.alerting.answer_records import latest_results
from prep.alerting.finding import Rule
from prep.alerting.lint import lint
from prep.alerting.records import all_chains, load_network
from prep.alerting.scenarios import parse
from prep.alerting.simulate import simulate
from prep.db import read_session
from prep.demo.build import RUNS, SCENARIOS, SEED, Simulated
from prep.exchange.importing import ImportPlan
from prep.models import ContactPoint, Installation, Municipality, Site
from prep.readiness.facts import gather
from prep.readiness.finding import FindingKind
from prep.readiness.findings import findings
from prep.readiness.judgement import JUDGED_BY
from prep.registry.bodies import bodies_standing
from prep.terms import ContactKind, Language

Built = tuple[Engine, ImportPlan, list[Simulated]]
FLAWS = tomllib.loads((Path(prep.demo.__file__).parent / "flaws.toml").read_text(encoding="utf-8"))["flaw"]
# Kinds of which there is nothing in the county but what was planted.
PLANTED = {
    FindingKind.VACANT_SEAT,
    FindingKind.VACANT_ROLE,
    FindingKind.GROUP_NOT_REACHED,
    FindingKind.SINGLE_POINT,
    FindingKind.STALE_CONTACT,
    FindingKind.NO_CONTACT,
    FindingKind.NO_DEPUTY,
}


def test_every_planted_fault_is_found_and_no_other_of_its_kind(built: Built) -> None:
    with read_session(built[0]) as session:
        found = findings(gather(session, on=clock.today()), language=Language.FI)
    told = sorted((str(one.kind), "/".join(one.about)) for one in found if one.kind in PLANTED)
    assert told == sorted((flaw["kind"], flaw["about"]) for flaw in FLAWS)


def test_there_is_one_vacancy_and_no_other(built: Built) -> None:
    with read_session(built[0]) as session:
        vacant = [
            (body.body.key, one.seat.key)
            for body in bodies_standing(session, on=clock.today())
            for one in body.vacancies
        ]
    assert vacant == [("alueturva-board", "board-lestijokilaakso")]


def test_the_situation_centre_is_found_as_what_all_groups_hang_on(built: Built) -> None:
    with read_session(built[0]) as session:
        found = findings(gather(session, on=clock.today()), language=Language.EN)
    common = [str(one.sentence) for one in found if one.kind is FindingKind.COMMON_POINT]
    assert common == [
        "10 groups hang on one thing: Keski-Pohjanmaan pelastuslaitoksen johtokeskus",
        "8 groups hang on one thing: mobile network",
    ]


def test_about_120_premises_come_from_the_spreadsheet_with_its_errors_reported(built: Built) -> None:
    engine, plan, _ = built
    with read_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Site)) == len(plan.new) == 119
        per_municipality = dict(
            session.execute(
                select(Site.municipality_code, func.count()).group_by(Site.municipality_code)
            ).all()
        )
        assert set(per_municipality) == set(session.scalars(select(Municipality.code)))
    assert plan.refused
    assert plan.findings


def test_the_groups_without_a_fault_are_reached_and_those_with_one_are_not(built: Built) -> None:
    reached = {one.chain.key: one.given.reach.quorum for one in built[2]}
    sure = {"kokkola", "kannus", "kaustinen", "halsua", "toholampi", "veteli", "tilannekeskus"}
    assert {key for key, share in reached.items() if share.low > 0.9} == sure
    assert reached["lestijarvi"].count == 0
    assert reached["perho"].high < 0.3


def test_every_chain_was_asked_in_every_situation(built: Built) -> None:
    assert len(built[2]) == 10
    assert {tuple(one.reach) for one in built[2]} == {SCENARIOS}


def test_perho_would_be_helped_most_by_the_situation_centre(built: Built) -> None:
    perho = next(one.given for one in built[2] if one.chain.key == "perho")
    assert perho.fix is not None
    assert (
        str(perho.fix.sentence)
        == "Let Keski-Pohjanmaan pelastuslaitoksen johtokeskus alert all seats at once."
    )
    assert perho.fix.gain_low > 0.2


def test_no_number_can_be_dialled(built: Built) -> None:
    telephone = {ContactKind.MOBILE, ContactKind.LANDLINE, ContactKind.SATELLITE}
    with read_session(built[0]) as session:
        numbers = [one.value for one in session.scalars(select(ContactPoint)) if one.kind in telephone]
    assert numbers
    assert [number for number in numbers if not number.startswith("+35800000")] == []


def test_the_county_is_marked_as_invented_and_its_trail_verifies(built: Built) -> None:
    with read_session(built[0]) as session:
        assert session.scalars(select(Installation)).one().is_demo
        assert audit.verify(session) == []


@pytest.mark.parametrize("threads", [1, 3])
def test_the_same_seed_gives_the_same_figures_on_any_number_of_threads(built: Built, threads: int) -> None:
    with read_session(built[0]) as session:
        stored = latest_results(session, scenario=JUDGED_BY)
        for chain in all_chains(session):
            network = load_network([chain], on=clock.today(), language=Language.SV)
            again = simulate(network, parse(JUDGED_BY), runs=RUNS, seed=SEED, threads=threads)
            assert json.loads(again.to_json()) == stored[chain.id].result["simulation"]


# What the lint finds in the chains, and why: each follows from a planted fault, or is true of the county.
DOUBTS = {
    # Office telephones only, and no deputies.
    "lestijarvi": {Rule.NO_DEPUTY, Rule.ONE_CHANNEL},
    # The manager, who alone is called by the centre, has no deputy, and calls all others by telephone only.
    "perho": {Rule.NO_DEPUTY, Rule.ONE_CHANNEL, Rule.ONE_HANDSET},
    # The ended term leaves one deputy with one telephone.
    "alueturva": {Rule.EXPIRED_TERM, Rule.NO_DEPUTY, Rule.ONE_HANDSET},
}


def test_the_lint_finds_what_was_planted_and_nothing_in_the_other_chains(built: Built) -> None:
    with read_session(built[0]) as session:
        found = {
            chain.key: {one.rule for one in lint(load_network([chain], on=clock.today()))}
            for chain in all_chains(session)
        }
    assert {key: rules for key, rules in found.items() if rules} == DOUBTS


def test_all_chains_at_once_are_more_than_one_line_can_call(built: Built) -> None:
    with read_session(built[0]) as session:
        whole = lint(load_network(all_chains(session), on=clock.today()))
    alone = set().union(*DOUBTS.values())
    assert {one.rule for one in whole} == alone | {Rule.TOO_MANY_CALLS}


def test_a_countys_question_is_answered_in_two_seconds(built: Built) -> None:
    with read_session(built[0]) as session:
        network = load_network(all_chains(session), on=clock.today())
    simulate(network, parse(JUDGED_BY), runs=100)
    began = time.process_time()
    simulate(network, parse(JUDGED_BY), runs=RUNS)
    assert time.process_time() - began < 2 * 2.0  # of two cores
