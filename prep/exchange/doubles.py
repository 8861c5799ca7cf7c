"""Rows that may be the same premises: candidates for a person to look at, never merged."""

from collections.abc import Sequence
from dataclasses import dataclass

from prep.exchange.findings import Finding, Severity
from prep.exchange.site_rows import SiteRow
from prep.exchange.tables import Table
from prep.exchange.vocabulary import plain_word
from prep.language import Message, say
from prep.models import Site
from prep.registry.likeness import SAME_PLACE_M, Known, alike_names, near


@dataclass(frozen=True, slots=True)
class _Known:
    """Premises that are compared: of the registry (row is None) or of the list."""

    row: int | None
    municipality_code: str
    name: str
    lat: float | None
    lon: float | None


def doubles(
    table: Table, rows: Sequence[SiteRow], *, new: frozenset[int], sites: Sequence[Site]
) -> list[Finding]:
    """Rows of the same municipality with almost the same name, or of almost the same place.

    Each row is compared with those above it, and each new row with the premises of the registry that the list
    does not name. Only the first likeness of a row is told.

    Parameters
    ----------
    new
        The numbers of the rows which the registry does not have.
    sites
        The premises of the registry that no row of the list is about.
    """
    known = [_Known(None, site.municipality_code, site.name, site.lat, site.lon) for site in sites]
    known += [
        _Known(row.row, row.municipality_code, row.name, row.said.get("lat"), row.said.get("lon"))
        for row in rows
    ]
    found: dict[int, Finding] = {}
    plain = [Known(one.municipality_code, plain_word(one.name), one.lat, one.lon) for one in known]
    pairs = [(pair, True) for pair in sorted(alike_names(plain))]
    pairs += [(pair, False) for pair in sorted(near(plain))]
    for (first, second), is_by_name in pairs:
        one, other = known[first], known[second]
        if other.row is None or other.row in found or (one.row is None and other.row not in new):
            continue
        found[other.row] = _double(table, one, other, _rule(one, is_by_name=is_by_name))
    return [found[row] for row in sorted(found)]


def _rule(one: _Known, *, is_by_name: bool) -> Message:
    if one.row is None and is_by_name:
        return say("The registry has premises of almost this name: “{name}”.", name=one.name)
    if one.row is None:
        return say("The registry has “{name}” less than {m} m from here.", name=one.name, m=SAME_PLACE_M)
    if is_by_name:
        return say("The name is almost that of row {row}: “{name}”.", row=str(one.row), name=one.name)
    return say(
        "The place is less than {m} m from that of row {row}: “{name}”.",
        m=SAME_PLACE_M,
        row=str(one.row),
        name=one.name,
    )


def _double(table: Table, one: _Known, other: _Known, rule: Message) -> Finding:
    remedy = (
        say("If it is the same, write that name in the list; else leave it.")
        if one.row is None
        else say("If both rows are the same premises, leave one away; nothing is merged.")
    )
    return Finding(
        place=table.place(row=other.row),
        severity=Severity.WARNING,
        value=other.name,
        rule=rule,
        remedy=remedy,
        field="name",
    )
