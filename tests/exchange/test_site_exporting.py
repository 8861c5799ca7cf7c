"""Premises taken along and brought back: nothing has changed, in any language and form of file."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import make_engine, write_session
from prep.demo import build
from prep.exchange.importing import plan_import
from prep.exchange.site_files import SiteFileKind, making, site_file
from prep.exchange.tables import read_table
from prep.exchange.vocabulary import ListKind
from prep.models import KeyHolder, Person, Site
from prep.terms import Classification, KeyPower, Language, SiteUse
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
