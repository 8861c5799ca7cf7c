"""Contacts on the command line: a list looked at and applied, taken out again, doubles merged, old ones erased."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from prep.cli import prep
from prep.cli.output import settings
from prep.db import make_engine, read_session, write_session
from prep.models import Person
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.registry.people import PersonDetails, add_person, add_point
from prep.terms import ActorKind, ContactKind

LIST = """Nimi;Kunta;Nimike;Matkapuhelin;Sähköposti;Nimike tai rooli
Aino Esimerkki;Kokkola;Valmiusjohtaja;+358 00 000 0001;aino@kokkola.example;
Eero Esimerkki;Kannus;Kunnanjohtaja;+358 00 000 0002;eero@kannus.example;
"""


@pytest.fixture
def installation(database_url: str, instance: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A county without people, to which the commands speak."""
    engine = make_engine(database_url)
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"), is_demo=True)
    engine.dispose()
    monkeypatch.setenv("PREP_DATABASE_URL", database_url)
    settings.cache_clear()
    yield database_url
    settings.cache_clear()


@pytest.fixture
def listed(installation: str, tmp_path: Path) -> Path:
    path = tmp_path / "yhteyshenkilot.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def run(*arguments: str | Path, area: str = "contacts") -> Result:
    result = CliRunner().invoke(prep, [area, *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run_json(*arguments: str | Path, area: str = "contacts") -> Any:
    return json.loads(run(*arguments, "--json", area=area).stdout)


def names(database_url: str) -> list[str]:
    engine = make_engine(database_url)
    with read_session(engine) as session:
        found = list(
            session.scalars(select(Person.name).where(Person.kind == ActorKind.PERSON).order_by(Person.name))
        )
    engine.dispose()
    return found


def test_without_apply_the_difference_is_shown_and_nothing_changed(installation: str, listed: Path) -> None:
    result = run("import", listed)
    assert result.exit_code == 0
    assert "Aino Esimerkki" in result.stdout
    assert "Nothing has been changed. Add --apply to change the registry." in result.stderr
    # A terminal keeps what it showed: numbers only by their last two digits.
    assert "000 0001" not in result.stdout
    assert names(installation) == []


def test_with_apply_the_list_lands_and_the_same_again_changes_nothing(
    installation: str, listed: Path
) -> None:
    assert run_json("import", listed, "--apply")["counts"]["new"] == 2
    assert names(installation) == ["Aino Esimerkki", "Eero Esimerkki"]
    again = run("import", listed, "--apply")
    assert "Nothing has been changed: no row that lands differs from the registry." in again.stderr
    assert run_json("import", listed)["counts"] == {
        "new": 0,
        "changed": 0,
        "unchanged": 2,
        "refused": 0,
        "gone": 0,
    }


def test_a_row_that_cannot_land_is_named_and_the_others_land(installation: str, tmp_path: Path) -> None:
    path = tmp_path / "vika.csv"
    path.write_text(LIST.replace(";Kannus;", ";Kannnus;"), encoding="utf-8")
    answer = run_json("import", path, "--apply")
    assert answer["refused"] == [{"row": 3, "name": "Eero Esimerkki"}]
    finding = next(one for one in answer["findings"] if one["row"] == 3)
    assert (finding["severity"], finding["column"], finding["value"]) == ("refused", "B", "Kannnus")
    assert "Kannus" in finding["remedy"]["text"] if isinstance(finding["remedy"], dict) else finding["remedy"]
    assert names(installation) == ["Aino Esimerkki"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_imports_back_without_a_difference(
    installation: str, listed: Path, tmp_path: Path, form: str
) -> None:
    run("import", listed, "--apply")
    out = tmp_path / f"ulos.{form}"
    assert run("export", "-o", out).exit_code == 0
    counts = run_json("import", out)["counts"]
    # The two of the list, and the desk that the region pack brings.
    assert counts == {"new": 0, "changed": 0, "unchanged": 3, "refused": 0, "gone": 0}


def test_vcards_of_all_and_of_one(installation: str, listed: Path, tmp_path: Path) -> None:
    run("import", listed, "--apply")
    out = tmp_path / "kortit.vcf"
    run("export", "-o", out)
    assert out.read_text(encoding="utf-8").count("BEGIN:VCARD") == 3
    number = next(one["number"] for one in run_json("list") if one["name"] == "Eero Esimerkki")
    run("export", "-o", out, "--person", str(number))
    text = out.read_text(encoding="utf-8")
    assert text.count("BEGIN:VCARD") == 1
    assert "FN:Eero Esimerkki" in text


def test_somebody_is_listed_and_shown(installation: str, listed: Path) -> None:
    run("import", listed, "--apply")
    found = run_json("list", "--municipality", "Kokkola")
    assert [one["name"] for one in found] == ["Aino Esimerkki"]
    shown = run_json("show", str(found[0]["number"]))
    assert [point["value"] for point in shown["points"]] == ["+358000000001", "aino@kokkola.example"]
    assert "Valmiusjohtaja" in run("show", str(found[0]["number"])).stdout
    missing = CliRunner().invoke(prep, ["contacts", "show", "9999"])
    assert "There is nobody of this number." in str(missing.exception)


def test_doubles_are_listed_remembered_and_merged(installation: str, listed: Path) -> None:
    run("import", listed, "--apply")
    engine = make_engine(installation)
    with write_session(engine, actor="test") as session:
        one = add_person(session, PersonDetails(name="Aino Esimerki", municipality="272"))
        add_point(session, one, ContactKind.MOBILE, "+358000000009")
    engine.dispose()
    (pair,) = run_json("doubles")
    keep, gone = (one["number"] for one in pair["people"])
    assert run_json("merge", str(keep), str(gone))["applied"] is False
    assert len(names(installation)) == 3
    answer = run_json("merge", str(keep), str(gone), "--apply")
    assert (answer["name"], answer["numbers"]) == ("Aino Esimerkki", 3)
    assert names(installation) == ["Aino Esimerkki", "Eero Esimerkki"]
    assert run_json("doubles") == []


def test_two_who_are_not_the_same_are_not_asked_about_again(installation: str, listed: Path) -> None:
    run("import", listed, "--apply")
    engine = make_engine(installation)
    with write_session(engine, actor="test") as session:
        add_person(session, PersonDetails(name="Aino Esimerki", municipality="272"))
    engine.dispose()
    (pair,) = run_json("doubles")
    run("doubles", "--not-same", *(str(one["number"]) for one in pair["people"]))
    assert run_json("doubles") == []


def test_those_whose_time_is_over_are_told_and_erased_only_with_apply(
    installation: str, listed: Path
) -> None:
    run("import", listed, "--apply")
    engine = make_engine(installation)
    with write_session(engine, actor="test") as session:
        session.scalars(select(Person).where(Person.name == "Eero Esimerkki")).one().left_on = date(
            2020, 1, 1
        )
    engine.dispose()
    assert [one["name"] for one in run_json("retain")["people"]] == ["Eero Esimerkki"]
    assert "Eero Esimerkki" in names(installation)
    assert run_json("retain", "--apply")["applied"] is True
    assert names(installation) == ["Aino Esimerkki", "–"]
    assert run_json("retain")["people"] == []
    assert [one["name"] for one in run_json("list", "--kind", "person")] == ["Aino Esimerkki"]


def test_without_a_rule_nobody_is_erased(installation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_CONTACT_RETENTION_MONTHS", "0")
    settings.cache_clear()
    result = CliRunner().invoke(prep, ["contacts", "retain"])
    assert "those who have left are kept without end" in str(result.exception)


def test_appointments_are_listed_with_their_days(perho: str) -> None:
    found = run_json("list", area="appointments")
    assert found
    assert {one["municipality"] for one in found} == {"584"}
    some = found[0]["person"]["number"]
    assert {
        one["person"]["number"] for one in run_json("list", "--person", str(some), area="appointments")
    } == {some}
    assert run_json("list", "--municipality", "Kannus", area="appointments") == []
    assert found[0]["person"]["name"] in run("list", area="appointments").stdout


def test_somebody_is_appointed_and_the_term_ended(perho: str) -> None:
    (number,) = {one["person"]["number"] for one in run_json("list", area="appointments")[:1]}
    post = ("--post", "preparedness-contact", "--municipality", "Kannus")
    run(
        "appoint",
        str(number),
        *post,
        "--from",
        "2026-01-01",
        "--organ",
        "kunnanhallitus",
        area="appointments",
    )
    (found,) = run_json("list", "--municipality", "Kannus", area="appointments")
    assert (found["post"], found["starts"], found["decided_by"]) == (
        "preparedness-contact",
        "2026-01-01",
        "kunnanhallitus",
    )
    run("end", str(number), *post, "--last-day", "2026-02-01", area="appointments")
    assert run_json("list", "--municipality", "Kannus", area="appointments") == []
    assert len(run_json("list", "--municipality", "Kannus", "--all", area="appointments")) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("appoint", "999999", "--post", "preparedness-contact", "--municipality", "Kannus"),
            "no such contact",
        ),
        (("appoint", "1", "--post", "nothing"), "There is no such seat or role there"),
        (
            ("end", "1", "--post", "preparedness-contact", "--municipality", "Kannus"),
            "The contact is not in it",
        ),
        (
            (
                "appoint",
                "1",
                "--post",
                "preparedness-contact",
                "--municipality",
                "Kannus",
                "--until",
                "2000-01-01",
            ),
            "first day",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    perho: str, words: tuple[str, ...], sentence: str
) -> None:
    before = run_json("list", "--all", area="appointments")
    result = CliRunner().invoke(prep, ["appointments", *words])
    assert result.exit_code != 0
    assert sentence in str(result.exception)
    assert run_json("list", "--all", area="appointments") == before
