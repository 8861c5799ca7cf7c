"""A chain as a page reads it: simulated today, its keys turned into names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prep.alerting.chain import Network
from prep.alerting.lint import Finding, lint
from prep.alerting.records import load_network, seat_key
from prep.alerting.result import GroupReach, Result, Share
from prep.alerting.scenarios import Scenario
from prep.alerting.simulate import simulate
from prep.language import Message, in_language
from prep.models import Chain, Person
from prep.registry.bodies import in_office
from prep.terms import Language, State
from prep.web.alerting_words import part_name, reason_words
from prep.web.reach import reach_state
from prep.web.writing import named

RUNS = 10_000
SEED = 1
_SHOWN_CAUSES = 5


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat of the body: who is in it, and how surely it is reached by the deadline."""

    key: str
    name: str
    holder: Person | None
    deputies: tuple[Person, ...]
    is_required: bool
    share: Share | None
    state: State


@dataclass(frozen=True, slots=True)
class Cause:
    """One part that alone would have saved failing runs."""

    name: Message | str
    reason: Message
    saved: Share


@dataclass(frozen=True, slots=True)
class Reading:
    """One chain under one scenario. ``reach`` is None where a fault forbids the simulation."""

    chain: Chain
    scenario: Scenario
    network: Network
    findings: tuple[Finding, ...]
    result: Result | None
    reach: GroupReach | None
    seats: tuple[SeatRow, ...]
    causes: tuple[Cause, ...]
    state: State


def read_chain(
    chain: Chain, scenario: Scenario, *, on: date, places: Mapping[str, str], language: Language
) -> Reading:
    """Simulate a chain as it stands on a day; ``places`` are the names of municipalities by code."""
    network = load_network([chain], on=on)
    findings = lint(network)
    faulty = any(one.severity is State.FAULT for one in findings)
    result = None if faulty else simulate(network, scenario, runs=RUNS, seed=SEED)
    reach = result.groups[0] if result else None
    names = {seat_key(seat): named(seat, language) for seat in chain.body.seats}
    return Reading(
        chain=chain,
        scenario=scenario,
        network=network,
        findings=findings,
        result=result,
        reach=reach,
        seats=_seats(chain, reach, names, on=on),
        causes=_causes(network, reach, names, places),
        state=reach_state(reach.quorum) if reach else State.FAULT,
    )


def _seats(
    chain: Chain, reach: GroupReach | None, names: Mapping[str, str], *, on: date
) -> tuple[SeatRow, ...]:
    shares = {one.seat: one.by_deadline for one in reach.seats} if reach else {}
    rows = []
    for seat in chain.body.seats:
        holder, deputies = in_office(seat.terms, on=on)
        share = shares.get(seat_key(seat))
        rows.append(
            SeatRow(
                key=seat_key(seat),
                name=names[seat_key(seat)],
                holder=holder,
                deputies=deputies,
                is_required=seat.is_required,
                share=share,
                state=State.UNKNOWN if share is None else reach_state(share),
            )
        )
    return tuple(rows)


def _causes(
    network: Network, reach: GroupReach | None, seats: Mapping[str, str], places: Mapping[str, str]
) -> tuple[Cause, ...]:
    savings = reach.failures.savings if reach else ()
    return tuple(
        Cause(part_name(one.part, network, seats=seats, places=places), reason_words(one.reason), one.saved)
        for one in savings[:_SHOWN_CAUSES]
    )


def shares_by_minute(reach: GroupReach, minutes: Sequence[int]) -> list[tuple[int, Share]]:
    """The share reached by each of the minutes."""
    return [(minute, reach.curve.share_by(minute * 60.0)) for minute in minutes]


def scenario_name(scenario: Scenario, language: Language) -> str:
    """The name of a scenario in the language of the page."""
    return in_language(scenario.name, language)
