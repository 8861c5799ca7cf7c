"""Every sentence that a user can meet exists in Finnish and in Swedish."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import prep
from prep.language import LOCALE_DIR, as_written, in_language, say
from prep.terms import Language

ROOT = Path(prep.__file__).parent
# In templates sentences are marked with _("…"), in the program with say("…").
METHODS = [("**.py", "python"), ("**/templates/**.*", "jinja2")]


def sentences() -> dict[str, str]:
    """Every marked sentence of the program, with the place where it stands."""
    found = {}
    for file, line, text, _, _ in extract_from_dir(
        ROOT, method_map=METHODS, keywords={"say": None, "_": None}, strip_comment_tags=False
    ):
        if isinstance(text, str) and text:
            found[text] = f"{file}:{line}"
    return found


def catalogue(language: str) -> Catalog:
    merged = Catalog(locale=language)
    for path in sorted((LOCALE_DIR / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id:
                    merged.add(entry.id, entry.string)
    return merged


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_has_its_translation(language: str) -> None:
    known = catalogue(language)
    missing = [
        f"{place}: {text}"
        for text, place in sentences().items()
        if not (known.get(text) and known[text].string)
    ]
    assert missing == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_translation_is_left_over(language: str) -> None:
    used = sentences()
    assert [entry.id for entry in catalogue(language) if entry.id and entry.id not in used] == []


def names_in(template: str) -> set[str]:
    return {
        re.split(r"[.\[:!]", field)[0]
        for _, field, _, _ in string.Formatter().parse(template)
        if field is not None
    }


def translations() -> Iterator[tuple[str, str]]:
    for language in ("fi", "sv"):
        for entry in catalogue(language):
            if entry.id:
                yield str(entry.id), str(entry.string)


def test_a_translation_uses_the_facts_of_its_sentence_and_no_others() -> None:
    wrong = [(original, text) for original, text in translations() if names_in(original) != names_in(text)]
    assert wrong == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_two_catalogues_translate_the_same_sentence_differently(language: str) -> None:
    seen: dict[str, str] = {}
    wrong = []
    for path in sorted((LOCALE_DIR / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id and seen.setdefault(str(entry.id), str(entry.string)) != entry.string:
                    wrong.append((entry.id, seen[str(entry.id)], entry.string))
    assert wrong == []


def test_facts_are_written_the_finnish_way() -> None:
    message = say("{n} of {share}", n=12345, share=0.5)
    assert in_language(message, Language.EN) == "12\xa0345 of 0,5"
    assert as_written(["Halsua", "Perho"], Language.FI) == "Halsua, Perho"
