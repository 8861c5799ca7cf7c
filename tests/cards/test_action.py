"""An action card, printed and read back."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from prep.cards import action as action_module
from prep.cards.action import ActionCard, LegalLine, MessageTemplate
from prep.cards.calling import ContactRow
from prep.cards.code import check_characters, spoken
from prep.cards.imprint import DataAge
from prep.cards.page import BINDING_MARGIN, OUTER_MARGIN
from prep.errors import Refused
from prep.terms import Classification, Language, TextStatus
from tests.cards import samples
from tests.cards.builders import AT
from tests.cards.reading import DPI, MM, fonts_of, picture, printed, ruled_lines, text_of, word, words_of


def test_what_stands_on_the_card_is_read_back() -> None:
    text = text_of(printed([samples.action()]))
    for expected in (
        "TOIMINTAOHJEKORTTI · PERHO",
        "Laaja sähkökatko",
        "Varautumisen yhteyshenkilö · raportoi: Kunnanjohtaja",
        "Tehtävä: Kokoa johtoryhmä ja muodosta ensimmäinen kuva.",
        *(step for step in samples.STEPS),
        *(step for step in samples.LATER_STEPS),
        "Aino Esimerkki",
        "VIRVE 000 11",
        "Perhon liikuntahalli",
        "palotarkastus: enintään 150",
        "Rajat: Ei anna vaaratiedotetta.",
        "Oikeusperusta 466/2012 3 §: Vaaratiedotteen antaa viranomainen.",
        "Tilannepäiväkirja",
    ):
        assert expected in text


def test_the_foot_says_version_validity_classification_printing_and_age_of_the_data() -> None:
    text = text_of(printed([samples.action()]), first=1, last=1)
    for expected in (
        "Versio 3 · voimassa 1.11.2026 alkaen · tarkistettava 1.5.2027 mennessä",
        "Vain sisäiseen käyttöön",
        "tulostettu 22.11.2026 klo 10.46",
        "Tiedot vahvistettu 25.5.2026–22.11.2026, vahvistamatta: 1",
        "1/2",
    ):
        assert expected in text


def test_letters_of_finnish_swedish_and_sami_are_read_back() -> None:
    letters = "Åke Öhman, Päivi Šžđŋŧ Ääkkönen, Niillas Áhkku Čuođđi"
    row = ContactRow("Sámi ŋŧđ", "Niillas", ("+358 00 000 0101",), 1)
    text = text_of(printed([samples.action(mission=letters, contacts=(row,))]))
    assert letters in text
    assert "Sámi ŋŧđ" in text


def test_every_font_is_embedded(tmp_path: Path) -> None:
    fonts = fonts_of(printed([samples.action(), samples.contact()]), tmp_path)
    assert {name.split("+")[1] for name, *_ in fonts} == {
        "SourceSans3-Regular",
        "SourceSans3-Semibold",
        "SourceSans3-Bold",
    }
    # From the right: object number, generation, unicode, subset, embedded.
    assert {tuple(columns[-5:-2]) for columns in fonts} == {("yes", "yes", "yes")}


def test_the_file_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "card.pdf"
    path.write_bytes(printed([samples.action()]))
    run = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_same_content_gives_the_same_bytes() -> None:
    assert printed([samples.action()]) == printed([samples.action()])


def test_the_qr_code_on_the_card_is_that_of_the_card(tmp_path: Path) -> None:
    card = samples.action()
    pdf = printed([card])
    picture(pdf, dpi=150).save(tmp_path / "card.png")
    run = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(tmp_path / "card.png")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == f"PREP:{card.code}:{check_characters(card.code)}"
    assert spoken(card.code) in text_of(pdf, first=1, last=1)
    assert spoken(card.code) in text_of(pdf, first=2, last=2)


def test_nothing_stands_outside_the_margins_which_are_mirrored_for_the_binder() -> None:
    pdf = printed([samples.action()])
    scale = DPI / 72
    for side, left, right in ((1, BINDING_MARGIN, OUTER_MARGIN), (2, OUTER_MARGIN, BINDING_MARGIN)):
        # Black becomes white, so that the box is that of what is printed.
        box = picture(pdf, side).point(lambda grey: 255 - grey).getbbox()
        assert box is not None
        assert box[0] >= left * scale - 1
        assert box[2] <= (595.276 - right) * scale + 1
        assert box[1] >= 10 * MM * scale - 1
        assert box[3] <= (841.89 - 9 * MM) * scale + 1


def test_each_step_has_a_box_to_tick_in_one_column_level_with_its_first_line() -> None:
    pdf = printed([samples.action()])
    image = picture(pdf)
    first_words = ["Kirjaa", "Selvitä:", "Ilmoita", "Tavoita", "Valitse", "Pyydä"]
    starts = [next(one for one in words_of(pdf) if one.text == text) for text in first_words]
    assert {round(one.left, 1) for one in starts} == {round(starts[0].left, 1)}
    for one in starts:
        middle = round((one.top + one.bottom) / 2 * DPI / 72)
        row = [image.getpixel((x, middle)) for x in range(round((one.left - 2 * MM) * DPI / 72))]
        dark = [x * 72 / DPI for x, grey in enumerate(row) if grey < 128]
        # The left and right side of the box, 4.4 mm apart, begin 1.5 mm from the edge of the type area.
        assert dark[0] == pytest.approx(BINDING_MARGIN + 1.5 * MM, abs=1.5)
        assert any(abs(x - dark[0] - 4.4 * MM) < 1.5 for x in dark)


def test_the_columns_for_time_and_initials_are_empty() -> None:
    pdf = printed([samples.action()])
    words = words_of(pdf)
    klo, kuittaus = (next(one for one in words if one.text == text) for text in ("klo", "kuittaus"))
    first, last = word(pdf, "Kirjaa"), word(pdf, "Pyydä")
    steps = [one for one in words if first.top <= one.top <= last.bottom]
    assert klo.left < kuittaus.left
    written = [one.text for one in steps if one.left > klo.left - 4 * MM]
    # Only the names of the columns of the second table.
    assert written == ["klo", "kuittaus"]


def test_a_missing_number_is_a_line_to_write_on() -> None:
    row = ContactRow("Kunnanjohtaja", "Aino Esimerkki")
    pdf = printed([samples.action(contacts=(row,))])
    name = word(pdf, "Esimerkki")
    left, right = word(pdf, "1.").left, word(pdf, "2.").left
    lines = ruled_lines(pdf, 1, left, right - 3 * MM, name.top, name.bottom + 2)
    assert len(lines) == 1
    assert [
        one.text for one in words_of(pdf) if one.left >= left and name.top < one.bottom <= name.bottom
    ] == []


def test_a_vacant_post_keeps_its_line() -> None:
    pdf = printed([samples.action(contacts=(ContactRow("Viestintäpäällikkö"),))])
    post = word(pdf, "Viestintäpäällikkö")
    left, right = word(pdf, "1.").left, word(pdf, "2.").left
    name_lines = ruled_lines(pdf, 1, left - 38 * MM, left - 4 * MM, post.top, post.bottom + 2)
    assert len(name_lines) == 1
    assert len(ruled_lines(pdf, 1, left, right - 3 * MM, post.top, post.bottom + 2)) == 1


def test_without_contacts_there_are_lines_to_write_them_on() -> None:
    pdf = printed([samples.action(contacts=())])
    assert "rekisterissä ei ole ketään: kirjaa, kenet tavoitat" in text_of(pdf)
    left, right = word(pdf, "1.").left, word(pdf, "2.").left
    top = word(pdf, "rekisterissä").bottom
    # Five lines to write on, and the rules between the rows.
    assert len(ruled_lines(pdf, 1, left, right - 3 * MM, top, top + 60 * MM)) >= 5


def test_old_and_unconfirmed_data_are_marked_with_a_sign_and_a_word() -> None:
    unconfirmed = ContactRow("Sivistysjohtaja", "Outi Exempel", ("+358 00 000 0104",), None)
    text = text_of(printed([samples.action(contacts=(*samples.CONTACTS, unconfirmed))]))
    assert "! 181 pv, vanha" in text
    assert "? ei tietoa" in text
    assert "12 pv" in text


def test_a_third_number_stands_below_the_first() -> None:
    row = ContactRow("Kunnanjohtaja", "Aino", ("+358 00 000 0101", "VIRVE 11", "haku 7"), 1)
    pdf = printed([samples.action(contacts=(row,))])
    third, first = word(pdf, "haku"), word(pdf, "1.")
    assert third.left == pytest.approx(first.left, abs=1)
    assert third.top > word(pdf, "VIRVE").top


@pytest.mark.parametrize("language", list(Language))
def test_messages_stand_in_finnish_and_swedish_whatever_the_language_of_the_card(language: Language) -> None:
    pdf = printed([samples.action(imprint=samples.imprint(language=language))], language=language)
    finnish, swedish = word(pdf, "sähkökatko.", side=2), word(pdf, "elavbrott.", side=2)
    assert finnish.left < swedish.left
    assert finnish.top == pytest.approx(swedish.top, abs=0.5)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.FI, ("Soita tässä järjestyksessä", "varalla", "kuittaus")),
        (Language.SV, ("Ring i den här ordningen", "ersättare", "kvittering")),
        (Language.EN, ("Call in this order", "stands in", "initials")),
    ],
)
def test_the_card_speaks_its_language(language: Language, words: tuple[str, ...]) -> None:
    pdf = printed([samples.action(imprint=samples.imprint(language=language))], language=language)
    assert all(one in text_of(pdf) for one in words)


def test_a_demonstration_is_named_in_three_languages_on_every_side() -> None:
    pdf = printed([samples.action()])
    band = "KUVITTEELLINEN AINEISTO / PÅHITTAT MATERIAL / INVENTED DATA"
    assert band in text_of(pdf, first=1, last=1)
    assert band in text_of(pdf, first=2, last=2)
    assert band not in text_of(printed([samples.action(imprint=samples.imprint(is_demo=False))]))


def test_a_draft_is_called_a_draft_until_it_is_approved() -> None:
    draft = "Luonnos – hyvinvointialueen hyväksyttävä"
    approved = samples.imprint(status=TextStatus.APPROVED)
    assert draft in text_of(printed([samples.action()]), first=1, last=1)
    assert draft not in text_of(printed([samples.action(imprint=approved)]))


def test_a_law_that_nobody_has_checked_says_so() -> None:
    line = LegalLine("466/2012 3 §", "Vaaratiedotteen antaa viranomainen.", False)
    text = text_of(printed([samples.action(legal_basis=(line,))]))
    assert "Vaaratiedotteen antaa viranomainen. (tarkistamatta)" in text


def test_a_secret_card_names_the_law() -> None:
    secret = samples.imprint(classification=Classification.SECRET)
    assert "Salassa pidettävä (JulkL 24 §)" in text_of(printed([samples.action(imprint=secret)]))


def test_data_that_nobody_confirmed_are_counted_in_the_foot() -> None:
    never = samples.imprint(data_age=DataAge(unconfirmed=4))
    assert "Vahvistamattomia tietoja: 4" in text_of(printed([samples.action(imprint=never)]))


@pytest.mark.parametrize("markup", ["<b>Avaa</b> & <img src='/etc/passwd'/>", "&lt;br/&gt;", "%s {0} \\n (x"])
def test_markup_is_printed_as_it_is_written(markup: str) -> None:
    card = samples.action(mission=markup, phases=samples.phases(first=(markup,)))
    assert text_of(printed([card])).count(markup) == 2


@pytest.mark.parametrize(
    ("text", "sign"), [("Avaa 🔥", "🔥 U+1F525"), ("שלום", "ש U+05E9"), ("a\u202eb", "U+202E")]
)
def test_what_cannot_be_printed_right_is_refused_with_its_place(text: str, sign: str) -> None:
    card = samples.action(phases=samples.phases(first=("Aloita.", text)))
    with pytest.raises(Refused) as refusal:
        printed([card])
    (problem,) = refusal.value.problems
    sentence = problem.in_language(Language.EN)
    assert "Perho: Laaja sähkökatko, Varautumisen yhteyshenkilö (PC), step 2:" in sentence
    assert sign in sentence
    assert "These signs cannot be printed on a card." in sentence


def test_a_long_step_flows_to_a_further_side_and_none_of_it_is_lost() -> None:
    long = "Soita avaimen haltijalle ja varmista lämpö, vesi ja käymälät. " * 40
    card = samples.action(phases=samples.phases(later=(long, "Viimeinen vaihe.")))
    pdf = printed([card])
    text = text_of(pdf)
    assert text.count("Soita avaimen haltijalle ja varmista") == 40
    assert "15–60 min" in text_of(pdf, first=2, last=2)
    assert "Viimeinen vaihe." in text
    assert text_of(pdf, first=1, last=1).count("Kirjaa hälytysaika") == 1


def test_a_step_higher_than_a_side_is_refused_with_the_missing_millimetres() -> None:
    # 90 sentences of 62 signs make some 85 lines of 15 points: 450 mm, of which a side holds about 250.
    too_long = "Soita avaimen haltijalle ja varmista lämpö, vesi ja käymälät. " * 90
    with pytest.raises(
        Refused, match=r"steps 15–60 min: The text is \d+ mm too high for one side"
    ) as refusal:
        printed([samples.action(phases=samples.phases(later=(too_long,)))])
    (problem,) = refusal.value.problems
    assert 150 <= problem.rule.facts["mm"] <= 250


def test_a_long_calling_list_goes_on_overleaf_and_says_so() -> None:
    rows = tuple(ContactRow(f"Tehtävä {n}", f"Nimi {n}", ("+358 00 000 0101",), n) for n in range(40))
    pdf = printed([samples.action(contacts=rows)])
    assert "Jatkuu kääntöpuolella" in text_of(pdf, first=1, last=1)
    assert "Soita tässä järjestyksessä (jatkuu)" in text_of(pdf, first=2, last=2)
    text = text_of(pdf)
    assert [n for n in range(40) if f"Nimi {n} " not in text] == []


def test_the_sides_of_a_card_are_an_even_number() -> None:
    assert [len(action_module.lay_out(card)[1]) % 2 for card in _cards_of_many_lengths()] == [0] * 5


def _cards_of_many_lengths() -> list[ActionCard]:
    message = MessageTemplate(
        "Asukkaille", "Till invånarna", "Perho: sähkökatko. " * 20, "Perho: elavbrott. " * 20
    )
    return [samples.action(messages=(message,) * count) for count in (1, 2, 4, 8, 16)]


def test_steps_are_never_smaller_than_twelve_points() -> None:
    rows = tuple(ContactRow(f"Tehtävä {n}", f"Nimi {n}", ("+358 00 000 0101",), n) for n in range(14))
    pdf = printed([samples.action(phases=samples.phases(first=samples.STEPS * 2), contacts=rows)])
    one = next(one for one in words_of(pdf) if one.text == "Kirjaa")
    # Ascender and descender of Source Sans 3 are 1.326 of the size, as poppler measures a word.
    assert (one.bottom - one.top) / 1.326 == pytest.approx(12, abs=0.2)


def test_the_code_stays_when_only_age_or_printing_changes() -> None:
    later = samples.imprint(
        printed_at=AT + timedelta(days=30), data_age=DataAge(), valid_from=AT.date(), review_due=AT.date()
    )
    older = tuple(replace(row, age_days=(row.age_days or 0) + 30) for row in samples.CONTACTS)
    assert samples.action(imprint=later, contacts=older).code == samples.action().code


@pytest.mark.parametrize(
    "change",
    [
        {"mission": "Muu tehtävä."},
        {"contacts": samples.CONTACTS[:2]},
        {"contacts": (replace(samples.CONTACTS[0], numbers=("+358 00 000 0999",)), *samples.CONTACTS[1:])},
        {"premises": ()},
        {"limits": ""},
        {"imprint": samples.imprint(version=4)},
        {"imprint": samples.imprint(language=Language.SV)},
        {"imprint": samples.imprint(classification=Classification.SECRET)},
    ],
)
def test_the_code_changes_with_what_can_become_wrong(change: dict[str, object]) -> None:
    assert samples.action(**change).code != samples.action().code
