"""The premises card: who opens, what is lacking, the checklist; nothing that is not known is left out."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from prep.cards.imprint import DataAge, Imprint
from prep.cards.opening import Opener, Picture, PremisesCard, Steps, draw
from prep.cards.page import Page
from prep.errors import Refused
from prep.evacuation.opening import CHECKLIST, lacking
from prep.evacuation.rules import Check, RuleKey
from prep.language import say
from prep.terms import Classification, Language, State, TextStatus

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def card(language: Language = Language.EN, **facts: object) -> PremisesCard:
    imprint = Imprint(
        language=language,
        version=1,
        status=TextStatus.DRAFT,
        valid_from=date(2026, 12, 1),
        review_due=date(2027, 12, 1),
        classification=Classification.INTERNAL,
        printed_at=AT,
        data_age=DataAge.of([date(2026, 5, 1), None]),
        is_demo=True,
    )
    given = {
        "name": "Merirannan koulu",
        "where": "Merirannankatu 5, Kokkola",
        "openers": (Opener("Aino Esimerkki", say("opens"), "+358000000001"),),
        "facts": ((say("Opens in"), say("{n} h", n=2.0)), (say("Own power lasts"), None)),
        "lacks": ((say("Not accessible"), say("Count the accessible toilets.")),),
        "steps": tuple(Steps(one.title, one.lines) for one in CHECKLIST),
    }
    return PremisesCard(imprint, **{**given, **facts})  # type: ignore[arg-type]


def drawn(made: PremisesCard) -> bytes:
    file = BytesIO()
    page = Page(file, title="x", subject="y", language=made.imprint.language, at=AT)
    draw(page, made)
    page.save()
    return file.getvalue()


def words(made: PremisesCard) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(BytesIO(drawn(made))).pages).split())


@pytest.mark.parametrize("language", list(Language))
def test_every_line_of_the_checklist_stands_on_the_card_in_each_language(language: Language) -> None:
    made = card(language)
    text = words(made).replace(" ", "").replace("\xa0", "")
    for part in CHECKLIST:
        for line in part.lines:
            assert made.imprint.written(line).replace(" ", "").replace("\xa0", "") in text


def test_the_card_says_who_opens_what_lacks_and_that_it_is_a_draft() -> None:
    text = words(card())
    for expected in (
        "Aino Esimerkki",
        "+358000000001",
        "Not accessible",
        "Draft – to be approved by the county",
    ):
        assert expected in text
    assert len(PdfReader(BytesIO(drawn(card()))).pages) % 2 == 0


def test_where_nobody_is_known_who_opens_there_are_lines_to_write_on() -> None:
    assert "nobody in the register: write down whom you reach" in words(card(openers=()))


def test_the_same_content_gives_the_same_bytes_and_another_number_another_code() -> None:
    assert drawn(card()) == drawn(card())
    assert card().code != card(openers=(Opener("Aino Esimerkki", say("opens"), "+358000000002"),)).code


def test_signs_that_cannot_be_printed_are_refused_with_their_place() -> None:
    with pytest.raises(Refused, match="These signs cannot be printed on a card"):
        drawn(card(name="Koulu \U0001f3eb"))


def test_what_lacks_is_listed_worst_first_and_what_is_in_order_is_not() -> None:
    checks = [
        Check(RuleKey.OPENS, State.WARNING, say("Not accessible"), None, {}),
        Check(RuleKey.FULL, State.OK, say("Never confirmed"), None, {}),
        Check(RuleKey.ACCESSIBLE, State.UNKNOWN, say("Accessibility not known"), None, {}),
        Check(RuleKey.KEY_HOLDER, State.FAULT, say("Key holder not known"), None, {}),
    ]
    assert [one.rule for one in lacking(checks)] == [RuleKey.KEY_HOLDER, RuleKey.ACCESSIBLE, RuleKey.OPENS]


@pytest.mark.parametrize(("width", "tall"), [(1200, 300), (300, 1200), (40, 40)])
def test_a_plan_is_fitted_to_a_side_whole_and_with_its_sides_as_they_are(width: int, tall: int) -> None:
    content = BytesIO()
    Image.new("L", (width, tall), "white").save(content, "PNG")
    made = card(pictures=(Picture("pohja.png", content.getvalue(), width, tall),))
    pages = PdfReader(BytesIO(drawn(made))).pages
    shown: list[list[float]] = []

    def note(operator: bytes, operands: list[object], matrix: list[float], _text: list[float]) -> None:
        # What else is drawn by reference are parts of the card, as large as they are.
        if operator == b"Do" and matrix[0] != 1:
            shown.append(list(matrix))

    for page in pages:
        page.extract_text(visitor_operand_before=note)
    ((across, _, _, up, left, below),) = shown
    assert across / up == pytest.approx(width / tall, rel=1e-3)
    assert left >= 0
    assert below >= 0
    assert left + across <= float(pages[0].mediabox.width)
    assert below + up <= float(pages[0].mediabox.height)
    # What is drawn is what the code on the card stands for.
    assert made.code != card().code
