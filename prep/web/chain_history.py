"""The versions of a chain: who changed what and when, each as it stood, two side by side, an old one brought back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.alerting.result import Share
from prep.alerting.scenarios import Scenario
from prep.auth.roles import Permission
from prep.chains.differences import Difference, differences
from prep.chains.form import ChainEntry
from prep.chains.references import References, named_in
from prep.chains.versions import Version, version_of, versions_of
from prep.language import say
from prep.models import Chain
from prep.web import chain_drawing
from prep.web.chain_asking import chain_of, chain_parts, scenario_asked, scenario_choices, scenario_kept
from prep.web.chain_changing import change_chain, version_sent
from prep.web.chain_preview import read_loose
from prep.web.chain_reading import Reading
from prep.web.chain_rows import list_rows
from prep.web.choices import address_refused
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may

pages = Blueprint("chain_history", __name__, url_prefix="/halytysketjut/<key>/versiot")

OLD, NEW = "vanha", "uusi"
# Each is simulated: a page with so many answers within a second.
_SHOWN = 20
_SHOWN_DIFFERENCES = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """How surely a version reaches the body with today's people; None with a fault, or with somebody missing."""

    reach: Share | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the history: what it changed of the one before, and how surely it reaches the body."""

    version: Version
    is_first: bool
    changes: tuple[Difference, ...]
    more: int
    figure: Figure


@pages.get("")
@permission("chain.read")
def listed(key: str) -> str:
    """Every version, the newest first: when, who, what in words, and how surely each reaches the body."""
    with reading() as session:
        chain = chain_of(session, key)
        versions = versions_of(session, chain)
        return render_template(
            "chain_history.html",
            chain=chain,
            rows=_rows(session, versions[: _SHOWN + 1], scenario_asked())[:_SHOWN],
            versions=versions,
            scenario=scenario_asked().name,
            parts=chain_parts(chain),
            **scenario_choices(),
        )


@pages.get("/<int:number>")
@permission("chain.read")
def one(key: str, number: int) -> str:
    """One version as it stood, and what would change if it were brought back."""
    today = clock.today()
    with reading() as session:
        chain = chain_of(session, key)
        version, present = version_of(session, chain, number), versions_of(session, chain)[0]
        known = named_in(session, [version.entry, present.entry])
        found = _read(version.entry, known, scenario_asked(), on=today)
        return render_template(
            "chain_version.html",
            chain=chain,
            shown=version,
            present=present,
            reading=found,
            lists=list_rows(version.entry, known, on=today),
            missing=known.missing(version.entry),
            picture=chain_drawing.picture(found, on=today, language=page_language()) if found else None,
            changes=differences(present.entry, version.entry, known, page_language()),
            figures=[
                _figure(each, known, scenario_asked(), on=today) for each in (present.entry, version.entry)
            ],
            may_edit=may(Permission.CHAIN_EDIT, chain.body.municipality_code),
            scenario=scenario_asked().name,
            parts=chain_parts(chain),
            **scenario_choices(),
        )


@pages.get("/vertaa")
@permission("chain.read")
def compare(key: str) -> str:
    """Two versions side by side: in words, list by list and line by line, and in figures."""
    with reading() as session:
        chain = chain_of(session, key)
        versions = versions_of(session, chain)
        old, new = _asked(session, chain, versions)
        known = named_in(session, [old.entry, new.entry])
        return render_template(
            "chain_comparison.html",
            chain=chain,
            versions=versions,
            old=old,
            new=new,
            changes=differences(old.entry, new.entry, known, page_language()),
            figures=[_figure(each.entry, known, scenario_asked(), on=clock.today()) for each in (old, new)],
            scenario=scenario_asked().name,
            parts=chain_parts(chain),
            **scenario_choices(),
        )


@pages.post("/<int:number>/palauta")
@permission("chain.edit")
def bring_back(key: str, number: int) -> Response:
    """Make a version that stood before the present one again, as a version of its own."""
    with saving() as session:
        chain = chain_of(session, key, Permission.CHAIN_EDIT)
        entry = version_of(session, chain, number).entry
        change_chain(session, key, version_sent(), lambda _: entry)
        return saved(session, "chain_history.listed", "saved", key=key, **scenario_kept())


def _asked(session: Session, chain: Chain, versions: list[Version]) -> tuple[Version, Version]:
    """The two versions of the address: the newest and the one before it, unless it asks for others."""
    newest = versions[0].number
    before = versions[1].number if len(versions) > 1 else newest
    return (
        version_of(session, chain, _number(OLD, before)),
        version_of(session, chain, _number(NEW, newest)),
    )


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name)
    if not given:
        return otherwise
    if given.isascii() and given.isdecimal() and len(given) < 10:
        return int(given)
    raise address_refused(name, given, say("It is the number of a version, such as 3."))


def _rows(session: Session, versions: list[Version], scenario: Scenario) -> list[VersionRow]:
    known = named_in(session, [one.entry for one in versions])
    figures: dict[ChainEntry, Figure] = {}
    rows = []
    for version, before in pairwise([*versions, None]):
        if version is None:
            continue
        if version.entry not in figures:
            figures[version.entry] = _figure(version.entry, known, scenario, on=clock.today())
        found = differences(before.entry, version.entry, known, page_language()) if before else ()
        rows.append(
            VersionRow(
                version=version,
                is_first=before is None,
                changes=found[:_SHOWN_DIFFERENCES],
                more=max(len(found) - _SHOWN_DIFFERENCES, 0),
                figure=figures[version.entry],
            )
        )
    return rows


def _figure(entry: ChainEntry, known: References, scenario: Scenario, *, on: date) -> Figure:
    found = _read(entry, known, scenario, on=on)
    missing: Iterable[str] = known.missing(entry)
    return Figure(found.reach.quorum if found and found.reach else None, tuple(missing))


def _read(entry: ChainEntry, known: References, scenario: Scenario, *, on: date) -> Reading | None:
    """A version simulated with today's people; None where it names somebody who is not in the registry any more."""
    return (
        None
        if known.missing(entry) or entry.body not in known.bodies
        else read_loose(entry, known, scenario, on=on)
    )
