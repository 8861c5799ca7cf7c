"""What every command promises: help, exit status, sentences, JSON."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from prep.cli import prep

HEAVY = {"flask", "sqlalchemy", "networkx", "numpy", "numba", "reportlab", "pydantic", "alembic", "shapely"}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


def run(*arguments: str, instance: Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from prep.cli import main; main()", *arguments],
        env={"PREP_INSTANCE": str(instance), "PREP_LANGUAGE": language, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_loads_none_of_the_heavy_libraries() -> None:
    program = (
        "import sys; from prep.cli import prep\n"
        "try: prep(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if '.' not in name), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "Question alert chains" in done.stdout
    assert HEAVY & set(eval(done.stderr)) == set()  # noqa: S307 - our own output


@pytest.mark.parametrize("path", commands(prep), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    from click.testing import CliRunner

    result = CliRunner().invoke(prep, [*path, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_without_a_county_a_command_says_how_to_begin(tmp_path: Path) -> None:
    done = run("bodies", "list", instance=tmp_path)
    assert done.returncode == 1
    assert "There is no county in it yet. Run “prep demo” for an invented one" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_told_in_the_chosen_language(tmp_path: Path) -> None:
    assert (
        "Siinä ei ole vielä hyvinvointialuetta."
        in run("bodies", "list", instance=tmp_path, language="fi").stderr
    )
    assert (
        "Där finns ännu inget välfärdsområde."
        in run("bodies", "list", instance=tmp_path, language="sv").stderr
    )


def test_misuse_has_another_status_than_refusal(tmp_path: Path) -> None:
    assert run("alert", "simulate", "--runs", "none", instance=tmp_path).returncode == 2
    assert run("nothing", instance=tmp_path).returncode == 2
    assert run("init", "--region", "atlantis", instance=tmp_path).returncode == 1


def test_a_county_can_be_begun_and_shows_its_vacancies(tmp_path: Path) -> None:
    begun = run("init", "--region", "keski-pohjanmaa", instance=tmp_path)
    assert begun.returncode == 0, begun.stderr
    assert "8 municipalities" in begun.stderr
    told = json.loads(run("bodies", "list", "--vacant", "--json", instance=tmp_path).stdout)
    assert {"board-kokkola", "board-perhonjokilaakso", "board-lestijokilaakso"} <= {
        one["seat"] for one in told
    }
    again = run("init", "--region", "pohjois-savo", instance=tmp_path)
    assert again.returncode == 1
    assert "There is a county in it already" in again.stderr


def test_a_broken_pack_names_file_path_and_rule(tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text(
        'format = 1\nkey = "own"\ndivision_year = 2023\n[county]\nkind = "wellbeing_county"\n', "utf-8"
    )
    done = run("region", "check", str(pack), instance=tmp_path)
    assert done.returncode == 1
    assert "own.toml: county.name" in done.stderr
    assert "This has to be told: name. Add a line" in done.stderr


def test_the_packs_are_listed_as_a_table_and_as_json(tmp_path: Path) -> None:
    told = json.loads(run("region", "list", "--json", instance=tmp_path).stdout)
    assert {one["key"]: one["municipalities"] for one in told}["pohjois-savo"] == 19
    assert sum(one["municipalities"] for one in told) == 309
    assert "pohjois-karjala" in run("region", "list", instance=tmp_path).stdout


def test_the_settings_are_shown_without_the_password_of_the_database(tmp_path: Path) -> None:
    environment = {"PREP_INSTANCE": str(tmp_path), "PREP_DATABASE_URL": "postgresql://prep:hidden@db/prep"}
    done = subprocess.run(
        [sys.executable, "-c", "from prep.cli import main; main()", "config", "show", "--json"],
        env={**environment, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = {one["name"]: one for one in json.loads(done.stdout)["settings"]}
    assert told["database_url"]["value"] == "postgresql://prep:***@db/prep"
    assert told["database_url"]["origin"] == "PREP_DATABASE_URL"
    assert "hidden" not in done.stdout


@pytest.mark.parametrize("path", [("demo",), ("cards", "print")], ids=" ".join)
def test_a_language_is_chosen_by_its_two_letters(path: tuple[str, ...]) -> None:
    from click.testing import CliRunner

    assert "--lang [fi|sv|en]" in CliRunner().invoke(prep, [*path, "--help"]).output


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("demo", instance=tmp_path / "file", language="fi")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Sitä ei voi käyttää: polun osa ei ole kansio." in done.stderr
