"""Call list, drill form, members of a body, cover of a binder: what stands on them, printed and read back."""

from dataclasses import replace
from pathlib import Path

import pytest

from prep.cards.imprint import DataAge, Ground
from prep.cards.parts import Print
from prep.cards.qr import content
from prep.cards.sheets import (
    BodySheet,
    Calls,
    ChainSheet,
    Cover,
    Post,
    Reached,
    body_sheet,
    call_list,
    cover,
    drill_form,
)
from prep.errors import Refused
from prep.terms import Classification, Language
from tests.cards.builders import AT, ON
from tests.cards.prints import assert_sound, codes_of, texts_of, written
from tests.cards.reading import text_of, words_of

AINO = Reached("Aino Esimerkki", ("+358\xa000\xa0000\xa00101", "VIRVE\xa0000\xa0101"), 12)
EERO = Reached("Eero Kuviteltu", ("+358\xa000\xa0000\xa00102",), 214, is_stale=True)
OUTI = Reached("Outi Mallila", ("+358\xa000\xa0000\xa00103",), None)
SEATS = (
    Post("Kunnanjohtaja", AINO, (EERO,)),
    Post("Tekninen johtaja", OUTI),
    Post("Sivistysjohtaja", None),
)


def ground(language: Language = Language.FI, *, is_demo: bool = False) -> Ground:
    return Ground(language, Classification.INTERNAL, AT, DataAge(ON, ON, 1), is_demo)


def chain(language: Language = Language.FI, **changes) -> ChainSheet:
    usual = ChainSheet(
        ground=ground(language),
        body="Perhon johtoryhmä",
        version=4,
        deadline_min=30,
        quorum=2,
        calls=(
            Calls("Tilannekeskus", True, SEATS[:1]),
            Calls("Kunnanjohtaja", False, SEATS[1:]),
        ),
        seats=SEATS,
    )
    return replace(usual, **changes)


def body(language: Language = Language.FI, **changes) -> BodySheet:
    usual = BodySheet(ground(language), "Perhon johtoryhmä", "Perho", "Kunnanjohtaja", None, SEATS)
    return replace(usual, **changes)


def every_sheet(language: Language) -> list[Print]:
    return [
        call_list(chain(language)),
        drill_form(chain(language)),
        body_sheet(body(language)),
        cover(Cover(ground(language), "Perho", (("Laaja sähkökatko", 6), ("Tulva", 7)))),
    ]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("language", Language)
def test_every_sheet_is_sound_tagged_and_the_same_each_time(
    number: int, language: Language, tmp_path: Path
) -> None:
    made = every_sheet(language)[number]
    pdf = written([made], language=language)
    assert pdf == written([every_sheet(language)[number]], language=language)
    assert_sound(pdf, tmp_path)
    assert codes_of(pdf, tmp_path) == [content(made.code)]
    assert texts_of(pdf, "H1")[0] == made.title
    assert made.title in text_of(pdf)


def test_a_call_list_goes_from_caller_to_called_with_room_to_note_each_call() -> None:
    pdf = written([call_list(chain())])
    heads = texts_of(pdf, "TH")
    assert heads[:6] == ["Tehtävä", "Nimi", "Numerot", "soitettu", "vastasi", "kuittaus"]
    cells = texts_of(pdf, "TD")
    assert cells[:3] == [
        "1. Kunnanjohtaja",
        "Aino Esimerkki",
        "+358 00 000 0101 VIRVE 000 101",
    ]
    text = text_of(pdf)
    assert text.index("Soittaja: Tilannekeskus") < text.index("Soittaja: Kunnanjohtaja")
    # What keeps one from trusting a number stands with it; one that is fresh has nothing beside it.
    assert "! 214 pv, vanha" in text
    assert "12 pv" not in text
    assert "Päätösvaltaisuus (2 paikkaa) klo" in texts_of(pdf, "Lbl")


def test_a_drill_form_is_marked_as_an_exercise_and_has_a_line_for_every_seat() -> None:
    pdf = written([drill_form(chain())])
    assert len([one for one in words_of(pdf) if one.text == "EXERCISE"]) == 2
    cells = texts_of(pdf, "TD")
    assert all(post.name in cells for post in SEATS)
    assert "Väärät numerot ja muut löydetyt virheet" in texts_of(pdf, "H2")


def test_an_invented_drill_says_both_that_it_is_invented_and_that_it_is_an_exercise() -> None:
    pdf = written([drill_form(chain(ground=ground(is_demo=True)))])
    assert "KUVITTEELLINEN AINEISTO" in text_of(pdf, last=1)
    assert "HARJOITUS / ÖVNING / EXERCISE" in text_of(pdf, last=1)


def test_members_stand_with_deputies_numbers_and_ages_and_a_vacant_seat_keeps_its_line() -> None:
    pdf = written([body_sheet(body())])
    cells = texts_of(pdf, "TD")
    assert cells[:4] == [
        "Kunnanjohtaja",
        "Aino Esimerkki",
        "+358 00 000 0101 VIRVE 000 101",
        "12 pv",
    ]
    assert "? ei tietoa" in " ".join(cells)
    assert "Sivistysjohtaja" in cells
    assert "ei määrätty: kaikki paikat" in texts_of(pdf, "LBody")
    assert "2" in texts_of(written([body_sheet(body(quorum=2))]), "LBody")


def test_the_code_changes_with_a_number_and_not_with_its_age() -> None:
    older = (Post("Kunnanjohtaja", replace(AINO, age_days=13), (EERO,)), *SEATS[1:])
    other = (
        Post("Kunnanjohtaja", replace(AINO, numbers=("+358\xa000\xa0000\xa00199",)), (EERO,)),
        *SEATS[1:],
    )
    codes = [body_sheet(body(seats=seats)).code for seats in (SEATS, older, other)]
    assert codes[0] == codes[1] != codes[2]


def test_a_body_of_a_hundred_seats_goes_on_overleaf_under_its_title() -> None:
    many = tuple(Post(f"Paikka {number}", AINO) for number in range(100))
    pdf = written([body_sheet(body(seats=many))])
    assert all(f"Paikka {number}" in text_of(pdf) for number in range(100))
    assert "Jäsenet ja varajäsenet (jatkuu)" in texts_of(pdf, "H2")


def test_a_name_that_cannot_be_printed_is_refused_with_sheet_and_column() -> None:
    wrong = (Post("Kunnanjohtaja", replace(AINO, name="Aino 😀")),)
    with pytest.raises(Refused, match=r"Jäsenet ja numerot: Perhon johtoryhmä, Jäsenet ja varajäsenet: Nimi"):
        written([body_sheet(body(seats=wrong))])
