"""A contact card, printed and read back."""

import pytest

from prep.cards.calling import ContactRow
from prep.cards.contact import ContactSection
from prep.errors import Refused
from tests.cards import samples
from tests.cards.reading import printed, text_of, word, words_of


def test_everyone_stands_in_calling_order_with_number_and_age() -> None:
    pdf = printed([samples.contact()])
    tops = [word(pdf, one).top for one in ("Aino", "Eero", "Outi", "Tilannekeskus")]
    assert tops == sorted(tops)
    text = text_of(pdf, first=1, last=1)
    for expected in ("YHTEYSTIETOKORTTI", "+358 00 000 0102", "VIRVE 000 11", "12 pv", "! 181 pv, vanha"):
        assert expected in text


def test_it_is_set_in_twelve_points() -> None:
    name = next(one for one in words_of(printed([samples.contact()])) if one.text == "Aino")
    # Ascender and descender of Source Sans 3 are 1.326 of the size, as poppler measures a word.
    assert (name.bottom - name.top) / 1.326 == pytest.approx(12, abs=0.2)


def test_it_is_no_draft_for_it_has_no_text_to_approve() -> None:
    assert "Luonnos" not in text_of(printed([samples.contact()]))


def test_a_deputy_is_indented_below_the_post() -> None:
    pdf = printed([samples.contact()])
    assert word(pdf, "varalla").left > word(pdf, "Kunnanjohtaja").left + 5
    assert word(pdf, "varalla").top > word(pdf, "Kunnanjohtaja").top


def test_a_section_without_anyone_has_lines_to_write_on() -> None:
    card = samples.contact(sections=(ContactSection("Johtoryhmä", ()),))
    assert "rekisterissä ei ole ketään: kirjaa, kenet tavoitat" in text_of(printed([card]))


def test_a_name_that_cannot_be_printed_is_refused_with_its_place() -> None:
    row = ContactRow("Kunnanjohtaja", "Aino 😀", ("+358 00 000 0101",), 1)
    card = samples.contact(sections=(ContactSection("Johtoryhmä", (row,)),))
    with pytest.raises(Refused, match=r"Perho: Yhteystietokortti, calling list: “😀 U\+1F600” These signs"):
        printed([card])
