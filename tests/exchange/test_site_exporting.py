"""Premises taken along and brought back: nothing has changed, in any language and form of file."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import make_engine, write_session
from prep.demo import build
from prep.exchange.exporting import FileKind, table_file
from prep.exchange.importing import plan_import
from prep.exchange.site_exporting import site_sheet
from prep.exchange.tables import read_table
from prep.exchange.vocabulary import ListKind
from prep.models import KeyHolder, Person, Site
from prep.terms import KeyPower, Language, SiteUse
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


def brought_back(session: Session, kind: FileKind, language: Language):
    sites = session.scalars(select(Site).order_by(Site.id)).all()
    content = table_file(site_sheet(sites, language=language), kind, language=language)
    table = read_table(content, name=f"tilat.{kind}", kind=ListKind.PREMISES)
    return plan_import(session, table, on=TODAY), len(sites)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", FileKind)
def test_an_export_of_the_county_imports_back_without_a_difference(session, kind, language):
    plan, count = brought_back(session, kind, language)
    assert [(one.row.name, one.changes) for one in plan.changed] == []
    assert [row.name for row in plan.new] == []
    assert (len(plan.unchanged), plan.refused, plan.gone) == (count, (), ())
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
    for kind in FileKind:
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
    plan, _ = brought_back(session, FileKind.XLSX, Language.FI)
    assert plan.changed == ()
