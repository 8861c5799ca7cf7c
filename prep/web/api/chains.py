"""Alert chains, and how surely each reaches its body in time."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from prep.alerting.explanation import weakest_link
from prep.alerting.records import all_chains, load_network
from prep.alerting.result import GroupReach, Percentile
from prep.alerting.result import Share as Simulated
from prep.alerting.scenarios import PRESETS, parse
from prep.alerting.simulate import simulate
from prep.auth.roles import Permission
from prep.chains.differences import differences
from prep.chains.references import named_in
from prep.chains.versions import Version, versions_of
from prep.models import Chain as ChainRow
from prep.models import ChainItem, ChainList, Person, Role, Seat
from prep.registry.appointments import office
from prep.registry.names import name_of
from prep.terms import Channel, HourClass, If, ListMode
from prep.web.api.bodies import reference
from prep.web.api.operations import KEY, Asked, Operation, the_one
from prep.web.api.shapes import Page, Paged, PersonReference, Query, Shape, WholeNumber

FEWEST_RUNS, MOST_RUNS = 100, 50_000
_HOURS = "|".join(key for key, one in PRESETS.items() if one.hours)
_OUTAGES = "|".join(key for key, one in PRESETS.items() if not one.hours)
# One hour at the most, and any outages after it.
_SCENARIO = rf"^(({_HOURS})(\+({_OUTAGES})){{0,3}}|({_OUTAGES})(\+({_OUTAGES})){{0,2}})$"


class Called(Shape):
    """Who calls or is called: a desk or system, or whoever holds a role or seat on the day."""

    name: str = Field(description="Name of the desk, role or seat, in the language of the request.")
    person: PersonReference | None = Field(description="Who that is today; null while nobody is named.")


class LineCondition(Shape):
    """On what a line depends."""

    kind: If = Field(description="Whether the other line has answered, or has not though its wait is over.")
    line: int = Field(description="The number of the other line on the same list, from 1.")


class Line(Shape):
    """A line of a list: whom to reach, and how."""

    target: Called = Field(description="Whom to reach.")
    channels: tuple[Channel, ...] = Field(description="By which means, in this order within a round.")
    rounds: int = Field(description="How many rounds are tried.")
    with_deputies: bool = Field(description="Whether the deputies are tried too.")
    wait_s: int | None = Field(
        description="Seconds until the next attempt on the same target; null: as is usual for the channel."
    )
    condition: LineCondition | None = Field(description="On what it depends; null: it is always made.")
    hours: tuple[HourClass, ...] = Field(description="At which hours it is made; empty: at all.")
    calls_back: bool = Field(description="Whether it reports to a caller further up, and alerts nobody.")


class CallList(Shape):
    """One caller's list."""

    caller: Called = Field(description="Who goes through it.")
    mode: ListMode = Field(description="One at a time, or all at once.")
    is_source: bool = Field(description="Whether it starts when the alarm comes.")
    handover_s: int | None = Field(
        description="Seconds from being reached to starting it; null: as is usual for such a caller."
    )
    follow_up_s: int | None = Field(
        description="Seconds after the caller's other list, unless somebody has called back; null: no follow-up."
    )
    lines: tuple[Line, ...] = Field(description="Its lines, in order.")


class Chain(Shape):
    """An alert chain (hälytysketju)."""

    key: str = Field(description="Key by which the chain is known.")
    name: str = Field(description="Its name.")
    body: str = Field(description="Key of the body that it is to reach.")
    municipality: str | None = Field(description="Code of the body's municipality; null for the county's.")
    deadline_min: int = Field(description="Minutes from the alarm within which the body is to be reached.")
    version: int = Field(description="Number of its version; it counts on with every change.")
    one_of: tuple[tuple[str, ...], ...] = Field(
        description="Sets of seats (their keys) of each of which one has to be reached."
    )
    each_constituency: bool = Field(description="Whether a seat of every constituency has to be reached.")
    note: str = Field(description="A note for those who look after it.")
    lists: tuple[CallList, ...] = Field(description="Its lists, in order.")


class ChainPage(Page[Chain]):
    """Alert chains."""


class ChainVersion(Shape):
    """A version of a chain."""

    number: int = Field(description="Its number; numbers may be left out.")
    made_at: datetime = Field(description="When it was made.")
    made_by: str = Field(description="Who made it: the name of an account, or the command.")
    changes: tuple[str, ...] = Field(
        description="What it changed of the version before, as sentences; empty for the first that was kept."
    )


class ChainVersionPage(Page[ChainVersion]):
    """The versions of a chain, the newest first."""


class Share(Shape):
    """A share of the runs with its 95 % interval (Wilson), all from 0 to 1. 0 of the runs is not impossible."""

    p: float = Field(ge=0, le=1, description="The share.")
    low: float = Field(ge=0, le=1, description="Lower end of the interval.")
    high: float = Field(ge=0, le=1, description="Upper end of the interval.")


class SeatReached(Shape):
    """How surely a seat is reached by the deadline."""

    name: str = Field(description="Name of the seat, in the language of the request.")
    by_deadline: Share = Field(description="The share of runs in which it was.")


class Simulation(Shape):
    """How surely a chain reaches its body. The same chain, scenario, runs and seed give the same figures."""

    chain: str = Field(description="Key of the chain.")
    scenario: str = Field(description="Key of the scenario.")
    scenario_name: str = Field(description="The scenario in words, in the language of the request.")
    runs: int = Field(description="How often the alarm was played.")
    seed: int = Field(description="Seed of the chance.")
    engine: str = Field(description="Version of the engine.")
    network: str = Field(description="Digest of the chain as it stood.")
    deadline_min: float = Field(description="Minutes within which the body is to be reached.")
    quorum: Share = Field(description="Quorum and required seats reached by the deadline.")
    all_seats: Share = Field(description="Every seat reached by the deadline.")
    median_min: float | None = Field(
        description="Minutes by which half of the runs had reached it; null: not reached in half of them."
    )
    p90_min: float | None = Field(
        description="Minutes by which 90 % of the runs had; null: not reached in so many."
    )
    expected_seats: float = Field(description="Seats reached by the deadline, on average.")
    seats: tuple[SeatReached, ...] = Field(description="How surely each seat is reached.")
    weakest_link: str = Field(description="What would have saved most failing runs, as a sentence.")


class SimulationQuery(Query):
    """What is to be simulated."""

    scenario: Annotated[str, Field(pattern=_SCENARIO, examples=["night+mobile_down"])] = Field(
        "holiday", description="An hour, outages, or both joined by a plus sign (in an address: %2B)."
    )
    runs: WholeNumber = Field(
        10_000, ge=FEWEST_RUNS, le=MOST_RUNS, description="How often to play the alarm."
    )
    seed: WholeNumber = Field(1, ge=0, le=2_147_483_647, description="Seed of the chance.")


def listed(asked: Asked) -> Page[Chain]:
    """The chains that the key may see."""
    return asked.page(ChainPage, _visible(asked, Permission.CHAIN_READ), lambda chain: _chain(asked, chain))


def one(asked: Asked) -> Chain:
    """One chain."""
    return _chain(asked, _find(asked, Permission.CHAIN_READ))


def versions(asked: Asked) -> Page[ChainVersion]:
    """The versions of one chain, the newest first."""
    found = versions_of(asked.session, _find(asked, Permission.CHAIN_READ))
    known = named_in(asked.session, [one.entry for one in found])

    def shape(pair: tuple[Version, Version | None]) -> ChainVersion:
        one, before = pair
        changed = differences(before.entry, one.entry, known, asked.language) if before else ()
        return ChainVersion(
            number=one.number,
            made_at=one.made_at,
            made_by=one.made_by,
            changes=tuple(asked.words(each.sentence) for each in changed),
        )

    return asked.page(ChainVersionPage, list(zip(found, [*found[1:], None], strict=True)), shape)


def simulation(asked: Asked) -> Simulation:
    """One chain simulated as it stands today.

    Raises
    ------
    Refused
        If the chain has a fault that forbids the simulation.
    """
    query: SimulationQuery = asked.query
    chain = _find(asked, Permission.CHAIN_SIMULATE)
    scenario = parse(query.scenario)
    network = load_network([chain], on=asked.on, language=asked.language)
    result = simulate(network, scenario, runs=query.runs, seed=query.seed)
    reach = result.groups[0]
    names = {seat.key: seat.name for seat in network.group(reach.group).seats}
    return Simulation(
        chain=chain.key,
        scenario=scenario.key,
        scenario_name=asked.words(scenario.name),
        runs=result.runs,
        seed=result.seed,
        engine=result.engine,
        network=result.network,
        deadline_min=reach.deadline_s / 60,
        quorum=_share(reach.quorum),
        all_seats=_share(reach.all_seats),
        median_min=_minutes(reach.median),
        p90_min=_minutes(reach.p90),
        expected_seats=reach.expected_seats,
        seats=_seats(reach, names),
        weakest_link=asked.words(weakest_link(reach, network)),
    )


def _visible(asked: Asked, permission: Permission) -> list[ChainRow]:
    return [
        one
        for one in all_chains(asked.session)
        if asked.viewer.may(permission, municipality=one.body.municipality_code)
    ]


def _find(asked: Asked, permission: Permission) -> ChainRow:
    return the_one(_visible(asked, permission), lambda chain: chain.key == asked.path["key"])


def _chain(asked: Asked, row: ChainRow) -> Chain:
    return Chain(
        key=row.key,
        name=row.name,
        body=row.body.key,
        municipality=row.body.municipality_code,
        deadline_min=row.deadline_min,
        version=row.version,
        one_of=tuple(map(tuple, row.one_of)),
        each_constituency=row.each_constituency,
        note=row.note,
        lists=tuple(_list(asked, one) for one in row.lists),
    )


def _list(asked: Asked, row: ChainList) -> CallList:
    return CallList(
        caller=_called(asked, row.caller_person, row.caller_role or row.caller_seat),
        mode=row.mode,
        is_source=row.is_source,
        handover_s=row.handover_s,
        follow_up_s=row.follow_up_s,
        lines=tuple(_line(asked, item) for item in row.items),
    )


def _line(asked: Asked, item: ChainItem) -> Line:
    return Line(
        target=_called(asked, item.target_person, item.target_role or item.target_seat),
        channels=tuple(Channel(one) for one in item.channels),
        rounds=item.rounds,
        with_deputies=item.with_deputies,
        wait_s=item.wait_s,
        condition=None
        if item.condition_kind is None or item.condition_position is None
        else LineCondition(kind=item.condition_kind, line=item.condition_position + 1),
        hours=tuple(map(HourClass, item.hours)),
        calls_back=item.calls_back,
    )


def _called(asked: Asked, person: Person | None, held: Role | Seat | None) -> Called:
    if person is not None:
        return Called(name=person.name, person=reference(person))
    if held is None:
        raise ValueError("a line of a chain names nobody")
    holder = office(held.terms, on=asked.on).holder
    return Called(name=name_of(held, asked.language), person=reference(holder) if holder else None)


def _seats(reach: GroupReach, names: dict[str, str]) -> tuple[SeatReached, ...]:
    return tuple(
        SeatReached(name=names[one.seat], by_deadline=_share(one.by_deadline)) for one in reach.seats
    )


def _share(share: Simulated) -> Share:
    return Share(p=share.p, low=share.low, high=share.high)


def _minutes(time: Percentile) -> float | None:
    return None if time.value_s is None else time.value_s / 60


OPERATIONS = (
    Operation(
        "/chains", "listChains", "chains", "The alert chains: who calls whom.",
        (Permission.CHAIN_READ,), ChainPage, listed, Paged,
    ),
    Operation(
        "/chains/{key}", "getChain", "chains", "One alert chain.",
        (Permission.CHAIN_READ,), Chain, one, Query, parameters={"key": KEY},
    ),
    Operation(
        "/chains/{key}/versions", "listChainVersions", "chains", "The versions of an alert chain, the newest first.",
        (Permission.CHAIN_READ,), ChainVersionPage, versions, Paged, parameters={"key": KEY},
    ),
    Operation(
        "/chains/{key}/simulation", "simulateChain", "chains", "One alert chain simulated as it stands today.",
        (Permission.CHAIN_SIMULATE,), Simulation, simulation, SimulationQuery, parameters={"key": KEY},
    ),
)  # fmt: skip
