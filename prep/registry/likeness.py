"""What may be the same premises: names that are almost alike, and places that are almost one."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

SAME_PLACE_M = 50
# 90 of 100: "Perhon liikuntahalli" and "Perhon liikuntahali", not "Perhon koulu" and "Perhon lukio".
ALIKE = 90


@dataclass(frozen=True, slots=True)
class Known:
    """Premises that are compared: their name in a plain form, and their place where it is known."""

    municipality_code: str
    name: str
    lat: float | None
    lon: float | None


def alike_names(known: Sequence[Known]) -> Iterator[tuple[int, int]]:
    """Pairs (by their numbers, the smaller first) of one municipality whose names are almost the same.

    Cost: for each municipality the square of its premises.
    """
    # "Koulu 1" and "Koulu 2" are not the same: only names with the same numbers are compared.
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, one in enumerate(known):
        groups[one.municipality_code, *re.findall(r"\d+", one.name)].append(index)
    for members in groups.values():
        names = [known[index].name for index in members]
        scores = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8)
        for first, second in np.argwhere(np.triu(scores, k=1)):
            yield members[first], members[second]


def near(known: Sequence[Known]) -> Iterator[tuple[int, int]]:
    """Pairs of one municipality that are less than `SAME_PLACE_M` apart."""
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


def metres_between(lat: float | None, lon: float | None, lat2: float | None, lon2: float | None) -> float:
    """The geodesic distance on WGS84 in metres; infinite when one of the places is not known."""
    if lat is None or lon is None or lat2 is None or lon2 is None:
        return float("inf")
    _, _, metres = _geodesic().inv(lon, lat, lon2, lat2)
    return float(metres)


def _neighbours(cells: Mapping[tuple[int, int], list[int]], place: tuple[int, int]) -> Iterator[int]:
    """What is in the cells around, in the half of them that lets every pair come once."""
    row, column = place
    for rows in (row, row + 1):
        for columns in range(column - 2, column + 3):
            if (rows, columns) > place:
                yield from cells.get((rows, columns), [])


@cache
def _geodesic() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")
