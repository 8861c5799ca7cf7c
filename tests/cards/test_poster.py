"""The poster of a chain: all that is in it can be read, on one sheet or on several that are joined."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from prep.alerting.picture import Link, Part
from prep.cards.imprint import DataAge
from prep.cards.poster import write_poster
from prep.cards.poster_content import Poster, PosterBox, PosterPerson
from prep.errors import Refused
from prep.language import say
from prep.terms import Classification, Language, Paper
from tests.cards.builders import AT, ON
from tests.cards.reading import fonts_of, ruled_lines, text_of, word, words_of


def seat(number: int, *people: PosterPerson) -> PosterBox:
    return PosterBox(f"seat/{number}", Part.SEAT, f"Paikka{number}", people)


AINO = PosterPerson("Aino Esimerkki", ("+358\xa000\xa0000\xa00101", "VIRVE\xa0000\xa0101"))
EERO = PosterPerson(
    "Eero Kuviteltu", ("+358\xa000\xa0000\xa00102",), remark="numeroa ei vahvistettu", is_deputy=True
)


def poster(*seats: PosterBox, **changes) -> Poster:
    boxes = (
        PosterBox("desk", Part.SOURCE, "Tilannekeskus", (PosterPerson("Tilannekeskus", ("112\xa0000",)),)),
        *seats,
        PosterBox("body", Part.BODY, "Johtoryhmä", note="1/2 paikkaa"),
    )
    links = [Link("desk", one.key, order) for order, one in enumerate(seats, start=1)]
    made = Poster(
        title="Perhon johtoryhmä",
        below=say("{quorum} of {seats} seats", quorum=1, seats=2),
        version=3,
        boxes=boxes,
        links=(*links, *(Link(one.key, "body") for one in seats)),
        language=Language.FI,
        classification=Classification.INTERNAL,
        printed_at=AT,
        data_age=DataAge.of([ON, None]),
        is_demo=True,
    )
    return replace(made, **changes)


def printed(made: Poster, paper: Paper = Paper.A3) -> bytes:
    file = io.BytesIO()
    write_poster(file, made, paper=paper)
    return file.getvalue()


def test_it_says_who_is_called_by_which_numbers_in_which_order() -> None:
    text = text_of(printed(poster(seat(1, AINO, EERO), seat(2, AINO))))
    for written in (
        "HÄLYTYSKETJU Perhon johtoryhmä 1/2 paikkaa",
        "KUVITTEELLINEN AINEISTO",
        "Aino Esimerkki +358 00 000 0101",
        "VIRVE 000 101",
        "varalla: Eero Kuviteltu +358 00 000 0102 numeroa ei vahvistettu",
        "tavoitettu klo",
        "Vain sisäiseen käyttöön",
        "Versio 3",
        "arkki 1/1",
        "vahvistamatta: 1",
    ):
        assert written in text, written
    # A desk is not named twice, and stands before those it calls.
    assert text.count("Tilannekeskus") == 1
    sheet = printed(poster(seat(1, AINO), seat(2, EERO)))
    assert word(sheet, "Tilannekeskus").right < word(sheet, "1.").left < word(sheet, "Paikka1").left
    assert word(sheet, "Paikka1").right < word(sheet, "Johtoryhmä").left


def test_where_nobody_is_in_the_post_there_are_lines_to_write_on() -> None:
    def lines(*people: PosterPerson) -> int:
        pdf = printed(poster(seat(1, *people), seat(2, AINO)))
        name, foot = word(pdf, "Paikka1"), next(one for one in words_of(pdf) if one.text == "tavoitettu")
        return len(ruled_lines(pdf, 1, name.left + 2, name.left + 120, name.bottom + 2, foot.top))

    assert lines() == 2
    assert lines(AINO) == 0
    assert "______" in text_of(printed(poster(seat(1, PosterPerson("Aino Esimerkki", ())), seat(2, AINO))))


def test_all_fonts_are_embedded_and_the_same_poster_gives_the_same_bytes(tmp_path: Path) -> None:
    made = poster(seat(1, AINO), seat(2, EERO))
    assert all(row[-5] == "yes" for row in fonts_of(printed(made), tmp_path))
    assert printed(made) == printed(made)


@pytest.mark.parametrize("paper", Paper)
def test_a_large_chain_goes_over_sheets_that_repeat_a_strip(paper: Paper) -> None:
    seats = tuple(seat(number, AINO, EERO) for number in range(1, 25))
    file = io.BytesIO()
    count = write_poster(file, poster(*seats), paper=paper)
    pdf = file.getvalue()
    assert count == len(PdfReader(io.BytesIO(pdf)).pages) > 1
    words = [one for side in range(1, count + 1) for one in words_of(pdf, side)]
    assert {f"Paikka{number}" for number in range(1, 25)} <= {one.text for one in words}
    # Never smaller than eight points on paper: the box of a word is as high as its line.
    assert min(one.bottom - one.top for one in words if one.text.startswith("Paikka")) >= 8
    assert f"arkki 1/{count} (rivi 1, sarake 1)" in text_of(pdf, last=1)


def test_a_chain_too_large_for_any_wall_is_refused_with_the_remedy() -> None:
    with pytest.raises(Refused) as refused:
        printed(poster(*(seat(number, AINO, EERO) for number in range(1, 400))), Paper.A4)
    assert "24" in str(refused.value)
    assert "Choose the larger paper" in str(refused.value)


def test_signs_that_cannot_be_printed_are_refused_with_the_box() -> None:
    with pytest.raises(Refused) as refused:
        printed(poster(seat(1, PosterPerson("Aino 🚒", ()))))
    assert "box Paikka1" in str(refused.value)
    assert "U+1F692" in str(refused.value)
