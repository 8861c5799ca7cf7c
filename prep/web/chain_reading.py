"""A chain as a page reads it: simulated today, its keys turned into names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from prep.alerting.chain import Network
from prep.alerting.explanation import left_out_of_cuts, part_name, part_words
from prep.alerting.finding import Finding
from prep.alerting.fixes import Fix
from prep.alerting.lint import lint
from prep.alerting.records import load_network, seat_key
from prep.alerting.result import GroupReach, PartKind, Result, Share
from prep.alerting.scenarios import Scenario
from prep.alerting.words import reason_words
from prep.language import Message, say
from prep.models import Chain, Person
from prep.readiness.judgement import reach_state
from prep.registry.appointments import office
from prep.registry.names import name_of
from prep.terms import Language, State
from prep.web.remembered import contributions, find_fixes, simulate, single_points
from prep.web.words import word

RUNS = 10_000
SEED = 1
CHANNEL = say("channel")
_SHOWN_FIXES = 4
_SHOWN_CAUSES = 6


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

    name: str
    reason: Message
    saved: Share


@dataclass(frozen=True, slots=True)
class Doing:
    """What one person, desk or channel does for the body: see ``contributions``."""

    name: Message | str
    kind: Message
    made: Share
    missed: Share


@dataclass(frozen=True, slots=True)
class Remedies:
    """What would help, on what the body hangs, and what each part does for it.

    ``fixes`` are the single changes that help for certain, the best first, ``fixed`` the reach with the best of
    them. ``hangs_on`` are the parts that alone silence the body, ``left_out`` what that leaves out of the scenario.
    """

    fixes: tuple[Fix, ...] = ()
    fixed: GroupReach | None = None
    hangs_on: tuple[str, ...] = ()
    doings: tuple[Doing, ...] = ()
    left_out: Message | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One chain under one scenario. ``result`` is None where a fault forbids the simulation."""

    chain: Chain
    network: Network
    findings: tuple[Finding, ...]
    result: Result | None
    seats: tuple[SeatRow, ...]
    causes: tuple[Cause, ...]
    remedies: Remedies = field(default_factory=Remedies)

    @property
    def reach(self) -> GroupReach | None:
        return self.result.groups[0] if self.result else None

    @property
    def state(self) -> State:
        return reach_state(self.reach.quorum) if self.reach else State.FAULT


def read_chain(
    chain: Chain, scenario: Scenario, *, on: date, language: Language, with_remedies: bool = False
) -> Reading:
    """Simulate a chain as it stands on a day.

    Cost: about 0.02 s; with remedies about 0.4 s.
    """
    network = load_network([chain], on=on, language=language)
    findings = lint(network)
    if any(one.severity is State.FAULT for one in findings):
        return Reading(chain, network, findings, None, _seats(chain, None, on=on, language=language), ())
    result = simulate(network, scenario, runs=RUNS, seed=SEED)
    reach = result.groups[0]
    return Reading(
        chain=chain,
        network=network,
        findings=findings,
        result=result,
        seats=_seats(chain, reach, on=on, language=language),
        causes=tuple(
            Cause(part_name(one.part, reach.group, network), reason_words(one.reason), one.saved)
            for one in reach.failures.savings[:_SHOWN_CAUSES]
        ),
        remedies=_remedies(network, scenario, reach.group) if with_remedies else Remedies(),
    )


def shares_by_minute(reach: GroupReach, minutes: Sequence[int]) -> list[tuple[int, Share]]:
    """The share reached by each of the minutes."""
    return [(minute, reach.curve.share_by(minute * 60.0)) for minute in minutes]


def _remedies(network: Network, scenario: Scenario, group: str) -> Remedies:
    found = find_fixes(network, scenario, group, runs=RUNS, seed=SEED, shown=_SHOWN_FIXES)
    sure = tuple(fix for fix in found if fix.gain_low > 0)
    fixed = (
        simulate(sure[0].network, scenario, runs=RUNS, seed=SEED, groups=(group,), explain=False).group(group)
        if sure
        else None
    )
    hangs_on = (
        part_name(one.part, group, network) for one in single_points(network, scenario) if group in one.groups
    )
    # A person and the person's only number bear the same name, and are mended alike.
    return Remedies(
        sure,
        fixed,
        tuple(dict.fromkeys(hangs_on)),
        tuple(_doings(network, scenario, group)),
        left_out_of_cuts(network, scenario),
    )


def _doings(network: Network, scenario: Scenario, group: str) -> Iterator[Doing]:
    for one in contributions(network, scenario, group, runs=RUNS, seed=SEED):
        if one.made.count or one.missed.count:
            kind = CHANNEL if one.part.kind is PartKind.CHANNEL else word(network.actor(one.part.key).kind)
            yield Doing(part_words(one.part, network), kind, one.made, one.missed)


def _seats(chain: Chain, reach: GroupReach | None, *, on: date, language: Language) -> tuple[SeatRow, ...]:
    shares: Mapping[str, Share] = {one.seat: one.by_deadline for one in reach.seats} if reach else {}
    rows = []
    for seat in chain.body.seats:
        held = office(seat.terms, on=on)
        share = shares.get(seat_key(seat))
        rows.append(
            SeatRow(
                key=seat_key(seat),
                name=name_of(seat, language),
                holder=held.holder,
                deputies=held.deputies,
                is_required=seat.is_required,
                share=share,
                state=State.UNKNOWN if share is None else reach_state(share),
            )
        )
    return tuple(rows)
