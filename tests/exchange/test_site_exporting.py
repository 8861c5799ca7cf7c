"""Premises taken along and brought back: nothing has changed, in any language and form of file."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import make_engine, write_session
from prep.demo import build
from prep.exchange.importing import apply_import, plan_import
from prep.exchange.site_files import SiteFileKind, making, site_file
from prep.exchange.tables import read_table
from prep.exchange.vocabulary import ListKind
from prep.models import KeyHolder, Person, Site, SiteEvidence, SiteUnit, SiteUnitUse
from prep.terms import Classification, KeyPower, Language, SiteFeature, SiteUse
from tests.web.county import TODAY


@pytest.fixture
def session(tmp_path, sqlite_template) -> Iterator[Session]:
    """The invented county with its premises."""
    path = tmp_path / "prep.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        build.make_county(session, on=TODAY)
    with write_session(engine, actor="test") as session:
        build.import_premises(session, tmp_path, on=TODAY)
    with write_session(engine, actor="test") as session:
        yield session
    engine.dispose()


# What can be filled in and brought back; a GeoPackage and paper cannot.
BROUGHT_BACK = (SiteFileKind.XLSX, SiteFileKind.CSV, SiteFileKind.GEOJSON, SiteFileKind.KML)


def brought_back(session: Session, kind: SiteFileKind, language: Language):
    sites = session.scalars(select(Site).order_by(Site.id)).all()
    made = making(session, language=language, classification=Classification.INTERNAL)
    table = read_table(site_file(sites, kind, made), name=f"tilat.{kind}", kind=ListKind.PREMISES)
    return plan_import(session, table, on=TODAY), len(sites)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", BROUGHT_BACK)
def test_an_export_of_the_county_imports_back_without_a_difference(session, kind, language):
    plan, count = brought_back(session, kind, language)
    assert [(one.row.name, one.changes) for one in plan.changed] == []
    assert [row.name for row in plan.new] == []
    assert (len(plan.unchanged), plan.refused, plan.gone) == (count, (), ())
    # No value was left unread: what is said is said about what the county plants itself.
    assert [str(one) for one in plan.findings if "not known what this says" in str(one)] == []
    # Every column is known for what it is, none guessed.
    assert {match.confidence for match in plan.mapping.matches} == {100}


def test_hostile_and_odd_values_come_back_as_they_were(session):
    site = session.scalars(select(Site)).first()
    site.name, site.address, site.note = "=1+1", "@Katu 1; 2", "rivi\ntoinen"
    site.net_area_m2, site.backup_power_h, site.floor_level, site.toilets = 1040.5, 0.5, -1, 0
    site.is_accessible, site.has_kitchen, site.allows_pets = True, False, None
    person = session.scalars(select(Person).where(Person.contact_points.any())).first()
    site.key_holders.clear()
    session.flush()
    site.key_holders += [
        KeyHolder(position=0, power=KeyPower.OPEN, person=person),
        KeyHolder(position=1, power=KeyPower.ALTERNATE, name="Vieno", phone="+358000000999"),
    ]
    for row in site.uses:
        row.stated_capacity = 0 if row.use is SiteUse.TEMPORARY_ACCOMMODATION else None
    session.flush()
    for kind in BROUGHT_BACK:
        plan, _ = brought_back(session, kind, Language.FI)
        assert [(one.row.name, one.changes) for one in plan.changed] == []


def test_key_holders_of_whom_a_list_has_no_column_stay_as_they_are(session):
    site = session.scalars(select(Site)).first()
    site.key_holders.clear()
    session.flush()
    site.key_holders += [
        KeyHolder(position=n, power=power, name=f"Nimi {n}", phone="")
        for n, power in enumerate((KeyPower.AUTHORISE, KeyPower.OPEN, KeyPower.ALTERNATE))
    ]
    session.flush()
    plan, _ = brought_back(session, SiteFileKind.XLSX, Language.FI)
    assert plan.changed == ()


def test_units_evidence_and_everything_else_come_back_as_they_were(session):
    site = session.scalars(select(Site)).first()
    site.condition, site.fire_confirmed_by, site.surveyed_by = "koulupäivinä 16–8", "palotarkastaja", "talo"
    site.agreement_on = site.surveyed_on = TODAY
    site.water_l_per_day, site.serving_hours, site.smoke_detectors = 12_500, 4.5, 0
    site.parking_spaces, site.staff_persons = 40, 3
    site.has_well, site.has_pet_area, site.has_quiet_room, site.has_bus_access = True, False, None, True
    for feature, (known_on, source) in {
        SiteFeature.WELL: (TODAY, "vesinäyte, laboratorio"),
        SiteFeature.EXITS: (TODAY, ""),
        SiteFeature.PARKING: (None, "piirustus"),
    }.items():
        site.evidence.append(SiteEvidence(feature=feature, known_on=known_on, source=source))
    hall = SiteUnit(position=0, name="Sali A", net_area_m2=400.25, toilets=0, floor_level=1, note="ovi ylös")
    hall.uses.append(SiteUnitUse(use=SiteUse.TEMPORARY_ACCOMMODATION, stated_capacity=90))
    site.units += [hall, SiteUnit(position=1, name="Sali B", is_accessible=False, fire_max_persons=30)]
    session.flush()
    for kind in BROUGHT_BACK:
        for language in Language:
            plan, _ = brought_back(session, kind, language)
            assert [(one.row.name, one.changes) for one in plan.changed] == []
            assert plan.refused == ()


def test_what_is_written_of_units_and_evidence_is_imported(session):
    site = session.scalars(select(Site).where(~Site.units.any())).first()
    list_of_units = (
        "Kunta;Nimi;Yksikkö;Majoitus;Hyötyala;Wct;Osoite;Näyttö: kaivo\r\n"
        f"{site.municipality.name_fi};{site.name};;;;;;1.2.2026 vesinäyte\r\n"
        f"{site.municipality.name_fi};{site.name};Sali A;x;400;6;Väärä katu 1;\r\n"
        f"{site.municipality.name_fi};{site.name};Sali B;90;noin 300;4;;\r\n"
        f"{site.municipality.name_fi};{site.name};sali a;;1;;;\r\n"
        f"{site.municipality.name_fi};Tuntematon tila;Sali;x;;;;\r\n"
    )
    table = read_table(list_of_units.encode(), name="yksikot.csv", kind=ListKind.PREMISES)
    plan = plan_import(session, table, on=TODAY)
    assert plan.refused == (5, 6)
    told = {(one.place.row, one.field, one.severity.value) for one in plan.findings}
    assert {
        (3, "unit", "note"),
        (4, "net_area_m2", "warning"),
        (5, "unit", "refused"),
        (6, "unit", "refused"),
    } <= told
    apply_import(session, plan, on=TODAY)
    session.expire_all()
    assert [(unit.name, unit.net_area_m2, unit.toilets) for unit in site.units] == [
        ("Sali A", 400, 6),
        ("Sali B", None, 4),
    ]
    assert [row.stated_capacity for unit in site.units for row in unit.uses] == [None, 90]
    evidence = [(row.feature, row.known_on, row.source) for row in site.evidence]
    assert (SiteFeature.WELL, date(2026, 2, 1), "vesinäyte") in evidence
    assert site.address != "Väärä katu 1"
