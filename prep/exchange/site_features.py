"""Premises out for maps: GeoJSON, KML and GeoPackage, one point with everything on record for each.
Their units follow them, without a point of their own.

Properties bear the keys of the fields and hold plain values, so that programs can use them and the import reads them
back without a difference. A GeoPackage is written with SQLite, which comes with Python, by the standard itself: a table
of points needs five tables and a header of eight bytes, and no library of some ten megabytes.
"""

import json
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree

from prep.exchange.site_exporting import KEYS, Phones, all_values, phones_of
from prep.exchange.vocabulary import ListKind, heading_of
from prep.language import in_language, say
from prep.models import Site
from prep.terms import Language

# Where the place stands is told by the geometry.
PROPERTIES = tuple(key for key in KEYS if key not in {"lat", "lon"})
_KML = "http://www.opengis.net/kml/2.2"
_XML_SIGNS = ("\t", "\n")
# OGC 12-128r19 (GeoPackage 1.4.0): requirement 2.
_GPKG_APPLICATION, _GPKG_VERSION = 0x47504B47, 10400
_WGS84, _TABLE = 4326, "premises"
_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)
# Requirements 10, 13 and 21: the tables as the standard writes them (annex C).
_GPKG_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""


def geojson_file(sites: Iterable[Site], *, language: Language, phones: Phones = phones_of) -> bytes:
    """Premises as a collection of features (RFC 7946); those without a known place have no geometry."""
    features = [
        {
            "type": "Feature",
            "geometry": _point(site),
            "properties": {key: _json(values[key]) for key in PROPERTIES},
        }
        for site, values in all_values(sites, language=language, phones=phones)
    ]
    made = {"type": "FeatureCollection", "features": features}
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def kml_file(sites: Iterable[Site], *, language: Language, phones: Phones = phones_of) -> bytes:
    """Premises as places of KML 2.2; what is on record stands below the name, under headings in the language."""
    ElementTree.register_namespace("", _KML)
    root = ElementTree.Element(f"{{{_KML}}}kml")
    document = _element(root, "Document")
    _element(document, "name", in_language(say("Evacuation premises"), language))
    for site, values in all_values(sites, language=language, phones=phones):
        place = _element(document, "Placemark")
        _element(place, "name", str(values["name"]))
        about = _element(place, "ExtendedData")
        for key in PROPERTIES[1:]:
            if values[key] is not None:
                one = _element(about, "Data")
                one.set("name", key)
                _element(one, "displayName", heading_of(key, ListKind.PREMISES, language))
                _element(one, "value", _text(values[key]))
        if site is not None and site.lat is not None and site.lon is not None:
            _element(_element(place, "Point"), "coordinates", f"{site.lon!r},{site.lat!r}")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def geopackage_file(
    sites: Sequence[Site], *, language: Language, at: datetime, phones: Phones = phones_of
) -> bytes:
    """Premises as a GeoPackage 1.4 with one table of points; ``at`` is when they were written."""
    # It is made in memory: nothing of a list with telephone numbers is left on the disk of the server.
    database = sqlite3.connect(":memory:")
    try:
        database.execute(f"PRAGMA application_id = {_GPKG_APPLICATION}")
        database.execute(f"PRAGMA user_version = {_GPKG_VERSION}")
        database.executescript(_GPKG_TABLES)
        _describe(database, sites, language, at)
        columns = {key: _column(key) for key in PROPERTIES}
        made = ", ".join(f'"{name}" {kind}' for name, kind in columns.values())
        database.execute(
            f"CREATE TABLE {_TABLE} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, {made})"
        )
        marks = ", ".join("?" * (len(columns) + 1))
        names = ", ".join(f'"{name}"' for name, _ in columns.values())
        rows = []
        for site, values in all_values(sites, language=language, phones=phones):
            rows.append([_gpkg_point(site), *(_sql(values[key]) for key in columns)])
        # The names of the columns are those of our own fields.
        database.executemany(f"INSERT INTO {_TABLE} (geom, {names}) VALUES ({marks})", rows)  # noqa: S608
        database.commit()
        return database.serialize()
    finally:
        database.close()


def _describe(database: sqlite3.Connection, sites: Sequence[Site], language: Language, at: datetime) -> None:
    # Requirement 11: these three are always there.
    systems = [
        ("Undefined Cartesian", -1, "NONE", -1, "undefined", None),
        ("Undefined geographic", 0, "NONE", 0, "undefined", None),
        ("WGS 84", _WGS84, "EPSG", _WGS84, _WGS84_WKT, None),
    ]
    database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
    placed = [(site.lon, site.lat) for site in sites if site.lon is not None and site.lat is not None]
    lons, lats = [lon for lon, _ in placed], [lat for _, lat in placed]
    bounds = (min(lons), min(lats), max(lons), max(lats)) if placed else (None,) * 4
    title = in_language(say("Evacuation premises"), language)
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)",
        (_TABLE, title, f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z", *bounds, _WGS84),
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)", (_TABLE, _WGS84)
    )


def _gpkg_point(site: Site | None) -> bytes | None:
    """A point as the standard's requirement 19 has it: a header without an envelope, then well-known binary."""
    if site is None or site.lat is None or site.lon is None:
        return None
    return struct.pack("<2sBBi", b"GP", 0, 1, _WGS84) + struct.pack("<BIdd", 1, 1, site.lon, site.lat)


def _column(key: str) -> tuple[str, str]:
    """Name and type of a column: a dot in a name would have to be quoted in every question."""
    name = key.replace(".", "_")
    python = Site.__table__.columns[key].type.python_type if key in Site.__table__.columns else None
    if key.startswith("use."):
        return name, "INTEGER"
    if isinstance(python, type) and not issubclass(python, StrEnum):
        return name, {bool: "BOOLEAN", int: "INTEGER", float: "REAL", date: "DATE"}.get(python, "TEXT")
    return name, "TEXT"


def _point(site: Site | None) -> dict[str, Any] | None:
    if site is None or site.lat is None or site.lon is None:
        return None
    return {"type": "Point", "coordinates": [site.lon, site.lat]}


def _json(value: Any) -> Any:
    match value:
        case list():
            return [str(one) for one in value]
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value


def _sql(value: Any) -> Any:
    match value:
        case list():
            return ", ".join(str(one) for one in value)
        case bool():
            return int(value)
        case _:
            return _json(value)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(str(one) for one in value)
        case _:
            return str(_json(value))


def _element(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{_KML}}}{name}")
    if text is not None:
        # What XML cannot hold cannot be seen either.
        made.text = "".join(sign for sign in text if sign in _XML_SIGNS or sign >= " ")
    return made
