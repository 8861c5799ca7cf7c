"""What is printed of an exercise, read back: every kind in every language."""

from dataclasses import replace
from pathlib import Path

import pytest

from prep.cards.code import spoken
from prep.cards.exercise import Exercise
from prep.cards.exercise_file import SAMPLE, read_exercise
from prep.cards.exercise_prints import FORMATS, MARKS, exercise_batches, exercise_prints
from prep.cards.exercise_terms import ExercisePrint
from prep.cards.qr import content
from prep.errors import Refused
from prep.terms import CardFormat, Language
from tests.cards.builders import AT
from tests.cards.prints import assert_sound, codes_of, structure, texts_of, written, written_batches
from tests.cards.reading import text_of, words_of

KINDS = list(ExercisePrint)


@pytest.fixture(scope="module")
def exercises() -> dict[Language, Exercise]:
    return {language: read_exercise(SAMPLE, language) for language in Language}


def inject(exercise: Exercise, **changes) -> Exercise:
    return replace(exercise, injects=(replace(exercise.injects[0], **changes),))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_sound_tagged_and_the_same_each_time(
    exercises: dict[Language, Exercise], kind: ExercisePrint, language: Language, tmp_path: Path
) -> None:
    batches = exercise_batches(exercises[language], [kind], at=AT)
    pdf = written_batches(batches, language=language)
    assert pdf == written_batches(batches, language=language)
    assert_sound(pdf, tmp_path)
    assert texts_of(pdf, "H1") == [one.title for one in batches[0].prints]
    if kind is not ExercisePrint.TABLE:
        codes = codes_of(pdf, tmp_path)
        assert codes
        assert set(codes) <= {content(one.code) for one in batches[0].prints}


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_at_head_and_foot_of_every_face_that_it_is_an_exercise(
    exercises: dict[Language, Exercise], kind: ExercisePrint
) -> None:
    prints = exercise_prints(exercises[Language.FI], kind, at=AT)[:1]
    pdf = written(prints, FORMATS[kind])
    tops = [one.top for one in words_of(pdf) if one.text == "EXERCISE"]
    # Both faces of a table card stand on the one side.
    assert len(tops) == (4 if kind is ExercisePrint.TABLE else 2)
    assert max(tops) - min(tops) > 500


def test_an_inject_says_when_to_whom_from_whom_by_what_and_what_is_expected(
    exercises: dict[Language, Exercise],
) -> None:
    text = text_of(written(exercise_prints(exercises[Language.SV], ExercisePrint.INJECT, at=AT, numbers=[2])))
    for expected in (
        "Inspel 2",
        "kl. 9.20",
        "kl. 18.20",
        "Teknisk direktör, Malliniemi kommun",
        "Vattenverkets jour",
        "radio (VIRVE)",
        "Vattentornet räcker i fyra timmar.",
        "Meddelar lägescentralen beslutet.",
        "Ett varmt utrymme öppnas",
    ):
        assert expected in text
    assert text.count(MARKS[Language.SV]) == 2


def test_a_situation_tells_what_is_not_known_and_leaves_lines_where_nothing_is_told(
    exercises: dict[Language, Exercise],
) -> None:
    pdf = written(exercise_prints(exercises[Language.FI], ExercisePrint.SITUATION, at=AT, numbers=[2]))
    text = text_of(pdf)
    assert "Mitä ei tiedetä" in text
    assert "Moniko tulee lämpimään tilaan." in text
    assert "ei tiedossa" in texts_of(pdf, "LBody")
    assert "vahvistamaton" in text
    # Nobody said when the next picture comes: the name stands there, and no time.
    labels = texts_of(pdf, "Lbl")
    assert "Seuraava tilannekuva (peliaika)" in labels


def test_an_evaluator_has_a_square_for_each_criterion_and_a_rating_for_each_objective(
    exercises: dict[Language, Exercise],
) -> None:
    pdf = written(exercise_prints(exercises[Language.EN], ExercisePrint.EVALUATOR, at=AT)[:1])
    bodies = texts_of(pdf, "LBody")
    assert "Every seat is reached, its deputy if need be." in bodies
    assert bodies.count("The objective as a whole: tick one") == 2


def test_the_structure_is_read_in_the_order_of_the_card(exercises: dict[Language, Exercise]) -> None:
    pdf = written(exercise_prints(exercises[Language.EN], ExercisePrint.INJECT, at=AT)[:1])
    order = [text for _, text in structure(pdf)]
    kept = [one for one in order if one in ("H1", "Figure", "L", "H2")]
    assert kept == ["H1", "Figure", "L", "H2", "H2", "L", "H2", "L", *(["H2"] if kept[-1] == "H2" else [])]
    # Band, foot and lines are no part of what is read aloud.
    assert not any("ÖVNING / EXERCISE" in one for one in order)


def test_another_text_is_another_code(exercises: dict[Language, Exercise]) -> None:
    exercise = exercises[Language.FI]
    first, second = (
        exercise_prints(one, ExercisePrint.INJECT, at=AT)[0].code
        for one in (exercise, inject(exercise, text="Jotain muuta."))
    )
    assert first != second
    assert len(spoken(first)) == 9


def test_a_step_of_three_thousand_signs_is_refused_with_its_place_and_millimetres(
    exercises: dict[Language, Exercise],
) -> None:
    long = " ".join(f"sana{number}" for number in range(400))
    prints = exercise_prints(inject(exercises[Language.FI], expected=(long,)), ExercisePrint.INJECT, at=AT)
    with pytest.raises(
        Refused, match=r"Syöte 1, Mitä pelaajalta odotetaan: The text is \d+ mm too high for one"
    ):
        written(prints)


def test_many_long_steps_flow_on_and_lose_no_word(exercises: dict[Language, Exercise]) -> None:
    many = tuple(" ".join(f"sana{step}x{number}" for number in range(40)) for step in range(10))
    prints = exercise_prints(inject(exercises[Language.FI], expected=many), ExercisePrint.INJECT, at=AT)
    text = text_of(written(prints))
    assert [word for step in many for word in step.split() if word not in text] == []
    assert "3/3" in text


def test_what_does_not_fit_the_sides_of_a_format_is_refused_with_block_and_millimetres(
    exercises: dict[Language, Exercise],
) -> None:
    many = tuple(f"Odotettu asia numero {number}, joka vie rivin tai kaksi." for number in range(90))
    prints = exercise_prints(inject(exercises[Language.FI], expected=many), ExercisePrint.INJECT, at=AT)
    with pytest.raises(
        Refused, match=r"Mitä pelaajalta odotetaan: The text is \d+ mm too high for the 8 sides"
    ):
        written(prints, CardFormat.A6)


@pytest.mark.parametrize("bad", ["🔥", "שלום", "\u202e", "\x07"])
def test_signs_that_cannot_be_printed_are_refused_with_their_place(
    exercises: dict[Language, Exercise], bad: str
) -> None:
    prints = exercise_prints(
        inject(exercises[Language.FI], text=f"Viesti {bad}"), ExercisePrint.INJECT, at=AT
    )
    with pytest.raises(Refused, match=r"Syöte 1, Sano tai lähetä tämä sanasta sanaan: .*U\+"):
        written(prints)


def test_markup_in_a_text_is_printed_as_it_stands(exercises: dict[Language, Exercise]) -> None:
    wild = "<b>Soita</b> & {kirjaa} <script>alert(1)</script> %s \\n (( ]]"
    prints = exercise_prints(inject(exercises[Language.FI], text=wild), ExercisePrint.INJECT, at=AT)
    assert wild in text_of(written(prints))


def test_a_role_of_120_letters_is_set_on_a_table_card_or_refused(exercises: dict[Language, Exercise]) -> None:
    exercise = exercises[Language.FI]
    name = "Erityisvastuualueen valmiussuunnittelun ja varautumisen yhteyshenkilö sekä evakuointikeskuksen varajohtaja yötyössä"
    long = replace(exercise, roles=(replace(exercise.roles[0], title=name),))
    text = text_of(written(exercise_prints(long, ExercisePrint.TABLE, at=AT), CardFormat.TENT))
    assert all(word in text for word in name.split())
