"""All chains at once under one scenario, or two: which groups are reached, how fast, and what silences most of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.chain import Network
from prep.alerting.defaults import caution
from prep.alerting.explanation import left_out_of_cuts, part_words
from prep.alerting.lint import faults
from prep.alerting.paired import Comparison, Difference
from prep.alerting.records import all_chains, load_network
from prep.alerting.result import GroupReach, Result, Share
from prep.alerting.scenarios import Scenario, parse
from prep.auth.roles import Permission
from prep.errors import Problem
from prep.language import Message, say
from prep.models import Chain
from prep.readiness.judgement import reach_state
from prep.terms import State
from prep.web import tables
from prep.web.chain_asking import (
    asked_chain,
    names_hour,
    own_known,
    scenario_asked,
    scenario_choices,
    sheet,
)
from prep.web.chain_flaws import KINDS
from prep.web.chain_reading import RUNS, SEED
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.remembered import compare, joint_cuts, simulate
from prep.web.sight import may, seen_chains
from prep.web.tables import Column
from prep.web.writing import named

pages = Blueprint("simulation", __name__)

MINUTES = (15, 30, 60, 120)
# The others are shown when they are asked for: a table has to fit.
_SHOWN_MINUTES = (15, 60)
_SHOWN_PARTS = 12
_COMPARE = "vertaa"


@dataclass(frozen=True, slots=True)
class Row:
    """One group: how it is reached under the scenario, and under the other one where two are compared."""

    chain: Chain
    reach: GroupReach
    other: Share | None = None
    change: Difference | None = None

    @property
    def state(self) -> State:
        return reach_state(self.reach.quorum)

    def by(self, minute: int) -> Share:
        return self.reach.curve.share_by(minute * 60.0)

    @property
    def median_min(self) -> float | None:
        value = self.reach.median.value_s
        return None if value is None else round(value / 60, 1)


@dataclass(frozen=True, slots=True)
class Silencer:
    """A part that silences several groups alone."""

    name: Message | str
    kind: Message
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything about all groups at once. ``left_out`` are chains with a fault, ``faults`` those of all together."""

    rows: tuple[Row, ...]
    result: Result | None
    other: Result | None
    comparison: Comparison | None
    silencers: tuple[Silencer, ...]
    left_out: tuple[Chain, ...]
    faults: tuple[Problem, ...]
    # What the silencers leave out of the scenario.
    silencers_without: Message | None = None

    @property
    def worst(self) -> Row | None:
        """The group that is reached least surely; of several the first."""
        return min(self.rows, key=lambda row: row.reach.quorum.p, default=None)


@pages.get("/simulointi")
@permission("chain.simulate")
def show() -> str | Response:
    """Every group that whoever asks may simulate, alerted at once."""
    scenario, other = scenario_asked(), _compared()
    with reading() as session:
        told = _told(session, scenario, other)
        made = tables.listing(
            "simulation",
            say("Simulation of all groups"),
            _columns(compared=other is not None),
            told.rows,
            sorted_by="reach",
            place=lambda row: row.chain.body.municipality_code,
        )
        return tables.answer(
            made,
            "simulation.html",
            told=told,
            scenario=scenario.name,
            other=other and other.name,
            minutes=MINUTES,
            sheet_compare=sheet(),
            compared=_asked_to_compare(),
            seed=SEED,
            caution=caution(),
            **scenario_choices(),
        )


def _told(session: Session, scenario: Scenario, other: Scenario | None) -> Told:
    """Cost: about half a second for a county, most of it reading the chains."""
    chains = [
        one
        for one in seen_chains(all_chains(session))
        if may(Permission.CHAIN_SIMULATE, one.body.municipality_code)
    ]
    on, language = clock.today(), page_language()
    left_out = tuple(one for one in chains if asked_chain(one, on=on, language=language).is_faulty)
    sound = [one for one in chains if one not in left_out]
    network = load_network(sound, on=on, language=language)
    if not sound or (found := tuple(faults(network))):
        return Told((), None, None, None, (), left_out, found if sound else ())
    result = simulate(network, scenario, runs=RUNS, seed=SEED, explain=False)
    second, comparison = None, None
    if other is not None:
        second = simulate(network, other, runs=RUNS, seed=SEED, explain=False)
        comparison = compare(network, scenario, other, runs=RUNS, seed=SEED)
    return Told(
        rows=tuple(_rows(sound, result, second, comparison)),
        result=result,
        other=second,
        comparison=comparison,
        silencers=tuple(_silencers(network, scenario)),
        left_out=left_out,
        faults=(),
        silencers_without=left_out_of_cuts(network, scenario),
    )


def _rows(
    chains: Sequence[Chain], result: Result, second: Result | None, comparison: Comparison | None
) -> Iterator[Row]:
    for at, (chain, reach) in enumerate(zip(chains, result.groups, strict=True)):
        if second is None or comparison is None:
            yield Row(chain, reach)
        else:
            yield Row(chain, reach, second.groups[at].quorum, comparison.groups[reach.group])


def _silencers(network: Network, scenario: Scenario) -> Iterator[Silencer]:
    names = {one.key: one.name for one in network.groups}
    for cut in joint_cuts(network, scenario, order=1)[:_SHOWN_PARTS]:
        part = cut.parts[0]
        yield Silencer(part_words(part, network), KINDS[part.kind], tuple(names[key] for key in cut.groups))


def _asked_to_compare() -> list[str]:
    """What the address asks to compare with, as it is written."""
    return [one for one in request.args.getlist(_COMPARE) if one.strip()]


def _compared() -> Scenario | None:
    """The second scenario of the address; without an hour of its own it is at the hour of the first."""
    names = ["+".join(one.split()) for one in _asked_to_compare()]
    if not names:
        return None
    own = own_known()
    parts = list(dict.fromkeys(part for name in names for part in name.split("+")))
    if not any(names_hour(part, own) for part in parts):
        parts.insert(0, sheet().hour)
    return parse("+".join(parts), own)


def _columns(*, compared: bool) -> tuple[Column[Row], ...]:
    first: tuple[Column[Row], ...] = (
        Column("name", say("Group"), lambda row: named(row.chain.body), names=True),
        Column("chain", say("Chain"), lambda row: row.chain.name, extra=True),
        Column("state", say("State"), lambda row: row.state, extra=True),
        Column("reach", say("Reached in time"), lambda row: row.reach.quorum.p),
        Column("low", say("At least (95 %)"), lambda row: row.reach.quorum.low, is_figure=True, extra=True),
        Column("high", say("At most (95 %)"), lambda row: row.reach.quorum.high, is_figure=True, extra=True),
    )
    second: tuple[Column[Row], ...] = (
        Column("other", say("In the other scenario"), lambda row: row.other.p if row.other else None),
        Column("change", say("Change, % points"), _points, is_figure=True),
    )
    rest: tuple[Column[Row], ...] = (
        Column("deadline", say("Deadline, min"), lambda row: row.chain.deadline_min, is_figure=True),
        Column("median", say("Median, min"), lambda row: row.median_min, is_figure=True),
        Column(
            "seats", say("Seats on average"), lambda row: round(row.reach.expected_seats, 1), is_figure=True
        ),
        *(_by_minute(minute, extra=compared or minute not in _SHOWN_MINUTES) for minute in MINUTES),
    )
    return (*first, *(second if compared else ()), *rest)


def _by_minute(minute: int, *, extra: bool) -> Column[Row]:
    return Column(
        f"by-{minute}", say("In {n} min", n=minute), lambda row: row.by(minute).p, is_figure=True, extra=extra
    )


def _points(row: Row) -> float | None:
    return None if row.change is None else round(row.change.p * 100, 1)
