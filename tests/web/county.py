"""The invented county that the tests of the pages and of the browser look at."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

import prep.demo
from prep.alerting.answers import answer
from prep.alerting.records import all_chains, load_network, store_result
from prep.alerting.scenarios import PRESETS
from prep.db import make_engine, write_session
from prep.demo.people import populate
from prep.exchange.chain_files import import_chains
from prep.models import KeyHolder, Site, SiteUseRow
from prep.readiness.findings import JUDGED_BY
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.terms import KeyPower, SiteStatus, SiteUse

TODAY = date(2026, 11, 22)
# Municipality, name, place, use, status, net area, toilets, fire inspection's maximum, days since confirmed.
_PREMISES = (
    ("272", "Kokkolan jäähalli", (63.8387, 23.1375), SiteUse.TEMPORARY_ACCOMMODATION, SiteStatus.AVAILABLE, 2400.0, 40, 620, 21),
    ("272", "Kokkolan kansalaisopisto", (63.8395, 23.1300), SiteUse.CATERING, SiteStatus.CONDITIONAL, 600.0, 8, None, 200),
    ("584", "Perhon liikuntahalli", (63.2166, 24.4200), SiteUse.TEMPORARY_ACCOMMODATION, SiteStatus.AVAILABLE, 1040.0, 9, 220, 40),
    ("217", "Kannuksen lukio", (63.9014, 23.9163), SiteUse.TEMPORARY_ACCOMMODATION, SiteStatus.AVAILABLE, 1500.0, 14, 240, 34),
    ("421", "Lestin koulu", (63.5238, 24.6680), SiteUse.ASSEMBLY_POINT, SiteStatus.OUT, 400.0, 4, None, 402),
    ("236", "Kaustisen Pelimannitalo", (63.5480, 23.6990), SiteUse.EVACUATION_CENTRE, SiteStatus.AVAILABLE, 900.0, 16, 310, 8),
    ("849", "Toholammin urheilutalo", None, SiteUse.TEMPORARY_ACCOMMODATION, SiteStatus.UNKNOWN, None, None, None, 214),
)  # fmt: skip


def build_county(folder: Path, template: Path) -> Path:
    """Build the county in a folder from an empty migrated database; gives the folder back."""
    path = folder / "prep.db"
    path.write_bytes(template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with write_session(engine, actor="test") as session:
        populate(session, install(session, load_pack("keski-pohjanmaa"), is_demo=True), on=TODAY)
        import_chains(session, Path(prep.demo.__file__).parent / "chains.toml", on=TODAY)
        add_premises(session)
        simulate_chains(session)
    # All of it in the one file: the tests copy it.
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder


def add_premises(session: Session) -> None:
    for code, name, place, use, status, area, toilets, fire, days in _PREMISES:
        session.add(
            Site(
                municipality_code=code,
                name=name,
                owner="Kunta",
                address="Esimerkkitie 1",
                lat=place[0] if place else None,
                lon=place[1] if place else None,
                status=status,
                net_area_m2=area,
                toilets=toilets,
                fire_max_persons=fire,
                backup_power_h=24.0 if fire else None,
                hours_to_open=3.0,
                is_accessible=True,
                accessible_toilets=2,
                confirmed_on=TODAY - timedelta(days=days),
                uses=[SiteUseRow(use=use)],
                key_holders=[
                    KeyHolder(position=1, power=KeyPower.OPEN, name="Tyyne Avain", phone="+358000000999")
                ],
            )
        )


def simulate_chains(session: Session) -> None:
    session.flush()
    session.expire_all()
    for chain in all_chains(session):
        given = answer(load_network([chain], on=TODAY), PRESETS[JUDGED_BY], runs=1000, seed=1, with_fix=False)
        store_result(session, chain, given.result, extra=given.extra())
