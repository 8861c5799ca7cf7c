import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from prep import audit
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.exchange.findings import Severity
from prep.exchange.importing import Change, ImportPlan, apply_import, plan_import
from prep.exchange.tables import Table, read_table
from prep.models import AuditEntry, Site
from prep.registry.sites import find_municipality
from prep.terms import KeyPower, SiteStatus, SiteUse
from tests.exchange.files import one_sheet

ON = date(2026, 11, 22)
HALL = {
    "Kunta": "Perho",
    "Kohteen nimi": "Perhon liikuntahalli",
    "Käyttötarkoitus": "majoitus, ateriat",
    "Majoituspaikat": 150,
    "Hyötyala m2": "1 040",
    "WC:t": 9,
    "Tilanne": "käytettävissä",
    "Avaimenhaltija": "Aino Esimerkki",
    "Puhelin": "040 100 1000",
    "Palotarkastus, enintään": 220,
    "Vahvistettu": "13.10.2026",
}


def listed(*rows: Mapping[str, Any]) -> Table:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return read_table(
        one_sheet(headings, *[[row.get(heading) for heading in headings] for row in rows]), name="lista.xlsx"
    )


def planned(county: Engine, table: Table, **how: Any) -> ImportPlan:
    with read_session(county) as session:
        return plan_import(session, table, on=ON, **how)


def imported(county: Engine, table: Table) -> ImportPlan:
    with write_session(county, actor="command: sites import") as session:
        plan = plan_import(session, table, on=ON)
        apply_import(session, plan, on=ON)
        return plan


def only_site(county: Engine) -> dict[str, Any]:
    with read_session(county) as session:
        site = session.scalars(select(Site)).one()
        return {
            "uses": {row.use: row.stated_capacity for row in site.uses},
            "holders": [
                (one.position, one.power, one.name, one.phone, one.person_id) for one in site.key_holders
            ],
            **{column.key: getattr(site, column.key) for column in Site.__table__.columns},
        }


def changes(plan: ImportPlan) -> Sequence[Change]:
    (changed,) = plan.changed
    return changed.changes


def test_a_new_row_lands_with_everything_it_says(county: Engine) -> None:
    plan = imported(county, listed(HALL))
    assert (len(plan.new), plan.changed, plan.unchanged, plan.refused, plan.gone, plan.findings) == (
        1,
        (),
        (),
        (),
        (),
        (),
    )
    site = only_site(county)
    assert site["uses"] == {SiteUse.TEMPORARY_ACCOMMODATION: 150, SiteUse.CATERING: None}
    assert site["holders"] == [(0, KeyPower.OPEN, "Aino Esimerkki", "+358401001000", None)]
    expected = {
        "municipality_code": "584",
        "name": "Perhon liikuntahalli",
        "net_area_m2": 1040.0,
        "toilets": 9,
        "status": SiteStatus.AVAILABLE,
        "fire_max_persons": 220,
        "confirmed_on": date(2026, 10, 13),
        "confirmed_by": "lista.xlsx",
        "imported_from": "lista.xlsx · Tilat · 2",
        "beds": None,
        "is_accessible": None,
    }
    assert {name: site[name] for name in expected} == expected


def test_importing_confirms_only_what_the_list_says_is_confirmed(county: Engine) -> None:
    imported(county, listed(HALL | {"Vahvistettu": None}))
    site = only_site(county)
    assert (site["confirmed_on"], site["confirmed_by"]) == (None, None)


def test_the_same_list_again_changes_nothing(county: Engine) -> None:
    imported(county, listed(HALL))
    with read_session(county) as session:
        before = audit.head(session)
    plan = imported(county, listed(HALL))
    assert (plan.new, plan.changed, len(plan.unchanged)) == ((), (), 1)
    with read_session(county) as session:
        assert audit.head(session) == before
    assert only_site(county)["version"] == 1


def test_a_change_is_told_field_by_field_and_then_made(county: Engine) -> None:
    imported(county, listed(HALL))
    again = HALL | {
        "WC:t": 11,
        "Käyttötarkoitus": "majoitus, evakuointikeskus",
        "Majoituspaikat": 200,
        "Puhelin": "06 100 1001",
        "Vahvistettu": "1.11.2026",
    }
    plan = imported(county, listed(again))
    accommodation, catering, centre = (
        SiteUse.TEMPORARY_ACCOMMODATION,
        SiteUse.CATERING,
        SiteUse.EVACUATION_CENTRE,
    )
    opens = KeyPower.OPEN
    assert sorted(changes(plan), key=lambda change: change.field) == [
        Change("confirmed_on", date(2026, 10, 13), date(2026, 11, 1)),
        Change(
            "key_holders",
            [(opens, "Aino Esimerkki", "+358401001000")],
            [(opens, "Aino Esimerkki", "+35861001001")],
        ),
        Change("toilets", 9, 11),
        Change("uses", {accommodation: 150, catering: None}, {centre: None, accommodation: 200}),
    ]
    site = only_site(county)
    assert (site["toilets"], site["uses"], site["holders"][0][3]) == (
        11,
        {accommodation: 200, centre: None},
        "+35861001001",
    )
    assert site["version"] == 2
    with read_session(county) as session:
        assert audit.verify(session) == []


def test_planning_changes_nothing(county: Engine) -> None:
    planned(county, listed(HALL))
    with read_session(county) as session:
        assert session.scalars(select(Site)).all() == []


def test_what_the_list_does_not_say_stays(county: Engine) -> None:
    imported(county, listed(HALL))
    before = only_site(county)
    bare = {
        "Kunta": "Perho",
        "Kohteen nimi": "PERHON  liikuntahalli",
        "WC:t": "",
        "Hyötyala m2": "noin 900",
        "Puhelin": "112",
        "Avaimenhaltija": "Aino Esimerkki",
    }
    plan = imported(county, listed(bare))
    assert (len(plan.unchanged), [finding.field for finding in plan.findings]) == (
        1,
        ["net_area_m2", "key_holder_phone"],
    )
    assert only_site(county) == before


def test_unknown_can_be_said_and_then_it_is_unknown(county: Engine) -> None:
    imported(county, listed(HALL))
    plan = imported(county, listed(HALL | {"WC:t": "ei tiedossa", "Tilanne": "?"}))
    assert set(changes(plan)) == {
        Change("toilets", 9, None),
        Change("status", SiteStatus.AVAILABLE, SiteStatus.UNKNOWN),
    }
    assert only_site(county)["toilets"] is None


def test_an_old_list_does_not_make_a_row_look_older(county: Engine) -> None:
    imported(county, listed(HALL))
    plan = imported(county, listed(HALL | {"Vahvistettu": "1.2.2026"}))
    assert len(plan.unchanged) == 1
    assert only_site(county)["confirmed_on"] == date(2026, 10, 13)


def test_key_holders_are_exchanged_in_their_order(county: Engine) -> None:
    imported(county, listed(HALL | {"Varahenkilö": "Päivystys", "Puhelin 2": "06 100 1001"}))
    assert [one[:3] for one in only_site(county)["holders"]] == [
        (0, KeyPower.OPEN, "Aino Esimerkki"),
        (1, KeyPower.ALTERNATE, "Päivystys"),
    ]
    imported(county, listed(HALL | {"Avaimenhaltija": "Päivystys", "Puhelin": "06 100 1001"}))
    assert only_site(county)["holders"] == [(0, KeyPower.OPEN, "Päivystys", "+35861001001", None)]


def test_premises_that_are_not_in_the_list_are_told_and_stay(county: Engine) -> None:
    imported(county, listed(HALL, HALL | {"Kohteen nimi": "Kirjasto"}, HALL | {"Kunta": "Halsua"}))
    plan = imported(county, listed(HALL))
    # Halsua is not in the list at all: nothing can be said of its premises.
    assert [(one.municipality_code, one.name) for one in plan.gone] == [("584", "Kirjasto")]
    with read_session(county) as session:
        assert len(session.scalars(select(Site)).all()) == 3
        halsua = find_municipality(session, "Halsua")
        perho = find_municipality(session, "Perho")
        rows = listed({"Nimi": "Uusi", "WC": 1})
        assert [one.name for one in plan_import(session, rows, on=ON, municipality=halsua).gone] == [
            "Perhon liikuntahalli"
        ]
        assert len(plan_import(session, rows, on=ON, municipality=perho).gone) == 2


def test_the_second_row_of_the_same_name_does_not_land(county: Engine) -> None:
    plan = imported(county, listed(HALL, HALL | {"Kohteen nimi": " perhon LIIKUNTAHALLI"}))
    assert (len(plan.new), plan.refused) == (1, (3,))
    assert [(one.severity, str(one.rule)) for one in plan.findings] == [
        (Severity.REFUSED, "Row 2 has the same name in the same municipality.")
    ]


def test_a_row_without_a_use_is_told(county: Engine) -> None:
    plan = planned(county, listed({"Kunta": "Perho", "Nimi": "Halli"}))
    assert [str(one.rule) for one in plan.findings] == [
        "The row does not say what the premises are used for."
    ]


def test_a_number_that_cannot_be_dialled_is_taken_only_into_a_demonstration(county: Engine) -> None:
    table = listed(HALL | {"Puhelin": "+358 00 000 1001"})
    assert [str(one.rule) for one in planned(county, table).findings] == [
        "The number is invented and cannot be dialled."
    ]
    with write_session(county, actor="test") as session:
        from prep.models import Installation

        session.get_one(Installation, 1).is_demo = True
    imported(county, table)
    assert only_site(county)["holders"][0][3] == "+358000001001"


def test_a_plan_of_yesterdays_registry_is_refused(county: Engine) -> None:
    imported(county, listed(HALL))
    old = planned(county, listed(HALL | {"WC:t": 12}))
    new = planned(county, listed(HALL | {"Kohteen nimi": "Kirjasto"}))
    imported(county, listed(HALL | {"WC:t": 10}, HALL | {"Kohteen nimi": "Kirjasto"}))
    for plan, on in [(old, ON), (new, ON), (planned(county, listed(HALL)), date(2026, 11, 23))]:
        with (
            pytest.raises(
                Refused, match=r"lista.xlsx: The registry has changed since the difference was looked at."
            ),
            write_session(county, actor="test") as session,
        ):
            apply_import(session, plan, on=on)
    with read_session(county) as session:
        assert sorted(site.toilets or 0 for site in session.scalars(select(Site))) == [9, 10]


def test_an_import_leaves_one_row_of_the_trail_for_each_row_of_the_registry(county: Engine) -> None:
    with read_session(county) as session:
        before, _ = audit.head(session)
    imported(county, listed(HALL))
    with read_session(county) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.seq > before)).all()
        assert sorted((one.actor, one.action, one.table_name) for one in entries) == [
            ("command: sites import", "insert", table)
            for table in ("key_holder", "site", "site_status_change", "site_use", "site_use")
        ]


def test_every_row_lands_or_is_reported(county: Engine) -> None:
    source = random.Random(7)
    cells: dict[str, list[Any]] = {
        "Kunta": ["Perho", "perho", "584", "Kokkola", "Kokola", None, 272.0, "Karleby", "?"],
        "Kohteen nimi": [*(f"Halli {number}" for number in range(30)), None, "Yhteensä", "–", "Ã¤", 7.0],
        "Käyttötarkoitus": ["majoitus", "juhlat", None, "?", "ateriat ja majoitus"],
        "Hyötyala m2": ["1 040", "1.040", "noin 3", -3.0, None, "?", "#REF!", True],
        "WC:t": [9.0, "9,5", "ei", "x", None, 1e12],
        "Puhelin": ["112", "040 100 1000", "+358 00 000 1001", None, 3.5e11],
        "N": [63.2, "24,4", "63", None, "x"],
        "E": [24.4, "63,2", "24", None, "?"],
        "Vahvistettu": [date(2026, 1, 1), "1/2/2026", "2019", 45231.0, None, "eilen"],
    }
    rows = [{heading: source.choice(values) for heading, values in cells.items()} for _ in range(400)]
    table = listed(*rows)
    plan = imported(county, table)
    landed = [row.row for row in plan.new]
    assert sorted([*landed, *plan.refused]) == [row.number for row in table.rows]
    refused = {one.place.row for one in plan.findings if one.severity is Severity.REFUSED}
    assert refused == set(plan.refused)
    again = imported(county, table)
    assert (again.new, again.changed, len(again.unchanged)) == ((), (), len(landed))
