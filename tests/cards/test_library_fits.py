"""Every card of the library on paper, in every language: what has to be on the front side is there."""

from datetime import date

import pytest

from prep.cards import action, assembly
from prep.cards.action import ActionCard
from prep.cards.assembly import Printing
from prep.cards.content import Texts, load_library
from prep.cards.directory import Directory, Holder, Number, Place, Post, Premises
from prep.freshness import SHIPPED_DAYS
from prep.terms import Classification, ContactKind, Language, SiteStatus, SiteUse
from tests.cards.builders import AT, NAMES, ON, POSTS
from tests.cards.reading import printed, text_of


def names(fi: str, sv: str, en: str = "") -> Texts:
    return Texts(fi=fi, sv=sv, en=en or fi)


def holder(name: str, number: int) -> Holder:
    return Holder(name, (Number(ContactKind.MOBILE, f"+358000{number:06d}", date(2026, 10, 2)),))


def place(code: str, fi: str, sv: str, centre: Post) -> Place:
    """Five posts with a deputy each, a contact with two, four premises: thirteen people to call."""
    premises = tuple(
        Premises(
            name=names(f"{fi}: tila {number}", f"{sv}: lokal {number}"),
            address="Koulutie 1",
            municipality=names(fi, sv),
            status=SiteStatus.AVAILABLE,
            classification=Classification.INTERNAL,
            capacities=dict.fromkeys(SiteUse, 60 * number),
            fire_max_persons=None,
            backup_power_h=24,
            confirmed_on=date(2026, 9, 1),
            key_holders=(holder("Outi Esimerkki", number),),
        )
        for number in range(1, 5)
    )
    contact = Post(
        names("Varautumisen yhteyshenkilö", "Kontaktperson för beredskap", "Preparedness contact"),
        holder("Helmi Esimerkki", 50),
        (holder("Nils Exempel", 51),),
    )
    group = tuple(
        Post(names(*post), holder("Aino Esimerkki", 2 * number), (holder("Eero Keksitty", 2 * number + 1),))
        for number, post in enumerate(POSTS)
    )
    return Place(code, names(fi, sv), group, (contact,), (), (centre,), premises)


def county() -> Directory:
    centre = Post(names("Tilannekeskus", "Lägescentral", "Situation centre"), holder("", 1), is_desk=True)
    places = tuple(place(code, fi, sv, centre) for code, fi, sv in NAMES)
    whole = Place(
        None,
        names(
            "Keski-Pohjanmaan hyvinvointialue",
            "Mellersta Österbottens välfärdsområde",
            "Central Ostrobothnia",
        ),
        (),
        (),
        (),
        (centre,),
        (),
    )
    return Directory(whole, places, (), is_demo=True)


def cards(language: Language, where: Place, directory: Directory) -> list[ActionCard]:
    printing = Printing(language, Classification.INTERNAL, ON, AT, SHIPPED_DAYS)
    return assembly.action_cards(directory, load_library(), printing, place=where)


@pytest.mark.parametrize("language", list(Language))
def test_a_municipality_has_steps_and_everyone_to_call_on_the_front_and_all_else_on_the_back(
    language: Language,
) -> None:
    directory = county()
    for card in cards(language, directory.municipalities[0], directory):
        _, sides = action.lay_out(card)
        front = [
            (piece.group.name.template, piece.stop == len(piece.group.rows)) for piece in sides[0].pieces
        ]
        assert front == [
            ("head of the card", True),
            ("mission", True),
            ("steps {title}", True),
            ("steps {title}", True),
            ("calling list", True),
        ], card.name
        # Where the back is full of what comes later, the lines of the log go on a second sheet.
        assert len(sides) in {2, 4}, card.name


@pytest.mark.parametrize("language", list(Language))
def test_the_county_has_its_steps_on_the_front_and_never_more_than_two_sheets(language: Language) -> None:
    directory = county()
    for card in cards(language, directory.county, directory):
        _, sides = action.lay_out(card)
        names_of_pieces = [piece.group.name.template for piece in sides[0].pieces]
        assert names_of_pieces.count("steps {title}") == 2, card.name
        assert "calling list" in names_of_pieces, card.name
        assert len(sides) in {2, 4}, card.name


def flat(text: str) -> str:
    """Without what the end of a line may change."""
    return text.replace(" ", "").replace("-", "")


@pytest.mark.slow
@pytest.mark.parametrize("language", list(Language))
def test_every_step_of_the_library_is_read_back_from_paper(language: Language) -> None:
    directory = county()
    made = [
        *cards(language, directory.municipalities[4], directory),
        *cards(language, directory.county, directory),
    ]
    text = flat(text_of(printed(made, language=language)))
    for card in made:
        for step in (step for phase in card.phases for step in phase.steps):
            assert flat(step.text) in text, f"{card.name}: {step.text}"
