"""A problem as a sentence: place, value, rule, remedy."""

import pytest

from prep.errors import Problem
from prep.language import say
from prep.terms import Language


def problem(value: str) -> Problem:
    rule, remedy = say("There is no setting of this name."), say("Correct the number.")
    return Problem(place="list.csv", value=value, rule=rule, remedy=remedy)


@pytest.mark.parametrize(
    ("language", "quoted"),
    [(Language.EN, "“Halsua”"), (Language.FI, "”Halsua”"), (Language.SV, "”Halsua”")],
)
def test_a_value_stands_in_the_quotation_marks_of_the_language(language: Language, quoted: str) -> None:
    assert problem("Halsua").in_language(language).startswith(f"list.csv: {quoted} ")


def test_what_cannot_be_seen_in_a_value_neither_acts_nor_vanishes() -> None:
    # An escape sequence would colour the terminal, the sign after it turns the direction of writing.
    assert "“Kou\ufffd[31mlu\ufffda b”" in str(problem("Kou\x1b[31mlu\u202ea\nb"))


def test_a_value_as_long_as_a_book_is_cut() -> None:
    assert str(problem("K" * 100_000)).startswith("list.csv: “" + "K" * 199 + "…” There is")
