from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from prep.db import read_session, write_session
from prep.evacuation.norms import LimitKind, norm_set
from prep.evacuation.records import site_states, site_view, totals
from prep.models import KeyHolder, Site, SiteUnit, SiteUnitUse, SiteUseRow
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.terms import KeyPower, SiteStatus, SiteUse, State

ON = date(2026, 11, 22)


@pytest.fixture
def county(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"), is_demo=True)
    return engine


def hall(**changes: Any) -> Site:
    """A hall in which everything is in order and 180 can sleep; ``changes`` overrule."""
    values: dict[str, Any] = {
        "municipality_code": "584",
        "name": "Perhon liikuntahalli",
        "status": SiteStatus.AVAILABLE,
        "net_area_m2": 1040,
        "toilets": 9,
        "accessible_toilets": 2,
        "is_accessible": True,
        "fire_max_persons": 220,
        "fire_confirmed_on": date(2025, 5, 1),
        "fire_confirmed_by": "palotarkastaja",
        "floor_level": 1,
        "exits": 4,
        "smoke_detectors": 18,
        "rescue_plan_on": date(2025, 5, 1),
        "backup_power_h": 72,
        "hours_to_open": 3,
        "hours_to_full": 8,
        "confirmed_on": date(2026, 10, 13),
        "uses": [SiteUseRow(use=SiteUse.TEMPORARY_ACCOMMODATION)],
        "key_holders": [
            KeyHolder(position=n, power=power, name=f"Aino {n}", phone="+358000001001")
            for n, power in enumerate(KeyPower)
        ],
    }
    return Site(**(values | changes))


def stored(county: Engine, *sites: Site) -> Iterator[Session]:
    with write_session(county, actor="test") as session:
        session.add_all(sites)
    with read_session(county) as session:
        yield session


def test_a_row_of_the_list_tells_places_their_limit_age_and_state(county: Engine) -> None:
    for session in stored(county, hall()):
        (view,) = site_states(session, on=ON)
        assert (view.municipality_fi, view.municipality_sv, view.name) == (
            "Perho",
            "Perho",
            "Perhon liikuntahalli",
        )
        assert (view.persons, view.binding and view.binding.kind) == (180, LimitKind.TOILETS)
        assert (view.age_days, view.state, view.use) == (40, State.OK, SiteUse.TEMPORARY_ACCOMMODATION)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"backup_power_h": 24}, State.FAULT),
        ({"status": SiteStatus.OUT}, State.FAULT),
        ({"status": SiteStatus.CONDITIONAL}, State.WARNING),
        ({"status": SiteStatus.IN_USE}, State.WARNING),
        ({"status": SiteStatus.UNKNOWN}, State.UNKNOWN),
        ({"toilets": None}, State.UNKNOWN),
        ({"uses": []}, State.UNKNOWN),
        ({"confirmed_on": date(2025, 10, 1)}, State.WARNING),
        ({"confirmed_on": date(2024, 10, 1)}, State.FAULT),
        # What is unknown is worse than what is ageing, and a fault is worse than both.
        ({"confirmed_on": date(2025, 10, 1), "toilets": None}, State.UNKNOWN),
        ({"confirmed_on": None, "backup_power_h": 24}, State.FAULT),
    ],
)
def test_the_state_is_the_worst_of_rules_status_and_capacity(changes: dict[str, Any], state: State) -> None:
    from prep.models import Municipality

    site = hall(**changes)
    site.municipality = Municipality(code="584", name_fi="Perho", name_sv="Perho")
    assert site_view(site, on=ON, norms=norm_set()).state is state


def test_only_known_confirmed_and_available_places_are_counted(county: Engine) -> None:
    sites = [
        hall(),
        hall(name="Ehdollinen", status=SiteStatus.CONDITIONAL),
        hall(name="Tuntematon", status=SiteStatus.UNKNOWN),
        hall(name="Ei tiedossa", toilets=None),
        hall(name="Ei vahvistettu", confirmed_on=None),
        hall(name="Suljettu", status=SiteStatus.OUT),
        hall(name="Kokoamispaikka", uses=[SiteUseRow(use=SiteUse.ASSEMBLY_POINT)]),
    ]
    for session in stored(county, *sites):
        sums = totals(site_states(session, on=ON))
        assert (sums.sites, sums.confirmed_places, sums.conditional_places, sums.unknown_sites) == (
            7,
            180,
            180,
            1,
        )


def test_the_list_goes_by_municipality_and_name_in_finnish_order(county: Engine) -> None:
    sites = [
        hall(name="Öljytie"),
        hall(name="Åsbacka"),
        hall(name="Zeppelin"),
        hall(name="Äyrämö"),
        hall(name="Halli", municipality_code="074"),
    ]
    for session in stored(county, *sites):
        assert [view.name for view in site_states(session, on=ON)] == [
            "Halli",
            "Zeppelin",
            "Åsbacka",
            "Äyrämö",
            "Öljytie",
        ]
        assert [view.name for view in site_states(session, on=ON, municipality="074")] == ["Halli"]


def test_the_list_takes_seven_queries_however_long_it_is(county: Engine) -> None:
    queries: list[str] = []
    for session in stored(county, *(hall(name=f"Halli {number}") for number in range(40))):
        event.listen(county, "before_cursor_execute", lambda *call: queries.append(call[2]))
        assert len(site_states(session, on=ON)) == 40
    assert len([query for query in queries if query.startswith("SELECT")]) == 7


def test_units_are_counted_each_and_together(county: Engine) -> None:
    def unit(position: int, **known: Any) -> SiteUnit:
        uses = [SiteUnitUse(use=SiteUse.TEMPORARY_ACCOMMODATION)]
        return SiteUnit(position=position, name=f"Sali {position}", uses=uses, **known)

    # 400 m² / 3.5 = 114, but 5 toilets × 20 = 100; 300 m² / 3.5 = 85. The fire inspection allows 220 in the building.
    halls = [unit(1, net_area_m2=400, toilets=5), unit(2, net_area_m2=300, toilets=6)]
    kitchen = SiteUnit(
        position=3, name="Keittiö", uses=[SiteUnitUse(use=SiteUse.CATERING)], meals_per_hour=500
    )
    site = hall(net_area_m2=None, toilets=None, units=[*halls, kitchen])
    for session in stored(county, site):
        (view,) = site_states(session, on=ON)
        assert view.capacity is not None
        assert set(view.uses) == {SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.CATERING}
        assert [(one.kind, one.persons) for one in view.capacity.limits] == [
            (LimitKind.UNITS, 185),
            (LimitKind.FIRE, 220),
            (LimitKind.MEALS, 500),
        ]
        assert [(one.name, one.capacity.persons) for one in view.capacity.units] == [
            ("Sali 1", 100),
            ("Sali 2", 85),
        ]


def test_what_neither_a_unit_nor_the_premises_state_is_missing(county: Engine) -> None:
    use = SiteUse.TEMPORARY_ACCOMMODATION
    halls = [
        SiteUnit(position=1, name="A", uses=[SiteUnitUse(use=use)], net_area_m2=400),
        SiteUnit(position=2, name="B", uses=[SiteUnitUse(use=use)]),
    ]
    for session in stored(county, hall(net_area_m2=None, units=halls)):
        (view,) = site_states(session, on=ON)
        assert view.capacity is not None
        assert (view.persons, view.capacity.missing) == (None, (LimitKind.AREA,))
        assert [one.capacity.missing for one in view.capacity.units] == [(), (LimitKind.AREA,)]
