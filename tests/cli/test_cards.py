"""``prep cards print``: a file, a count, an entry in the register."""

import io
import json
import resource
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from prep.cli import output, prep
from prep.db import make_engine, read_session, write_session
from prep.errors import NotFound, Refused
from prep.models import IssuedCard
from prep.terms import Language
from tests.cards.builders import whole_county
from tests.cards.reading import text_of

Run = Callable[..., Result]


@pytest.fixture
def instance(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An instance folder with an invented county."""
    shutil.copy(sqlite_template, tmp_path / "prep.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    with write_session(engine, actor="test") as session:
        whole_county(session)
    engine.dispose()
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    output.settings.cache_clear()
    yield tmp_path
    output.settings.cache_clear()


@pytest.fixture
def run(instance: Path) -> Run:
    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(prep, ["cards", "print", *(str(one) for one in arguments)])

    return invoke


def issued(instance: Path) -> int:
    engine = make_engine(f"sqlite:///{instance / 'prep.db'}")
    with read_session(engine) as session:
        count = session.scalar(select(func.count()).select_from(IssuedCard)) or 0
    engine.dispose()
    return count


def test_one_card_is_printed_and_entered_in_the_register(run: Run, instance: Path) -> None:
    file = instance / "card.pdf"
    result = run("--municipality", "Kokkola", "--role", "PC", "--disruption", "flood", "-o", file, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"cards": 1, "sides": 4, "file": str(file)}
    assert "Flood" in text_of(file.read_bytes())
    assert issued(instance) == 1


@pytest.mark.parametrize("name", ["272", "Kokkola", "kokkola", "Karleby"])
def test_a_municipality_is_named_by_code_or_in_either_language(run: Run, instance: Path, name: str) -> None:
    file = instance / "card.pdf"
    result = run("--municipality", name, "--kind", "contact", "--lang", "sv", "-o", file)
    assert result.exit_code == 0, result.output
    assert "KONTAKTKORT" in text_of(file.read_bytes())
    assert "Karleby" in text_of(file.read_bytes())


def test_an_unknown_municipality_is_told_those_there_are(run: Run, instance: Path) -> None:
    result = run("--municipality", "Åbo", "-o", instance / "card.pdf")
    assert isinstance(result.exception, NotFound)
    assert result.exception.in_language(Language.EN) == (
        "Municipality: “Åbo” There is no municipality of this name or code in the county. "
        "Write one of Halsua, Kannus, Kaustinen, Kokkola, Lestijärvi, Perho, Toholampi, Veteli."
    )
    assert not (instance / "card.pdf").exists()


@pytest.mark.slow
def test_all_cards_of_the_county_are_printed_with_progress_on_the_other_channel(
    run: Run, instance: Path
) -> None:
    file = instance / "county.pdf"
    result = run("-o", file)
    assert result.exit_code == 0, result.output
    assert "Setting cards: 654" in result.stderr
    assert "9/9 Veteli: cards 76, sides " in result.stderr
    assert "654" in result.stdout
    assert "Setting" not in result.stdout
    reader = pypdf.PdfReader(io.BytesIO(file.read_bytes()))
    assert len(reader.pages) > 1300
    assert issued(instance) == 654


def test_printing_again_gives_the_same_file_and_one_more_copy(run: Run, instance: Path) -> None:
    first, second = instance / "first.pdf", instance / "second.pdf"
    for file in (first, second):
        assert run("--municipality", "584", "--kind", "contact", "-o", file).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    assert issued(instance) == 1


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ("/tmp", "This is the name of a folder or a device. Write the name of a file, such as cards.pdf."),  # noqa: S108
        ("/dev/null", "This is the name of a folder or a device."),
        ("/none/card.pdf", "The file cannot be written there: there is no such file or folder."),
        # Not even the administrator can write here.
        ("/proc/card.pdf", "The file cannot be written there: "),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    run: Run, instance: Path, place: str, rule: str
) -> None:
    result = run("-o", place)
    assert isinstance(result.exception, Refused)
    assert f"{place}: {rule}" in result.exception.in_language(Language.EN)
    assert "Setting" not in result.stderr
    assert issued(instance) == 0


def test_a_full_disk_is_refused_and_leaves_yesterdays_file(run: Run, instance: Path) -> None:
    file = instance / "card.pdf"
    file.write_bytes(b"yesterday's")
    limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    # More than the database needs to be read, less than a card.
    resource.setrlimit(resource.RLIMIT_FSIZE, (34_000, most))
    try:
        result = run("--municipality", "584", "--kind", "contact", "-o", file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    assert isinstance(result.exception, Refused)
    assert (
        "The file cannot be written there: the file would be larger than the system allows. Make room"
        in str(result.exception)
    )
    assert file.read_bytes() == b"yesterday's"
    assert sorted(path.name for path in instance.glob("*card*")) == ["card.pdf"]
    assert issued(instance) == 0


def test_a_card_that_cannot_be_set_leaves_file_and_register_as_they_were(run: Run, instance: Path) -> None:
    engine = make_engine(f"sqlite:///{instance / 'prep.db'}")
    with write_session(engine, actor="test") as session:
        from prep.models import Person

        session.scalars(select(Person).where(Person.municipality_code == "584")).first().name = "Aino 🔥"  # type: ignore[union-attr]
    engine.dispose()
    file = instance / "card.pdf"
    file.write_bytes(b"yesterday's")
    result = run("--municipality", "584", "--kind", "contact", "-o", file)
    assert isinstance(result.exception, Refused)
    assert "Perho: Contact card, calling list: “🔥 U+1F525” These signs cannot be printed" in str(
        result.exception
    )
    assert file.read_bytes() == b"yesterday's"
    assert sorted(path.name for path in instance.glob("*card*")) == ["card.pdf"]
    assert issued(instance) == 0


def test_the_file_is_its_owners_alone_for_it_holds_telephone_numbers(run: Run, instance: Path) -> None:
    file = instance / "card.pdf"
    assert run("--municipality", "584", "--kind", "contact", "-o", file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_role_of_the_county_has_no_card_in_a_municipality(run: Run, instance: Path) -> None:
    result = run("--municipality", "584", "--role", "RO", "-o", instance / "card.pdf")
    assert isinstance(result.exception, NotFound)
    assert "There is no card of this kind. A role belongs either to the county or" in str(result.exception)


def test_the_classification_of_the_settings_stands_on_the_cards(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREP_CLASSIFICATION", "secret")
    output.settings.cache_clear()
    file = instance / "card.pdf"
    assert run("--municipality", "584", "--kind", "contact", "-o", file).exit_code == 0
    assert "Secret (621/1999, section 24)" in text_of(file.read_bytes())


def test_an_unknown_classification_in_the_settings_is_refused(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREP_CLASSIFICATION", "hush")
    output.settings.cache_clear()
    result = run("--municipality", "584", "--kind", "contact", "-o", instance / "card.pdf")
    assert isinstance(result.exception, Refused)
    assert "PREP_CLASSIFICATION: “hush” The value is public, internal or secret." in str(result.exception)
