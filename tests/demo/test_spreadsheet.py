"""The demonstration's list of premises: what is planted in it is found, and nothing else is."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

import prep.demo.spreadsheet
from prep.db import read_session, write_session
from prep.demo.spreadsheet import HEADING_ROW, SHEET, write_premises
from prep.evacuation.records import site_states, totals
from prep.exchange.importing import ImportPlan, apply_import, plan_import
from prep.exchange.tables import read_file
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.terms import State

ON = date(2026, 11, 22)
FAULTS = tomllib.loads(
    Path(prep.demo.spreadsheet.__file__).with_name("premises_faults.toml").read_text(encoding="utf-8")
)


@pytest.fixture
def demo(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"), is_demo=True)
    return engine


def imported(demo: Engine, folder: Path, on: date) -> ImportPlan:
    path = folder / "evakuointitilat.xlsx"
    write_premises(path, on=on)
    with write_session(demo, actor="test") as session:
        plan = plan_import(session, read_file(path), on=on)
        apply_import(session, plan, on=on)
    return plan


@pytest.mark.parametrize("on", [ON, date(2027, 3, 1)])
def test_the_import_reports_exactly_the_planted_faults(demo: Engine, tmp_path: Path, on: date) -> None:
    plan = imported(demo, tmp_path, on)
    found = [
        (one.place.row, one.field, one.severity.value, one.value)
        for one in plan.findings
        if one.field != "confirmed_on"
    ]
    assert sorted(found, key=str) == sorted(
        [(one["row"], one["field"], one["severity"], one.get("value")) for one in FAULTS["fault"]], key=str
    )
    stale = [one.place.row for one in plan.findings if one.field == "confirmed_on"]
    assert stale == FAULTS["stale"]["rows"]
    assert all(one.place.file == "evakuointitilat.xlsx" and one.place.sheet == SHEET for one in plan.findings)


def test_every_row_but_the_planted_ones_lands(demo: Engine, tmp_path: Path) -> None:
    plan = imported(demo, tmp_path, ON)
    assert (len(plan.new), plan.changed, plan.gone) == (119, (), ())
    assert list(plan.refused) == [one["row"] for one in FAULTS["fault"] if one["severity"] == "refused"]
    assert {row.municipality_code for row in plan.new} == {
        "074",
        "217",
        "236",
        "272",
        "421",
        "584",
        "849",
        "924",
    }
    assert plan.mapping.unmapped == ()


def test_the_same_list_changes_nothing_the_second_time(demo: Engine, tmp_path: Path) -> None:
    imported(demo, tmp_path, ON)
    again = imported(demo, tmp_path, ON)
    assert (again.new, again.changed, len(again.unchanged)) == ((), (), 119)


def test_the_county_has_premises_in_every_state(demo: Engine, tmp_path: Path) -> None:
    imported(demo, tmp_path, ON)
    with read_session(demo) as session:
        views = site_states(session, on=ON)
    assert {view.state for view in views} == set(State)
    sums = totals(views)
    assert sums.sites == 119
    # Enough for the figures of the pages to mean something, and not all of it sure.
    assert sums.confirmed_places > 5_000
    assert sums.conditional_places > 500
    assert sums.unknown_sites > 10
    hall = next(view for view in views if view.name == "Perhon liikuntahalli")
    assert hall.capacity is not None
    assert [(limit.kind.value, limit.persons) for limit in hall.capacity.limits] == [
        ("toilets", 180),
        ("fire", 220),
        ("area", 297),
        ("meals", 400),
    ]


def test_the_same_day_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_premises(tmp_path / name, on=ON)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_confirmations_are_as_old_on_any_day(tmp_path: Path) -> None:
    for on in (ON, date(2028, 2, 29)):
        write_premises(tmp_path / "a.xlsx", on=on)
        table = read_file(tmp_path / "a.xlsx")
        column = table.headings.index("Vahvistettu")
        assert (table.heading_row, table.rows[0].cells[column]) == (HEADING_ROW, on - timedelta(days=21))


def test_no_number_of_the_list_can_be_dialled() -> None:
    cells = Path(prep.demo.spreadsheet.__file__).with_name("premises.csv").read_text(encoding="utf-8")
    heads, *rows = [line.split(";") for line in cells.splitlines()]
    numbers = [row[heads.index(name)] for row in rows for name in ("Puhelin", "Varahenkilön puhelin")]
    assert [one for one in numbers if one not in ("", "112") and not one.startswith("+358 00 000 ")] == []
