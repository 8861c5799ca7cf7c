"""The formats: where faces stand on a sheet, backs behind their fronts, marks, what does not fit."""

from dataclasses import replace
from pathlib import Path

import pytest

from prep.cards.card_prints import print_of
from prep.cards.formats import measure_of
from prep.cards.parts import People, PersonLine, Prose, Steps
from prep.cards.qr import content
from prep.errors import NotFound, Refused
from prep.terms import CardFormat, Language
from tests.cards import samples
from tests.cards.prints import a_print, assert_sound, codes_of, texts_of, written
from tests.cards.reading import MM, text_of, words_of

SMALL = (CardFormat.A5, CardFormat.A6, CardFormat.LANYARD, CardFormat.POCKET)


def numbered(count: int, *parts) -> list:
    return [a_print(*parts, title=f"Kortti{number}", name=f"Kortti{number}") for number in range(count)]


@pytest.mark.parametrize("chosen", CardFormat)
def test_no_face_lies_over_another_or_beyond_the_sheet(chosen: CardFormat) -> None:
    measure = measure_of(chosen)
    for slots in (measure.fronts, measure.backs):
        corners = [(one.x, one.y) for one in slots]
        for x, y in corners:
            assert -0.01 <= x <= measure.sheet[0] - measure.width + 0.01
            assert -0.01 <= y <= measure.sheet[1] - measure.height + 0.01
        for number, (x, y) in enumerate(corners):
            for other_x, other_y in corners[number + 1 :]:
                assert abs(x - other_x) >= measure.width - 0.01 or abs(y - other_y) >= measure.height - 0.01


@pytest.mark.parametrize("chosen", [CardFormat.A4, CardFormat.A5, CardFormat.A6, CardFormat.LANYARD])
def test_a_back_lies_behind_its_front_when_the_sheet_is_turned(chosen: CardFormat) -> None:
    measure = measure_of(chosen)
    for front, back in zip(measure.fronts, measure.backs, strict=True):
        assert measure.sheet[0] - front.x - measure.width == pytest.approx(back.x)
        assert front.y == back.y


@pytest.mark.parametrize("chosen", CardFormat)
def test_a_step_is_never_smaller_than_twelve_points(chosen: CardFormat) -> None:
    kind = measure_of(chosen).type
    assert min(kind.step.size, kind.step_bold.size) >= 12
    assert min(style.size for style in (kind.foot, kind.small, kind.kicker)) >= 7


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("chosen", SMALL)
def test_a_contact_card_in_every_format_is_sound_and_bears_its_code(
    chosen: CardFormat, language: Language, tmp_path: Path
) -> None:
    card = samples.contact(imprint=samples.imprint(language=language, status=None))
    pdf = written([print_of(card)], chosen, language=language)
    assert pdf == written([print_of(card)], chosen, language=language)
    assert_sound(pdf, tmp_path)
    assert content(card.code) in codes_of(pdf, tmp_path)
    text = text_of(pdf)
    for name in ("Aino", "Eero", "Outi"):
        assert name in text
    assert "INVENTED DATA" in text


def test_an_action_card_keeps_every_step_and_number_on_a5() -> None:
    card = samples.action()
    text = text_of(written([print_of(card)], CardFormat.A5))
    for step in (step for phase in card.phases for step in phase.steps):
        assert step.text in text
    for row in card.contacts:
        assert all(number in text.replace("\xa0", " ") for number in row.numbers)


def test_four_small_cards_stand_on_a_sheet_and_the_fifth_on_the_next() -> None:
    pdf = written(numbered(5), CardFormat.A6)
    assert all(f"Kortti{number}" in text_of(pdf, last=1) for number in range(4))
    assert "Kortti4" in text_of(pdf, first=2)
    places = {one.text: (one.left, one.top) for one in words_of(pdf) if one.text.startswith("Kortti")}
    assert places["Kortti1"][0] - places["Kortti0"][0] == pytest.approx(105 * MM, abs=0.1)
    assert places["Kortti2"][1] - places["Kortti0"][1] == pytest.approx(148.5 * MM, abs=0.1)


def test_the_back_of_the_first_card_is_printed_at_the_other_side() -> None:
    long = Steps("Tehtävät", tuple(f"Askel numero {number}" for number in range(14)))
    pdf = written(numbered(2, long), CardFormat.A6)
    first = next(one for one in words_of(pdf, 2) if one.text == "Kortti0")
    second = next(one for one in words_of(pdf, 2) if one.text == "Kortti1")
    assert first.left > 105 * MM > second.left


def test_a_pocket_card_is_one_side_of_paper_whose_upper_row_stands_on_its_head() -> None:
    people = tuple(PersonLine(f"Virka{n}", f"Nimi{n}", ("+358\xa000\xa0000\xa00101",)) for n in range(28))
    pdf = written([a_print(People("Soita", people))], CardFormat.POCKET)
    words = {one.text: one for one in words_of(pdf)}
    assert all(f"Nimi{number}" in words for number in range(28))
    # Read on the sheet turned round, the rear row begins where the front row ends.
    assert words["Nimi0"].top > 105 * MM
    assert words["Nimi27"].top < 105 * MM
    # No number is broken over two lines.
    assert text_of(pdf).replace("\xa0", " ").count("+358 00 000 0101") == 28


def test_what_is_too_much_for_a_pocket_card_is_refused_with_the_millimetres() -> None:
    people = tuple(PersonLine(f"Virka{n}", f"Nimi{n}", ("+358\xa000\xa0000\xa00101",)) for n in range(80))
    with pytest.raises(Refused, match=r"Koe: Perho, Soita: The text is \d+ mm too high for the 8 sides"):
        written([a_print(People("Soita", people))], CardFormat.POCKET)


def test_a_name_of_120_letters_is_broken_and_kept_in_every_format() -> None:
    name = "Aleksanteri" * 11
    line = People("Soita", (PersonLine("Kunnanjohtaja", name, ("+358\xa000\xa0000\xa00101",)),))
    for chosen in SMALL:
        text = text_of(written([a_print(line)], chosen)).replace(" ", "").replace("-", "")
        assert name in text


def test_nobody_to_call_leaves_lines_to_write_on() -> None:
    card = samples.contact(sections=(replace(samples.contact().sections[0], rows=()),))
    assert "kirjaa, kenet tavoitat" in text_of(written([print_of(card)], CardFormat.A6))


def test_a_part_in_another_language_says_so() -> None:
    pdf = written([a_print(Prose("Till invånarna", ("Perho: elavbrott.",), language=Language.SV))])
    assert b"/Lang (sv)" in pdf or b"/Lang(sv)" in pdf
    assert "Perho: elavbrott." in texts_of(pdf, "P")


def test_the_picture_of_the_code_is_described() -> None:
    assert b"QR-koodi" in written([a_print()]) or b"Q\x00R" in written([a_print()])


def test_without_a_tree_the_same_is_drawn(tmp_path: Path) -> None:
    tagged, plain = written([a_print()]), written([a_print()], has_tree=False)
    assert text_of(tagged) == text_of(plain)
    assert b"StructTreeRoot" in tagged
    assert b"StructTreeRoot" not in plain
    assert_sound(plain, tmp_path)


def test_nothing_to_print_is_refused() -> None:
    with pytest.raises(NotFound, match="There is nothing to print"):
        written([])
