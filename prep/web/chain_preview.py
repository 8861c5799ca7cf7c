"""A chain as it would stand, before anything is saved: its picture, how surely it reaches its body, what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlalchemy.orm import Session

from prep.alerting.finding import Finding
from prep.alerting.result import Share
from prep.alerting.scenarios import Scenario
from prep.chains.differences import Difference, differences
from prep.chains.form import ChainEntry
from prep.chains.references import References, named_in
from prep.chains.writing import loose_chain
from prep.web import chain_drawing
from prep.web.chain_reading import Reading, read_chain
from prep.web.language import page_language


@dataclass(frozen=True, slots=True)
class Preview:
    """A chain as it would stand, beside how it stands: ``before`` and ``after`` are None with a fault in it."""

    reading: Reading
    known: References
    picture: Markup
    before: Share | None
    after: Share | None
    differences: tuple[Difference, ...]
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]


def preview(
    session: Session, entry: ChainEntry, scenario: Scenario, *, on: date, stands: ChainEntry | None = None
) -> Preview:
    """Look at a chain as an entry has it; ``stands`` is how it stands, where that is to be compared.

    Raises
    ------
    Refused
        If it names somebody whom there is not.

    Cost: two simulations, about 0.05 s.
    """
    entries = [entry] if stands is None else [entry, stands]
    known = named_in(session, entries)
    found = read_loose(entry, known, scenario, on=on)
    old = found if stands is None or stands == entry else read_loose(stands, known, scenario, on=on)
    return Preview(
        reading=found,
        known=known,
        picture=chain_drawing.picture(found, on=on, language=page_language()),
        before=old.reach.quorum if old.reach else None,
        after=found.reach.quorum if found.reach else None,
        differences=differences(stands or entry, entry, known, page_language()),
        new=_only_in(found.findings, old.findings),
        gone=_only_in(old.findings, found.findings),
    )


def read_loose(entry: ChainEntry, known: References, scenario: Scenario, *, on: date) -> Reading:
    """A chain in its form, simulated with today's people."""
    return read_chain(loose_chain(entry, known), scenario, on=on, language=page_language())


def _only_in(these: Iterable[Finding], those: Iterable[Finding]) -> tuple[Finding, ...]:
    known = {(one.rule, one.subject) for one in those}
    return tuple(one for one in these if (one.rule, one.subject) not in known)
