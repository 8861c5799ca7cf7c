"""Lines break where a reader would break them, and no sign is printed wrongly in silence."""

import pytest

from prep.cards.typography import Font, Style, break_lines, clean, register_fonts, set_text, unprintable

register_fonts()
STEP = Style(Font.REGULAR, 12, 15)
BOLD = Style(Font.BOLD, 12, 15)


def lines(text: str, width: float) -> list[str]:
    return [" ".join(span.text for span in line) for line in break_lines(((clean(text), STEP),), width)]


def test_no_line_is_wider_than_the_width() -> None:
    text = "Sovi tilannekeskuksen ja kuntien kanssa, mihin siirrettävä varavoima viedään ensin. " * 40
    for line in break_lines(((text, STEP),), 300):
        assert line[-1].x + STEP.width(line[-1].text) <= 300.01


def test_all_words_are_kept_in_order() -> None:
    text = "Kirjaa hälytysaika ja hälyttäjä. " * 30
    assert " ".join(lines(text, 180)).split() == text.split()


def test_a_number_stays_with_its_unit() -> None:
    # "6" would still fit on the first line.
    width = STEP.width("Varaa tila, jos katko kestää yli 6") + 1
    assert [line.replace("\xa0", " ") for line in lines("Varaa tila, jos katko kestää yli 6 h", width)] == [
        "Varaa tila, jos katko",
        "kestää yli 6 h",
    ]


def test_a_dash_never_begins_a_line() -> None:
    width = STEP.width("Luonnos hyvinvointialueen") + 1
    assert all(not line.startswith("–") for line in lines("Luonnos – hyvinvointialueen hyväksyttävä", width))


def test_a_short_text_breaks_at_the_end_of_a_sentence_when_it_can() -> None:
    text = "Ilmoita tilannekeskukselle, että olet tehtävässä. Seuraava tilannekuva klo ____."
    width = STEP.width("Ilmoita tilannekeskukselle, että olet tehtävässä. Seuraava") + 5
    assert lines(text, width)[0].endswith("tehtävässä.")


def test_the_last_line_is_not_one_short_word() -> None:
    text = "Varaa lämmin tila ja soita sitten sen avaintenhaltijalle nyt"
    width = STEP.width(text) - 5
    assert len(lines(text, width)) == 2
    assert STEP.width(lines(text, width)[1]) > width / 3


def test_a_word_wider_than_the_line_is_broken_at_a_syllable() -> None:
    # Finnish syllables: ym-pä-ris-tö-ter-vey-den-huol-lon.
    first, *_ = lines("ympäristöterveydenhuollon", STEP.width("ympäristöterve"))
    assert first == "ympäristöter-"


def test_a_number_wider_than_the_line_gets_no_hyphen() -> None:
    broken = lines("000000000000", STEP.width("00000"))
    assert "".join(broken) == "000000000000"


def test_a_line_end_in_the_text_is_kept() -> None:
    assert lines("Ensin tämä.\nSitten tuo.", 500) == ["Ensin tämä.", "Sitten tuo."]


def test_no_text_is_one_empty_line() -> None:
    assert break_lines((("", STEP),), 100) == ((),)


def test_styles_follow_each_other_with_a_space_between() -> None:
    ((label, text),) = break_lines((("Tehtävä:", BOLD), ("kokoa johtoryhmä.", STEP)), 400)
    assert (label.text, text.text) == ("Tehtävä:", "kokoa johtoryhmä.")
    assert text.x == pytest.approx(BOLD.width("Tehtävä:") + STEP.width(" "))


def test_letters_written_as_two_signs_become_one() -> None:
    assert clean("Pa\u0308iva\u0308koti") == "Päiväkoti"


@pytest.mark.parametrize("text", ["åäöÅÄÖ", "šžđŋŧ ŠŽĐŊŦ áâčõ ǥʒ", "– · § € ½ ² ° ≥ “ ” …"])
def test_letters_and_signs_of_our_languages_can_be_printed(text: str) -> None:
    assert [unprintable(text, font) for font in Font] == ["", "", "", ""]


@pytest.mark.parametrize("sign", ["🔥", "ש", "ع", "漢", "\u202e", "\u0007", "\u0301", "\ue000"])
def test_signs_that_would_be_lost_or_set_wrongly_are_found(sign: str) -> None:
    _, wrong = set_text(((f"Avaa tila {sign} heti", STEP),), 400)
    assert wrong == sign


def test_invisible_signs_from_a_copied_cell_fall_away() -> None:
    assert clean("\ufeffPerho\u200b \u00ad1\u2060") == "Perho 1"
