"""The demonstration, step by step: every step is the one that a real county takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from prep.alerting.answer_records import store_result
from prep.alerting.answers import Answer, answer
from prep.alerting.chain import Network
from prep.alerting.records import all_chains, load_network
from prep.alerting.result import GroupReach
from prep.alerting.scenarios import parse
from prep.alerting.simulate import simulate
from prep.demo.calendars import add_calendars
from prep.demo.meetings import add_meetings
from prep.demo.people import populate
from prep.demo.spreadsheet import write_premises
from prep.exchange.chain_files import import_chains
from prep.exchange.importing import Applied, ImportPlan, apply_import, plan_import
from prep.exchange.scenario_files import import_scenarios
from prep.exchange.tables import read_file
from prep.models import Chain
from prep.readiness.judgement import JUDGED_BY
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.terms import Language

REGION = "keski-pohjanmaa"
SPREADSHEET = "evakuointitilat.xlsx"
SCENARIOS = ("office", JUDGED_BY, "night+mobile_down", "night+emergency_centre_down", "night+power_cut")
RUNS = 10_000
SEED = 1

_CHAINS = Path(__file__).parent / "chains.toml"
_SCENARIOS = Path(__file__).parent / "scenarios.toml"


@dataclass(frozen=True, slots=True)
class Simulated:
    """One chain: the full answer for the hour by which chains are judged, and the reach in every scenario."""

    chain: Chain
    network: Network
    given: Answer
    reach: Mapping[str, GroupReach]


def make_county(session: Session, *, on: date) -> None:
    """Municipalities, bodies, seats and roles from the agreement, invented people in them, meetings of the board."""
    populate(session, install(session, load_pack(REGION), is_demo=True), on=on)
    add_meetings(session, on=on)


def import_premises(session: Session, folder: Path, *, on: date) -> tuple[ImportPlan, Applied]:
    """Write a spreadsheet as a municipality keeps it, then read it as any other."""
    path = folder / SPREADSHEET
    write_premises(path, on=on)
    plan = plan_import(session, read_file(path), on=on)
    applied = apply_import(session, plan, on=on)
    add_calendars(session, on=on)
    return plan, applied


def make_chains(session: Session, *, on: date) -> list[Chain]:
    """The alert chains of ``chains.toml``, and the own scenario of ``scenarios.toml`` about which they are asked."""
    chains = [one.chain for one in import_chains(session, _CHAINS, on=on)]
    import_scenarios(session, _SCENARIOS, on=on)
    return chains


def simulate_chains(session: Session, *, on: date, language: Language) -> list[Simulated]:
    """Everything of every chain for the hour by which chains are judged, and its reach in the other scenarios."""
    simulated = []
    for chain in all_chains(session):
        network = load_network([chain], on=on, language=language)
        given = answer(network, parse(JUDGED_BY), runs=RUNS, seed=SEED)
        store_result(session, chain, network, given.result, extra=given.extra())
        reach = {
            key: given.reach
            if key == JUDGED_BY
            else simulate(network, parse(key), runs=RUNS, seed=SEED, explain=False).groups[0]
            for key in SCENARIOS
        }
        simulated.append(Simulated(chain, network, given, reach))
    session.flush()
    return simulated
