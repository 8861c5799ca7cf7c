import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import select

from prep.cli import prep
from prep.cli.output import settings
from prep.db import make_engine, read_session, write_session
from prep.demo.spreadsheet import write_premises
from prep.errors import Refused
from prep.models import AuditEntry, Site
from prep.regions.packs import load_pack
from prep.registry.install import install
from tests.exchange.files import csv_text

ON = date(2026, 11, 22)


@pytest.fixture
def installation(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A demonstration county without premises, to which the commands speak."""
    engine = make_engine(database_url)
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"), is_demo=True)
    engine.dispose()
    monkeypatch.setenv("PREP_DATABASE_URL", database_url)
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    settings.cache_clear()
    yield database_url
    settings.cache_clear()


@pytest.fixture
def spreadsheet(tmp_path: Path) -> Path:
    path = tmp_path / "evakuointitilat.xlsx"
    write_premises(path, on=ON)
    return path


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(prep, ["sites", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run_json(*arguments: str | Path) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def stored(database_url: str) -> Sequence[Site]:
    engine = make_engine(database_url)
    with read_session(engine) as session:
        found = session.scalars(select(Site)).all()
    engine.dispose()
    return found


def test_without_apply_the_difference_is_shown_and_nothing_changed(
    installation: str, spreadsheet: Path
) -> None:
    result = run("import", spreadsheet)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    # Heading, how it is read, how surely.
    assert ["WC:t", "(kpl)", "toilets", "100"] in [line[1:] for line in lines]
    assert ["119", "0", "0", "3", "0"] in lines
    for part in (
        "Rows that do not land",
        "evakuointitilat.xlsx, sheet “Tilat”, row 46, column A",
        "There is no such municipality in this county.",
        "Nearest: Kokkola, Toholampi.",
        "It is an estimate, a limit or a range: the value stays unknown.",
    ):
        assert part in result.stdout
    assert "Nothing has been changed. Add --apply to change the registry." in result.stderr
    assert stored(installation) == []


def test_with_apply_the_registry_is_changed_in_the_name_of_the_command(
    installation: str, spreadsheet: Path
) -> None:
    first = run_json("import", spreadsheet, "--apply")
    assert first["applied"] is True
    assert first["counts"] == {"new": 119, "changed": 0, "unchanged": 0, "refused": 3, "gone": 0}
    assert len(stored(installation)) == 119
    engine = make_engine(installation)
    with read_session(engine) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "site")).all()
        assert {(one.actor, one.why) for one in entries} == {
            ("command: sites import", "evakuointitilat.xlsx")
        }
    engine.dispose()
    assert run_json("import", spreadsheet)["counts"]["unchanged"] == 119


def test_a_change_is_shown_with_what_was_before(installation: str, spreadsheet: Path, tmp_path: Path) -> None:
    run("import", spreadsheet, "--apply")
    path = tmp_path / "perho.csv"
    rows = [
        ("Kohteen nimi", "WC:t", "Esteetön", "Käyttötarkoitus", "Avaimenhaltija", "Puhelin"),
        ("Perhon liikuntahalli", "11", "ei", "majoitus", "Aino Esimerkki", "+358 00 000 7777"),
    ]
    path.write_text(csv_text(*rows), encoding="utf-8")
    found = run_json("import", path, "--municipality", "Perho")
    (changed,) = found["changed"]
    by_field = {one["field"]: (one["before"], one["after"]) for one in changed["changes"]}
    assert by_field["toilets"] == ("9", "11")
    assert by_field["is_accessible"] == ("yes", "no")
    assert by_field["uses"] == ("temporary accommodation, catering", "temporary accommodation")
    assert by_field["key_holders"][1] == "Aino Esimerkki (… 77)"
    assert found["counts"]["gone"] == 10
    shown = run("import", path, "--municipality", "584").stdout
    assert "In the registry and not in the list; they stay" in shown
    assert "7777" not in shown


def test_a_column_can_be_told_and_a_sheet_named(installation: str, spreadsheet: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text(("Kunta", "Kortteli", "WC"), ("Perho", "Halli", "3")), encoding="utf-8")
    with pytest.raises(Refused, match="No column tells the name of the premises"):
        run("import", path)
    assert run_json("import", path, "--column", "Kortteli=name")["new"] == [
        {"row": 2, "municipality": "584", "name": "Halli"}
    ]
    assert run("import", path, "--column", "Kortteli").exit_code == 2
    with pytest.raises(Refused, match=r"“Muut” The file has no sheet of this name. Its sheets: Tilat."):
        run("import", spreadsheet, "--sheet", "Muut", "--apply")
    assert stored(installation) == []


def test_a_refused_file_ends_with_status_1_and_one_unknown_to_click_with_2(
    installation: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "PREP_DATABASE_URL": installation, "PREP_LANGUAGE": "fi"}
    command = [sys.executable, "-c", "from prep.cli import main; main()", "sites", "import"]
    done = subprocess.run(
        [*command, str(tmp_path / "puuttuu.xlsx")], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Tässä ei ole tiedostoa, jonka voi lukea. Tarkista nimi ja kansio sekä lukuoikeus." in done.stderr
    assert run("import").exit_code == 2
    assert stored(installation) == []


def test_the_list_tells_places_limits_and_ages(installation: str, spreadsheet: Path) -> None:
    run("import", spreadsheet, "--apply")
    lines = run("list", "--municipality", "Perho", "--use", "temporary_accommodation").stdout.splitlines()
    (hall,) = [line for line in lines if "Perhon liikuntahalli" in line]
    assert hall.split() == [
        "✕",
        "Perho",
        "Perhon",
        "liikuntahalli",
        "temporary",
        "accommodation,",
        "catering",
        "180",
        "Toilets,",
        "9",
        "×",
        "20",
        "40",
    ]
    (double,) = [line for line in lines if "Perhon liikuntahali " in line]
    assert "missing: maximum of the fire inspection" in double
    assert "never confirmed" in double


def test_the_list_as_json_tells_what_would_raise_the_capacity(installation: str, spreadsheet: Path) -> None:
    run("import", spreadsheet, "--apply")
    found = {one["name"]: one for one in run_json("list")}
    assert len(found) == 119
    hall = found["Perhon liikuntahalli"]
    expected = {
        "municipality": "584",
        "places": 180,
        "binding": "toilets",
        "next": {"limit": "fire", "places": 220},
        "raised_by": "2 more toilets would raise it to 220.",
        "state": "fault",
        "age_days": 40,
        "missing": [],
    }
    assert {name: hall[name] for name in expected} == expected
    assert {"rule": "backup_power", "state": "fault", "sentence": "Own power 24 h, target 72 h"} in hall[
        "checks"
    ]
    unknown = found["Perhon liikuntahali"]
    assert (unknown["places"], unknown["at_most"], unknown["missing"]) == (None, 180, ["fire"])


def test_the_list_is_chosen_by_state(installation: str, spreadsheet: Path) -> None:
    run("import", spreadsheet, "--apply")
    states = {state: run_json("list", "--state", state) for state in ("ok", "warning", "fault", "unknown")}
    assert sum(map(len, states.values())) == 119
    assert all(one["state"] == state for state, some in states.items() for one in some)
    assert all(states.values())


def test_an_empty_list_and_an_unknown_municipality_are_told(installation: str) -> None:
    assert "No premises of this kind are in the registry." in run("list").stderr
    with pytest.raises(
        Refused,
        match=r"Municipality: “Kokola” There is no such municipality in this county\. Nearest: Kokkola",
    ):
        run("list", "--municipality", "Kokola")


def test_a_list_of_which_nothing_lands_is_not_called_a_change(installation: str, tmp_path: Path) -> None:
    path = tmp_path / "muualta.csv"
    path.write_text(csv_text(("Kunta", "Kohteen nimi"), ("Helsinki", "Koulu")), encoding="utf-8")
    result = run("import", path, "--apply")
    assert "Nothing has been changed: no row that lands differs from the registry." in result.stderr
    assert "The registry has been changed" not in result.stderr
    assert stored(installation) == []


def test_premises_are_withdrawn_told_about_and_taken_back(installation: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        csv_text(("Nimi", "Kunta", "Käyttö", "Saatavuus"), ("Koulu", "Perho", "majoitus", "käytettävissä"))
    )
    run("import", path, "--apply")
    (number,) = [str(one["id"]) for one in run_json("list")]
    run("withdraw", number, "--why", "sold")
    assert run_json("list") == []
    assert [one["status"] for one in run_json("list", "--status", "withdrawn")] == ["withdrawn"]
    # A list that does not say that they can be had again leaves them off the list, and says so.
    path.write_text(csv_text(("Nimi", "Kunta", "Käyttö"), ("Koulu", "Perho", "majoitus")))
    assert "The premises have been withdrawn, and the row does not say" in run("import", path).stdout
    run("relist", number, "--why", "not sold after all")
    assert [
        (one["status"], one["by"], one["why"], one["ends"] is None) for one in run_json("history", number)
    ] == [
        ("unknown", "command: sites relist", "not sold after all", True),
        ("withdrawn", "command: sites withdraw", "sold", False),
        ("available", "command: sites import", "list.csv", False),
    ]
    with pytest.raises(Refused, match="“99” There are no premises of this number"):
        run("history", "99")


def test_a_plan_is_attached_listed_and_taken_away(installation: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(csv_text(("Nimi", "Kunta", "Käyttö"), ("Koulu", "Perho", "majoitus")))
    run("import", path, "--apply")
    (number,) = [str(one["id"]) for one in run_json("list")]
    plan = tmp_path / "pohja.jpg"
    Image.new("RGB", (30, 20), "white").save(plan, "PNG")
    run("attach", number, plan, "--label", "public")
    (row,) = run_json("files", number)
    assert (row["name"], row["mime"], row["classification"]) == ("pohja.jpg.png", "image/png", "public")
    run("detach", number, str(row["id"]))
    assert run_json("files", number) == []
    with pytest.raises(Refused, match="The premises have no file of this number"):
        run("detach", number, str(row["id"]))
