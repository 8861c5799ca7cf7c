"""Many cards in one file."""

import io
from itertools import pairwise

import pypdf
import pytest

from prep.cards import document
from prep.errors import Refused
from prep.terms import Classification, Language
from tests.cards import samples
from tests.cards.builders import AT
from tests.cards.reading import printed, text_of, words_of

CARDS = (
    samples.contact(),
    samples.action(),
    samples.action(role="Viestintä", mission="Kerro asukkaille."),
    samples.action(for_whom="Veteli", municipality_code="924", title="Tulva"),
)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def outline(pdf: bytes) -> list[object]:
    """Titles with the side they lead to, counted from 1; lists are the levels below."""
    reader = read(pdf)

    def plain(entries: list[object]) -> list[object]:
        return [
            plain(entry)
            if isinstance(entry, list)
            else (entry.title, (reader.get_destination_page_number(entry) or 0) + 1)
            for entry in entries
        ]

    return plain(list(reader.outline))


def test_bookmarks_lead_from_place_over_disruption_to_card() -> None:
    assert outline(printed(CARDS)) == [
        ("Sisällys", 1),
        ("Perho", 3),
        [
            ("Yhteystietokortti", 3),
            ("Laaja sähkökatko", 5),
            [("Varautumisen yhteyshenkilö (PC)", 5), ("Viestintä (PC)", 7)],
        ],
        ("Veteli", 9),
        [("Tulva", 9), [("Varautumisen yhteyshenkilö (PC)", 9)]],
    ]


def test_sides_are_labelled_from_the_first_card() -> None:
    assert read(printed(CARDS)).page_labels == ["i", "ii", *(str(number) for number in range(1, 9))]


def test_the_contents_count_cards_and_sides_of_each_place() -> None:
    text = text_of(printed(CARDS), first=1, last=1)
    assert "4 korttia. Tulosta paperin molemmille puolille, kääntö pitkältä sivulta." in text
    # Contact cards, action cards, sides, first side.
    assert "Perho 1 2 6 1" in text
    assert "Veteli 0 1 2 7" in text


@pytest.mark.parametrize("language", Language)
def test_the_headings_of_the_contents_stand_apart_in_every_language(language: Language) -> None:
    pdf = printed(CARDS, language=language, title="Kortit")
    first = next(one for one in words_of(pdf) if one.text == "Perho")
    heads = sorted(
        (one for one in words_of(pdf) if first.top - 25 < one.top < first.top - 5), key=lambda one: one.left
    )
    assert len(heads) >= 4
    # A space of the headings is two points wide.
    assert all(later.left - earlier.right > 1.9 for earlier, later in pairwise(heads))


def test_a_line_of_the_contents_leads_to_its_place() -> None:
    reader = read(printed(CARDS))
    links = [note.get_object() for note in reader.pages[0]["/Annots"]]
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    assert [numbers[link["/Dest"][0].idnum] for link in links] == [2, 8]


def test_title_language_and_date_are_those_of_the_cards() -> None:
    reader = read(printed(CARDS, language=Language.SV, title="Kort – Perho"))
    assert reader.metadata is not None
    assert reader.metadata.title == "Kort – Perho"
    assert reader.metadata.creation_date == AT
    assert reader.trailer["/Root"]["/Lang"] == "sv"


def test_every_card_begins_on_a_front_side() -> None:
    pdf = printed(CARDS)
    fronts = [number for number in range(1, 11) if " 1/2 " in f"{text_of(pdf, first=number, last=number)} "]
    assert fronts == [1, 3, 5, 7, 9]


def test_a_single_card_has_no_contents_before_it() -> None:
    pdf = printed([samples.action()])
    assert len(read(pdf).pages) == 2
    assert outline(pdf)[0] == ("Perho", 1)


def test_what_stands_alike_on_many_cards_is_in_the_file_once() -> None:
    one, many = (
        printed(CARDS[:2]),
        printed([*CARDS[:2], *(samples.action(role=f"Rooli {n}") for n in range(20))]),
    )
    # A card with all its own would add as much as the first one did, some 10 000 bytes.
    assert (len(many) - len(one)) / 20 < 3500


def test_the_same_cards_give_the_same_bytes() -> None:
    assert printed(CARDS) == printed(CARDS)


def test_the_contents_bear_the_strictest_classification() -> None:
    secret = samples.action(imprint=samples.imprint(classification=Classification.SECRET))
    assert "Salassa pidettävä" in text_of(printed([*CARDS, secret]), first=1, last=1)


def test_refusals_of_all_cards_are_told_at_once_and_nothing_is_written() -> None:
    file = io.BytesIO()
    wrong = [samples.action(mission="🔥"), samples.action(), samples.action(title="Tulva", limits="😀")]
    with pytest.raises(Refused) as refusal:
        document.write(file, wrong, title="Kortit", language=Language.FI, at=AT)
    assert [str(problem.place) for problem in refusal.value.problems] == [
        "Perho: Laaja sähkökatko, Varautumisen yhteyshenkilö (PC), mission",
        "Perho: Tulva, Varautumisen yhteyshenkilö (PC), limits and legal basis",
    ]
    assert file.getvalue() == b""


def test_what_many_cards_share_is_refused_for_each_of_them() -> None:
    wrong = [samples.action(limits="🔥"), samples.action(limits="🔥", for_whom="Veteli")]
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            printed(wrong)
        assert [str(problem.place).split(":")[0] for problem in refusal.value.problems] == ["Perho", "Veteli"]


def test_it_is_told_how_the_work_goes_on() -> None:
    told: list[str] = []
    document.write(
        io.BytesIO(),
        CARDS,
        title="K",
        language=Language.FI,
        at=AT,
        tell=lambda message: told.append(str(message)),
    )
    assert told == ["Setting cards: 4 …", "1/2 Perho: cards 3, sides 6", "2/2 Veteli: cards 1, sides 2"]


def test_a_hundred_places_have_contents_of_two_sides_and_more() -> None:
    many = [samples.contact(for_whom=f"Kunta {number}") for number in range(100)]
    reader = read(printed(many))
    assert len(reader.pages) == 4 + 200
    text = " ".join(reader.pages[side].extract_text() for side in range(4))
    assert all(f"Kunta {number}" in text for number in range(100))


def test_an_unprintable_title_is_refused() -> None:
    with pytest.raises(Refused, match="title of the document"):
        printed(CARDS, title="Kortit 🔥")
