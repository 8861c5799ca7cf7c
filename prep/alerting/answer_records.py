"""Stored answers and drafts of alert chains: what a simulation said, and what somebody considers to change."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from prep import __version__, clock
from prep.alerting.chain import Network
from prep.alerting.digest import digest
from prep.alerting.fixes import Change
from prep.alerting.lint import faults
from prep.alerting.list_changes import FixKind
from prep.alerting.packages import COSTS, Package, Standing, Step, apply_changes, standings
from prep.alerting.result import Part, PartKind, Result, Share
from prep.alerting.scenarios import Scenario
from prep.errors import Refused
from prep.language import say
from prep.models import Chain, ChainDraft, SimulationResult


def store_result(
    session: Session, chain: Chain, network: Network, result: Result, *, extra: dict[str, Any]
) -> SimulationResult:
    """Keep what a simulation of one chain said, with all that is needed to repeat it.

    ``extra`` is kept beside it: what the solver and the search for changes said of the same network.
    """
    stored = SimulationResult(
        chain_id=chain.id,
        chain_version=chain.version,
        scenario=result.scenario,
        seed=result.seed,
        runs=result.runs,
        at=clock.now(),
        prep_version=__version__,
        engine_version=result.engine,
        network_digest=result.network,
        result={"simulation": json.loads(result.to_json()), "outline": outline(network), **extra},
    )
    session.add(stored)
    return stored


def outline(network: Network) -> str:
    """The digest of a network but for the ages of its numbers, which are others every day.

    An answer holds as long as the outline is the same: the same lists, people, numbers and assumptions.
    """
    ageless = tuple(replace(point, stale_p=0.0) for point in network.points)
    return digest(replace(network, points=ageless))


def quorum_of(stored: SimulationResult) -> Share:
    """How surely the group of a stored answer was reached."""
    return Share(**stored.result["simulation"]["groups"][0]["quorum"])


def single_points_of(stored: SimulationResult) -> tuple[Part, ...]:
    """What alone silenced the group when the answer was stored: actors and infrastructure."""
    return tuple(
        Part(PartKind(one["kind"]), one["key"])
        for one in stored.result["single_points"]
        if one["kind"] in {PartKind.ACTOR, PartKind.RESOURCE}
    )


def latest_results(session: Session, *, scenario: str) -> dict[int, SimulationResult]:
    """The newest stored answer of every chain under a scenario, by the chain's number."""
    newest = (
        select(func.max(SimulationResult.id))
        .where(SimulationResult.scenario == scenario)
        .group_by(SimulationResult.chain_id)
    )
    found = session.scalars(select(SimulationResult).where(SimulationResult.id.in_(newest)))
    return {one.chain_id: one for one in found}


def store_draft(session: Session, chain: Chain, network: Network, package: Package) -> ChainDraft:
    """Keep a set of changes as a draft of the chain: what is to be changed, and what it would bring.

    The chain itself stays as it is. ``draft_changes`` gives the changes back, and
    ``packages.apply_changes`` makes them on the chain as it stands then.
    """
    draft = ChainDraft(
        chain_id=chain.id,
        chain_version=chain.version,
        made_at=clock.now(),
        network_digest=digest(network),
        content={
            "changes": [
                {"kind": step.change.kind.value, "subject": step.change.subject, "detail": step.change.detail}
                for step in package.steps
            ],
            "before": _standing(package.before),
            "after": _standing(package.after),
            "cost": package.cost,
        },
    )
    session.add(draft)
    return draft


@dataclass(frozen=True, slots=True)
class KeptDrafts:
    """The drafts that a set of changes became, and the changes that no chain can take by itself."""

    drafts: tuple[ChainDraft, ...]
    left: tuple[Change, ...]


def store_drafts(
    session: Session,
    networks: Iterable[tuple[Chain, Network]],
    changes: Sequence[Change],
    scenario: Scenario,
    *,
    runs: int,
    seed: int,
) -> KeptDrafts:
    """Keep a set of changes over several chains: with each chain, those that fit it as it stands alone.

    A change of what several chains share is kept with each of them. The figures of a draft are those of its own
    chain alone, before and after its own part. A chain with a fault gets no draft: nothing can be told of it.
    """
    drafts: list[ChainDraft] = []
    kept: set[Change] = set()
    for chain, alone in networks:
        fitting, network = _fitting(alone, changes)
        if not fitting or faults(alone) or faults(network):
            continue
        before, after = standings([alone, network], scenario, runs=runs, seed=seed)
        steps = tuple(Step(one, COSTS.get(one.kind, 1.0), after) for one in fitting)
        drafts.append(store_draft(session, chain, alone, Package(before, steps, network)))
        kept.update(fitting)
    session.flush()  # only then do they know their chains
    return KeptDrafts(tuple(drafts), tuple(one for one in changes if one not in kept))


def _fitting(network: Network, changes: Iterable[Change]) -> tuple[list[Change], Network]:
    """Those of the changes that fit a network, one after the other, and the network with them."""
    fitting: list[Change] = []
    for one in changes:
        try:
            network = apply_changes(network, [one])
        except Refused:
            continue
        fitting.append(one)
    return fitting, network


def draft_changes(draft: ChainDraft) -> tuple[Change, ...]:
    """The changes of a stored draft, each named by its kind."""
    return tuple(
        Change(FixKind(one["kind"]), one["subject"], one["detail"], say("a change of the stored draft"))
        for one in draft.content["changes"]
    )


def drafts_of(session: Session, chain: Chain) -> list[ChainDraft]:
    """The drafts of a chain, the newest first; those for an older version of it are told by their version."""
    query = select(ChainDraft).where(ChainDraft.chain_id == chain.id).order_by(ChainDraft.id.desc())
    return list(session.scalars(query))


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "groups": {key: {"count": share.count, "runs": share.runs} for key, share in standing.groups},
        "all_groups": {"count": standing.all_groups.count, "runs": standing.all_groups.runs},
    }
