"""Lists as other systems publish them: GeoJSON, JSON and KML, their objects as rows and their keys as headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prep.errors import Problem, Refused
from prep.exchange.child import read_in_child
from prep.exchange.findings import Finding, Place, RowKind, Severity
from prep.exchange.text_table import decoded
from prep.exchange.workbook import CellValue
from prep.language import Message, say

_CHILD = Path(__file__).with_name("feature_child.py")
_JSON = re.compile(rb'\{\s*["}]|\[\s*[\[{\]"\d]')
_HEAD_BYTES = 2_000
_MOST_LINES = 20
# The columns that come from a geometry, first in every row that has one; see the child.
_NORTH, _EAST = 0, 1
_GEOMETRY = ("geometry.latitude", "geometry.longitude")
# Systems whose metres or degrees the reader of coordinates tells by their size: WGS84, ETRS89, ETRS-TM35FIN.
_PLAIN_CRS = frozenset({4326, 4258, 3067, 4979})
# Systems in metres that a file may name: web maps, UTM zones 34 to 36, ETRS-GKn with and without the zone in front.
_CONVERTED_CRS = frozenset(
    {3857, 25834, 25835, 25836, 3046, 3047, 3048, *range(3873, 3886), *range(3126, 3139)}
)


@dataclass(frozen=True, slots=True)
class FeatureList:
    """One list of a file: its name where it has one, its keys, and its rows with their numbers from 1."""

    name: str | None
    kind: RowKind
    keys: tuple[str, ...]
    rows: tuple[tuple[int, tuple[CellValue, ...]], ...]
    findings: tuple[Finding, ...]


def is_feature_file(content: bytes) -> bool:
    """Whether the content looks like JSON or KML, in UTF-8 or UTF-16."""
    head = content[:_HEAD_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return bool(_JSON.match(head)) or (head.startswith(b"<") and b"<kml" in head)


def read_features(content: bytes, *, name: str) -> list[FeatureList]:
    """Every list of objects in a file.

    Raises
    ------
    Refused
        If it is damaged, holds no list, or is larger or deeper than a list ever is.
    """
    text, odd_lines = decoded(content, name=name)
    answer = read_in_child(_CHILD, text.encode(), name=name)
    if "error" in answer:
        raise _refused(name, answer)
    kind = RowKind(answer["form"])
    mixed = [mixed_encodings(name, odd_lines)] if odd_lines else []
    found = [_list(name, kind, one, answer.get("crs")) for one in answer["lists"]]
    if mixed:
        found = [
            FeatureList(one.name, one.kind, one.keys, one.rows, (*mixed, *one.findings)) for one in found
        ]
    return found


def mixed_encodings(name: str, lines: Sequence[int]) -> Finding:
    """What is said where lines of a text differ in their encoding: which they are."""
    named = ", ".join(map(str, lines[:_MOST_LINES])) + (" …" if len(lines) > _MOST_LINES else "")
    return _finding(Place(name, row=lines[0]), Severity.NOTE, named, *_MIXED)


def _list(file: str, kind: RowKind, one: dict[str, Any], crs: str | None) -> FeatureList:
    place = Place(file, one["name"], rows=kind)
    keys = tuple(one["keys"])
    rows: list[tuple[int, tuple[CellValue, ...]]] = [
        (number, (*cells, *[None] * (len(keys) - len(cells)))) for number, cells in enumerate(one["rows"], 1)
    ]
    findings = [
        *_of_nothings(place, one["nothings"]),
        *(_of_remark(place, remark) for remark in one["remarks"]),
    ]
    if crs is not None:
        rows, about = _in_degrees(place, rows, crs)
        findings = [*about, *findings]
    return FeatureList(one["name"], kind, keys, tuple(rows), tuple(findings))


def _of_nothings(place: Place, nothings: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    for one in nothings:
        yield _finding(
            place.at(row=one["row"], column=one["key"]),
            Severity.NOTE,
            one["value"],
            say(
                "It stands for nothing, here and in all {n} places of this key: it was left empty.",
                n=one["count"],
            )
            if one["count"] > 1
            else say("It stands for nothing: it was left empty."),
            say("Nothing needs to be done; write ei tiedossa where something is known to be unknown."),
        )


def _of_remark(place: Place, remark: dict[str, Any]) -> Finding:
    severity, rule, remedy = _REMARKS[remark["code"]]
    return _finding(
        place.at(row=remark["row"], column=remark["key"]), severity, remark["value"], rule, remedy
    )


def _in_degrees(
    place: Place, rows: list[tuple[int, tuple[CellValue, ...]]], crs: str
) -> tuple[list[tuple[int, tuple[CellValue, ...]]], list[Finding]]:
    """The rows with their places in degrees, where the file names a system that can be turned into them."""
    found = re.search(r"(\d{4,5})\s*$", crs)
    code = int(found[1]) if found else None
    if code in _PLAIN_CRS or crs.endswith("CRS84"):
        return rows, []
    if code not in _CONVERTED_CRS:
        return rows, [_finding(place, Severity.WARNING, crs, *_OTHER_CRS)]
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(code, 4326, always_xy=True)
    placed = [
        index
        for index, (_, cells) in enumerate(rows)
        if isinstance(cells[_NORTH], float) and isinstance(cells[_EAST], float)
    ]
    lon, lat = to_degrees.transform(
        [rows[index][1][_EAST] for index in placed], [rows[index][1][_NORTH] for index in placed]
    )
    changed = list(rows)
    for index, east, north in zip(placed, lon, lat, strict=True):
        number, cells = rows[index]
        changed[index] = number, (north, east, *cells[2:])
    return changed, [_finding(place, Severity.NOTE, crs, *_CONVERTED)]


_CONVERTED = (
    say("The file says in which system its coordinates are: they were turned into degrees."),
    say("Look at some of the places on the map."),
)
_OTHER_CRS = (
    say("The file names a system of coordinates that is not converted here."),
    say("Export it in WGS84 (EPSG:4326) or ETRS-TM35FIN (EPSG:3067)."),
)
_MIXED = (
    say("Some lines are in UTF-8 and others in Windows-1252: each was read in its own. These are the fewer."),
    say("Check the names with å, ä and ö."),
)
_REMARKS: dict[str, tuple[Severity, Message, Message]] = {
    "area": (
        Severity.NOTE,
        say("It is not a point: a point inside it was taken for the place."),
        say("Check the place on the map, or write the point of the entrance."),
    ),
    "bad_geometry": (
        Severity.WARNING,
        say("The geometry cannot be read: the place was not taken."),
        say("Mend it, or write the coordinates on the page of the premises."),
    ),
    "no_feature": (
        Severity.REFUSED,
        say("It is not a feature of GeoJSON."),
        say("Mend the list or leave this away."),
    ),
    "no_object": (
        Severity.REFUSED,
        say("It is not an object with keys and values."),
        say("Mend the list or leave this away."),
    ),
    "parts": (
        Severity.WARNING,
        say("Under this key is a list of more than can be told in columns: only its first parts were read."),
        say("Write what belongs to the premises under keys of its own."),
    ),
    "twice": (
        Severity.WARNING,
        say("The key stands twice: its last value was taken."),
        say("Leave one of them away."),
    ),
    "links": (
        Severity.WARNING,
        say("The file refers to other files, which were not read."),
        say("Save it with everything that belongs to it, and import that."),
    ),
}


def _refused(name: str, answer: dict[str, Any]) -> Refused:
    where = Place(name, rows=RowKind.OBJECT, row=answer.get("row"), column=answer.get("key")).message()
    save = say("Export the list again, or save it as XLSX or CSV and import that.")
    match answer["error"]:
        case "no_json" | "no_xml":
            where = say(
                "{file}, line {line}, sign {column}",
                file=name,
                line=str(answer["line"]),
                column=str(answer["column"]),
            )
            rule = say("The file is damaged: from here on it cannot be read.")
        case "deep":
            rule = say("The file is nested deeper than a list ever is.")
        case "no_list":
            rule = say("There is no list of objects in the file.")
        case "no_kml":
            rule = say("The file is a page of text with tags, not a table.")
        case "doctype":
            rule = say("The file holds a document type, which a list never has.")
        case "rows":
            rule = say("The list has more than {n} rows.", n=answer["most"])
            save = say("Import it in parts.")
        case "keys":
            rule = say("The list has more than {n} different keys.", n=answer["most"])
            save = say("Leave away what does not belong to the premises.")
        case _:
            rule = say(
                "The text has {n} characters; at most {most} are kept.",
                n=answer["signs"],
                most=answer["most"],
            )
            save = say("Shorten it: a text is never cut.")
    return Refused(Problem(place=where, value=answer.get("value"), rule=rule, remedy=save))


def _finding(place: Place, severity: Severity, value: str | None, rule: Message, remedy: Message) -> Finding:
    return Finding(place=place, severity=severity, value=value, rule=rule, remedy=remedy)
