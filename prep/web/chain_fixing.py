"""What would help a chain: single changes for this body and the worst one, and the best set of several; drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.alerting.answer_records import draft_changes, drafts_of, store_draft
from prep.alerting.chain import Network
from prep.alerting.defaults import caution
from prep.alerting.fixes import Fix
from prep.alerting.lint import faults
from prep.alerting.packages import (
    BEAM,
    COSTS,
    FINALISTS,
    PROMISING,
    PROMISING_OF_A_GROUP,
    SCREENING_RUNS,
    Package,
    Standing,
    Step,
    apply_changes,
    make_again,
)
from prep.alerting.records import all_chains, load_network
from prep.alerting.result import Share
from prep.alerting.scenarios import Scenario
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Chain, ChainDraft
from prep.web.chain_asking import (
    asked_chain,
    chain_of,
    chain_parts,
    scenario_asked,
    scenario_choices,
    scenario_kept,
)
from prep.web.chain_reading import RUNS, SEED
from prep.web.choices import address_refused, choices
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.remembered import best_package, find_fixes, standings
from prep.web.saving import saved, saving
from prep.web.sight import may, seen_chains

pages = Blueprint("chain_fixing", __name__)

# All groups are played again for every change: fewer runs, so that the page answers at once.
_RUNS_OF_ALL = 4000
# Of a set that is asked for: some dozens of sets are played for it.
_RUNS_OF_SET = 4000
_SIZES = ("2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Worst:
    """The group that is reached least surely when all are alerted at once."""

    name: str
    quorum: Share


@dataclass(frozen=True, slots=True)
class FixRow:
    """A change, and the worst group with it; None where not all chains can be simulated."""

    fix: Fix
    worst: Worst | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A kept set of changes in words, and what it brought this body when it was kept."""

    number: int
    made_at: datetime
    sentences: tuple[Message, ...]
    before: Share
    after: Share
    is_of_this_version: bool


@pages.get("/halytysketjut/<key>/korjaukset")
@permission("chain.simulate")
def show(key: str) -> str:
    """One chain: the changes that help most, and the drafts that were kept of it."""
    scenario = scenario_asked()
    with reading() as session:
        chain = chain_of(session, key, Permission.CHAIN_SIMULATE)
        asked = asked_chain(chain, on=clock.today(), language=page_language())
        whole = _whole(session)
        found = () if asked.is_faulty else _fixes(asked.network, scenario)
        worsts = _worsts(whole, scenario, found) if found and not faults(whole) else ()
        return render_template(
            "chain_fixing.html",
            chain=chain,
            is_faulty=asked.is_faulty,
            scenario=scenario.name,
            fixes=[FixRow(fix, worsts[at] if worsts else None) for at, fix in enumerate(found, start=1)],
            worst=worsts[0] if worsts else None,
            runs=RUNS,
            runs_of_all=_RUNS_OF_ALL,
            drafts=_drafts(session, chain, whole),
            may_keep=may(Permission.CHAIN_EDIT, chain.body.municipality_code),
            keep_at=url_for("chain_fixing.keep", key=chain.key, **scenario_kept()),
            caution=caution(),
            parts=chain_parts(chain),
            **_set_asked(asked.network, scenario, is_faulty=asked.is_faulty),
            **scenario_choices(),
        )


def _set_asked(network: Network, scenario: Scenario, *, is_faulty: bool) -> dict[str, Any]:
    """How many changes may be asked for at once, and the best set of so many, if the address asks for one."""
    size = request.args.get("muutoksia", "")
    if size and size not in _SIZES:
        raise address_refused("muutoksia", size, say("There is no such choice."), _SIZES)
    options = [("", say("not looked for")), *((one, say("{n} changes", n=int(one))) for one in _SIZES)]
    return {
        "sizes": choices("muutoksia", options, chosen=size),
        "size": size,
        "best_set": _best_set(network, scenario, size) if size and not is_faulty else None,
        "screening_runs": SCREENING_RUNS,
        "runs_of_set": _RUNS_OF_SET,
        "beam": BEAM,
        "finalists": FINALISTS,
        "promising": PROMISING + PROMISING_OF_A_GROUP,
    }


def _best_set(network: Network, scenario: Scenario, size: str) -> Package:
    """The best set for so much: a change costs one, checking a number a quarter.

    Cost: 0.2 to 1.5 s of processor time for a chain of the demonstration.
    """
    return best_package(network, scenario, budget=int(size), runs=_RUNS_OF_SET, seed=SEED)


@pages.post("/halytysketjut/<key>/korjaukset")
@permission("chain.edit")
def keep(key: str) -> Response:
    """Keep one of the changes, or the set of them, as a draft of the chain; the chain stays as it is."""
    scenario = scenario_asked()
    size = request.form.get("muutoksia", "")
    # Played before anything is locked, so that nobody waits to write meanwhile.
    with reading() as session:
        chain = chain_of(session, key, Permission.CHAIN_EDIT)
        network = asked_chain(chain, on=clock.today(), language=page_language()).network
        if size in _SIZES:
            package = _set_that_helps(_best_set(network, scenario, size), size)
        else:
            package = _package(chain.body.key, _chosen(_fixes(network, scenario)))
    with saving() as session:
        chain = chain_of(session, key, Permission.CHAIN_EDIT)
        store_draft(session, chain, network, package)
        return saved(session, "chain_fixing.show", "draft", key=chain.key, **scenario_kept())


@pages.post("/halytysketjut/<key>/luonnokset/<int:number>/poista")
@permission("chain.edit")
def discard(key: str, number: int) -> Response:
    """Remove a draft of the chain."""
    with saving() as session:
        chain = chain_of(session, key, Permission.CHAIN_EDIT)
        for draft in drafts_of(session, chain):
            if draft.id == number:
                session.delete(draft)
        return saved(session, "chain_fixing.show", "gone", key=chain.key, **scenario_kept())


def _fixes(network: Network, scenario: Scenario) -> tuple[Fix, ...]:
    return find_fixes(network, scenario, network.groups[0].key, runs=RUNS, seed=SEED)


def _whole(session: Session) -> Network:
    """All chains that may be asked about, alerted at once."""
    chains = [one for one in seen_chains(all_chains(session)) if _may_simulate(one)]
    return load_network(chains, on=clock.today(), language=page_language())


def _may_simulate(chain: Chain) -> bool:
    return may(Permission.CHAIN_SIMULATE, chain.body.municipality_code)


def _worsts(whole: Network, scenario: Scenario, found: Sequence[Fix]) -> tuple[Worst, ...]:
    """The worst group as it stands, then with each of the changes."""
    networks = (whole, *(apply_changes(whole, [fix.change]) for fix in found))
    played = standings(networks, scenario, runs=_RUNS_OF_ALL, seed=SEED)
    return tuple(Worst(whole.group(key).name, share) for key, share in (one.worst for one in played))


def _chosen(found: Sequence[Fix]) -> Fix:
    """The change that the form names.

    Raises
    ------
    Refused
        If it is not among those that help now.
    """
    asked = tuple(request.form.get(name, "") for name in ("laji", "kohde", "tapa"))
    for fix in found:
        if (fix.kind.value, fix.subject, fix.detail) == asked:
            return fix
    raise Refused(
        Problem(
            place=say("Draft of a chain"),
            value=" ".join(asked).strip()[:80],
            rule=say("Only a change that helps the chain as it stands can be kept."),
            remedy=say("Look for changes again."),
        )
    )


def _set_that_helps(found: Package, size: str) -> Package:
    """The set, unless none helps by now.

    Raises
    ------
    Refused
        If there is nothing to keep.
    """
    if found.steps:
        return found
    raise Refused(
        Problem(
            place=say("Draft of a chain"),
            value=size,
            rule=say("Only a change that helps the chain as it stands can be kept."),
            remedy=say("Look for changes again."),
        )
    )


def _package(group: str, fix: Fix) -> Package:
    """One change as a set of changes, with what it brings this group."""
    before, after = (Standing(((group, share),), share) for share in (fix.before, fix.after))
    step = Step(fix.change, COSTS.get(fix.kind, 1.0), after)
    return Package(before, (step,), fix.network)


def _drafts(session: Session, chain: Chain, whole: Network) -> list[Draft]:
    return [
        Draft(
            number=one.id,
            made_at=one.made_at,
            sentences=_in_words(one, whole),
            before=Share(**one.content["before"]["groups"][chain.body.key]),
            after=Share(**one.content["after"]["groups"][chain.body.key]),
            is_of_this_version=one.chain_version == chain.version,
        )
        for one in drafts_of(session, chain)
    ]


def _in_words(draft: ChainDraft, whole: Network) -> tuple[Message, ...]:
    """The changes of a draft, made again on the chains as they stand; a sentence that says so if they no longer fit."""
    try:
        return tuple(one.sentence for one in make_again(whole, draft_changes(draft)))
    except Refused:
        return (say("Its changes do not fit the chain as it stands any more."),)
