"""Premises as maps and on paper: each file checked by what it is for, and by another program where there is one."""

import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyogrio
import pypdf
import pytest
from defusedxml import ElementTree
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.exchange.site_features import PROPERTIES
from prep.exchange.site_files import SiteFileKind, making, site_file
from prep.models import KeyHolder, Municipality, Site, SiteUseRow
from prep.terms import Classification, KeyPower, Language, SiteStatus, SiteUse

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture
def session(county) -> Iterator[Session]:
    """Two premises of Perho: one with much that is known, one with nothing but its name."""
    with Session(county) as session:
        session.add(
            Site(
                municipality=session.get_one(Municipality, "584"),
                name="Koulu <1> & Kanttorila",
                address="Koulutie 1",
                lat=63.21474,
                lon=24.41904,
                status=SiteStatus.AVAILABLE,
                net_area_m2=1040.5,
                toilets=9,
                is_accessible=True,
                has_kitchen=False,
                backup_power_h=72.0,
                note="rivi\ntoinen\x0b",
                uses=[
                    SiteUseRow(use=SiteUse.TEMPORARY_ACCOMMODATION, stated_capacity=150),
                    SiteUseRow(use=SiteUse.CATERING, stated_capacity=None),
                ],
                key_holders=[
                    KeyHolder(position=0, power=KeyPower.OPEN, name="Aino Esimerkki", phone="+358000001234")
                ],
            )
        )
        session.add(Site(municipality=session.get_one(Municipality, "584"), name="Sali"))
        session.flush()
        yield session


def made(session: Session, kind: SiteFileKind, *, language: Language = Language.FI, **more) -> bytes:
    sites = session.scalars(select(Site).order_by(Site.id)).all()
    asked = {"language": language, "classification": Classification.INTERNAL} | more
    return site_file(sites, kind, making(session, **asked))


def test_geojson_is_that_of_the_standard(session: Session) -> None:
    found = json.loads(made(session, SiteFileKind.GEOJSON))
    # RFC 7946: no other member is needed, and none names a coordinate system (section 4).
    assert set(found) == {"type", "features"}
    first, second = found["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [24.41904, 63.21474]}
    assert second["geometry"] is None
    told = first["properties"]
    assert (told["uses"], told["use.temporary_accommodation"]) == (
        ["temporary_accommodation", "catering"],
        150,
    )
    assert (told["net_area_m2"], told["is_accessible"], told["has_kitchen"], told["beds"]) == (
        1040.5,
        True,
        False,
        None,
    )
    assert (told["status"], told["key_holder_phone"]) == ("available", "+358000001234")
    assert tuple(told) == PROPERTIES


def test_kml_holds_a_point_and_everything_on_record(session: Session) -> None:
    root = ElementTree.fromstring(made(session, SiteFileKind.KML, language=Language.SV))
    first, second = root.iter(f"{KML}Placemark")
    assert first.findtext(f"{KML}name") == "Koulu <1> & Kanttorila"
    assert first.findtext(f"{KML}Point/{KML}coordinates") == "24.41904,63.21474"
    assert second.find(f"{KML}Point") is None
    told = {one.get("name"): one for one in first.iter(f"{KML}Data")}
    assert told["toilets"].findtext(f"{KML}value") == "9"
    assert told["toilets"].findtext(f"{KML}displayName") == "Toaletter"
    # What XML cannot hold is left out, and the rest stays.
    assert told["note"].findtext(f"{KML}value") == "rivi\ntoinen"


def test_a_geopackage_keeps_to_the_standard(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "tilat.gpkg"
    path.write_bytes(made(session, SiteFileKind.GPKG))
    # OGC 12-128r19, requirements 1 and 2: the first bytes, and at 60 and 68 the version and the application.
    head = path.read_bytes()[:100]
    assert head[:16] == b"SQLite format 3\0"
    assert (head[60:64], head[68:72]) == ((10400).to_bytes(4, "big"), b"GPKG")
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {"gpkg_spatial_ref_sys", "gpkg_contents", "gpkg_geometry_columns", "premises"} <= tables
    # Triggers come with the extensions for tiles and for an index, neither of which is in it.
    assert database.execute("SELECT count(*) FROM gpkg_extensions").fetchone() == (0,)
    systems = {row[0] for row in database.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert {-1, 0, 4326} <= systems
    assert database.execute(
        "SELECT table_name, data_type, min_x, max_y, srs_id FROM gpkg_contents"
    ).fetchall() == [("premises", "features", 24.41904, 63.21474, 4326)]
    assert database.execute("SELECT * FROM gpkg_geometry_columns").fetchall() == [
        ("premises", "geom", "POINT", 4326, 0, 0)
    ]
    kinds = {row[1]: row[2] for row in database.execute("PRAGMA table_info(premises)")}
    assert (kinds["fid"], kinds["geom"], kinds["toilets"], kinds["has_kitchen"], kinds["confirmed_on"]) == (
        *("INTEGER", "POINT", "INTEGER", "BOOLEAN", "DATE"),
    )
    database.close()


def test_another_program_opens_the_geopackage(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "tilat.gpkg"
    path.write_bytes(made(session, SiteFileKind.GPKG))
    meta, _, geometry, columns = pyogrio.raw.read(path)
    told = dict(zip(meta["fields"], columns, strict=True))
    assert (meta["crs"], meta["geometry_type"], len(geometry)) == ("EPSG:4326", "Point", 2)
    assert (told["name"][0], told["use_temporary_accommodation"][0]) == ("Koulu <1> & Kanttorila", 150)
    assert geometry[1] is None


def test_the_list_on_paper_says_what_is_known_and_what_is_not(session: Session) -> None:
    for language, words in (
        (
            Language.FI,
            ("Evakuointipaikat", "Käyttö ja paikat", "tilapäinen majoitus", "ei tiedossa", "Salassa"),
        ),
        (
            Language.SV,
            (
                "Evakueringslokaler",
                "Användning och platser",
                "tillfällig inkvartering",
                "inte känt",
                "Sekretess",
            ),
        ),
        (
            Language.EN,
            ("Evacuation premises", "Uses and places", "temporary accommodation", "not known", "Secret"),
        ),
    ):
        session.scalars(select(Site)).first().classification = Classification.SECRET
        pdf = pypdf.PdfReader(io.BytesIO(made(session, SiteFileKind.PDF, language=language)))
        text = "\n".join(page.extract_text() for page in pdf.pages)
        for word in (*words, "Koulu <1> & Kanttorila", "Aino Esimerkki", "+358000001234", "1/1"):
            assert word in text, (language, word)
        width, height = pdf.pages[0].mediabox[2:]
        assert (round(width), round(height)) == (842, 595)
        assert pdf.trailer["/Root"]["/Lang"] == language.value


def test_numbers_are_masked_in_every_kind_of_file(session: Session) -> None:
    for kind in SiteFileKind:
        content = made(session, kind, phones=lambda _holder: ["+358 ** *** **34"])
        assert b"1234" not in content.replace(b"\0", b"")
        if kind is SiteFileKind.PDF:
            text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
            assert "1234" not in text
            assert "34" in text


def test_the_same_list_gives_the_same_paper(session: Session) -> None:
    assert made(session, SiteFileKind.PDF) == made(session, SiteFileKind.PDF)


def test_a_list_without_a_single_place_is_a_geopackage_too(session: Session, tmp_path: Path) -> None:
    site = session.scalars(select(Site)).first()
    site.lat = site.lon = None
    path = tmp_path / "tilat.gpkg"
    path.write_bytes(made(session, SiteFileKind.GPKG))
    assert pyogrio.read_info(path)["features"] == 2
