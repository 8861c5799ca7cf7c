"""Reads JSON, GeoJSON or KML from stdin and writes lists of rows to stdout: a program of its own, run by ``features``.

What a crafted file can do (nest without end, ask for more memory than there is) ends this process and no other. It
imports nothing of prep, so that it starts fast.
"""

import io
import json
import math
import resource
import sys
from collections.abc import Iterable, Iterator
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
MAX_ROWS = 20_000
MAX_KEYS = 200
# As much as a cell of a spreadsheet holds.
MAX_SIGNS = 32_767
MAX_DEPTH = 8
# Of a list of objects inside an object, such as several telephone numbers, so many get columns of their own.
MAX_PARTS = 4
# Elements of KML stand in folders in folders, but not in hundreds of them.
_MAX_ELEMENTS_DEEP = 100
_MAX_REMARKS = 2_000
# What published lists write where they know nothing.
_NOTHING = frozenset({"n/a", "#n/a", "na", "null", "none", "nan", "nil", "undefined", "-", "–", "—"})
NORTH, EAST = "geometry.latitude", "geometry.longitude"
# Whole numbers beyond this are not exact as floating point numbers.
_EXACT = 2**53

# What is to be said about a row while it is read: which remark, about which key, with which value.
Said = list[tuple[str, str | None, str | None]]


class NotRead(Exception):
    """The file cannot be read, and why: the answer of this program."""

    def __init__(self, error: str, **facts: Any):
        super().__init__(error)
        self.answer = {"error": error, **facts}


class Rows:
    """The rows of one list: keys in the order in which they first come, and what is to be said about cells."""

    def __init__(self, name: str | None, *, has_places: bool):
        self.name = name
        self.keys: dict[str, int] = {}
        self.rows: list[list[Any]] = []
        self.remarks: list[dict[str, Any]] = []
        self.nothings: dict[str, dict[str, Any]] = {}
        if has_places:
            self._column(NORTH)
            self._column(EAST)

    def add(self, cells: Iterable[tuple[str, Any]], said: "Said | tuple[()]" = ()) -> None:
        """A row of keys and plain values (``None`` is nothing), and what is found while they are read."""
        if len(self.rows) >= MAX_ROWS:
            raise NotRead("rows", most=MAX_ROWS)
        row: list[Any] = [None] * len(self.keys)
        self.rows.append(row)
        for key, value in cells:
            kept = self._kept(key, value)
            column = self._column(key)
            row.extend([None] * (column + 1 - len(row)))
            if row[column] is not None and kept is not None:
                self.remark("twice", key)
            row[column] = kept if kept is not None else row[column]
        for remark in said:
            self.remark(*remark)

    def remark(self, code: str, key: str | None = None, value: str | None = None) -> None:
        """Something to be said about the row that is being read."""
        if len(self.remarks) < _MAX_REMARKS:
            self.remarks.append({"code": code, "row": len(self.rows) or 1, "key": key, "value": value})

    def answer(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "keys": list(self.keys),
            "rows": self.rows,
            "remarks": self.remarks,
            "nothings": list(self.nothings.values()),
        }

    def _column(self, key: str) -> int:
        column = self.keys.setdefault(key, len(self.keys))
        if column >= MAX_KEYS:
            raise NotRead("keys", most=MAX_KEYS, row=len(self.rows))
        return column

    def _kept(self, key: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if len(value) > MAX_SIGNS:
            raise NotRead("long", row=len(self.rows), key=key[:80], signs=len(value), most=MAX_SIGNS)
        text = value.strip()
        if text.casefold() in _NOTHING:
            seen = self.nothings.setdefault(
                key, {"key": key, "row": len(self.rows), "value": text, "count": 0}
            )
            seen["count"] += 1
            return None
        return text or None


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        answer = _of_kml(content) if content.lstrip()[:1] == b"<" else _of_json(content)
    except NotRead as error:
        answer = error.answer
    json.dump(answer, sys.stdout)


def _of_json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(
            content,
            parse_constant=str,
            parse_float=_number,
            parse_int=_whole_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise NotRead("no_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise NotRead("deep") from error
    if isinstance(found, dict) and found.get("type") in {"FeatureCollection", "Feature"}:
        return _of_geojson(found)
    whole = found if isinstance(found, dict) else {None: found}
    lists = {key: value for key, value in whole.items() if _are_objects(value)}
    if not lists:
        raise NotRead("no_list")
    return {"form": "object", "lists": [_objects(name, members) for name, members in lists.items()]}


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _objects(name: str | None, members: list[Any]) -> dict[str, Any]:
    rows = Rows(name, has_places=False)
    for member in members:
        if not isinstance(member, dict):
            rows.add([])
            rows.remark("no_object", value=_as_text(member)[:60])
            continue
        said: Said = []
        rows.add(_flat(member, "", said, len(rows.rows) + 1), said)
    return rows.answer()


def _of_geojson(found: dict[str, Any]) -> dict[str, Any]:
    members = found.get("features") if found["type"] == "FeatureCollection" else [found]
    if not isinstance(members, list):
        raise NotRead("no_list")
    rows = Rows(None, has_places=True)
    for member in members:
        if not isinstance(member, dict) or member.get("type") != "Feature":
            rows.add([])
            rows.remark("no_feature", value=str(member)[:60])
            continue
        said: Said = []
        cells = [*_place(member.get("geometry"), said)]
        properties = member.get("properties")
        if isinstance(properties, dict):
            cells += _flat(properties, "", said, len(rows.rows) + 1)
        cells += [("id", member["id"])] if isinstance(member.get("id"), str | int | float) else []
        cells += [
            cell
            for key, value in member.items()
            if key not in {"type", "geometry", "properties", "id", "bbox"}
            for cell in _flat({key: value}, "", said, len(rows.rows) + 1)
        ]
        rows.add(cells, said)
    return {"form": "feature", "lists": [rows.answer()], "crs": _crs(found)}


def _crs(found: dict[str, Any]) -> str | None:
    """The name of the coordinate system, in files from before RFC 7946."""
    crs = found.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return str(name)[:100] if name else None


def _flat(
    member: dict[str, Any],
    before: str,
    said: Said,
    row: int,
    depth: int = 1,
) -> Iterator[tuple[str, Any]]:
    """Every plain value of an object under a name of its own: ``{"a": {"b": 1}}`` is ``a.b``."""
    if depth > MAX_DEPTH:
        raise NotRead("deep", row=row, key=before[:80])
    for key, value in member.items():
        name = f"{before}{key}"
        if key == _TWICE:
            said += [("twice", f"{before}{one}", None) for one in value]
        elif isinstance(value, dict):
            yield from _flat(value, f"{name}.", said, row, depth + 1)
        elif isinstance(value, list):
            plain = [one for one in value if not isinstance(one, dict | list)]
            objects = [one for one in value if isinstance(one, dict)]
            if plain:
                yield name, ", ".join(_as_text(one) for one in plain if one is not None)
            for number, one in enumerate(objects[:MAX_PARTS], start=1):
                yield from _flat(one, f"{name}.{number}.", said, row, depth + 1)
            if len(objects) > MAX_PARTS or len(plain) + len(objects) < len(value):
                said.append(("parts", name, str(len(value))))
        else:
            yield name, value


def _as_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# Under this key an object tells which of its keys stood in it more than once.
_TWICE = "\0twice"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        made[_TWICE] = sorted({key for key in keys if keys.count(key) > 1})[:10] if len(keys) < 1000 else []
    return made


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _whole_number(text: str) -> float | str:
    # Of long numbers the digits count, and nobody counts with them.
    return float(text) if len(text) < 17 and abs(int(text)) <= _EXACT else text


def _place(geometry: Any, said: Said) -> Iterator[tuple[str, Any]]:
    """North and east of a geometry, in the coordinate system of the file."""
    if geometry is None:
        return
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "Point":
        point = geometry.get("coordinates")
        if (
            isinstance(point, list)
            and len(point) >= 2
            and all(isinstance(one, float | str) for one in point[:2])
        ):
            yield NORTH, point[1]
            yield EAST, point[0]
        elif point:
            said.append(("bad_geometry", NORTH, str(point)[:60]))
        return
    inside = _inside(geometry)
    if inside is None:
        said.append(("bad_geometry", NORTH, str(kind)[:60]))
        return
    said.append(("area", NORTH, str(kind)))
    yield NORTH, inside[1]
    yield EAST, inside[0]


def _inside(geometry: Any) -> tuple[float, float] | None:
    """A point that lies in an area or on a line for certain; None where there is none."""
    import shapely
    from shapely.geometry import shape

    try:
        point = shape(geometry).representative_point()
        found = (float(point.x), float(point.y)) if not point.is_empty else None
    except (
        AttributeError,
        IndexError,
        KeyError,
        RecursionError,
        TypeError,
        ValueError,
        shapely.errors.ShapelyError,
    ):
        return None
    return found if found and all(math.isfinite(one) for one in found) else None


def _of_kml(content: bytes) -> dict[str, Any]:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    rows = Rows(None, has_places=True)
    open_elements: list[Any] = []
    folders: list[str] = []
    links = 0
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            tag = _tag(element)
            if event == "start":
                if not open_elements and tag != "kml":
                    raise NotRead("no_kml", value=tag[:60])
                open_elements.append(element)
                if len(open_elements) > _MAX_ELEMENTS_DEEP:
                    raise NotRead("deep")
                folders += [""] if tag == "Folder" else []
                continue
            open_elements.pop()
            parent = open_elements[-1] if open_elements else None
            if tag == "name" and parent is not None and _tag(parent) == "Folder":
                folders[-1] = (element.text or "").strip()
            elif tag == "Folder":
                folders.pop()
            elif tag == "Placemark":
                said: Said = []
                folder = [("folder", folders[-1])] if folders and folders[-1] else []
                rows.add([*_placemark(element, said), *folder], said)
            links += tag == "NetworkLink"
            if parent is not None and _tag(parent) in {"kml", "Document", "Folder"}:
                # What has been read needs no memory any more.
                parent.remove(element)
    except DefusedXmlException as error:
        raise NotRead("doctype") from error
    except ParseError as error:
        line, column = error.position
        raise NotRead("no_xml", line=line, column=column + 1) from error
    if links:
        rows.remarks.append({"code": "links", "row": None, "key": None, "value": str(links)})
    return {"form": "placemark", "lists": [rows.answer()]}


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _placemark(element: Any, said: Said) -> Iterator[tuple[str, Any]]:
    parts: list[dict[str, Any]] = []
    for child in element:
        match _tag(child):
            case "Point" | "LineString" | "LinearRing" | "Polygon" | "MultiGeometry":
                parts += _kml_shapes(child)
            case "ExtendedData":
                for part in child.iter():
                    if _tag(part) == "Data":
                        values = [_said(one) for one in part if _tag(one) == "value"]
                        yield part.get("name", ""), values[0] if values else None
                    elif _tag(part) == "SimpleData":
                        yield part.get("name", ""), _said(part)
            case "name" | "description" | "address" | "phoneNumber" as tag:
                yield tag, _said(child)
    whole = parts[0] if len(parts) == 1 else {"type": "GeometryCollection", "geometries": parts}
    yield from _place(whole if parts else None, said)


def _said(element: Any) -> str | None:
    return "".join(element.itertext()) or None


def _kml_shapes(element: Any) -> Iterator[dict[str, Any]]:
    match _tag(element):
        case "Point":
            yield {"type": "Point", "coordinates": (_points(element) or [[]])[0]}
        case "LineString" | "LinearRing":
            yield {"type": "LineString", "coordinates": _points(element)}
        case "Polygon":
            rings = [_points(one) for one in element.iter() if _tag(one) == "LinearRing"]
            yield {"type": "Polygon", "coordinates": rings}
        case "MultiGeometry":
            for child in element:
                yield from _kml_shapes(child)


def _points(element: Any) -> list[list[Any]]:
    for child in element.iter():
        if _tag(child) == "coordinates":
            return [[_kml_number(one) for one in tuple_.split(",")] for tuple_ in (child.text or "").split()]
    return []


def _kml_number(text: str) -> float | str:
    try:
        return _number(text)
    except ValueError:
        return text


if __name__ == "__main__":
    main()
