"""How a feature of premises is known: a day and a source in one cell, such as “3.4.2026 Katselmus”."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, read_text, said
from prep.exchange.days import read_past_day
from prep.exchange.vocabulary import Field, plain_word, words
from prep.exchange.workbook import CellValue
from prep.language import day
from prep.models import Site, SiteEvidence
from prep.terms import SiteFeature

_DAY = re.compile(r"\d{1,4}(?:[./-]\d{1,4}){1,2}\.?|(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class EvidenceSaid:
    """Since which day a feature is known, and from what; one of them may be missing."""

    known_on: date | None
    source: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (day(self.known_on) if self.known_on else "", self.source)))


def read_evidence(cell: CellValue, field: Field, *, on: date) -> Reading:
    """A day that is not in the future, a source, or both, the day first.

    >>> from prep.exchange.vocabulary import fields
    >>> field = fields()["evidence.has_well"]
    >>> read_evidence("3.4.2026, katselmus", field, on=date(2026, 12, 1)).value
    EvidenceSaid(known_on=datetime.date(2026, 4, 3), source='katselmus')
    """
    if cell is None:
        return NOTHING
    if isinstance(cell, date | datetime):
        found = read_past_day(cell, field, on=on)
        return found if found.value is None else said(EvidenceSaid(found.value), *found.remarks)
    text = as_text(cell).strip()
    if plain_word(text) in words("unknown"):
        return NOT_KNOWN
    first, _, rest = text.partition(" ")
    if not _DAY.fullmatch(first.rstrip(",;:")):
        source = read_text(text, field)
        return source if not source.value else said(EvidenceSaid(None, source.value), *source.remarks)
    found, source = read_past_day(first.rstrip(",;:"), field, on=on), read_text(rest.strip() or None, field)
    if found.value is None or (rest.strip() and not source.is_said):
        return Reading(remarks=(*found.remarks, *source.remarks))
    return said(EvidenceSaid(found.value, source.value or ""), *found.remarks, *source.remarks)


def evidence_of(site: Site) -> dict[SiteFeature, EvidenceSaid]:
    """What is known of how the features of premises are known."""
    return {row.feature: EvidenceSaid(row.known_on, row.source) for row in site.evidence}


def set_evidence(site: Site, evidence: Mapping[SiteFeature, EvidenceSaid | None]) -> None:
    """Note how features are known; those that are not named stay as they are."""
    rows = {row.feature: row for row in site.evidence}
    for feature, one in evidence.items():
        row = rows.get(feature)
        if one is None:
            if row is not None:
                site.evidence.remove(row)
        elif row is None:
            site.evidence.append(SiteEvidence(feature=feature, known_on=one.known_on, source=one.source))
        else:
            row.known_on, row.source = one.known_on, one.source
