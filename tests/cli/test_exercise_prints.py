"""``prep cards exercise``: a file in, a PDF out; nothing is asked of the database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from prep.cards.exercise_file import SAMPLE
from prep.cli import prep
from prep.errors import Refused


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(prep, ["cards", "exercise", *(str(one) for one in arguments)])


def test_the_example_is_printed_as_it_is_shown(tmp_path: Path) -> None:
    shown = run("--example")
    assert shown.output == SAMPLE.read_text(encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(shown.output, encoding="utf-8")
    result = run(file, "-o", tmp_path / "own.pdf", "--json")
    told = json.loads(result.stdout)
    assert told["prints"] == 2 + 3 + 3 + 2 + 3
    assert len(PdfReader(tmp_path / "own.pdf").pages) == told["sides"]


def test_only_what_is_asked_for_is_printed_in_the_format_and_language_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "injects.pdf"
    options = ["--kind", "inject", "--number", "3", "--format", "a6", "--lang", "sv"]
    assert run(SAMPLE, "-o", file, *options).exit_code == 0
    reader = PdfReader(file)
    assert reader.pages[0]["/MediaBox"][2:] == pytest.approx([595.28, 841.89], abs=0.01)
    assert "Inspel 3" in reader.pages[0].extract_text()
    assert [one.title for one in reader.outline] == ["Inspel: Inspel 3"]
    assert reader.trailer["/Root"]["/Lang"] == "sv"


def test_a_refused_file_leaves_no_pdf(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("format = 1", encoding="utf-8")
    result = run(file, "-o", tmp_path / "out.pdf")
    assert isinstance(result.exception, Refused)
    assert list(tmp_path.iterdir()) == [file]


def test_a_number_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run(SAMPLE, "-o", tmp_path / "out.pdf", "--kind", "inject", "--number", "99")
    assert "There is nothing to print." in str(result.exception)


def test_without_a_file_it_is_misused() -> None:
    assert run().exit_code == 2
