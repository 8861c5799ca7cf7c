"""What is weak in a chain: flaws with remedies, what silences the body alone or together, what weighs most."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.chain import Network
from prep.alerting.cuts import Cut
from prep.alerting.defaults import caution
from prep.alerting.exact import Exact
from prep.alerting.explanation import (
    fact_words,
    left_out_of_bound,
    left_out_of_cuts,
    part_words,
    silent_already_told,
)
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import Scenario
from prep.language import Message, say
from prep.models import ContactPoint
from prep.web.chain_asking import chain_of, chain_parts, scenario_asked, scenario_choices
from prep.web.chain_reading import Reading, read_chain
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.registry import dialled
from prep.web.remembered import minimal_cuts, solve

pages = Blueprint("chain_flaws", __name__)

ORDER = 3  # parts in the largest sets that are looked for
_SHOWN_WEIGHTS = 10
_LEAST_GAIN = 0.0005
_POINT = "point/"

KINDS: Mapping[PartKind, Message] = MappingProxyType(
    {
        PartKind.ACTOR: say("person or desk"),
        PartKind.POINT: say("number"),
        PartKind.HANDSET: say("telephone"),
        PartKind.RESOURCE: say("infrastructure"),
        PartKind.CHANNEL: say("channel"),
    }
)
# What of a part can fail, in the words of the exact solver.
_FACTS: Mapping[PartKind, tuple[str, ...]] = MappingProxyType(
    {
        PartKind.ACTOR: ("available", "comes", "relay"),
        PartKind.POINT: ("point",),
        PartKind.HANDSET: ("handset",),
        PartKind.RESOURCE: ("resource", "fed"),
        PartKind.CHANNEL: (),
    }
)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part that can fail: its name, the number where it is one, and what fails as much with it."""

    name: Message | str
    number: str
    kind: Message
    alike: tuple[Message | str, ...]
    gain: float | None


@dataclass(frozen=True, slots=True)
class CutRow:
    """Parts that silence the body if all of them fail."""

    parts: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """A fact on which the body hangs: how sure it is, what depends on it, and what certainty would gain."""

    fact: Message
    p: float
    depends: float
    gain: float


@dataclass(frozen=True, slots=True)
class Weakness:
    """The chain without chance and without time: ``exact_p`` is an upper bound of what is simulated."""

    exact_p: float
    alone: tuple[CutRow, ...]
    together: tuple[CutRow, ...]
    weights: tuple[Weight, ...]
    left_out: Message | None
    left_out_of_cuts: Message | None
    silent_already: Message | None


@pages.get("/halytysketjut/<key>/heikkoudet")
@permission("chain.read")
def show(key: str) -> str:
    """One chain: what is wrong with it, and on what it hangs."""
    scenario = scenario_asked()
    with reading() as session:
        found = read_chain(chain_of(session, key), scenario, on=clock.today(), language=page_language())
        return render_template(
            "chain_flaws.html",
            reading=found,
            chain=found.chain,
            scenario=scenario.name,
            weakness=_weakness(session, found, scenario) if found.reach else None,
            order=ORDER,
            caution=caution(),
            parts=chain_parts(found.chain),
            **scenario_choices(),
        )


def _weakness(session: Session, found: Reading, scenario: Scenario) -> Weakness:
    """Cost: 0.1 to 0.3 s for a municipal group."""
    network, group = found.network, found.network.groups[0].key
    cuts = minimal_cuts(network, scenario, order=ORDER, groups=(group,))[group]
    solved = solve(network, scenario, group)
    numbers = _numbers(session, (part for cut in cuts for part in cut.parts))
    rows = [(len(cut.parts), _row(cut, network, solved, numbers)) for cut in cuts]
    return Weakness(
        exact_p=solved.p,
        alone=tuple(
            sorted((row for size, row in rows if size == 1), key=lambda row: -(row.parts[0].gain or 0.0))
        ),
        together=tuple(row for size, row in rows if size > 1),
        weights=tuple(
            Weight(fact_words(one.fact, network), one.p, one.birnbaum, one.gain)
            for one in solved.sensitivities
            if one.fact[0] != "link" and one.gain >= _LEAST_GAIN
        )[:_SHOWN_WEIGHTS],
        left_out=left_out_of_bound(network, scenario),
        left_out_of_cuts=left_out_of_cuts(network, scenario),
        silent_already=silent_already_told(network, scenario, (group,)),
    )


def _row(cut: Cut, network: Network, solved: Exact, numbers: Mapping[str, str]) -> CutRow:
    return CutRow(
        tuple(
            PartRow(
                name=part_words(part, network),
                number=numbers.get(part.key, ""),
                kind=KINDS[part.kind],
                alike=tuple(part_words(one, network) for one in cut.alike.get(part, ())),
                gain=_gain(part, solved),
            )
            for part in cut.parts
        )
    )


def _gain(part: Part, solved: Exact) -> float | None:
    """What the body would gain if the weightiest fact about the part always held; None where none is uncertain."""
    facts = {(kind, part.key) for kind in _FACTS[part.kind]}
    return max((one.gain for one in solved.sensitivities if one.fact in facts), default=None)


def _numbers(session: Session, parts: Iterable[Part]) -> dict[str, str]:
    """The numbers among the parts, as whoever asks may see them: a person can have several."""
    keys = {part.key for part in parts if part.kind is PartKind.POINT and part.key.startswith(_POINT)}
    ids = [int(key.removeprefix(_POINT)) for key in keys]
    found = session.scalars(select(ContactPoint).where(ContactPoint.id.in_(ids)))
    return {f"{_POINT}{point.id}": dialled(point) for point in found}
