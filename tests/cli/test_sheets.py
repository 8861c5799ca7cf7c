"""``prep cards sheet`` and the formats of ``prep cards print``."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prep.cli import prep
from prep.errors import NotFound, Refused
from tests.cards.reading import text_of
from tests.cli.test_cards import instance

__all__ = ["instance"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(prep, ["cards", *(str(one) for one in arguments)])


def test_the_members_of_a_body_are_printed(instance: Path) -> None:
    file = instance / "body.pdf"
    result = run("sheet", "body", "group-584", "--lang", "fi", "-o", file, "--json")
    assert json.loads(result.stdout)["sides"] == 1
    text = text_of(file.read_bytes())
    assert "Kunnanjohtaja" in text
    assert "Perho" in text
    # Five seats with a deputy each, and a number for everyone.
    assert text.count("+358") >= 10


def test_the_cover_of_a_binder_names_the_place_and_what_is_in_it(instance: Path) -> None:
    file = instance / "cover.pdf"
    assert run("sheet", "cover", "Perho", "--lang", "sv", "-o", file).exit_code == 0
    text = text_of(file.read_bytes())
    assert "Beredskapspärm" in text
    assert "Kontaktkort: kort 1" in text
    assert run("sheet", "cover", "-o", file).exit_code == 0
    assert "Contact card" not in text_of(file.read_bytes())


def test_a_sheet_of_nothing_is_refused_and_leaves_no_file(instance: Path) -> None:
    file = instance / "none.pdf"
    assert isinstance(run("sheet", "body", "nobody", "-o", file).exception, NotFound)
    assert isinstance(run("sheet", "call-list", "-o", file).exception, Refused)
    assert not file.exists()


@pytest.mark.parametrize("chosen", ["a5", "a6", "lanyard", "pocket"])
def test_a_contact_card_is_printed_in_the_format_asked_for(instance: Path, chosen: str) -> None:
    file = instance / "card.pdf"
    result = run(
        "print", "--municipality", "584", "--kind", "contact", "--format", chosen, "-o", file, "--json"
    )
    assert json.loads(result.stdout)["cards"] == 1
    assert "+358" in text_of(file.read_bytes())
