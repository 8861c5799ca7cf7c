"""Lists as other systems publish them: GeoJSON, JSON and KML, and what of them is refused."""

import contextlib
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from prep.errors import Refused
from prep.exchange import feature_child
from prep.exchange.findings import Severity
from prep.exchange.tables import Table, read_file, read_table
from prep.exchange.vocabulary import ListKind

SQUARE = [[[23.0, 63.0], [23.2, 63.0], [23.2, 63.2], [23.0, 63.2], [23.0, 63.0]]]
# A horseshoe: its centre of gravity lies outside it, in the opening to the north.
HORSESHOE = [
    [
        [23.0, 63.0],
        [23.9, 63.0],
        [23.9, 63.9],
        [23.6, 63.9],
        [23.6, 63.1],
        [23.3, 63.1],
        [23.3, 63.9],
        [23.0, 63.9],
        [23.0, 63.0],
    ]
]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point(lon: Any, lat: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def geojson(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def table(content: bytes, name: str = "tilat.geojson", **asked: Any) -> Table:
    return read_table(content, name=name, **asked)


def row(found: Table, number: int = 1) -> dict[str, Any]:
    return dict(zip(found.headings, found.rows[number - 1].cells, strict=True))


def told(found: Table) -> list[str]:
    return [str(one) for one in found.findings]


def test_features_become_rows_and_their_keys_headings() -> None:
    found = table(geojson(feature(point(23.1, 63.8), nimi="Koulu", kunta="Perho"), feature(None, wc=9)))
    assert found.headings == ("geometry.latitude", "geometry.longitude", "nimi", "kunta", "wc")
    assert [one.cells for one in found.rows] == [
        (63.8, 23.1, "Koulu", "Perho", None),
        (None, None, None, None, 9.0),
    ]
    assert str(found.place(row=2, column=4).message()) == "tilat.geojson, feature 2, key “wc”"
    assert str(found.place(row=found.heading_row, column=4).message()) == "tilat.geojson, key “wc”"


def test_an_area_is_taken_for_a_point_inside_it_and_that_is_told() -> None:
    found = table(geojson(feature({"type": "Polygon", "coordinates": HORSESHOE}, nimi="Kenttä")))
    at = row(found)
    lat, lon = at["geometry.latitude"], at["geometry.longitude"]
    assert 63.0 < lat < 63.9
    assert 23.0 < lon < 23.3 or 23.6 < lon < 23.9 or lat < 63.1
    (finding,) = found.findings
    assert finding.severity is Severity.NOTE
    assert str(finding).startswith(
        "tilat.geojson, feature 1, key “geometry.latitude”: “Polygon” It is not a point"
    )


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [[23, 63]]},
        {"type": "Polygon", "coordinates": "x"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Blob"},
        {"type": "MultiPolygon", "coordinates": [[[[1, 2], [3]]]]},
        "POINT(23 63)",
    ],
)
def test_a_geometry_that_cannot_be_read_is_told_and_the_row_lands(geometry: Any) -> None:
    found = table(geojson(feature(geometry, nimi="Koulu")))
    assert (row(found)["nimi"], row(found)["geometry.latitude"]) == ("Koulu", None)
    assert ["The geometry cannot be read" in one for one in told(found)] == [True]


def test_objects_in_objects_get_columns_of_their_own() -> None:
    content = {
        "nimi": "Koulu",
        "osoite": {"katu": "Koulutie 1", "posti": {"numero": "69950"}},
        "puhelimet": [{"nro": "040 100 1000"}, {"nro": "040 100 1001"}],
        "luokat": ["a", "b", 3],
    }
    found = table(json.dumps([content]).encode(), "lista.json")
    assert row(found) == {
        "nimi": "Koulu",
        "osoite.katu": "Koulutie 1",
        "osoite.posti.numero": "69950",
        "puhelimet.1.nro": "040 100 1000",
        "puhelimet.2.nro": "040 100 1001",
        "luokat": "a, b, 3",
    }
    assert str(found.place(row=1, column=2).message()) == "lista.json, object 1, key “osoite.posti.numero”"


def test_what_is_left_of_a_long_list_in_an_object_is_told() -> None:
    found = table(json.dumps([{"nimi": "Koulu", "nrot": [{"n": i} for i in range(9)]}]).encode(), "x.json")
    assert [key for key in found.headings if key.startswith("nrot")] == [f"nrot.{n}.n" for n in (1, 2, 3, 4)]
    assert told(found)[0].startswith("x.json, object 1, key “nrot”: “9” Under this key is a list of more")


@pytest.mark.parametrize("nothing", [" ", "", "N/A", "null", "-", None])
def test_what_published_lists_write_for_nothing_is_nothing(nothing: Any) -> None:
    found = table(json.dumps([{"nimi": "A", "wc": nothing}, {"nimi": "B", "wc": nothing}]).encode(), "x.json")
    assert [one.cells[1] for one in found.rows] == [None, None]
    said = [one for one in told(found) if "stands for nothing" in one]
    assert said == (
        []
        if not (nothing or "").strip()
        else [
            f"x.json, object 1, key “wc”: “{nothing}” It stands for nothing, here and in all 2 places of this key: "
            "it was left empty. Nothing needs to be done; write ei tiedossa where something is known to be unknown."
        ]
    )


def test_a_list_stands_under_any_key_and_others_are_named() -> None:
    content = {"count": 1, "next": None, "meta": [{"a": 1}], "results": [{"nimi": "Koulu", "kunta": "Perho"}]}
    found = table(json.dumps(content).encode(), "api.json")
    assert (found.sheet, row(found)) == ("results", {"nimi": "Koulu", "kunta": "Perho"})
    assert told(found)[0].startswith("api.json, list “meta”: Only one list is read at a time")
    assert table(json.dumps(content).encode(), "api.json", sheet="meta").headings == ("a",)
    with pytest.raises(Refused, match=r"The file has no list of this name\. Its lists: meta, results"):
        table(json.dumps(content).encode(), "api.json", sheet="Tilat")


def test_keys_that_stand_twice_and_rows_that_are_no_objects_are_told() -> None:
    found = table(b'[{"nimi": "A", "nimi": "B", "kunta": "Perho"}, 5]', "x.json")
    assert row(found)["nimi"] == "B"
    assert told(found) == [
        "x.json, object 1, key “nimi”: The key stands twice: its last value was taken. Leave one of them away.",
        "x.json, object 2: “5” It is not an object with keys and values. Mend the list or leave this away.",
    ]


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::3879", "EPSG:3879", "http://www.opengis.net/def/crs/EPSG/0/3879"]
)
def test_a_system_that_the_file_names_is_turned_into_degrees(name: str) -> None:
    # 60,1699 N 24,9384 E, the centre of Helsinki, in ETRS-GK25 by the coordinate service of the Land Survey.
    crs = {"type": "name", "properties": {"name": name}}
    found = table(geojson(feature(point(25496581.0, 6672703.0), nimi="A"), crs=crs))
    assert row(found)["geometry.latitude"] == pytest.approx(60.1699, abs=0.01)
    assert row(found)["geometry.longitude"] == pytest.approx(24.9384, abs=0.01)
    assert "they were turned into degrees" in told(found)[0]


def test_a_system_that_is_not_converted_is_told() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2393"}}
    found = table(geojson(feature(point(3310000.0, 7080000.0), nimi="A"), crs=crs))
    assert "names a system of coordinates that is not converted" in told(found)[0]
    assert row(found)["geometry.longitude"] == 3310000.0


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Tilat</name>
<Style id="a"/><Folder><name>Koulut</name><Placemark><name>Kirkonkylän koulu</name><address>Koulutie 1</address>
<ExtendedData><Data name="kunta"><value>Perho</value></Data><SchemaData><SimpleData name="wc">9</SimpleData></SchemaData>
</ExtendedData><Point><coordinates>24.41904,63.21474,80</coordinates></Point></Placemark></Folder>
<Placemark><name>Kenttä</name><Polygon><outerBoundaryIs><LinearRing><coordinates>24,63 24.2,63 24.2,63.2 24,63.2 24,63
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark><NetworkLink/></Document></kml>"""


def test_placemarks_become_rows() -> None:
    found = table(KML.encode(), "tilat.kml")
    assert row(found) == {
        "geometry.latitude": 63.21474,
        "geometry.longitude": 24.41904,
        "name": "Kirkonkylän koulu",
        "address": "Koulutie 1",
        "kunta": "Perho",
        "wc": "9",
        "folder": "Koulut",
    }
    assert [row(found, 2)[key] for key in ("name", "folder")] == ["Kenttä", None]
    assert row(found, 2)["geometry.latitude"] == pytest.approx(63.1, abs=0.11)
    assert [one.split(":")[0] for one in told(found)] == [
        "tilat.kml, placemark 2, key “geometry.latitude”",
        "tilat.kml",
    ]


BOMB = '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "aaaaaaaaaa">]><kml><name>&a;</name></kml>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[{"nimi": "A"', r"x, line 1, sign 14: The file is damaged"),
        (b'{"a": ' + b"[" * 100_000, r"x: The file is nested deeper than a list ever is"),
        (b'[{"a": ' + b'{"a": ' * 20 + b"1" + b"}" * 21 + b"]", r"nested deeper"),
        (b'{"a": 1}', r"There is no list of objects in the file"),
        (b"[1, 2]", r"There is no list of objects in the file"),
        (b"[" + b",".join([b'{"a":1}'] * 20_001) + b"]", r"The list has more than 20\s000 rows"),
        (
            json.dumps([{f"k{i}": i for i in range(201)}]).encode(),
            r"The list has more than 200 different keys",
        ),
        (
            json.dumps([{"nimi": "a" * 40_000}]).encode(),
            r"x, object 1, key “nimi”: The text has 40\s000 characters",
        ),
        (KML.replace("</Document>", "").encode(), r"x, line \d+, sign \d+: The file is damaged"),
        (BOMB.encode(), r"The file holds a document type"),
        (b"<kml>" + b"<Folder>" * 500, r"nested deeper"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        table(content, "x")


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 4_000, "123456789012345678901234567890"]
)
def test_numbers_beyond_all_measure_stay_texts(number: str) -> None:
    found = table(b'[{"nimi": "A", "wc": %s}]' % number.encode(), "x.json")
    assert found.rows[0].cells[1] in (number, None)


def test_a_file_of_100_mb_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "x.geojson"
    with large.open("wb") as file:
        file.write(b'{"type": "FeatureCollection", "features": [')
        file.truncate(100 << 20)
    with pytest.raises(Refused, match=r"The file is 100(\.0)? MiB; at most 10 MiB are read"):
        read_file(large)


@pytest.mark.slow
def test_ten_megabytes_of_the_emptiest_objects_end_only_their_own_process() -> None:
    content = b"[" + b",".join([b'{"a":[' + b",".join([b"{}"] * 30_000) + b"]}"] * 115) + b"]"
    assert 9 << 20 < len(content) < 11 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with contextlib.suppress(Refused):
        table(content[: 10 << 20], "x.json")
    # In kilobytes: what the reader took itself, apart from the content.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_the_reader_limits_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-I", feature_child.__file__],
        input=b"[" * 5_000_000,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, {"error": "deep"})


def test_a_list_of_contacts_may_be_json_too() -> None:
    found = table(
        json.dumps([{"Nimi": "Aino", "Puhelin": "040 100 1000"}]).encode(), "x.json", kind=ListKind.CONTACTS
    )
    assert found.headings == ("Nimi", "Puhelin")


def test_utf_16_and_windows_1252_are_read() -> None:
    text = json.dumps([{"nimi": "Päiväkoti", "kunta": "Perho"}], ensure_ascii=False)
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        assert row(table(text.encode(encoding), "x.json"))["nimi"] == "Päiväkoti"
