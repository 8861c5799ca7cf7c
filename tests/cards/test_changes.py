"""What has changed on a printed card, in words, from digests that hold no name and no number."""

import json
from typing import Any

import pytest

from prep.cards.changes import changes, parts_of

CODE = "K7Q2M4ZD"
CONTENT: dict[str, Any] = {
    "kind": "action",
    "version": 1,
    "status": "draft",
    "classification": "internal",
    "for": ["584", "Perho"],
    "steps": [["0–15 min", [[1, "Kirjaa."]]], ["15–60 min", [[2, "Kokoa."]]]],
    "contacts": [
        ["Kunnanjohtaja", "Aino Esimerkki", ["+358 00 000 00101"], False],
        ["Kunnanjohtaja", "Eero Esimerkki", ["+358 00 000 00102"], True],
        ["Tekninen johtaja", "Outi Esimerkki", [], False],
    ],
    "premises": [["Koulu", "Koulutie 1", "available", 100, 90, 8, []]],
    "messages": [["Asukkaille", "Till invånarna", "a", "b"]],
}


def said(**different: Any) -> list[str]:
    return [str(one) for one in changes(parts_of(CONTENT, CODE), {**CONTENT, **different}, CODE)]


def contacts(*rows: list[Any]) -> list[str]:
    return said(contacts=list(rows))


AINO, EERO, OUTI = CONTENT["contacts"]


def test_no_name_and_no_number_is_kept() -> None:
    kept = json.dumps(parts_of(CONTENT, CODE), ensure_ascii=False)
    assert "Esimerkki" not in kept
    assert "00101" not in kept
    assert "Koulutie" not in kept


def test_the_same_value_has_another_digest_on_another_card() -> None:
    assert parts_of(CONTENT, CODE)["contacts"][0][3] != parts_of(CONTENT, "00000000")["contacts"][0][3]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Kunnanjohtaja", "Uusi", AINO[2], False], EERO, OUTI], ["Kunnanjohtaja: another person"]),
        ([["Kunnanjohtaja", "", [], False], EERO, OUTI], ["Kunnanjohtaja: vacant now"]),
        ([[*AINO[:2], ["+358 00 000 00109"], False], EERO, OUTI], ["Kunnanjohtaja: other numbers"]),
        ([AINO, OUTI], ["Kunnanjohtaja: one who stood in is not on it any more"]),
        ([AINO, ["Kunnanjohtaja", "Uusi", [], True], OUTI], ["Kunnanjohtaja: somebody else stands in"]),
        ([AINO, EERO, [*OUTI[:3], True], OUTI], ["Tekninen johtaja: another one stands in"]),
        ([AINO, EERO], ["Tekninen johtaja: not on it any more"]),
        ([AINO, EERO, OUTI, ["Rehtori", "Uusi", [], False]], ["Rehtori: new on it"]),
        ([OUTI, AINO, EERO], ["the calling order"]),
    ],
)
def test_people_and_numbers_are_told_by_their_post(rows: list[list[Any]], expected: list[str]) -> None:
    assert contacts(*rows) == expected


def test_texts_premises_and_approval_are_told() -> None:
    assert said(version=2, status="approved") == [
        "the text: version 1, now 2",
        "the text has been approved by the county since",
    ]
    assert said(steps=[CONTENT["steps"][0], ["15–60 min", [[2, "Kutsu."]]]]) == ["steps: 15–60 min"]
    assert said(premises=[["Halli", "", "available", 1, 1, 1, []]]) == [
        "premises: Koulu is not on it any more",
        "premises: Halli is new on it",
    ]
    assert said(messages=[], classification="secret") == ["the classification", "the message templates"]


def test_a_card_printed_before_parts_were_kept_says_so() -> None:
    (only,) = changes({}, CONTENT, CODE)
    assert str(only).startswith("something on it; it was printed before")


def test_a_change_of_what_has_no_name_is_still_told() -> None:
    assert said(kind="other") == ["something on it"]
