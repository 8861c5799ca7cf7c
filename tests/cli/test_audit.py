"""``prep audit``: what it prints, what it refuses, and its exit status."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from prep.cli import prep
from prep.cli.output import settings
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.models import Person
from prep.trail import Filter, entries
from tests.test_trail import CANARY, ROWS, make_trail


@pytest.fixture
def filled(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setenv("PREP_DATABASE_URL", database_url)
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    settings.cache_clear()
    make_trail(engine)
    yield engine
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["audit", *words])


def head_of(result: Result) -> str:
    return result.stdout.split()[-1]


def test_a_whole_trail_verifies_and_its_head_can_be_noted(filled: Engine) -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert "The chain holds" in result.stderr
    assert head_of(result).startswith(f"{ROWS}:")
    assert run("verify", "--anchor", head_of(result)).exit_code == 0


def test_broken_rows_are_named_with_exit_status_1(filled: Engine) -> None:
    noted = head_of(run("verify"))
    with filled.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'outi' WHERE seq = 3"))
        connection.execute(text(f"DELETE FROM audit_entry WHERE seq = {ROWS}"))
    result = run("verify", "--anchor", noted)
    assert result.exit_code == 1
    assert "Audit trail, row 3: The row has been changed or moved." in result.stderr
    assert f"row {ROWS}: The row that was noted is gone" in result.stderr
    given = json.loads(run("verify", "--json").stdout)
    assert (given["ok"], given["rows"], len(given["problems"])) == (False, ROWS - 1, 1)


@pytest.mark.parametrize("anchor", ["3", "x:" + "0" * 64, "3:" + "0" * 63, "3:" + "g" * 64])
def test_a_noted_head_has_its_form(filled: Engine, anchor: str) -> None:
    result = run("verify", "--anchor", anchor)
    assert isinstance(result.exception, Refused)
    assert "It is a row number, a colon and a digest of 64 signs" in str(result.exception)


def test_the_list_is_filtered_and_paged(filled: Engine) -> None:
    found = json.loads(run("list", "--actor", "eero", "--per-page", "2", "--page", "2", "--json").stdout)
    assert (found["total"], [one["seq"] for one in found["entries"]]) == (3, [4])
    result = run("list", "--action", "delete", "--since", "22.11.2026", "--until", "2026-11-22")
    assert "person 2" in result.stdout
    assert "Page 1 of 1, 1 rows in all." in result.stderr
    assert json.loads(run("list", "--until", "2026-11-21", "--json").stdout)["total"] == 0


def test_the_export_is_for_its_owner_alone(filled: Engine, tmp_path: Path) -> None:
    file = tmp_path / "trail.csv"
    result = run("list", "-o", str(file))
    assert "It holds personal data." in result.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"\xef\xbb\xbfseq;at;actor")
    refused = run("list", "-o", str(tmp_path / "none" / "trail.csv"))
    assert "The file cannot be written there." in str(refused.exception)


def test_a_redaction_empties_a_persons_rows_and_says_what_it_does_not_reach(filled: Engine) -> None:
    result = run("redact", "--person", "2", "--why", "asked for", "--yes")
    assert result.exit_code == 0
    assert "Rows emptied: 3. Backups made earlier still hold the values." in result.stderr
    assert run("verify").exit_code == 0
    with read_session(filled) as session:
        assert CANARY not in "".join(one.values or "" for one in entries(session, Filter()))
    assert "redacted" in run("list").stdout


def test_a_redaction_is_asked_about_and_has_its_reason(filled: Engine) -> None:
    asked = CliRunner().invoke(
        prep, ["audit", "redact", "--before", "2027-01-01", "--why", "age"], input="n\n"
    )
    assert asked.exit_code == 1
    assert f"Drop the values of {ROWS} rows?" in asked.output
    assert run("redact", "--person", "2").exit_code == 2
    assert "Give --person, --before or both." in run("redact", "--why", "x").stderr
    both = run("redact", "--person", "1", "--before", "2026-11-22", "--why", "x", "--yes")
    assert "Rows emptied: 0." in both.stderr
    assert json.loads(run("list", "--json").stdout)["total"] == ROWS


def with_years(monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    monkeypatch.setenv("PREP_AUDIT_RETENTION_YEARS", str(years))
    settings.cache_clear()


def test_retention_needs_a_rule(filled: Engine) -> None:
    result = run("retain", "--apply")
    assert isinstance(result.exception, Refused)
    assert "No time is set: values recorded in the audit trail are kept without end." in str(result.exception)
    assert json.loads(run("list", "--json").stdout)["total"] == ROWS


def test_retention_is_looked_at_first_and_then_applied(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_years(monkeypatch, 5)
    assert json.loads(run("retain", "--json").stdout) == {
        "kept_from": "2021-11-22", "rows": [], "n": 0, "applied": False,
    }  # fmt: skip
    # Five years and a day after they were written.
    monkeypatch.setenv("PREP_NOW", "2031-11-23T08:00:00+02:00")
    looked = run("retain")
    assert f"Rows that still hold older ones: {ROWS} (1–{ROWS}). Nothing has been changed" in looked.stderr
    assert "redacted" not in run("list").stdout
    applied = run("retain", "--apply")
    assert f"Rows emptied: {ROWS}." in applied.stderr
    assert run("verify").exit_code == 0
    with read_session(filled) as session:
        last, *others = entries(session, Filter())
        assert (last.why, last.actor) == ("retention, 5 years", "command: audit retain")
        assert {one.values for one in others} == {None}
    assert json.loads(run("retain", "--json").stdout)["n"] == 0


def test_a_redaction_of_a_person_says_where_the_name_still_stands(filled: Engine) -> None:
    with write_session(filled, actor=f"account: {CANARY} Esimerkki") as session:
        session.get_one(Person, 1).title = "x"
    result = run("redact", "--person", "2", "--why", "asked for", "--yes")
    assert f"The person’s name still stands in rows {ROWS + 1}:" in result.stderr
