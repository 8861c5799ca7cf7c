"""An exercise file, read: what is in it, and everything that is wrong with it, each with its place."""

from pathlib import Path

import pytest

from prep.cards.exercise_file import SAMPLE, read_exercise, schema_text
from prep.cards.exercise_terms import InjectWay, Reliability
from prep.errors import Refused
from prep.terms import Language

ROOT = Path(__file__).parent.parent.parent


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> Path:
    text = SAMPLE.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "exercise.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusals(path: Path, language: Language | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        read_exercise(path, language)
    return str(refusal.value)


def test_the_published_schema_is_that_of_the_program() -> None:
    assert (ROOT / "docs" / "exercise-file.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_sample_says_what_it_says_in_each_language() -> None:
    finnish, swedish = (read_exercise(SAMPLE, one) for one in (Language.FI, Language.SV))
    assert (finnish.name, swedish.name) == ("Pakkasyö 2027", "Frostnatt 2027")
    assert [one.to.title for one in swedish.injects] == [
        "Kommundirektör",
        "Teknisk direktör",
        "Kommunikationschef",
    ]
    assert finnish.injects[1].way is InjectWay.RADIO
    assert finnish.situations[1].reliability is Reliability.UNCONFIRMED
    # What the file leaves out is not made up.
    assert (finnish.situations[1].weather, finnish.situations[1].next_update) == ("", None)


def test_without_a_language_the_first_of_the_file_is_taken() -> None:
    assert read_exercise(SAMPLE).language is Language.FI


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'to = "leader"',
            'to = "leeder"',
            r"injects\[1\]\.to .*line \d+.*“leeder” Nothing in the file has this key",
        ),
        (
            'real_time = "08:50"',
            'real_time = "8.50"',
            r"injects\[1\]\.real_time.*“8\.50” This has to be a time of day",
        ),
        ('ends = "12:00"', 'ends = "08:30"', r"exercise\.ends.*The exercise ends before it has begun"),
        ('kind = "functional"', 'kind = "big"', r"exercise\.kind.*Use one of these: tabletop, functional"),
        ("number = 2\ntitle", "number = 1\ntitle", r"situations\[2\]\.number.*stands in the file already"),
        (
            'objectives = ["warm"]\ncontroller',
            'objectives = ["x"]\ncontroller',
            r"injects\[2\]\.objectives.*“x”",
        ),
        (
            ', sv = "Teknisk direktör"',
            "",
            r"roles\[2\]\.title.*missing in one language of the exercise \(sv\)",
        ),
        ('controller = "PK 1"', 'kontroller = "PK 1"', r"Perhaps “controller” is meant"),
        ('format = "prep-exercise-1"', 'format = "prep-exercise-9"', r"not the form of file that prep reads"),
        ("version = 1", "version = 0", r"exercise\.version.*the least is 1"),
    ],
)
def test_a_fault_is_named_with_its_place_and_remedy(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read_exercise(changed(tmp_path, (old, new)))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = changed(tmp_path, ('to = "leader"', 'to = "x"'), ('to = "technical"', 'to = "y"'))
    assert len(refusals(path).splitlines()) == 2


def test_a_language_that_the_exercise_lacks_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, ('languages = ["fi", "sv", "en"]', 'languages = ["fi", "sv"]'))
    assert "The text is in a language that the exercise does not have." in refusals(path)
    only_finnish = tmp_path / "fi.toml"
    only_finnish.write_text(
        'format = "prep-exercise-1"\nlanguages = ["fi"]\n[exercise]\nname = { fi = "Koe" }\nkind = "tabletop"\n'
        'day = 2027-01-01\nbegins = "08:00"\nends = "09:00"\nplace = { fi = "Sali" }\nversion = 1\n'
        'classification = "public"\ncontrol = "PK"\nstop_word = { fi = "Seis" }\n',
        encoding="utf-8",
    )
    assert read_exercise(only_finnish).name == "Koe"
    assert "The exercise is not written in this language." in refusals(only_finnish, Language.SV)


def test_a_file_that_is_no_toml_or_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusals(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("format = prep", encoding="utf-8")
    assert "line 1" in refusals(broken)
