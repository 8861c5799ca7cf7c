"""Small questions that an entry of a pack can answer."""

from datetime import date

import pytest

from prep.language import in_language
from prep.regions import kinds
from prep.regions.agreement import Agreement, Frequency
from prep.regions.base import Words
from prep.regions.kinds import EvidenceMark, Period, Validity, label
from prep.regions.places import Municipality, Population
from prep.terms import Language


@pytest.mark.parametrize(
    ("low", "high", "period", "words"),
    [
        (1, 1, Period.YEAR, "kerran vuodessa"),
        (4, 4, Period.YEAR, "4 kertaa vuodessa"),
        (1, 3, Period.YEAR, "1–3 kertaa vuodessa"),
        (1, None, Period.YEAR, "vähintään kerran vuodessa"),
        (2, None, Period.YEAR, "vähintään 2 kertaa vuodessa"),
        (1, 1, Period.COUNCIL_TERM, "kerran valtuustokaudessa"),
        (2, 2, Period.COUNCIL_TERM, "2 kertaa valtuustokaudessa"),
        (1, 2, Period.COUNCIL_TERM, "1–2 kertaa valtuustokaudessa"),
        (1, None, Period.COUNCIL_TERM, "vähintään kerran valtuustokaudessa"),
        (3, None, Period.COUNCIL_TERM, "vähintään 3 kertaa valtuustokaudessa"),
    ],
)
def test_a_frequency_is_said_in_words(low: int, high: int | None, period: Period, words: str) -> None:
    assert in_language(Frequency(min=low, max=high, period=period).in_words(), Language.FI) == words


def test_words_are_shown_in_the_next_language_when_one_is_missing() -> None:
    assert Words(fi="kunta", sv="kommun").in_language(Language.SV) == "kommun"
    assert Words(fi="kunta").in_language(Language.SV) == "kunta"
    assert Words(sv="kommun", en="municipality").in_language(Language.FI) == "kommun"
    assert Words(en="municipality").in_language(Language.SV) == "municipality"


def test_the_newest_population_is_taken_unless_a_day_is_named() -> None:
    place = Municipality(
        code="997",
        name=Words(fi="Esimerkki"),
        populations=(
            Population(day=date(2022, 12, 31), people=90),
            Population(day=date(2020, 12, 31), people=100),
        ),
    )
    newest, older = place.population(), place.population(on=date(2020, 12, 31))
    assert newest is not None
    assert older is not None
    assert (newest.people, older.people) == (90, 100)
    assert place.population(on=date(2021, 12, 31)) is None


def agreement(**validity: date | bool) -> Agreement:
    words = Words(fi="Sopimus")
    return Agreement(key="a", name=words, parties=words, evidence=EvidenceMark.AGREEMENT, **validity)  # type: ignore[arg-type]


def test_until_further_notice_is_in_force_from_its_first_day_on() -> None:
    open_ended = agreement(starts=date(2024, 3, 1), until_further_notice=True)
    assert open_ended.validity(on=date(2024, 2, 29)) is Validity.NOT_STARTED
    assert open_ended.validity(on=date(2024, 3, 1)) is Validity.IN_FORCE
    assert open_ended.validity(on=date(2060, 1, 1)) is Validity.IN_FORCE


def test_an_end_that_is_not_known_is_not_taken_for_none() -> None:
    assert agreement(starts=date(2024, 3, 1)).validity(on=date(2060, 1, 1)) is Validity.UNKNOWN


# Shown as data or in a sentence of their own (a frequency), not by a label.
WITHOUT_LABEL = {kinds.Period, kinds.SourceCover}


def test_every_kind_has_its_name_in_finnish_and_swedish() -> None:
    shown = [
        kind
        for kind in vars(kinds).values()
        if isinstance(kind, type) and kind.__module__ == kinds.__name__ and kind not in WITHOUT_LABEL
    ]
    assert len(shown) == 13
    for kind in shown:
        for one in kind:  # type: ignore[attr-defined]
            finnish, swedish = (in_language(label(one), language) for language in (Language.FI, Language.SV))
            assert finnish != swedish, one
