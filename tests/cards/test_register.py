"""The register of printed cards: what is out of date, what is printed again, where copies are."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.cards import records
from prep.cards.register_records import GONE, Issue, Run, change_copies, issues, register, reprint
from prep.db import write_session
from prep.errors import Refused
from prep.models import CardCopies, Municipality, PrintRun
from prep.terms import CardKind, CardRole, Classification, ContactKind, CopyState, Disruption, Language
from tests.cards.builders import AT, ON, POSTS, CountyBuilder

LATER = AT + timedelta(days=10)


@pytest.fixture
def builder(engine: Engine) -> Iterator[CountyBuilder]:
    """Perho with Aino at its head, and its contact card and one action card printed, three copies of each."""
    with write_session(engine, actor="test") as session:
        builder = CountyBuilder(session)
        builder.municipality("584", "Perho", "Perho")
        aino = builder.person("584", (ContactKind.MOBILE, "+358000000101", ON), name="Aino")
        builder.group("584", (POSTS[0], (aino,)))
        session.flush()
        session.expire_all()
        perho = session.get_one(Municipality, "584")
        cards = [
            records.contact_card(session, perho, Language.FI, on=ON, at=AT),
            records.action_card(
                session, None, CardRole.SOCIAL_EMERGENCY, Disruption.FLOOD, Language.SV, on=ON, at=AT
            ),
        ]
        register(session, cards, AT, Run("perho.pdf", "Taina", 3, "Perhon johtokeskus", "Kansio 2"))
        builder.aino = aino  # type: ignore[attr-defined]
        yield builder


def now(session: Session, classification: Classification = Classification.INTERNAL) -> list[Issue]:
    session.flush()
    session.expire_all()
    return issues(session, classification=classification, on=LATER.date(), at=LATER)


def test_a_printing_keeps_who_has_its_copies_and_nothing_is_wrong_while_nothing_changes(
    builder: CountyBuilder,
) -> None:
    contact, action = now(builder.session)
    assert (contact.copies.run.printed_by, contact.copies.run.name) == ("Taina", "perho.pdf")
    assert (contact.copies.copies, contact.copies.holder, contact.copies.place) == (
        3,
        "Perhon johtokeskus",
        "Kansio 2",
    )
    assert contact.copies.card.copies == 3
    assert not any(one.is_wrong for one in (contact, action))


def test_a_changed_number_makes_only_the_cards_wrong_that_bear_it(builder: CountyBuilder) -> None:
    builder.aino.contact_points[0].value = "+358000000199"  # type: ignore[attr-defined]
    contact, action = now(builder.session)
    assert [str(one) for one in contact.standing.changes] == ["Kunnanjohtaja: other numbers"]
    assert (contact.is_to_reprint, action.is_wrong) == (True, False)


def test_another_classification_is_told(builder: CountyBuilder) -> None:
    contact, action = now(builder.session, Classification.SECRET)
    assert [str(one) for one in contact.standing.changes] == ["the classification"]
    assert action.is_wrong


def test_only_what_is_wrong_is_printed_again_for_the_same_holder(builder: CountyBuilder) -> None:
    session = builder.session
    builder.aino.name = "Aino Uusi"  # type: ignore[attr-defined]
    wrong = [one for one in now(session) if one.is_to_reprint]
    (card,) = reprint(session, wrong, LATER, Run("again.pdf", "Taina"))
    assert card.kind is CardKind.CONTACT
    new, old, _ = now(session)
    assert (new.copies.holder, new.copies.place, new.copies.copies) == ("Perhon johtokeskus", "Kansio 2", 3)
    assert (new.is_wrong, new.copies.code) == (False, card.code)
    # The old copies are still wrong, to be collected, and not printed once more.
    assert (old.is_wrong, old.is_replaced, old.is_to_reprint) == (True, True, False)
    assert old.copies.replaced_by_id == new.copies.id
    assert len(session.scalars(select(PrintRun)).all()) == 2


def test_what_has_been_destroyed_is_wrong_no_more(builder: CountyBuilder) -> None:
    session = builder.session
    builder.aino.name = "Aino Uusi"  # type: ignore[attr-defined]
    contact, _ = now(session)
    change_copies(contact.copies, holder=" Varasto ", place="", state=CopyState.DESTROYED, on=ON)
    contact, _ = now(session)
    assert (contact.copies.holder, contact.copies.place, contact.copies.state_on) == ("Varasto", "", ON)
    assert (contact.is_wrong, contact.is_to_reprint) == (False, False)


def test_a_card_that_there_is_no_more_is_wrong_and_cannot_be_printed_again(builder: CountyBuilder) -> None:
    session = builder.session
    _, action = now(session)
    # No card is written for the key holder in a pandemic.
    action.copies.card.role = CardRole.KEY_HOLDER
    _, action = now(session)
    assert action.standing.changes == (GONE,)
    assert (action.is_wrong, action.is_to_reprint) == (True, False)


def test_too_many_copies_and_too_long_texts_are_refused(builder: CountyBuilder) -> None:
    with pytest.raises(Refused, match=r"Copies: “0” It is a whole number from 1 to 999"):
        Run(copies=0)
    row = builder.session.scalars(select(CardCopies)).first()
    assert row is not None
    with pytest.raises(Refused, match=r"Who has them: .* It has at most 300 characters"):
        change_copies(row, holder="x" * 301, place="", state=CopyState.OUT, on=ON)
