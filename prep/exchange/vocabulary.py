"""The fields of a list, the headings under which they come, and the words in their cells."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from prep.terms import Language

_FOLDER = Path(__file__).parent
# As often as anybody has numbers and addresses at all.
_MOST_TIMES = 12
EXACT = 100
_WEAK = 90
# Below this likeness a heading is another word: "Kunta" and "kunto" are 80 alike.
_LEAST_LIKENESS = 88
# Likeness of short headings means nothing.
_SHORTEST = 5
# What headings say beside the word: units, coordinate systems, hints on how to fill the column in.
_BESIDE = {
    *("m2", "kpl", "st", "lkm", "h", "t", "vrk", "pv", "min", "tuntia", "timmar", "hours"),
    *("hlö", "henk", "pers", "nro", "x", "etrs", "tm35fin", "tm35", "wgs84", "wgs", "epsg", "3067", "4326"),
}
_UNITS = {
    "min": ("min", "minuuttia", "minuter", "minutes"),
    "d": ("vrk", "pv", "päivää", "dygn", "dagar", "days"),
}


class ListKind(StrEnum):
    """What a list is about; the value is the name of the file of its fields."""

    PREMISES = "fields"
    CONTACTS = "contact_fields"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a list can tell."""

    key: str
    kind: str
    headings: frozenset[str]
    weak_headings: frozenset[str]
    least: float | None
    most: float | None
    none_is_zero: bool
    longest: int


@cache
def fields(kind: ListKind = ListKind.PREMISES) -> Mapping[str, Field]:
    """All fields of a kind of list by key, in the order in which they take headings.

    A column that may come several times has a field for each: ``mobile``, ``mobile.2``, ``mobile.3``, …
    """
    found = {}
    for one in _content(kind.value)["field"]:
        strong = [heading for language in ("fi", "sv", "en") for heading in one[language]]
        field = Field(
            key=one["key"],
            kind=one["kind"],
            # Files for programs have the key itself for a heading.
            headings=frozenset(plain_heading(heading) for heading in [*strong, one["key"]]),
            weak_headings=frozenset(plain_heading(heading) for heading in one.get("weak", [])),
            least=one.get("least"),
            most=one.get("most"),
            none_is_zero=one.get("none_is_zero", False),
            longest=one.get("longest", 300),
        )
        found[field.key] = field
        if one.get("several", False):
            found.update({again.key: again for again in _again(field)})
    return found


def heading_of(key: str, kind: ListKind, language: Language) -> str:
    """The heading under which prep itself writes a field.

    >>> heading_of("mobile.2", ListKind.CONTACTS, Language.SV)
    'Mobil 2'
    """
    known = {one["key"]: one for one in _content(kind.value)["field"]}
    # The part after the dot counts columns of one kind, unless it belongs to the name, as in use.catering.
    plain, _, number = (key, "", "") if key in known else key.partition(".")
    field = known[plain]
    heading: str = field[language.value][0]
    return f"{heading[0].upper()}{heading[1:]}{f' {number}' if number else ''}"


@cache
def words(kind: str) -> frozenset[str]:
    """The words of a kind that stand in cells: unknown, yes, no, at_once."""
    return frozenset(plain_word(word) for word in _content("words")["words"][kind])


@cache
def meanings(kind: str) -> Mapping[str, str]:
    """Which value a word in a cell means, for ``status``, ``use``, ``rank``, ``language`` and others."""
    many = _content("words")["words"][kind]
    # Files for programs hold the value itself.
    return {plain_word(word): value for value, words_of in many.items() for word in [*words_of, value]}


def plain_heading(heading: str) -> str:
    """A heading without case, punctuation and units.

    >>> plain_heading("WC:t (kpl)"), plain_heading("Hyötyala\\nm²"), plain_heading("h")
    ('wct', 'hyötyala', 'h')
    """
    text = unicodedata.normalize("NFKC", heading).casefold().replace(":", "").replace("§", " pykälä ")
    tokens = re.sub(r"[^\w]+|_", " ", text).split()
    return " ".join(token for token in tokens if token not in _BESIDE) or " ".join(tokens)


def plain_word(word: str) -> str:
    """A word in a cell without case and needless spaces."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def unit_in(heading: str) -> str:
    """The unit of time in a heading: ``h`` unless it says minutes or days.

    >>> unit_in("Varavoima (vrk)"), unit_in("Avautuu")
    ('d', 'h')
    """
    tokens = set(re.sub(r"[^\w]+", " ", heading.casefold()).split())
    return next((unit for unit, many in _UNITS.items() if tokens & set(many)), "h")


@cache
def recognised(heading: str, kind: ListKind = ListKind.PREMISES) -> tuple[tuple[int, str], ...]:
    """The fields that a heading may mean with their confidence (0 to 100), the likeliest first."""
    plain = plain_heading(heading)
    if not plain:
        return ()
    found = []
    for place, field in enumerate(fields(kind).values()):
        confidence = _confidence(plain, field)
        if confidence:
            found.append((-confidence, place, field.key))
    return tuple((-confidence, key) for confidence, _, key in sorted(found))


def _confidence(plain: str, field: Field) -> int:
    if plain in field.headings:
        return EXACT
    if plain in field.weak_headings:
        return _WEAK
    if len(plain) < _SHORTEST:
        return 0
    digits = re.findall(r"\d", plain)
    alike = [
        fuzz.ratio(plain, heading)
        for heading in field.headings
        # "Puhelin 3" is not "puhelin 2".
        if len(heading) >= _SHORTEST and re.findall(r"\d", heading) == digits
    ]
    best = max(alike, default=0.0)
    # Never as sure as a heading that is known.
    return min(round(best), _WEAK - 1) if best >= _LEAST_LIKENESS else 0


def _again(field: Field) -> list[Field]:
    """The same column once more and oftener, by its number; one that stands twice without a number is the second."""
    return [
        replace(
            field,
            key=f"{field.key}.{number}",
            headings=frozenset(f"{heading} {number}" for heading in field.headings),
            weak_headings=field.headings if number == 2 else frozenset(),
        )
        for number in range(2, _MOST_TIMES + 1)
    ]


@cache
def _content(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
