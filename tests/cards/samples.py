"""Cards as plain values, each as a card usually is, with what a test changes."""

from dataclasses import replace
from datetime import date
from typing import Any

from prep.cards.action import ActionCard, LegalLine, MessageTemplate
from prep.cards.calling import ContactRow
from prep.cards.contact import ContactCard, ContactSection
from prep.cards.imprint import DataAge, Imprint
from prep.cards.later import Phase, Step
from prep.cards.premises import PremisesRow
from prep.language import say
from prep.terms import CardRole, Classification, Disruption, Language, TextStatus
from tests.cards.builders import AT, ON

STEPS = (
    "Kirjaa hälytysaika ja hälyttäjä. Aloita tilannepäiväkirja.",
    "Selvitä: mitä, missä, kuinka monta, kuinka kauan, mikä voi pahentua?",
    "Ilmoita tilannekeskukselle, että olet tehtävässä. Seuraava tilannekuva klo ____.",
    "Tavoita varahenkilösi. Varmista, että oma henkilöstö on turvassa.",
)
LATER_STEPS = (
    "Valitse lämmin tila, jos katko kestää yli 6 h pakkasella. Soita avaimen haltijalle.",
    "Pyydä tarvittaessa pelastusviranomaiselta vaaratiedote. Kunta ei anna sitä itse.",
)
CONTACTS = (
    ContactRow("Kunnanjohtaja", "Aino Esimerkki", ("+358 00 000 0101", "VIRVE 000 11"), 12),
    ContactRow("Kunnanjohtaja", "Eero Esimerkki", ("+358 00 000 0102",), 40, is_deputy=True),
    ContactRow("Tekninen johtaja", "Outi Esimerkki", ("+358 00 000 0103",), 181, is_stale=True),
    ContactRow("Tilannekeskus", "päivystys 24 h", ("+358 00 000 0001",), 3, is_desk=True),
)
PREMISES = (
    PremisesRow(
        name="Perhon liikuntahalli",
        address="Koulutie 1",
        status=say("available"),
        stated_capacity=180,
        fire_max_persons=150,
        backup_power_h=24,
        key_holders=(("Outi Esimerkki", "+358 00 000 0110"),),
        age_days=40,
        is_stale=False,
    ),
)


def imprint(**changes: Any) -> Imprint:
    usual = Imprint(
        language=Language.FI,
        version=3,
        status=TextStatus.DRAFT,
        valid_from=date(2026, 11, 1),
        review_due=date(2027, 5, 1),
        classification=Classification.INTERNAL,
        printed_at=AT,
        data_age=DataAge(date(2026, 5, 25), ON, 1),
        is_demo=True,
    )
    return replace(usual, **changes)


def phases(first: tuple[str, ...] = STEPS, later: tuple[str, ...] = LATER_STEPS) -> tuple[Phase, ...]:
    numbered = [Step(number, text) for number, text in enumerate((*first, *later), start=1)]
    return Phase("0–15 min", tuple(numbered[: len(first)])), Phase("15–60 min", tuple(numbered[len(first) :]))


def action(**changes: Any) -> ActionCard:
    usual = ActionCard(
        imprint=imprint(),
        municipality_code="584",
        for_whom="Perho",
        role_code=CardRole.PREPAREDNESS_CONTACT,
        disruption=Disruption.POWER_OUTAGE,
        title="Laaja sähkökatko",
        role="Varautumisen yhteyshenkilö",
        reports_to="Kunnanjohtaja",
        mission="Kokoa johtoryhmä ja muodosta ensimmäinen kuva.",
        limits="Ei anna vaaratiedotetta.",
        phases=phases(),
        contacts=CONTACTS,
        contacts_note=None,
        premises=PREMISES,
        premises_title=say("Evacuation centres"),
        messages=(
            MessageTemplate("Asukkaille", "Till invånarna", "Perho: sähkökatko.", "Perho: elavbrott."),
        ),
        legal_basis=(LegalLine("466/2012 3 §", "Vaaratiedotteen antaa viranomainen.", True),),
        linked=("Viestintä (CO)",),
    )
    return replace(usual, **changes)


def contact(**changes: Any) -> ContactCard:
    usual = ContactCard(
        imprint=imprint(status=None),
        municipality_code="584",
        for_whom="Perho",
        sections=(
            ContactSection(say("Management group"), CONTACTS[:3]),
            ContactSection(say("Round the clock"), CONTACTS[3:]),
        ),
    )
    return replace(usual, **changes)
