"""Rows that may be the same premises: candidates for a person to look at, never merged."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process

from prep.exchange.doubts import metres_between
from prep.exchange.findings import Finding, Severity
from prep.exchange.site_rows import SiteRow
from prep.exchange.tables import Table
from prep.exchange.vocabulary import plain_word
from prep.language import Message, say
from prep.models import Site

SAME_PLACE_M = 50
# 90 of 100: "Perhon liikuntahalli" and "Perhon liikuntahali", not "Perhon koulu" and "Perhon lukio".
ALIKE = 90


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
    pairs = [(pair, True) for pair in sorted(_alike_names(known))]
    pairs += [(pair, False) for pair in sorted(_near(known))]
    for (first, second), is_by_name in pairs:
        one, other = known[first], known[second]
        if other.row is None or other.row in found or (one.row is None and other.row not in new):
            continue
        found[other.row] = _double(table, one, other, _rule(one, is_by_name=is_by_name))
    return [found[row] for row in sorted(found)]


def _alike_names(known: Sequence[_Known]) -> Iterator[tuple[int, int]]:
    # "Koulu 1" and "Koulu 2" are not the same: only names with the same numbers are compared.
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, one in enumerate(known):
        groups[one.municipality_code, *re.findall(r"\d+", one.name)].append(index)
    for members in groups.values():
        names = [plain_word(known[index].name) for index in members]
        scores = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8)
        for first, second in np.argwhere(np.triu(scores, k=1)):
            yield members[first], members[second]


def _near(known: Sequence[_Known]) -> Iterator[tuple[int, int]]:
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    # A cell of 0.001° is 111 m high and in Finland 38 to 56 m wide: two cells to each side are far enough.
    for index, one in enumerate(known):
        if one.lat is not None and one.lon is not None:
            cells[int(one.lat * 1000), int(one.lon * 1000)].append(index)
    for place, members in cells.items():
        pairs = list(combinations(members, 2))
        pairs += [(one, other) for one in members for other in _neighbours(cells, place)]
        for first, second in pairs:
            one, other = known[first], known[second]
            if (
                one.municipality_code == other.municipality_code
                and metres_between(one.lat, one.lon, other.lat, other.lon) < SAME_PLACE_M
            ):
                yield min(first, second), max(first, second)


def _neighbours(cells: Mapping[tuple[int, int], list[int]], place: tuple[int, int]) -> Iterator[int]:
    """What is in the cells around, in the half of them that lets every pair come once."""
    row, column = place
    for rows in (row, row + 1):
        for columns in range(column - 2, column + 3):
            if (rows, columns) > place:
                yield from cells.get((rows, columns), [])


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
