"""Premises that were on record before they were kept in full stay as they were."""

from sqlalchemy import Engine, select, text

from prep import migrations
from prep.db import read_session
from prep.models import Base, Site


def test_what_is_kept_in_full_comes_to_a_filled_database_and_nothing_goes(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    migrations.upgrade(engine, "0008")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO county (id, key, name_fi, name_sv, name_en, pack) VALUES (1, 'kp', 'K', 'K', 'K', '{}')",
            "INSERT INTO municipality (code, county_id, name_fi, name_sv) VALUES ('584', 1, 'Perho', 'Perho')",
            "INSERT INTO site (id, municipality_code, name, name_sv, address, owner, status, net_area_m2, toilets, "
            "classification, note, imported_from, version) VALUES (1, '584', 'Koulu', '', 'Tie 1', '', "
            "'conditional', 1040.5, 9, 'internal', '', '', 4)",
            "INSERT INTO site_use (id, site_id, use, stated_capacity) VALUES (1, 1, 'catering', 90)",
        ):
            connection.execute(text(statement))
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []
    with read_session(engine) as session:
        site = session.scalars(select(Site)).one()
        assert (site.name, site.net_area_m2, site.toilets, site.version) == ("Koulu", 1040.5, 9, 4)
        assert [row.stated_capacity for row in site.uses] == [90]
        # What nobody has said is not known: neither none nor zero.
        assert (site.water_l_per_day, site.has_well, site.agreement_on) == (None, None, None)
        assert (site.condition, site.surveyed_by, site.units, site.evidence) == ("", "", [], [])
